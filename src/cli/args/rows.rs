//! Arguments of the verbs that give rows: `facts` and `query`.

use super::{Machine, Reading, Redaction, Tolerance};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

pub(super) const FACTS_EXAMPLES: &str = "\
Examples:
  mailtriage facts exports/ -o facts.csv
      One row per delivery, in order of time, for a spreadsheet
  mailtriage facts exports/ --format jsonl | jq -c 'select(.outcome == \"failed\")'
  mailtriage facts exports/ -o facts.parquet
      For analysts (needs the full build)

The columns are described in docs/schema.md.";

/// Arguments of `facts`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Facts {
    /// Files, folders (read whole) or globs, as for analyze
    #[arg(required = true, value_name = "PATH")]
    pub(in super::super) paths: Vec<PathBuf>,

    /// Write to this file: .csv, .jsonl or .parquet; - is standard output [default: -]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(in super::super) output: Option<PathBuf>,

    /// Form of the rows [default: by the ending of the file, else csv]
    #[arg(long, value_enum, help_heading = "Output")]
    pub(in super::super) format: Option<FactsFormat>,

    /// Replace an existing file
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(in super::super) force: bool,

    /// No progress and no notes on stderr
    #[arg(short, long, help_heading = "Output")]
    pub(in super::super) quiet: bool,

    /// No progress bar, even on a terminal
    #[arg(long, help_heading = "Output")]
    pub(in super::super) no_progress: bool,

    #[command(flatten)]
    pub(in super::super) redaction: Redaction,

    #[command(flatten)]
    pub(in super::super) reading: Reading,

    #[command(flatten)]
    pub(in super::super) machine: Machine,

    #[command(flatten)]
    pub(in super::super) tolerance: Tolerance,
}

pub(super) const QUERY_EXAMPLES: &str = "\
Examples:
  mailtriage query 'SELECT outcome, COUNT(*) AS n FROM deliveries GROUP BY outcome' exports/
  mailtriage query 'SELECT id, entity, onset FROM findings' exports/ --format json
  mailtriage query 'SELECT * FROM deliveries WHERE layer IS NOT NULL' facts.parquet --format csv

Tables: deliveries (docs/schema.md); findings and signatures, where exports are asked.";

/// Arguments of `query`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Query {
    /// The question
    #[arg(required = true, value_name = "SQL")]
    pub(in super::super) sql: String,

    /// Files, folders (read whole) or globs, as for analyze; or facts saved as .parquet
    #[arg(required = true, value_name = "PATH")]
    pub(in super::super) paths: Vec<PathBuf>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = RowsFormat::Text, help_heading = "Output")]
    pub(in super::super) format: RowsFormat,

    /// No progress and no notes on stderr
    #[arg(short, long, help_heading = "Output")]
    pub(in super::super) quiet: bool,

    /// No progress bar, even on a terminal
    #[arg(long, help_heading = "Output")]
    pub(in super::super) no_progress: bool,

    #[command(flatten)]
    pub(in super::super) reading: Reading,

    #[command(flatten)]
    pub(in super::super) machine: Machine,

    #[command(flatten)]
    pub(in super::super) tolerance: Tolerance,
}

/// Form of an answer's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in super::super) enum RowsFormat {
    /// An aligned table for people
    Text,
    /// An array of objects
    Json,
    /// One object per line
    Jsonl,
    /// For spreadsheets
    Csv,
}

/// Form of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in super::super) enum FactsFormat {
    /// For spreadsheets
    Csv,
    /// One JSON object per line
    Jsonl,
    /// Columns, compressed (needs the full build)
    Parquet,
}

impl From<FactsFormat> for mailtriage::render::facts::Format {
    fn from(format: FactsFormat) -> Self {
        match format {
            FactsFormat::Csv => Self::Csv,
            FactsFormat::Jsonl => Self::Jsonl,
            FactsFormat::Parquet => Self::Parquet,
        }
    }
}
