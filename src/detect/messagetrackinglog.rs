//! Get-MessageTrackingLog through Export-Csv.
//!
//! The tracking log under other names; times are those of the server's clock, and the lists of
//! recipients are lost unless whoever exported them joined them. Source: cmdlet reference
//! "Get-MessageTrackingLog"; exports of public scripts.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::Time, &["Timestamp"]),
    ColumnSpec::needed(ColumnRole::Event, &["EventId"]),
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["NetworkMessageId"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["Recipients"]),
    ColumnSpec::used(ColumnRole::Source, &["Source"]),
    ColumnSpec::used(ColumnRole::RecipientStatus, &["RecipientStatus"]),
    ColumnSpec::used(ColumnRole::Sender, &["Sender"]),
    ColumnSpec::used(ColumnRole::ReturnPath, &["ReturnPath"]),
    ColumnSpec::used(ColumnRole::MessageId, &["MessageId"]),
    ColumnSpec::used(ColumnRole::Subject, &["MessageSubject"]),
    ColumnSpec::used(ColumnRole::Size, &["TotalBytes"]),
    ColumnSpec::used(ColumnRole::Connector, &["ConnectorId"]),
    ColumnSpec::used(ColumnRole::SourceContext, &["SourceContext"]),
    ColumnSpec::used(ColumnRole::Related, &["RelatedRecipientAddress"]),
    ColumnSpec::used(ColumnRole::Reference, &["Reference"]),
    ColumnSpec::used(ColumnRole::InternalId, &["InternalMessageId"]),
    ColumnSpec::used(ColumnRole::MessageInfo, &["MessageInfo"]),
    ColumnSpec::used(ColumnRole::Directionality, &["Directionality"]),
    ColumnSpec::used(ColumnRole::Tenant, &["TenantId"]),
    ColumnSpec::used(ColumnRole::FromIp, &["OriginalClientIp"]),
    ColumnSpec::used(ColumnRole::CustomData, &["EventData"]),
    ColumnSpec::used(ColumnRole::Server, &["ServerHostname"]),
    ColumnSpec::used(ColumnRole::ServerIp, &["ServerIp"]),
    ColumnSpec::used(ColumnRole::ClientHost, &["ClientHostname"]),
    ColumnSpec::used(ColumnRole::ClientIp, &["ClientIp"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "messagetrackinglog",
    title: "message tracking log, Get-MessageTrackingLog | Export-Csv",
    form: Form::Csv,
    grain: Grain::Event,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1150, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with Timestamp, EventId, NetworkMessageId and Recipients. Times are local: name the \
        server's zone with --tz.",
    shows: &[
        Layer::Service,
        Layer::DnsAuth,
        Layer::Connector,
        Layer::SenderReputation,
        Layer::AntiSpam,
        Layer::TransportRule,
        Layer::MailboxRule,
        Layer::Recipient,
        Layer::Message,
    ],
    zone: ZoneRule::Local,
    lag_minutes: 120,
    caps: &[1000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: true,
    sample: "MessageTrackingLog.csv",
};
