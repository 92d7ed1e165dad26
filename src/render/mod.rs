//! Show it: a report becomes bytes.
//!
//! Comes in: a finished [`Report`] with its reject ledger. Goes out: bytes into a writer, or a
//! whole output directory ([`files::write_dir`]). Deliberately absent: numbers of its own (a
//! renderer counts nothing that the report does not hold), the clock, and the decision where
//! the answer goes.

use crate::model::{Clock, Reject, Report};
use std::path::Path;

pub mod affected;
pub mod csv;
pub mod explain;
pub mod facts;
pub mod files;
pub mod formats;
pub mod headers;
#[cfg(feature = "cli")]
mod headline;
#[cfg(feature = "cli")]
pub mod html;
pub mod inspect;
pub mod json;
#[cfg(feature = "cli")]
pub mod markdown;
pub mod rows;
pub mod safety;
#[cfg(feature = "cli")]
mod series;
pub mod tables;
#[cfg(feature = "cli")]
pub mod terminal;
pub mod verification;
#[cfg(feature = "cli")]
mod words;
#[cfg(feature = "cli")]
pub mod xlsx;

#[cfg(all(test, feature = "cli"))]
mod awkward;
#[cfg(test)]
mod nasty;
#[cfg(test)]
pub(crate) mod sample;

pub use files::OutputFile;

/// Everything an output may draw from.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The report.
    pub report: &'a Report,
    /// Refused records, in (input, line) order.
    pub rejects: &'a [Reject],
    /// Refused records beyond those listed in `rejects`.
    pub rejects_omitted: u64,
    /// Every affected delivery that the run kept is to be listed, not only the first of each finding.
    pub all_rows: bool,
    /// The reader's clock, shown beside UTC; `None` where no zone was named.
    pub zone: Option<&'a dyn Clock>,
    /// Folder for temporary files; the system's where `None`.
    pub temp: Option<&'a Path>,
}

impl<'a> Answer<'a> {
    /// A report alone: no rejects, no zone, lists bounded.
    pub fn new(report: &'a Report) -> Self {
        Self { report, rejects: &[], rejects_omitted: 0, all_rows: false, zone: None, temp: None }
    }
}

/// One output of a report directory: a name and the files it consists of.
#[derive(Clone, Copy)]
pub struct Output {
    /// Name of the output.
    pub name: &'static str,
    /// Its files, relative to the directory.
    pub files: for<'a> fn(Answer<'a>) -> Vec<OutputFile<'a>>,
}

/// The outputs of a report directory. `report.json` stands last: its presence says that all the
/// others are whole.
pub const OUTPUTS: &[Output] = &[
    Output { name: "tables", files: csv::table_files },
    Output { name: "affected", files: affected::files },
    Output { name: "rejected", files: csv::rejected_files },
    #[cfg(feature = "cli")]
    Output { name: "xlsx", files: xlsx::files },
    #[cfg(feature = "cli")]
    Output { name: "html", files: html::files },
    #[cfg(feature = "cli")]
    Output { name: "markdown", files: markdown::files },
    Output { name: "json", files: json::files },
];

/// All files of a report directory, in the order in which they are to appear.
pub fn all_files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    OUTPUTS.iter().flat_map(|o| (o.files)(answer)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_writes_the_awkward_report() {
        let report = sample::rich();
        let rejects = sample::rejects();
        let answer = Answer { rejects: &rejects, rejects_omitted: 7, ..Answer::new(&report) };
        let mut names = std::collections::BTreeSet::new();
        for output in OUTPUTS {
            for file in (output.files)(answer) {
                assert!(names.insert(file.name().to_owned()), "{} twice", file.name());
                let mut bytes = Vec::new();
                file.write(&mut bytes).unwrap();
                assert!(!bytes.is_empty(), "{} of {}", names.len(), output.name);
            }
        }
        assert!(
            names.contains("report.json")
                && names.contains("tables/affected.csv")
                && names.contains("rejected.csv")
        );
        let last = all_files(answer).pop().unwrap();
        assert_eq!(last.name(), files::REPORT);
    }
}
