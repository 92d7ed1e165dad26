//! Folders.

use super::{Search, reason};
use ignore::{DirEntry, WalkBuilder};
use memchr::memmem;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What a run writes into its output folder.
const OWN_FILES: &[&str] =
    &["report.json", "report.html", "report.xlsx", "report.md", "rejected.csv", "tables"];

/// What a walk passes over.
#[derive(Debug, Default)]
struct Passed {
    hidden: usize,
    /// First of the hidden ones, for the note.
    example: Option<PathBuf>,
    outputs: Vec<PathBuf>,
    own: usize,
}

impl Search {
    /// Takes the files below a folder; returns how many.
    pub(super) fn walk(&mut self, root: &Path) -> usize {
        let passed = Arc::new(Mutex::new(Passed::default()));
        let seen = Arc::clone(&passed);
        let own_root = is_output(root);
        let mut walk = WalkBuilder::new(root);
        walk.standard_filters(false)
            .follow_links(false)
            .sort_by_file_name(OsStr::cmp)
            .filter_entry(move |entry| {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                wanted(entry, own_root, &mut seen)
            });
        let mut folders = BTreeMap::new();
        let mut count = 0;
        for entry in walk.build() {
            match entry {
                Ok(entry) => count += usize::from(self.entry(&entry, &mut folders)),
                Err(error) => self.walk_error(root, &error),
            }
        }
        let passed = std::mem::take(&mut *passed.lock().unwrap_or_else(PoisonError::into_inner));
        self.note_passed(root, passed);
        count
    }

    /// One entry of a walk; true where it is a file that is taken.
    fn entry(&mut self, entry: &DirEntry, folders: &mut BTreeMap<PathBuf, PathBuf>) -> bool {
        let path = entry.path();
        let Some(kind) = entry.file_type() else {
            return false;
        };
        if kind.is_dir() {
            return false;
        }
        if kind.is_symlink() {
            return self.link(path);
        }
        if !kind.is_file() {
            self.fail(path, "is neither a file nor a folder; it is not read");
            return false;
        }
        match fs::metadata(path) {
            Ok(data) => {
                // Settling the folder once spares a look at each of its parents per file.
                let parent = path.parent().unwrap_or(Path::new(""));
                let folder = folders.entry(parent.to_owned()).or_insert_with(|| {
                    fs::canonicalize(parent).unwrap_or_else(|_| parent.to_owned())
                });
                let key = folder.join(entry.file_name());
                self.keep(key, path, false, data.len());
                true
            }
            Err(error) => {
                self.fail(path, &reason(&error));
                false
            }
        }
    }

    /// A symbolic link: files are taken, folders are not, so that a walk always ends.
    fn link(&mut self, path: &Path) -> bool {
        let why = match fs::metadata(path) {
            Ok(data) if data.is_file() => {
                self.file(path, false, data.len());
                return true;
            }
            Ok(data) if data.is_dir() => {
                "is a link to a folder and is not followed; name the folder itself to read it"
            }
            Ok(_) => "is a link to neither a file nor a folder; it is not read",
            Err(_) => "is a link that leads nowhere; it is not read",
        };
        self.fail(path, why);
        false
    }

    fn walk_error(&mut self, root: &Path, error: &ignore::Error) {
        let mut path = root;
        let mut inner = error;
        loop {
            match inner {
                ignore::Error::WithPath { path: at, err } => {
                    path = at;
                    inner = err;
                }
                ignore::Error::WithDepth { err, .. }
                | ignore::Error::WithLineNumber { err, .. } => inner = err,
                _ => break,
            }
        }
        let text = match inner {
            ignore::Error::Io(error) => reason(error),
            other => format!("cannot be walked ({other}); name its files one by one"),
        };
        self.fail(path, &text);
    }

    fn note_passed(&mut self, root: &Path, passed: Passed) {
        if let Some(example) = passed.example {
            let text = format!(
                "{}: {} hidden or leftover files and folders passed over (first: {}); name a \
                 file itself to read it",
                root.display(),
                passed.hidden,
                example.display()
            );
            self.notes.push((root.to_owned(), text));
        }
        if passed.own > 0 {
            let text = format!(
                "{}: report and tables of an earlier run in it passed over",
                root.display()
            );
            self.notes.push((root.to_owned(), text));
        }
        for folder in passed.outputs {
            let text = format!("{}: output of an earlier run, passed over", folder.display());
            self.notes.push((folder, text));
        }
    }
}

/// Whether a walk looks at the entry at all.
fn wanted(entry: &DirEntry, own_root: bool, passed: &mut Passed) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name();
    if is_leftover(name) {
        passed.hidden += 1;
        // The walk is sorted by folder only; the least path does not depend on that.
        if passed.example.as_deref().is_none_or(|first| entry.path() < first) {
            passed.example = Some(entry.path().to_owned());
        }
        return false;
    }
    // The user named this folder, so only what a run writes is left out of it.
    if own_root && entry.depth() == 1 && OWN_FILES.iter().any(|own| name == *own) {
        passed.own += 1;
        return false;
    }
    let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    if folder && is_output(entry.path()) {
        passed.outputs.push(entry.path().to_owned());
        return false;
    }
    true
}

/// Hidden files, and what editors, Office and file managers leave behind.
pub(super) fn is_leftover(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.') && name != "." && name != ".."
        || name.starts_with("~$")
        || name.ends_with('~')
        || ["Thumbs.db", "ehthumbs.db", "desktop.ini", "__MACOSX"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
}

/// The folder holds a report of ours: `"tool"` followed closely by our name, near the start.
fn is_output(folder: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(folder.join("report.json"))
        .and_then(|file| file.take(1024).read_to_end(&mut head));
    if read.is_err() {
        return false;
    }
    let Some(tool) = memmem::find(&head, b"\"tool\"") else {
        return false;
    };
    let behind = head.get(tool..).unwrap_or_default();
    let behind = behind.get(..100).unwrap_or(behind);
    memmem::find(behind, b"\"mailtriage\"").is_some()
}
