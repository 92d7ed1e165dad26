//! Network message ids: 128 bits, written with or without dashes.

/// Reads a GUID: 32 hex digits, dashes optional, braces and white space around it tolerated.
/// `None` for anything else, and for the nil id, which names no message.
pub fn parse(text: &[u8]) -> Option<u128> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"{").and_then(|t| t.strip_suffix(b"}")).unwrap_or(text);
    let dashed = match text.len() {
        36 => true,
        32 => false,
        _ => return None,
    };
    let mut value = 0u128;
    for (at, &byte) in text.iter().enumerate() {
        if dashed && matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = HEX[usize::from(byte)];
        if digit > 15 {
            return None;
        }
        value = value << 4 | u128::from(digit);
    }
    (value != 0).then_some(value)
}

const HEX: [u8; 256] = {
    let mut table = [255u8; 256];
    let mut digit = 0u8;
    while digit < 16 {
        let c = b"0123456789abcdef"[digit as usize];
        table[c as usize] = digit;
        table[c.to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    table
};

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
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            parse(&bytes);
        }
    }
}
