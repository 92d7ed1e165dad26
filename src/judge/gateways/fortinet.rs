//! Fortinet: FortiMail and FortiGuard.
//!
//! Sources: real messages; community header references.

use super::parts::{by_words, shown};
use super::{Family, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "FortiMail",
    stamps: &[
        reads("x-feas-spf", |v| by_words("SPF as FortiMail saw it", v)),
        reads("x-feas-dkim", |v| by_words("DKIM as FortiMail saw it", v)),
        reads("x-feas-dmarc", |v| by_words("DMARC as FortiMail saw it", v)),
        reads("x-feas-system-safe-list", |v| {
            plain(format!("on the safe list of the system, spam checks skipped: {}", shown(v)))
        }),
        reads("x-feas-safe-list", |v| {
            plain(format!("on a safe list, spam checks skipped: {}", shown(v)))
        }),
        reads("x-feas-block-list", |v| {
            super::judged(format!("on a block list: {}", shown(v)), true)
        }),
        reads("x-feas-system-block-list", |v| {
            super::judged(format!("on the block list of the system: {}", shown(v)), true)
        }),
        reads("x-feas-fortiguard*", |v| {
            super::judged(format!("FortiGuard knows it: {}", shown(v)), true)
        }),
        reads("x-feas-surbl", |v| {
            super::judged(format!("holds a listed address of a web page: {}", shown(v)), true)
        }),
        reads("x-feas-dnsbl", |v| {
            super::judged(format!("sent from a listed address: {}", shown(v)), true)
        }),
        reads("x-feas-heuristic", |v| plain(format!("rules that matched: {}", shown(v)))),
        reads("x-feas-client-ip", |v| plain(format!("address that connected: {}", shown(v)))),
        reads("x-fe-last-public-client-ip", |v| {
            plain(format!("last public address on its way: {}", shown(v)))
        }),
        reads("x-fe-policy-id", |v| {
            plain(format!("policies that applied (access:IP:recipient:domain): {}", shown(v)))
        }),
        reads("x-fe-envelope-from", |v| plain(format!("envelope sender: {}", shown(v)))),
        reads("x-fe-orig-env-*", |v| {
            plain(format!("envelope before it was rewritten: {}", shown(v)))
        }),
        reads("x-fe-attachment-name", |v| plain(format!("attachments: {}", shown(v)))),
        says("x-feas-hash", "checksum that FortiGuard is asked about"),
        says("x-feas-attachment-filter", "an attachment rule matched"),
        reads("x-feas-*", |v| plain(format!("check of FortiMail that acted: {}", shown(v)))),
        reads("x-fortimail*", |v| plain(format!("of FortiMail: {}", shown(v)))),
        reads("x-fortiguard*", |v| plain(format!("of FortiGuard: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot); community header references",
};
