//! Runs `facts`, and opens the file of `analyze --facts`.

use super::args::Facts;
use super::env::Env;
use super::exit::{Exit, Judgement};
use super::plan::{self, Usage};
use super::progress::{Bar, Silent};
use super::redaction;
use super::say;
use mailtriage::model::FactWriter;
use mailtriage::pipeline::{self, AnalyzeError, Options, Progress};
use mailtriage::render::facts::{Csv, Format, Jsonl};
use mailtriage::render::files::{FilesError, WholeFile};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Everything `facts` does, decided.
struct Plan {
    paths: Vec<PathBuf>,
    options: Options,
    /// Standard output where `None`.
    file: Option<PathBuf>,
    format: Format,
    force: bool,
}

/// Runs the verb. Everything that goes wrong is said here, once.
pub(super) fn run(args: Facts, env: &Env) -> Exit {
    let judgement = Judgement {
        max_rejected_ppm: args.tolerance.max_rejected,
        strict: args.tolerance.strict,
        fail_on_incident: false,
    };
    let quiet = args.quiet;
    let bar = !quiet && !args.no_progress && env.stderr_terminal;
    let plan = match decide(args, env) {
        Ok(plan) => plan,
        Err(usage) => {
            say(&format!("{usage}\n\nFor more information, try 'mailtriage facts --help'."));
            return Exit::Usage;
        }
    };
    let progress: Box<dyn Progress> =
        if bar { Box::new(Bar::new(env.utf8)) } else { Box::new(Silent) };
    let outcome = match &plan.file {
        None => to_stdout(&plan, &*progress),
        Some(path) => match WholeFile::create(path, plan.force) {
            Ok(file) => to_file(&plan, file, &*progress),
            Err(error) => {
                say(&error.to_string());
                return Exit::Usage;
            }
        },
    };
    drop(progress);
    match outcome {
        Ok(None) => Exit::Complete,
        Ok(Some(outcome)) => {
            if let (Some(path), false) = (&plan.file, quiet) {
                say(&format!("facts written to {}", path.display()));
            }
            let (exit, why) = judgement.of(&outcome.report);
            if let Some(why) = why
                && (!quiet || exit == Exit::NoReport)
            {
                say(&format!("exit code {}: {why}", exit.code()));
            }
            exit
        }
        Err(error) => {
            say(&error);
            Exit::NoReport
        }
    }
}

fn decide(args: Facts, env: &Env) -> Result<Plan, Usage> {
    let file = args.output.filter(|path| path.as_os_str() != "-");
    let format = match (&file, args.format) {
        (_, Some(format)) => format.into(),
        (Some(path), None) => Format::of(path).ok_or_else(|| Usage::FactsEnding(path.clone()))?,
        (None, None) => Format::Csv,
    };
    check(format)?;
    if let Some(path) = file.as_ref().filter(|path| args.paths.contains(path)) {
        return Err(Usage::FactsAreInput(path.clone()));
    }
    let redact = redaction::key(&args.redaction, env)?;
    let options = Options { redact, ..plan::options(args.reading, args.machine, env)? };
    Ok(Plan { paths: args.paths, options, file, format, force: args.force })
}

/// Refuses a form that this build cannot write.
pub(super) fn check(format: Format) -> Result<(), Usage> {
    if format == Format::Parquet && cfg!(not(feature = "frame")) {
        return Err(Usage::NoParquet);
    }
    Ok(())
}

/// A writer of facts of this form.
pub(super) fn writer<'w>(
    format: Format,
    out: impl Write + Send + 'w,
) -> io::Result<Box<dyn FactWriter + 'w>> {
    Ok(match format {
        Format::Csv => Box::new(Csv::new(out)?),
        Format::Jsonl => Box::new(Jsonl::new(out)),
        #[cfg(feature = "frame")]
        Format::Parquet => Box::new(mailtriage::frame::ParquetFacts::new(out)?),
        #[cfg(not(feature = "frame"))]
        Format::Parquet => return Err(io::Error::other("this build writes no Parquet")),
    })
}

type Written = Result<Option<pipeline::Outcome>, String>;

fn to_stdout(plan: &Plan, progress: &dyn Progress) -> Written {
    let done = writer(plan.format, BufWriter::new(io::stdout()))
        .map_err(AnalyzeError::Facts)
        .and_then(|mut writer| {
            let Plan { paths, options, .. } = plan;
            pipeline::analyze_with_facts(paths, options, Some(&mut *writer), progress)
        });
    match done {
        Ok(outcome) => Ok(Some(outcome)),
        // The reader has seen enough.
        Err(AnalyzeError::Facts(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn to_file(plan: &Plan, mut file: WholeFile, progress: &dyn Progress) -> Written {
    let Plan { paths, options, .. } = plan;
    let outcome = {
        let named = |error| format!("cannot write {}: {error}", show(plan.file.as_deref()));
        let mut writer = writer(plan.format, &mut file).map_err(named)?;
        pipeline::analyze_with_facts(paths, options, Some(&mut *writer), progress)
            .map_err(|e| e.to_string())?
    };
    file.finish().map_err(|e: FilesError| e.to_string())?;
    Ok(Some(outcome))
}

fn show(path: Option<&Path>) -> String {
    path.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string())
}
