//! Runs `explain`.

use super::args::{Explain, Format};
use super::exit::Exit;
use super::say;
use mailtriage::pipeline::{self, Explained};
use mailtriage::render::explain as render;
use std::io::{self, BufWriter, Read, Write};

/// Bytes read of standard input at most.
const STDIN_CAP: u64 = 16 << 20;

/// Runs the verb. Everything that goes wrong is said here, once.
pub(super) fn run(args: &Explain) -> Exit {
    let mut queries = Vec::new();
    for query in &args.queries {
        if query != "-" {
            queries.push(query.clone());
            continue;
        }
        let mut bytes = Vec::new();
        if let Err(error) = io::stdin().lock().take(STDIN_CAP).read_to_end(&mut bytes) {
            say(&format!("standard input cannot be read: {error}"));
            return Exit::NoReport;
        }
        let text = String::from_utf8_lossy(&bytes);
        queries.extend(text.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned));
    }
    let explained: Vec<Explained> = queries.iter().map(|q| pipeline::explain(q)).collect();
    match print(&explained, args.format) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("cannot print the answer: {error}"));
            return Exit::NoReport;
        }
        _ => {}
    }
    for unknown in explained.iter().filter(|e| e.meanings.is_empty()) {
        let near = unknown.near.join(", ");
        let hint = if near.is_empty() { near } else { format!("; did you mean {near}?") };
        say(&format!("nothing is known of {:?}{hint}", unknown.query));
    }
    let known = !explained.is_empty() && explained.iter().all(|e| !e.meanings.is_empty());
    if known { Exit::Complete } else { Exit::Partial }
}

fn print(explained: &[Explained], format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        Format::Json => {
            let all = explained.iter().flat_map(|e| &e.meanings).map(render::object);
            serde_json::to_writer_pretty(&mut out, &all.collect::<Vec<_>>())?;
            writeln!(out)?;
        }
        Format::Text => {
            for one in explained.iter().filter(|e| !e.meanings.is_empty()) {
                render::text(&one.query, &one.meanings, &mut out)?;
            }
        }
    }
    out.flush()
}
