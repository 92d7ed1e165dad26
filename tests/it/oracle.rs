//! Against invented exports whose exact truth was written beside them by another program. They lie
//! beside the repository on some machines and are not part of it; elsewhere the tests say so.

use crate::harness::{files, root, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// `(status word of the export, outcomes it becomes)`.
const STATUS: &[(&[&str], &[&str])] = &[
    (&["Delivered"], &["delivered", "relayed"]),
    (&["Failed"], &["failed"]),
    (&["Quarantined"], &["quarantined"]),
    (&["FilteredAsSpam"], &["filtered"]),
    (&["Expanded"], &["expanded"]),
    (&["Pending", "GettingStatus"], &["pending"]),
];

/// Cases of the dialects that are read: folder and truth.
fn cases() -> Vec<(PathBuf, Value)> {
    let corpus = root().join("../shared/corpus/trace");
    let Ok(entries) = std::fs::read_dir(&corpus) else {
        eprintln!("skipped: no exports with known truth at {}", corpus.display());
        return Vec::new();
    };
    let mut cases: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    cases.sort();
    cases
        .into_iter()
        .filter(|c| c.file_name().unwrap().to_str().unwrap().starts_with("messagetracev2-"))
        .map(|c| {
            let truth = std::fs::read_to_string(c.join("truth.json")).unwrap();
            (c, serde_json::from_str(&truth).unwrap())
        })
        .collect()
}

fn exports(case: &Path) -> Vec<PathBuf> {
    let mut all = files(&case.join("input"));
    all.retain(|f| f.file_name().unwrap().to_str().unwrap().starts_with("MessageTrace-"));
    all
}

fn analyze(paths: &[PathBuf], more: &[&str]) -> (i32, Value) {
    let mut arguments = vec!["analyze", "--format", "json"];
    arguments.extend(paths.iter().map(|p| p.to_str().unwrap()));
    arguments.extend(more);
    let run = run(&arguments);
    (run.code, run.json())
}

#[test]
fn totals_are_the_truth() {
    for (case, truth) in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let (_, report) = analyze(&exports(&case), &["--bucket", "1d"]);
        let (input, known) = (&report["input"], &truth["totals"]);
        for (ours, theirs) in [
            ("rows", "rows"),
            ("rejected", "damaged_rows"),
            ("duplicates", "duplicate_rows"),
            ("messages", "messages"),
            ("deliveries", "deliveries"),
        ] {
            assert_eq!(input[ours], known[theirs], "{name}: {ours}");
        }
        for (words, outcomes) in STATUS {
            let theirs: u64 = words.iter().filter_map(|w| known["status"][w].as_u64()).sum();
            let ours: u64 =
                outcomes.iter().map(|o| report["totals"]["outcome"][o].as_u64().unwrap()).sum();
            assert_eq!(ours, theirs, "{name}: {words:?}");
        }
        let table = &report["tables"]["outcome_by_bucket"];
        let columns = table["columns"].as_array().unwrap();
        let all = columns.iter().position(|c| c["name"] == "deliveries").unwrap();
        let days: BTreeMap<&str, u64> = table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (&row[0].as_str().unwrap()[..10], row[all].as_u64().unwrap()))
            .filter(|(_, n)| *n > 0)
            .collect();
        let known: BTreeMap<&str, u64> = known["per_day"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(day, n)| (day.as_str(), n.as_u64().unwrap()))
            .collect();
        assert_eq!(days, known, "{name}: per day");
    }
}

#[test]
fn exactly_the_damaged_lines_are_rejected() {
    for (case, truth) in cases() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("report");
        let mut arguments = vec!["analyze".into(), "-q".into(), "-o".into(), out.clone()];
        arguments.extend(exports(&case));
        run(&arguments);
        let text = std::fs::read_to_string(out.join("rejected.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let mut ours: Vec<(String, u64)> = reader
            .records()
            .map(Result::unwrap)
            .map(|r| (r[0].rsplit(['/', '\\']).next().unwrap().to_owned(), r[1].parse().unwrap()))
            .collect();
        let mut known: Vec<(String, u64)> = truth["damage"]["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["file"].as_str().unwrap().to_owned(), r["line"].as_u64().unwrap()))
            .collect();
        ours.sort();
        known.sort();
        assert_eq!(ours, known, "{}", case.display());
    }
}

#[test]
fn incidents_are_found_and_look_alikes_are_none() {
    for (case, truth) in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let mut inputs = files(&case.join("input"));
        inputs.retain(|f| f.file_name().unwrap() != "changes.csv");
        let (_, report) = analyze(&inputs, &[]);
        let findings = report["findings"].as_array().unwrap();
        let layers: Vec<&Value> =
            findings.iter().filter(|f| f["status"] == "incident").map(|f| &f["layer"]).collect();
        let known: Vec<&Value> =
            truth["incidents"].as_array().unwrap().iter().map(|i| &i["layer"]).collect();
        assert_eq!(layers.first(), known.first(), "{name}: {layers:?}");
        if known.is_empty() {
            assert!(layers.is_empty(), "{name}: {layers:?}");
        }
    }
}
