//! Runs a plan: check the output, analyse, write, print, judge.

use super::exit::Exit;
use super::facts;
use super::plan::{Answer, Output, Plan};
use super::progress::{Bar, Silent};
use super::say;
use anstream::{AutoStream, ColorChoice};
use mailtriage::model::Clock;
use mailtriage::pipeline::{self, Outcome, Progress};
use mailtriage::render::facts::Format;
use mailtriage::render::files::WholeFile;
use mailtriage::render::{self, files, json, markdown, terminal};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Runs `analyze`. Everything that goes wrong is said here, once.
pub(super) fn analyze(plan: &Plan) -> Exit {
    // Before the long run, so that a wrong path fails early.
    if let Some(Output { dir, force }) = &plan.output
        && let Err(error) = files::check_dir(dir, *force)
    {
        say(&error.to_string());
        return Exit::Usage;
    }
    let mut facts = None;
    if let Some((path, format)) = &plan.facts {
        match WholeFile::create(path, plan.force) {
            Ok(file) => facts = Some((file, *format)),
            Err(error) => {
                say(&error.to_string());
                return Exit::Usage;
            }
        }
    }
    let outcome = {
        let progress: Box<dyn Progress> = match plan.progress {
            Some(unicode) => Box::new(Bar::new(unicode)),
            None => Box::new(Silent),
        };
        run(plan, facts, &*progress)
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            say(&error);
            return Exit::NoReport;
        }
    };
    if let Some(output) = &plan.output
        && let Err(error) = write(plan, output, &outcome)
    {
        say(&error.to_string());
        return Exit::NoReport;
    }
    match print(plan.answer, &outcome, plan.links_from.as_deref()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("cannot print the answer: {error}"));
            return Exit::NoReport;
        }
        _ => {}
    }
    let (exit, why) = plan.judgement.of(&outcome.report);
    if let Some(why) = why
        && (plan.notes || exit == Exit::NoReport)
    {
        say(&format!("exit code {}: {why}", exit.code()));
    }
    exit
}

/// Analyses, and writes the facts where they are wanted.
fn run(
    plan: &Plan,
    facts: Option<(WholeFile, Format)>,
    progress: &dyn Progress,
) -> Result<Outcome, String> {
    let Plan { paths, options, .. } = plan;
    let Some((mut file, format)) = facts else {
        return pipeline::analyze(paths, options, progress).map_err(|e| e.to_string());
    };
    let outcome = {
        let mut writer = facts::writer(format, &mut file)
            .map_err(|error| format!("cannot write the facts: {error}"))?;
        pipeline::analyze_with_facts(paths, options, Some(&mut *writer), progress)
            .map_err(|e| e.to_string())?
    };
    file.finish().map_err(|e| e.to_string())?;
    Ok(outcome)
}

fn write(plan: &Plan, output: &Output, outcome: &Outcome) -> Result<(), files::FilesError> {
    let answer = render::Answer {
        report: &outcome.report,
        rejects: &outcome.rejects,
        rejects_omitted: outcome.rejects_omitted,
        all_rows: plan.all_rows,
        zone: plan.zone.as_ref().map(|zone| zone as &dyn Clock),
        temp: plan.options.temp.as_deref(),
    };
    let written = files::write_dir(&output.dir, output.force, render::all_files(answer))?;
    if plan.notes {
        let dir = output.dir.display();
        say(&format!("report written to {dir} ({} files)", written.len()));
    }
    Ok(())
}

fn print(answer: Answer, outcome: &Outcome, links_from: Option<&Path>) -> io::Result<()> {
    let report = &outcome.report;
    match answer {
        Answer::None => Ok(()),
        Answer::Json => {
            let mut out = BufWriter::new(io::stdout().lock());
            json::report(report, &mut out)?;
            out.flush()
        }
        Answer::Markdown => {
            let mut out = BufWriter::new(io::stdout().lock());
            markdown::report(report, &mut out)?;
            out.flush()
        }
        Answer::Text(style) => {
            // Old Windows consoles know no escape codes; the stream translates for them, and
            // without colour it lets none through.
            let choice = if style.colour { ColorChoice::Always } else { ColorChoice::Never };
            let mut out = AutoStream::new(io::stdout().lock(), choice);
            terminal::linked(report, style, links_from, &mut out)?;
            out.flush()
        }
    }
}
