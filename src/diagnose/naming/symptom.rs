//! Something broke, since when and for whom is known; why, this input cannot show.

use super::{Clues, Naming};
use crate::diagnose::phrase;
use crate::model::{Grade, Layer, Side};

#[allow(clippy::unnecessary_wraps)] // every naming may decline; the last one never does
pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    Some(Naming {
        layer: Layer::Unknown,
        cause: "no_reason_in_export".into(),
        side: Side::Unknown,
        grade: Grade::Heuristic,
        purity: 0.5,
        stated: 0,
        entity: None,
        title: phrase::failing(&clues.entity(), "no_reason_in_export"),
    })
}
