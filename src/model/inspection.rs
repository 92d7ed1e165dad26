//! What one input is, and whether it can be trusted.

use super::input::SourceEntry;

/// Everything that is known of one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Its line in the ledger.
    pub entry: SourceEntry,
    /// What its format is, in words; empty where it is not read.
    pub title: &'static str,
    /// Field delimiter of a delimited file.
    pub delimiter: Option<char>,
    /// Columns (or names of JSON records) that are read, as written.
    pub known: Vec<String>,
    /// Columns that are not read.
    pub unknown: Vec<String>,
    /// Order of day, month and year of its dates, where it has dates that do not say.
    pub date_order: Option<&'static str>,
    /// Why that order.
    pub date_reason: Option<&'static str>,
    /// Zone of times that state none.
    pub zone: String,
    /// Its format leaves the zone open: it is named by the user, or assumed.
    pub zone_open: bool,
    /// Hours from its first to its last record, and those without any; 0 where not counted.
    pub hours: u64,
    /// Hours without a record.
    pub empty_hours: u64,
    /// Records whose state is not final (Pending, GettingStatus).
    pub provisional: u64,
    /// Subjects of exactly 256 characters, where exports cut them.
    pub long_subjects: u64,
    /// Refused records by kind of reason, in the order of the kinds.
    pub rejects: Vec<(&'static str, u64)>,
    /// Why it cannot be trusted; empty where it can.
    pub faults: Vec<String>,
    /// What to do about the first of these: mostly the command that exports it again.
    pub mend: Option<String>,
}

impl Inspection {
    /// Nothing speaks against it.
    pub fn trusted(&self) -> bool {
        self.faults.is_empty()
    }
}

/// A format that can be read, as `formats` lists it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FormatLine {
    /// Name in the report.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// `mail` or `evidence`.
    pub role: &'static str,
    /// How it is recognised, in words.
    pub recognised: &'static str,
    /// Layers whose faults it can show.
    pub shows: Vec<&'static str>,
    /// Name of an example among the samples.
    pub sample: &'static str,
}
