//! Runs `headers`.

use super::args::{Headers, HeadersFormat};
use super::env::Env;
use super::exit::Exit;
use super::plan::JOBS;
use super::say;
use mailtriage::pipeline::{self, HeadersError, HeadersOptions, Looked};
use mailtriage::render::headers as render;
use std::io::{self, BufWriter, Write};

/// Runs the verb. Everything that goes wrong is said here, once.
pub(super) fn run(args: &Headers, env: &Env) -> Exit {
    let jobs = args.jobs.map_or(env.threads.clamp(1, JOBS), usize::from);
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut read, mut skipped) = (0u64, 0u64);
    let options = HeadersOptions { jobs, own: args.tenant_domains.clone(), dns: args.dns.clone() };
    let done = pipeline::headers(&args.paths, &options, io::stdin().lock(), |looked| {
        match looked {
            Looked::Message(seen) => {
                read += 1;
                match args.format {
                    HeadersFormat::Text => render::text(&seen, &mut out)?,
                    HeadersFormat::Jsonl => render::jsonl(&seen, &mut out)?,
                    HeadersFormat::Json => {
                        out.write_all(if read == 1 { b"[" } else { b"," })?;
                        render::jsonl(&seen, &mut out)?;
                    }
                }
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
    let done = done.and_then(|()| {
        if args.format == HeadersFormat::Json {
            out.write_all(if read == 0 { b"[]\n" } else { b"]\n" })?;
        }
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
