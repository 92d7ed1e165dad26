//! `recipient_status` and `recipient_address`: lists whose items hold the separator.
//!
//! Enhanced summary: `address##Event, Event;address##Event`. Extended report and tracking log: one
//! SMTP text or failure record per recipient, in the order of `recipient_address`.

use super::led;
use memchr::{memchr, memchr2, memmem};

/// What ends an address in the enhanced summary.
const MARK: &[u8] = b"##";

/// One recipient of the enhanced summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The address as written; it may hold semicolons, quotes and `##`.
    pub address: &'a str,
    /// The event words, separated by commas; empty where the entry has none.
    pub events: &'a str,
}

impl<'a> Entry<'a> {
    /// The last event word: the state of this recipient. Empty where there is none.
    pub fn last(&self) -> &'a str {
        let words = self.events.trim_end_matches([',', ' ']);
        words.rsplit(',').next().unwrap_or_default().trim()
    }
}

/// The entries of an enhanced summary's cell. Only a semicolon behind a `##` ends an entry.
pub fn entries(cell: &str) -> Entries<'_> {
    Entries { rest: cell }
}

/// Iterator of [`entries`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        // Semicolons without an entry before them say nothing.
        self.rest = self.rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        if self.rest.is_empty() {
            return None;
        }
        let bytes = self.rest.as_bytes();
        let Some(mark) = memmem::find(bytes, MARK) else {
            let address = self.rest.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
            self.rest = "";
            return Some(Entry { address, events: "" });
        };
        let end = memchr(b';', &bytes[mark..]).map_or(bytes.len(), |at| mark + at);
        let entry = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        // `rfind` finds what `find` found, at least.
        let mark = memmem::rfind(entry.as_bytes(), MARK).unwrap_or(mark);
        Some(Entry { address: entry[..mark].trim(), events: entry[mark + MARK.len()..].trim() })
    }
}

/// The recipients of a `recipient_address` cell: separated by semicolons that stand outside of
/// double quotes. Empty ones are passed over.
pub fn recipients(cell: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(cell);
    let mut quotes = true;
    std::iter::from_fn(move || {
        loop {
            let text = rest?;
            let end = recipient_end(text, &mut quotes);
            rest = end.and_then(|at| text.get(at + 1..));
            let recipient = text[..end.unwrap_or(text.len())].trim();
            if !recipient.is_empty() {
                return Some(recipient);
            }
        }
    })
}

/// The addresses of a list that whoever exported it joined by blanks or commas; `None` for any
/// other cell.
pub fn joined(cell: &str) -> Option<Vec<&str>> {
    let is_address = |part: &&str| {
        memchr::memchr_iter(b'@', part.as_bytes()).count() == 1
            && !part.contains(['"', '<', ';', '#'])
    };
    let parts: Vec<&str> = cell.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    (parts.len() > 1 && parts.iter().all(is_address)).then_some(parts)
}

/// Offset of the semicolon that ends the first recipient. A quote without partner is text, and so
/// is every later one.
fn recipient_end(text: &str, quotes: &mut bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while *quotes {
        at += memchr2(b';', b'"', &bytes[at..])?;
        if bytes.get(at) == Some(&b';') {
            return Some(at);
        }
        match memchr(b'"', &bytes[at + 1..]) {
            Some(close) => at += close + 2,
            None => *quotes = false,
        }
    }
    memchr(b';', &bytes[at..]).map(|found| at + found)
}

/// The statuses of the recipients of one event row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statuses<'a> {
    cell: &'a str,
    /// One text per recipient; empty where the cell could not be split.
    each: Vec<&'a str>,
}

impl<'a> Statuses<'a> {
    /// The status of a recipient by its place in `recipient_address`; the whole cell where it
    /// could not be split. Empty where the cell says nothing of it.
    pub fn get(&self, recipient: usize) -> &'a str {
        self.each.get(recipient).copied().unwrap_or(self.cell)
    }

    /// True where each recipient has a text of its own.
    pub fn is_split(&self) -> bool {
        !self.each.is_empty()
    }

    /// The different texts there are: one per recipient, or the whole cell once.
    pub fn texts(&self) -> &[&'a str] {
        if self.each.is_empty() { std::slice::from_ref(&self.cell) } else { &self.each }
    }
}

/// Splits a status cell of the extended report or the tracking log among its recipients. Entries
/// that hold semicolons are wrapped in single quotes or are failure records; some are neither, so
/// that the split counts only if it gives exactly one text per recipient.
pub fn statuses(cell: &str, recipients: usize) -> Statuses<'_> {
    let cell = cell.trim();
    let mut out = Statuses { cell, each: Vec::new() };
    if recipients <= 1 || cell.is_empty() {
        // Wrapping says that a semicolon is inside, not that there are several.
        out.cell = match quoted(cell) {
            Some((inside, "")) => inside,
            _ => cell,
        };
        return out;
    }
    let mut rest = Some(cell);
    let mut quotes = true;
    while let Some(text) = rest {
        let (status, next) = status(text, &mut quotes);
        rest = next;
        let trailing = status.is_empty() && rest.is_none();
        if out.each.len() == recipients && !trailing {
            out.each.clear();
            return out;
        }
        if out.each.len() < recipients {
            out.each.push(status);
        }
    }
    if out.each.len() != recipients {
        out.each.clear();
    }
    out
}

/// Cuts the first status off; the second value is what follows its semicolon.
fn status<'a>(text: &'a str, quotes: &mut bool) -> (&'a str, Option<&'a str>) {
    let text = text.trim_start();
    if *quotes && text.starts_with('\'') {
        match quoted(text) {
            Some((inside, "")) => return (inside, None),
            Some((inside, rest)) => return (inside, rest.strip_prefix(';')),
            None => *quotes = false,
        }
    }
    let inside = if text.starts_with("[{LED=") { led::block(text, 0) } else { None };
    let from = inside.map_or(0, |block| block.end);
    match memchr(b';', &text.as_bytes()[from..]) {
        Some(at) => (text[..from + at].trim_end(), Some(&text[from + at + 1..])),
        None => (text.trim_end(), None),
    }
}

/// The inside of a text in single quotes, and what follows: nothing, or a semicolon and more.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('\'')?;
    if let Some(end) = memmem::find(inside.as_bytes(), b"';") {
        return Some((inside[..end].trim(), &inside[end + 1..]));
    }
    inside.trim_end().strip_suffix('\'').map(|inside| (inside.trim(), ""))
}

/// What the store driver says of a delivery, up to the name of the folder.
const FOLDER: &[u8] = b"delivered to the folder:";
/// What stands before the name of a default folder.
const DEFAULT_FOLDER: &str = "DefaultFolderType:";

/// The folder of `The message was successfully delivered to the folder: X`; a default folder
/// without its `DefaultFolderType:`. `None` where the text names none.
pub fn folder(text: &str) -> Option<&str> {
    let at = memmem::find(text.as_bytes(), FOLDER)? + FOLDER.len();
    let name = text.get(at..)?.lines().next()?.trim();
    let name = name.strip_prefix(DEFAULT_FOLDER).unwrap_or(name).trim();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(cell: &str) -> Vec<(&str, &str)> {
        entries(cell).map(|e| (e.address, e.events)).collect()
    }

    #[test]
    fn summaries() {
        let cell = "ann@contoso.com##Receive, Deliver;\"Bo; B<bo\"@fabrikam.com##Receive, Fail ; c##d@example.net##Send;";
        let expected = [
            ("ann@contoso.com", "Receive, Deliver"),
            ("\"Bo; B<bo\"@fabrikam.com", "Receive, Fail"),
            ("c##d@example.net", "Send"),
        ];
        assert_eq!(list(cell), expected);
        assert_eq!(
            entries(cell).map(|e| e.last()).collect::<Vec<_>>(),
            ["Deliver", "Fail", "Send"]
        );
        assert_eq!(list("ann@contoso.com"), [("ann@contoso.com", "")]);
        assert_eq!(list("a@x.test##;b@x.test"), [("a@x.test", ""), ("b@x.test", "")]);
        assert_eq!(list(" ; ;"), []);
        let open = Entry { address: "", events: "Receive, " };
        assert_eq!((open.last(), Entry::default().last()), ("Receive", ""));
    }

    #[test]
    fn recipient_lists() {
        let got: Vec<_> = recipients("a@x.test; \"b;c\"@x.test;;o'd@x.test ;").collect();
        assert_eq!(got, ["a@x.test", "\"b;c\"@x.test", "o'd@x.test"]);
        let got: Vec<_> = recipients("a@x.test;\"b@x.test;\"c\"@x.test;d\"").collect();
        assert_eq!(got, ["a@x.test", "\"b@x.test;\"c\"@x.test;d\""]);
        let got: Vec<_> = recipients("a\"@x.test;b@x.test").collect();
        assert_eq!(got, ["a\"@x.test", "b@x.test"]);
    }

    #[test]
    fn one_status_each_where_the_count_fits() {
        let cell = "250 2.1.5 OK;'550 4.4.7 Q; expired';[{LED=550 a; b};{MSG=};{LRT=}];;";
        let got = statuses(cell, 4);
        assert_eq!(
            got.texts(),
            ["250 2.1.5 OK", "550 4.4.7 Q; expired", "[{LED=550 a; b};{MSG=};{LRT=}]", ""]
        );
        assert!(got.is_split() && got.get(0) == "250 2.1.5 OK");
        for count in [2, 3, 6, 400] {
            let got = statuses(cell, count);
            assert_eq!((got.is_split(), got.get(1), got.texts()), (false, cell, &[cell][..]));
        }
        assert_eq!(statuses("550 4.4.7 a; b", 1).get(0), "550 4.4.7 a; b");
        assert_eq!(statuses("'550 4.4.7 a; b'", 1).get(0), "550 4.4.7 a; b");
        assert_eq!(statuses("'a;b;c", 3).texts(), ["'a", "b", "c"]);
        assert_eq!(statuses("", 3).get(2), "");
        let cut = statuses("[{LED=550 a; b;[{LED=c};{IP=192.0.2.1}]. OutboundProxyTargetIP: 1", 2);
        assert!(!cut.is_split() || cut.get(1).starts_with("[{LED=c}"), "{cut:?}");
    }

    #[test]
    fn folders() {
        let text =
            "The message was successfully delivered to the folder: DefaultFolderType:JunkEmail";
        assert_eq!(folder(text), Some("JunkEmail"));
        assert_eq!(folder("... delivered to the folder: My folder \nmore"), Some("My folder"));
        assert_eq!(folder("The message was successfully delivered."), None);
        assert_eq!(folder("delivered to the folder: "), None);
    }

    #[test]
    fn hostile_texts_are_read_once() {
        for piece in [
            "##",
            ";",
            "'",
            "\"",
            "\";",
            "';",
            "[{LED=",
            "##;",
            "[{LED=}];",
            "[{LED=;",
            "';'",
            "\"\"",
        ] {
            let text = piece.repeat(60_000);
            assert!(entries(&text).count() <= text.len());
            assert!(recipients(&text).count() <= text.len());
            for count in [2, 60_000, usize::MAX] {
                assert!(statuses(&text, count).texts().len() <= text.len());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "([;#'\"<>, é@]|##|[a-z]{1,3}|\\PC){0,30}", count in 0usize..6) {
            let dull = |c: &char| !c.is_whitespace() && !matches!(c, ';' | '#' | '\'');
            let all: String = text.chars().filter(dull).collect();
            let seen: String = entries(&text).flat_map(|e| [e.address, e.events]).flat_map(str::chars).filter(dull).collect();
            proptest::prop_assert_eq!(&seen, &all);
            let seen: String = recipients(&text).flat_map(str::chars).filter(dull).collect();
            proptest::prop_assert_eq!(&seen, &all);
            let statuses = statuses(&text, count);
            let seen: String = statuses.texts().iter().flat_map(|t| t.chars()).filter(dull).collect();
            proptest::prop_assert_eq!(&seen, &all);
            proptest::prop_assert!(statuses.texts().len() == 1 || statuses.texts().len() == count);
            let _ = folder(&text);
        }

        #[test]
        fn entries_come_back(pairs in proptest::collection::vec(("[a-z;\"<]{1,6}@x", "[A-Z][a-z]{2,6}(, [A-Z][a-z]{2,6}){0,2}"), 0..5)) {
            let cell: Vec<_> = pairs.iter().map(|(a, e)| format!("{}##{e}", a.trim_start_matches(';'))).collect();
            let got: Vec<_> = entries(&cell.join(";")).map(|e| format!("{}##{}", e.address, e.events)).collect();
            proptest::prop_assert_eq!(got, cell);
        }
    }
}
