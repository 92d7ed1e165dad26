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
    assert_eq!((got.dialect.name, got.dialect.delimiter), ("messagetracev2", b';'));
    assert_eq!(got.dialect.column(ColumnRole::Recipient), Some(6));
    let twice = found("MessageTraceId,Received,SenderAddress,RecipientAddress,Status,Status");
    assert_eq!(twice.dialect.column(ColumnRole::Status), Some(4));
    assert_eq!(twice.notes.len(), 1);
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
    assert!(refused("From a@example.com Mon Nov 16\nReceived: x\nFrom: y\n").contains("mbox"));
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
        (b"\x1F\x8B\x08....", "gzip"),
        (b"\n<!DOCTYPE html>\n<html><head>", "sign in"),
        (b"<?xml version=\"1.0\"?><feedback>", "XML"),
        (b"[\r\n  {\"a\": 1}]", "JSON"),
        (b"{\"value\": []}", "JSON"),
        (b"\x00\x01\x02\x03\x04\x05", "binary"),
        (b"#Software: Microsoft Exchange Server\r\n#Version: 15", "Exchange Server log"),
        (b"origin_timestamp_utc,sender_address\r\n", "enhanced summary"),
        (b"date_time_utc,client_ip,event_id,message_id\r\n", "extended message trace"),
        (
            b"\"MessageTraceId\",\"Date\",\"Event\",\"Action\",\"Detail\"\r\n",
            "Get-MessageTraceDetail",
        ),
        (b"\"Date (UTC)\",\"Sender\",\"Recipient\",\"Status\"\n", "summary of the portal"),
        (b"Thumbprint,Status\n1,2\n", "mailtriage analyze --help"),
        (b"alpha,beta,gamma\n1,2,3\n", "3 columns seen: alpha, beta, gamma"),
        (b"a,\"b\nc\n", "no header line"),
    ] {
        let text = refused(bytes);
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn utf16_is_recognised_and_refused() {
    for mark in ["", "\u{feff}"] {
        let units = |big: bool| -> Vec<u8> {
            let text = format!("{mark}{V2}");
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        assert!(refused(units(false)).contains("messagetracev2 in utf-16le"));
        assert!(refused(units(true)).contains("iconv -f utf-16be"));
    }
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
