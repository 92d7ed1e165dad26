//! Exchange Online and Defender beside the typed stamps: rule ids, flags of the mailbox, Safe Links
//! and Safe Attachments, first contact, enhanced filtering, attribution, latency; and what
//! Outlook.com's consumer mailboxes write.
//!
//! Sources: the tables `microsoft_antispam` and `exchange_headers`; Microsoft's pages on anti-spam
//! headers and on enhanced filtering; mgeeky/decode-spam-headers where nothing else is known. Rule
//! ids are kept and never read as a verdict: only Microsoft knows them, and they change.

use super::parts::{base64_text, shown};
use super::{Family, Said, judged, plain, reads, says};
use crate::knowledge::names;
use crate::knowledge::tables::entries;

pub(super) const FAMILY: Family = Family {
    product: "Exchange Online",
    stamps: &[
        reads("x-forefront-antispam-report", report),
        reads("x-forefront-antispam-report-untrusted", foreign),
        reads("x-microsoft-antispam", bulk),
        reads("x-microsoft-antispam-untrusted", bulk_foreign),
        reads("x-microsoft-antispam-mailbox-delivery", mailbox),
        reads("x-microsoft-antispam-prvs", |_| plain("id of an earlier scan, no verdict")),
        says(
            "x-microsoft-antispam-message-info",
            "record for Microsoft, encrypted: its presence says that Exchange Online scanned the message",
        ),
        says(
            "x-microsoft-antispam-message-info-original",
            "the same record of the sender's tenant: the message came from another Microsoft 365 tenant",
        ),
        says(
            "x-microsoft-antispam-zap-message-info",
            "zero-hour auto purge touched the message after delivery",
        ),
        says(
            "x-exchange-antispam-report-cfa-test",
            "an old test stamp beside the real one: ignore it",
        ),
        says("x-exchange-antispam-report-test", "an old test stamp beside the real one: ignore it"),
        reads("spamdiagnosticmetadata", |v| match v.trim().to_uppercase().as_str() {
            "NSPM" => judged("verdict of the sender's side: not spam", false),
            "SPAM" | "SPM" => judged("verdict of the sender's side: spam", true),
            _ => plain(format!("verdict of the sender's side: {}", shown(v))),
        }),
        reads("spamdiagnosticoutput", |v| {
            plain(format!("diagnostics of the sender's side, no verdict: {}", shown(v)))
        }),
        reads("x-customspam", |v| {
            judged(
                format!("an option of the anti-spam policy (ASF) raised the score: {}", shown(v)),
                true,
            )
        }),
        reads("x-ms-exchange-atpmessageproperties", defender),
        reads("x-ms-exchange-atpsafelinks-stat", |v| {
            plain(format!("counter of Safe Links: {}", shown(v)))
        }),
        reads("x-ms-exchange-safelinks-url-keyver", |v| {
            plain(format!("Safe Links rewrote the links, key version {}", shown(v)))
        }),
        reads("x-ms-exchange-enablefirstcontactsafetytip", |_| {
            plain("a rule asks for the first contact safety tip")
        }),
        reads("x-ms-exchange-organization-bypassfocusedinbox", |v| {
            plain(format!("a rule keeps it in the focused inbox: {}", shown(v)))
        }),
        reads("x-ms-exchange-organization-bypassclutter", |v| {
            plain(format!("a rule keeps it out of Clutter: {}", shown(v)))
        }),
        reads("x-ms-exchange-organization-skipsafelinksprocessing", |_| {
            plain("a rule skips Safe Links: links are not checked")
        }),
        reads("x-ms-exchange-organization-skipsafeattachmentprocessing", |_| {
            plain("a rule skips Safe Attachments: attachments are not opened in the sandbox")
        }),
        reads("x-ms-exchange-skiplistedinternetsender", |v| {
            plain(format!(
                "enhanced filtering looked behind the gateway and found the true source: {}",
                shown(v)
            ))
        }),
        reads("x-ms-exchange-externaloriginalinternetsender", |v| {
            plain(format!(
                "enhanced filtering judged this true source behind the gateway: {}",
                shown(v)
            ))
        }),
        reads("x-ms-exchange-externalinoutlook", |_| plain("Outlook shows it as external")),
        reads("x-ms-exchange-crosstenant-id", tenant),
        reads("x-ms-exchange-crosstenant-authas", |v| table("X-MS-Exchange-CrossTenant-AuthAs", v)),
        reads("x-ms-exchange-crosstenant-fromentityheader", |v| {
            table("X-MS-Exchange-CrossTenant-FromEntityHeader", v)
        }),
        reads("x-ms-exchange-crosstenant-originalarrivaltime", |v| {
            plain(format!("came into the service at {}", shown(v)))
        }),
        reads("x-ms-exchange-crosstenant-originalattributedtenantconnectingip", |v| {
            plain(format!(
                "a connector attributed this connection to the sender's tenant (relay or hybrid): {}",
                shown(v)
            ))
        }),
        reads("x-eoptenantattributedmessage", |v| {
            plain(format!("tenant to which the message was attributed: {}", shown(v)))
        }),
        reads("x-eopattributedmessage", |v| table("X-EOPAttributedMessage", v)),
        reads("x-originatororg", |v| {
            plain(format!("organisation of the sender as Microsoft saw it: {}", shown(v)))
        }),
        reads("x-ms-exchange-organization-authmechanism", |v| {
            table("X-MS-Exchange-Organization-AuthMechanism", v)
        }),
        reads("x-ms-exchange-senderadcheck", |v| table("X-MS-Exchange-SenderADCheck", v)),
        reads("x-ms-exchange-antispam-relay", |v| table("X-MS-Exchange-AntiSpam-Relay", v)),
        reads("x-ms-exchange-transport-endtoendlatency", latency),
        reads("x-ms-exchange-inbox-rules-loop", |v| {
            plain(format!("a rule of this mailbox sent it on: {}", shown(v)))
        }),
        reads("x-ms-exchange-transport-rules-loop", |v| {
            plain(format!("times a mail flow rule redirected it: {}", shown(v)))
        }),
        reads("x-ms-exchange-generated-message-source", |v| {
            plain(format!("written by a part of Exchange: {}", shown(v)))
        }),
        reads("x-ms-exchange-authentication-results", |v| {
            plain(format!("authentication of the hop that connected: {}", shown(v)))
        }),
        reads("x-ms-oob-tlc-oobclassifiers", |_| plain("record of classifiers, opaque")),
        reads("x-ld-processed", |v| {
            plain(if v.to_ascii_lowercase().contains("extfwd") {
                format!(
                    "forwarded out of its tenant by the mailbox's own setting or rule ({})",
                    shown(v)
                )
            } else {
                format!("handled by the tenant {}", shown(v))
            })
        }),
    ],
    source: "Microsoft Learn: Anti-spam message headers; real messages (rf-peixoto/phishing_pot)",
};

pub(super) const CONSUMER: Family = Family {
    product: "Outlook.com",
    stamps: &[
        reads("x-message-delivery", placement),
        says("x-message-info", "record for Outlook.com, opaque"),
        reads("x-sid-result", |v| match v.trim().to_uppercase().as_str() {
            "PASS" => judged("Sender ID passed", false),
            "FAIL" => judged("Sender ID failed", true),
            _ => plain(format!("Sender ID: {}", shown(v))),
        }),
        reads("x-sid-pra", |v| {
            plain(format!("address held responsible for the message: {}", shown(v)))
        }),
        reads("x-sender-ip", |v| plain(format!("address that connected: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};

/// `KEY:VALUE` items of a stamp.
fn items(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let items = value.split(';').filter_map(|item| item.split_once(':'));
    items.map(|(key, value)| (key.trim(), value.trim())).take(64)
}

/// Country and language by name, and the ids of rules counted.
fn report(value: &str) -> Said {
    let mut said = Vec::new();
    for (key, text) in items(value).filter(|(_, text)| !text.is_empty()) {
        match key.to_ascii_uppercase().as_str() {
            "CTRY" => said.push(match names::country(text) {
                Some(name) => format!("connected from {name}"),
                None => format!("connected from a country written {}", shown(text)),
            }),
            "LANG" => said.push(match names::language(text) {
                Some(name) => format!("written in {name}"),
                None => format!("written in a language called {}", shown(text)),
            }),
            "SFS" => said.push(rules(text)),
            _ => {}
        }
    }
    plain(if said.is_empty() { "the filter's report".to_owned() } else { said.join("; ") })
}

fn foreign(value: &str) -> Said {
    let said = report(value).meaning;
    plain(format!("report of an earlier tenant, or a claim: not the recipient's verdict; {said}"))
}

fn rules(text: &str) -> String {
    let count = text.split(['(', ')', '|']).filter(|id| !id.trim().is_empty()).count();
    let ids = if count == 1 { "id" } else { "ids" };
    format!(
        "{count} {ids} of rules that matched; only Microsoft knows them, no verdict by themselves"
    )
}

fn bulk(value: &str) -> Said {
    let mut said = Vec::new();
    let mut bad = None;
    for (key, text) in items(value).filter(|(_, text)| !text.is_empty()) {
        match key.to_ascii_uppercase().as_str() {
            "BCL" => {
                let level = text.parse::<u8>().ok();
                bad = level.filter(|n| *n >= 7).map(|_| true);
                let row = entries("bcl").iter().find(|row| &*row.value == text);
                said.push(match row {
                    Some(row) => format!("bulk level {}: {}", shown(text), row.meaning),
                    None => format!("bulk level {}", shown(text)),
                });
            }
            "ARA" | "RULEID" => said.push(rules(text)),
            _ => {}
        }
    }
    Said { meaning: said.join("; "), bad }
}

fn bulk_foreign(value: &str) -> Said {
    plain(format!("of an earlier tenant, or a claim; {}", bulk(value).meaning))
}

/// `ucf:0;jmr:0;auth:1;dest:J;ENG:(..);OFR:SpamFilterAuthJ;RF:JunkEmail`
fn mailbox(value: &str) -> Said {
    let table = entries("microsoft_antispam");
    let (mut said, mut dest) = (Vec::new(), "");
    for (key, text) in items(value).filter(|(_, text)| !text.is_empty()) {
        // Flags that are off say nothing.
        if text == "0" {
            continue;
        }
        let rows = || table.iter().filter(|row| row.subject.eq_ignore_ascii_case(key));
        match key.to_ascii_lowercase().as_str() {
            "eng" => {
                said.push(rules(text));
                continue;
            }
            "dest" => dest = text,
            _ => {}
        }
        let exact = rows().find(|row| row.value.eq_ignore_ascii_case(text));
        let row = exact.or_else(|| rows().find(|row| &*row.value == "0|1"));
        match row {
            Some(row) => said.push(format!("{}:{}: {}", shown(key), shown(text), row.meaning)),
            None if key.to_ascii_uppercase().starts_with("WIMS-") => {}
            None => said.push(format!("{}:{}: not known", shown(key), shown(text))),
        }
    }
    let meaning = said.join("; ");
    match dest {
        "J" => judged(meaning, true),
        "I" => judged(meaning, false),
        _ => plain(meaning),
    }
}

/// `SA|SL`
fn defender(value: &str) -> Said {
    let stages: Vec<&str> = value
        .split('|')
        .take(8)
        .map(|stage| match stage.trim() {
            "SA" => "Safe Attachments",
            "SL" => "Safe Links",
            _ => shown(stage),
        })
        .collect();
    plain(format!("Defender for Office 365 processed it: {}", stages.join(", ")))
}

/// The tenant of all Outlook.com mailboxes.
const CONSUMERS: &str = "84df9e7f-e9f6-40af-b435-";

fn tenant(value: &str) -> Said {
    plain(if value.trim().to_ascii_lowercase().starts_with(CONSUMERS) {
        "handled by the tenant of Outlook.com, the consumer mailboxes".to_owned()
    } else {
        format!("handled by the tenant {}", shown(value))
    })
}

/// What the table of Exchange headers says of this value.
fn table(header: &str, value: &str) -> Said {
    let rows = || entries("exchange_headers").iter().filter(|row| &*row.subject == header);
    let exact = rows().find(|row| row.value.eq_ignore_ascii_case(value.trim()));
    let of_all = || rows().find(|row| row.value.is_empty());
    plain(match exact.or_else(of_all) {
        Some(row) => format!("{}: {}", shown(value), row.meaning),
        None => format!("{}: not known", shown(value)),
    })
}

/// `00:00:02.3456789`, `1.02:03:04.5`
fn latency(value: &str) -> Said {
    let (days, rest) = match value.trim().split_once('.') {
        Some((days, rest)) if !days.contains(':') => (days.parse::<u64>().unwrap_or(0), rest),
        _ => (0, value.trim()),
    };
    let mut seconds = days.saturating_mul(86_400);
    let mut unit = 3600;
    for part in rest.split(':').take(3) {
        let Ok(n) = part.split('.').next().unwrap_or("").parse::<u32>() else {
            return plain(format!("time in the service: {}", shown(value)));
        };
        seconds = seconds.saturating_add(u64::from(n).saturating_mul(unit));
        unit /= 60;
    }
    plain(format!("{seconds} s from entering the service to delivery"))
}

/// Base64 of `V=1.1;us=0;l=0;a=0;D=2;GD=2;SCL=6`
fn placement(value: &str) -> Said {
    let Some(text) = base64_text(value) else { return plain("placement record, unreadable") };
    let of = |key: &str| super::parts::value_of(&text, &[';'], key).map(str::to_owned);
    let level = of("SCL").map(|n| format!(", level {}", shown(&n))).unwrap_or_default();
    match of("D").as_deref() {
        Some("1") => judged(format!("placed in the inbox{level}"), false),
        Some("2") => judged(format!("placed in Junk{level}"), true),
        _ => plain(format!("placement record {}", shown(&text))),
    }
}
