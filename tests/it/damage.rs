//! Damaged exports of every dialect of rows: good rows are kept, bad lines are rejected alone, with
//! file, line and reason, and the exit code tells.

use crate::harness::{Run, run_in};
use mailtriage::detect;
use mailtriage::model::Grain;
use serde_json::Value;
use std::path::Path;

/// An export of one dialect: header line, a row with `{n}` for its number (four digits), the cells
/// of it that a damage goes for: time, and id where there is one.
struct Export {
    dialect: &'static str,
    header: &'static str,
    row: &'static str,
    time: &'static str,
    id: Option<&'static str>,
}

const EXPORTS: &[Export] = &[
    Export {
        dialect: "messagetracev2",
        header: "MessageTraceId,MessageId,Received,SenderAddress,RecipientAddress,FromIP,ToIP,Subject,Status,Size",
        row: "5d2a7e10-0000-4000-8000-00000000{n},<{n}@fabrikam.com>,2026-10-13T08:00:01Z,ann@fabrikam.com,r{n}@contoso.com,192.0.2.7,,\"Plan, part {n}\",Delivered,900",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "messagetrace_v1",
        header: "Organization,MessageId,Received,SenderAddress,RecipientAddress,Subject,Status,ToIP,FromIP,Size,MessageTraceId,StartDate,EndDate,Index",
        row: "contoso.onmicrosoft.com,<{n}@fabrikam.com>,2026-10-13T08:00:01Z,ann@fabrikam.com,r{n}@contoso.com,\"Plan, part {n}\",Delivered,,192.0.2.7,900,5d2a7e10-0000-4000-8000-00000000{n},,,{n}",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "portal_summary",
        header: "Date (UTC),Sender,Recipient,Subject,Status",
        row: "2026-10-13T08:00:01Z,ann@fabrikam.com,r{n}@contoso.com,\"Plan, part {n}\",Delivered",
        time: "2026-10-13T08:00:01Z",
        id: None,
    },
    Export {
        dialect: "mtsummary",
        header: "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip,directionality,connector_id,delivery_priority",
        row: "2026-10-13T08:00:01.1234567Z,ann@fabrikam.com,\"r{n}@contoso.com##Receive, Deliver\",Plan {n},900,<{n}@fabrikam.com>,5d2a7e10-0000-4000-8000-00000000{n},192.0.2.7,Incoming,,Normal",
        time: "2026-10-13T08:00:01.1234567Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "mtdetail",
        header: "date_time_utc,source,event_id,message_id,network_message_id,recipient_address,recipient_status,message_subject,sender_address,custom_data",
        row: "2026-10-13T08:00:01.1230000Z,STOREDRIVER,DELIVER,<{n}@fabrikam.com>,5d2a7e10-0000-4000-8000-00000000{n},r{n}@contoso.com,,\"Plan, part {n}\",ann@fabrikam.com,S:E2ELatency=1.2",
        time: "2026-10-13T08:00:01.1230000Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "messagetracedetail",
        header: "MessageId,MessageTraceId,Date,SenderAddress,RecipientAddress,Event,Action,Detail,Data",
        row: "<{n}@fabrikam.com>,5d2a7e10-0000-4000-8000-00000000{n},2026-10-13T08:00:01Z,ann@fabrikam.com,r{n}@contoso.com,Deliver,,\"The message was delivered, part {n}.\",",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "graph_messagetrace",
        header: "id,senderAddress,recipientAddress,messageId,receivedDateTime,subject,size,fromIP,toIP,status",
        row: "5d2a7e10-0000-4000-8000-00000000{n},ann@fabrikam.com,r{n}@contoso.com,<{n}@fabrikam.com>,2026-10-13T08:00:01Z,\"Plan, part {n}\",900,192.0.2.7,,delivered",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "graph_messagetracedetail",
        header: "messageId,dateTime,event,action,description,data",
        row: "<{n}@fabrikam.com>,2026-10-13T08:00:01Z,Deliver,,\"The message was delivered, part {n}.\",",
        time: "2026-10-13T08:00:01Z",
        id: None,
    },
    Export {
        dialect: "quarantine",
        header: "Identity,ReceivedTime,MessageId,SenderAddress,RecipientAddress,Subject,Size,Type,PolicyName,ReleaseStatus",
        row: "5d2a7e10-0000-4000-8000-00000000{n}\\1,2026-10-13T08:00:01Z,<{n}@fabrikam.com>,ann@fabrikam.com,r{n}@contoso.com,\"Plan, part {n}\",900,Spam,Default,NOTRELEASED",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "quarantine_portal",
        header: "Time received,Sender,Subject,Quarantine reason,Release status,Recipient,Message ID",
        row: "2026-10-13T08:00:01Z,ann@fabrikam.com,\"Plan, part {n}\",Spam,Needs review,r{n}@contoso.com,<{n}@fabrikam.com>",
        time: "2026-10-13T08:00:01Z",
        id: None,
    },
    Export {
        dialect: "emailevents",
        header: "Timestamp,NetworkMessageId,InternetMessageId,SenderMailFromAddress,RecipientEmailAddress,Subject,EmailDirection,DeliveryAction,DeliveryLocation",
        row: "2026-10-13T08:00:01Z,5d2a7e10-0000-4000-8000-00000000{n},<{n}@fabrikam.com>,ann@fabrikam.com,r{n}@contoso.com,\"Plan, part {n}\",Inbound,Delivered,Inbox/folder",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "emailpostdelivery",
        header: "Timestamp,NetworkMessageId,Action,ActionType,ActionResult,RecipientEmailAddress,DeliveryLocation,ThreatTypes",
        row: "2026-10-13T08:00:01Z,5d2a7e10-0000-4000-8000-00000000{n},Moved to quarantine,Phish ZAP,Success,r{n}@contoso.com,Quarantine,\"Phish, Spam\"",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "explorer",
        header: "Email date,Network message ID,Recipients,Delivery action,Sender address,Subject",
        row: "2026-10-13T08:00:01Z,5d2a7e10-0000-4000-8000-00000000{n},r{n}@contoso.com,Delivered,ann@fabrikam.com,\"Plan, part {n}\"",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "tracking_log",
        header: "date-time,source,event-id,message-id,network-message-id,recipient-address,recipient-status,message-subject,sender-address,custom-data",
        row: "2026-10-13T08:00:01.123Z,STOREDRIVER,DELIVER,<{n}@fabrikam.com>,5d2a7e10-0000-4000-8000-00000000{n},r{n}@contoso.com,To,\"Plan, part {n}\",ann@fabrikam.com,S:E2ELatency=1.2",
        time: "2026-10-13T08:00:01.123Z",
        id: Some("5d2a7e10-0000"),
    },
    Export {
        dialect: "messagetrackinglog",
        header: "Timestamp,Source,EventId,MessageId,NetworkMessageId,Recipients,MessageSubject,Sender",
        row: "2026-10-13T08:00:01Z,STOREDRIVER,DELIVER,<{n}@fabrikam.com>,5d2a7e10-0000-4000-8000-00000000{n},r{n}@contoso.com,\"Plan, part {n}\",ann@fabrikam.com",
        time: "2026-10-13T08:00:01Z",
        id: Some("5d2a7e10-0000"),
    },
];

impl Export {
    fn row(&self, number: usize) -> String {
        self.row.replace("{n}", &format!("{number:04}"))
    }

    fn rows(&self, numbers: std::ops::Range<usize>) -> Vec<String> {
        numbers.map(|n| self.row(n)).collect()
    }

    /// Bad lines, with the kind of the reason.
    fn bad(&self) -> Vec<(String, &'static str)> {
        let row = self.row(9000);
        let mut bad = vec![
            (row.replacen(',', ",\"", 1), "torn_quote"),
            (row.split(',').take(2).collect::<Vec<_>>().join(","), "field_count"),
            (format!("{row},,"), "field_count"),
            (row.replace(self.time, "half past eight"), "unreadable_time"),
            (row.replace(self.time, "2026-13-13T08:00:01Z"), "unreadable_time"),
            (row.replace(self.time, ""), "unreadable_time"),
            ("\0".repeat(300), "field_count"),
            ("-- end of export: 40 rows --".to_owned(), "field_count"),
        ];
        if let Some(id) = self.id {
            bad.push((row.replace(id, "5d2a7e10-00g0"), "unreadable_message_id"));
            bad.push((row.replace(id, ""), "unreadable_message_id"));
        }
        bad
    }
}

fn lines(parts: &[&[String]]) -> String {
    parts.iter().flat_map(|part| part.iter()).flat_map(|line| [line, "\r\n"]).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Runs on one file `export.csv`; the answer, and what stands in its `rejected.csv`.
fn analyze(bytes: &[u8], more: &[&str]) -> (Run, Value, Vec<(u64, String)>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("export.csv"), bytes).unwrap();
    let run = run_in(folder.path(), &[&["analyze", "export.csv", "-o", "out"], more].concat());
    let Ok(report) = std::fs::read_to_string(folder.path().join("out/report.json")) else {
        return (run, Value::Null, Vec::new());
    };
    let text = std::fs::read_to_string(folder.path().join("out/rejected.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rejected = reader.records().map(Result::unwrap).map(|row| {
        assert_eq!(&row[0], "export.csv");
        assert!(!row[4].is_empty(), "{row:?}: no reason");
        (row[1].parse().unwrap(), row[3].to_owned())
    });
    (run, serde_json::from_str(&report).unwrap(), rejected.collect())
}

#[test]
fn every_dialect_of_rows_is_damaged() {
    for rule in detect::rules() {
        let rows = !matches!(
            rule.grain,
            Grain::Change | Grain::Message | Grain::Headers | Grain::Document
        );
        assert_eq!(EXPORTS.iter().any(|e| e.dialect == rule.name), rows, "{}", rule.name);
    }
}

#[test]
fn bad_lines_are_rejected_alone() {
    for export in EXPORTS {
        let bad = export.bad();
        let mut all = vec![export.header.to_owned()];
        let mut expected = Vec::new();
        for (number, (line, word)) in bad.iter().enumerate() {
            all.extend(export.rows(number * 4..number * 4 + 4));
            all.push(line.clone());
            expected.push((all.len() as u64, *word));
        }
        let good = bad.len() * 4;
        let text = lines(&[&all]);
        // Pieces that were never written are as many NULs in a file of either kind.
        for bytes in [text.clone().into_bytes(), wide(&text)] {
            let (run, report, rejected) = analyze(&bytes, &["--quiet"]);
            let name = export.dialect;
            assert_eq!(run.code, 1, "{name}: {}", run.stderr);
            assert_eq!(report["input"]["sources"][0]["format"], name);
            assert_eq!(report["input"]["deliveries"], good, "{name}: {rejected:?}");
            assert_eq!(report["input"]["rows"], good + bad.len(), "{name}");
            let places: Vec<u64> = rejected.iter().map(|r| r.0).collect();
            assert_eq!(places, expected.iter().map(|e| e.0).collect::<Vec<_>>(), "{name}");
            for ((line, why), (_, word)) in rejected.iter().zip(&expected) {
                assert_eq!(why, word, "{name}: line {line}");
            }
        }
        let (run, ..) = analyze(text.as_bytes(), &["--quiet", "--max-rejected", "50%"]);
        assert_eq!(run.code, 0, "{}: {}", export.dialect, run.stderr);
        let (run, ..) = analyze(text.as_bytes(), &["--quiet", "--strict"]);
        assert_eq!(run.code, 3, "{}: {}", export.dialect, run.stderr);
    }
}

#[test]
fn bytes_of_no_encoding_spoil_a_letter_and_no_row() {
    for export in EXPORTS {
        let head = lines(&[&[export.header.to_owned()], &export.rows(0..20)]);
        let mut bytes = head.into_bytes();
        let spoilt = export.row(20).replace("lan", "l\u{1}n").replace("delivered", "d\u{1}l");
        bytes.extend(spoilt.bytes().map(|b| if b == 1 { 0xFF } else { b }));
        bytes.extend(b"\r\n");
        let (run, report, rejected) = analyze(&bytes, &["--quiet"]);
        let name = export.dialect;
        assert_eq!((run.code, rejected.len()), (0, 0), "{name}: {} {rejected:?}", run.stderr);
        assert_eq!(report["input"]["deliveries"], 21, "{name}");
    }
}

#[test]
fn appended_exports_are_one_export() {
    for export in EXPORTS {
        let name = export.dialect;
        let header = [export.header.to_owned()];
        let (first, second) = (export.rows(0..7), export.rows(7..12));
        let typed = ["#TYPE Selected.Object".to_owned()];
        let plain = lines(&[&header, &first, &header, &second]);
        let once = lines(&[&typed, &header, &first]);
        let again = lines(&[&typed, &header, &second]);
        let marked = |text: &str| format!("\u{feff}{text}");
        for (how, bytes) in [
            ("header again", plain.clone().into_bytes()),
            ("header again, UTF-16", wide(&plain)),
            ("type line again", format!("{once}{again}").into_bytes()),
            ("mark and type line again", format!("{}{}", marked(&once), marked(&again)).into()),
            ("mark again, UTF-16", wide(&format!("{}{}", marked(&plain), marked(&plain)))),
            ("mark and type line again, UTF-16", wide(&(marked(&once) + &marked(&again)))),
        ] {
            let (run, report, rejected) = analyze(&bytes, &["--quiet"]);
            assert_eq!(rejected, [], "{name}: {how}");
            assert_eq!(run.code, 0, "{name}: {how}: {}", run.stderr);
            assert_eq!(report["input"]["deliveries"], 12, "{name}: {how}");
            let copies = if how.starts_with("mark again") { 12 } else { 0 };
            assert_eq!(report["input"]["duplicates"], copies, "{name}: {how}");
        }
    }
}

#[test]
fn a_line_without_end_costs_itself() {
    let export = &EXPORTS[4];
    let header = [export.header.to_owned()];
    let endless = export.row(9000).replace("S:", &"S:x=1;".repeat(3 << 20));
    assert!(endless.len() > 17 << 20);
    let text = lines(&[&header, &export.rows(0..5), &[endless], &export.rows(5..9)]);
    let (run, report, rejected) = analyze(text.as_bytes(), &["--quiet"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(report["input"]["deliveries"], 9);
    assert_eq!(rejected.len(), 1);
    assert!(rejected[0] == (7, "too_long".to_owned()), "{rejected:?}");
}

#[test]
fn a_file_without_rows_is_said_to_be_one() {
    for export in EXPORTS {
        for bytes in [format!("{}\r\n", export.header).into_bytes(), wide(export.header)] {
            let (run, report, rejected) = analyze(&bytes, &[]);
            let name = export.dialect;
            assert_eq!((run.code, rejected.len()), (0, 0), "{name}: {}", run.stderr);
            assert_eq!(report["input"]["sources"][0]["format"], name);
            assert_eq!(report["input"]["rows"], 0, "{name}");
        }
        let (run, report, _) = analyze(b"", &[]);
        assert_eq!((run.code, report), (3, Value::Null), "{}", run.stderr);
    }
}

/// What is no file, or cannot be opened, costs itself; the others are read.
#[cfg(unix)]
#[test]
fn what_cannot_be_opened_costs_itself() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let export = &EXPORTS[3];
    let header = [export.header.to_owned()];
    std::fs::write(place("good.csv"), lines(&[&header, &export.rows(0..5)])).unwrap();
    std::fs::create_dir(place("folder.csv")).unwrap();
    std::fs::write(place("folder.csv/part.csv"), lines(&[&header, &export.rows(5..7)])).unwrap();
    symlink(Path::new("nowhere.csv"), place("gone.csv")).unwrap();
    symlink(Path::new("loop.csv"), place("loop.csv")).unwrap();
    let run = run_in(
        folder.path(),
        &["analyze", "good.csv", "folder.csv", "gone.csv", "loop.csv", "--format", "json"],
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["input"]["deliveries"], 7);
    for name in ["gone.csv", "loop.csv"] {
        let sources = report["input"]["sources"].as_array().unwrap();
        let source = sources.iter().find(|s| s["path"] == name).unwrap();
        assert!(source["format"].is_null() && source["warnings"][0].is_string(), "{source}");
    }
}
