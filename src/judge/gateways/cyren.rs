//! Cyren (Commtouch), inside the filters of others.
//!
//! Source: community header references.

use super::parts::{first_word, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Cyren",
    stamps: &[
        reads("x-ctch-spam", class),
        reads("x-ctch-vod", |v| plain(format!("virus outbreak class: {}", shown(v)))),
        says("x-ctch-refid", "reference of the classification, opaque"),
        says("x-ctch-score", "score, opaque"),
        reads("x-ctch-*", |v| plain(format!("of Cyren, not further known: {}", shown(v)))),
    ],
    source: "community header references",
};

fn class(value: &str) -> Said {
    match first_word(value).as_str() {
        "confirmed" => judged("class confirmed: known spam", true),
        "bulk" => judged("class bulk: sent in bulk by an untrusted source", true),
        "suspect" | "suspected" => judged("class suspect: sent in bulk", true),
        "unknown" | "nonspam" => {
            judged(format!("class {}: not known as spam", shown(value)), false)
        }
        _ => plain(format!("class {}", shown(value))),
    }
}
