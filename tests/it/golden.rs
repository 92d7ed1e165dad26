//! The binary on the samples and on small exports: what it prints, what it writes, how it ends.

use crate::harness::{Run, files, golden, root, run, run_in, without_arguments};
use serde_json::Value;
use std::path::Path;

/// `(kept answer, arguments, exit code)`.
const ANSWERS: &[(&str, &[&str], i32)] = &[
    ("samples", &["samples"], 0),
    ("german-semicolon-bom", &["tests/data/german-semicolon-bom.csv"], 0),
    ("iso-unquoted", &["tests/data/iso-unquoted.csv"], 0),
    ("shuffled-extra-columns", &["tests/data/shuffled-extra-columns.csv"], 0),
    ("damaged-rows", &["tests/data/damaged-rows.csv"], 1),
    (
        "with-changes",
        &[
            "tests/data/shuffled-extra-columns.csv",
            "--changes",
            "tests/data/changes-audit-export.csv",
            "--bucket",
            "1d",
            "--top",
            "3",
            "--tenant-domain",
            "contoso.com",
        ],
        0,
    ),
];

fn analyze(arguments: &[&str]) -> Run {
    run(&[&["analyze"], arguments].concat())
}

/// The report of a run, with the rules that every report keeps.
fn report(arguments: &[&str]) -> Value {
    let run = analyze(&[arguments, &["--format", "json"]].concat());
    let report = run.json();
    for source in report["input"]["sources"].as_array().unwrap() {
        let count = |key: &str| source[key].as_u64().unwrap();
        assert!(count("rejected") + count("duplicates") <= count("rows"), "{source}");
    }
    report
}

#[test]
fn answers_are_as_kept() {
    for (name, arguments, code) in ANSWERS {
        let run = analyze(arguments);
        assert_eq!(run.code, *code, "{name}: {}", run.stderr);
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{name}");
        golden(&format!("{name}.txt"), &run.stdout);
    }
    let run = analyze(&["samples", "--format", "md"]);
    golden("samples.md", &run.stdout);
    let kept = files(&root().join("tests/golden"));
    for file in kept {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        // `awkward` is kept by the tests of the renderers, `headers-` by `headers_page`.
        let known = stem == "awkward"
            || stem.starts_with("headers-")
            || ANSWERS.iter().any(|(name, ..)| *name == stem);
        assert!(known, "{}: of no test", file.display());
    }
}

#[test]
fn the_samples_show_their_incident() {
    let report = report(&["samples"]);
    let first = &report["findings"][0];
    assert_eq!(first["id"], "dns_auth.dkim_broken");
    assert_eq!(first["status"], "incident");
    assert_eq!(first["entity"]["value"], "contoso.com");
    let onset = first["onset"].as_str().unwrap();
    assert!(("2026-10-12T06:58".."2026-10-12T08:00").contains(&onset), "{onset}");
    assert!(first["change"]["what"].as_str().unwrap().contains("_domainkey"));
}

#[test]
fn threads_and_the_order_of_arguments_change_nothing() {
    let inputs = [
        "samples/ndr",
        "samples/MessageTrace.csv",
        "samples/changes.csv",
        "samples/eml",
        "samples/MessageTrace-earlier.csv",
    ];
    let one = without_arguments(report(&[&inputs[..], &["--jobs", "1"]].concat()));
    for (jobs, turn) in [("2", 0), ("7", 0), ("1", 2), ("3", 4)] {
        let mut turned = inputs;
        turned.rotate_left(turn);
        if turn > 0 {
            turned.reverse();
        }
        let other = report(&[&turned[..], &["--jobs", jobs]].concat());
        assert_eq!(one, without_arguments(other), "--jobs {jobs}, turned by {turn}");
    }
    let small = report(&[&inputs[..], &["--memory", "16MiB", "--jobs", "2"]].concat());
    assert_eq!(one, without_arguments(small), "--memory 16MiB");
}

#[test]
fn every_row_is_accepted_or_rejected() {
    for file in files(&root().join("tests/data")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        if file.extension().is_none_or(|e| e != "csv") || name.starts_with("changes") {
            continue;
        }
        let text = std::fs::read(&file).unwrap();
        let lines = text.split(|b| *b == b'\n').filter(|l| !l.trim_ascii().is_empty()).count();
        let report = report(&[file.to_str().unwrap()]);
        let source = &report["input"]["sources"][0];
        assert_eq!(source["rows"], lines - 1, "{name}: none of its records spans lines");
        let timeline = report["tables"]["outcome_by_bucket"]["rows"].as_array().unwrap();
        let deliveries: u64 = timeline
            .iter()
            .map(|row| row[row.as_array().unwrap().len() - 3].as_u64().unwrap())
            .sum();
        assert_eq!(report["input"]["deliveries"], deliveries, "{name}");
        let sum = |key: &str| -> u64 {
            report["totals"][key].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).sum()
        };
        assert_eq!(
            (sum("outcome"), sum("placement"), sum("direction")),
            (deliveries, deliveries, deliveries)
        );
    }
}

#[test]
fn rejects_name_file_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let run = analyze(&["tests/data/damaged-rows.csv", "-o", out.to_str().unwrap(), "--quiet"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (1, "", ""));
    let text = std::fs::read_to_string(out.join("rejected.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let lines: Vec<u64> = rows.iter().map(|r| r[1].parse().unwrap()).collect();
    assert_eq!(lines, [15, 28, 30, 43, 51, 54, 55, 65, 70, 77]);
    let bytes = std::fs::read(root().join("tests/data/damaged-rows.csv")).unwrap();
    for row in &rows {
        assert_eq!(&row[0], "tests/data/damaged-rows.csv");
        assert!(!row[3].is_empty(), "{row:?}: no reason");
        let at: usize = row[2].parse().unwrap();
        let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64;
        assert_eq!(line, row[1].parse::<u64>().unwrap(), "byte and line are one place");
        assert!(at == 0 || bytes[at - 1] == b'\n', "{row:?}: not the begin of a line");
    }
}

#[test]
fn a_report_folder_is_whole_and_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let out = out.to_str().unwrap();
    let input = "tests/data/iso-unquoted.csv";
    let first = analyze(&[input, "-o", out]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stderr.contains(out), "{}", first.stderr);
    let names: Vec<String> = files(Path::new(out))
        .iter()
        .map(|f| f.strip_prefix(out).unwrap().display().to_string().replace('\\', "/"))
        .collect();
    for name in ["report.json", "rejected.csv", "tables/outcome_by_bucket.csv"] {
        assert!(names.iter().any(|n| n == name), "{name} is missing in {names:?}");
    }
    let kept = std::fs::read(Path::new(out).join("report.json")).unwrap();
    let again = analyze(&["samples", "-o", out]);
    assert!(matches!(again.code, 2 | 3), "{}", again.code);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    assert_eq!(kept, std::fs::read(Path::new(out).join("report.json")).unwrap());
    let forced = analyze(&[input, "-o", out, "--force", "--quiet"]);
    assert_eq!((forced.code, forced.stdout.as_str(), forced.stderr.as_str()), (0, "", ""));
    let json: Value =
        serde_json::from_slice(&std::fs::read(Path::new(out).join("report.json")).unwrap())
            .unwrap();
    let printed = report(&[input]);
    assert_eq!(without_arguments(json), without_arguments(printed));
}

#[test]
fn what_cannot_be_read_is_named_with_its_mend() {
    let folder = tempfile::tempdir().unwrap();
    let good = std::fs::read_to_string(root().join("tests/data/iso-unquoted.csv")).unwrap();
    let broken: &[(&str, &[u8], &str)] = &[
        ("book.xlsx", b"PK\x03\x04....[Content_Types].xml xl/workbook.xml", "no whole ZIP archive"),
        ("all.zip", b"PK\x03\x04....trace.csv", "no whole ZIP archive"),
        ("page.csv", b"<!DOCTYPE html><html><body>Sign in</body></html>", "sign in"),
        ("empty.csv", b"", "empty"),
        ("colours.csv", b"Name,Colour\nx,red\n", "Colour"),
    ];
    std::fs::write(folder.path().join("good.csv"), good).unwrap();
    for (name, bytes, _) in broken {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let run = run_in(folder.path(), &["analyze", ".", "gone.csv", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    let sources = report["input"]["sources"].as_array().unwrap();
    for (name, mend) in
        broken.iter().map(|(n, _, m)| (*n, *m)).chain([("gone.csv", "does not exist")])
    {
        let source = sources.iter().find(|s| s["path"].as_str().unwrap().ends_with(name));
        let source = source.unwrap_or_else(|| panic!("{name} is not among the sources"));
        assert!(source["format"].is_null(), "{source}");
        assert_eq!(source["rows"], 0);
        assert!(source["warnings"].to_string().contains(mend), "{name}: {}", source["warnings"]);
        let alone = run_in(folder.path(), &["analyze", name]);
        assert_eq!(alone.code, 3, "{name}: {}", alone.stderr);
        assert!(alone.stdout.is_empty() && alone.stderr.contains(name), "{}", alone.stderr);
        assert!(alone.stderr.contains(mend), "{name}: {}", alone.stderr);
    }
    let strict = run_in(folder.path(), &["analyze", ".", "--strict", "--quiet", "-o", "out"]);
    assert_eq!((strict.code, strict.stdout.as_str()), (3, ""));
}

#[test]
fn exit_codes() {
    let cases: &[(&[&str], i32)] = &[
        (&["samples"], 0),
        (&["samples", "--fail-on", "incident"], 4),
        (&["tests/data/iso-unquoted.csv", "--fail-on", "incident"], 0),
        (&["tests/data/damaged-rows.csv"], 1),
        (&["tests/data/damaged-rows.csv", "--max-rejected", "20%"], 0),
        (&["tests/data/damaged-rows.csv", "--strict"], 3),
        (&["samples", "no/such/file.csv"], 1),
        (&["samples", "no/such/file.csv", "--fail-on", "incident"], 4),
        (&["samples", "no/such/file.csv", "--fail-on", "incident", "--strict"], 3),
        (&["no/such/file.csv"], 3),
        (&["samples", "--bucket", "7h"], 2),
    ];
    for (arguments, code) in cases {
        let run = analyze(arguments);
        assert_eq!(run.code, *code, "{arguments:?}: {}", run.stderr);
    }
}
