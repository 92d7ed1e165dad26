//! Proton Mail.
//!
//! Source: real messages.

use super::parts::{number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Proton",
    stamps: &[
        reads("x-pm-spam-action", action),
        reads("x-pm-spamscore", |v| {
            plain(match number(v) {
                Some(n) => format!("spam score {n}"),
                None => format!("spam score {}", shown(v)),
            })
        }),
        says("x-pm-spam", "details of the scoring, opaque"),
        reads("x-pm-origin", |v| plain(format!("came from: {}", shown(v)))),
        reads("x-pm-transfer-encryption", |v| {
            plain(format!("encryption of the connection: {}", shown(v)))
        }),
        reads("x-pm-content-encryption", |v| plain(format!("encryption at rest: {}", shown(v)))),
        reads("x-pm-phishing", |v| {
            super::parts::yes_or_no(v, "held for phishing", "not held for phishing")
        }),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};

fn action(value: &str) -> Said {
    match value.trim().to_lowercase().as_str() {
        "dunno" => plain("the filter does not act"),
        "inbox" | "ham" => judged("action: inbox", false),
        _ if value.to_lowercase().contains("spam") => {
            judged(format!("action: {}", shown(value)), true)
        }
        _ => plain(format!("action: {}", shown(value))),
    }
}
