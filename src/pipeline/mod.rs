//! The hallway: in what order, on how many threads, within what memory.
//!
//! Comes in: paths and options. Goes out: the report and the rejects. Only this room sees all
//! others, and only it knows threads. Deliberately absent: any knowledge of formats or mail.
//!
//! The order: survey (discover, detect, settle dates, read messages), map (read, decode tables into
//! partitioned blocks),
//! reduce (fold, judge, tally per partition), then diagnose and assemble the report.

mod builders;
mod collect;
mod evidence;
mod explain;
mod facts;
mod feed;
mod hashes;
mod headers;
mod inspect;
mod keys;
mod lane;
mod ledger;
mod lock;
mod mailbox;
mod map;
mod messages;
mod partitions;
#[cfg(feature = "frame")]
mod query;
mod reduce;
mod rejects;
mod report;
mod row_of_facts;
mod sources;
mod stretches;
mod survey;
mod unpack;
mod verify;
mod view;
mod window;
mod zones;

pub use explain::{Explained, explain};
pub use headers::{HeadersError, HeadersOptions, Looked, headers};
pub use inspect::inspect;
#[cfg(feature = "frame")]
pub use query::{AskError, Asked, ask};
pub use rejects::LISTED as REJECTS_LISTED;
pub use verify::{VerifyError, verify};
pub use view::Viewer;
pub use zones::ZoneChoice;

use crate::decode::DateOrder;
use crate::fold::Orphans;
use crate::model::time::HOUR;
use crate::model::{FactWriter, FormatLine, Inspection, Instant, Reject, Report};
use crate::redact::{self, Redactor};
use crate::{detect, discover, judge};
use std::path::PathBuf;
use std::sync::Arc;

/// What to analyse and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Our accepted domains; inferred from the mail where empty.
    pub tenant_domains: Vec<String>,
    /// A change log that would not be recognised by its columns alone.
    pub changes: Option<PathBuf>,
    /// Width of a time bucket in microseconds.
    pub bucket: i64,
    /// Rows of ranked tables at most.
    pub top: usize,
    /// Order of day and month.
    pub date_order: DateOrder,
    /// Mail received before is left out of every count.
    pub since: Option<Instant>,
    /// Mail received at or after is left out of every count.
    pub until: Option<Instant>,
    /// Zones of inputs whose format states none; without a choice they are read as UTC.
    pub zones: Vec<ZoneChoice>,
    /// Worker threads, at least 1.
    pub jobs: usize,
    /// Memory for observations in bytes; beyond it they go to temporary files.
    pub memory: u64,
    /// What only [`inspect`] shows is wanted; a run without any mail is none in vain.
    pub inspect: bool,
    /// The SHA-256 of every input file is wanted; they are read once more for it.
    pub hashes: bool,
    /// Folder for temporary files; the system's where `None`.
    pub temp: Option<PathBuf>,
    /// Arguments of the run, for the report.
    pub arguments: Vec<String>,
    /// Names leave only as pseudonyms under this key: in the report, the rejects and the facts.
    /// Inspections are not covered.
    pub redact: Option<redact::Key>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tenant_domains: Vec::new(),
            changes: None,
            bucket: HOUR,
            top: 100,
            date_order: DateOrder::Auto,
            since: None,
            until: None,
            zones: Vec::new(),
            jobs: 1,
            memory: 192 << 20,
            inspect: false,
            hashes: false,
            temp: None,
            arguments: Vec::new(),
            redact: None,
        }
    }
}

/// Told how the run goes. All methods may be called from any worker.
pub trait Progress: Sync {
    /// The run will read this many bytes.
    fn start(&self, _bytes: u64) {}
    /// The run will read so many more bytes: what was found in archives.
    fn extend(&self, _bytes: u64) {}
    /// So many more bytes were read.
    fn advance(&self, _bytes: u64) {}
    /// So many more records were refused.
    fn rejected(&self, _records: u64) {}
    /// Reading is done.
    fn finish(&self) {}
}

/// No progress wanted.
impl Progress for () {}

/// What a run yields.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The report.
    pub report: Report,
    /// Refused records in order of place, at most [`REJECTS_LISTED`].
    pub rejects: Vec<Reject>,
    /// Refused records beyond these; they are counted in the report.
    pub rejects_omitted: u64,
    /// What each input is; only where [`Options::inspect`] asks for it.
    pub inspections: Vec<Inspection>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnalyzeError {
    /// No argument led to an input, or none could be searched.
    #[error(transparent)]
    Discover(#[from] discover::DiscoverError),
    /// There are inputs, but not one of them holds mail that can be read.
    #[error("nothing to analyse: none of the {count} inputs could be read\n{reasons}", count = .0.len(), reasons = reasons(.0))]
    NothingReadable(Vec<(String, String)>),
    /// All that could be read is evidence that is not mail.
    #[error("nothing to analyse: the inputs hold no mail, only {}; add a message trace (Get-MessageTraceV2 | Export-Csv) or message files", .0.join(", "))]
    NoMail(Vec<String>),
    /// Temporary files cannot be written or read.
    #[error("temporary files in {0}: {1}; name another folder with --temp, or raise --memory")]
    Temp(PathBuf, std::io::Error),
    /// Facts cannot be written.
    #[error("facts: {0}; check the room on the disk")]
    Facts(std::io::Error),
    /// Worker threads cannot be started.
    #[error("cannot start {0} worker threads: {1}; try --jobs 1")]
    Threads(usize, String),
}

/// Reasons shown in the error; the rest is counted.
const REASONS: usize = 10;

fn reasons(skipped: &[(String, String)]) -> String {
    let mut lines: Vec<String> =
        skipped.iter().take(REASONS).map(|(path, why)| format!("  {path}: {why}")).collect();
    if skipped.len() > REASONS {
        lines.push(format!("  ... and {} more", skipped.len() - REASONS));
    }
    lines.join("\n")
}

/// Analyses what the paths lead to.
///
/// # Errors
/// Only where no report is possible; an input that cannot be read is an entry of the report.
pub fn analyze(
    paths: &[PathBuf],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Outcome, AnalyzeError> {
    analyze_with_facts(paths, options, None, progress)
}

/// [`analyze`], with one row per delivery for the writer, in order of time, message and recipient.
///
/// # Errors
/// As [`analyze`], and where the writer fails.
pub fn analyze_with_facts(
    paths: &[PathBuf],
    options: &Options,
    writer: Option<&mut dyn FactWriter>,
    progress: &dyn Progress,
) -> Result<Outcome, AnalyzeError> {
    let mut wanted = paths.to_vec();
    wanted.extend(options.changes.clone());
    let found = discover::discover(&wanted)?;
    let pool = pool(options.jobs)?;
    progress.start(found.inputs.iter().map(|i| i.bytes).sum());
    let sizes = map::Sizes::new(&found.inputs, options, writer.is_some());
    let temp = options.temp.clone().unwrap_or_else(std::env::temp_dir);
    let failed = |error| AnalyzeError::Temp(temp.clone(), error);
    let store = partitions::Partitions::new(sizes.partitions, sizes.blocks, temp.clone());
    let collector = || collect::Collector::new(&store, &sizes);
    let (survey, collectors) = survey::survey(&pool, found, options, collector, progress);
    if !survey.holds_mail() && !survey.holds_documents() && !options.inspect {
        let evidence = survey.evidence();
        if !evidence.is_empty() && survey.skipped().is_empty() {
            return Err(AnalyzeError::NoMail(evidence));
        }
        return Err(AnalyzeError::NothingReadable(survey.skipped()));
    }
    let changes = evidence::read(&survey, progress);

    let mapped = map::map(&pool, &survey, collectors, progress).map_err(failed)?;
    progress.finish();

    let own = judge::own_domains(&mapped.context, &options.tenant_domains);
    let policy = Arc::new(judge::Policy {
        own: own.domains.clone(),
        own_given: own.given,
        settled_until: survey.settled_until(&mapped.context),
    });
    let orphans = Orphans::new(mapped.orphans);
    let window = window::Window::new(options.since, options.until);
    let redactor = options.redact.clone().map(|key| Redactor::new(key, &options.tenant_domains));
    let facts = writer.is_some().then(|| {
        let names: Vec<String> = survey.inputs.iter().map(|s| s.input.name.clone()).collect();
        facts::Facts::new(options.memory, options.jobs, temp.clone(), names, redactor.clone())
    });
    let ground = reduce::Ground {
        store: &store,
        orphans: &orphans,
        scattered: &mapped.scattered,
        rows: sizes.rows,
        policy: &policy,
        bucket: options.bucket,
        window,
        facts: facts.as_ref(),
    };
    let reduced = reduce::reduce(&pool, &ground).map_err(failed)?;
    if let (Some(facts), Some(writer)) = (facts, writer) {
        facts.write(writer).map_err(AnalyzeError::Facts)?;
    }

    let mut documents = changes.documents;
    documents.extend(mapped.documents);
    documents.sort_by_key(|document| document.input);
    let mut ledgers = mapped.ledgers;
    ledgers.extend(changes.ledgers);
    evidence::drop_copies(&mut documents, &mut ledgers);
    let mut rejects = mapped.rejects;
    rejects.merge(changes.rejects);
    let parts = report::Parts {
        survey: &survey,
        ledgers: &ledgers,
        tally: &reduced.tally,
        counts: &reduced.counts,
        window,
        sides: reduced.sides,
        own: &own,
        changes: changes.changes,
        documents,
        settled_until: &policy.settled_until,
        bounces: match window {
            Some(_) => reduced.sides.bounces_inside,
            None => mapped.bounces,
        },
    };
    let mut report = report::assemble(&parts, options);
    // Hashes are not worked out where they would be taken away again.
    if options.hashes && redactor.is_none() {
        hashes::fill(&pool, &survey, &mut report.input.sources);
    }
    let (mut rejects, rejects_omitted) = rejects.finish();
    if let Some(redactor) = &redactor {
        redactor.report(&mut report, &mut rejects);
    }
    let inspections = if options.inspect {
        inspect::inspections(&survey, &ledgers, &report, &rejects)
    } else {
        Vec::new()
    };
    Ok(Outcome { report, rejects, rejects_omitted, inspections })
}

fn pool(jobs: usize) -> Result<rayon::ThreadPool, AnalyzeError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.max(1))
        .build()
        .map_err(|e| AnalyzeError::Threads(jobs, e.to_string()))
}

/// The formats that can be read.
pub fn formats() -> Vec<FormatLine> {
    let line = |rule: &detect::DialectRule| FormatLine {
        name: rule.name,
        title: rule.title,
        role: rule.role.as_str(),
        recognised: rule.recognised,
        shows: rule.shows.iter().map(|layer| layer.as_str()).collect(),
        sample: rule.sample,
    };
    detect::rules().iter().map(line).collect()
}

/// Rules of all dialects, for `formats` and for tests.
pub use detect::rules;
