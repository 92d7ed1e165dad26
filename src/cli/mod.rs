//! What did the user ask?
//!
//! Comes in: the command line and the terminal. Goes out: the answer on stdout, everything else
//! on stderr, files of `-o`, and an exit code. Three types, three moments: [`args::Args`] as
//! typed, [`plan::Plan`] validated (a pure function of the arguments and an [`env::Env`]), the
//! library's `Outcome`. Deliberately absent: any work on mail, and any part of the library that
//! is not public.

mod args;
mod compare;
mod env;
mod exit;
mod explain;
mod facts;
mod headers;
mod inspect;
mod parse;
mod plan;
mod progress;
mod query;
mod redaction;
mod run;

use clap::Parser;
use exit::Exit;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the program. A panic anywhere is a bug, and never looks like success.
pub(crate) fn main() -> Exit {
    catch_unwind(AssertUnwindSafe(program)).unwrap_or_else(|_| {
        say("internal error: this is a bug in mailtriage, and the run was given up. Please \
             report it with the message above.");
        Exit::NoReport
    })
}

fn program() -> Exit {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers on stdout; a closed pipe is no failure of theirs.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Complete };
        }
    };
    let env = env::Env::read();
    match args.verb {
        args::Verb::Headers(args) => headers::run(&args, &env),
        args::Verb::Explain(args) => explain::run(&args),
        args::Verb::Inspect(args) => inspect::run(args, &env),
        args::Verb::Compare(args) => compare::run(args, &env),
        args::Verb::Formats(args) => inspect::formats(&args),
        args::Verb::Facts(args) => facts::run(args, &env),
        args::Verb::Query(args) => query::run(args, &env),
        args::Verb::Analyze(args) => match plan::Plan::new(args, &env) {
            Ok(plan) => run::analyze(&plan),
            Err(usage) => {
                say(&format!("{usage}\n\nFor more information, try 'mailtriage analyze --help'."));
                Exit::Usage
            }
        },
    }
}

/// One message on stderr. Paths in it are strangers' text; a closed stderr is ignored.
fn say(message: &str) {
    let lines: Vec<_> = message.split('\n').map(mailtriage::render::safety::terminal).collect();
    let _ = writeln!(std::io::stderr(), "mailtriage: {}", lines.join("\n"));
}
