//! Parquet is compressed: what it holds is asked for, and must be what JSON Lines hold.

use super::{MARK, analyze, lay};
use crate::harness::run_in;
use serde_json::Value;
use std::collections::BTreeSet;

const COLUMNS: [&str; 5] = ["sender", "recipient", "subject", "network_message_id", "source"];

/// The rows of JSON Lines, in no order.
fn rows(text: &str) -> BTreeSet<String> {
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        COLUMNS.map(|column| row[column].to_string()).join(" ")
    };
    text.lines().map(row).collect()
}

#[test]
fn parquet_holds_the_same_pseudonyms() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path();
    lay(folder);
    std::fs::write(folder.join("key"), "a secret that is kept in the house\n").unwrap();
    std::fs::create_dir(folder.join("out")).unwrap();
    for facts in ["out/facts.parquet", "out/facts.jsonl"] {
        let more = ["--redact", "--redact-key", "key", "--facts", facts, "--format", "json"];
        let run = analyze(folder, &more);
        assert!(run.code < 2, "{}", run.stderr);
    }
    let all = format!("SELECT {} FROM deliveries", COLUMNS.join(", "));
    let asked = run_in(folder, &["query", &all, "out/facts.parquet", "--format", "jsonl"]);
    assert_eq!(asked.code, 0, "{}", asked.stderr);
    assert!(!asked.stdout.to_ascii_lowercase().contains(MARK));
    let parquet = rows(&asked.stdout);
    assert!(parquet.len() > 500, "{}", parquet.len());
    let lines = std::fs::read_to_string(folder.join("out/facts.jsonl")).unwrap();
    assert_eq!(parquet, rows(&lines));
}
