//! Which text encoding?

use crate::model::Encoding;
use memchr::memchr;

/// Bytes at the start that are looked at for the pattern of UTF-16; the next number only where
/// the one before does not tell.
const PATTERN_BYTES: [usize; 3] = [256, 4096, super::HEAD_BYTES];

/// Bytes at the start that tell binary data from text.
const TEXT_BYTES: usize = 256;

/// NULs in a row that are damage and no data: a piece of the file was never written.
const LOST: [u8; 4] = [0; 4];

/// Said of an input that was taken for Windows-1252.
pub(super) const ASSUMED: &str = "not UTF-8: read as Windows-1252 (Western Europe); if letters \
    look wrong, export again with -Encoding UTF8, or save as \"CSV UTF-8\"";

/// Encoding and length of the byte order mark; `None` for bytes that are no text. `whole`: the
/// bytes are the whole input.
pub(super) fn sniff(bytes: &[u8], whole: bool) -> Option<(Encoding, usize)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => return Some((Encoding::Utf8Bom, 3)),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return None,
        [0xFF, 0xFE, ..] => return Some((Encoding::Utf16Le, 2)),
        [0xFE, 0xFF, ..] => return Some((Encoding::Utf16Be, 2)),
        _ => {}
    }
    // Downloaded reports are UTF-16 without a mark more often than not. Any of them has NULs:
    // those of the line ends and delimiters at least.
    if memchr(0, bytes).is_some() {
        let windows = PATTERN_BYTES.iter().map(|&length| bytes.get(..length).unwrap_or(bytes));
        if let Some(encoding) = windows.map(Pairs::count).find_map(Pairs::encoding) {
            return Some((encoding, 0));
        }
    }
    if is_binary(bytes) {
        return None;
    }
    let encoding =
        if is_windows_1252(bytes, whole) { Encoding::Windows1252 } else { Encoding::Utf8 };
    Some((encoding, 0))
}

/// What the pairs of bytes look like.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    /// A letter and a NUL: ASCII or Latin 1 in little endian.
    little: usize,
    /// A NUL and a letter: the same in big endian.
    big: usize,
    /// Two ASCII characters: text of single bytes, or one of some Chinese characters.
    single: usize,
    /// Two NULs: damage, or UTF-32.
    empty: usize,
}

impl Pairs {
    fn count(bytes: &[u8]) -> Self {
        let ascii = |b: u8| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~');
        let letter = |b: u8| ascii(b) || b >= 0xA0;
        let mut pairs = Self::default();
        for &[first, second] in bytes.as_chunks::<2>().0 {
            pairs.little += usize::from(second == 0 && letter(first));
            pairs.big += usize::from(first == 0 && letter(second));
            pairs.single += usize::from(ascii(first) && ascii(second));
            pairs.empty += usize::from(first == 0 && second == 0);
        }
        pairs
    }

    /// UTF-16, where one byte order fits far better than the other and better than single bytes.
    fn encoding(self) -> Option<Encoding> {
        let (most, least, encoding) = if self.little >= self.big {
            (self.little, self.big, Encoding::Utf16Le)
        } else {
            (self.big, self.little, Encoding::Utf16Be)
        };
        let fits = most >= 2 && least * 8 <= most && self.single <= most * 3;
        (fits && self.empty * 3 <= most * 2).then_some(encoding)
    }
}

/// A damaged row may hold NULs, and C1 or other bytes; a text has neither in numbers.
fn is_binary(bytes: &[u8]) -> bool {
    let mut start = bytes.get(..TEXT_BYTES).unwrap_or(bytes);
    if let Some(lost) = memchr::memmem::find(start, &LOST).filter(|&at| at >= 16) {
        start = start.get(..lost).unwrap_or(start);
    }
    let control = |b: &&u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x1b);
    start.iter().filter(control).count() * 8 > start.len()
}

/// Windows-1252 rather than UTF-8 with damage: what is not UTF-8 looks like the letters and the
/// punctuation of that code page, and more often so than it looks like anything else.
fn is_windows_1252(bytes: &[u8], whole: bool) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return false;
    }
    let (mut letters, mut others) = (0_usize, 0_usize);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        others += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let behind = chunks.peek().and_then(|next| next.valid().bytes().next());
        match chunk.invalid() {
            // The head may end inside a character.
            [0xC2..=0xF4, ..] if chunks.peek().is_none() && !whole => {}
            // What a cut at so many bytes leaves of a character at the end of a cell. Nearly all
            // Latin letters begin with these bytes in UTF-8, and few words end with them.
            [0xC2 | 0xC3] if !behind.is_some_and(|b| b.is_ascii_alphabetic()) => {}
            // And of a longer one.
            [_, _, ..] | [] => {}
            [0x81 | 0x8D | 0x8F | 0x90 | 0x9D | 0xFE | 0xFF] => others += 1,
            [_] => letters += 1,
        }
    }
    letters > others
}

/// Notes damage in a text of UTF-8.
pub(super) fn note_other_bytes(text: &[u8], whole: bool, notes: &mut Vec<String>) {
    let mut bad = 0_usize;
    let mut chunks = text.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        // The head may end inside a character.
        let cut = chunks.peek().is_none() && !whole && chunk.invalid().len() < 4;
        bad += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    if bad > 0 {
        notes.push(format!(
            "{bad} places in the first {} KiB are not UTF-8 and show as U+FFFD; where that hits \
             many letters, export again with -Encoding UTF8, or save as \"CSV UTF-8\"",
            text.len().div_ceil(1024)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    fn kind(bytes: &[u8]) -> Option<Encoding> {
        sniff(bytes, true).map(|(encoding, _)| encoding)
    }

    #[test]
    fn encodings() {
        assert_eq!(sniff(b"a,b\n", true), Some((Encoding::Utf8, 0)));
        assert_eq!(sniff(b"\xEF\xBB\xBFa", true), Some((Encoding::Utf8Bom, 3)));
        for (big, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
            let bytes = utf16("name,größe\r\n1,ü\r\n", big);
            assert_eq!(sniff(&bytes, true), Some((encoding, 0)));
            let marked = utf16("\u{feff}ж", big);
            assert_eq!(sniff(&marked, true), Some((encoding, 2)));
        }
        assert_eq!(sniff(&[0, 1, 2, 3, 4, 5, 0, 0], true), None);
    }

    #[test]
    fn nuls_do_not_make_utf16() {
        assert_eq!(kind(b"a,\"\0\0\0\",b,some longer text that goes on\n"), Some(Encoding::Utf8));
        for header in ["name,what,who,when\r\n", "name,what,who,whens\r\n"] {
            for run in [1, 2, 7, 100, 101, 5000] {
                let mut bytes = header.as_bytes().to_vec();
                bytes.resize(bytes.len() + run, 0);
                bytes.extend_from_slice(b"1,2,3,4\r\n");
                assert_eq!(kind(&bytes), Some(Encoding::Utf8), "{run}");
            }
        }
        assert_eq!(kind(&[0; 500]), None);
        let utf32: Vec<u8> =
            "name,what\r\n".chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        assert_eq!(kind(&utf32), None);
    }

    #[test]
    fn utf16_of_all_sorts() {
        let chinese = "\u{6536}\u{4EF6}\u{4EBA},\u{4E3B}\u{9898},\u{72B6}\u{6001}\r\n";
        let later = chinese.repeat(30) + &"1,a@example.com,2026-11-16T10:05:40\r\n".repeat(200);
        for (big, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
            assert_eq!(kind(&utf16(chinese, big)), Some(encoding));
            assert_eq!(kind(&utf16(&later, big)), Some(encoding));
            // A few bytes overwritten.
            let mut bytes = utf16("name,what,who,when\r\n1,2,3,4\r\n", big);
            for at in [3, 10, 11] {
                bytes[at] ^= 0x55;
            }
            assert_eq!(kind(&bytes), Some(encoding));
            // An odd last byte.
            bytes.push(0);
            assert_eq!(kind(&bytes), Some(encoding));
        }
    }

    #[test]
    fn code_page_or_damage() {
        let western = Some(Encoding::Windows1252);
        assert_eq!(kind(b"gr\xFCn,Gr\xF6\xDFe"), western);
        assert_eq!(kind(b"caf\xE9,\x93x\x94 \x96 5 \x80"), western);
        assert_eq!(kind(b"N\xC3O,x"), western);
        let damaged = Some(Encoding::Utf8);
        assert_eq!(kind("grün,größe".as_bytes()), damaged);
        // Characters cut off at the end of a cell, and one overwritten.
        assert_eq!(kind(b"\"gr\xC3\",\"\xE2\x82\",x"), damaged);
        assert_eq!(kind("grün,größe \u{20AC}\0".replace('\0', "").as_bytes()), damaged);
        assert_eq!(kind(b"gr\xC3\xBCn,\xFC,gr\xC3\xBCn"), damaged);
        assert_eq!(kind(b"\x81\x8D\xFC,x"), damaged);
        // A head that ends inside a character.
        for cut in 1..4 {
            let text = "smile \u{1F600}".as_bytes();
            assert_eq!(sniff(&text[..text.len() - cut], false), Some((Encoding::Utf8, 0)));
        }
    }

    #[test]
    fn other_bytes() {
        let note = |text: &[u8], whole| {
            let mut notes = Vec::new();
            note_other_bytes(text, whole, &mut notes);
            notes.len()
        };
        assert_eq!(note("gr\u{fc}n".as_bytes(), true), 0);
        assert_eq!(note(b"gr\xFCn", true), 1);
        assert_eq!(note(b"gr\xC3", false), 0);
        assert_eq!(note(b"gr\xC3", true), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn latin_text_is_told(text in "[a-z,;\"\r\n]{2}[ -~\r\näöüßÄÖÜéèêàçñóåøæ]{0,600}") {
            prop_assert_eq!(kind(text.as_bytes()), Some(Encoding::Utf8));
            prop_assert_eq!(kind(&utf16(&text, false)), Some(Encoding::Utf16Le));
            prop_assert_eq!(kind(&utf16(&text, true)), Some(Encoding::Utf16Be));
            let single: Vec<u8> = text.chars().map(|c| c as u8).collect();
            let expected =
                if text.is_ascii() { Encoding::Utf8 } else { Encoding::Windows1252 };
            prop_assert_eq!(kind(&single), Some(expected));
        }

        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), whole: bool) {
            let _ = sniff(&bytes, whole);
        }
    }
}
