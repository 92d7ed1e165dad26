//! Verdicts in headers that no one product owns: named like the others, so that they are not
//! overlooked.
//!
//! Source: the names as met in real messages; the readings are inferred from the words.

use super::parts::{by_words, shown, yes_or_no};
use super::{Family, plain, reads};

pub(super) const FAMILY: Family = Family {
    product: "Other filter",
    stamps: &[
        reads("x-ip-spam-verdict", |v| by_words("verdict on the sender's address", v)),
        reads("x-spam", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("x-scanned-by", |v| plain(format!("scanned by {}", shown(v)))),
        reads("x-virus-scanned-by", |v| plain(format!("scanned by {}", shown(v)))),
        reads("x-appinfo", |v| plain(format!("of the gateway's application: {}", shown(v)))),
        reads("x-va-spam-flag", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("x-hm-spam-status", |_| plain("of HiMail's filter, opaque")),
        reads("x-ibm-av-detection", |v| by_words("virus scan", v)),
        reads("x-spamfilter-by", |v| plain(format!("filtered by {}", shown(v)))),
        reads("x-bulkmail", |v| yes_or_no(v, "marked as bulk mail", "not marked as bulk mail")),
        reads("x-suspected-spam", |v| yes_or_no(v, "suspected of spam", "not suspected of spam")),
        reads("x-junkmail", |v| by_words("verdict", v)),
        reads("x-junk-score", |v| plain(format!("score {}", shown(v)))),
        reads("x-dspam-result", |v| by_words("verdict of DSPAM", v)),
        reads("x-bogosity", |v| by_words("verdict of Bogofilter", v)),
        reads("x-mailfilter", |v| by_words("verdict", v)),
        reads("x-phishing*", |v| by_words("about phishing", v)),
        reads("x-spam-*", |v| plain(format!("of a spam filter: {}", shown(v)))),
        reads("x-spamfilter*", |v| plain(format!("of a spam filter: {}", shown(v)))),
        reads("*-spam-status", |v| by_words("verdict", v)),
        reads("*-spam-flag", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("*-spam-score", |v| plain(format!("score {}", shown(v)))),
        reads("*-spam-level", |v| plain(format!("level {}", shown(v)))),
        reads("*-spam-verdict", |v| by_words("verdict", v)),
        reads("*-spamscore", |v| plain(format!("score {}", shown(v)))),
        reads("*-virus-status", |v| by_words("virus scan", v)),
    ],
    source: "inferred from the header's name",
};
