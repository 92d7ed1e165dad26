//! ClamAV, amavis and other virus scanners that write the same headers.
//!
//! Source: real messages; amavis's and clamav-milter's documentation.

use super::parts::{by_words, shown};
use super::{Family, Said, judged, plain, reads};

pub(super) const FAMILY: Family = Family {
    product: "ClamAV / amavis",
    stamps: &[
        reads("x-virus-scanned", |v| plain(format!("scanned for viruses by {}", shown(v)))),
        reads("x-virus-status", status),
        reads("x-virus-scan", |v| by_words("virus scan", v)),
        reads("x-virus-report", |v| plain(format!("report: {}", shown(v)))),
        reads("x-virus-scanner-result", |v| by_words("virus scan", v)),
        reads("x-antivirus", |v| plain(format!("scanned for viruses by {}", shown(v)))),
        reads("x-antivirus-status", |v| by_words("virus scan", v)),
        reads("x-antivirus-scanner", |v| plain(format!("scanned for viruses by {}", shown(v)))),
        reads("x-amavis-alert", |v| judged(format!("amavis warns: {}", shown(v)), true)),
        reads("x-amavis-modified", |v| plain(format!("amavis changed it: {}", shown(v)))),
        reads("x-amavis-hold", |v| judged(format!("amavis held it: {}", shown(v)), true)),
        reads("x-quarantine-id", |v| plain(format!("id in a quarantine: {}", shown(v)))),
        reads("x-amavis-*", |v| plain(format!("of amavis, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot); documentation of amavis",
};

fn status(value: &str) -> Said {
    let meaning = format!("virus scan: {}", shown(value));
    match value.trim().to_lowercase() {
        v if v.starts_with("clean") || v.starts_with("no") => judged(meaning, false),
        v if v.starts_with("infected") || v.starts_with("yes") => judged(meaning, true),
        _ => plain(meaning),
    }
}
