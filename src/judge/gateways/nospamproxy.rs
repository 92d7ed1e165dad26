//! NoSpamProxy (Net at Work).
//!
//! Source: community header references.

use super::parts::{by_words, number, shown};
use super::{Family, Said, judged, plain, reads};

pub(super) const FAMILY: Family = Family {
    product: "NoSpamProxy",
    stamps: &[
        reads("x-nospamproxy-scl", scl),
        reads("x-nospamproxy-rating", |v| by_words("rating", v)),
        reads("x-nospamproxy-*", |v| by_words("of NoSpamProxy", v)),
        reads("x-nsp-*", |v| plain(format!("of NoSpamProxy: {}", shown(v)))),
    ],
    source: "community header references",
};

/// Its own spam confidence level: refused from 4 on by default.
fn scl(value: &str) -> Said {
    match number(value) {
        Some(n) if n >= 4.0 => judged(format!("level {n}: refused from 4 on by default"), true),
        Some(n) => judged(format!("level {n}: refused from 4 on by default"), false),
        None => plain(format!("level {}", shown(value))),
    }
}
