//! The quarantine list of the Defender portal, "Export results".
//!
//! Columns as on the screen; the network message id is not among them, so that its messages are
//! joined by Message-ID. Source: Microsoft Learn, "Manage quarantined messages" (columns, reasons,
//! release states); the header of the file is documented nowhere.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::Time, &["Time received", "Date", "Received"]),
    ColumnSpec::needed(ColumnRole::Sender, &["Sender", "Sender address"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["Recipient", "Recipients", "Recipient address"]),
    ColumnSpec::needed(ColumnRole::Threat, &["Quarantine reason", "Reason"]),
    ColumnSpec::needed(ColumnRole::Status, &["Release status", "Status"]),
    ColumnSpec::used(ColumnRole::MessageId, &["Message ID", "Internet message ID"]),
    ColumnSpec::used(ColumnRole::NetworkMessageId, &["Network message ID"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::Size, &["Message size", "Size"]),
    ColumnSpec::used(ColumnRole::Directionality, &["Mail direction", "Direction"]),
    ColumnSpec::used(ColumnRole::PolicyType, &["Policy type"]),
    ColumnSpec::used(ColumnRole::Policy, &["Policy name"]),
    ColumnSpec::used(ColumnRole::OrgPolicy, &["Sender address override reason"]),
];

/// The cmdlet's own list.
fn veto(names: &[String]) -> Option<String> {
    let other = names.iter().find(|name| matches!(name.as_str(), "identity" | "messagetraceid"))?;
    Some(format!("a column {other}, which another export has"))
}

pub(super) const RULE: DialectRule = DialectRule {
    name: "quarantine_portal",
    title: "quarantine list of the Defender portal",
    form: Form::Csv,
    grain: Grain::Quarantine,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 900, specs: COLUMNS, veto },
    recognised: "A header line with Time received, Sender, Recipient, Quarantine reason and Release status.",
    shows: &[Layer::AntiSpam, Layer::TransportRule, Layer::Message],
    zone: ZoneRule::Local,
    lag_minutes: 0,
    caps: &[100, 1000, 5000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: true,
    sample: "quarantine-portal.csv",
};
