//! What a run says of itself: its arguments and the paths of its inputs.

use super::Redactor;
use super::text::{Known, Writer};

/// Endings that stay: they tell the form of a file and nothing else.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "log", "json", "jsonl", "ndjson", "xml", "eml", "msg", "mbox", "zip",
    "gz", "zst", "tar", "tgz", "xlsx", "html", "md",
];

/// Options whose value is a choice, a number or a time.
const PLAIN: &[&str] = &[
    "--format",
    "--bucket",
    "--top",
    "--jobs",
    "--memory",
    "--max-rejected",
    "--fail-on",
    "--date-order",
    "--color",
    "--since",
    "--until",
];

/// Options whose value is a file or folder.
const FILES: &[&str] =
    &["-o", "--output", "--facts", "--temp", "--changes", "--redact-key", "--dns"];

/// Pseudonyms of the inputs' paths, in their order: `input-001.csv` by place, with the ending where it
/// is one of a known form. A member of an archive is an input like any other.
pub fn paths<S: AsRef<str>>(paths: &[S]) -> Vec<String> {
    let width = paths.len().to_string().len().max(3);
    let name =
        |(at, path): (usize, &S)| format!("input-{:0width$}{}", at + 1, ending(path.as_ref()));
    paths.iter().enumerate().map(name).collect()
}

/// `.csv`, `.csv.gz`, or nothing.
fn ending(path: &str) -> String {
    let known = |end: &str| ENDINGS.iter().find(|e| e.eq_ignore_ascii_case(end)).copied();
    let mut parts = path.rsplit(['/', '\\']).next().unwrap_or_default().rsplit('.');
    let Some(last) = parts.next().and_then(known) else { return String::new() };
    match parts.next().and_then(known) {
        Some(inner) if matches!(last, "gz" | "zst") => format!(".{inner}.{last}"),
        _ => format!(".{last}"),
    }
}

impl Redactor {
    /// The arguments of a run: options and plain values stay, paths and everything else go.
    /// `known` names the inputs.
    pub(super) fn arguments(&self, arguments: &[String], known: &Known) -> Vec<String> {
        let mut before = "";
        let mut all = Vec::new();
        for argument in arguments {
            let (option, value) = match argument.split_once('=') {
                Some((option, value)) if option.starts_with("--") => (option, Some(value)),
                _ => (argument.as_str(), None),
            };
            all.push(match value {
                Some(value) => {
                    format!("{}={}", self.option(option), self.value(option, value, known))
                }
                None if option.starts_with('-') && option.len() > 1 => self.option(option),
                None => self.value(before, option, known),
            });
            before = option;
        }
        all
    }

    fn option(&self, option: &str) -> String {
        if PLAIN.contains(&option) || FILES.contains(&option) {
            return option.to_owned();
        }
        self.text(option, Writer::Person, &Known::default())
    }

    fn value(&self, option: &str, value: &str, known: &Known) -> String {
        if FILES.contains(&option) {
            return format!(
                "file-{}{}",
                self.key.word("name", &value.to_lowercase()),
                ending(value)
            );
        }
        let writer = if PLAIN.contains(&option) { Writer::Ours } else { Writer::Person };
        self.text(value, writer, known)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;

    #[test]
    fn paths_are_numbered() {
        let names =
            paths(&["a/kim.CSV", "b.csv.gz", "c.zip/kim@contoso.com.eml", "kim", "d.kim", "-"]);
        assert_eq!(
            names,
            [
                "input-001.csv",
                "input-002.csv.gz",
                "input-003.eml",
                "input-004",
                "input-005",
                "input-006"
            ]
        );
        assert_eq!(paths(&vec!["x.csv"; 1000])[0], "input-0001.csv");
    }

    #[test]
    fn arguments_without_names() {
        let redactor = Redactor::new(Key::lasting(b"a key that is for tests").unwrap(), &[]);
        let typed = "analyze kimdoe/in.csv -o out/kimdoe --tenant-domain contoso.com --top 50 --tz=kimdoe*=UTC \
                     --since 2026-11-16T08:00 --redact --format=json --facts kimdoe.parquet --memory 1048576KiB";
        let typed: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        let out = redactor.arguments(&typed, &Known::default()).join(" ");
        assert!(out.starts_with("analyze "), "{out}");
        for kept in [
            "--top 50",
            "--since 2026-11-16T08:00",
            "--redact",
            "--format=json",
            "--tenant-domain d-",
        ] {
            assert!(out.contains(kept), "{kept} in {out}");
        }
        assert!(!out.contains("kim") && !out.contains("contoso"), "{out}");
    }
}
