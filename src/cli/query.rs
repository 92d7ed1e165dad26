//! Runs `query`.

use super::args::Query;
use super::env::Env;
use super::exit::Exit;
use super::say;

/// The lean build has no SQL.
#[cfg(not(feature = "frame"))]
pub(super) fn run(_: Query, _: &Env) -> Exit {
    say("this build answers no SQL; install the full build: cargo install --path . \
         (facts as CSV and JSON Lines: mailtriage facts)");
    Exit::Usage
}

/// Runs the verb. Everything that goes wrong is said here, once.
#[cfg(feature = "frame")]
pub(super) fn run(args: Query, env: &Env) -> Exit {
    use super::exit::Judgement;
    use super::plan;
    use super::progress::{Bar, Silent};
    use mailtriage::pipeline::{self, AskError, Progress};
    use std::io;

    let judgement = Judgement {
        max_rejected_ppm: args.tolerance.max_rejected,
        strict: args.tolerance.strict,
        fail_on_incident: false,
    };
    let options = match plan::options(args.reading, args.machine, env) {
        Ok(options) => options,
        Err(usage) => {
            say(&format!("{usage}\n\nFor more information, try 'mailtriage query --help'."));
            return Exit::Usage;
        }
    };
    let bar = !args.quiet && !args.no_progress && env.stderr_terminal;
    let asked = {
        let progress: Box<dyn Progress> =
            if bar { Box::new(Bar::new(env.utf8)) } else { Box::new(Silent) };
        pipeline::ask(&args.sql, &args.paths, &options, &*progress)
    };
    let asked = match asked {
        Ok(asked) => asked,
        Err(error) => {
            say(&error.to_string());
            return match error {
                AskError::Query(_) | AskError::Mixed(_) => Exit::Usage,
                _ => Exit::NoReport,
            };
        }
    };
    match print(&asked.rows, args.format) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("cannot print the answer: {error}"));
            return Exit::NoReport;
        }
        _ => {}
    }
    let Some(report) = &asked.report else { return Exit::Complete };
    let (exit, why) = judgement.of(report);
    if let Some(why) = why
        && (!args.quiet || exit == Exit::NoReport)
    {
        say(&format!("exit code {}: {why}", exit.code()));
    }
    exit
}

#[cfg(feature = "frame")]
fn print(
    rows: &mailtriage::model::answer::Rows,
    format: super::args::RowsFormat,
) -> std::io::Result<()> {
    use super::args::RowsFormat;
    use mailtriage::render::rows as render;
    use std::io::Write;

    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match format {
        RowsFormat::Text => render::text(rows, &mut out)?,
        RowsFormat::Json => render::json(rows, &mut out)?,
        RowsFormat::Jsonl => render::jsonl(rows, &mut out)?,
        RowsFormat::Csv => render::csv(rows, &mut out)?,
    }
    out.flush()
}
