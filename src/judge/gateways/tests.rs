//! Every family is listed, headers are read as their makers mean them, and no bytes break a reader.

use super::*;
use std::collections::HashSet;

fn one(header: &str, value: &str) -> GatewayStamp {
    let fields = vec![(header.to_owned(), value.to_owned())];
    let mut read = read(&Examined { fields, ..Examined::default() });
    assert_eq!(read.len(), 1, "{header} is not known");
    read.remove(0)
}

#[test]
fn names_are_lower_case_and_known_once() {
    let mut names = HashSet::new();
    let mut products = HashSet::new();
    for family in FAMILIES {
        assert!(products.insert(family.product), "{} is listed twice", family.product);
        assert!(!family.source.is_empty() && !family.stamps.is_empty());
        for stamp in family.stamps {
            assert_eq!(stamp.header, stamp.header.to_ascii_lowercase());
            let stars = stamp.header.matches('*').count();
            assert!(
                stars == 0
                    || stars == 1 && (stamp.header.ends_with('*') || stamp.header.starts_with('*'))
            );
            names.insert(stamp.header);
        }
    }
    assert!(names.len() > 300, "{}", names.len());
}

#[test]
fn every_header_of_the_table_is_read() {
    for row in entries("other_vendors") {
        let name = row.subject.to_ascii_lowercase().replace('*', "x");
        assert!(find(&name).is_some(), "{} has no reader", row.subject);
    }
}

#[test]
fn what_products_say() {
    let cases: &[(&str, &str, &str, &str, Option<bool>)] = &[
        (
            "X-Proofpoint-Spam-Details",
            "rule=outbound_notspam policy=outbound score=0 spamscore=0 phishscore=0",
            "Proofpoint",
            "score 0 of 100",
            Some(false),
        ),
        (
            "X-Proofpoint-Spam-Details",
            "rule=inbound_phish policy=default score=98 phishscore=98 bulkscore=3",
            "Proofpoint",
            "phish 98, bulk 3",
            Some(true),
        ),
        (
            "X-Proofpoint-Spam-Details",
            "rule=outbound_spam_policy_notspam policy=x score=96 mlxscore=96",
            "Proofpoint",
            "of the sender's side",
            Some(false),
        ),
        (
            "X-Proofpoint-Virus-Version",
            "vendor=fsecure engine=2.50 definitions=2026-11-02",
            "Proofpoint",
            "by fsecure",
            None,
        ),
        ("X-Mimecast-Spam-Score", "9", "Mimecast", "every usual policy", Some(true)),
        ("X-Mimecast-Spam-Score", "1", "Mimecast", "no usual policy", Some(false)),
        (
            "X-Mimecast-Impersonation-Protect",
            "Policy=Default;Similar Internal Domain=false;Reply Address Mismatch=true;",
            "Mimecast",
            "Reply Address Mismatch",
            Some(true),
        ),
        (
            "X-IronPort-AV",
            "E=Sophos;i=\"5.60,413,1549954800\"; d=\"scan'208\";a=\"30982719\"",
            "Cisco IronPort",
            "no virus found",
            Some(false),
        ),
        (
            "X-IronPort-AV",
            "E=Sophos;i=\"5.60\";v=\"EICAR; x\"",
            "Cisco IronPort",
            "viruses found: EICAR; x",
            Some(true),
        ),
        ("X-SBRS", "-4.5", "Cisco IronPort", "block list", Some(true)),
        ("X-SBRS", "None", "Cisco IronPort", "no reputation", None),
        ("X-IronPort-SenderGroup", "SUSPECTLIST", "Cisco IronPort", "throttled", Some(true)),
        ("X-MailFlowPolicy", "$TRUSTED", "Cisco IronPort", "skipped", Some(false)),
        ("X-Amp-Result", "MALICIOUS", "Cisco IronPort", "malicious", Some(true)),
        (
            "X-Barracuda-Spam-Status",
            "No, SCORE=4.10 using global scores of TAG_LEVEL=3.5 QUARANTINE_LEVEL=1000.0 KILL_LEVEL=9.0 tests=A",
            "Barracuda",
            "reaches tag",
            Some(true),
        ),
        (
            "X-Barracuda-Spam-Status",
            "No, SCORE=0.00 using global scores of TAG_LEVEL=1000.0 QUARANTINE_LEVEL=1000.0 KILL_LEVEL=9.0",
            "Barracuda",
            "not spam",
            Some(false),
        ),
        ("X-Barracuda-Start-Time", "1793520000", "Barracuda", "2026-11-01T08:00:00Z", None),
        (
            "X-TM-AS-Result",
            "Yes-10--12.345-5.000000-10",
            "Trend Micro",
            "score -12.345",
            Some(true),
        ),
        (
            "X-TM-AS-Result",
            "No--8.069-5.0-31-10",
            "Trend Micro",
            "not spam: score -8.069, below the 5",
            Some(false),
        ),
        (
            "X-TMASE-Result",
            "10--8.069400-10.000000",
            "Trend Micro",
            "score -8.0694, below the 10",
            Some(false),
        ),
        (
            "X-TM-AS-Result",
            "No-1.360000-8.000000-10",
            "Trend Micro",
            "score 1.36, below the 8",
            Some(false),
        ),
        (
            "X-TMASE-Version",
            "IMSVA-9.1.0.1600-9.0.1002-28004.004",
            "Trend Micro",
            "product IMSVA 9.1.0.1600",
            None,
        ),
        ("X-TM-AS-User-Blocked-Sender", "Yes", "Trend Micro", "blocked list", Some(true)),
        (
            "X-TM-SNAP-Result",
            "1.821001.0001-0-1-22:0,33:0,34:0-0",
            "Trend Micro",
            "none matched",
            None,
        ),
        ("X-SASI-SpamProbability", "9%", "Sophos", "9 %", Some(false)),
        (
            "X-PMX-Spam",
            "Gauge=XXXXIIIII, Probability=75%, Report='A 1'",
            "Sophos",
            "75 %; rules: A 1",
            Some(true),
        ),
        (
            "X-Spam-Status",
            "Yes, score=12.1 required=5.0 tests=A,B autolearn=no version=3.4.2",
            "SpamAssassin",
            "score 12.1 of 5 required; rules A,B",
            Some(true),
        ),
        ("X-Spam-Status", "No, hits=1.0 required=5.0", "SpamAssassin", "not spam", Some(false)),
        ("X-Spam-Level", "*****", "SpamAssassin", "at least 5", None),
        ("X-Brightmail-Tracker", "AAAAAA==", "Symantec", "nothing", Some(false)),
        ("X-YahooFilteredBulk", "192.0.2.4", "Yahoo", "192.0.2.4", Some(true)),
        ("X-Gm-Phishy", "1", "Google", "phishing", Some(true)),
        ("X-VR-SPAMCAUSE", "gggruggvucftvghtrhho", "OVH / Vade", "Vade Retro", None),
        ("X-SpamExperts-Class", "unsure", "SpamExperts", "unsure", None),
        ("X-Recommended-Action", "reject", "SpamExperts", "reject", Some(true)),
        (
            "X-Spamd-Result",
            "default: False [-0.16 / 15.00]; A(1.00)[x]; B(-3.5)[]",
            "Rspamd",
            "refused from 15; most by B -3.5, A 1",
            Some(false),
        ),
        ("X-Rspamd-Action", "add header", "Rspamd", "add header", Some(true)),
        ("X-Virus-Status", "Clean", "ClamAV / amavis", "Clean", Some(false)),
        (
            "X-Contoso-MailScanner-SpamCheck",
            "not spam, SpamAssassin (not cached, score=-1.9, required 5)",
            "MailScanner",
            "not spam, score -1.9",
            Some(false),
        ),
        ("X-AntiAbuse", "Primary Hostname - host.example", "Web hosting", "host.example", None),
        (
            "X-SES-Outgoing",
            "2026.11.02-192.0.2.16",
            "Amazon SES",
            "on 2026-11-02 from 192.0.2.16",
            None,
        ),
        ("Feedback-ID", "1:2:3:fabrikam", "Feedback loop", "sender id fabrikam", None),
        ("X-MSFBL", "abc|eyJyIjoiYUBjb250b3NvLmNvbSJ9", "Feedback loop", "a@contoso.com", None),
        ("X-antispameurope-SpamStatus", "CLEAN", "Hornetsecurity", "CLEAN", Some(false)),
        ("X-NoSpamProxy-SCL", "6", "NoSpamProxy", "level 6", Some(true)),
        ("X-KSMG-AntiSpam-Status", "not_detected", "Kaspersky", "not_detected", Some(false)),
        ("X-CTCH-Spam", "Confirmed", "Cyren", "known spam", Some(true)),
        ("X-IP-Spam-Verdict", "legit", "Other filter", "legit", Some(false)),
        ("X-CRM114-Status", "GOOD (  15.17  )", "CRM114", "GOOD", Some(false)),
        (
            "X-Forefront-Antispam-Report",
            "CIP:2001:db8::1;CTRY:NL;LANG:nl;SFS:(1)(22);",
            "Exchange Online",
            "connected from Netherlands; written in Dutch; 2 ids of rules",
            None,
        ),
        (
            "X-Microsoft-Antispam",
            "BCL:8;ARA:1|2|3;",
            "Exchange Online",
            "3 ids of rules",
            Some(true),
        ),
        (
            "X-Microsoft-Antispam-Mailbox-Delivery",
            "ucf:0;dest:J;OFR:SpamFilterAuthJ;wl:1;",
            "Exchange Online",
            "wl:1: Probably safe-list hit",
            Some(true),
        ),
        (
            "X-MS-Exchange-AtpMessageProperties",
            "SA|SL",
            "Exchange Online",
            "Safe Attachments, Safe Links",
            None,
        ),
        (
            "X-MS-Exchange-Transport-EndToEndLatency",
            "1.00:01:02.345",
            "Exchange Online",
            "86462 s",
            None,
        ),
        (
            "X-Message-Delivery",
            "Vj0xLjE7dXM9MDtsPTA7YT0wO0Q9MjtHRD0yO1NDTD02",
            "Outlook.com",
            "placed in Junk, level 6",
            Some(true),
        ),
    ];
    for (header, value, product, meaning, bad) in cases {
        let stamp = one(header, value);
        assert_eq!(stamp.product, *product, "{header}");
        assert!(stamp.meaning.contains(meaning), "{header}: {}", stamp.meaning);
        assert_eq!(stamp.bad, *bad, "{header}: {}", stamp.meaning);
        assert!(!stamp.source.is_empty());
    }
}

#[test]
fn stamps_are_bounded_and_in_order() {
    let fields: Vec<_> = (0..1000).map(|n| ("X-Spam-Score".to_owned(), n.to_string())).collect();
    let read = read(&Examined { fields, ..Examined::default() });
    assert_eq!(read.len(), MOST);
    assert_eq!((read[0].value.as_str(), read[255].value.as_str()), ("0", "255"));
    let long = one("X-Spam-Report", &"\u{e4}".repeat(5000));
    assert!(long.value.len() <= VALUE_LIMIT && long.meaning.len() <= MEANING_LIMIT);
}

proptest::proptest! {
    /// Every reader, with text of its own alphabet and with any.
    #[test]
    fn no_value_breaks_a_reader(value in "\\PC{0,80}|[-0-9./:;,=()\\[\\] a-zA-Z\"']{0,120}") {
        for family in FAMILIES {
            for stamp in family.stamps {
                if let Reader::Reads(read) = &stamp.read {
                    let said = read(value.trim());
                    proptest::prop_assert!(said.meaning.len() < 16 << 10);
                }
            }
        }
    }
}
