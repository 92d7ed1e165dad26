//! Arguments of `inspect` and `formats`.

use super::{Format, Machine, Reading};
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

pub(super) const INSPECT_EXAMPLES: &str = "\
Examples:
  mailtriage inspect exports/
      What each file is, what it covers, what speaks against it, and the command that mends it
  mailtriage inspect exports/ --format json | jq '.sources[] | select(.trusted | not) | .path'

Exit codes: 0 nothing speaks against any input; 1 something cannot be trusted; 2 wrong usage;
3 nothing could be looked at.";

/// Arguments of `inspect`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Inspect {
    /// Files, folders (read whole), archives or globs
    #[arg(required = true, value_name = "PATH")]
    pub(in super::super) paths: Vec<PathBuf>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in super::super) format: Format,

    #[command(flatten)]
    pub(in super::super) reading: Reading,

    #[command(flatten)]
    pub(in super::super) machine: Machine,
}

/// Arguments of `formats`.
#[derive(Debug, ClapArgs)]
pub(in super::super) struct Formats {
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = FormatsFormat::Text)]
    pub(in super::super) format: FormatsFormat,
}

/// What `formats` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in super::super) enum FormatsFormat {
    /// For people
    Text,
    /// One array of objects
    Json,
    /// A page of documentation
    Md,
}
