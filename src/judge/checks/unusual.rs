//! Header names that no product writes: made of random letters, or as many of one kind as only
//! generators write.
//!
//! Source: inferred; names as met in real messages of mailer kits.

use super::case::Case;
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check =
    Check { name: "unusual", remarks: &["random_headers", "high_priority"], run };

fn run(case: &Case<'_>, out: &mut Said) {
    let mut random: Vec<&str> = Vec::new();
    for (name, _) in &case.examined.fields {
        if is_random(name) && !random.contains(&name.as_str()) {
            random.push(name);
        }
    }
    if random.len() >= 2 {
        random.truncate(8);
        let headline = format!("Header names of random letters: {}", random.join(", "));
        out.say(
            "random_headers",
            Weight::Notice,
            headline,
            "bulk mailers write them so that no two mails look alike",
            "inferred; real messages",
        );
    }
    let urgent = |name: &str, words: &[&str]| {
        case.field(name)
            .is_some_and(|v| words.iter().any(|w| v.trim().to_lowercase().starts_with(w)))
    };
    if urgent("X-Priority", &["1", "2"])
        || urgent("Importance", &["high"])
        || urgent("Priority", &["urgent"])
        || urgent("X-MSMail-Priority", &["high"])
    {
        out.say(
            "high_priority",
            Weight::Info,
            "It asks to be taken for urgent",
            "",
            "RFC 4021, 2.1",
        );
    }
}

/// `X-v4tfc`, `X-XMZ6Z`: one short part with letters and digits mixed and hardly a vowel.
fn is_random(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("X-").or_else(|| name.strip_prefix("x-")) else {
        return false;
    };
    if !(4..=12).contains(&rest.len()) || !rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let bytes = rest.as_bytes();
    let vowels = bytes.iter().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    // Digits at the end are a version; between letters they are none.
    let inner = bytes
        .windows(2)
        .any(|w| matches!(w, [a, b] if a.is_ascii_digit() && b.is_ascii_alphabetic()));
    let bare = vowels * 5 <= bytes.len();
    bare && (digits > 0 && inner
        || digits == 0
            && rest.len() >= 5
            && vowels == 0
            && !rest.bytes().all(|b| b.is_ascii_uppercase()))
}
