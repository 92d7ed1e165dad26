//! Has the repair of a former finding held?

use super::finding::Entity;
use super::time::Instant;

/// What a former report said of the problem.
#[derive(Clone, Debug, PartialEq)]
pub struct FormerFinding {
    /// Stable key.
    pub key: String,
    /// `layer.cause`.
    pub id: String,
    /// Layer.
    pub layer: String,
    /// Cause.
    pub cause: String,
    /// What it is about.
    pub entity: Entity,
    /// One sentence.
    pub title: String,
    /// Deliveries hit; missing ones of a silence.
    pub deliveries: u64,
    /// Begin of the problem.
    pub onset: Option<Instant>,
    /// Last delivery hit, or the end of the report's window where none is named.
    pub last_bad: Option<Instant>,
    /// End of the window that the report covers: what is older says nothing of a repair.
    pub report_end: Option<Instant>,
}

/// The verdict on a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Mail that would have failed arrives.
    Held,
    /// It still fails.
    NotHeld,
    /// It fails less often, and not never.
    Improved,
    /// Too little mail since.
    InsufficientData,
    /// No mail of the entity is in the new export at all.
    NotObservable,
}

impl Repair {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotHeld => "not_held",
            Self::Improved => "improved",
            Self::InsufficientData => "insufficient_data",
            Self::NotObservable => "not_observable",
        }
    }
}

/// The answer of `compare --verify`.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// The problem.
    pub finding: FormerFinding,
    /// Verdict.
    pub repair: Repair,
    /// How sure the verdict is, 0 to 1.
    pub confidence: f64,
    /// Why, in a sentence.
    pub why: String,
    /// Deliveries of the entity that are newer than the report.
    pub deliveries: u64,
    /// Of these hit as before.
    pub bad: u64,
    /// Of these failing or held for another stated reason.
    pub other: u64,
    /// Last one hit, in the report or since.
    pub last_bad: Option<Instant>,
    /// Last one that arrived.
    pub last_good: Option<Instant>,
    /// Deliveries that would have been hit since the last one that was, at the former pace.
    pub expected: f64,
}
