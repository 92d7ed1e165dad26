//! What is recognised, what is refused, and in which words.

use super::*;
use crate::model::{ColumnRole, Form};
use proptest::prelude::*;

fn head(bytes: impl Into<Vec<u8>>) -> Head {
    let bytes = bytes.into();
    Head { total: bytes.len() as u64, bytes, name: "x".to_owned() }
}

fn found(text: &str) -> Detected {
    detect(&head(text)).unwrap_or_else(|miss| panic!("{miss}"))
}

fn refused(bytes: impl Into<Vec<u8>>) -> String {
    detect(&head(bytes)).expect_err("a miss").to_string()
}

const V2: &str = "\"MessageTraceId\",\"MessageId\",\"Received\",\"SenderAddress\",\
    \"RecipientAddress\",\"FromIP\",\"ToIP\",\"Subject\",\"Status\",\"Size\"\r\n";

#[test]
fn trace() {
    let got = found(V2);
    assert_eq!((got.dialect.name, got.role), ("messagetracev2", InputRole::Mail));
    assert_eq!((got.dialect.width, got.dialect.data_line), (10, 1));
    assert_eq!(got.dialect.data_start as usize, V2.len());
    assert_eq!(got.dialect.column(ColumnRole::NetworkMessageId), Some(0));
    assert_eq!(got.dialect.column(ColumnRole::Status), Some(8));
    assert_eq!(got.dialect.column(ColumnRole::Who), None);
    let marked = found(&format!("\u{feff}#TYPE A.B\r\n{V2}"));
    assert_eq!(marked.dialect.data_start as usize, V2.len() + 3 + 11);
    assert_eq!(marked.dialect.encoding, Encoding::Utf8Bom);
    assert_eq!(marked.dialect.data_line, 2);
}

#[test]
fn older_exports_and_odd_columns() {
    let got = found(
        "PSComputerName;RunspaceId;Organization;message_id;received;Sender Address;\
         recipient-address;Subject;STATUS;ToIP;FromIP;Size;MessageTraceId;StartDate;EndDate;Index;\n",
    );
    assert_eq!((got.dialect.name, got.dialect.delimiter), ("messagetrace_v1", b';'));
    assert_eq!(got.dialect.column(ColumnRole::Recipient), Some(6));
    let twice = found("MessageTraceId,Received,SenderAddress,RecipientAddress,Status,Status");
    assert_eq!(twice.dialect.column(ColumnRole::Status), Some(4));
    assert_eq!(twice.notes.len(), 1);
}

#[test]
fn reports_and_details() {
    for (header, name) in [
        ("Date (UTC),Sender,Recipient,Subject,Status", "portal_summary"),
        ("Subject;Status;Recipient;Sender;Received", "portal_summary"),
        (
            "\"MessageTraceId\",\"Date\",\"Event\",\"Action\",\"Detail\",\"Data\"",
            "messagetracedetail",
        ),
        (
            "origin_timestamp,sender_address,Recipient_status,message_subject,total_bytes,message_id,\
             network_message_id,original_client_ip,directionality,connector_id,delivery_priority",
            "mtsummary",
        ),
        (
            "date-time-utc,source,event-id,message-id,network-message-id,recipient-address,\
             recipient-status,sender-address,custom-data",
            "mtdetail",
        ),
    ] {
        let got = found(&format!("{header}\r\n"));
        assert_eq!((got.dialect.name, got.role), (name, InputRole::Mail), "{header}");
    }
}

#[test]
fn change_log() {
    let got = found("time_utc,what,who\n");
    assert_eq!((got.dialect.name, got.role), ("changes", InputRole::Evidence));
    assert_eq!(got.dialect.column(ColumnRole::Who), Some(2));
    assert_eq!(found("Changed by\tWhen\tDescription\n").dialect.delimiter, b'\t');
    // A trace with columns that a change log might have is a trace.
    let trace = V2.replace("\"Size\"", "\"Size\",\"Time\",\"Action\",\"User\"");
    assert_eq!(found(&trace).dialect.name, "messagetracev2");
    // And one that lacks something is no change log.
    let text = refused(trace.replace("\"Status\"", "\"State\""));
    assert!(text.contains("nearest is messagetracev2, which also needs Status"), "{text}");
}

#[test]
fn zones() {
    assert_eq!(found(V2).zone, ZoneRule::Stated);
    assert_eq!(found("From: a@example.com\nTo: b@example.com\n\n").zone, ZoneRule::Stated);
    assert_eq!(found("time,what,who\n").zone, ZoneRule::Local);
    assert_eq!(found("time_utc,what,who\n").zone, ZoneRule::Stated);
    assert_eq!(found("\"Date (UTC)\",what\n").zone, ZoneRule::Stated);
    // It is the column that is read which tells.
    assert_eq!(found("time,what,checked_utc\n").zone, ZoneRule::Local);
}

#[test]
fn messages() {
    for text in [
        "Received: from a.example by b.example;\r\n Mon, 16 Nov 2026 10:05:40 +0000\r\nFrom: x@example.com\r\n\r\nbody",
        "\n\nX-A: 1\nDate: x\nSUBJECT : y\n",
        "Subject: only this\n\nbody",
        "From: a\rTo: b\r\rbody",
        "From: a\nTo: b\nbroken line\n",
    ] {
        let got = found(text);
        assert_eq!((got.dialect.name, got.dialect.form), ("eml", Form::Message), "{text:?}");
    }
    let mbox = found("From a@example.com Mon Nov 16\nReceived: x\nFrom: y\n");
    assert_eq!((mbox.dialect.name, mbox.dialect.form), ("mbox", Form::Mbox));
    let quoted = found("> Received: from a.example\nlost fold\n> From: b\n");
    assert_eq!(quoted.dialect.name, "eml");
    assert!(refused("Note: a\nRemark: b\n\n").contains("header fields of a message"));
}

#[test]
fn other_kinds() {
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b" \r\n\t", "white space"),
        (b"PK\x03\x04....[Content_Types].xml...xl/workbook.xml", "save it as \"CSV UTF-8\""),
        (b"PK\x03\x04....report.csv", "unpack it"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", ".msg"),
        (b"\n<!DOCTYPE html>\n<html><head>", "sign in"),
        (b"<?xml version=\"1.0\"?><trace>", "XML"),
        (b"[\r\n  {\"a\": 1}]", "1 columns seen: a"),
        (b"{\"value\": []}", "JSON"),
        (b"\x00\x01\x02\x03\x04\x05", "binary"),
        (b"#Software: Microsoft Exchange Server\r\n#Version: 15", "Exchange Server log"),
        (
            b"origin_timestamp_utc,sender_address,recipient_status\r\n",
            "nearest is mtsummary, which also needs network_message_id",
        ),
        (
            b"date_time_utc,client_ip,event_id,message_id,recipient_address\r\n",
            "nearest is mtdetail, which also needs network_message_id",
        ),
        (b"Thumbprint,Status\n1,2\n", "mailtriage analyze --help"),
        (b"alpha,beta,gamma\n1,2,3\n", "3 columns seen: alpha, beta, gamma"),
        (b"a,\"b\nc\n", "no header line"),
    ] {
        let text = refused(bytes);
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn encodings_are_settled() {
    for mark in ["", "\u{feff}"] {
        for (encoding, unit) in [
            (Encoding::Utf16Le, u16::to_le_bytes as fn(u16) -> [u8; 2]),
            (Encoding::Utf16Be, u16::to_be_bytes),
        ] {
            let turned = |text: &str| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
            let preamble = turned(&format!("{mark}#TYPE größe \u{1F600}\r\n{V2}"));
            let mut bytes = preamble.clone();
            bytes.extend(turned("1,2,3"));
            let got = detect(&head(bytes)).unwrap();
            assert_eq!((got.dialect.name, got.dialect.encoding), ("messagetracev2", encoding));
            assert_eq!(got.dialect.data_start as usize, preamble.len());
            assert_eq!(got.notes, Vec::<String>::new());
            // No more than a header, and one byte of a line end.
            let mut bytes = turned(&format!("{mark}{}", V2.trim_end()));
            bytes.push(b'\r');
            let length = bytes.len();
            assert_eq!(detect(&head(bytes)).unwrap().dialect.data_start as usize, length);
            let message = turned(&format!("{mark}From: a@example.com\r\nSubject: b\r\n\r\n"));
            let got = detect(&head(message)).unwrap();
            assert_eq!((got.dialect.name, got.dialect.encoding), ("eml", encoding));
        }
    }
    let western = [V2.trim_end().as_bytes(), b",\"Gr\xF6\xDFe\"\r\n"].concat();
    let got = detect(&head(western.clone())).unwrap();
    assert_eq!(got.dialect.encoding, Encoding::Windows1252);
    assert_eq!(got.dialect.data_start as usize, western.len());
    assert!(got.notes[0].contains("Windows-1252"));
    let message = b"From: a@example.com\r\nSubject: gr\xFCn\r\n\r\n";
    assert_eq!(detect(&head(message)).unwrap().dialect.encoding, Encoding::Utf8);
    let damaged = [V2.as_bytes(), "ü,ä,".as_bytes(), b"\xFF\r\n"].concat();
    let got = detect(&head(damaged)).unwrap();
    assert_eq!((got.dialect.encoding, got.notes.len()), (Encoding::Utf8, 1));
}

#[test]
fn a_header_longer_than_the_head_is_refused() {
    let mut long = head("MessageTraceId,Received");
    long.total = 1 << 20;
    assert_eq!(detect(&long), Err(Miss::NoHeader));
}

#[test]
fn rules_are_complete() {
    for rule in rules() {
        assert!(!rule.recognised.is_empty() && !rule.title.is_empty() && !rule.sample.is_empty());
        assert_eq!(super::rule(rule.name).map(|found| found.name), Some(rule.name));
        if let Recognition::Columns { specs, .. } = rule.recognition {
            let mut names: Vec<String> = (specs.iter().flat_map(|spec| spec.names))
                .map(|name| header::normalise(name.as_bytes()))
                .collect();
            let count = names.len();
            names.sort();
            names.dedup();
            // `date` and `Date (UTC)` differ; no name may stand for two roles.
            assert_eq!(names.len(), count, "{}", rule.name);
        }
    }
}

fn shuffled() -> impl Strategy<Value = Vec<&'static str>> {
    Just(vec![
        "MessageTraceId",
        "Received",
        "SenderAddress",
        "RecipientAddress",
        "Status",
        "Subject",
        "Extra",
        "Time",
        "What",
    ])
    .prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn order_and_dress_do_not_matter(
        names in shuffled(), quoted: bool, mark: bool, typed: bool,
        delimiter in prop::sample::select(vec![',', ';', '\t']),
        end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let cells: Vec<String> = (names.iter())
            .map(|name| if quoted { format!("\"{name}\"") } else { (*name).to_owned() })
            .collect();
        let text = format!(
            "{}{}{}{end}",
            if mark { "\u{feff}" } else { "" },
            if typed { format!("#TYPE X.Y{end}") } else { String::new() },
            cells.join(&delimiter.to_string()),
        );
        let got = found(&text);
        prop_assert_eq!(got.dialect.name, "messagetracev2");
        prop_assert_eq!(got.dialect.delimiter, delimiter as u8);
        prop_assert_eq!(got.dialect.data_start as usize, text.len());
        let place = names.iter().position(|name| *name == "Status");
        prop_assert_eq!(got.dialect.column(ColumnRole::Status), place);
    }

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = detect(&head(bytes));
    }

    #[test]
    fn nor_on_text(text in "[a-zA-Z:;,\"\r\n\t#= \u{feff}<{]{0,120}") {
        if let Err(miss) = detect(&head(text)) {
            prop_assert!(!miss.to_string().is_empty());
        }
    }
}

#[test]
fn messages_in_other_clothes() {
    let listed = "\r\nIdentity : a\r\nHeader   : Received: from a by b; Tue, 13 Oct 2026\r\n            \
                  08:00:00 +0000\r\n           From: ann@fabrikam.com\r\n\r\n";
    assert_eq!(found(listed).dialect.name, "eml");
    let several = refused(listed.repeat(2));
    assert!(several.contains("Export-Csv"), "{several}");
    let saved = "UmVjZWl2ZWQ6IGZyb20gYSBieSBiOyBkYXRlDQpGcm9tOiBhbm5AZmFicmlr\r\n\
                 YW0uY29tDQoNCmhlbGxvDQo=\r\n";
    assert_eq!(found(saved).dialect.name, "eml");
    refused("QUJD".repeat(40));
}
