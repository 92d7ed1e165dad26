//! The key of `--redact`: random, or from a file that the user keeps.

use super::args::Redaction;
use super::env::Env;
use super::plan::Usage;
use mailtriage::redact::Key;
use std::path::Path;

/// The key, where pseudonyms are wanted. A file that is typed wins over the one of the environment.
pub(super) fn key(redaction: &Redaction, env: &Env) -> Result<Option<Key>, Usage> {
    if !redaction.redact {
        return Ok(None);
    }
    if let Some(path) = redaction.redact_key.as_ref().or(env.redact_key.as_ref()) {
        let secret = std::fs::read(path).map_err(|e| no_key(path, &e.to_string()))?;
        let short = format!("holds fewer than {} bytes", Key::LEAST);
        return Key::lasting(&secret).map(Some).ok_or_else(|| no_key(path, &short));
    }
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|e| Usage::NoRandomness(e.to_string()))?;
    // Without a key nothing may be shown: never the names instead.
    let key = Key::of_one_run(&random);
    key.map(Some).ok_or_else(|| Usage::NoRandomness("it is none".to_owned()))
}

fn no_key(file: &Path, why: &str) -> Usage {
    Usage::RedactKey { file: file.to_owned(), why: why.to_owned() }
}
