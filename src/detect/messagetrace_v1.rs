//! Get-MessageTrace (V1) through Export-Csv: retired in 2025, archives remain.
//!
//! The columns of V2 and those of the reporting web service behind it: Organization, Index,
//! StartDate, EndDate, and with remote PowerShell the session's own. Sources: cmdlet reference
//! "Get-MessageTrace" (page size 1,000 to 5,000), exports of public scripts.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["MessageTraceId"]),
    ColumnSpec::needed(ColumnRole::Time, &["Received"]),
    ColumnSpec::needed(ColumnRole::Sender, &["SenderAddress"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["RecipientAddress"]),
    ColumnSpec::needed(ColumnRole::Status, &["Status"]),
    // Any of these tells it from V2.
    ColumnSpec::needed(ColumnRole::Artefact, &["Index", "StartDate", "EndDate"]),
    ColumnSpec::used(ColumnRole::Tenant, &["Organization"]),
    ColumnSpec::used(ColumnRole::MessageId, &["MessageId"]),
    ColumnSpec::used(ColumnRole::FromIp, &["FromIP"]),
    ColumnSpec::used(ColumnRole::ToIp, &["ToIP"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::Size, &["Size"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "messagetrace_v1",
    title: "message trace, Get-MessageTrace | Export-Csv (before 2025)",
    form: Form::Csv,
    grain: Grain::Recipient,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1100, specs: COLUMNS, veto: |_| None },
    recognised: "The columns of messagetracev2 and one of Index, \
        StartDate or EndDate; Organization is used where it is there.",
    shows: &[Layer::AntiSpam],
    lag_minutes: 120,
    caps: &[1000, 5000],
    message_caps: &[],
    byte_caps: &[],
    zone: ZoneRule::Stated,
    always_filtered: false,
    sample: "MessageTrace-archive.csv",
};
