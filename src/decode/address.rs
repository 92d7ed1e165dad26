//! Addresses as keys: lower case, trimmed.

/// Writes `cell` trimmed and in lower case into `out`. Bytes that are not UTF-8 become U+FFFD:
/// an odd address is kept, not refused.
pub fn lower_into(cell: &[u8], out: &mut String) {
    out.clear();
    let cell = cell.trim_ascii();
    match std::str::from_utf8(cell) {
        Ok(text) if text.is_ascii() => {
            out.push_str(text);
            out.make_ascii_lowercase();
        }
        _ => out.push_str(&String::from_utf8_lossy(cell).to_lowercase()),
    }
}

/// `cell` trimmed and in lower case: itself where it is written so, else in `scratch`. `ascii`: the
/// caller knows that it is.
#[inline]
pub fn lowered<'a>(cell: &'a [u8], ascii: bool, scratch: &'a mut String) -> &'a str {
    let bare = cell.trim_ascii();
    if ascii
        && !bare.iter().fold(false, |any, byte| any | byte.is_ascii_uppercase())
        && let Ok(text) = std::str::from_utf8(bare)
    {
        return text;
    }
    lower_into(bare, scratch);
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn borrowed_or_not(text in "[ aB@.é\u{130}]{0,12}") {
            let (mut copied, mut scratch) = (String::new(), String::new());
            lower_into(text.as_bytes(), &mut copied);
            for ascii in [false, text.is_ascii()] {
                proptest::prop_assert_eq!(lowered(text.as_bytes(), ascii, &mut scratch), copied.as_str());
            }
        }
    }
}
