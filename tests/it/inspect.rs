//! What each input is, and whether it can be trusted; what can be read at all.

#![allow(clippy::format_push_string)] // short tables

use crate::harness::{root, run, run_in};
use serde_json::Value;

fn inspect(files: &[(&str, String)]) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let run = run_in(folder.path(), &["inspect", ".", "--format", "json"]);
    (run.code, run.json())
}

fn source<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let all = answer["sources"].as_array().unwrap();
    let found = all.iter().find(|s| s["path"].as_str().unwrap().ends_with(name));
    found.unwrap_or_else(|| panic!("{name}: {answer}"))
}

/// A trace of so many rows, `step` seconds apart, newest first.
fn trace(rows: u32, step: u32) -> String {
    let mut text =
        "MessageTraceId,Received,SenderAddress,RecipientAddress,Subject,Status,Extra\r\n"
            .to_owned();
    for n in (0..rows).rev() {
        let at = n * step;
        let time = format!(
            "2026-10-{:02}T{:02}:{:02}:{:02}Z",
            1 + at / 86_400,
            at / 3600 % 24,
            at / 60 % 60,
            at % 60
        );
        let status = if n + 2 > rows { "GettingStatus" } else { "Delivered" };
        let subject = if n == 0 { "x".repeat(256) } else { "Plan".to_owned() };
        text.push_str(&format!(
            "5d2a7e10-0000-4000-8000-{n:012},{time},a{n}@fabrikam.com,b@contoso.com,{subject},{status},\r\n"
        ));
    }
    text
}

#[test]
fn a_sound_export() {
    let (code, answer) = inspect(&[("trace.csv", trace(300, 600))]);
    assert_eq!(code, 0, "{answer}");
    let source = source(&answer, "trace.csv");
    for (key, value) in [
        ("format", Value::from("messagetracev2")),
        ("role", "mail".into()),
        ("delimiter", ",".into()),
        ("rows", 300.into()),
        ("provisional", 1.into()),
        ("long_subjects", 1.into()),
        ("hours", 50.into()),
        ("empty_hours", 0.into()),
        ("filter", "recipient=b@contoso.com".into()),
        ("trusted", true.into()),
        ("mend", Value::Null),
    ] {
        assert_eq!(source[key], value, "{key}");
    }
    assert_eq!(source["columns"]["unknown"], serde_json::json!(["Extra"]));
}

#[test]
fn what_cannot_be_trusted_says_why_and_how_to_mend_it() {
    let lost = "MessageTraceId,Received,SenderAddress,RecipientAddress,Status\r\n\
        5d2a7e10-0000-4000-8000-000000000001,2026-10-01T00:00:00Z,a@fabrikam.com,System.String[],Delivered\r\n";
    let torn = trace(50, 600).replace("Plan,Delivered", "Plan");
    let (code, answer) = inspect(&[
        ("capped.csv", trace(1000, 863)),
        ("lost.csv", lost.to_owned()),
        ("torn.csv", torn),
        ("notes.txt", "just a note\n".to_owned()),
    ]);
    assert_eq!(code, 1);
    for (name, fault, mend) in [
        ("capped.csv", "limit of its export (1000)", "-ResultSize 5000"),
        ("lost.csv", "lost their recipients", "-join"),
        ("torn.csv", "cannot be read", "Export-Csv"),
        ("notes.txt", "not read", ""),
    ] {
        let source = source(&answer, name);
        assert_eq!(source["trusted"], false, "{source}");
        assert!(source["faults"].to_string().contains(fault), "{name}: {source}");
        assert!(source["mend"].to_string().contains(mend), "{name}: {source}");
    }
    assert!(source(&answer, "capped.csv")["warnings"].to_string().contains("ten days"));
    let torn = source(&answer, "torn.csv");
    assert_eq!(torn["rejects"]["field_count"], torn["rejected"]);
}

#[test]
fn the_samples_for_people() {
    let run = run(&["inspect", "samples"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    for words in ["messagetracev2: ", "utf-16le", "hours are empty", "what      dmarc", "zone  "] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'));
}

#[test]
fn formats_are_documented() {
    let run = run(&["formats", "--format", "md"]);
    assert_eq!(run.code, 0);
    let path = root().join("docs/formats.md");
    if std::env::var_os("MAILTRIAGE_BLESS").is_some() {
        std::fs::write(&path, &run.stdout).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, run.stdout, "docs/formats.md differs: run with MAILTRIAGE_BLESS=1");
    let listed: Value = crate::harness::run(&["formats", "--format", "json"]).json();
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    let known: Vec<&str> = mailtriage::detect::rules().iter().map(|rule| rule.name).collect();
    assert_eq!(names, known);
    let text = crate::harness::run(&["formats"]).stdout;
    assert!(known.iter().all(|name| text.contains(&format!("{name} ("))));
}
