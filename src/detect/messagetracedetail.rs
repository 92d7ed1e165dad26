//! Get-MessageTraceDetail and Get-MessageTraceDetailV2 through Export-Csv.
//!
//! One row per event of one message and recipient, in words, with XML beside them. The export of
//! one message often lacks sender and recipient: then its events speak of the message. Sources:
//! cmdlet reference (members), texts and XML of live exports in public scripts.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["MessageTraceId"]),
    ColumnSpec::needed(ColumnRole::Time, &["Date"]),
    ColumnSpec::needed(ColumnRole::Event, &["Event"]),
    ColumnSpec::needed(ColumnRole::DetailText, &["Detail"]),
    ColumnSpec::used(ColumnRole::DetailData, &["Data"]),
    ColumnSpec::used(ColumnRole::Action, &["Action"]),
    ColumnSpec::used(ColumnRole::MessageId, &["MessageId"]),
    ColumnSpec::used(ColumnRole::Tenant, &["Organization"]),
    ColumnSpec::used(ColumnRole::Sender, &["SenderAddress"]),
    ColumnSpec::used(ColumnRole::Recipient, &["RecipientAddress"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    // Made by the session or the paging; only the first has a place, none is ever compared.
    ColumnSpec::used(
        ColumnRole::Artefact,
        &["Index", "StartDate", "EndDate", "RunspaceId", "PSComputerName", "PSShowComputerName"],
    ),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "messagetracedetail",
    title: "trace details, Get-MessageTraceDetailV2 | Export-Csv",
    form: Form::Csv,
    grain: Grain::Trace,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1100, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with MessageTraceId, Date, Event and Detail; Data, Action, \
        SenderAddress and RecipientAddress are used where they are there.",
    shows: &[
        Layer::DnsAuth,
        Layer::Connector,
        Layer::SenderReputation,
        Layer::AntiSpam,
        Layer::TransportRule,
        Layer::MailboxRule,
        Layer::Recipient,
        Layer::Message,
    ],
    lag_minutes: 120,
    caps: &[],
    message_caps: &[],
    byte_caps: &[],
    zone: ZoneRule::Stated,
    always_filtered: true,
    sample: "MessageTraceDetail.csv",
};
