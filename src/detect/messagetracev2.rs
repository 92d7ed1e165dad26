//! Get-MessageTraceV2 through Export-Csv.
//!
//! Ten columns since the cmdlet's release in 2025; the same columns circulate in several orders
//! and with more of them, so that names alone decide. One row per recipient. Sources: cmdlet
//! reference "Get-MessageTraceV2" (limits 1,000 and 5,000 rows); order of live exports of 2026.

use super::rule::{ColumnSpec, DialectRule, Recognition};
use crate::model::{ColumnRole, Form, InputRole, Layer};

const fn column(role: ColumnRole, names: &'static [&'static str], required: bool) -> ColumnSpec {
    ColumnSpec { role, names, required }
}

const COLUMNS: &[ColumnSpec] = &[
    column(ColumnRole::NetworkMessageId, &["MessageTraceId"], true),
    column(ColumnRole::Time, &["Received"], true),
    column(ColumnRole::Sender, &["SenderAddress"], true),
    column(ColumnRole::Recipient, &["RecipientAddress"], true),
    column(ColumnRole::Status, &["Status"], true),
    column(ColumnRole::MessageId, &["MessageId"], false),
    column(ColumnRole::FromIp, &["FromIP"], false),
    column(ColumnRole::ToIp, &["ToIP"], false),
    column(ColumnRole::Subject, &["Subject"], false),
    column(ColumnRole::Size, &["Size"], false),
    // Made by the session or the paging; only the first has a place, none is ever compared.
    column(
        ColumnRole::Artefact,
        &["Index", "StartDate", "EndDate", "RunspaceId", "PSComputerName", "PSShowComputerName"],
        false,
    ),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "messagetracev2",
    title: "message trace, Get-MessageTraceV2 | Export-Csv",
    form: Form::Csv,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1000, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with MessageTraceId, Received, SenderAddress, RecipientAddress and \
        Status, in any order and among any other columns. MessageId, FromIP, ToIP, Subject and \
        Size are used where they are there. Case, quotes, blanks, hyphens and underscores in the \
        names do not matter; comma, semicolon or tab; a #TYPE line or a sep= line may come first.",
    shows: &[Layer::AntiSpam],
    // Status lags 5 to 10 minutes; a message in its first retries is no failure either.
    lag_minutes: 120,
    caps: &[1000, 5000],
    sample: "MessageTrace.csv",
};
