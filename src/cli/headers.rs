//! Runs `headers`.

use super::args::{Headers, HeadersFormat};
use super::env::Env;
use super::exit::Exit;
use super::plan::{self, JOBS};
use super::say;
use mailtriage::model::{Seen, View};
use mailtriage::pipeline::{self, HeadersError, HeadersOptions, Looked, Viewer};
use mailtriage::render::headers as render;
use mailtriage::render::terminal::Style;
use std::io::{self, BufWriter, Write};

/// Runs the verb. Everything that goes wrong is said here, once.
pub(super) fn run(args: &Headers, env: &Env) -> Exit {
    if args.compare && !matches!(args.format, HeadersFormat::Text | HeadersFormat::Json) {
        say("--compare prints text or json");
        return Exit::Usage;
    }
    let jobs = args.jobs.map_or(env.threads.clamp(1, JOBS), usize::from);
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut read, mut skipped) = (0u64, 0u64);
    let options = HeadersOptions { jobs, own: args.tenant_domains.clone(), dns: args.dns.clone() };
    let style = plan::style(args.color, env);
    let mut answer = Answer::new(args, style);
    let done = pipeline::headers(&args.paths, &options, io::stdin().lock(), |looked| {
        match looked {
            Looked::Message(seen) => {
                read += 1;
                answer.message(seen, &mut out)?;
            }
            Looked::Skipped { file, why } => {
                skipped += 1;
                if !args.quiet {
                    say(&format!("{file}: {why}"));
                }
            }
        }
        Ok(())
    });
    if args.compare && done.is_ok() && read != 2 {
        say(&format!("--compare needs two messages, and {read} could be read"));
        return Exit::NoReport;
    }
    let done = done.and_then(|()| {
        answer.finish(&mut out)?;
        Ok(out.flush()?)
    });
    match done {
        Ok(()) if read == 0 => Exit::NoReport,
        Ok(()) if skipped > 0 => Exit::Partial,
        Ok(()) => Exit::Complete,
        Err(HeadersError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Complete,
        Err(error) => {
            say(&error.to_string());
            match error {
                HeadersError::Lean | HeadersError::Keys(_) => Exit::Usage,
                _ => Exit::NoReport,
            }
        }
    }
}

/// The answer under way.
enum Answer {
    /// One message is a page, several are a table: the first waits for a second.
    Text {
        style: Style,
        all: bool,
        viewer: Viewer,
        first: Option<Box<Seen>>,
        table: Option<render::Table>,
    },
    Jsonl,
    Json {
        any: bool,
    },
    Csv(render::Csv),
    Html {
        viewer: Viewer,
        page: Box<render::Html>,
    },
    /// The messages to compare, as far as they are there.
    Compare {
        style: Style,
        json: bool,
        viewer: Viewer,
        pair: Vec<Seen>,
    },
}

impl Answer {
    fn new(args: &Headers, style: Style) -> Self {
        if args.compare {
            let json = args.format == HeadersFormat::Json;
            return Self::Compare { style, json, viewer: Viewer::default(), pair: Vec::new() };
        }
        match args.format {
            HeadersFormat::Text => Self::Text {
                style,
                all: args.all,
                viewer: Viewer::default(),
                first: None,
                table: None,
            },
            HeadersFormat::Jsonl => Self::Jsonl,
            HeadersFormat::Json => Self::Json { any: false },
            HeadersFormat::Csv => Self::Csv(render::Csv::default()),
            HeadersFormat::Html => Self::Html {
                viewer: Viewer::default(),
                page: Box::new(render::Html::new(args.all)),
            },
        }
    }

    fn message(&mut self, seen: Box<Seen>, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Text { style, all: true, viewer, .. } => {
                let view = viewer.view(&seen);
                render::text(&seen, &view, true, *style, out)
            }
            Self::Text { style, viewer, first, table, .. } => {
                if table.is_none() && first.is_none() {
                    *first = Some(seen);
                    return Ok(());
                }
                let table = table.get_or_insert_with(|| render::Table::new(*style));
                if let Some(first) = first.take() {
                    table.row(&first, &viewer.told(&first), out)?;
                }
                table.row(&seen, &viewer.told(&seen), out)
            }
            Self::Jsonl => render::jsonl(&seen, out),
            Self::Json { any } => {
                out.write_all(if *any { b"," } else { b"[" })?;
                *any = true;
                render::jsonl(&seen, out)
            }
            Self::Csv(csv) => csv.row(&seen, out),
            Self::Html { viewer, page } => {
                let view = if page.draws_more() { viewer.view(&seen) } else { View::default() };
                let told = viewer.told(&seen);
                page.message(*seen, view, told, out)
            }
            Self::Compare { pair, .. } => {
                if pair.len() < 2 {
                    pair.push(*seen);
                }
                Ok(())
            }
        }
    }

    fn finish(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Text { style, all, mut viewer, first: Some(seen), .. } => {
                let view = viewer.view(&seen);
                render::text(&seen, &view, all, style, out)
            }
            Self::Text { table: Some(table), .. } => table.finish(out),
            Self::Text { .. } | Self::Jsonl | Self::Csv(_) => Ok(()),
            Self::Json { any } => out.write_all(if any { b"]\n" } else { b"[]\n" }),
            Self::Html { page, .. } => page.finish(out),
            Self::Compare { style, json, mut viewer, pair } => {
                let [a, b] = pair.as_slice() else { return Ok(()) };
                let comparison = viewer.compare(a, b);
                let files = [a.file.as_str(), b.file.as_str()];
                if json {
                    serde_json::to_writer_pretty(
                        &mut *out,
                        &render::compared_object(&comparison, files),
                    )?;
                    return out.write_all(b"\n");
                }
                render::compared(&comparison, files, style, out)
            }
        }
    }
}
