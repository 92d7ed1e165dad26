//! Get-QuarantineMessage, as JSON (arrays whole) or through Export-Csv.
//!
//! One record per message in quarantine. The network message id is the part of `Identity` before
//! the backslash. Sources: cmdlet reference "Get-QuarantineMessage" (16 days by default, 100 to
//! 1,000 a page); names and spellings of live records of 2026.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["Identity"]),
    ColumnSpec::needed(ColumnRole::Time, &["ReceivedTime"]),
    ColumnSpec::needed(ColumnRole::Sender, &["SenderAddress"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["RecipientAddress"]),
    ColumnSpec::needed(ColumnRole::Threat, &["QuarantineTypes", "Type"]),
    ColumnSpec::used(ColumnRole::Status, &["ReleaseStatus"]),
    ColumnSpec::used(ColumnRole::Released, &["Released"]),
    ColumnSpec::used(ColumnRole::MessageId, &["MessageId"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::Size, &["Size"]),
    ColumnSpec::used(ColumnRole::Directionality, &["Direction"]),
    ColumnSpec::used(ColumnRole::PolicyType, &["PolicyType"]),
    ColumnSpec::used(ColumnRole::Policy, &["PolicyName"]),
    ColumnSpec::used(ColumnRole::Tenant, &["Organization"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "quarantine",
    title: "quarantine list, Get-QuarantineMessage",
    form: Form::Csv,
    grain: Grain::Quarantine,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1000, specs: COLUMNS, veto: |_| None },
    recognised: "A header line, or JSON records, with Identity, ReceivedTime, SenderAddress, RecipientAddress and \
        Type or QuarantineTypes. CSV loses the recipients where they were not joined; JSON keeps them.",
    shows: &[Layer::AntiSpam, Layer::TransportRule, Layer::Message],
    zone: ZoneRule::Stated,
    lag_minutes: 0,
    caps: &[100, 1000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: true,
    sample: "Quarantine.json",
};
