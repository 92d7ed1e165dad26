//! The command line as typed. Nothing here asks the system, so that help always works.

mod compare;
mod headers;
mod inspect;
mod rows;

pub(super) use compare::Compare;
pub(super) use headers::{Headers, HeadersFormat};
pub(super) use inspect::{Formats, FormatsFormat, Inspect};
#[cfg(feature = "frame")]
pub(super) use rows::RowsFormat;
pub(super) use rows::{Facts, Query};

use super::parse;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use compare::COMPARE_EXAMPLES;
use headers::HEADERS_EXAMPLES;
use inspect::INSPECT_EXAMPLES;
use mailtriage::decode::time::Written;
use mailtriage::pipeline::ZoneChoice;
use rows::{FACTS_EXAMPLES, QUERY_EXAMPLES};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  the report is complete
  1  the report is written, but an input was skipped, or more than --max-rejected of an
     input's records could not be read (with --strict: 3)
  2  wrong usage
  3  no report
  4  the report is written and a --fail-on condition was met
If several apply, the order is 3, 4, 1, 0. A closed pipe is not an error.";

const ANALYZE_EXAMPLES: &str = "\
Examples:
  mailtriage analyze exports/
      Everything in a folder: trace exports, bounces and messages together
  mailtriage analyze trace.csv ndr/*.eml -o report
      The answer on the screen, and report.html, report.xlsx, report.md, report.json, tables/*.csv and
      rejected.csv in report/
  mailtriage analyze exports/ --changes changes.csv --tenant-domain contoso.com
      Name the last change before each onset; say which domain is ours
  mailtriage analyze exports/ --since 2026-11-16 --until 2026-11-17T12:00 --tz Europe/Berlin
      One day and a half of local time; change logs without a zone are local as well
  mailtriage analyze exports/ --format json | jq '.findings[] | select(.status == \"incident\")'
  mailtriage analyze exports/ -o report --force --quiet --fail-on incident
      For a scheduler: silent, exit code 4 if there is an incident
  mailtriage analyze exports/ -o report --redact --redact-key secret.txt
      A report to give away: pseudonyms in place of names, the same ones in every run";

/// Finds out what is wrong with the mail flow of Exchange Online, from bulk evidence.
///
/// Reads message-trace exports, bounces and messages, and says which layer failed, since when,
/// for whom, and what to do next. Nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(name = "mailtriage", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Diagnose the mail flow from exports, bounces and messages
    #[command(after_help = format!("{ANALYZE_EXAMPLES}\n\n{EXIT_CODES}"))]
    Analyze(Analyze),
    /// Say what each input is, and whether it can be trusted
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(Inspect),
    /// Show what the headers of messages say: stamps, trust, way, verdict
    #[command(after_help = HEADERS_EXAMPLES)]
    Headers(Headers),
    /// Write one row per delivery, for spreadsheets and analysts
    #[command(after_help = format!("{FACTS_EXAMPLES}\n\n{EXIT_CODES}"))]
    Facts(Facts),
    /// Ask in SQL: over exports, or over saved facts (needs the full build)
    #[command(after_help = format!("{QUERY_EXAMPLES}\n\n{EXIT_CODES}"))]
    Query(Query),
    /// Compare a former report with a new export: has the repair held?
    #[command(after_help = COMPARE_EXAMPLES)]
    Compare(Compare),
    /// List what can be read, and how it is recognised
    Formats(Formats),
    /// Say what a code, a stamp value, an event or a failure text means
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  mailtriage explain 5.7.708
  mailtriage explain SFV:SKN scl=-1 'compauth=fail reason=001'
  mailtriage explain 'Reason: [{LED=550 5.4.316 Message expired, connection refused};{MSG=};'
  mailtriage explain - < texts.txt
      One text per line of standard input

Exit codes: 0 something is known of every argument; 1 nothing is known of one; 2 wrong usage.";

/// Arguments of `explain`.
#[derive(Debug, ClapArgs)]
pub(super) struct Explain {
    /// Codes, stamp values, events, headers, failure texts; - reads them line by line
    #[arg(required = true, value_name = "CODE|TEXT")]
    pub(super) queries: Vec<String>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// Arguments of `analyze`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("written").multiple(true)))]
#[expect(clippy::struct_excessive_bools, reason = "switches as they are typed")]
pub(super) struct Analyze {
    /// Files, folders (read whole) or globs: message traces and reports (CSV), messages and
    /// bounces (.eml), change logs (CSV); content decides, not the name
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Write report.html, report.xlsx, report.md, report.json, tables/*.csv and rejected.csv to this
    /// directory
    #[arg(short, long, value_name = "DIR", group = "written", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = ReportFormat::Text, help_heading = "Output")]
    pub(super) format: ReportFormat,

    /// Rows of the top lists [default: 20 in files, 4 on the screen]
    #[arg(long, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Output")]
    pub(super) top: Option<u32>,

    /// List every failing or held delivery in report.xlsx, not only the first 1,000 of a finding
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(super) all_rows: bool,

    /// Write one row per delivery to this file as well: .csv, .jsonl or .parquet
    #[arg(long, value_name = "FILE", group = "written", help_heading = "Output")]
    pub(super) facts: Option<PathBuf>,

    /// Replace an existing report in the directory of --output, and the file of --facts
    #[arg(long, requires = "written", help_heading = "Output")]
    pub(super) force: bool,

    /// No progress and no notes on stderr; with --output also no answer, only errors
    #[arg(short, long, help_heading = "Output")]
    pub(super) quiet: bool,

    /// No progress bar, even on a terminal
    #[arg(long, help_heading = "Output")]
    pub(super) no_progress: bool,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto, help_heading = "Output")]
    pub(super) color: Colour,

    #[command(flatten)]
    pub(super) redaction: Redaction,

    #[command(flatten)]
    pub(super) reading: Reading,

    /// A change log that would not be recognised by its columns (time, what, who)
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub(super) changes: Option<PathBuf>,

    /// Width of a time bucket: minutes, hours or days that divide a day
    #[arg(long, value_name = "WIDTH", default_value = "1h", value_parser = parse::bucket, help_heading = "Reading")]
    pub(super) bucket: i64,

    #[command(flatten)]
    pub(super) machine: Machine,

    #[command(flatten)]
    pub(super) tolerance: Tolerance,

    /// Exit with 4 when the report holds one
    #[arg(long, value_enum, value_name = "CONDITION", help_heading = "Exit code")]
    pub(super) fail_on: Option<FailOn>,
}

/// Whether names leave the house.
#[derive(Debug, ClapArgs)]
pub(super) struct Redaction {
    /// Replace addresses, domains, hosts, IP addresses, ids, subjects, names of connectors, rules and
    /// policies, and paths by pseudonyms, in every output of the run: equal names stay equal, domains keep
    /// their relations. The key is random and forgotten, so that runs cannot be joined
    #[arg(long, help_heading = "Output")]
    pub(super) redact: bool,

    /// File with a secret of at least 16 bytes as the key of --redact: the same names get the same
    /// pseudonyms in every run with it. Who has it can test guesses: keep it in the house
    #[arg(long, value_name = "FILE", requires = "redact", help_heading = "Output")]
    pub(super) redact_key: Option<PathBuf>,
}

/// How inputs are read.
#[derive(Debug, ClapArgs)]
pub(super) struct Reading {
    /// A domain of the organisation whose evidence this is (repeatable); inferred if not given
    #[arg(long, value_name = "DOMAIN", value_parser = parse::domain, help_heading = "Reading")]
    pub(super) tenant_domain: Vec<String>,

    /// Order of day, month and year in exports that do not say
    #[arg(long, value_enum, value_name = "ORDER", default_value_t = Order::Auto, help_heading = "Reading")]
    pub(super) date_order: Order,

    /// Count only mail received at or after this time (2026-11-16, 2026-11-16T08:14, or with zone);
    /// everything is still read
    #[arg(long, value_name = "TIME", value_parser = parse::moment, help_heading = "Reading")]
    pub(super) since: Option<Written>,

    /// Count only mail received before this time; a date alone means its start, so that
    /// --until 2026-11-17 ends with the last moment of the 16th
    #[arg(long, value_name = "TIME", value_parser = parse::moment, help_heading = "Reading")]
    pub(super) until: Option<Written>,

    /// Zone of inputs whose format states none, such as change logs, and of --since and --until;
    /// with GLOB= of those alone whose path or name matches (repeatable, the last match counts).
    /// UTC, +02:00, Europe/Berlin, or "W. Europe Standard Time" [default: UTC]
    #[arg(long, value_name = "[GLOB=]ZONE", value_parser = ZoneChoice::parse, help_heading = "Reading")]
    pub(super) tz: Vec<ZoneChoice>,
}

/// What the machine may give.
#[derive(Debug, ClapArgs)]
pub(super) struct Machine {
    /// Worker threads [default: the processors, at most 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512), help_heading = "Machine")]
    pub(super) jobs: Option<u16>,

    /// Memory for joining records; what is over goes to --temp (MiB count in 1024, MB in 1000)
    #[arg(long, value_name = "SIZE", default_value = "192MiB", value_parser = parse::memory, help_heading = "Machine")]
    pub(super) memory: u64,

    /// Folder for temporary files [default: the system's]
    #[arg(long, value_name = "DIR", help_heading = "Machine")]
    pub(super) temp: Option<PathBuf>,
}

/// What is borne before the exit code says so.
#[derive(Debug, ClapArgs)]
pub(super) struct Tolerance {
    /// Tolerated part of unreadable records per input
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = parse::share, help_heading = "Exit code")]
    pub(super) max_rejected: u32,

    /// Exit with 3 instead of 1 when part of the input could not be read
    #[arg(long, help_heading = "Exit code")]
    pub(super) strict: bool,
}

/// What `analyze` prints on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people
    Text,
    /// The same as report.json
    Json,
    /// The same as report.md: for a ticket
    Md,
}

/// What is printed on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// The same as report.json
    Json,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// Decide per input, and say how
    Auto,
    /// Month, day, year
    Mdy,
    /// Day, month, year
    Dmy,
    /// Year, month, day
    Ymd,
}

/// A condition for exit code 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// A finding of status incident, over or not
    Incident,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
