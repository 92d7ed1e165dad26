//! MailScanner, and Libraesva built on it: each site puts its own name into the headers.
//!
//! Source: real messages; MailScanner's configuration.

use super::parts::{by_words, first_word, number, shown, value_of};
use super::{Family, Said, judged, plain, reads};

pub(super) const FAMILY: Family = Family {
    product: "MailScanner",
    stamps: &[
        reads("*-mailscanner-spamcheck", spam_check),
        reads("*-libra-esva-spamcheck", spam_check),
        reads("*-mailscanner-spamscore", |v| plain(format!("at least {} points", shown(v).len()))),
        reads("*-mailscanner-information", |v| plain(format!("whom to ask: {}", shown(v)))),
        reads("*-libra-esva-information", |v| plain(format!("whom to ask: {}", shown(v)))),
        reads("*-mailscanner-from", |v| plain(format!("envelope sender: {}", shown(v)))),
        reads("*-libra-esva-from", |v| plain(format!("envelope sender: {}", shown(v)))),
        reads("*-mailscanner-id", |v| plain(format!("queue id: {}", shown(v)))),
        reads("*-libra-esva-id", |v| plain(format!("queue id: {}", shown(v)))),
        reads("*-mailscanner-watermark", |_| plain("mark by which its own bounces are known")),
        reads("*-libra-esva-watermark", |_| plain("mark by which its own bounces are known")),
        reads("*-mailscanner", |v| by_words("virus scan", v)),
        reads("*-libra-esva", |v| by_words("virus scan", v)),
    ],
    source: "real messages (rf-peixoto/phishing_pot); MailScanner's configuration",
};

/// `not spam, SpamAssassin (not cached, score=-1.9, required 5, BAYES_00 -1.90)`
fn spam_check(value: &str) -> Said {
    let score = value_of(value, &[',', '(', ')'], "score").and_then(number);
    let points = score.map(|s| format!(", score {s}")).unwrap_or_default();
    let lower = value.trim().to_lowercase();
    if lower.starts_with("not spam") {
        judged(format!("not spam{points}"), false)
    } else if first_word(&lower) == "spam" {
        judged(format!("spam{points}"), true)
    } else {
        plain(shown(value))
    }
}
