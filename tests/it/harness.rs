//! What the integration tests share: the repository, the binary, its answers.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder, sorted; a folder that is not there holds none.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All Rust files below a folder, sorted.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|f| f.extension().is_some_and(|e| e == "rs")).collect()
}

/// A finished run of the binary.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The answer as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}\n{}", self.stdout, self.stderr))
    }
}

/// Runs the binary in the repository, with nothing of the caller's terminal or locale.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Run {
    run_in(root(), arguments)
}

/// Runs the binary in a folder.
pub(crate) fn run_in<S: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: &[S]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_mailtriage"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    Run {
        code: status.code().expect("the binary ends by itself"),
        stdout: String::from_utf8(stdout).expect("the answer is UTF-8"),
        stderr: String::from_utf8(stderr).expect("messages are UTF-8"),
    }
}

/// A report without what may differ between equal runs: its arguments, and the hashes of inputs
/// that only a report folder has.
pub(crate) fn without_arguments(mut report: Value) -> Value {
    report["tool"]["arguments"] = Value::Null;
    for source in report["input"]["sources"].as_array_mut().into_iter().flatten() {
        source["sha256"] = Value::Null;
    }
    report
}

/// Kept answers are to be written anew.
pub(crate) fn blessing() -> bool {
    std::env::var_os("MAILTRIAGE_BLESS").is_some_and(|v| v == "1")
}

/// Compares with a kept answer in `tests/golden/`; `MAILTRIAGE_BLESS=1` writes it anew. What
/// differs is shown line by line.
pub(crate) fn golden(name: &str, actual: &str) {
    let path = root().join("tests/golden").join(name);
    if blessing() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if kept == actual {
        return;
    }
    let mut shown = String::new();
    for pair in diff(&kept, actual).iter().take(40) {
        shown.push_str(pair);
        shown.push('\n');
    }
    panic!(
        "tests/golden/{name} differs (- kept, + now); if the change is wanted, run the tests \
         with MAILTRIAGE_BLESS=1 and review the difference\n{shown}"
    );
}

/// Lines that only one side has, in order of place.
fn diff(kept: &str, actual: &str) -> Vec<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), actual.lines().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end =
        a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let gone = a[start..a.len() - end].iter().map(|l| format!("- {l}"));
    let new = b[start..b.len() - end].iter().map(|l| format!("+ {l}"));
    gone.chain(new).collect()
}
