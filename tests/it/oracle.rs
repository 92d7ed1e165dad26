//! Against invented exports whose exact truth was written beside them by another program. They lie
//! beside the repository on some machines and are not part of it; elsewhere the tests say so.

use crate::harness::{files, root, run};
use mailtriage::decode::message;
use mailtriage::read::Mbox;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Words of the truth, and the totals (group, name) that they become.
type Same = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const ROWS: &[Same] = &[
    (&["Delivered"], &[("outcome", "delivered"), ("outcome", "relayed")]),
    (&["Failed"], &[("outcome", "failed")]),
    (&["Quarantined"], &[("outcome", "quarantined")]),
    (&["FilteredAsSpam"], &[("outcome", "filtered")]),
    (&["Expanded"], &[("outcome", "expanded")]),
    (&["Pending", "GettingStatus"], &[("outcome", "pending")]),
];
/// Neither quarantine nor Junk has a word of its own there.
const SUMMARY: &[Same] = &[
    (&["Deliver"], &[("outcome", "delivered")]),
    (&["Send"], &[("outcome", "relayed")]),
    (&["Fail"], &[("outcome", "failed")]),
    (&["Expand"], &[("outcome", "expanded")]),
    (&["Defer", "Receive"], &[("outcome", "pending")]),
    (&[], &[("outcome", "quarantined"), ("outcome", "filtered")]),
];
/// What went to Junk was delivered there.
const EVENTS: &[Same] = &[
    (&["Delivered", "FilteredAsSpam"], &[("outcome", "delivered"), ("outcome", "relayed")]),
    (&["FilteredAsSpam"], &[("placement", "junk")]),
    (&["Failed"], &[("outcome", "failed")]),
    (&["Quarantined"], &[("outcome", "quarantined"), ("outcome", "filtered")]),
    (&["Expanded"], &[("outcome", "expanded")]),
    (&["Pending", "GettingStatus"], &[("outcome", "pending")]),
];

/// Action and place; mail to Junk was delivered there.
const HUNTING: &[Same] = &[
    (
        &["Delivered|Inbox/folder", "Delivered|RSS Feeds", "Junked|Junk folder"],
        &[("outcome", "delivered")],
    ),
    (&["Delivered|On-premises/external"], &[("outcome", "relayed")]),
    (&["Junked|Junk folder"], &[("placement", "junk")]),
    (&["Delivered|RSS Feeds"], &[("placement", "folder")]),
    (&["Blocked|Quarantine"], &[("outcome", "quarantined")]),
    (&["Blocked|Failed"], &[("outcome", "failed")]),
];
const QUARANTINE: &[Same] = &[(&["Spam", "HighConfPhish", "Phish"], &[("outcome", "quarantined")])];
const GRAPH: &[Same] = &[
    (&["delivered"], &[("outcome", "delivered"), ("outcome", "relayed")]),
    (&["failed"], &[("outcome", "failed")]),
    (&["quarantined"], &[("outcome", "quarantined")]),
    (&["filteredAsSpam"], &[("outcome", "filtered")]),
    (&["expanded"], &[("outcome", "expanded")]),
    (&["gettingStatus", "pending"], &[("outcome", "pending")]),
];
/// The log of a server does not say which folder the store chose: Junk is delivered there.
const LOG: &[Same] = &[
    (&["Delivered", "FilteredAsSpam"], &[("outcome", "delivered"), ("outcome", "relayed")]),
    (&["Failed"], &[("outcome", "failed")]),
    (&["Quarantined"], &[("outcome", "quarantined")]),
];

/// Cases by how their name begins, with what their words mean.
const CASES: &[(&str, &[Same])] = &[
    ("messagetracev2-", ROWS),
    ("messagetrace_v1-", ROWS),
    ("mtsummary-", SUMMARY),
    ("mtdetail-", EVENTS),
    ("hunting_emailevents-", HUNTING),
    ("quarantine_ps-", QUARANTINE),
    ("graph_json-", GRAPH),
    ("tracking_log-", LOG),
];

fn name_of(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

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
        .filter(|c| CASES.iter().any(|(begin, _)| name_of(c).starts_with(begin)))
        .map(|c| {
            let truth = std::fs::read_to_string(c.join("truth.json")).unwrap();
            (c, serde_json::from_str(&truth).unwrap())
        })
        .collect()
}

fn exports(case: &Path) -> Vec<PathBuf> {
    let mut all = files(&case.join("input"));
    let begins = [
        "MessageTrace-",
        "MTSummary_",
        "MTDetail_",
        "EmailEvents-",
        "Quarantine-",
        "messageTraces-",
        "MSGTRK",
    ];
    all.retain(|f| begins.iter().any(|begin| name_of(f).starts_with(begin)));
    assert!(!all.is_empty(), "{}: no exports", case.display());
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
        let name = name_of(&case);
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
        let (_, same) = CASES.iter().find(|(begin, _)| name.starts_with(begin)).unwrap();
        for (words, totals) in *same {
            let theirs: u64 = words.iter().filter_map(|w| known["status"][w].as_u64()).sum();
            let ours: u64 = totals
                .iter()
                .map(|(group, name)| report["totals"][group][name].as_u64().unwrap())
                .sum();
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
        let name = name_of(&case);
        // The others need more than rates of failures: volume, latency, single mailboxes.
        if !name.starts_with("messagetracev2-") && !name.ends_with("-transport_rule_block") {
            continue;
        }
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

/// Small exports, a format each, invented by hand: name, dialect, encoding, and what is in them
/// (rows, duplicates, messages, deliveries).
const FORMATS: &[(&str, &str, &str, [u64; 4])] = &[
    ("mtsummary_utf16le_nobom.csv", "mtsummary", "utf-16le", [10, 0, 10, 15]),
    ("mtsummary_utf16le_bom_allquoted.csv", "mtsummary", "utf-16le", [10, 0, 10, 15]),
    ("mtsummary_excel_resaved_de_cp1252.csv", "mtsummary", "windows-1252", [10, 0, 10, 15]),
    ("mtdetail_utf16le_nobom.csv", "mtdetail", "utf-16le", [15, 0, 8, 12]),
    ("mtdetail_resaved_utf8bom.csv", "mtdetail", "utf-8-bom", [15, 0, 8, 12]),
    ("eac_summary_export_GUESS_utf8bom.csv", "portal_summary", "utf-8-bom", [7, 0, 7, 7]),
    ("messagetrace_v1_ps51_type_ascii.csv", "messagetrace_v1", "utf-8", [9, 0, 8, 9]),
    ("messagetracev2_ps7_utf8_nobom.csv", "messagetracev2", "utf-8", [11, 1, 7, 10]),
    ("messagetracev2_ps7_icu_u202f_utf8_nobom.csv", "messagetracev2", "utf-8", [11, 1, 7, 10]),
    (
        "messagetracev2_de_culture_semicolon_utf8bom.csv",
        "messagetracev2",
        "utf-8-bom",
        [11, 1, 7, 10],
    ),
    ("messagetracev2_iso_script_utf8.csv", "messagetracev2", "utf-8", [11, 1, 7, 10]),
    ("messagetracedetail_ps51_type_utf8bom.csv", "messagetracedetail", "utf-8-bom", [12, 0, 6, 6]),
    ("adminapi_messagetracev2.json", "messagetracev2", "utf-8", [8, 0, 7, 8]),
    ("graph_messagetraces.json", "graph_messagetrace", "utf-8", [8, 0, 7, 8]),
    ("graph_detailsbyrecipient.json", "graph_messagetracedetail", "utf-8", [5, 0, 3, 3]),
    ("reportingwebservice_odata2.json", "messagetrace_v1", "utf-8", [8, 0, 7, 8]),
    ("reportingwebservice_odata3.jsonl", "messagetrace_v1", "utf-8", [8, 0, 7, 8]),
    ("quarantine_adminapi.json", "quarantine", "utf-8", [5, 0, 5, 6]),
    ("quarantine_ps51_arraylist_utf8bom.csv", "quarantine", "utf-8-bom", [5, 0, 5, 5]),
    ("quarantine_portal_GUESS_utf8bom.csv", "quarantine_portal", "utf-8-bom", [5, 0, 5, 6]),
    ("explorer_all_email_utf8bom.csv", "explorer", "utf-8-bom", [5, 0, 5, 6]),
    ("hunting_emailevents_utf8bom.csv", "emailevents", "utf-8-bom", [5, 0, 5, 5]),
    ("hunting_emailpostdelivery_utf8bom.csv", "emailpostdelivery", "utf-8-bom", [5, 0, 3, 4]),
    ("streaming_emailevents.jsonl", "emailevents", "utf-8", [5, 0, 4, 5]),
    ("MSGTRK2026111608-1.LOG", "tracking_log", "utf-8", [7, 0, 2, 4]),
    ("MSGTRK_2013_27fields.LOG", "tracking_log", "utf-8", [5, 0, 5, 5]),
    ("getmessagetrackinglog_ps51_ascii.csv", "messagetrackinglog", "utf-8", [5, 0, 1, 1]),
];

/// The folder of these, where it is there.
fn formats() -> Option<PathBuf> {
    let folder = root().join("../shared/format-samples");
    if !folder.is_dir() {
        eprintln!("skipped: no exports of every format at {}", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn every_format_is_known_and_read_to_its_last_row() {
    let Some(folder) = formats() else { return };
    for (name, dialect, encoding, [rows, duplicates, messages, deliveries]) in FORMATS {
        let (_, report) = analyze(&[folder.join(name)], &[]);
        let source = &report["input"]["sources"][0];
        assert_eq!(source["format"], *dialect, "{name}");
        assert_eq!(source["encoding"], *encoding, "{name}");
        assert_eq!(source["rows"], *rows, "{name}");
        assert_eq!(source["rejected"], 0, "{name}");
        assert_eq!(source["duplicates"], *duplicates, "{name}");
        assert_eq!(report["input"]["messages"], *messages, "{name}");
        assert_eq!(report["input"]["deliveries"], *deliveries, "{name}");
    }
    // Nothing of these dialects lies there unread.
    for path in files(&folder) {
        let name = name_of(&path);
        let ours = ["mtsummary", "mtdetail", "messagetrace", "eac_summary"];
        if ours.iter().any(|begin| name.starts_with(begin)) {
            assert!(FORMATS.iter().any(|f| f.0 == name), "{name} is tried by no test");
        }
    }
}

#[test]
fn one_content_in_other_encodings_and_cultures_is_one_answer() {
    let Some(folder) = formats() else { return };
    let same: &[&[&str]] = &[
        &["mtsummary_utf16le_nobom.csv", "mtsummary_utf16le_bom_allquoted.csv"],
        &["mtdetail_utf16le_nobom.csv", "mtdetail_resaved_utf8bom.csv"],
        &[
            "messagetracev2_ps7_utf8_nobom.csv",
            "messagetracev2_ps7_icu_u202f_utf8_nobom.csv",
            "messagetracev2_de_culture_semicolon_utf8bom.csv",
            "messagetracev2_iso_script_utf8.csv",
        ],
    ];
    for names in same {
        let answers: Vec<Value> = names
            .iter()
            .map(|name| {
                let (_, report) = analyze(&[folder.join(name)], &[]);
                // One of them has fractions of seconds: no single time is compared.
                let buckets = &report["tables"]["outcome_by_bucket"];
                Value::Array(vec![report["totals"].clone(), buckets.clone()])
            })
            .collect();
        for (name, answer) in names.iter().zip(&answers) {
            assert!(*answer == answers[0], "{name}: {answer}");
        }
    }
    // And given together, all but one count for nothing.
    for (names, duplicates) in [(same[0], 10), (same[1], 15), (same[2], 4 * 11 - 10)] {
        let paths: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
        let (_, both) = analyze(&paths, &[]);
        let (_, one) = analyze(&paths[..1], &[]);
        assert_eq!(both["input"]["duplicates"], duplicates, "{names:?}");
        assert_eq!(both["totals"], one["totals"], "{names:?}");
    }
}

/// Real and built mboxes: how many messages, and which.
#[test]
fn mboxes_fall_into_their_messages() {
    let folder = root().join("../shared/corpus/mbox");
    let Ok(expected) = std::fs::read_to_string(folder.join("expected.jsonl")) else {
        eprintln!("skipped: no mboxes at {}", folder.display());
        return;
    };
    for line in expected.lines() {
        let known: Value = serde_json::from_str(line).unwrap();
        let file = std::fs::File::open(folder.join(known["file"].as_str().unwrap())).unwrap();
        let mut mbox = Mbox::new(file, 1 << 20);
        let mut seen = Vec::new();
        while let Some(piece) = mbox.next_piece().unwrap() {
            let facts = message::decode(piece.bytes, piece.length).unwrap_or_default();
            seen.push((facts.message_id, facts.subject));
        }
        if let Some(messages) = known["messages"].as_u64() {
            assert_eq!(seen.len() as u64, messages, "{}", known["file"]);
        }
        let list = known["list"].as_array().map_or(&[][..], Vec::as_slice);
        for (seen, known) in seen.iter().zip(list) {
            let text = |key: &str| known[key].as_str().map(str::to_owned);
            assert_eq!(*seen, (text("message_id"), text("subject")), "{known}");
        }
    }
}
