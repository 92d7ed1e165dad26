//! Which inputs are there?
//!
//! Comes in: the paths as the user gave them: files, folders, patterns. Goes out: [`Found`], the
//! files in path order, each once, with notes on what was passed over and a list of what could
//! not be reached. Deliberately absent: looking into files (but for one kilobyte of a
//! `report.json`, and for the directories of archives, see [`archive`]), standard input.
//!
//! A path that the user names is never filtered out. A walk passes over hidden files, leftovers
//! of editors and systems, and the tables of an earlier run, and says so.

pub mod archive;
mod pattern;
mod walk;

use crate::model::Input;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The inputs, in path order.
    pub inputs: Vec<Input>,
    /// What was passed over, and other things worth knowing.
    pub notes: Vec<String>,
    /// Paths that could not be reached: the path, and the reason with the mend.
    pub unreadable: Vec<(String, String)>,
}

/// Why nothing was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoverError {
    /// No path at all.
    #[error("no path given; name a file, a folder, or a pattern such as export/*.csv")]
    NoPath,
    /// `-`.
    #[error(
        "standard input (-) is not read yet; save it to a file and name that \
         (a file that is really called \"-\" is ./-)"
    )]
    StandardInput,
}

/// Looks for inputs. The result does not depend on the order of `paths` or of the file system.
///
/// # Errors
///
/// Where there is no path, or one of them is standard input. A path that cannot be reached is no
/// error: it is named in [`Found::unreadable`].
pub fn discover(paths: &[PathBuf]) -> Result<Found, DiscoverError> {
    if paths.is_empty() {
        return Err(DiscoverError::NoPath);
    }
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(DiscoverError::StandardInput);
    }
    let mut search = Search::default();
    for path in paths {
        search.argument(path);
    }
    Ok(search.finish())
}

/// What one search has come upon so far.
#[derive(Debug, Default)]
struct Search {
    /// By path without links: path as given, whether the user named it, size.
    files: BTreeMap<OsString, (PathBuf, bool, u64)>,
    /// Notes as `(path, text)`, so that they can be sorted by path.
    notes: Vec<(PathBuf, String)>,
    unreadable: Vec<(String, String)>,
}

impl Search {
    /// One path as the user gave it.
    fn argument(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => self.folder(path),
            Ok(data) if data.is_file() => match fs::File::open(path) {
                Ok(_) => self.file(path, true, data.len()),
                Err(error) => self.fail(path, &reason(&error)),
            },
            Ok(_) => self.fail(
                path,
                "is neither a file nor a folder; save its content to a file and name that",
            ),
            Err(error) => match path.to_str().filter(|text| pattern::is_pattern(text)) {
                Some(text) => self.pattern(path, text),
                None => self.fail(path, &reason(&error)),
            },
        }
    }

    fn folder(&mut self, path: &Path) {
        if self.walk(path) == 0 {
            self.fail(
                path,
                "holds no files to read; name the folder that the exports were saved to",
            );
        }
    }

    fn pattern(&mut self, path: &Path, text: &str) {
        match pattern::expand(text) {
            Ok(hits) => {
                let mut found = 0;
                for hit in hits {
                    found += match fs::metadata(&hit) {
                        Ok(data) if data.is_dir() => self.walk(&hit),
                        Ok(data) if data.is_file() => {
                            self.file(&hit, false, data.len());
                            1
                        }
                        _ => 0,
                    };
                }
                if found == 0 {
                    self.fail(
                        path,
                        "is no existing path, and as a pattern it matches no file; check the \
                         spelling (* stays within one folder, ** goes into all below)",
                    );
                }
            }
            Err(error) => self.fail(
                path,
                &format!("is no existing path, and as a pattern it cannot be read: {error}"),
            ),
        }
    }

    /// Takes a file once. Of several names for it the one that the user gave wins, then the
    /// shortest way, then the first in path order.
    fn file(&mut self, path: &Path, explicit: bool, bytes: u64) {
        let key = match fs::canonicalize(path) {
            Ok(key) => key,
            Err(error) => return self.fail(path, &reason(&error)),
        };
        self.keep(key, path, explicit, bytes);
    }

    fn keep(&mut self, key: PathBuf, path: &Path, explicit: bool, bytes: u64) {
        match self.files.entry(key.into_os_string()) {
            Entry::Vacant(slot) => {
                slot.insert((path.to_owned(), explicit, bytes));
            }
            Entry::Occupied(mut slot) => {
                let rank = |path: &Path, explicit: bool| {
                    (!explicit, path.components().count(), path.to_owned())
                };
                let known = slot.get();
                if rank(path, explicit) < rank(&known.0, known.1) {
                    slot.insert((path.to_owned(), explicit, bytes));
                }
            }
        }
    }

    fn fail(&mut self, path: &Path, reason: &str) {
        (self.unreadable).push((path.display().to_string(), reason.to_owned()));
    }

    fn finish(mut self) -> Found {
        let mut inputs: Vec<Input> = (self.files.into_values())
            .map(|(path, explicit, bytes)| {
                let name = path.display().to_string();
                Input::file(path, name, explicit, bytes)
            })
            .collect();
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        self.notes.sort();
        self.notes.dedup();
        self.unreadable.sort();
        self.unreadable.dedup();
        Found {
            inputs,
            notes: self.notes.into_iter().map(|(_, text)| text).collect(),
            unreadable: self.unreadable,
        }
    }
}

/// An error of the file system with the mend.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "does not exist; check the spelling and the current folder".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "may not be read by this user; change its permissions or copy it".to_owned()
        }
        _ => format!("cannot be read ({error}); copy it to a local disk and try again"),
    }
}

#[cfg(test)]
mod tests;
