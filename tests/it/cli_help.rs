//! Help, version and wrong usage, on the binary itself.

#![allow(clippy::unwrap_used)] // functions that tests share are tests too

use std::process::{Command, Output};

fn mailtriage(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mailtriage"))
        .args(arguments)
        .env_remove("COLUMNS")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_is_an_answer() {
    for arguments in [["--help"].as_slice(), &["analyze", "--help"]] {
        let output = mailtriage(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stderr.is_empty());
        let help = text(&output.stdout);
        assert!(help.contains("Exit codes:") && help.contains("4  the report is written"));
        assert!(!help.contains('\u{1b}'));
        assert!(help.lines().all(|l| l.chars().count() <= 100), "{help}");
    }
    let help = text(&mailtriage(&["analyze", "--help"]).stdout);
    assert!(help.contains("Examples:") && help.contains("--fail-on"));
    assert!(help.contains("report.xlsx") && help.contains("--all-rows"));
    let version = text(&mailtriage(&["--version"]).stdout);
    assert_eq!(version, format!("mailtriage {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_code_2_and_names_the_mend() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "Usage:"),
        (&["analyse", "in"], "analyze"),
        (&["analyze"], "<PATH>"),
        (&["analyze", "in", "--bucket", "7h"], "divide a day"),
        (&["analyze", "in", "--memory", "lots"], "192MiB"),
        (&["analyze", "in", "--max-rejected", "5"], "did you mean 5%?"),
        (&["analyze", "in", "--tenant-domain", "a@b.test"], "contoso.com"),
        (&["analyze", "in", "--date-order", "ydm"], "ymd"),
        (&["analyze", "in", "--since", "16.11.2026"], "the year first"),
        (&["analyze", "in", "--until", "2026-02-30"], "no such date"),
        (&["analyze", "in", "--since", "2026-11-16", "--until", "2026-11-16"], "the next date"),
        (&["analyze", "in", "--tz", "Berlin"], "did you mean Europe/Berlin?"),
        (&["analyze", "in", "--tz", "a*.csv=+25:00"], "-14:00 to +14:00"),
        (&["analyze", "in", "--force"], "--output"),
        (&["analyze", "in", "--all-rows"], "--output"),
        (&["analyze", "-", "-"], "only once"),
        (&["analyze", "in", "-o", "in"], "another directory"),
        (&["analyze", "in", "-o", env!("CARGO_BIN_EXE_mailtriage")], "not a directory"),
    ];
    for (arguments, mend) in cases {
        let output = mailtriage(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(mend), "{arguments:?}: {said}");
    }
}

#[test]
fn an_existing_report_is_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.json");
    std::fs::write(&report, "mine").unwrap();
    let output = mailtriage(&["analyze", "in", "-q", "-o", dir.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--force"));
    assert_eq!(std::fs::read_to_string(report).unwrap(), "mine");
}
