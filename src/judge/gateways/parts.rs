//! Pieces that the values of several products share.

use super::{Said, judged, plain};

/// `key=value` items parted by any of `by`; quotes around a value are taken off.
pub(super) fn pairs<'t>(
    text: &'t str,
    by: &'t [char],
) -> impl Iterator<Item = (&'t str, &'t str)> + 't {
    text.split(by).filter_map(|item| {
        let (key, value) = item.split_once('=')?;
        Some((key.trim(), value.trim().trim_matches(['"', '\''])))
    })
}

/// The value of a key, whatever its case.
pub(super) fn value_of<'t>(text: &'t str, by: &'t [char], key: &str) -> Option<&'t str> {
    pairs(text, by).find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

/// The number at the beginning of a text.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let sign = usize::from(text.starts_with(['-', '+']));
    let behind = text.get(sign..)?;
    let digits = behind.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(behind.len());
    let found: f64 = text.get(..sign + digits)?.parse().ok()?;
    found.is_finite().then_some(found)
}

/// The first word, lower case, without what stands around it.
pub(super) fn first_word(text: &str) -> String {
    let word = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(')).next();
    word.unwrap_or("").trim_matches(['"', '\'']).to_lowercase()
}

/// Yes or no: `Yes`, `true`, `1`, `spam` are bad, `No`, `false`, `0`, `clean`, `ham` are not.
pub(super) fn yes_or_no(value: &str, bad: &str, good: &str) -> Said {
    match first_word(value).as_str() {
        "yes" | "true" | "1" | "y" | "spam" | "on" => judged(bad, true),
        "no" | "false" | "0" | "n" | "ham" | "clean" | "off" => judged(good, false),
        _ => plain(format!("says {}", shown(value))),
    }
}

/// A stranger's value inside a sentence: short.
pub(super) fn shown(value: &str) -> &str {
    let value = value.trim();
    &value[..value.floor_char_boundary(200.min(value.len()))]
}

/// A verdict by the words in it.
pub(super) fn by_words(what: &str, value: &str) -> Said {
    const BAD: &[&str] = &[
        "spam",
        "phish",
        "malware",
        "virus",
        "infected",
        "malicious",
        "reject",
        "bulk",
        "suspect",
        "quarantine",
        "blocked",
        "dangerous",
        "positive",
        "confirmed",
        "discard",
        "junk",
    ];
    const GOOD: &[&str] = &[
        "clean",
        "ham",
        "ok",
        "pass",
        "none",
        "not_detected",
        "notspam",
        "not spam",
        "nospam",
        "no virus",
        "accept",
        "deliver",
        "legit",
        "legitimate",
        "negative",
        "trusted",
        "good",
        "whitelisted",
        "0",
        "no",
    ];
    let lower = value.to_lowercase();
    let has = |words: &[&str]| {
        words.iter().any(|word| {
            lower.match_indices(word).any(|(at, _)| {
                let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                edge(lower[..at].chars().next_back())
                    && edge(lower[at + word.len()..].chars().next())
            })
        })
    };
    let bad = match (has(GOOD), has(BAD)) {
        (true, _) => Some(false),
        (false, true) => Some(true),
        _ => None,
    };
    Said { meaning: format!("{what}: {}", shown(value)), bad }
}

/// A score against the level from which the product acts.
pub(super) fn against(score: f64, level: f64, of: &str) -> Said {
    if score >= level {
        judged(format!("{of} {score}, at or above the {level} it needs for spam"), true)
    } else {
        judged(format!("{of} {score}, below the {level} it needs for spam"), false)
    }
}

/// Base64 as text; `None` where it is none, or no readable text comes out.
pub(super) fn base64_text(value: &str) -> Option<String> {
    let bytes = base64(value)?;
    let text = String::from_utf8(bytes).ok()?;
    let readable = !text.is_empty() && !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    readable.then_some(text)
}

/// Base64, standard or of URLs; blanks and missing padding are forgiven. At most 8 KiB.
pub(super) fn base64(value: &str) -> Option<Vec<u8>> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0u32, 0u32);
    for byte in value.bytes().take(8 << 10) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            b if b.is_ascii_whitespace() => continue,
            _ => return None,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    (!out.is_empty()).then_some(out)
}
