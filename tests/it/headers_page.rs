//! The page of one message as people see it: kept answers, hostile messages, narrow terminals.

use crate::harness::{golden, root, run_in};
use mailtriage::pipeline::{HeadersOptions, Looked, Viewer, headers};
use mailtriage::render::headers as render;
use mailtriage::render::safety::is_unseen;
use mailtriage::render::terminal::Style;
use std::fmt::Write as _;
use std::path::PathBuf;

/// An invented message with all that a page can show: it came through a gateway, lost TLS on the
/// way, was held as a forgery, and brought stamps of others along.
const JUNKED: &str = "\
Received: from FR3PR01MB8825.eurprd04.prod.outlook.com (2001:db8:20::81) by\r
 DB9PR08MB8577.eurprd04.prod.outlook.com with HTTPS; Mon, 12 Oct 2026 09:02:31 +0000\r
Received: from SN05EPF00036196.eurprd04.prod.outlook.com (2001:db8:20::19) by\r
 FR3PR01MB8825.eurprd04.prod.outlook.com (2001:db8:10::5) with Microsoft SMTP Server\r
 (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9100.12; Mon, 12 Oct 2026 09:02:30 +0000\r
Authentication-Results: spf=softfail (sender IP is 203.0.113.7) smtp.mailfrom=fabrikam.com;\r
 dkim=pass (signature was verified) header.d=esp-mailer.example;dkim=fail (body hash did not\r
 verify) header.d=fabrikam.com;dmarc=fail action=quarantine\r
 header.from=fabrikam.com;compauth=fail reason=000\r
Received-SPF: SoftFail (protection.outlook.com: domain of transitioning fabrikam.com\r
 discourages use of 203.0.113.7 as permitted sender) receiver=protection.outlook.com;\r
 client-ip=203.0.113.7; helo=mx0b.pphosted.com;\r
Received: from mx0b.pphosted.com (203.0.113.7) by SN05EPF00036196.mail.protection.outlook.com\r
 (2001:db8:20::19) with Microsoft SMTP Server (version=TLS1_2,\r
 cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9100.12 via Frontend Transport;\r
 Mon, 12 Oct 2026 09:02:29 +0000\r
Received: from relay.fabrikam.com (relay.fabrikam.com [198.51.100.20])\r
 by mx0b.pphosted.com (8.17.1/8.17.1) with ESMTP id 4cr; Mon, 12 Oct 2026 09:02:20 +0000\r
Received: from app7.fabrikam.com (unknown [198.51.100.77]) by relay.fabrikam.com (Postfix)\r
 with ESMTPS (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) id 9A1;\r
 Mon, 12 Oct 2026 08:55:10 +0000\r
Received: by app7.fabrikam.com (Postfix, from userid 48) id 7B2; Mon, 12 Oct 2026 08:55:13 +0000\r
ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=lists.example; s=k; b=AA==\r
ARC-Message-Signature: i=1; a=rsa-sha256; d=lists.example; s=k; h=From; bh=AA==; b=AA==\r
ARC-Authentication-Results: i=1; mx.lists.example; spf=pass smtp.mailfrom=fabrikam.com; dmarc=pass\r
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=fabrikam.com; s=s1; t=1791795310;\r
 h=From:To:Subject; bh=AA==; b=AA==\r
From: \"Fabrikam Invoices\" <invoices@fabrikam.com>\r
To: <kim.lee@contoso.com>\r
Reply-To: <pay@fabrikam-invoices.example>\r
Subject: =?utf-8?Q?Invoice_4711_=E2=80=94_due_today?=\r
Date: Mon, 12 Oct 2026 08:55:09 +0000\r
Message-ID: <4711.20261012@app7.fabrikam.com>\r
Return-Path: bounce@fabrikam.com\r
X-Mailer: Invoice Engine 3\r
List-Unsubscribe: <https://esp-mailer.example/u>\r
X-Spam-Status: No, score=1.2 required=5.0 tests=HTML_MESSAGE,SPF_SOFTFAIL\r
X-Proofpoint-Spam-Details: rule=notspam policy=default score=12 mlxscore=12\r
X-Forefront-Antispam-Report-Untrusted: CIP:255.255.255.255;SCL:-1;SFV:SKI;DIR:OUT;\r
X-MS-Exchange-Organization-Network-Message-Id: 4711aaaa-c31f-4aaa-939f-08de00004711\r
X-MS-Exchange-Organization-AuthSource: SN05EPF00036196.eurprd04.prod.outlook.com\r
X-MS-Exchange-Organization-AuthAs: Anonymous\r
X-MS-Exchange-Organization-MessageDirectionality: Incoming\r
X-MS-Exchange-Organization-SCL: 5\r
X-Forefront-Antispam-Report:\r
 CIP:203.0.113.7;CTRY:US;LANG:en;SCL:5;SRV:;IPV:NLI;SFV:SPM;H:mx0b.pphosted.com;PTR:mx0b.pphosted.com;\r
 CAT:SPOOF;SFTY:9.25;SFS:(13230040)(376014)(1800799024)(4022899009)(7416014);DIR:INB;ZZZ:new;\r
X-Microsoft-Antispam: BCL:4;ARA:13230040|376014|1800799024;\r
X-Microsoft-Antispam-Mailbox-Delivery:\r
 ucf:0;jmr:0;auth:0;dest:J;OFR:SpamFilterAuthJ;RF:JunkEmail;ENG:(910005)(944506478);\r
X-Unheard-Of: something\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=\"utf-8\"\r
\r
Text.\r
";

/// The same sender on a day when its mail arrived.
fn arrived() -> String {
    JUNKED
        .replace(
            "dkim=fail (body hash did not\r\n verify)",
            "dkim=pass (signature was\r\n verified)",
        )
        .replace("dmarc=fail action=quarantine", "dmarc=pass action=none")
        .replace("compauth=fail reason=000", "compauth=pass reason=100")
        .replace("SCL: 5", "SCL: 1")
        .replace("SCL:5;SRV", "SCL:1;SRV")
        .replace("SFV:SPM", "SFV:NSPM")
        .replace("CAT:SPOOF", "CAT:NONE")
        .replace("dest:J;OFR:SpamFilterAuthJ;RF:JunkEmail", "dest:I;OFR:SpamFilterPass")
        .replace("4711", "4712")
}

/// What the binary prints, in a folder that holds both messages.
fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("junked.eml"), JUNKED).unwrap();
    std::fs::write(folder.path().join("arrived.eml"), arrived()).unwrap();
    for sample in ["eml/monitoring-passes.eml", "ndr/5.1.1-unknown-recipient.eml"] {
        let from = root().join("samples").join(sample);
        std::fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
    }
    let run = run_in(folder.path(), &[&["headers"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stdout.contains('\u{1b}'));
    run.stdout
}

#[test]
fn pages_are_as_kept() {
    for (name, arguments) in [
        ("headers-junked", &["junked.eml"][..]),
        ("headers-junked-all", &["junked.eml", "--all"]),
        ("headers-junked-compare", &["--compare", "arrived.eml", "junked.eml"]),
        ("headers-internal", &["monitoring-passes.eml"]),
        ("headers-bounce", &["5.1.1-unknown-recipient.eml"]),
        ("headers-table", &["junked.eml", "arrived.eml"]),
    ] {
        golden(&format!("{name}.txt"), &printed(arguments));
    }
}

/// All drawings of a message at a width.
fn drawn(message: &[u8], width: usize) -> Vec<String> {
    let mut pages = Vec::new();
    let mut take = |looked| {
        // What holds no header is said to be skipped.
        let Looked::Message(seen) = looked else { return Ok(()) };
        let mut viewer = Viewer::default();
        let view = viewer.view(&seen);
        let style = Style { width, ..Style::default() };
        for all in [false, true] {
            let mut out = Vec::new();
            render::text(&seen, &view, all, style, &mut out)?;
            pages.push(String::from_utf8(out).unwrap());
        }
        let mut out = Vec::new();
        let comparison = viewer.compare(&seen, &seen);
        render::compared(&comparison, ["a", "b"], style, &mut out)?;
        let mut table = render::Table::new(style);
        table.row(&seen, &viewer.told(&seen), &mut out)?;
        table.finish(&mut out)?;
        pages.push(String::from_utf8(out).unwrap());
        Ok(())
    };
    headers(&[PathBuf::from("-")], &HeadersOptions::default(), message, &mut take).unwrap();
    pages
}

#[test]
fn every_width_is_kept() {
    for width in [60, 80, 100, 140] {
        for page in drawn(JUNKED.as_bytes(), width) {
            for line in page.lines() {
                let columns = unicode_columns(line);
                assert!(columns <= width, "{columns} columns at {width}: {line}");
            }
        }
    }
}

/// Columns of text without wide letters.
fn unicode_columns(line: &str) -> usize {
    line.chars().filter(|c| !is_unseen(*c)).count()
}

#[test]
fn hostile_messages_neither_steer_nor_flood() {
    let mut loops = String::new();
    for hop in 0..1000 {
        let minute = hop / 60 % 60;
        let date = format!("Mon, 2 Nov 2026 08:{minute:02}:00 +0000");
        writeln!(loops, "Received: from a{hop}.example by b{hop}.example; {date}\r").unwrap();
    }
    let bomb = "X-Bomb: 1\r\n".repeat(32_000);
    let evil = "</script><script>alert(1)</script>\u{202e}\u{1b}[2J\u{1b}]0;x\u{7}\u{2066}";
    let long = "x".repeat(32_000);
    let message = format!(
        "{loops}From: {evil} <a@b.example>\r\nSubject: {evil}{long}\r\nMessage-ID: <';rm -rf ~;'@x>\r\n\
         X-Forefront-Antispam-Report: SCL:5;SFV:{evil};CAT:{long};\r\nX-{long}: {evil}\r\n{bomb}\r\n"
    );
    for page in drawn(message.as_bytes(), 100) {
        assert!(!page.contains(|c: char| c != '\n' && is_unseen(c)));
        assert!(!page.contains("rm -rf ~;'@x>'"), "a stranger's id stands in no command");
    }
    let pages = drawn(message.as_bytes(), 100);
    assert_eq!(pages.len(), 3);
    let page = &pages[0];
    assert!(page.contains("960 hops are left out here; --all shows them"), "{page}");
    assert!(page.len() < 40_000, "{} bytes", page.len());
}

/// Real messages, where they are at hand: every page is drawn at every width.
#[test]
fn pages_of_real_messages() {
    let corpus = root().join("../shared/corpus");
    let mut seen = 0;
    for part in ["eml", "stamps/eml", "stamps/txt", "bounce"] {
        for file in crate::harness::files(&corpus.join(part)) {
            let bytes = std::fs::read(&file).unwrap();
            let mut count = |looked| {
                seen += u32::from(matches!(looked, Looked::Message(_)));
                Ok(())
            };
            let options = HeadersOptions::default();
            headers(&[PathBuf::from("-")], &options, bytes.as_slice(), &mut count).unwrap();
            let message = file.extension().is_some_and(|e| e == "eml");
            for page in if message { drawn(&bytes, 80) } else { Vec::new() } {
                assert!(!page.contains(|c: char| c != '\n' && is_unseen(c)), "{}", file.display());
            }
        }
    }
    if seen == 0 {
        eprintln!("skipped: the corpus of real messages is not here");
    }
}
