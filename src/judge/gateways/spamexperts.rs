//! SpamExperts (N-able Mail Assure) at web hosts, mostly on the sender's side.
//!
//! Source: real messages.

use super::parts::{first_word, number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "SpamExperts",
    stamps: &[
        reads("x-spamexperts-class", class),
        reads("x-spamexperts-outgoing-class", class),
        reads("x-spamexperts-evidence", evidence),
        reads("x-spamexperts-outgoing-evidence", evidence),
        reads("x-recommended-action", action),
        reads("x-spamexperts-domain", |v| plain(format!("customer: {}", shown(v)))),
        reads("x-spamexperts-username", |v| plain(format!("account that sent it: {}", shown(v)))),
        says("x-classification-id", "id of the classification"),
        says("x-filter-id", "id of the filter's decision, opaque"),
        reads("x-report-abuse-to", |v| plain(format!("where to report it: {}", shown(v)))),
        reads("x-spamexperts-*", |v| {
            plain(format!("of SpamExperts, not further known: {}", shown(v)))
        }),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};

fn class(value: &str) -> Said {
    match first_word(value).as_str() {
        "ham" | "whitelisted" => judged(format!("class {}", shown(value)), false),
        "unsure" => plain("class unsure: between clean and spam"),
        "spam" | "phish" | "virus" | "blacklisted" => {
            judged(format!("class {}", shown(value)), true)
        }
        _ => plain(format!("class {}", shown(value))),
    }
}

/// `Combined (0.78)`: 0 is clean, 1 is spam; below 0.1 clean, from 0.9 on spam by default.
fn evidence(value: &str) -> Said {
    let inner = value.split_once('(').and_then(|(_, rest)| number(rest));
    match inner {
        Some(n) => plain(format!(
            "evidence {}: {n} of 1 (0 is clean, 1 is spam)",
            shown(value.split('(').next().unwrap_or(""))
        )),
        None => plain(format!("evidence {}", shown(value))),
    }
}

fn action(value: &str) -> Said {
    match first_word(value).as_str() {
        "accept" => judged("recommended: accept", false),
        "reject" | "drop" | "quarantine" => judged(format!("recommended: {}", shown(value)), true),
        _ => plain(format!("recommended: {}", shown(value))),
    }
}
