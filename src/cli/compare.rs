//! Runs `compare`.

use super::args::{Compare, Format};
use super::env::Env;
use super::exit::Exit;
use super::plan;
use super::say;
use mailtriage::model::Repair;
use mailtriage::pipeline;
use mailtriage::render::verification;
use std::io::{self, BufWriter, Write};

/// Runs the verb. Everything that goes wrong is said here, once.
pub(super) fn run(args: Compare, env: &Env) -> Exit {
    let options = match plan::options(args.reading, args.machine, env) {
        Ok(options) => options,
        Err(usage) => {
            say(&format!("{usage}\n\nFor more information, try 'mailtriage compare --help'."));
            return Exit::Usage;
        }
    };
    let answer = pipeline::verify(&args.verify, &args.report, &args.exports, &options, &());
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            say(&error.to_string());
            return Exit::NoReport;
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match args.format {
        Format::Json => verification::json(&answer, &mut out),
        Format::Text => verification::text(&answer, &mut out),
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("cannot print the answer: {error}"));
            Exit::NoReport
        }
        _ if answer.repair == Repair::Held => Exit::Complete,
        _ => Exit::Partial,
    }
}
