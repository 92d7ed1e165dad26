//! A statement about the whole corpus.

use super::time::Instant;
use super::vocab::{Direction, EntityType, FindingState, FindingStatus, Grade, Layer, Side};
use std::sync::Arc;

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entity {
    /// Kind.
    pub kind: EntityType,
    /// Name, as in the export (lower case for addresses and domains).
    pub value: String,
}

/// One line of proof.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Network message id, dashed; empty where the record has none.
    pub network_message_id: String,
    /// Path of the input.
    pub source: String,
    /// Physical line.
    pub line: u64,
    /// What the record says.
    pub text: String,
}

/// The change before an onset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeBefore {
    /// When.
    pub time: Instant,
    /// What, as written.
    pub what: String,
    /// Minutes from the change to the onset.
    pub minutes_before: i64,
}

/// A delivery that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affected {
    /// First time a record states, UTC.
    pub time: Instant,
    /// Network message id, dashed; empty where the records have none.
    pub network_message_id: Box<str>,
    /// Recipient.
    pub recipient: Box<str>,
    /// Envelope sender.
    pub sender: Box<str>,
    /// Direction.
    pub direction: Direction,
    /// What became of it.
    pub fate: Fate,
    /// Enhanced status code; empty where none is known.
    pub code: Arc<str>,
    /// The failure's text, its variable parts masked.
    pub reason: Arc<str>,
    /// Connector.
    pub connector: Arc<str>,
    /// Host that gave the reply.
    pub server: Arc<str>,
    /// Tenant id.
    pub tenant: Arc<str>,
    /// Path of the input.
    pub source: Arc<str>,
    /// Physical line.
    pub line: u64,
}

/// What became of an affected delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It failed: whoever sent it must send it again.
    Lost,
    /// It is still being tried.
    Retrying,
    /// It lies in quarantine or Junk.
    Held,
    /// It arrived late.
    Late,
    /// It lies in a folder that a mailbox rule chose.
    Filed,
    /// It arrived and should not have.
    LetPass,
}

impl Fate {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Retrying => "retrying",
            Self::Held => "held",
            Self::Late => "late",
            Self::Filed => "filed",
            Self::LetPass => "let_pass",
        }
    }
}

/// A finding: incident, chronic problem, risk or hint.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Stable id, `layer.cause`.
    pub id: String,
    /// Stable hash of id and entity, 16 hex digits: the same problem has the same key tomorrow.
    pub key: String,
    /// Layer.
    pub layer: Layer,
    /// Cause, a stable snake_case word.
    pub cause: String,
    /// On whose side.
    pub side: Side,
    /// Incident, chronic, ...
    pub status: FindingStatus,
    /// Ongoing, ended, ...
    pub state: FindingState,
    /// How directly it is known.
    pub grade: Grade,
    /// 0 to 1, from grade, support and contradiction.
    pub confidence: f64,
    /// One sentence.
    pub title: String,
    /// Best estimate of the onset.
    pub onset: Option<Instant>,
    /// Interval of the onset.
    pub onset_interval: Option<(Instant, Instant)>,
    /// End, where it is over.
    pub end: Option<Instant>,
    /// Last delivery that was hit.
    pub last_bad: Option<Instant>,
    /// Last delivery of the entity that was not hit.
    pub last_good: Option<Instant>,
    /// What it is about.
    pub entity: Entity,
    /// Where else it shows (largest slices).
    pub scope: Vec<Entity>,
    /// Messages hit.
    pub messages: u64,
    /// Deliveries hit.
    pub deliveries: u64,
    /// Interval of deliveries hit (excess over the baseline).
    pub deliveries_interval: (u64, u64),
    /// Part of all failing and held deliveries, 0 to 1.
    pub share: f64,
    /// Enhanced status codes seen.
    pub codes: Vec<String>,
    /// Signatures seen.
    pub signatures: Vec<String>,
    /// The last change before the onset, where a change log is among the inputs.
    pub change: Option<ChangeBefore>,
    /// Proof.
    pub evidence: Vec<Evidence>,
    /// What to do next, most useful first.
    pub next_steps: Vec<String>,
    /// Deliveries it is about, by (time, id, recipient): the full list where the run kept all
    /// cases, else a sample. Not part of `report.json`.
    pub affected: Vec<Affected>,
}
