//! Has the repair of a finding held? A former report against a new export.

use super::{AnalyzeError, Options, Progress, analyze_with_facts};
use crate::compare::Verifier;
use crate::compare::former::{self, FormerError};
use crate::model::Verification;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A report beyond this size is none of ours.
const LARGEST: u64 = 1 << 30;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The report cannot be opened or read.
    #[error("{}: {error}; name the report.json, or the folder, of a former analyze -o", .path.display())]
    Unreadable {
        /// As named.
        path: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// It holds no such finding.
    #[error("{}: {error}", .path.display())]
    Former {
        /// As named.
        path: PathBuf,
        /// Why.
        error: FormerError,
    },
    /// The new export cannot be analysed.
    #[error(transparent)]
    Analyze(#[from] AnalyzeError),
}

/// Asks of the finding `key` of the report (its file, or the folder it lies in) whether mail that it
/// hit arrives in the new exports.
///
/// # Errors
/// Where the report, the finding or the exports are not there.
pub fn verify(
    key: &str,
    report: &Path,
    exports: &[PathBuf],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Verification, VerifyError> {
    let path = if report.is_dir() { report.join("report.json") } else { report.to_owned() };
    let text =
        read(&path).map_err(|error| VerifyError::Unreadable { path: path.clone(), error })?;
    let finding =
        former::finding(&text, key).map_err(|error| VerifyError::Former { path, error })?;
    let mut verifier = Verifier::new(finding);
    analyze_with_facts(exports, options, Some(&mut verifier), progress)?;
    Ok(verifier.verdict())
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}
