//! Kaspersky: Secure Mail Gateway (KSMG), Security for Linux Mail Server (KLMS), Security for
//! Exchange (KSE).
//!
//! Source: Kaspersky's pages on the headers of KSMG.

use super::parts::{number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Kaspersky",
    stamps: &[
        reads("x-ksmg-antispam-status", status),
        reads("x-klms-antispam-status", status),
        reads("x-ksmg-antispam-rate", rate),
        reads("x-klms-antispam-rate", rate),
        reads("x-ksmg-antiphishing", status),
        reads("x-klms-antiphishing", status),
        reads("x-ksmg-antivirus", status),
        reads("x-klms-antivirus", status),
        reads("x-ksmg-antivirus-status", status),
        reads("x-klms-antivirus-status", status),
        reads("x-ksmg-linksscanning", status),
        says("x-ksmg-antispam-interceptor-info", "state of the scanner, no verdict"),
        says("x-klms-antispam-interceptor-info", "state of the scanner, no verdict"),
        says("x-kse-antispam-interceptor-info", "state of the scanner, no verdict"),
        says("x-kse-antivirus-interceptor-info", "state of the scanner, no verdict"),
        says("x-kse-attachmentfiltering-interceptor-info", "state of the scanner, no verdict"),
        reads("x-ksmg-rule-id", |v| plain(format!("rules that applied: {}", shown(v)))),
        reads("x-klms-rule-id", |v| plain(format!("rules that applied: {}", shown(v)))),
        reads("x-ksmg-message-action", |v| plain(format!("action: {}", shown(v)))),
        reads("x-klms-message-action", |v| plain(format!("action: {}", shown(v)))),
        reads("x-kse-antispam-status", status),
        reads("x-kse-antispam-rate", rate),
        reads("x-ksmg-*", |v| plain(format!("of the gateway, not further known: {}", shown(v)))),
        reads("x-klms-*", |v| plain(format!("of the scanner, not further known: {}", shown(v)))),
        reads("x-kse-*", |v| plain(format!("of the scanner, not further known: {}", shown(v)))),
    ],
    source: "support.kaspersky.com KSMG pages",
};

fn status(value: &str) -> Said {
    let lower = value.to_lowercase();
    let meaning = format!("status: {}", shown(value));
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&[
        "not_detected",
        "not detected",
        "clean",
        "not_spam",
        "trusted",
        "skipped",
        "bases:",
        "not scanned",
    ]) {
        if has(&["clean", "not_detected", "not detected", "not_spam", "trusted"]) {
            judged(meaning, false)
        } else {
            plain(meaning)
        }
    } else if has(&[
        "spam",
        "phishing",
        "infected",
        "detected",
        "malicious",
        "massmail",
        "blacklisted",
    ]) {
        judged(meaning, true)
    } else {
        plain(meaning)
    }
}

/// 0 to 100, spam from 80 on.
fn rate(value: &str) -> Said {
    match number(value) {
        Some(n) if n >= 80.0 => judged(format!("rate {n} of 100: spam"), true),
        Some(n) if n < 50.0 => judged(format!("rate {n} of 100"), false),
        Some(n) => plain(format!("rate {n} of 100: probably spam")),
        None => plain(format!("rate {}", shown(value))),
    }
}
