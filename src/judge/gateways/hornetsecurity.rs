//! Hornetsecurity (formerly antispameurope).
//!
//! Source: community header references.

use super::parts::{first_word, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Hornetsecurity",
    stamps: &[
        reads("x-antispameurope-spamstatus", status),
        reads("x-antispameurope-virusscan", |v| super::parts::by_words("virus scan", v)),
        reads("x-antispameurope-reason", |v| plain(format!("reason {}", shown(v)))),
        reads("x-antispameurope-connect", |v| plain(format!("who connected: {}", shown(v)))),
        reads("x-antispameurope-sender", |v| plain(format!("envelope sender: {}", shown(v)))),
        reads("x-antispameurope-recipient", |v| plain(format!("recipient: {}", shown(v)))),
        says("x-antispameurope-mailarchiv", "kept in the archive"),
        says("x-antispameurope-date", "time of the scan"),
        reads("x-antispameurope-expurgate-status", status),
        reads("x-hornetsecurity-spamstatus", status),
        reads("x-antispameurope-*", |v| {
            plain(format!("of Hornetsecurity, not further known: {}", shown(v)))
        }),
        reads("x-hornetsecurity-*", |v| {
            plain(format!("of Hornetsecurity, not further known: {}", shown(v)))
        }),
        reads("x-expurgate-type", status),
        reads("x-purgate-type", status),
        reads("x-purgate-*", |v| plain(format!("of eXpurgate, not further known: {}", shown(v)))),
        reads("x-expurgate-*", |v| plain(format!("of eXpurgate, not further known: {}", shown(v)))),
        says("x-purgate", "scanned by eXpurgate"),
    ],
    source: "community header references",
};

fn status(value: &str) -> Said {
    let word = first_word(value);
    let meaning = format!("verdict {}", shown(value));
    match word.as_str() {
        "clean" => judged(meaning, false),
        "infomail" | "bulk" => judged(format!("{meaning}: a newsletter"), true),
        w if w.starts_with("clean") => judged(meaning, false),
        w if w.starts_with("spam")
            || w.starts_with("virus")
            || w.starts_with("dangerous")
            || w.starts_with("suspect")
            || w.starts_with("content") =>
        {
            judged(meaning, true)
        }
        w if w.starts_with("bulk") => judged(meaning, true),
        _ => plain(meaning),
    }
}
