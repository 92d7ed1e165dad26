//! Proofpoint: spam scores and verdict, virus scanner, classifier labels.
//!
//! Sources: real messages; the names of the scores are Proofpoint's own.

use super::parts::{by_words, number, pairs, shown};
use super::{Family, Said, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Proofpoint",
    stamps: &[
        reads("x-proofpoint-spam-details", details),
        says(
            "x-proofpoint-spam-details-enc",
            "the spam details, encrypted: only Proofpoint reads them",
        ),
        reads("x-proofpoint-virus-version", virus),
        says("x-proofpoint-guid", "id of the message for Proofpoint's support"),
        says("x-proofpoint-orig-guid", "id of the message for Proofpoint's support"),
        reads("x-proofpoint-impostor*", |v| {
            by_words("impostor (business mail fraud) classifier", v)
        }),
        reads("x-proofpoint-banner-trigger", |v| {
            plain(format!("a warning banner was added for: {}", shown(v)))
        }),
        reads("x-proofpoint-policy*", |v| plain(format!("policy that applied: {}", shown(v)))),
        reads("x-proofpoint-spf*", |v| by_words("SPF as Proofpoint saw it", v)),
        reads("x-proofpoint-dkim*", |v| by_words("DKIM as Proofpoint saw it", v)),
        reads("x-proofpoint-dmarc*", |v| by_words("DMARC as Proofpoint saw it", v)),
        reads("x-clx-shades", |v| by_words("classifier labels", v)),
        says("x-clx-response", "classifier record, opaque"),
        says("x-clx-unspecialscore", "classifier record, opaque"),
        says("x-clx-spam", "classifier record, opaque"),
        says("x-ppe-trusted", "Proofpoint Essentials took the sender for trusted"),
        reads("x-ppe-*", |v| plain(format!("Proofpoint Essentials: {}", shown(v)))),
        reads("x-pfpt-*", |v| plain(format!("classifier labels: {}", shown(v)))),
        reads("x-proofpoint-*", |v| {
            plain(format!("of Proofpoint, not further known: {}", shown(v)))
        }),
    ],
    source: "real messages (rf-peixoto/phishing_pot); community header references",
};

/// `rule=inbound_spam policy=inbound score=99 spamscore=99 phishscore=0 ...`
fn details(value: &str) -> Said {
    let (mut rule, mut policy, mut score) = ("", "", "");
    let mut above = Vec::new();
    for (key, value) in pairs(value, &[' ', '\t']) {
        match key {
            "rule" => rule = value,
            "policy" => policy = value,
            "score" => score = value,
            _ => {
                let kind = key.strip_suffix("score").filter(|kind| !kind.starts_with("mlx"));
                if let (Some(kind), Some(n)) = (kind, number(value))
                    && n > 0.0
                    && above.len() < 12
                {
                    above.push(format!("{} {n}", shown(kind)));
                }
            }
        }
    }
    let lower = rule.to_lowercase();
    let bad = ["spam", "phish", "malware", "impostor", "bulk", "suspect", "adult", "virus"];
    let bad = if lower.is_empty() {
        None
    } else if ["notspam", "safe", "nospam"].iter().any(|w| lower.ends_with(w)) {
        Some(false)
    } else {
        // The policy may be named after spam; the verdict ends the rule.
        let last = lower.rsplit('_').next().unwrap_or("");
        bad.iter().any(|w| last.contains(w)).then_some(true)
    };
    let side = if lower.starts_with("outbound") { " of the sender's side" } else { "" };
    let mut meaning =
        format!("rule {}{side}", if rule.is_empty() { "not named" } else { shown(rule) });
    if !score.is_empty() {
        meaning = format!("{meaning}, score {} of 100", shown(score));
    }
    if !policy.is_empty() && policy != "default" {
        meaning = format!("{meaning}, policy {}", shown(policy));
    }
    if !above.is_empty() {
        meaning = format!("{meaning}; scores above 0: {}", above.join(", "));
    }
    Said { meaning, bad }
}

fn virus(value: &str) -> Said {
    let of = |key: &str| super::parts::value_of(value, &[' ', '\t'], key).map(shown);
    let vendor = of("vendor").unwrap_or("a scanner that is not named");
    let since = of("definitions").map(|d| format!(", definitions of {d}")).unwrap_or_default();
    plain(format!("scanned for viruses by {vendor}{since}: a version, no verdict"))
}
