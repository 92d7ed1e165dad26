//! An independent engine asks for the numbers of the report: SQL over the facts, on the samples, on
//! damaged and repeated rows, and on exports with known truth where they are at hand.
#![cfg(feature = "frame")]

use crate::harness::{files, root, run};
use mailtriage::frame::{ParquetFacts, query};
use mailtriage::model::Report;
use mailtriage::model::answer::Value;
use mailtriage::model::report::Cell;
use mailtriage::model::time::HOUR;
use mailtriage::pipeline::{self, Options};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FAILING: &str =
    "(outcome IN ('failed', 'dropped') OR (outcome = 'pending' AND layer IS NOT NULL))";
const HELD: &str = "(outcome IN ('quarantined', 'filtered') OR placement = 'junk')";
const COUNTED: &str = "outcome NOT IN ('expanded', 'redirected')";

/// Keys and numbers.
type Groups = BTreeMap<Vec<String>, Vec<i64>>;

struct Asked {
    facts: tempfile::NamedTempFile,
    report: Report,
}

impl Asked {
    fn of(paths: &[PathBuf]) -> Self {
        let mut facts = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        let options = Options { top: 1_000_000, jobs: 2, ..Options::default() };
        let outcome = {
            let mut writer = ParquetFacts::new(facts.as_file_mut()).unwrap();
            pipeline::analyze_with_facts(paths, &options, Some(&mut writer), &()).unwrap()
        };
        Self { facts, report: outcome.report }
    }

    /// Answers with the first `keys` columns as keys and numbers behind them.
    fn groups(&self, sql: &str, keys: usize) -> Groups {
        let rows = query(sql, &[self.facts.path().to_owned()], Some(&self.report))
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let number = |value: &Value| match value {
            Value::Integer(n) => *n,
            Value::Float(x) => *x as i64,
            Value::Time(at) => at.0,
            Value::Null => 0,
            other => panic!("{sql}: {other:?}"),
        };
        let key = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            Value::Null => String::new(),
            other => number(other).to_string(),
        };
        let split = |row: &Vec<Value>| {
            (row[..keys].iter().map(key).collect(), row[keys..].iter().map(number).collect())
        };
        rows.rows.iter().map(split).collect()
    }

    /// A table of the report in the same form.
    fn table(&self, name: &str, keys: &[&str], numbers: &[&str]) -> Groups {
        let Some(table) = self.report.table(name) else { return Groups::new() };
        let at = |wanted: &str| table.columns.iter().position(|c| c.name == wanted).unwrap();
        let key = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Instant(at) => (at.0 / HOUR).to_string(),
            other => panic!("{name}: {other:?}"),
        };
        let number = |cell: &Cell| match cell {
            Cell::Count(n) => *n as i64,
            other => panic!("{name}: {other:?}"),
        };
        let row = |row: &Vec<Cell>| {
            let keys = keys.iter().map(|k| key(&row[at(k)])).collect();
            (keys, numbers.iter().map(|n| number(&row[at(n)])).collect())
        };
        table.rows.iter().map(row).collect()
    }
}

fn sums() -> String {
    format!(
        "COUNT(*) AS n, SUM(CASE WHEN {FAILING} THEN 1 ELSE 0 END) AS failing, \
         SUM(CASE WHEN {HELD} THEN 1 ELSE 0 END) AS held"
    )
}

/// Every number that is a group-by, asked twice.
fn compare(paths: &[PathBuf], name: &str) {
    let asked = Asked::of(paths);
    let report = &asked.report;
    totals(&asked, name);

    let buckets = asked.groups(
        "SELECT CAST(FLOOR(CAST(time AS BIGINT) / 3600000000) AS BIGINT) AS b, outcome, COUNT(*) AS n \
         FROM deliveries GROUP BY b, outcome",
        2,
    );
    let mut from_report = Groups::new();
    for outcome in mailtriage::model::Outcome::ALL {
        let word = outcome.as_str();
        for (mut key, n) in asked.table("outcome_by_bucket", &["bucket"], &[word]) {
            key.push(word.to_owned());
            if n[0] > 0 {
                from_report.insert(key, n);
            }
        }
    }
    assert_eq!(buckets, from_report, "{name}: outcome_by_bucket");

    for (table, column) in
        [("sender_domains", "sender_domain"), ("recipient_domains", "recipient_domain")]
    {
        let sql = format!(
            "SELECT {column}, {} FROM deliveries WHERE {COUNTED} AND {column} IS NOT NULL \
             GROUP BY {column}",
            sums()
        );
        let mut expected = asked.table(table, &["domain"], &["deliveries", "failing", "held"]);
        // What is no address has no domain.
        expected.retain(|key, _| key[0].contains('.') && !key[0].contains(['<', '/', ' ']));
        let mut found = asked.groups(&sql, 1);
        found.retain(|key, _| key[0].contains('.') && !key[0].contains(['<', '/', ' ']));
        assert_eq!(found, expected, "{name}: {table}");
    }

    let sql = format!(
        "SELECT connector, {} FROM deliveries WHERE {COUNTED} AND connector IS NOT NULL \
         GROUP BY connector",
        sums()
    );
    let expected = asked.table("connectors", &["connector"], &["deliveries", "failing", "held"]);
    assert_eq!(asked.groups(&sql, 1), expected, "{name}: connectors");

    let stamps = asked.table("stamps", &["field", "value"], &["deliveries", "failing", "held"]);
    for (field, column) in [
        ("SCL", "scl"),
        ("BCL", "bcl"),
        ("SFV", "sfv"),
        ("CAT", "cat"),
        ("SPF", "spf"),
        ("DMARC", "dmarc"),
    ] {
        let sql = format!(
            "SELECT {column}, {} FROM deliveries WHERE {column} IS NOT NULL GROUP BY {column}",
            sums()
        );
        let expected: Groups = stamps
            .iter()
            .filter(|(key, _)| key[0] == field)
            .map(|(key, n)| (vec![key[1].clone()], n.clone()))
            .collect();
        assert_eq!(asked.groups(&sql, 1), expected, "{name}: {field}");
    }

    let found = asked.groups(
        "SELECT signature, enhanced_code, issuer, layer, cause, COUNT(*) AS n, MIN(time) AS a, MAX(time) AS z \
         FROM deliveries WHERE signature IS NOT NULL \
         GROUP BY signature, enhanced_code, issuer, layer, cause",
        5,
    );
    let expected: Groups = report
        .signatures
        .iter()
        .map(|s| {
            let key = [&s.signature, &s.code, &s.issuer, s.layer.as_str(), &s.cause];
            (
                key.map(str::to_owned).to_vec(),
                vec![s.deliveries as i64, s.first_seen.0, s.last_seen.0],
            )
        })
        .collect();
    assert_eq!(found, expected, "{name}: signatures");
    let both = "SELECT signature, code, issuer, layer, cause, deliveries, first_seen, last_seen \
                FROM signatures";
    assert_eq!(asked.groups(both, 5), expected, "{name}: the table signatures");
}

fn totals(asked: &Asked, name: &str) {
    let t = &asked.report.totals;
    let words = |counts: Vec<(&str, u64)>| -> Groups {
        let some = counts.into_iter().filter(|(_, n)| *n > 0);
        some.map(|(word, n)| (vec![word.to_owned()], vec![n as i64])).collect()
    };
    for (column, expected) in [
        ("outcome", words(t.outcome.iter().map(|(w, n)| (w.as_str(), *n)).collect())),
        ("placement", words(t.placement.iter().map(|(w, n)| (w.as_str(), *n)).collect())),
        ("direction", words(t.direction.iter().map(|(w, n)| (w.as_str(), *n)).collect())),
    ] {
        let sql = format!("SELECT {column}, COUNT(*) AS n FROM deliveries GROUP BY {column}");
        assert_eq!(asked.groups(&sql, 1), expected, "{name}: {column}");
    }
    let sql = format!("SELECT 'all' AS k, {} FROM deliveries", sums());
    let all = asked.groups(&sql, 1);
    let expected = [asked.report.input.deliveries, t.failing, t.held].map(|n| n as i64).to_vec();
    assert_eq!(all.values().next(), Some(&expected), "{name}: totals");
}

#[test]
fn samples_counted_twice() {
    compare(&[root().join("samples")], "samples");
}

#[test]
fn damaged_and_repeated_rows_counted_twice() {
    let temp = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for name in ["MessageTrace.csv", "MTDetail.csv", "MTSummary.csv", "MessageTraceDetail.csv"] {
        let text = std::fs::read(root().join("samples").join(name)).unwrap();
        let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        for copy in 0..2 {
            let mut bytes = Vec::new();
            for (at, line) in lines.iter().enumerate() {
                match (at + copy) % 13 {
                    // Torn, repeated, lost, and another recipient.
                    5 if at > 0 => bytes.extend_from_slice(&line[..line.len() / 2]),
                    7 if at > 0 => bytes.extend_from_slice(&[*line, *line].concat()),
                    9 if at > 0 => {}
                    _ => bytes.extend_from_slice(line),
                }
            }
            let path = temp.path().join(format!("{copy}-{name}"));
            std::fs::write(&path, bytes).unwrap();
            paths.push(path);
        }
    }
    paths.push(root().join("samples/eml"));
    paths.push(root().join("samples/ndr"));
    compare(&paths, "damaged");
}

#[test]
fn exports_with_known_truth_counted_twice() {
    let corpus = root().join("../shared/corpus/trace");
    let Ok(entries) = std::fs::read_dir(&corpus) else {
        eprintln!("skipped: no exports with known truth at {}", corpus.display());
        return;
    };
    let known = ["messagetracev2-", "messagetrace_v1-", "mtsummary-", "mtdetail-"];
    let mut compared = 0;
    for entry in entries {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if !known.iter().any(|k| name.starts_with(k)) {
            continue;
        }
        let is_export = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            Path::new(name).extension().is_some_and(|e| e == "csv") && name != "changes.csv"
        };
        let exports: Vec<PathBuf> = files(&folder).into_iter().filter(is_export).collect();
        compare(&exports, &name);
        compared += 1;
    }
    assert!(compared > 0);
}

#[test]
fn the_command_answers() {
    let sql = "SELECT outcome, COUNT(*) AS n FROM deliveries GROUP BY outcome ORDER BY n DESC";
    let answer = run(&["query", sql, "samples", "--format", "json", "--quiet"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let report = run(&["analyze", "samples", "--format", "json", "--quiet"]).json();
    let rows = answer.json();
    assert!(rows.as_array().unwrap().len() > 3);
    for row in rows.as_array().unwrap() {
        let word = row["outcome"].as_str().unwrap();
        assert_eq!(row["n"], report["totals"]["outcome"][word], "{word}");
    }
    let findings =
        run(&["query", "SELECT id, entity FROM findings", "samples", "--format", "json", "-q"]);
    assert_eq!(findings.json()[0]["id"], report["findings"][0]["id"]);
    assert_eq!(findings.json()[0]["entity"], report["findings"][0]["entity"]["value"]);
    let wrong = run(&["query", "SELECT sendr FROM deliveries", "samples", "--quiet"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("sender"), "{}", wrong.stderr);

    let temp = tempfile::tempdir().unwrap();
    let saved = temp.path().join("f.parquet");
    let saved = saved.to_str().unwrap();
    assert_eq!(run(&["facts", "samples", "-o", saved, "--quiet"]).code, 0);
    let again = run(&["query", sql, saved, "--format", "json"]);
    assert_eq!(again.json(), rows, "saved facts");
    let mixed = run(&["query", sql, saved, "samples"]);
    assert_eq!(mixed.code, 2, "{}", mixed.stderr);
    let text = run(&["query", "SELECT MIN(time) AS first FROM deliveries", saved]);
    let first = text.stdout.lines().nth(2).unwrap().to_owned();
    assert!(first.starts_with("2026-") && first.ends_with('Z'), "{first}");
}

#[test]
fn parquet_is_the_same_whatever_the_machine() {
    let temp = tempfile::tempdir().unwrap();
    let write = |name: &str, more: &[&str]| {
        let path = temp.path().join(name);
        let arguments = ["facts", "samples", "-q", "-o", path.to_str().unwrap()];
        assert_eq!(run(&[&arguments[..], more].concat()).code, 0);
        std::fs::read(path).unwrap()
    };
    let one = write("a.parquet", &["--jobs", "1"]);
    assert!(one == write("b.parquet", &["--jobs", "4", "--memory", "16MiB"]));
    assert!(one.starts_with(b"PAR1") && one.ends_with(b"PAR1"));
}
