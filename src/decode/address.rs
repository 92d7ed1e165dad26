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

/// True only where [`lower_into`] would change nothing: every byte is ASCII and neither a capital
/// nor a blank. Looks at eight at a time.
#[inline]
pub fn is_plain(cell: &[u8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ONES;
    // The high bit of every byte that is a capital, no ASCII, or not above the blank.
    let odd = |word: [u8; 8]| {
        let word = u64::from_le_bytes(word);
        let low = word & !HIGH;
        let from_a = low + (0x80 - u64::from(b'A')) * ONES;
        let above_z = low + (0x7f - u64::from(b'Z')) * ONES;
        let above_blank = low + (0x7f - u64::from(b' ')) * ONES;
        (word | from_a & !above_z | !above_blank) & HIGH
    };
    let (words, rest) = cell.as_chunks::<8>();
    let mut any = words.iter().fold(0, |any, word| any | odd(*word));
    if let Some(last) = cell.last_chunk::<8>() {
        any |= odd(*last); // may overlap what was looked at before
    } else {
        let mut word = [b'a'; 8];
        word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        any |= odd(word);
    }
    any == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_in_every_place() {
        for (byte, at, length) in (0..=255u8).flat_map(|b| (0..20).map(move |n| (b, n, 20))) {
            for length in [length, at + 1] {
                let mut text = vec![b'm'; length];
                text[at] = byte;
                let plain = byte.is_ascii() && byte > b' ' && !byte.is_ascii_uppercase();
                assert_eq!(is_plain(&text), plain, "{byte} at {at} of {length}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_text_is_left_alone(text in "[ aB@.\u{e9}\u{130}]{0,12}") {
            let mut lowered = String::new();
            lower_into(text.as_bytes(), &mut lowered);
            proptest::prop_assert!(!is_plain(text.as_bytes()) || lowered == text);
        }
    }
}
