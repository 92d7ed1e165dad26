//! Network message ids: 128 bits, written with or without dashes.

/// Reads a GUID: 32 hex digits, dashes optional, braces and white space around it tolerated.
/// `None` for anything else, and for the nil id, which names no message.
#[inline]
pub fn parse(text: &[u8]) -> Option<u128> {
    let bare = |text: &[u8]| match text.len() {
        36 => dashed(text.first_chunk()?),
        32 => plain(text.first_chunk()?),
        _ => None,
    };
    let value = bare(text).or_else(|| {
        let text = text.trim_ascii();
        bare(text.strip_prefix(b"{").and_then(|t| t.strip_suffix(b"}")).unwrap_or(text))
    })?;
    (value != 0).then_some(value)
}

#[inline]
fn dashed(t: &[u8; 36]) -> Option<u128> {
    if [t[8], t[13], t[18], t[23]] != *b"----" {
        return None;
    }
    let mut digits = [0; 32];
    for (to, from) in
        [(0..8, 0..8), (8..12, 9..13), (12..16, 14..18), (16..20, 19..23), (20..32, 24..36)]
    {
        digits[to].copy_from_slice(&t[from]);
    }
    plain(&digits)
}

/// Without a branch but the last, so that compilers read sixteen digits at once.
#[inline]
fn plain(text: &[u8; 32]) -> Option<u128> {
    let (mut values, mut odd) = ([0; 32], false);
    for (value, byte) in values.iter_mut().zip(text) {
        let digit = byte.wrapping_sub(b'0');
        let letter = (byte | 0x20).wrapping_sub(b'a');
        *value = if digit < 10 { digit } else { letter.wrapping_add(10) };
        odd |= digit >= 10 && letter >= 6;
    }
    let mut bytes = [0; 16];
    for (byte, [high, low]) in bytes.iter_mut().zip(values.as_chunks().0) {
        *byte = high << 4 | low;
    }
    (!odd).then_some(u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::delivery::dashed;

    #[test]
    fn forms() {
        let id = 0x5a3e_90c4_1d27_4f68_b0a9_08de_1c44_0003;
        assert_eq!(parse(b"5a3e90c4-1d27-4f68-b0a9-08de1c440003"), Some(id));
        assert_eq!(parse(b" {5A3E90C41D274F68B0A908DE1C440003} "), Some(id));
        assert_eq!(parse(b"5a3e90c4-1d27-4f68-b0a908-de1c440003"), None);
        assert_eq!(parse(b"00000000-0000-0000-0000-000000000000"), None);
        assert_eq!(parse(b""), None);
    }

    proptest::proptest! {
        #[test]
        fn round_trip(id in 1u128..) {
            proptest::prop_assert_eq!(parse(dashed(id).as_bytes()), Some(id));
        }

        #[test]
        fn digits_at_once_are_digits(text in proptest::array::uniform32(proptest::num::u8::ANY), hex in "[0-9a-fA-F]{32}", at in 0usize..32) {
            let mut nearly: [u8; 32] = hex.as_bytes().try_into().unwrap();
            nearly[at] = text[at];
            for text in [&text, &nearly, hex.as_bytes()] {
                let whole = text.iter().all(u8::is_ascii_hexdigit);
                let one_by_one = std::str::from_utf8(text).ok().filter(|_| whole);
                let one_by_one = one_by_one.and_then(|t| u128::from_str_radix(t, 16).ok());
                proptest::prop_assert_eq!(plain(text.first_chunk().unwrap()), one_by_one);
            }
        }

        #[test]
        fn every_byte_in_every_place(byte: u8, at in 0usize..32) {
            let mut text = *b"0a9F1cD70a9F1cD70a9F1cD70a9F1cD7";
            text[at] = byte;
            proptest::prop_assert_eq!(plain(&text).is_some(), byte.is_ascii_hexdigit());
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            parse(&bytes);
        }
    }
}
