//! `tables/affected.csv`: one row per finding and delivery it is about. Who is to be told, what was
//! lost and must be sent again, what is still being tried and until when, and what a support
//! request asks for: network message id, time, server, tenant.
//!
//! Shape: as all tables (see [`super::csv`]). `tell` is the address of ours: the sender of outgoing
//! mail, else the recipient. `retry_until` is 24 hours after the message came in, when the service
//! gives up unless the tenant set it lower (Microsoft message center MC441064: 24 hours by default,
//! 12 at least); empty for what is not tried.

use super::{Answer, OutputFile, csv, safety};
use crate::model::time::DAY;
use crate::model::{Affected, Direction, Fate, Finding, Instant};
use std::io::{self, Write};

const COLUMNS: [&str; 18] = [
    "finding",
    "finding_key",
    "fate",
    "tell",
    "time",
    "network_message_id",
    "sender",
    "recipient",
    "direction",
    "retry_until",
    "code",
    "reason",
    "connector",
    "server",
    "tenant",
    "source",
    "line",
    "next",
];

/// `tables/affected.csv`.
pub fn files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    vec![OutputFile::new("tables/affected.csv", move |out| write(&answer.report.findings, out))]
}

fn write(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::open(out)?;
    csv.write_record(COLUMNS)?;
    for finding in findings {
        for affected in &finding.affected {
            for field in fields(finding, affected) {
                csv.write_field(safety::csv_cell(&field).as_bytes())?;
            }
            csv.write_record(None::<&[u8]>)?;
        }
    }
    csv.flush()
}

fn fields(finding: &Finding, a: &Affected) -> [String; COLUMNS.len()] {
    [
        finding.id.clone(),
        finding.key.clone(),
        a.fate.as_str().to_owned(),
        tell(a).to_owned(),
        a.time.rfc3339(),
        a.network_message_id.to_string(),
        a.sender.to_string(),
        a.recipient.to_string(),
        a.direction.to_string(),
        retry_until(a).map_or_else(String::new, Instant::rfc3339),
        a.code.to_string(),
        a.reason.to_string(),
        a.connector.to_string(),
        a.server.to_string(),
        a.tenant.to_string(),
        a.source.to_string(),
        a.line.to_string(),
        next(a.fate).to_owned(),
    ]
}

/// The address of ours: the sender of outgoing mail, else the recipient.
pub(super) fn tell(a: &Affected) -> &str {
    if a.direction == Direction::Outbound { &a.sender } else { &a.recipient }
}

/// When the service gives up; `None` for what is not tried.
pub(super) fn retry_until(a: &Affected) -> Option<Instant> {
    (a.fate == Fate::Retrying).then(|| Instant(a.time.0.saturating_add(DAY)))
}

/// What to do about one delivery.
pub(super) const fn next(fate: Fate) -> &'static str {
    match fate {
        Fate::Lost => "send again once the cause is mended",
        Fate::Retrying => "wait; it arrives by itself if the cause is mended in time",
        Fate::Held => "look, then release or leave",
        Fate::Late => "nothing; it arrived",
        Fate::Filed => "show the owner where it lies",
        Fate::LetPass => "look, then purge from the mailbox",
    }
}
