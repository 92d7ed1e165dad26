//! One message in depth: the coverage page against the code, hostile headers, our own domains.

use crate::harness::{root, run};
use mailtriage::decode::message::STAMPS;
use mailtriage::judge::checks::CHECKS;
use mailtriage::judge::gateways::FAMILIES;
use mailtriage::model::{Seen, Weight};
use mailtriage::pipeline::{self, HeadersOptions, Looked};
use mailtriage::render;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What is seen in a message.
fn seen(message: &[u8]) -> Seen {
    let mut out = None;
    let options = HeadersOptions { own: vec!["contoso.com".into()], ..HeadersOptions::default() };
    pipeline::headers(&[PathBuf::from("-")], &options, message, |looked| {
        if let Looked::Message(seen) = looked {
            out = Some(*seen);
        }
        Ok(())
    })
    .unwrap();
    out.expect("a message")
}

const MAIL: &str = "Received: from mail.fabrikam.example (192.0.2.9) by mx.contoso.com with ESMTP;\r\n \
    Mon, 2 Nov 2026 08:00:01 +0000\r\nFrom: Ann <ann@fabrikam.example>\r\nTo: bob@contoso.com\r\n\
    Subject: Numbers\r\nDate: Mon, 2 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@fabrikam.example>\r\n";

#[test]
fn the_coverage_page_names_what_is_there() {
    let page = std::fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<u32> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    let expected: Vec<u32> = (1..=106).filter(|n| *n != 35).collect();
    assert_eq!(numbers, expected, "105 tests, number 35 is switched off there");
    let remarks: BTreeSet<&str> = CHECKS.iter().flat_map(|c| c.remarks).copied().collect();
    let headers: BTreeSet<&str> =
        FAMILIES.iter().flat_map(|f| f.stamps).map(|s| s.header).collect();
    let object = render::headers::object(&seen(MAIL.as_bytes()));
    for row in &rows {
        let mut named = 0;
        for name in row[2].split('`').filter(|part| part.contains(':')) {
            let (kind, name) = name.split_once(':').unwrap();
            let there = match kind {
                "remark" => remarks.contains(name),
                "header" => headers.contains(name),
                "stamp" => STAMPS.iter().any(|s| s.name == name),
                "json" => object.get(name).is_some(),
                _ => panic!("row {}: {kind}", row[0]),
            };
            assert!(there, "row {}: there is no {kind} {name}", row[0]);
            named += 1;
        }
        assert!(
            named > 0 || !row[3].is_empty(),
            "row {}: neither an equivalent nor a reason",
            row[0]
        );
    }
}

#[test]
fn lists_and_files_agree() {
    for check in CHECKS {
        let file = format!("src/judge/checks/{}.rs", check.name);
        assert!(root().join(&file).is_file(), "{file} is not there");
        assert!(!check.remarks.is_empty());
    }
}

#[test]
fn our_domains_make_a_difference() {
    let text = MAIL.replace("Ann <ann@fabrikam.example>", "Contoso IT <it@c0ntoso.example>");
    let seen = seen(text.as_bytes());
    let ids: Vec<&str> = seen.remarks.iter().map(|r| r.id).collect();
    assert!(ids.contains(&"display_name_own") && ids.contains(&"lookalike_domain"), "{ids:?}");
    assert_eq!(seen.remarks[0].weight, Weight::Alarm);
    let object = render::headers::object(&seen);
    assert_eq!(object["remarks"][0]["weight"], "alarm");
    let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
    assert!(keys.ends_with(&[&"remarks".to_owned(), &"gateways".to_owned()]), "{keys:?}");
}

#[test]
fn other_gateways_are_read_from_a_message() {
    let text = format!(
        "X-Spam-Status: Yes, score=7.2 required=5.0 tests=A\r\n\tautolearn=no\r\n\
         X-IronPort-AV: =?utf-8?Q?E=3DSophos;i=3D\"5.60\"?=\r\n{MAIL}"
    );
    let seen = seen(text.as_bytes());
    let read: Vec<(&str, Option<bool>)> =
        seen.gateways.iter().map(|s| (s.product.as_str(), s.bad)).collect();
    assert_eq!(read, [("SpamAssassin", Some(true)), ("Cisco IronPort", Some(false))]);
}

/// What a hostile message may cost: seconds in a build without optimisation.
const PATIENCE: Duration = Duration::from_secs(30);

fn survives(what: &str, message: &[u8]) -> Seen {
    let begun = Instant::now();
    let seen = seen(message);
    let taken = begun.elapsed();
    assert!(taken < PATIENCE, "{what} took {taken:?}");
    assert!(seen.gateways.len() <= 256 && seen.examined.fields.len() <= 1024, "{what}");
    assert!(seen.remarks.len() < 200, "{what}: {} remarks", seen.remarks.len());
    let (mut page, mut line) = (Vec::new(), Vec::new());
    render::headers::jsonl(&seen, &mut line).unwrap();
    let view = mailtriage::pipeline::Viewer::default().view(&seen);
    let style = render::terminal::Style::default();
    render::headers::text(&seen, &view, true, style, &mut page).unwrap();
    assert!(line.len() < 16 << 20, "{what}: {} bytes", line.len());
    seen
}

fn ids(seen: &Seen) -> Vec<&'static str> {
    seen.remarks.iter().map(|r| r.id).collect()
}

#[test]
fn hostile_headers_are_bounded() {
    let mut received = String::new();
    for n in 0..1000 {
        write!(received, "Received: from a{}.example by a{n}.example; ?\r\n", n + 1).unwrap();
    }
    let seen = survives("1,000 Received lines", format!("{received}{MAIL}").as_bytes());
    assert!(ids(&seen).contains(&"many_hops"));

    let long = "x".repeat(32_000);
    let names = [
        "From",
        "Subject",
        "X-Spam-Status",
        "X-Mimecast-Impersonation-Protect",
        "X-Spamd-Result",
        "X-MSFBL",
        "X-VR-SPAMCAUSE",
        "X-Forefront-Antispam-Report",
        "DKIM-Signature",
        "Received",
    ];
    let mut block = MAIL.to_owned();
    for name in names {
        write!(block, "{name}: {long};a={long}:(\r\n").unwrap();
    }
    let seen = survives("headers of 32,000 characters", block.as_bytes());
    assert!(ids(&seen).contains(&"line_too_long") && ids(&seen).contains(&"header_twice"));

    let mut bomb = MAIL.to_owned();
    for n in 0..100_000 {
        write!(bomb, "X-Spam-{n}: Yes\r\n").unwrap();
    }
    let seen = survives("100,000 fields", bomb.as_bytes());
    assert!(ids(&seen).contains(&"header_bomb"));

    let mut many = MAIL.to_owned();
    while many.len() < 10 << 20 {
        write!(many, "X-Forefront-Antispam-Report: {}\r\n", "SCL:5;".repeat(1000)).unwrap();
    }
    survives("10 MB of headers", many.as_bytes());
}

#[test]
fn odd_headers_are_read() {
    let latin =
        [MAIL.replace("Ann", "").as_bytes(), b"X-Spam-Report: caf\xe9 \xff\r\nSubject: \xe4\r\n"]
            .concat();
    survives("bytes that are no UTF-8", &latin);
    let v6 = format!("X-Forefront-Antispam-Report: CIP:2001:db8::25;CTRY:NL;SFV:SPM;\r\n{MAIL}");
    let seen = survives("an IPv6 address", v6.as_bytes());
    assert_eq!(seen.examined.written.stamps.cip.as_deref(), Some("2001:db8::25"));
    assert!(seen.gateways[0].meaning.contains("Netherlands"), "{}", seen.gateways[0].meaning);
    let undated = MAIL.replace("Date: Mon, 2 Nov 2026 08:00:00 +0000\r\n", "");
    assert!(ids(&survives("no date", undated.as_bytes())).contains(&"date_missing"));
    let nul = format!("X-A: a\0b\r\n{MAIL}");
    assert!(ids(&survives("NUL", nul.as_bytes())).contains(&"header_nul"));
    let twice = format!(
        "X-MS-Exchange-Organization-SCL: 5\r\nX-MS-Exchange-Organization-SCL: -1\r\n{MAIL}"
    );
    let seen = survives("two stamps", twice.as_bytes());
    assert!(!seen.examined.facts.stamps.trusted);
}

#[test]
#[cfg(not(feature = "live"))]
fn the_lean_build_says_that_it_verifies_nothing() {
    let run = run(&["headers", "samples/eml", "--dns", "keys.txt"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("full build") && run.stdout.is_empty(), "{}", run.stderr);
}

#[test]
#[cfg(feature = "live")]
fn signatures_are_verified_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let message = include_str!("../data/signed.eml");
    let keys = "s1._domainkey.contoso.com. IN TXT \"v=DKIM1; k=ed25519; \
                p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n";
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let keys = put("keys.txt", keys);
    let result = |path: &str| {
        let answer = run(&["headers", path, "--dns", &keys, "--format", "jsonl"]).json();
        answer["dkim_verified"][0]["result"].as_str().unwrap().to_owned()
    };
    assert_eq!(result(&put("good.eml", message)), "pass");
    assert_eq!(
        result(&put("bad.eml", &message.replace("Here they", "There they"))),
        "body_altered"
    );
    let head = message.split_inclusive("\n\n").next().unwrap();
    assert_eq!(result(&put("head.txt", head)), "not_whole");
    let mut quoted = String::new();
    for line in message.lines() {
        writeln!(quoted, "> {line}").unwrap();
    }
    assert_ne!(result(&put("quoted.txt", &quoted)), "body_altered");
    let empty = put("empty.txt", "contoso.com. IN MX 10 mx.contoso.com.\n");
    let refused = run(&["headers", &put("x.eml", message), "--dns", &empty]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("no TXT record"), "{}", refused.stderr);
}

#[test]
#[cfg(feature = "live")]
fn rsa_signatures_are_verified() {
    let folder = tempfile::tempdir().unwrap();
    let message = include_str!("../data/signed-rsa.eml");
    let record = include_str!("../data/signed-rsa.key.txt");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let result = |message: &str, record: &str| {
        let (message, keys) = (put("message.eml", message), put("keys.txt", record));
        let answer = run(&["headers", &message, "--dns", &keys, "--format", "jsonl"]).json();
        let checks = answer["dkim_verified"].as_array().unwrap();
        assert_eq!((checks.len(), &checks[0]["selector"]), (1, &"rsa1".into()));
        checks[0]["result"].as_str().unwrap().to_owned()
    };
    assert_eq!(result(message, record), "pass");
    let altered = |from: &str, to: &str| {
        assert!(message.contains(from));
        result(&message.replace(from, to), record)
    };
    assert_eq!(altered("are below", "were below"), "body_altered");
    assert_eq!(altered("Subject: Minutes", "Subject: Hours"), "broken");
    // White space and the case of names may change on the way (relaxed, RFC 6376, 3.4.2).
    assert_eq!(altered("Subject: Minutes of", "SUBJECT:   Minutes  of"), "pass");
    // Another key of the same length, under the same name.
    let other = record.replace("ysJdQajb", "ysJdQajc");
    assert_ne!(other, record);
    assert_ne!(result(message, &other), "pass");
}
