//! The plan: arguments and surroundings made into what the run needs, without a clap type.

use super::args::{self, Analyze, Colour, FailOn, Machine, Order, Reading};
use super::env::Env;
use super::exit::Judgement;
use super::facts;
use super::redaction;
use mailtriage::decode::time::Written;
use mailtriage::decode::{DateOrder, Zone};
use mailtriage::model::Instant;
use mailtriage::pipeline::{Options, ZoneChoice};
use mailtriage::render::facts::Format;
use mailtriage::render::terminal::Style;
use std::path::PathBuf;

/// Most worker threads used unasked: beyond that the disk decides.
pub(super) const JOBS: usize = 4;

/// Rows of the lists in files, unless told otherwise.
const TOP: usize = 20;

/// What to print on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The page for people.
    Text(Style),
    /// The report as JSON.
    Json,
    /// The text for a ticket.
    Markdown,
    /// Nothing: the files are the answer.
    None,
}

/// Where to write the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) dir: PathBuf,
    pub(super) force: bool,
}

/// Everything `analyze` does, decided.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) paths: Vec<PathBuf>,
    pub(super) options: Options,
    pub(super) answer: Answer,
    pub(super) output: Option<Output>,
    /// File of the facts, and their form.
    pub(super) facts: Option<(PathBuf, Format)>,
    /// What is there may be replaced.
    pub(super) force: bool,
    /// Every affected delivery goes into the workbook.
    pub(super) all_rows: bool,
    /// The zone named for all inputs, where it is not UTC: local times stand beside UTC.
    pub(super) zone: Option<Zone>,
    pub(super) judgement: Judgement,
    /// Show a progress bar; its signs may be Unicode.
    pub(super) progress: Option<bool>,
    /// Folder that the links of the page begin at; `None` where it shall have none.
    pub(super) links_from: Option<PathBuf>,
    /// Say on stderr what was written and why the exit code is not 0.
    pub(super) notes: bool,
}

/// Arguments that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Usage {
    /// Stdin can be read once.
    #[error("- (stdin) is named {0} times; it can be read only once")]
    StdinTwice(usize),
    /// The report would be read as input by the next run.
    #[error("{} is an input and the output directory; name another directory with -o", .0.display())]
    OutputIsInput(PathBuf),
    /// The form of facts is told by the ending.
    #[error("{}: the ending says the form of facts: name a file that ends in .csv, .jsonl or .parquet", .0.display())]
    FactsEnding(PathBuf),
    /// The facts would replace an input.
    #[error("{} is an input and the file of the facts; name another file", .0.display())]
    FactsAreInput(PathBuf),
    /// The lean build.
    #[error(
        "this build writes no Parquet; write .csv or .jsonl, or install the full build: cargo install --path ."
    )]
    NoParquet,
    /// The file of `--redact-key` is no key.
    #[error("{}: {why}; name a file with a secret of at least 16 bytes, such as 32 random ones", .file.display())]
    RedactKey { file: PathBuf, why: String },
    /// The system gives no randomness.
    #[error("the system gives no random key ({0}); name one with --redact-key")]
    NoRandomness(String),
    /// No mail lies between the two.
    #[error("--since ({}) must be before --until ({}); a date alone means its start, so that the end of a day is the next date", .since.rfc3339(), .until.rfc3339())]
    EmptyWindow { since: Instant, until: Instant },
}

impl Plan {
    /// Decides everything. Pure but for the key of `--redact`: the same arguments and surroundings
    /// give the same plan.
    pub(super) fn new(args: Analyze, env: &Env) -> Result<Self, Usage> {
        let stdin = args.paths.iter().filter(|p| p.as_os_str() == "-").count();
        if stdin > 1 {
            return Err(Usage::StdinTwice(stdin));
        }
        if let Some(dir) = args.output.as_ref().filter(|d| args.paths.contains(d)) {
            return Err(Usage::OutputIsInput(dir.clone()));
        }
        let facts = match args.facts {
            None => None,
            Some(path) => {
                let format = Format::of(&path).ok_or_else(|| Usage::FactsEnding(path.clone()))?;
                facts::check(format)?;
                if args.paths.contains(&path) {
                    return Err(Usage::FactsAreInput(path));
                }
                Some((path, format))
            }
        };
        let zone = args.reading.tz.iter().rev().find_map(ZoneChoice::for_all).cloned();
        let mut options = options(args.reading, args.machine, env)?;
        options.redact = redaction::key(&args.redaction, env)?;
        options.changes = args.changes;
        options.hashes = args.output.is_some();
        options.bucket = args.bucket;
        options.top = args.top.map_or(TOP, |n| n as usize);
        let answer = match args.format {
            _ if args.quiet && args.output.is_some() => Answer::None,
            args::ReportFormat::Json => Answer::Json,
            args::ReportFormat::Md => Answer::Markdown,
            args::ReportFormat::Text => {
                let rows = args.top.map_or(Style::ROWS, |n| n as usize);
                Answer::Text(Style { rows, ..style(args.color, env) })
            }
        };
        let progress = !args.quiet && !args.no_progress && env.stderr_terminal;
        Ok(Self {
            answer,
            judgement: Judgement {
                max_rejected_ppm: args.tolerance.max_rejected,
                strict: args.tolerance.strict,
                fail_on_incident: args.fail_on == Some(FailOn::Incident),
            },
            progress: progress.then_some(env.utf8),
            notes: !args.quiet,
            // Pseudonyms lead nowhere.
            links_from: env.links_from.clone().filter(|_| options.redact.is_none()),
            options,
            facts,
            force: args.force,
            all_rows: args.all_rows,
            zone: zone.filter(|zone| !zone.is_utc()),
            output: args.output.map(|dir| Output { dir, force: args.force }),
            paths: args.paths,
        })
    }
}

/// The options that all verbs which read exports share.
pub(super) fn options(reading: Reading, machine: Machine, env: &Env) -> Result<Options, Usage> {
    let zone = reading.tz.iter().rev().find_map(ZoneChoice::for_all);
    let since = reading.since.as_ref().and_then(|time| moment(time, zone));
    let until = reading.until.as_ref().and_then(|time| moment(time, zone));
    if let (Some(since), Some(until)) = (since, until)
        && since >= until
    {
        return Err(Usage::EmptyWindow { since, until });
    }
    Ok(Options {
        tenant_domains: reading.tenant_domain,
        date_order: match reading.date_order {
            Order::Auto => DateOrder::Auto,
            Order::Mdy => DateOrder::Mdy,
            Order::Dmy => DateOrder::Dmy,
            Order::Ymd => DateOrder::Ymd,
        },
        since,
        until,
        zones: reading.tz,
        jobs: machine.jobs.map_or(env.threads.clamp(1, JOBS), usize::from),
        memory: machine.memory,
        temp: machine.temp,
        arguments: env.arguments.clone(),
        ..Options::default()
    })
}

/// The instant of a time whose parser has seen to it that there is one.
fn moment(time: &Written, zone: Option<&Zone>) -> Option<Instant> {
    let placed = time.instant_in(DateOrder::Ymd, zone.unwrap_or(&Zone::Utc))?;
    Some(placed.instant)
}

pub(super) fn style(colour: Colour, env: &Env) -> Style {
    let piped = Style::default();
    Style {
        width: env.width.unwrap_or(piped.width).clamp(Style::NARROW, Style::WIDE),
        colour: match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => env.stdout_terminal && !env.no_colour,
        },
        unicode: env.utf8,
        ..piped
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::{Args, Verb};
    use super::*;
    use clap::Parser;
    use mailtriage::model::time::HOUR;

    fn env() -> Env {
        Env {
            arguments: vec!["analyze".into(), "in".into()],
            width: None,
            stdout_terminal: false,
            stderr_terminal: false,
            no_colour: false,
            utf8: true,
            threads: 16,
            links_from: None,
            redact_key: None,
        }
    }

    fn terminal() -> Env {
        Env { width: Some(200), stdout_terminal: true, stderr_terminal: true, ..env() }
    }

    fn plan(line: &str, env: &Env) -> Result<Plan, Usage> {
        let words = ["mailtriage", "analyze"].into_iter().chain(line.split(' '));
        let Verb::Analyze(args) = Args::try_parse_from(words).unwrap().verb else {
            panic!("analyze expected")
        };
        Plan::new(args, env)
    }

    #[test]
    fn defaults() {
        let plan = plan("in", &env()).unwrap();
        assert_eq!(plan.paths, [PathBuf::from("in")]);
        assert_eq!(plan.answer, Answer::Text(Style::default()));
        assert_eq!((plan.output, plan.progress, plan.notes), (None, None, true));
        assert_eq!(plan.judgement.max_rejected_ppm, 10_000);
        assert!(!plan.judgement.strict && !plan.judgement.fail_on_incident);
        let options = plan.options;
        assert_eq!((options.jobs, options.memory, options.bucket), (4, 192 << 20, HOUR));
        assert_eq!(options.date_order, DateOrder::Auto);
        assert_eq!(options.arguments, ["analyze", "in"]);
    }

    #[test]
    fn everything_said_arrives() {
        let line = "a b -o out --force --format json --tenant-domain Contoso.com \
                    --tenant-domain fabrikam.com --changes c.csv --bucket 30m --top 5 \
                    --date-order dmy --jobs 2 --memory 1G --temp /t --max-rejected 2.5% --strict \
                    --fail-on incident";
        let plan = plan(&line.split_whitespace().collect::<Vec<_>>().join(" "), &env()).unwrap();
        assert_eq!(plan.answer, Answer::Json);
        let output = plan.output.unwrap();
        assert_eq!((output.dir, output.force), (PathBuf::from("out"), true));
        let options = plan.options;
        assert_eq!(options.tenant_domains, ["contoso.com", "fabrikam.com"]);
        assert_eq!(options.changes, Some(PathBuf::from("c.csv")));
        assert_eq!((options.bucket, options.top), (HOUR / 2, 5));
        assert_eq!(options.date_order, DateOrder::Dmy);
        assert_eq!((options.jobs, options.memory), (2, 1 << 30));
        assert_eq!(options.temp, Some(PathBuf::from("/t")));
        assert_eq!(plan.judgement.max_rejected_ppm, 25_000);
        assert!(plan.judgement.strict && plan.judgement.fail_on_incident);
    }

    #[test]
    fn times_are_of_the_zone_for_all() {
        let window = |line: &str| {
            let options = plan(line, &env()).unwrap().options;
            (options.since.map(Instant::rfc3339), options.until.map(Instant::rfc3339))
        };
        let texts = |since: &str, until: &str| (Some(since.to_owned()), Some(until.to_owned()));
        assert_eq!(window("in"), (None, None));
        assert_eq!(
            window("in --since 2026-11-16 --until 2026-11-17T08:00+02:00"),
            texts("2026-11-16T00:00:00Z", "2026-11-17T06:00:00Z")
        );
        // The zone of a pattern is for its files alone; a zone that is written wins.
        let zones = "--tz Europe/Berlin --tz *.csv=America/New_York";
        assert_eq!(
            window(&format!("in {zones} --since 2026-07-16 --until 2026-11-16T00:00Z")),
            texts("2026-07-15T22:00:00Z", "2026-11-16T00:00:00Z")
        );
        assert_eq!(plan(&format!("in {zones}"), &env()).unwrap().options.zones.len(), 2);
    }

    #[test]
    fn quiet_with_files_prints_nothing() {
        assert_eq!(plan("in -q -o out", &env()).unwrap().answer, Answer::None);
        let quiet = plan("in -q", &terminal()).unwrap();
        assert!(matches!(quiet.answer, Answer::Text(_)), "the answer is never silenced");
        assert_eq!((quiet.progress, quiet.notes), (None, false));
    }

    #[test]
    fn bar_and_colour_follow_the_terminal() {
        let colour = |line: &str, env: &Env| match plan(line, env).unwrap().answer {
            Answer::Text(style) => style.colour,
            _ => panic!("text expected"),
        };
        let bare = Env { no_colour: true, ..terminal() };
        assert!(colour("in", &terminal()));
        assert!(!colour("in", &bare) && !colour("in", &env()));
        assert!(colour("in --color always", &bare) && !colour("in --color never", &terminal()));
        assert_eq!(plan("in", &terminal()).unwrap().progress, Some(true));
        assert_eq!(plan("in --no-progress", &terminal()).unwrap().progress, None);
        let Answer::Text(style) = plan("in", &terminal()).unwrap().answer else {
            panic!("text expected");
        };
        assert_eq!(style.width, Style::WIDE);
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(plan("- a -", &env()).unwrap_err(), Usage::StdinTwice(2));
        let error = plan("a -o a", &env()).unwrap_err();
        assert!(error.to_string().contains("another directory"), "{error}");
        let error = plan("in --since 2026-11-16 --until 2026-11-16", &env()).unwrap_err();
        assert!(error.to_string().contains("the next date"), "{error}");
        assert!(plan("in --since 2026-11-16T10:00+02:00 --until 2026-11-16T09:00", &env()).is_ok());
        let words = ["mailtriage", "analyze", "in", "--force"];
        assert!(Args::try_parse_from(words).is_err(), "--force needs -o");
    }
}
