//! The header block as a list: every field in order, topmost (newest) first.
//!
//! There is no "get the header": a field that stands twice is seen twice, since which copy to
//! believe is a question of position. Values stay folded until somebody asks.

use super::words;
use std::borrow::Cow;

/// Lines without a field name that are taken as lost folds, in a row, before the header block is
/// held to be over.
const LOST_FOLDS: usize = 64;
/// Lines that are no field and may stand above the first one (a mbox separator, a pasted title).
const JUNK_LINES: usize = 8;
/// Longest field name that is read as one.
const NAME_LIMIT: usize = 128;

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Name as written.
    pub name: &'a [u8],
    /// Value as written, folds included, without the line end.
    pub raw: &'a [u8],
    /// Place in the list, 0 is the topmost.
    pub index: usize,
    /// [`mark`] of the name.
    pub(super) mark: u32,
}

/// Four bytes that tell most names apart, whatever their case: length, first, last and one in the
/// middle. Each message is asked for some forty names.
fn mark(name: &[u8]) -> u32 {
    let at = |place: usize| name.get(place).map_or(0, |b| b | 0x20);
    let (middle, last) = (name.len() * 2 / 3, name.len().wrapping_sub(1));
    u32::from_le_bytes([name.len() as u8, at(0), at(middle), at(last)])
}

impl<'a> Field<'a> {
    /// The value on one line, outer white space removed.
    pub fn unfolded(&self) -> Cow<'a, [u8]> {
        let mut rest = self.raw.trim_ascii();
        let Some(mut end) = memchr::memchr2(b'\r', b'\n', rest) else {
            return Cow::Borrowed(rest);
        };
        let mut line = Vec::with_capacity(rest.len());
        loop {
            let (kept, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            line.extend_from_slice(kept);
            let breaks = behind.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            rest = behind.get(breaks..).unwrap_or_default();
            match rest.first() {
                None => return Cow::Owned(line),
                Some(b' ' | b'\t') => {}
                // A fold that lost its blank still separates two words.
                Some(_) => line.push(b' '),
            }
            end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        }
    }

    /// The value on one line as text; bytes that are no UTF-8 are read as Windows-1252.
    pub fn text(&self) -> Cow<'a, str> {
        match self.unfolded() {
            Cow::Borrowed(bytes) => words::plain(bytes),
            Cow::Owned(bytes) => Cow::Owned(words::plain(&bytes).into_owned()),
        }
    }

    /// True where the field has this name, in whatever case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The fields of one header block.
#[derive(Clone, Debug, Default)]
pub struct HeaderList<'a> {
    fields: Vec<Field<'a>>,
    head: &'a [u8],
    body: &'a [u8],
}

impl<'a> HeaderList<'a> {
    /// Walks a header block (or a message from its beginning). Line ends may be LF, CRLF or CR; a
    /// byte order mark, blank lines and a mbox separator above the first field are passed over.
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut list = Self { fields: Vec::with_capacity(64), head: bytes, body: &[] };
        let mut lines = Lines::new(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
        let mut lost = 0;
        let mut junk = 0;
        // Start of the current value and end of its last line.
        while let Some(line) = lines.next() {
            if line.is_empty() {
                if list.fields.is_empty() {
                    continue;
                }
                list.body = lines.rest;
                break;
            }
            let folded = matches!(line, [b' ' | b'\t', ..]);
            let name = if folded { None } else { field_name(line) };
            if let Some((name, value)) = name {
                if list.fields.is_empty() {
                    list.head = suffix_from(bytes, line);
                }
                lost = 0;
                let index = list.fields.len();
                list.fields.push(Field { name, raw: value, index, mark: mark(name) });
            } else if let Some(last) = list.fields.last_mut() {
                lost = if folded { 0 } else { lost + 1 };
                if lost > LOST_FOLDS {
                    list.body = suffix_from(bytes, line);
                    break;
                }
                last.raw = joined(bytes, last.raw, line);
            } else {
                junk += usize::from(!line.trim_ascii().is_empty());
                if junk > JUNK_LINES {
                    break;
                }
            }
        }
        list
    }

    /// Every field, topmost first.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        self.fields.iter().copied()
    }

    /// Every field of this name, topmost first.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Field<'a>> + 's {
        let wanted = mark(name.as_bytes());
        self.fields.iter().filter(move |f| f.mark == wanted && f.is(name)).copied()
    }

    /// Every field that has one of these names, topmost first.
    pub(super) fn any<'s>(&'s self, names: &'s [&'s str]) -> impl Iterator<Item = Field<'a>> + 's {
        let wanted: Vec<u32> = names.iter().map(|name| mark(name.as_bytes())).collect();
        let named = move |field: &&Field<'a>| {
            wanted.contains(&field.mark) && names.iter().any(|name| field.is(name))
        };
        self.fields.iter().filter(named).copied()
    }

    /// The topmost field of this name: the newest copy.
    pub fn first(&self, name: &str) -> Option<Field<'a>> {
        self.all(name).next()
    }

    /// True where a field of this name stands more than once with different values.
    pub fn conflicting(&self, name: &str) -> bool {
        let mut copies = self.all(name);
        let Some(first) = copies.next() else {
            return false;
        };
        copies.any(|copy| copy.raw != first.raw && copy.unfolded() != first.unfolded())
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// True where no field was found.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The bytes from the first field on, body included.
    pub fn message(&self) -> &'a [u8] {
        self.head
    }

    /// What stands behind the blank line that ends the block; empty where there is none.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }
}

/// Name and value part of a line that begins a field.
fn field_name(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let window = line.get(..NAME_LIMIT).unwrap_or(line);
    let colon = memchr::memchr(b':', window)?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let plausible = !name.is_empty() && name.iter().all(|&b| name_byte(b));
    plausible.then(|| (name, value.get(1..).unwrap_or(&[])))
}

/// RFC 5322 allows any printable character; quotes, brackets and slashes are left out, since what
/// begins with them is a URL, JSON or an address and no header.
const fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'!' | b'#' | b'$')
}

/// `bytes` from the place on where its part `line` begins.
fn suffix_from<'a>(bytes: &'a [u8], line: &[u8]) -> &'a [u8] {
    let at = (line.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize);
    bytes.get(at..).unwrap_or(&[])
}

/// The stretch of `bytes` from the beginning of `value` to the end of `line`.
fn joined<'a>(bytes: &'a [u8], value: &'a [u8], line: &[u8]) -> &'a [u8] {
    let base = bytes.as_ptr() as usize;
    let start = (value.as_ptr() as usize).saturating_sub(base);
    let end = (line.as_ptr() as usize + line.len()).saturating_sub(base);
    bytes.get(start..end).unwrap_or(value)
}

/// Lines without their ends.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    rest: &'a [u8],
    end: u8,
}

impl<'a> Lines<'a> {
    /// Lines of `bytes`; their end is settled by the first one.
    pub fn new(bytes: &'a [u8]) -> Self {
        let end = if cr_only(bytes) { b'\r' } else { b'\n' };
        Self { rest: bytes, end }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(self.end, self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.get(1..).unwrap_or(&[]);
        // CRLF, and the CRCRLF of files converted twice.
        let kept = line.iter().rposition(|b| *b != b'\r').map_or(0, |p| p + 1);
        Some(line.get(..kept).unwrap_or(line))
    }
}

/// True where lines end in CR alone: the first line does, and no LF comes before the first blank
/// line read that way.
pub fn cr_only(bytes: &[u8]) -> bool {
    let Some(first) = memchr::memchr2(b'\r', b'\n', bytes) else {
        return false;
    };
    let end = bytes.get(first..).unwrap_or(&[]);
    let returns = end.iter().take_while(|b| **b == b'\r').count();
    if returns == 0 || end.get(returns) == Some(&b'\n') {
        return false;
    }
    let Some(feed) = memchr::memchr(b'\n', bytes) else {
        return true;
    };
    let before = bytes.get(..feed).unwrap_or(bytes);
    memchr::memmem::find(before, b"\r\r").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
        HeaderList::read(bytes)
            .iter()
            .map(|f| {
                let name = String::from_utf8_lossy(f.name).into_owned();
                (name, f.text().into_owned())
            })
            .collect()
    }

    const SAMPLE: &str = "Received: one\n two\nSubject:\tx\nRECEIVED : three\n\nbody: no\n";

    #[test]
    fn order_folds_and_repetition() {
        let list = HeaderList::read(SAMPLE.as_bytes());
        assert_eq!(list.len(), 3);
        assert_eq!(list.first("received").unwrap().text(), "one two");
        let all: Vec<_> = list.all("Received").map(|f| f.index).collect();
        assert_eq!(all, [0, 2]);
        assert!(list.conflicting("received"));
        assert_eq!(list.body(), b"body: no\n");
    }

    #[test]
    fn line_ends_are_no_matter() {
        let lf = pairs(SAMPLE.as_bytes());
        assert_eq!(lf, pairs(SAMPLE.replace('\n', "\r\n").as_bytes()));
        assert_eq!(lf, pairs(SAMPLE.replace('\n', "\r").as_bytes()));
        assert_eq!(lf, pairs(SAMPLE.replace('\n', "\r\r\n").as_bytes()));
    }

    #[test]
    fn openings_and_endings() {
        let expected = [("A".to_owned(), "1".to_owned()), ("B".into(), "2".into())];
        for text in [
            "A: 1\nB: 2",
            "\n\nA: 1\nB: 2\n",
            "From a@contoso.com Thu Jan  1 00:00:00 2026\nA: 1\nB: 2\n\n",
            "\u{feff}A: 1\r\nB: 2\r\n",
            "A:\n 1\nB: 2",
        ] {
            assert_eq!(pairs(text.as_bytes()), expected, "{text:?}");
        }
        assert!(HeaderList::read(b"").is_empty());
        assert!(HeaderList::read(b"{\"a\": 1}\n<p>x: y</p>\n").is_empty());
    }

    #[test]
    fn lost_folds_and_strange_bytes() {
        let list = pairs(b"Subject: a\nlost fold\nX: caf\xe9\n");
        assert_eq!(list[0].1, "a lost fold");
        assert_eq!(list[1].1, "caf\u{e9}");
    }

    #[test]
    fn a_body_without_a_blank_line_does_not_become_a_value() {
        let text = format!("Subject: a\n{}", "word\n".repeat(10_000));
        let list = HeaderList::read(text.as_bytes());
        assert!(list.first("subject").unwrap().raw.len() < 1000);
        assert!(!list.body().is_empty());
    }
}
