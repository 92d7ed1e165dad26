//! Products that write one or two headers.
//!
//! Sources: real messages; the products' own documentation of their headers.

use super::parts::{by_words, first_word, number, shown, yes_or_no};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const ESET: Family = Family {
    product: "ESET",
    stamps: &[
        reads("x-esetresult", |v| by_words("virus scan", v)),
        says("x-esetid", "id of the scan"),
        reads("x-eset-as", |v| by_words("spam scan", v)),
        reads("x-esetscannerbuild", |v| plain(format!("build {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};

pub(super) const WATCHGUARD: Family = Family {
    product: "WatchGuard",
    stamps: &[
        reads("x-watchguard-antivirus", |v| by_words("virus scan", v)),
        reads("x-watchguard-spam-score", score),
        says("x-watchguard-spam-id", "id of the classification"),
        reads("x-watchguard-*", |v| plain(format!("of WatchGuard: {}", shown(v)))),
    ],
    source: "WatchGuard help: spamBlocker headers",
};

/// `0, clean; 0, virus threat unknown`
fn score(value: &str) -> Said {
    by_words("spam and virus classes", value)
}

pub(super) const CRM114: Family = Family {
    product: "CRM114",
    stamps: &[
        reads("x-crm114-status", |v| match first_word(v).as_str() {
            "good" => judged(format!("class {}", shown(v)), false),
            "spam" => judged(format!("class {}", shown(v)), true),
            _ => plain(format!("class {}", shown(v))),
        }),
        says("x-crm114-version", "version of the classifier"),
        says("x-crm114-cacheid", "id for retraining"),
        says("x-crm114-notice", "how to retrain it"),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};

pub(super) const TRUSTWAVE: Family = Family {
    product: "Trustwave MailMarshal",
    stamps: &[
        reads("x-seg-spamprofiler-score", |v| match number(v) {
            Some(n) if n >= 100.0 => judged(format!("score {n}: spam from 100 on"), true),
            Some(n) => judged(format!("score {n}: spam from 100 on"), false),
            None => plain(format!("score {}", shown(v))),
        }),
        reads("x-seg-spamprofiler-analysis", |_| plain("what it rests on, opaque")),
        reads("x-marshal-spamprofiler*", |v| plain(format!("of MailMarshal: {}", shown(v)))),
        reads("x-seg-*", |v| plain(format!("of MailMarshal: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};

pub(super) const MCAFEE: Family = Family {
    product: "McAfee",
    stamps: &[
        reads("x-nai-spam-flag", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("x-nai-spam-score", |v| plain(format!("score {}", shown(v)))),
        reads("x-nai-spam-level", |v| plain(format!("level {}", shown(v)))),
        reads("x-nai-spam-threshold", |v| plain(format!("spam from {} on", shown(v)))),
        reads("x-nai-spam-threshhold", |v| plain(format!("spam from {} on", shown(v)))),
        reads("x-nai-spam-*", |v| plain(format!("of the gateway: {}", shown(v)))),
    ],
    source: "community header references",
};

pub(super) const BITDEFENDER: Family = Family {
    product: "Bitdefender",
    stamps: &[
        reads("x-bitdefender-spam", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("x-bitdefender-spamstamp", |_| plain("details of the scan, opaque")),
        reads("x-bitdefender-scanner", |v| by_words("virus scan", v)),
        reads("x-bitdefender-*", |v| plain(format!("of Bitdefender: {}", shown(v)))),
    ],
    source: "community header references",
};

pub(super) const COREMAIL: Family = Family {
    product: "Coremail",
    stamps: &[
        says("x-coremail-antispam", "of Coremail's filter, opaque"),
        says("x-cm-transid", "id of the message, opaque"),
        says("x-cm-senderinfo", "who sent it, encoded"),
        reads("x-coremail-*", |v| plain(format!("of Coremail: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};
