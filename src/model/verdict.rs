//! What became of a delivery and why.

use super::vocab::{Direction, Grade, Layer, Outcome, Placement, Risk, Side};
use std::sync::Arc;

/// Failure text with its variable parts removed, classified; shared by all deliveries that carry
/// it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// Who speaks; empty where unknown.
    pub issuer: String,
    /// Enhanced status code; empty where there is none.
    pub code: String,
    /// Normalised text.
    pub text: String,
    /// Layer.
    pub layer: Layer,
    /// Cause, a stable snake_case word.
    pub cause: String,
    /// Side.
    pub side: Side,
}

/// The verdict on one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Direction.
    pub direction: Direction,
    /// First outcome seen.
    pub outcome_first: Outcome,
    /// Last outcome.
    pub outcome: Outcome,
    /// Where it lies.
    pub placement: Placement,
    /// Failing: failed, dropped, pending beyond the dialect's lag.
    pub failing: bool,
    /// Held: quarantined, filtered, delivered to Junk.
    pub held: bool,
    /// Layer of the fault, or of what moved the message to a folder; [`Layer::Unknown`] where nothing
    /// is wrong or nothing is said.
    pub layer: Layer,
    /// Side of the fault.
    pub side: Side,
    /// How directly it is known.
    pub grade: Grade,
    /// Failure signature of a failing or held delivery.
    pub signature: Option<Arc<Signature>>,
    /// What an allow list let through; `None` where nothing speaks of one.
    pub risk: Option<Risk>,
}
