//! `custom_data` of the extended report and the tracking log, and `CustomData` of
//! Get-MessageTraceDetail: `S:KEY=VALUE;'S:KEY=VALUE; WITH SEMICOLON'`.
//!
//! An item that holds a semicolon is wrapped in single quotes; keys repeat and follow no order.

mod agents;

use super::text;
use memchr::{memchr, memmem};

pub use agents::{
    Classification, Malware, Override, Policy, Rule, RuleCost, RuleHit, SpamVerdict, malware,
    policy, rule, spam,
};

/// Longest prefix; `S` in practice.
const LONGEST_PREFIX: usize = 3;

/// One item of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Item<'a> {
    /// What stands before the colon, mostly `S`; empty for a malformed item.
    pub prefix: &'a str,
    /// What stands before the first `=`; empty for a malformed item.
    pub key: &'a str,
    /// The rest; of a malformed item, all of it.
    pub value: &'a str,
}

impl<'a> Item<'a> {
    /// The value before its first `|`: the form of the record (`SUM`, `ETR`), or all of it.
    pub fn head(&self) -> &'a str {
        memchr(b'|', self.value.as_bytes()).map_or(self.value, |at| &self.value[..at])
    }

    /// The `name=text` fields behind the first `|`, in order; names repeat. A field without `=`
    /// has an empty text.
    pub fn parts(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = memchr(b'|', self.value.as_bytes()).map(|at| &self.value[at + 1..]);
        std::iter::from_fn(move || {
            let text = rest?;
            let bar = memchr(b'|', text.as_bytes());
            rest = bar.map(|at| &text[at + 1..]);
            let part = bar.map_or(text, |at| &text[..at]);
            Some(part.split_once('=').unwrap_or((part, "")))
        })
    }

    /// The first field of a name, in whatever case, that has a text; else an empty text.
    pub fn part(&self, name: &str) -> &'a str {
        let same = |(n, text): &(&str, &str)| n.eq_ignore_ascii_case(name) && !text.is_empty();
        self.parts().find(same).map_or("", |(_, text)| text)
    }

    /// True for the record `key=head|..` of whatever case.
    fn is(&self, key: &str, head: &str) -> bool {
        self.key.eq_ignore_ascii_case(key) && self.head().eq_ignore_ascii_case(head)
    }
}

/// The items of a cell, in order; empty ones are passed over.
pub fn items(text: &str) -> Items<'_> {
    Items { rest: text, quotes: true }
}

/// Iterator of [`items`].
#[derive(Clone, Debug)]
pub struct Items<'a> {
    rest: &'a str,
    /// False once an opening quote found no partner: then no other has one.
    quotes: bool,
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() {
                return None;
            }
            let piece = self.piece().trim();
            if !piece.is_empty() {
                return Some(item(piece));
            }
        }
    }
}

impl<'a> Items<'a> {
    /// Cuts the next piece off the rest, without its quotes.
    fn piece(&mut self) -> &'a str {
        if let Some(inside) = self.rest.strip_prefix('\'').filter(|_| self.quotes) {
            if let Some(end) = memmem::find(inside.as_bytes(), b"';") {
                self.rest = &inside[end + 2..];
                return &inside[..end];
            }
            if let Some(inside) = inside.trim_end().strip_suffix('\'') {
                self.rest = "";
                return inside;
            }
            self.quotes = false;
        }
        let end = memchr(b';', self.rest.as_bytes());
        let piece = end.map_or(self.rest, |at| &self.rest[..at]);
        self.rest = end.map_or("", |at| &self.rest[at + 1..]);
        piece
    }
}

/// Reads `prefix:key=value`.
fn item(piece: &str) -> Item<'_> {
    let malformed = Item { prefix: "", key: "", value: piece };
    let letter = |b: &u8| b.is_ascii_alphanumeric();
    let length = piece.bytes().take(LONGEST_PREFIX + 1).take_while(letter).count();
    if !(1..=LONGEST_PREFIX).contains(&length) || piece.as_bytes().get(length) != Some(&b':') {
        return malformed;
    }
    match piece[length + 1..].split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Item { prefix: &piece[..length], key: key.trim(), value }
        }
        _ => malformed,
    }
}

/// The value of the first item of that key (in whatever case); `None` where the cell has none.
pub fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    items(text).find(|i| !i.prefix.is_empty() && i.key.eq_ignore_ascii_case(key)).map(|i| i.value)
}

/// A latency (`E2ELatency`, `DeliveryLatency`), in microseconds: seconds with a decimal point, or
/// with a comma where the exporting culture has one. `None` where absent, negative or no number;
/// see [`text::micros`] for the highest value.
pub fn seconds(text: &str, key: &str) -> Option<u64> {
    value(text, key).and_then(text::micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar() {
        let text = "S:A=1; 'S:B=x;y=z';S:C==k=;;Q2:D=|p=1|q|r=a=b|;junk;S:E;'it''s;'S:F=o'k';";
        let got: Vec<_> = items(text).map(|i| (i.prefix, i.key, i.value)).collect();
        let expected = [
            ("S", "A", "1"),
            ("S", "B", "x;y=z"),
            ("S", "C", "=k="),
            ("Q2", "D", "|p=1|q|r=a=b|"),
            ("", "", "junk"),
            ("", "", "S:E"),
            ("", "", "it''s;'S:F=o'k"),
        ];
        assert_eq!(got, expected);
        let fourth = items(text).nth(3).unwrap();
        assert_eq!(fourth.head(), "");
        let parts: Vec<_> = fourth.parts().collect();
        assert_eq!(parts, [("p", "1"), ("q", ""), ("r", "a=b"), ("", "")]);
        assert_eq!(items("S:A=1").next().unwrap().parts().count(), 0);
    }

    #[test]
    fn quotes_without_partner_are_text() {
        let got: Vec<_> = items("'S:A=1;S:B='2;'S:C=3").map(|i| (i.key, i.value)).collect();
        assert_eq!(got, [("", "'S:A=1"), ("B", "'2"), ("", "'S:C=3")]);
        assert_eq!(items("'S:A=1;2'").next().unwrap().value, "1;2");
        assert_eq!(items("'").next().unwrap().value, "'");
    }

    #[test]
    fn delivery_keys() {
        let text = "S:DeliveryLatency=1.2070;S:BCL=3;S:E2ELatency=61,5;S:bcl=4;LongPrefix:X=1";
        assert_eq!(seconds(text, "DeliveryLatency"), Some(1_207_000));
        assert_eq!(seconds(text, "E2ELatency"), Some(61_500_000));
        assert_eq!(value(text, "BCL"), Some("3"));
        assert_eq!((value(text, "X"), seconds(text, "BclX")), (None, None));
    }

    #[test]
    fn hostile_texts_are_read_once() {
        for piece in [";", "'", "';", "|", "S:A='", "'S:A=1;", "'';'", "=", "S:"] {
            let text = piece.repeat(60_000);
            let count = items(&text).map(|i| i.parts().count()).sum::<usize>();
            assert!(count <= text.len(), "{piece}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in r"([;'|=: é]|S:|[A-C]{1,3}=|';|\PC){0,30}") {
            let dull = |c: &char| !c.is_whitespace() && !matches!(c, ';' | '\'' | ':' | '=');
            let seen: String = items(&text)
                .flat_map(|i| [i.prefix, i.key, i.value])
                .flat_map(str::chars)
                .filter(dull)
                .collect();
            let all: String = text.chars().filter(dull).collect();
            proptest::prop_assert_eq!(seen, all);
        }

        #[test]
        fn items_come_back(values in proptest::collection::vec("[a-z;=|.]{0,12}", 0..6)) {
            let wrap = |v: &String| if v.contains(';') { format!("'S:K={v}'") } else { format!("S:K={v}") };
            let text: Vec<_> = values.iter().map(wrap).collect();
            let text = text.join(";");
            let got: Vec<_> = items(&text).map(|i| i.value.to_owned()).collect();
            proptest::prop_assert_eq!(got, values);
        }
    }
}
