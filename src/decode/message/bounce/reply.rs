//! SMTP replies within text: reply code, enhanced status code, lines joined.

use super::super::words;

/// Longest diagnostic kept, bytes.
const LIMIT: usize = 2048;

/// The enhanced status code (`5.7.26`) that stands first in a text. Addresses and version numbers
/// (four parts, or glued to letters) are none.
pub(super) fn enhanced(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'2', b'4', b'5', bytes.get(at..)?) {
        let start = at + found;
        at = start + 1;
        let before = start.checked_sub(1).and_then(|i| bytes.get(i));
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/')) {
            continue;
        }
        let Some(length) = enhanced_length(bytes.get(start..)?) else {
            continue;
        };
        return text.get(start..start + length);
    }
    None
}

/// Length of the enhanced code a text begins with.
fn enhanced_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    for _ in 0..2 {
        if bytes.get(at) != Some(&b'.') {
            return None;
        }
        let digits = bytes.get(at + 1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        at += 1 + digits;
    }
    let next = bytes.get(at).copied().unwrap_or(b' ');
    let more = next == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    (!more && !next.is_ascii_alphanumeric()).then_some(at)
}

/// A status that says no more than that it failed (x.0.0), or that it took too long (x.4.7): a
/// more exact one beside it tells why.
pub(super) fn says_little(status: &str) -> bool {
    status.ends_with(".0.0") || status.get(1..) == Some(".4.7")
}

/// The SMTP reply code of a text, 0 where there is none. One followed by an enhanced code is
/// preferred, then one at the beginning of the text, then the first number that may be one.
pub(super) fn code(text: &str) -> u16 {
    find(text).map_or(0, |(_, code)| code)
}

/// Place and value of the SMTP reply code.
pub(super) fn find(text: &str) -> Option<(usize, u16)> {
    let bytes = text.as_bytes();
    let mut best = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'4', b'5', bytes.get(at..)?) {
        let start = at + found;
        at = start + 1;
        let before = start.checked_sub(1).and_then(|i| bytes.get(i));
        if before.is_some_and(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'/' | b'@' | b'_')
        }) {
            continue;
        }
        let Some(&[a, b @ b'0'..=b'5', c @ b'0'..=b'9']) = bytes.get(start..start + 3) else {
            continue;
        };
        let rest = bytes.get(start + 3..).unwrap_or(&[]);
        let after = match rest {
            [] => &[][..],
            [b' ' | b'-' | b'\t' | b'\n' | b'\r', after @ ..] => after,
            [b':' | b',' | b';' | b'<' | b'\'' | b'"' | b')' | b'(' | b'#', ..] => &[],
            _ => continue,
        };
        let value = u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0');
        let after = after.strip_prefix(b"#").unwrap_or(after);
        if enhanced_length(after).is_some() && matches!(after.first(), Some(b'4' | b'5')) {
            return Some((start, value));
        }
        best = best.or(Some((start, value)));
    }
    best
}

/// A reply on one line: white space made single, the repeated codes of a multi-line reply
/// (`550-5.7.1 a 550 5.7.1 b`) left out after the first, at most 2 KiB.
pub(super) fn join(text: &str) -> String {
    let line = words::collapse(text, 4 * LIMIT);
    let mut out = continued(&line).unwrap_or(line);
    words::clip(&mut out, LIMIT);
    out
}

/// Joins a reply that begins with `550-`.
fn continued(line: &str) -> Option<String> {
    let (start, _) = find(line)?;
    let digits = line.get(start..start + 3)?;
    let rest = line.get(start + 3..)?.strip_prefix('-')?;
    let enhanced = enhanced_length(rest.as_bytes()).and_then(|n| rest.get(..n)).unwrap_or("");
    let mut out = format!("{}{digits} ", line.get(..start)?);
    for (at, word) in rest.split(' ').enumerate() {
        let repeated =
            word.strip_prefix(digits).is_some_and(|w| w.is_empty() || w.starts_with('-'));
        let word = match word.strip_prefix(digits) {
            Some(tail) if repeated => tail.strip_prefix('-').unwrap_or(tail),
            _ => word,
        };
        // The code itself is kept once, in front.
        if word.is_empty() || (at > 0 && word == enhanced) {
            continue;
        }
        out.push_str(word);
        out.push(' ');
    }
    out.truncate(out.trim_end().len());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_codes() {
        for (text, code) in [
            ("550 5.7.26 This mail", Some("5.7.26")),
            ("550-5.7.26 This", Some("5.7.26")),
            ("#5.1.1 smtp;550", Some("5.1.1")),
            ("(5.1.1)", Some("5.1.1")),
            ("host 5.4.3.2 said 4.2.2.", Some("4.2.2")),
            ("5.4.3.2", None),
            ("v15.20.1 x5.1.1 5.1.1a 15.1.1", None),
            ("", None),
        ] {
            assert_eq!(enhanced(text), code, "{text}");
        }
    }

    #[test]
    fn reply_codes() {
        for (text, expected) in [
            ("550 5.7.26 no", 550),
            ("550-5.7.26 no", 550),
            ("smtp; 550 5.1.1 no", 550),
            ("host mx.example[192.0.2.1] said: 452 4.2.2 full", 452),
            ("tried port 587; then 421 Too many", 421),
            ("#550 5.2.2 full", 550),
            ("after 500 messages: 554 5.7.1 no", 554),
            ("554", 554),
            ("192.0.2.550 x-550 id=a550", 0),
            ("599 690", 0),
            ("", 0),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_joined() {
        for (text, expected) in [
            ("550-5.7.26 a\r\n550-5.7.26 b\r\n550 5.7.26 c", "550 5.7.26 a b c"),
            ("550-a\n550-b\n550 c", "550 a b c"),
            (
                "said: 550-5.1.1 a 550 5.1.1 b (in reply to RCPT)",
                "said: 550 5.1.1 a b (in reply to RCPT)",
            ),
            ("550 5.1.1 a\n\tb", "550 5.1.1 a b"),
        ] {
            assert_eq!(join(text), expected);
        }
        assert_eq!(join(&"\u{fc}".repeat(4000)).len(), 2048);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[245.0 \\-a#\u{fc}\n]{0,60}") {
            let _ = (enhanced(&text), code(&text));
            let once = join(&text);
            proptest::prop_assert!(once.len() <= LIMIT);
        }
    }
}
