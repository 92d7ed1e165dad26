//! `--since`, `--until`, `--tz`: what is counted, what is only read, and what is said about it.

use crate::harness::{Run, run, run_in, without_arguments};
use proptest::prelude::*;
use serde_json::Value;

fn samples(arguments: &str) -> Value {
    let words = ["analyze", "samples", "--format", "json"].into_iter();
    let run = run(&words.chain(arguments.split_whitespace()).collect::<Vec<_>>());
    assert!(run.code == 0, "{}", run.stderr);
    run.json()
}

fn count(report: &Value, place: &str) -> u64 {
    report.pointer(place).and_then(Value::as_u64).unwrap_or_else(|| panic!("{place}"))
}

fn assumptions(report: &Value) -> String {
    let all = report["window"]["assumptions"].as_array().unwrap();
    all.iter().map(|a| a.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Deliveries, messages and the single totals of a report.
fn numbers(report: &Value) -> Vec<u64> {
    let mut numbers = vec![count(report, "/input/deliveries")];
    for group in ["outcome", "placement", "direction"] {
        let group = report["totals"][group].as_object().unwrap();
        numbers.extend(group.values().map(|n| n.as_u64().unwrap()));
    }
    numbers.extend(["/totals/failing", "/totals/held"].map(|place| count(report, place)));
    numbers
}

#[test]
fn a_day_is_counted_and_everything_is_read() {
    let all = samples("");
    let day = samples("--since 2026-10-12 --until 2026-10-13");
    for place in ["/input/rows", "/input/rejected", "/input/duplicates", "/input/files"] {
        assert_eq!(count(&day, place), count(&all, place), "{place}");
    }
    let (inside, everything) = (count(&day, "/input/deliveries"), count(&all, "/input/deliveries"));
    assert!(0 < inside && inside < everything);
    assert!(count(&day, "/input/messages") < count(&all, "/input/messages"));
    let first = day["window"]["first"].as_str().unwrap();
    let last = day["window"]["last"].as_str().unwrap();
    assert!(
        first.starts_with("2026-10-12T0") && last.starts_with("2026-10-12T2"),
        "{first} {last}"
    );
    let said = assumptions(&day);
    assert!(said.contains("from 2026-10-12 00:00 until 2026-10-13 00:00 (UTC)"), "{said}");
    assert!(said.contains(&format!("{} deliveries of ", everything - inside)), "{said}");
    // The buckets of the timeline lie inside.
    for row in day["tables"]["outcome_by_bucket"]["rows"].as_array().unwrap() {
        let bucket = row[0].as_str().unwrap();
        assert!(("2026-10-12".."2026-10-13").contains(&bucket), "{bucket}");
    }
}

#[test]
fn a_window_over_everything_changes_no_number() {
    let all = samples("");
    let wide = samples("--since 2000-01-01 --until 2100-01-01");
    assert_eq!(numbers(&all), numbers(&wide));
    assert_eq!(all["window"]["first"], wide["window"]["first"]);
    for key in ["findings", "layers", "signatures", "tables", "input"] {
        assert_eq!(all[key], wide[key], "{key}");
    }
    assert!(assumptions(&wide).contains("0 deliveries of 0 messages outside are left out"));
}

#[test]
fn nothing_inside_is_a_report_that_says_so() {
    for place in
        ["--since 2030-01-01", "--until 2000-01-01", "--since 2026-10-01 --until 2026-10-02"]
    {
        let report = samples(place);
        assert!(numbers(&report).iter().all(|n| *n == 0), "{place}");
        assert_eq!(count(&report, "/input/messages"), 0);
        for finding in report["findings"].as_array().unwrap() {
            assert_eq!(finding["status"], "insufficient_data", "{finding}");
        }
        assert!(report["window"]["first"].is_null() && report["window"]["last"].is_null());
        assert!(assumptions(&report).contains("No mail was received "), "{place}");
        for layer in report["layers"].as_array().unwrap() {
            assert_ne!(layer["state"], "clear", "{layer}");
        }
        let words: Vec<&str> = ["analyze", "samples"].into_iter().chain(place.split(' ')).collect();
        let page = run(&words);
        assert_eq!((page.code, page.stdout.contains("NaN")), (0, false), "{}", page.stderr);
        assert!(page.stdout.contains("No mail was received"), "{}", page.stdout);
    }
}

#[test]
fn threads_and_memory_change_nothing() {
    let window = "--since 2026-10-10T12:00 --until 2026-10-13T07:30";
    let one = without_arguments(samples(&format!("{window} --jobs 1")));
    let four = without_arguments(samples(&format!("{window} --jobs 4 --memory 16M")));
    assert_eq!(one, four);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn two_parts_are_the_whole(hour in 0i64..24 * 7, minute in 0i64..60) {
        let cut = format!("2026-10-{:02}T{:02}:{minute:02}", 8 + hour / 24, hour % 24);
        let before = numbers(&samples(&format!("--until {cut}")));
        let after = numbers(&samples(&format!("--since {cut}")));
        let sum: Vec<u64> = before.iter().zip(&after).map(|(a, b)| a + b).collect();
        prop_assert_eq!(sum, numbers(&samples("")));
    }
}

const TRACE: &str = "MessageTraceId,Received,SenderAddress,RecipientAddress,Status\n\
    5a3e90c4-1d27-4f68-b0a9-08de1c440003,2026-10-25T08:00:00Z,a@fabrikam.com,b@contoso.com,Delivered\n";

/// Runs on a trace and a change log in a folder of its own.
fn changes(log: &str, arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("trace.csv"), TRACE).unwrap();
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
    run_in(
        folder.path(),
        &[&["analyze", "trace.csv", "log.csv", "--format", "json"], arguments].concat(),
    )
}

fn log_source(report: &Value) -> &Value {
    report["input"]["sources"].as_array().unwrap().iter().find(|s| s["path"] == "log.csv").unwrap()
}

#[test]
fn a_zone_is_for_inputs_that_state_none() {
    let log = "time,what\n2026-10-24 12:00,switched over\n2026-10-24T12:00+09:00,elsewhere\n";
    let cases: &[(&[&str], &str, &str)] = &[
        (&[], "12:00", "leaves the zone open"),
        (&["--tz", "Europe/Berlin"], "10:00", "1 file are read as Europe/Berlin (--tz)"),
        (&["--tz", "w. europe standard time"], "10:00", "are read as Europe/Berlin"),
        (&["--tz", "log*=-0330", "--tz", "UTC"], "15:30", "--tz UTC is not used"),
        (&["--tz", "nothing*=+01:00"], "12:00", "--tz nothing*=+01:00 names no input"),
        (&["--tz", "trace.csv=+01:00"], "12:00", "trace.csv is UTC by format"),
    ];
    for (arguments, last, words) in cases {
        let run = changes(log, arguments);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let report = run.json();
        let source = log_source(&report);
        assert_eq!(source["first"], "2026-10-24T03:00:00Z", "the zone in the cell wins");
        assert_eq!(source["last"], format!("2026-10-24T{last}:00Z"), "{arguments:?}");
        assert!(assumptions(&report).contains(words), "{words}: {}", assumptions(&report));
        assert_eq!(report["window"]["first"], "2026-10-25T08:00:00Z", "traces are UTC");
    }
    let stated = changes(&log.replace("time,", "time_utc,"), &["--tz", "Europe/Berlin"]).json();
    assert_eq!(log_source(&stated)["last"], "2026-10-24T12:00:00Z");
    assert!(assumptions(&stated).contains("--tz Europe/Berlin is not used"));
}

#[test]
fn times_that_a_clock_showed_twice_are_counted() {
    let log = "time,what\n2026-10-25 02:30,a\n2026-10-25 03:30,b\n2026-03-29 02:10,c\n";
    let report = changes(log, &["--tz", "Europe/Berlin"]).json();
    let warnings = log_source(&report)["warnings"].to_string();
    assert!(warnings.contains("2 times stand in an hour"), "{warnings}");
    assert!(!changes(log, &[]).stdout.contains("stand in an hour"));
}

#[test]
fn dates_that_contradict_each_other_are_named() {
    let log = "time_utc,what\n16/11/2026 10:00,a\n17/11/2026 10:00,b\n11/18/2026 10:00,c\n";
    let run = changes(log, &[]);
    let report = run.json();
    let source = log_source(&report);
    assert_eq!((count(source, "/rows"), count(source, "/rejected")), (3, 1));
    let warnings = source["warnings"].to_string();
    assert!(
        warnings.contains("1 of its rows are refused because their dates contradict"),
        "{warnings}"
    );
    assert!(assumptions(&report).contains("in most rows that tell"));
}

#[test]
fn appended_exports_of_two_cultures_are_read_as_each_is_written() {
    let mut lines = vec![TRACE.lines().next().unwrap().to_owned()];
    // Sixteenth of November, then the third: the second export is German, the third British.
    let times = [
        "11/16/2026 8:00:00 AM",
        "11/3/2026 9:00:00 PM",
        "16.11.2026 10:00:00",
        "03.11.2026 11:00:00",
        "16/11/2026 12:00:00",
        "04/11/2026 13:00:00",
    ];
    for (n, time) in times.iter().enumerate() {
        let id = format!("5a3e90c4-1d27-4f68-b0a9-08de1c44{n:04}");
        lines.push(format!("{id},{time},a@fabrikam.com,b@contoso.com,Delivered"));
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), lines.join("\n")).unwrap();
    let window = ["--since", "2026-11-03", "--until", "2026-11-05"];
    let all = ["analyze", "t.csv", "--format", "json", "--bucket", "1d"];
    let report = run_in(folder.path(), &[&all[..], &window].concat()).json();
    assert_eq!(count(&report, "/input/rejected"), 0);
    assert_eq!(count(&report, "/input/deliveries"), 3);
    assert_eq!(report["window"]["first"], "2026-11-03T11:00:00Z");
    assert_eq!(report["window"]["last"], "2026-11-04T13:00:00Z");
    assert!(assumptions(&report).contains("written in several ways"));
}
