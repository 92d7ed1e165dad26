//! Cloudmark, inside the filters of providers and of Proofpoint.
//!
//! Source: real messages; community header references.

use super::parts::{by_words, number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Cloudmark",
    stamps: &[
        reads("x-authority-analysis", analysis),
        reads("x-cmae-analysis", analysis),
        reads("x-cnfs-analysis", analysis),
        reads("x-cm-analysis", analysis),
        reads("x-cmae-score", score),
        reads("x-cm-score", score),
        reads("x-cmae-verdict", |v| by_words("verdict", v)),
        says("x-cmae-envelope", "envelope, encoded, opaque"),
        says("x-cm-envelope", "envelope, encoded, opaque"),
        says("x-cm-transid", "id of the message, opaque"),
        reads("x-cloudmark-*", |v| by_words("of Cloudmark", v)),
        reads("x-cmae-*", |v| plain(format!("of Cloudmark, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot); community header references",
};

/// `v=2.4 cv=AbCd c=1 sm=0 a=... `: fingerprints that matched, without a verdict.
fn analysis(value: &str) -> Said {
    let of = |key: &str| super::parts::value_of(value, &[' ', '\t', ';'], key).map(shown);
    let version = of("v").map(|v| format!(" (version {v})")).unwrap_or_default();
    plain(format!("fingerprints of the content{version}, opaque: no verdict"))
}

/// 0 to 100: the share of its users who call the like spam.
fn score(value: &str) -> Said {
    match number(value) {
        Some(n) if n >= 99.0 => judged(format!("score {n} of 100: spam"), true),
        Some(0.0) => judged("score 0 of 100: clean", false),
        Some(n) => plain(format!("score {n} of 100")),
        None => plain(format!("score {}", shown(value))),
    }
}
