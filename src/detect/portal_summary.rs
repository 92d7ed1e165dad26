//! "Export results" of the message trace in the Exchange admin center.
//!
//! Five columns as on the screen, and no message id: a message is known by time, sender and
//! subject. The header of the file is documented nowhere; tools in the wild accept these names.
//! Times are in the zone the administrator chose for the query. Source: Microsoft Learn, "Message
//! trace in the modern EAC" (columns, status words with blanks, 20,000 rows; 10,000 before 2026).

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(
        ColumnRole::Time,
        &[
            "Date (UTC)",
            "Date",
            "Received",
            "Received (UTC)",
            "Time received",
            "Time",
            "Date (UTC time)",
            "DateTime",
        ],
    ),
    ColumnSpec::needed(ColumnRole::Sender, &["Sender", "SenderAddress", "From", "From address"]),
    ColumnSpec::needed(
        ColumnRole::Recipient,
        &["Recipient", "RecipientAddress", "Recipients", "To"],
    ),
    ColumnSpec::needed(ColumnRole::Status, &["Status", "Delivery status"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::NetworkMessageId, &["Network message ID", "MessageTraceId"]),
    ColumnSpec::used(ColumnRole::MessageId, &["Message ID", "Internet message ID"]),
    ColumnSpec::used(ColumnRole::Size, &["Size", "Message size"]),
    ColumnSpec::used(ColumnRole::FromIp, &["From IP"]),
    ColumnSpec::used(ColumnRole::ToIp, &["To IP"]),
];

/// Columns of exports that hold the same names among others.
const OTHERS: &[&str] = &["deliveryaction", "quarantinereason", "policytype", "eventid", "event"];

fn veto(names: &[String]) -> Option<String> {
    let other = names.iter().find(|name| OTHERS.contains(&name.as_str()))?;
    Some(format!("a column {other}, which another export has"))
}

pub(super) const RULE: DialectRule = DialectRule {
    name: "portal_summary",
    title: "message trace summary, \"Export results\" of the Exchange admin center",
    form: Form::Csv,
    grain: Grain::Recipient,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 600, specs: COLUMNS, veto },
    recognised: "A header line with Date (or Received), Sender, Recipient and Status; Subject, \
        Message ID and Network message ID are used where they are there. Without an id a message \
        is known by its time, sender and subject.",
    shows: &[Layer::AntiSpam],
    lag_minutes: 120,
    caps: &[250, 10_000, 20_000],
    message_caps: &[],
    byte_caps: &[],
    zone: ZoneRule::Local,
    always_filtered: false,
    sample: "trace-portal.csv",
};
