//! OVH and Vade (the filter of OVH, Orange and others).
//!
//! Sources: real messages; the scrambling of the cause is undone as publicly described (question
//! and answer pages on X-VR-SPAMCAUSE).

use super::parts::{by_words, number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "OVH / Vade",
    stamps: &[
        reads("x-vr-spamcause", cause),
        reads("x-ovh-spamcause", cause),
        reads("x-vade-spamcause", cause),
        reads("x-vr-spamstate", state),
        reads("x-ovh-spamstate", state),
        reads("x-vade-spamstate", state),
        reads("x-vr-spamscore", score),
        reads("x-vade-spamscore", score),
        reads("x-ovh-spamscore", score),
        reads("x-ovh-spam-score", score),
        reads("x-ovh-spam-status", |v| by_words("OVH's verdict", v)),
        reads("x-ovh-spam-reason", |v| plain(format!("what OVH checked: {}", shown(v)))),
        says("x-ovh-tracer-id", "id of the message for OVH's support"),
        says("x-ovh-remote", "address that connected"),
        reads("x-ovh-*", |v| plain(format!("of OVH, not further known: {}", shown(v)))),
        reads("x-vade-*", |v| plain(format!("of Vade, not further known: {}", shown(v)))),
        reads("x-vr-*", |v| plain(format!("of Vade, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot); community header references",
};

fn cause(value: &str) -> Said {
    match unscrambled(value) {
        Some(text) => plain(format!("why the filter judged so: {text}")),
        None => plain("why the filter judged so, scrambled in an unknown way"),
    }
}

/// Each character is written as two letters, whose sum says it; a letter of `c` to `h` in the
/// pair says by how many sixteens the sum is off.
fn unscrambled(value: &str) -> Option<String> {
    let letters: Vec<u8> = value.bytes().filter(|b| !b.is_ascii_whitespace()).take(4096).collect();
    let (pairs, []) = letters.as_chunks::<2>() else { return None };
    let text: String = pairs
        .iter()
        .map(|pair| {
            let steps = b"cdefgh"
                .iter()
                .find(|c| pair.contains(c))
                .map_or(0, |c| i32::from(b'g') - i32::from(*c));
            let sum = i32::from(pair[0]) + i32::from(pair[1]) - i32::from(b'x') - steps * 16;
            u8::try_from(sum).ok().filter(|b| (b' '..=b'~').contains(b)).map(char::from)
        })
        .collect::<Option<String>>()?;
    (!text.is_empty()).then_some(text)
}

fn state(value: &str) -> Said {
    let lower = value.trim().to_lowercase();
    let meaning = format!("verdict: {}", shown(value));
    match lower.as_str() {
        "ok" | "clean" | "legit" => judged(meaning, false),
        _ if lower.starts_with("spam")
            || lower.starts_with("phish")
            || lower.starts_with("malware")
            || lower.starts_with("scam") =>
        {
            judged(meaning, true)
        }
        _ => plain(meaning),
    }
}

/// The filter's own scale: OVH tags from 300 on.
fn score(value: &str) -> Said {
    match number(value) {
        Some(score) if score >= 300.0 => judged(format!("score {score}: spam from 300 on"), true),
        Some(score) => judged(format!("score {score}: spam from 300 on"), false),
        None => plain(format!("score {}", shown(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_read() {
        assert_eq!(unscrambled("gggruggvucftvghtrhho").as_deref(), Some("Vade Retro"));
        assert_eq!(unscrambled("ggg"), None);
        assert_eq!(unscrambled("\u{fc}\u{fc}"), None);
        assert!(cause("gggruggvucftvghtrhho").meaning.contains("Vade Retro"));
    }
}
