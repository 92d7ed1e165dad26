//! One row per delivery: the schema, the same bytes whatever the machine, totals that agree.

use crate::harness::{Run, root, run, run_in};
use mailtriage::model::FactKind;
use mailtriage::model::fact::COLUMNS;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn facts(arguments: &[&str]) -> Run {
    run(&[&["facts", "--quiet"], arguments].concat())
}

/// `docs/schema.md`, from the list of columns.
fn schema() -> String {
    let mut text = "\
# Facts: one row per delivery

Written by `mailtriage facts` and `analyze --facts`, as CSV, JSON Lines or Parquet, and asked by `mailtriage query` as the
table `deliveries`: the same columns everywhere, in this order. Rows are sorted by time, network message id, recipient,
source and line; the same inputs give the same bytes.

- Times are UTC: RFC 3339 in CSV and JSON Lines, `timestamp` in microseconds in Parquet and SQL.
- Numbers are signed. Unknown is empty in CSV and null elsewhere, never 0.
- Lists are joined by `;` in CSV.
- CSV is UTF-8 with a byte order mark and CRLF; text that a spreadsheet would take for a formula begins with `'`.

| column | kind | unit | meaning | null when | from | EmailEvents |
|---|---|---|---|---|---|---|
"
    .to_owned();
    for c in COLUMNS {
        let kind = match c.kind {
            FactKind::Text => "text",
            FactKind::Time => "time",
            FactKind::Integer => "integer",
            FactKind::List => "list of text",
        };
        let cell = |text: &str| text.replace('|', "\\|");
        writeln!(
            text,
            "| `{}` | {kind} | {} | {} | {} | {} | {} |",
            c.name,
            c.unit,
            cell(c.meaning),
            c.missing,
            c.source,
            c.email_events
        )
        .unwrap();
    }
    text
}

#[test]
fn the_schema_is_documented() {
    let path = root().join("docs/schema.md");
    if std::env::var_os("MAILTRIAGE_BLESS").is_some() {
        std::fs::write(&path, schema()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, schema(), "docs/schema.md differs: run with MAILTRIAGE_BLESS=1");
}

/// Rows of JSON Lines.
fn rows(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn rows_add_up_to_the_totals() {
    for input in ["samples", "tests/data/damaged-rows.csv"] {
        let rows = rows(&facts(&[input, "--format", "jsonl"]));
        let report = run(&["analyze", input, "--format", "json", "--quiet"]).json();
        assert_eq!(rows.len() as u64, report["input"]["deliveries"].as_u64().unwrap(), "{input}");
        for (column, totals) in
            [("outcome", "outcome"), ("placement", "placement"), ("direction", "direction")]
        {
            let mut counted = BTreeMap::<String, u64>::new();
            for row in &rows {
                *counted.entry(row[column].as_str().unwrap().to_owned()).or_default() += 1;
            }
            for (word, n) in report["totals"][totals].as_object().unwrap() {
                let ours = counted.remove(word).unwrap_or(0);
                assert_eq!(ours, n.as_u64().unwrap(), "{input}: {column} {word}");
            }
            assert!(counted.is_empty(), "{input}: {counted:?}");
        }
        let faults = rows.iter().filter(|r| !r["layer"].is_null()).count() as u64;
        let totals = &report["totals"];
        let sum = totals["failing"].as_u64().unwrap() + totals["held"].as_u64().unwrap();
        assert_eq!(faults, sum, "{input}: failing and held");
    }
}

#[test]
fn rows_are_whole_and_in_order() {
    let rows = rows(&facts(&["samples", "--format", "jsonl"]));
    let names: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, names);
        let place = (row["source"].to_string(), row["line"].as_u64());
        assert!(root().join(row["source"].as_str().unwrap()).exists(), "{place:?}");
        seen.insert(place);
    }
    // Up to the second all times are written alike.
    assert!(rows.is_sorted_by_key(|row| row["time"].as_str().unwrap()[..19].to_owned()));
    for column in ["message_id", "subject", "size_bytes", "client_ip", "status_raw", "cat", "tls"] {
        assert!(rows.iter().any(|row| !row[column].is_null()), "{column} is never filled");
    }
}

#[test]
fn the_machine_changes_nothing() {
    let form = ["--format", "csv"];
    let one = facts(&[&["samples", "--jobs", "1"], &form[..]].concat()).stdout;
    let small =
        facts(&[&["samples", "--jobs", "4", "--memory", "16MiB"], &form[..]].concat()).stdout;
    assert!(one == small, "the rows differ");
    assert!(one.starts_with('\u{feff}') && one.ends_with("\r\n"));
}

#[test]
fn a_file_beside_the_report() {
    let temp = tempfile::tempdir().unwrap();
    let samples = root().join("samples");
    let samples = samples.to_str().unwrap();
    let arguments = ["analyze", samples, "--facts", "f.csv", "-o", "out", "--quiet"];
    assert_eq!(run_in(temp.path(), &arguments).code, 0);
    let beside = std::fs::read_to_string(temp.path().join("f.csv")).unwrap();
    let alone = run_in(temp.path(), &["facts", samples, "-o", "g.csv", "--quiet"]);
    assert_eq!((alone.code, alone.stdout.as_str()), (0, ""));
    assert!(beside == std::fs::read_to_string(temp.path().join("g.csv")).unwrap());
    let again = run_in(temp.path(), &["facts", samples, "-o", "g.csv", "--quiet"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    assert_eq!(run_in(temp.path(), &["facts", samples, "-o", "g.csv", "--force", "-q"]).code, 0);
}

#[test]
fn wrong_names_are_refused_before_the_run() {
    for (arguments, word) in [
        (&["samples", "-o", "facts.xlsx"][..], ".csv"),
        (&["samples/MessageTrace.csv", "-o", "samples/MessageTrace.csv"][..], "input"),
        (&["samples", "-o", "no/such/folder/f.csv"][..], "cannot write"),
    ] {
        let run = facts(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
    if cfg!(not(feature = "frame")) {
        let run = facts(&["samples", "-o", "f.parquet"]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("full build"), "{}", run.stderr);
    }
    assert_eq!(facts(&["no-such-path"]).code, 3);
}
