//! Get-MessageTraceV2 through Export-Csv.
//!
//! Ten columns since the cmdlet's release in 2025; the same columns circulate in several orders
//! and with more of them, so that names alone decide. One row per recipient. Sources: cmdlet
//! reference "Get-MessageTraceV2" (limits 1,000 and 5,000 rows); order of live exports of 2026.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

pub(super) const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["MessageTraceId"]),
    ColumnSpec::needed(ColumnRole::Time, &["Received"]),
    ColumnSpec::needed(ColumnRole::Sender, &["SenderAddress"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["RecipientAddress"]),
    ColumnSpec::needed(ColumnRole::Status, &["Status"]),
    ColumnSpec::used(ColumnRole::MessageId, &["MessageId"]),
    ColumnSpec::used(ColumnRole::FromIp, &["FromIP"]),
    ColumnSpec::used(ColumnRole::ToIp, &["ToIP"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::Size, &["Size"]),
    // Made by the session or by paging scripts; only the first has a place, none is compared.
    ColumnSpec::used(ColumnRole::Artefact, &["RunspaceId", "PSComputerName", "PSShowComputerName"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "messagetracev2",
    title: "message trace, Get-MessageTraceV2 | Export-Csv",
    form: Form::Csv,
    grain: Grain::Recipient,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1000, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with MessageTraceId, Received, SenderAddress, RecipientAddress and \
        Status, in any order and among any other columns. MessageId, FromIP, ToIP, Subject and \
        Size are used where they are there. Case, quotes, blanks, hyphens and underscores in the \
        names do not matter; comma, semicolon or tab; a #TYPE line or a sep= line may come first.",
    shows: &[Layer::AntiSpam],
    // UTC, whatever the culture of its text (cmdlet reference).
    zone: ZoneRule::Stated,
    // Status lags 5 to 10 minutes; a message in its first retries is no failure either.
    lag_minutes: 120,
    caps: &[1000, 5000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "MessageTrace.csv",
};
