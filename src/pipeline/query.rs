//! A question in SQL: the facts of the inputs, or saved ones, then the room `frame`.

use super::{AnalyzeError, Options, Progress, analyze_with_facts};
use crate::frame::{self, ParquetFacts, QueryError};
use crate::model::Report;
use crate::model::answer::Rows;
use std::path::{Path, PathBuf};

/// What a question brought.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The answer.
    pub rows: Rows,
    /// The report of the inputs; `None` where saved facts were asked.
    pub report: Option<Report>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The inputs cannot be analysed.
    #[error(transparent)]
    Analyze(#[from] AnalyzeError),
    /// The question cannot be answered.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Saved facts are asked with saved facts alone.
    #[error("{} holds saved facts, and other inputs are exports: ask the one or the other", .0.display())]
    Mixed(PathBuf),
}

/// Saved facts by their ending.
fn is_saved(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) && path.is_file()
}

/// Answers a question in SQL over exports, or over facts saved as Parquet.
///
/// # Errors
/// See [`AskError`].
pub fn ask(
    sql: &str,
    paths: &[PathBuf],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Asked, AskError> {
    if let Some(saved) = paths.iter().find(|path| is_saved(path)) {
        if !paths.iter().all(|path| is_saved(path)) {
            return Err(AskError::Mixed(saved.clone()));
        }
        return Ok(Asked { rows: frame::query(sql, paths, None)?, report: None });
    }
    let temp = options.temp.clone().unwrap_or_else(std::env::temp_dir);
    let failed = |error| AnalyzeError::Temp(temp.clone(), error);
    let mut file = tempfile::Builder::new()
        .prefix(".mailtriage-")
        .suffix(".parquet")
        .tempfile_in(&temp)
        .map_err(failed)?;
    let outcome = {
        let mut writer = ParquetFacts::new(file.as_file_mut()).map_err(failed)?;
        analyze_with_facts(paths, options, Some(&mut writer), progress)?
    };
    let facts = [file.path().to_owned()];
    let rows = frame::query(sql, &facts, Some(&outcome.report))?;
    Ok(Asked { rows, report: Some(outcome.report) })
}
