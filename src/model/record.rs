//! What `read` yields: one record, its fields as written.

use super::input::Origin;

/// One delimited record. Fields are slices of the chunk, quotes and doubled quotes still in
/// place; [`RawRecord::field`] hands one out unquoted.
#[derive(Clone, Copy, Debug)]
pub struct RawRecord<'a> {
    /// The record's bytes, without its line end.
    pub bytes: &'a [u8],
    /// End offset of each field in `bytes` (exclusive, the delimiter stands there).
    pub ends: &'a [u32],
    /// Where the record stands.
    pub origin: Origin,
    /// Some quoted field may hold doubled quotes.
    pub escaped: bool,
    /// `bytes` as text; `None` where they are no UTF-8.
    pub whole: Option<&'a str>,
}

impl<'a> RawRecord<'a> {
    /// Number of fields.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where the record has no fields at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Field `index` as written, quotes included; empty where there is none.
    pub fn raw(&self, index: usize) -> &'a [u8] {
        self.bytes.get(self.range(index)).unwrap_or(&[])
    }

    /// Where field `index` stands in `bytes`; an empty range where there is none.
    pub fn range(&self, index: usize) -> std::ops::Range<usize> {
        let Some(&end) = self.ends.get(index) else {
            return 0..0;
        };
        let start = match index.checked_sub(1).and_then(|i| self.ends.get(i)) {
            Some(&previous) => previous as usize + 1,
            None => 0,
        };
        start..end as usize
    }

    /// Field `index` without its outer quotes, doubled quotes left as they are: enough for what
    /// never holds a quote (ids, times, status words, numbers), and faster.
    pub fn bare(&self, index: usize) -> &'a [u8] {
        match self.raw(index) {
            [b'"', inner @ .., b'"'] => inner,
            raw => raw,
        }
    }

    /// Field `index` as text without its quotes, where it is written as it reads; `None` where it
    /// may not be.
    #[inline]
    pub fn text(&self, index: usize) -> Option<&'a str> {
        let whole = self.whole?;
        let range = self.range(index);
        match self.bytes.get(range.clone())? {
            [b'"', .., b'"'] if !self.escaped => whole.get(range.start + 1..range.end - 1),
            [b'"', ..] => None,
            _ => whole.get(range),
        }
    }

    /// The record as written around two fields, given in their order.
    #[inline]
    pub fn around(&self, [first, second]: [usize; 2]) -> Option<[&'a [u8]; 3]> {
        let (first, second) = (self.range(first), self.range(second));
        Some([
            self.bytes.get(..first.start)?,
            self.bytes.get(first.end..second.start)?,
            self.bytes.get(second.end..)?,
        ])
    }

    /// Field `index` without its quotes, doubled quotes made single. Borrows unless there are
    /// doubled quotes to undo, which `scratch` then holds.
    pub fn field<'s>(&self, index: usize, scratch: &'s mut Vec<u8>) -> &'s [u8]
    where
        'a: 's,
    {
        match self.raw(index) {
            [b'"', inner @ .., b'"'] if !self.escaped => inner,
            raw => unquote(raw, scratch),
        }
    }
}

/// A cell without its quotes, doubled quotes made single.
pub fn unquote<'s>(raw: &'s [u8], scratch: &'s mut Vec<u8>) -> &'s [u8] {
    let [b'"', inner @ .., b'"'] = raw else {
        // Blanks between a closing quote and the delimiter are no part of the cell.
        return match raw {
            [b'"', .., b' '] => unquote(raw.trim_ascii_end(), scratch),
            _ => raw,
        };
    };
    if memchr::memchr(b'"', inner).is_none() {
        return inner;
    }
    scratch.clear();
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'"', rest) {
        scratch.extend_from_slice(&rest[..=at]);
        let skip = usize::from(rest.get(at + 1) == Some(&b'"'));
        rest = &rest[at + 1 + skip..];
    }
    scratch.extend_from_slice(rest);
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_quotes() {
        let bytes = br#""a ""b"" c",,"x,y",plain"#;
        let ends = [11, 12, 18, 24];
        let whole = std::str::from_utf8(bytes).ok();
        let origin = Origin::default();
        let record = RawRecord { bytes, ends: &ends, origin, escaped: true, whole };
        let mut scratch = Vec::new();
        assert_eq!(record.field(0, &mut scratch), br#"a "b" c"#);
        assert_eq!(record.field(1, &mut scratch), b"");
        assert_eq!(record.field(2, &mut scratch), b"x,y");
        assert_eq!(record.field(3, &mut scratch), b"plain");
        assert_eq!(record.field(4, &mut scratch), b"");
        assert_eq!(record.text(2), None, "quotes may be doubled in it");
        assert_eq!(record.text(3), Some("plain"));
        let record = RawRecord { escaped: false, ..record };
        assert_eq!(record.text(2), Some("x,y"));
        assert_eq!(record.text(4), Some(""));
        assert_eq!(record.around([1, 2]), Some([&bytes[..12], b",", b",plain"]));
        assert_eq!(record.around([2, 1]), None);
        assert_eq!(RawRecord { whole: None, ..record }.text(3), None);
        assert_eq!(unquote(b"\"x\"  ", &mut scratch), b"x");
        assert_eq!(unquote(b"\" ", &mut scratch), b"\"");
    }
}
