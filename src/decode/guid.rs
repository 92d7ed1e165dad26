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
    let four = |at: usize| u64::from(u32::from_le_bytes([t[at], t[at + 1], t[at + 2], t[at + 3]]));
    let eight = |from: usize, to: usize| eight_digits(four(from) | four(to) << 32).map(u128::from);
    Some(eight(0, 4)? << 96 | eight(9, 14)? << 64 | eight(19, 24)? << 32 | eight(28, 32)?)
}

fn plain(text: &[u8; 32]) -> Option<u128> {
    text.as_chunks::<8>().0.iter().try_fold(0, |value, group| {
        Some(value << 32 | u128::from(eight_digits(u64::from_le_bytes(*group))?))
    })
}

/// One in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Eight hex digits, the first one lowest, all at once; `None` where one is none.
#[inline]
fn eight_digits(text: u64) -> Option<u32> {
    // Of ASCII only letters have this bit, and `a` ends in 1.
    let letter = (text >> 6) & ONES;
    let value = (text & (ONES * 0x0f)) + letter * 9;
    // Written out again, it must be what was read, but for the case of letters.
    let above_nine = ((value + ONES * 0x76) >> 7) & ONES;
    let written = value + ONES * u64::from(b'0') + above_nine * 39;
    if written != text | (letter << 5) || value & (ONES * 0xf0) != 0 {
        return None;
    }
    let pairs = ((value << 4) | (value >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    Some(((fours | fours >> 16) as u32).swap_bytes())
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
        fn digits_at_once_are_digits(text in proptest::array::uniform8(proptest::num::u8::ANY), hex in "[0-9a-fA-F]{8}") {
            for text in [text, hex.as_bytes().try_into().unwrap()] {
                let whole = text.iter().all(u8::is_ascii_hexdigit);
                let one_by_one = std::str::from_utf8(&text).ok().filter(|_| whole);
                let one_by_one = one_by_one.and_then(|t| u32::from_str_radix(t, 16).ok());
                proptest::prop_assert_eq!(eight_digits(u64::from_le_bytes(text)), one_by_one);
            }
        }

        #[test]
        fn every_byte_in_every_place(byte: u8, at in 0usize..8) {
            let mut text = *b"0a9F1cD7";
            text[at] = byte;
            proptest::prop_assert_eq!(eight_digits(u64::from_le_bytes(text)).is_some(), byte.is_ascii_hexdigit());
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            parse(&bytes);
        }
    }
}
