//! What a folder of message files shows when it is analysed as a whole: rule numbers, TLS, delays,
//! stamps that stand together; and a mailbox that is looked at message by message.

use crate::harness::{root, run, run_in};
use serde_json::Value;
use std::path::Path;

/// A message whose sender is proved; held or not, with a rule number, a TLS version and a delay.
fn message(n: usize, held: bool, rule: u64, tls: &str, minute: usize) -> String {
    let (scl, sfv, cat, dest) =
        if held { (5, "SPM", "SPM", "J") } else { (1, "NSPM", "NONE", "I") };
    format!(
        "Received: from A{n}.eurprd04.prod.outlook.com (2001:db8::1) by B.eurprd04.prod.outlook.com with HTTPS;\r\n \
         Mon, 12 Oct 2026 09:{minute:02}:08 +0000\r\n\
         Authentication-Results: spf=pass smtp.mailfrom=fabrikam.com; dkim=pass header.d=fabrikam.com;\r\n \
         dmarc=pass action=none header.from=fabrikam.com;compauth=pass reason=100\r\n\
         Received: from mail.fabrikam.com (192.0.2.9) by A{n}.mail.protection.outlook.com (2001:db8::2)\r\n \
         with Microsoft SMTP Server (version={tls}, cipher=TLS_X) id 15.20.9100.12;\r\n \
         Mon, 12 Oct 2026 09:{minute:02}:04 +0000\r\n\
         Received: from pc by mail.fabrikam.com with ESMTP; Mon, 12 Oct 2026 09:00:00 +0000\r\n\
         From: ann@fabrikam.com\r\nTo: kim@contoso.com\r\nSubject: {n}\r\n\
         Date: Mon, 12 Oct 2026 09:00:00 +0000\r\nMessage-ID: <{n}@fabrikam.com>\r\n\
         Return-Path: ann@fabrikam.com\r\n\
         X-MS-Exchange-Organization-AuthSource: A{n}.eurprd04.prod.outlook.com\r\n\
         X-MS-Exchange-Organization-SCL: {scl}\r\n\
         X-Forefront-Antispam-Report: CIP:192.0.2.9;SCL:{scl};SFV:{sfv};CAT:{cat};SFS:(1001)({rule});\r\n\
         X-Microsoft-Antispam-Mailbox-Delivery: dest:{dest};ENG:(2002);\r\n\r\nText.\r\n"
    )
}

/// Sixty messages that fill every table of the corpus view.
pub(crate) fn fill(folder: &Path) {
    for n in 0..60 {
        let held = n % 4 == 0;
        // The number 4242 goes with being held, 77 does not.
        let rule = if held { 4242 } else { 77 };
        let tls = if n % 10 == 0 { "TLS1_0" } else { "TLS1_2" };
        let text = message(n, held, rule, tls, if n < 30 { 1 } else { 20 });
        std::fs::write(folder.join(format!("{n:02}.eml")), text).unwrap();
    }
}

fn rows<'a>(report: &'a Value, table: &str) -> &'a Vec<Value> {
    report["tables"][table]["rows"].as_array().unwrap_or_else(|| panic!("no table {table}"))
}

#[test]
fn rule_numbers_tls_delays_and_pairs() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let run = run_in(folder.path(), &["analyze", ".", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    let numbers = rows(&report, "rule_ids");
    assert_eq!(numbers.len(), 1, "what stands on all mail stands out on none: {numbers:?}");
    assert_eq!((&numbers[0][0], &numbers[0][1]), (&"filter".into(), &"4242".into()));
    assert_eq!((&numbers[0][2], &numbers[0][3]), (&15.into(), &15.into()));
    let tls = rows(&report, "tls_connections");
    let border = |version: &str| {
        tls.iter()
            .find(|r| r[0] == "border" && r[1] == version)
            .map_or(0, |r| r[3].as_u64().unwrap())
    };
    assert_eq!((border("1.2"), border("older")), (54, 6));
    let remotes = rows(&report, "tls_remotes");
    assert_eq!((&remotes[0][0], &remotes[0][2]), (&"fabrikam.com".into(), &6.into()));
    let delays = rows(&report, "hop_delays");
    let stretch = |name: &str| delays.iter().find(|r| r[0] == name).expect("a stretch");
    assert_eq!(stretch("border")[1], 60);
    let seconds = stretch("border")[4].as_u64().unwrap();
    assert!((900..1600).contains(&seconds), "20 min and 4 s, a fifth off at most: {seconds}");
    assert!((3..=5).contains(&stretch("mailbox")[2].as_u64().unwrap()));
    let pairs = rows(&report, "stamp_pairs");
    let held = pairs.iter().find(|r| r[0] == "SFV CAT" && r[1] == "SPM SPM").expect("a pair");
    assert_eq!((&held[2], &held[3]), (&15.into(), &15.into()));
    let all = pairs.iter().find(|r| r[0] == "SPF DKIM DMARC compauth").expect("a set");
    assert_eq!((&all[1], &all[2]), (&"pass pass pass pass".into(), &60.into()));

    let text = run_in(folder.path(), &["analyze", "."]).stdout;
    // Wherever the lines break.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("MESSAGE FILES") && text.contains("older than 1.2 6 (10"), "{text}");
    assert!(text.contains("first filter 4242 (15 of 15 held): undocumented"), "{text}");
}

#[test]
fn the_order_of_threads_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let tables = |jobs: &str| {
        let run = run_in(folder.path(), &["analyze", ".", "--format", "json", "--jobs", jobs]);
        run.json()["tables"].clone()
    };
    assert_eq!(tables("1"), tables("7"));
}

/// A mailbox longer than a batch: every message in order, numbered; one alone has the file's name.
#[test]
fn mailboxes_are_looked_at_message_by_message() {
    let folder = tempfile::tempdir().unwrap();
    let mut mbox = String::new();
    for n in 0..700 {
        let text = message(n, n % 2 == 0, 7, "TLS1_3", 1).replace("\r\n", "\n");
        mbox.push_str("From ann@fabrikam.com Mon Oct 12 09:00:00 2026\n");
        mbox.push_str(&text);
        mbox.push('\n');
    }
    std::fs::write(folder.path().join("all.mbox"), &mbox).unwrap();
    let run = run_in(folder.path(), &["headers", "all.mbox", "--format", "jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<Value> = run.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 700);
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(line["file"], format!("all.mbox#{}", at + 1));
        assert_eq!(line["subject"], at.to_string());
    }
    let one = mbox.split("\nFrom ann").next().unwrap();
    std::fs::write(folder.path().join("one.mbox"), one).unwrap();
    let run = run_in(folder.path(), &["headers", "one.mbox", "--format", "json"]);
    assert_eq!(run.json()[0]["file"], "one.mbox");
}

/// Too few messages to speak of: the terminal says nothing of them.
#[test]
fn few_messages_are_not_spoken_of() {
    let eml = root().join("samples/eml");
    let text = run(&["analyze", eml.to_str().unwrap()]).stdout;
    assert!(!text.contains("MESSAGE FILES"), "{text}");
}
