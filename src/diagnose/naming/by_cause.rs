//! Systems stated the reason, in bounces: the layer and cause that most of them agree on.

use super::{Clues, Naming};
use crate::diagnose::phrase;

/// Reasons needed before one layer is named for the whole rise.
const STATED: u64 = 2;
/// Part of them that must agree.
const AGREEING: f64 = 0.6;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let agreed = clues.agreed()?;
    if agreed.stated < STATED.min(clues.size()) || agreed.purity < AGREEING {
        return None;
    }
    let title = phrase::failing(&clues.entity(), agreed.cause);
    Some(agreed.naming(agreed.cause, title))
}
