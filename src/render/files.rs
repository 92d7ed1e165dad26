//! Writes an output directory so that nobody ever sees half a report: every file first under a
//! temporary name beside its place, renamed when all of them are whole, `report.json` last.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Name of the report's machine-readable file.
pub const REPORT: &str = "report.json";

/// Folder of the tables.
const TABLES: &str = "tables";

/// Begin of the temporary names; a killed run may leave such files, and they are never a result.
const TEMPORARY: &str = ".mailtriage-";

type WriteFn<'a> = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + 'a>;

/// One file to write: its name relative to the directory (`/` between folder and name) and what
/// writes its content.
pub struct OutputFile<'a> {
    name: String,
    content: WriteFn<'a>,
}

impl<'a> OutputFile<'a> {
    /// A file of this name and content.
    pub fn new(
        name: impl Into<String>,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()> + 'a,
    ) -> Self {
        Self { name: name.into(), content: Box::new(content) }
    }

    /// The name, relative to the directory.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes the content.
    pub fn write(self, out: &mut dyn Write) -> io::Result<()> {
        (self.content)(out)
    }
}

/// Why no output directory could be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// The directory already holds (part of) a report.
    #[error("{} exists already: choose another directory, or replace the report with --force", .0.display())]
    Exists(PathBuf),
    /// The file is there already.
    #[error("{} exists already: choose another name, or replace it with --force", .0.display())]
    FileExists(PathBuf),
    /// The path is there, but is no directory.
    #[error("{} is not a directory: name a directory for the report with -o", .0.display())]
    NotADirectory(PathBuf),
    /// The operating system refused.
    #[error("cannot write {}: {error}", .path.display())]
    Io {
        /// What was to be written.
        path: PathBuf,
        /// The system's words.
        #[source]
        error: io::Error,
    },
}

impl FilesError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| Self::Io { path: path.to_owned(), error }
    }
}

/// Checks, before a long run, that a report can be written to `dir`: creates the directory and a
/// file in it (which is removed again), and refuses to touch an existing report without `force`.
pub fn check_dir(dir: &Path, force: bool) -> Result<(), FilesError> {
    if dir.exists() && !dir.is_dir() {
        return Err(FilesError::NotADirectory(dir.to_owned()));
    }
    if !force && let Some(existing) = existing_report(dir) {
        return Err(FilesError::Exists(existing));
    }
    fs::create_dir_all(dir).map_err(FilesError::io(dir))?;
    temporary(dir).map_err(FilesError::io(dir))?;
    Ok(())
}

/// Writes `files` below `dir` and returns their paths, in order. Either all names are renamed
/// into place, or an error is returned and nothing half-written stays. With `force` an existing
/// report is replaced, and tables that the former report had and this one has not are removed.
pub fn write_dir<'a>(
    dir: &Path,
    force: bool,
    files: impl IntoIterator<Item = OutputFile<'a>>,
) -> Result<Vec<PathBuf>, FilesError> {
    check_dir(dir, force)?;
    // Dropping a temporary file removes it, so an early return leaves nothing behind.
    let mut whole = Vec::new();
    for file in files {
        let path = dir.join(&file.name);
        let temporary = write_one(&path, file).map_err(FilesError::io(&path))?;
        whole.push((temporary, path));
    }
    let stale = if force { former_tables(dir) } else { Vec::new() };
    let mut written = Vec::new();
    for (temporary, path) in whole {
        temporary.persist(&path).map_err(|e| FilesError::io(&path)(e.error))?;
        written.push(path);
    }
    for path in stale.into_iter().filter(|p| !written.contains(p)) {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(FilesError::io(&path)(error));
            }
            _ => {}
        }
    }
    Ok(written)
}

/// One file that appears under its name only when it is whole.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    out: BufWriter<tempfile::NamedTempFile>,
}

impl WholeFile {
    /// Opens a file of a temporary name beside `path`.
    ///
    /// # Errors
    /// Where `path` is there already and may not be replaced, or nothing can be written beside it.
    pub fn create(path: &Path, force: bool) -> Result<Self, FilesError> {
        if path.exists() && (!force || path.is_dir()) {
            return Err(FilesError::FileExists(path.to_owned()));
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let temporary =
            temporary(folder.unwrap_or(Path::new("."))).map_err(FilesError::io(path))?;
        Ok(Self { path: path.to_owned(), out: BufWriter::with_capacity(64 * 1024, temporary) })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// Where what is left cannot be written, or the file cannot be renamed.
    pub fn finish(self) -> Result<(), FilesError> {
        let io = FilesError::io(&self.path);
        let temporary = match self.out.into_inner() {
            Ok(temporary) => temporary,
            Err(error) => return Err(io(error.into_error())),
        };
        match temporary
            .as_file()
            .sync_all()
            .and_then(|()| temporary.persist(&self.path).map(drop).map_err(|e| e.error))
        {
            Ok(()) => Ok(()),
            Err(error) => Err(io(error)),
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn write_one(path: &Path, file: OutputFile<'_>) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut buffered = BufWriter::with_capacity(64 * 1024, temporary(folder)?);
    file.write(&mut buffered)?;
    let temporary = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).suffix(".tmp");
    // Temporary files are private by default; a report is as readable as the umask says.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A file in `dir` that belongs to a report.
fn existing_report(dir: &Path) -> Option<PathBuf> {
    let names = [REPORT, "report.html", "report.md", "rejected.csv"];
    let found = names.iter().map(|n| dir.join(n)).find(|p| p.exists());
    found.or_else(|| {
        let tables = dir.join(TABLES);
        let entries = fs::read_dir(&tables).ok()?;
        let is_csv = |p: &PathBuf| p.extension().is_some_and(|e| e == "csv");
        let mut csv: Vec<_> = entries.flatten().map(|e| e.path()).filter(is_csv).collect();
        csv.sort();
        csv.into_iter().next()
    })
}

/// Paths of the tables of the report that lies in `dir`, by its own word; only plain names are
/// believed, and files that no report names are never touched.
fn former_tables(dir: &Path) -> Vec<PathBuf> {
    #[derive(serde::Deserialize)]
    #[expect(
        clippy::zero_sized_map_values,
        reason = "only the names are wanted, the values are skipped unread"
    )]
    struct Former {
        tables: std::collections::BTreeMap<String, serde::de::IgnoredAny>,
    }
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let Ok(file) = fs::File::open(dir.join(REPORT)) else {
        return Vec::new();
    };
    let Ok(former) = serde_json::from_reader::<_, Former>(io::BufReader::new(file)) else {
        return Vec::new();
    };
    let names = former.tables.into_keys().filter(|n| plain(n));
    names.map(|n| dir.join(TABLES).join(format!("{n}.csv"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(name: &str, content: &'a str) -> OutputFile<'a> {
        OutputFile::new(name, move |out| out.write_all(content.as_bytes()))
    }

    /// Every file below `dir`, relative, sorted.
    fn listing(dir: &Path) -> Vec<String> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                names.extend(listing(&path).into_iter().map(|n| format!("{name}/{n}")));
            } else {
                names.push(name);
            }
        }
        names.sort();
        names
    }

    #[test]
    fn writes_into_a_new_directory() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("deep/out");
        check_dir(&dir, false).unwrap();
        let files = [text("tables/a.csv", "a"), text(REPORT, "{}")];
        let written = write_dir(&dir, false, files).unwrap();
        assert_eq!(written, [dir.join("tables/a.csv"), dir.join(REPORT)]);
        assert_eq!(listing(&dir), ["report.json", "tables/a.csv"]);
        assert_eq!(fs::read_to_string(dir.join(REPORT)).unwrap(), "{}");
    }

    #[test]
    fn an_existing_report_needs_force() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path();
        for name in ["tables/x.csv", "rejected.csv", "report.html", "report.md", REPORT] {
            fs::create_dir_all(dir.join(TABLES)).unwrap();
            fs::write(dir.join(name), "old").unwrap();
            let error = check_dir(dir, false).unwrap_err();
            assert!(error.to_string().contains("--force"), "{error}");
            assert!(write_dir(dir, false, [text(REPORT, "new")]).is_err());
        }
        assert_eq!(fs::read_to_string(dir.join(REPORT)).unwrap(), "old");
        write_dir(dir, true, [text(REPORT, "new")]).unwrap();
        assert_eq!(fs::read_to_string(dir.join(REPORT)).unwrap(), "new");
    }

    #[test]
    fn force_removes_the_former_tables_and_nothing_else() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path();
        let former = r#"{"tables":{"gone":{},"kept":{},"../../evil":{}}}"#;
        let first =
            [text("tables/gone.csv", "1"), text("tables/kept.csv", "1"), text(REPORT, former)];
        write_dir(dir, false, first).unwrap();
        fs::write(dir.join("tables/mine.csv"), "mine").unwrap();
        let second = [text("tables/kept.csv", "2"), text(REPORT, "{}")];
        write_dir(dir, true, second).unwrap();
        assert_eq!(listing(dir), ["report.json", "tables/kept.csv", "tables/mine.csv"]);
        assert_eq!(fs::read_to_string(dir.join("tables/kept.csv")).unwrap(), "2");
    }

    #[test]
    fn a_failing_file_leaves_the_old_report_whole() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path();
        write_dir(dir, false, [text(REPORT, "old")]).unwrap();
        let failing = OutputFile::new("tables/b.csv", |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        let error = write_dir(dir, true, [text(REPORT, "new"), failing]).unwrap_err();
        assert!(error.to_string().contains("disk full"), "{error}");
        assert_eq!(listing(dir), ["report.json"]);
        assert_eq!(fs::read_to_string(dir.join(REPORT)).unwrap(), "old");
    }

    #[test]
    fn a_file_appears_when_it_is_whole() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("facts.csv");
        let mut file = WholeFile::create(&path, false).unwrap();
        file.write_all(b"new").unwrap();
        assert!(!path.exists());
        drop(file);
        assert!(listing(temp.path()).is_empty(), "given up");
        let mut file = WholeFile::create(&path, false).unwrap();
        file.write_all(b"new").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert!(WholeFile::create(&path, false).is_err());
        WholeFile::create(&path, true).unwrap().finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
        assert!(WholeFile::create(&temp.path().join("none/f"), false).is_err());
        assert!(WholeFile::create(temp.path(), true).is_err());
    }

    #[test]
    fn a_file_is_no_directory() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("file");
        fs::write(&path, "").unwrap();
        let error = check_dir(&path, true).unwrap_err();
        assert!(matches!(error, FilesError::NotADirectory(_)), "{error}");
        assert!(check_dir(&path.join("below"), false).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_report_is_as_readable_as_other_files() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("usual"), "").unwrap();
        write_dir(temp.path(), false, [text(REPORT, "{}")]).unwrap();
        let mode = |n: &str| fs::metadata(temp.path().join(n)).unwrap().permissions().mode();
        assert_eq!(mode(REPORT), mode("usual"));
    }
}
