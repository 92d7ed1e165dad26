//! Retarus Email Security.
//!
//! Source: community header references.

use super::parts::{by_words, shown};
use super::{Family, plain, reads};

pub(super) const FAMILY: Family = Family {
    product: "Retarus",
    stamps: &[
        reads("x-retarus-spam*", |v| by_words("spam verdict", v)),
        reads("x-retarus-virus*", |v| by_words("virus scan", v)),
        reads("x-rmx-*", |v| plain(format!("of Retarus: {}", shown(v)))),
        reads("x-retarus*", |v| plain(format!("of Retarus, not further known: {}", shown(v)))),
    ],
    source: "community header references",
};
