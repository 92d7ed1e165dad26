//! The window written as exports, in the dialects of our own tests.

use super::faults::ours;
use super::week::{Fate, Mail};
use std::fmt::Write;

/// An export.
pub(crate) struct Dialect {
    pub(crate) name: &'static str,
    /// In words.
    pub(crate) title: &'static str,
    pub(crate) write: fn(&[Mail]) -> String,
}

pub(crate) const DIALECTS: &[Dialect] = &[
    Dialect { name: "trace", title: "Get-MessageTraceV2 (no reasons)", write: trace },
    Dialect { name: "report", title: "extended report (events and replies)", write: report },
    Dialect { name: "hunting", title: "EmailEvents (placement, authentication)", write: hunting },
];

/// The window begins here: a Monday, as days since 1970.
pub(crate) const FIRST_DAY: i64 = 20_703;

fn id(number: usize) -> String {
    format!("5f0e{:04x}-11d2-4c3b-9a4e-08de{number:08x}", number % 0x1_0000)
}

/// Days of September and October 2026: windows are shorter than that.
fn time(seconds: u32) -> String {
    let days = 7 + seconds / 86_400;
    let (month, day) = if days <= 30 { (9, days) } else { (10, days - 30) };
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

macro_rules! line {
    ($text:expr, $($part:tt)*) => {
        writeln!($text, $($part)*).unwrap_or_default() // writing to a String cannot fail
    };
}

fn trace(mail: &[Mail]) -> String {
    let mut text = String::from(
        "MessageTraceId,MessageId,Received,SenderAddress,RecipientAddress,FromIP,ToIP,Subject,Status,Size\n",
    );
    for (n, m) in mail.iter().enumerate() {
        let status = match m.fate {
            Fate::Arrived | Fate::Filed(_) => "Delivered",
            Fate::Failed(_) => "Failed",
            Fate::Quarantined(_) => "Quarantined",
            Fate::Junk(_) => "FilteredAsSpam",
        };
        let (id, time) = (id(n), time(m.at));
        let (from, to) = (&m.sender, &m.recipient);
        line!(text, "{id},<{n}@mail.example>,{time},{from},{to},198.18.0.9,,Offer,{status},1000");
    }
    text
}

fn report(mail: &[Mail]) -> String {
    let mut text = String::from(
        "date_time_utc,source_context,connector_id,source,event_id,message_id,network_message_id,\
         recipient_address,recipient_status,message_subject,sender_address,directionality,custom_data\n",
    );
    for (n, m) in mail.iter().enumerate() {
        let stated = if ours(&m.sender) { "Originating" } else { "Incoming" };
        let (source, event, status) = match &m.fate {
            Fate::Failed(reply) => {
                let cell = format!("[{{LED={reply}}};{{MSG=}};{{FQDN=}};{{IP=}};{{LRT=}}]");
                // The service itself speaks of what comes in, the other side of what goes out.
                let agent = ours(&m.recipient);
                (if agent { "ROUTING" } else { "SMTP" }, "FAIL", cell)
            }
            _ if ours(&m.recipient) => ("STOREDRIVER", "DELIVER", String::new()),
            _ => ("SMTP", "SENDEXTERNAL", "250 2.1.5 Recipient OK".into()),
        };
        let custom = match m.fate {
            Fate::Quarantined(_) => "S:SFA=SUM|SFV=SPM|scl=6",
            Fate::Junk(_) => "S:SFA=SUM|SFV=SPM|scl=5",
            _ => "",
        };
        let (id, from, to, connector) = (id(n), &m.sender, &m.recipient, m.connector);
        for (time, source, event, status) in [
            (time(m.at), "SMTP", "RECEIVE", String::new()),
            (time(m.at + m.seconds), source, event, status),
        ] {
            line!(
                text,
                "{time},,{connector},{source},{event},<{n}@mail.example>,{id},{to},\"{status}\",Offer,{from},\
                 {stated},{custom}"
            );
        }
    }
    text
}

fn hunting(mail: &[Mail]) -> String {
    let mut text = String::from(
        "Timestamp,NetworkMessageId,InternetMessageId,SenderMailFromAddress,SenderFromAddress,\
         RecipientEmailAddress,Subject,EmailDirection,DeliveryAction,DeliveryLocation,EmailActionPolicy,\
         AuthenticationDetails,OrgLevelAction,OrgLevelPolicy\n",
    );
    for (n, m) in mail.iter().enumerate() {
        let direction = match (ours(&m.sender), ours(&m.recipient)) {
            (true, true) if m.auth == ["pass", "pass", "pass"] => "Intra-org",
            (true, false) => "Outbound",
            _ => "Inbound",
        };
        let (action, place, policy) = match m.fate {
            Fate::Failed(_) => ("Blocked", "Failed", ""),
            Fate::Quarantined(policy) => ("Blocked", "Quarantine", policy),
            Fate::Junk(policy) => ("Junked", "Junk folder", policy),
            Fate::Filed(folder) => ("Delivered", folder, ""),
            Fate::Arrived if direction == "Outbound" => ("Delivered", "On-premises/external", ""),
            Fate::Arrived => ("Delivered", "Inbox/folder", ""),
        };
        let auth = match direction {
            "Inbound" => format!(
                "\"{{\"\"SPF\"\":\"\"{}\"\",\"\"DKIM\"\":\"\"{}\"\",\"\"DMARC\"\":\"\"{}\"\"}}\"",
                m.auth[0], m.auth[1], m.auth[2]
            ),
            _ => String::new(),
        };
        let (id, time, from, to) = (id(n), time(m.at), &m.sender, &m.recipient);
        let allow = if m.allowed.is_empty() { "" } else { "Allow" };
        line!(
            text,
            "{time},{id},<{n}@mail.example>,{from},{from},{to},Offer,{direction},{action},{place},{policy},\
             {auth},{allow},{}",
            m.allowed
        );
    }
    text
}
