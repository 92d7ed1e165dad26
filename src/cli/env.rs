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
    /// The terminal on stdout shows links (OSC 8): the folder that relative paths begin at.
    pub(super) links_from: Option<PathBuf>,
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
            links_from: (stdout_terminal && takes_links(|name| std::env::var(name).ok()))
                .then(|| std::env::current_dir().ok())
                .flatten(),
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

/// Terminals that are known to show OSC 8 links; others might print the code. Multiplexers hide what
/// they run in, so there is none in them.
fn takes_links(get: impl Fn(&str) -> Option<String>) -> bool {
    let get = |name: &str| get(name).filter(|v| !v.is_empty());
    if get("TMUX").is_some() || get("STY").is_some() || get("TERM").as_deref() == Some("dumb") {
        return false;
    }
    let program = get("TERM_PROGRAM").unwrap_or_default();
    let vte = get("VTE_VERSION").and_then(|v| v.parse::<u32>().ok());
    let number = |name: &str| get(name).and_then(|v| v.parse::<u32>().ok());
    matches!(program.as_str(), "iTerm.app" | "WezTerm" | "vscode" | "ghostty" | "Hyper" | "rio")
        || vte.is_some_and(|v| v >= 5000)
        || get("WT_SESSION").is_some()
        || get("KITTY_WINDOW_ID").is_some()
        || number("KONSOLE_VERSION").is_some_and(|v| v >= 201_200)
        || get("TERM")
            .is_some_and(|t| t.starts_with("foot") || t == "alacritty" || t == "xterm-kitty")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_only_where_they_are_known_to_work() {
        let takes = |pairs: &[(&str, &str)]| {
            takes_links(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        for yes in [
            &[("VTE_VERSION", "7203")][..],
            &[("WT_SESSION", "x")],
            &[("TERM_PROGRAM", "iTerm.app")],
            &[("TERM", "xterm-kitty")],
            &[("KONSOLE_VERSION", "220401")],
        ] {
            assert!(takes(yes), "{yes:?}");
        }
        for no in [
            &[][..],
            &[("VTE_VERSION", "4601")],
            &[("VTE_VERSION", "")],
            &[("TERM_PROGRAM", "Apple_Terminal")],
            &[("WT_SESSION", "x"), ("TMUX", "y")],
            &[("KITTY_WINDOW_ID", "1"), ("TERM", "dumb")],
            &[("TERM", "xterm-256color")],
        ] {
            assert!(!takes(no), "{no:?}");
        }
    }
}
