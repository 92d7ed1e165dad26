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
    let named = |(name, value): &&(String, String)| is_random(name) && is_opaque(value);
    let mut random: Vec<&str> =
        case.examined.fields.iter().filter(named).map(|(name, _)| name.as_str()).collect();
    random.dedup();
    random.truncate(8);
    if !random.is_empty() {
        let headline = format!("A header has a name of random letters: {}", random.join(", "));
        let detail = "mailer kits write one into each mail, with a value that nobody else can read";
        out.say("random_headers", Weight::Notice, headline, detail, "inferred; real messages");
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

/// `X-gyqrD`, `X-V4tFc`: five letters and digits, a digit among them or capitals where no word has
/// them.
fn is_random(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("X-") else { return false };
    if rest.len() != 5 || !rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let tail = || rest.bytes().skip(1);
    let irregular =
        tail().any(|b| b.is_ascii_uppercase()) && rest.bytes().any(|b| b.is_ascii_lowercase());
    // A version stands at the end.
    let inner = rest.bytes().take(4).any(|b| b.is_ascii_digit());
    irregular || inner
}

/// One long word, as only encoded data is.
fn is_opaque(value: &str) -> bool {
    value.split_whitespace().next().is_some_and(|word| word.len() >= 40)
}
