//! Runs `inspect` and `formats`.

use super::args::{Format, Formats, FormatsFormat, Inspect};
use super::env::Env;
use super::exit::Exit;
use super::plan;
use super::say;
use mailtriage::pipeline;
use mailtriage::render::{formats, inspect};
use std::io::{self, BufWriter, Write};

/// Runs the verb. Everything that goes wrong is said here, once.
pub(super) fn run(args: Inspect, env: &Env) -> Exit {
    let options = match plan::options(args.reading, args.machine, env) {
        Ok(options) => options,
        Err(usage) => {
            say(&format!("{usage}\n\nFor more information, try 'mailtriage inspect --help'."));
            return Exit::Usage;
        }
    };
    let inputs = match pipeline::inspect(&args.paths, &options, &()) {
        Ok(inputs) => inputs,
        Err(error) => {
            say(&error.to_string());
            return Exit::NoReport;
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match args.format {
        Format::Json => inspect::json(&inputs, &mut out),
        Format::Text => inputs.iter().try_for_each(|input| inspect::text(input, &mut out)),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("cannot print the answer: {error}"));
            Exit::NoReport
        }
        _ if inputs.iter().all(mailtriage::model::Inspection::trusted) => Exit::Complete,
        _ => Exit::Partial,
    }
}

/// Runs `formats`.
pub(super) fn formats(args: &Formats) -> Exit {
    let mut out = BufWriter::new(io::stdout().lock());
    let list = pipeline::formats();
    let written = match args.format {
        FormatsFormat::Text => formats::text(&list, &mut out),
        FormatsFormat::Json => formats::json(&list, &mut out),
        FormatsFormat::Md => formats::markdown(&list, &mut out),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("cannot print the answer: {error}"));
            Exit::NoReport
        }
        _ => Exit::Complete,
    }
}
