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
        let id = 0x7c1d_2f10_4b1e_4a3c_9d55_08de_2a6b_0001;
        assert_eq!(parse(b"7c1d2f10-4b1e-4a3c-9d55-08de2a6b0001"), Some(id));
        assert_eq!(parse(b" {7C1D2F104B1E4A3C9D5508DE2A6B0001} "), Some(id));
        assert_eq!(parse(b"7c1d2f10-4b1e-4a3c-9d5508-de2a6b0001"), None);
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
