//! The report: what tally and diagnose fill, and every renderer draws.

use super::finding::Finding;
use super::input::SourceEntry;
use super::time::Instant;
use super::vocab::{Direction, Layer, LayerState, Outcome, Placement};

/// What a column holds, so that N tables and M outputs need no N times M code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text. Written by strangers unless it is one of our vocabularies: escape it.
    Text,
    /// An identifier: text that a spreadsheet must not read as a number or a date.
    Id,
    /// A whole number.
    Count,
    /// A part of a whole, 0 to 1.
    Share,
    /// A UTC instant.
    Instant,
}

impl ColumnKind {
    /// Spelling in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Id => "id",
            Self::Count => "count",
            Self::Share => "share",
            Self::Instant => "instant",
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable snake_case name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Unit, where the kind leaves it open.
    pub unit: Option<&'static str>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing known: rendered empty, `null` in JSON, never 0.
    Null,
    /// Text or identifier.
    Text(String),
    /// Whole number.
    Count(u64),
    /// Part of a whole, 0 to 1.
    Share(f64),
    /// UTC instant.
    Instant(Instant),
}

/// A table of the report, written as `tables/NAME.csv` and as `tables.NAME` in JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Stable snake_case name.
    pub name: &'static str,
    /// One line for people: what a row is.
    pub title: &'static str,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each as long as `columns`, in a fixed order.
    pub rows: Vec<Vec<Cell>>,
}

/// State of one layer over the whole input.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// The layer.
    pub layer: Layer,
    /// Its state.
    pub state: LayerState,
    /// Failing and held deliveries of this layer.
    pub deliveries: u64,
    /// Their part of all failing and held deliveries, 0 to 1.
    pub share: f64,
    /// Dialects among the inputs that could show a fault of this layer.
    pub seen_by: Vec<&'static str>,
    /// Exports that could show it and are not among the inputs.
    pub needs: Vec<&'static str>,
}

/// A failure signature: failure text with its variable parts removed.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureReport {
    /// Normalised text.
    pub signature: String,
    /// Enhanced status code, empty where there is none.
    pub code: String,
    /// Who speaks: `exchange_online`, `gmail`, ...; empty where unknown.
    pub issuer: String,
    /// Layer.
    pub layer: Layer,
    /// Cause, a stable snake_case word.
    pub cause: String,
    /// Deliveries.
    pub deliveries: u64,
    /// First seen.
    pub first_seen: Instant,
    /// Last seen.
    pub last_seen: Instant,
    /// Most frequent sender domains, most frequent first, at most 5.
    pub top_sender_domains: Vec<(String, u64)>,
    /// Where one such delivery stands: (path, line).
    pub sample: (String, u64),
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// From, inclusive.
    pub from: Instant,
    /// To, exclusive.
    pub to: Instant,
}

/// The totals. Every vocabulary value is present, 0 included, in vocabulary order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Totals {
    /// Deliveries by outcome.
    pub outcome: Vec<(Outcome, u64)>,
    /// Deliveries by placement.
    pub placement: Vec<(Placement, u64)>,
    /// Deliveries by direction.
    pub direction: Vec<(Direction, u64)>,
    /// Failed, dropped, and pending beyond the dialect's lag.
    pub failing: u64,
    /// Quarantined, filtered, and delivered to Junk.
    pub held: u64,
    /// Failing part of all deliveries that are neither expanded nor redirected.
    pub failing_share: f64,
    /// Held part of the same.
    pub held_share: f64,
}

/// The ledger of the input.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct InputReport {
    /// Inputs, skipped ones included.
    pub files: u64,
    /// Bytes of all inputs.
    pub bytes: u64,
    /// Records of role mail.
    pub rows: u64,
    /// Refused ones.
    pub rejected: u64,
    /// Exact duplicates.
    pub duplicates: u64,
    /// Distinct messages.
    pub messages: u64,
    /// Distinct (message, recipient).
    pub deliveries: u64,
    /// One entry per input, in path order.
    pub sources: Vec<SourceEntry>,
    /// Spans without a single record although mail flowed before and after.
    pub gaps: Vec<Span>,
}

/// The report of schema version 1.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Report {
    /// Version of the tool.
    pub version: String,
    /// Version of the knowledge tables.
    pub knowledge: String,
    /// Arguments of the run, as given.
    pub arguments: Vec<String>,
    /// First and last time of accepted mail records; `None` where there is none.
    pub window: Option<(Instant, Instant)>,
    /// Width of a time bucket in minutes.
    pub bucket_minutes: u32,
    /// What was assumed (date order, direction, zone), one sentence each.
    pub assumptions: Vec<String>,
    /// The ledger.
    pub input: InputReport,
    /// The totals.
    pub totals: Totals,
    /// One entry per layer, in vocabulary order.
    pub layers: Vec<LayerReport>,
    /// Deliveries that findings list one by one are one in so many, by a fixed rule; 0 and 1: all.
    pub listed_one_in: u64,
    /// Incidents first, by confidence, then share.
    pub findings: Vec<Finding>,
    /// Most frequent first.
    pub signatures: Vec<SignatureReport>,
    /// Tables, in a fixed order.
    pub tables: Vec<Table>,
}

impl Report {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }
}
