//! What surrounds the run: the only place that asks the terminal and the environment.

use std::io::IsTerminal;
use std::path::PathBuf;

/// Terminal, environment and machine, as far as the plan depends on them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of the system")]
pub(super) struct Env {
    /// Arguments as typed, without the program's name.
    pub(super) arguments: Vec<String>,
    /// Columns of the terminal on stdout; `None` where stdout is none.
    pub(super) width: Option<usize>,
    /// Stdout is a terminal.
    pub(super) stdout_terminal: bool,
    /// Stderr is a terminal.
    pub(super) stderr_terminal: bool,
    /// `NO_COLOR` is set, or the terminal is a dumb one.
    pub(super) no_colour: bool,
    /// Who reads the output reads UTF-8.
    pub(super) utf8: bool,
    /// Processors.
    pub(super) threads: usize,
    /// `MAILTRIAGE_REDACT_KEY`: the file of the key, where none is typed.
    pub(super) redact_key: Option<PathBuf>,
}

impl Env {
    /// Asks the system.
    pub(super) fn read() -> Self {
        let stdout = std::io::stdout();
        let stdout_terminal = stdout.is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        Self {
            arguments: std::env::args_os()
                .skip(1)
                .map(|a| a.to_string_lossy().into_owned())
                .collect(),
            width: terminal_size::terminal_size_of(&stdout).map(|(w, _)| usize::from(w.0)),
            stdout_terminal,
            stderr_terminal: std::io::stderr().is_terminal(),
            no_colour: set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|t| t == "dumb"),
            utf8: utf8(stdout_terminal),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            redact_key: std::env::var_os("MAILTRIAGE_REDACT_KEY")
                .filter(|v| !v.is_empty())
                .map(PathBuf::from),
        }
    }
}

/// A Windows console takes any text, a pipe there goes through a code page; elsewhere the locale
/// says it.
fn utf8(stdout_terminal: bool) -> bool {
    if cfg!(windows) {
        return stdout_terminal;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(std::env::var_os)
        .find(|v| !v.is_empty())
        .map(|v| v.to_string_lossy().to_lowercase());
    locale.is_some_and(|l| l.contains("utf-8") || l.contains("utf8"))
}
