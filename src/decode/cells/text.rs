//! Cells as text, and the plain spellings that several of the languages share.

use std::borrow::Cow;

/// Highest latency that is told apart, microseconds: ten years. More is no measurement.
pub const MOST_MICROS: u64 = 10 * 366 * 86_400 * 1_000_000;

/// Windows-1252 from 0x80 to 0x9F; the five bytes that it leaves open are control characters, as
/// the Encoding Standard has them.
const WINDOWS: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// A cell as text, and true where it is no UTF-8: then all of it is read as Windows-1252, which
/// every byte belongs to.
pub fn cell_text(cell: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(cell) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (Cow::Owned(cell.iter().map(|&b| windows(b)).collect()), true),
    }
}

fn windows(byte: u8) -> char {
    let high = byte.checked_sub(0x80).and_then(|at| WINDOWS.get(usize::from(at)));
    high.copied().unwrap_or(char::from(byte))
}

/// Beginnings of .NET type names that Export-Csv writes in place of a list.
const LISTS: &[&[u8]] = &[
    b"System.Collections.ArrayList",
    b"System.Collections.Generic.List",
    b"System.String[]",
    b"System.Object[]",
    b"Microsoft.Exchange.Data.MultiValuedProperty",
    b"Microsoft.Exchange.Data.ProxyAddressCollection",
];

/// True where the cell holds the name of a list type: whoever exported the table lost the values.
#[inline]
pub fn lost_array(cell: &[u8]) -> bool {
    // Almost every cell is told by its first byte.
    let cell = cell.trim_ascii_start();
    matches!(cell.first(), Some(b'S' | b's' | b'M' | b'm')) && names_list(cell.trim_ascii_end())
}

fn names_list(cell: &[u8]) -> bool {
    // Names go on with type arguments; a sentence that begins so would hold a blank.
    LISTS.iter().any(|l| cell.get(..l.len()).is_some_and(|head| head.eq_ignore_ascii_case(l)))
        && !cell.iter().take(400).any(|b| matches!(b, b';' | b'@'))
}

/// Seconds with a decimal point or comma as microseconds; digits behind the sixth are cut off, and
/// more than [`MOST_MICROS`] is that. `None` for a sign, an exponent, or no number.
pub fn micros(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let grown = |sum: u64, b: u8| sum.saturating_mul(10).saturating_add(u64::from(b - b'0'));
    let seconds = whole.bytes().fold(0, grown);
    let part = fraction.bytes().chain(std::iter::repeat(b'0')).take(6).fold(0, grown);
    Some(seconds.saturating_mul(1_000_000).saturating_add(part).min(MOST_MICROS))
}

/// Percent-decoding of a form field: `+` is a blank; what is no escape stays as it is, and bytes
/// that make no UTF-8 become U+FFFD.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'%', b'+', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match (byte, hex(bytes.get(at)), hex(bytes.get(at + 1))) {
            (b'+', ..) => out.push(b' '),
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            _ => out.push(byte),
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(cell_text("é".as_bytes()), (Cow::Borrowed("é"), false));
        let (text, foreign) = cell_text(b"caf\xe9 \x80\x9f\x81\x96");
        assert_eq!((text.as_ref(), foreign), ("café €\u{178}\u{81}–", true));
        assert_eq!(cell_text(b""), (Cow::Borrowed(""), false));
    }

    #[test]
    fn lists_that_are_lost() {
        for cell in [
            "System.Collections.ArrayList",
            " system.string[] ",
            "System.Collections.Generic.List`1[System.String]",
            "Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]",
        ] {
            assert!(lost_array(cell.as_bytes()), "{cell}");
        }
        for cell in ["", "ann@contoso.com", "System.String", "System.Object[];ann@contoso.com"] {
            assert!(!lost_array(cell.as_bytes()), "{cell}");
        }
    }

    #[test]
    fn seconds() {
        for (text, expected) in [
            ("0", Some(0)),
            ("3.47", Some(3_470_000)),
            ("3,47", Some(3_470_000)),
            (".5", Some(500_000)),
            ("7.", Some(7_000_000)),
            ("0.1234567", Some(123_456)),
            ("99999999999999999999999", Some(MOST_MICROS)),
            ("-1", None),
            ("1e3", None),
            ("1.2.3", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(micros(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            let (text, foreign) = cell_text(&bytes);
            proptest::prop_assert_eq!(foreign, std::str::from_utf8(&bytes).is_err());
            if foreign {
                proptest::prop_assert_eq!(text.chars().count(), bytes.len());
            }
            let _ = (lost_array(&bytes), micros(&text), unescaped(&text));
        }

        #[test]
        fn microseconds_come_back(micro in 0..MOST_MICROS) {
            let text = format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
            proptest::prop_assert_eq!(micros(&text), Some(micro));
        }
    }
}
