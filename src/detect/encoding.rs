//! Which text encoding?

use crate::model::Encoding;

/// Bytes at the start that are looked at for the pattern of UTF-16.
const PATTERN_BYTES: usize = 256;

/// Encoding and length of the byte order mark; `None` for bytes that are no text.
pub(super) fn sniff(bytes: &[u8]) -> Option<(Encoding, usize)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => return Some((Encoding::Utf8Bom, 3)),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return None,
        [0xFF, 0xFE, ..] => return Some((Encoding::Utf16Le, 2)),
        [0xFE, 0xFF, ..] => return Some((Encoding::Utf16Be, 2)),
        _ => {}
    }
    // Downloaded reports are UTF-16 without a mark more often than not: ASCII names there have a
    // NUL in every second byte, and only there.
    let start = bytes.get(..PATTERN_BYTES.min(bytes.len())).unwrap_or(bytes);
    let nuls = |odd: usize| start.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, pairs) = (nuls(0), nuls(1), start.len() / 2);
    if pairs >= 2 && even == 0 && odd * 10 >= pairs * 7 {
        return Some((Encoding::Utf16Le, 0));
    }
    if pairs >= 2 && odd == 0 && even * 10 >= pairs * 7 {
        return Some((Encoding::Utf16Be, 0));
    }
    // A damaged row may hold NULs, and C1 or other bytes; a text has neither in numbers.
    let control = |b: &&u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r' | 0x1b);
    let strange = start.iter().filter(control).count();
    (strange * 8 <= start.len()).then_some((Encoding::Utf8, 0))
}

/// UTF-16 bytes as UTF-8, unpaired halves replaced.
pub(super) fn from_utf16(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| match (encoding, pair) {
        (Encoding::Utf16Be, &[high, low]) => u16::from_be_bytes([high, low]),
        (_, &[low, high]) => u16::from_le_bytes([low, high]),
        _ => 0xFFFD,
    });
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into_bytes()
}

/// Notes bytes that are not UTF-8, as Excel's "CSV" in Western Europe writes them.
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

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn encodings() {
        assert_eq!(sniff(b"a,b\n"), Some((Encoding::Utf8, 0)));
        assert_eq!(sniff(b"\xEF\xBB\xBFa"), Some((Encoding::Utf8Bom, 3)));
        for (big, encoding) in [(false, Encoding::Utf16Le), (true, Encoding::Utf16Be)] {
            let bytes = utf16("name,größe\r\n1,ü\r\n", big);
            assert_eq!(sniff(&bytes), Some((encoding, 0)));
            assert_eq!(from_utf16(&bytes, encoding), "name,größe\r\n1,ü\r\n".as_bytes());
            let marked = utf16("\u{feff}ж", big);
            assert_eq!(sniff(&marked), Some((encoding, 2)));
        }
        assert_eq!(sniff(&[0, 1, 2, 3, 4, 5, 0, 0]), None);
        assert_eq!(
            sniff(b"a,\"\0\0\0\",b,some longer text that goes on\n"),
            Some((Encoding::Utf8, 0))
        );
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
}
