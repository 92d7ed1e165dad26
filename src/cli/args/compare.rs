//! Arguments of `compare`.

use super::{Format, Machine, Reading};
use clap::Args as ClapArgs;
use std::path::PathBuf;

pub(super) const COMPARE_EXAMPLES: &str = "\
Examples:
  mailtriage compare --verify 0123456789abcdef report/ today.csv
      Has the repair held? The key stands in report.json and tables/findings.csv
  mailtriage compare --verify 0123 report/report.json exports/ --format json | jq .verdict

Verdicts: held, not_held, improved, insufficient_data, not_observable.
Exit codes: 0 the repair has held; 1 there is an answer, and it is another one; 2 wrong usage;
3 no answer.";

/// Arguments of `compare`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Compare {
    /// Key of the finding whose repair is in question, or its first characters (4 at least)
    #[arg(long, value_name = "FINDING_KEY")]
    pub(in super::super) verify: String,

    /// The former report: report.json, or the folder it lies in
    #[arg(required = true, value_name = "REPORT")]
    pub(in super::super) report: PathBuf,

    /// Exports that were made since: files, folders (read whole), archives or globs
    #[arg(required = true, value_name = "NEW_EXPORT")]
    pub(in super::super) exports: Vec<PathBuf>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in super::super) format: Format,

    #[command(flatten)]
    pub(in super::super) reading: Reading,

    #[command(flatten)]
    pub(in super::super) machine: Machine,
}
