//! Message tracking logs of an Exchange server (`MSGTRK*.LOG`): 27 fields before 2016, 30 since.
//!
//! The extended report is this log with `_` for `-`. Header lines begin with `#` and come again
//! whenever the service starts. Source: Microsoft Learn, "Message tracking" (fields, events; times
//! are UTC).

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::Time, &["date-time"]),
    ColumnSpec::needed(ColumnRole::Event, &["event-id"]),
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["network-message-id"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["recipient-address"]),
    ColumnSpec::used(ColumnRole::Source, &["source"]),
    ColumnSpec::used(ColumnRole::RecipientStatus, &["recipient-status"]),
    ColumnSpec::used(ColumnRole::Sender, &["sender-address"]),
    ColumnSpec::used(ColumnRole::ReturnPath, &["return-path"]),
    ColumnSpec::used(ColumnRole::MessageId, &["message-id"]),
    ColumnSpec::used(ColumnRole::Subject, &["message-subject"]),
    ColumnSpec::used(ColumnRole::Size, &["total-bytes"]),
    ColumnSpec::used(ColumnRole::Connector, &["connector-id"]),
    ColumnSpec::used(ColumnRole::SourceContext, &["source-context"]),
    ColumnSpec::used(ColumnRole::Related, &["related-recipient-address"]),
    ColumnSpec::used(ColumnRole::Reference, &["reference"]),
    ColumnSpec::used(ColumnRole::InternalId, &["internal-message-id"]),
    ColumnSpec::used(ColumnRole::MessageInfo, &["message-info"]),
    ColumnSpec::used(ColumnRole::Directionality, &["directionality"]),
    ColumnSpec::used(ColumnRole::Tenant, &["tenant-id"]),
    ColumnSpec::used(ColumnRole::FromIp, &["original-client-ip"]),
    ColumnSpec::used(ColumnRole::CustomData, &["custom-data"]),
    ColumnSpec::used(ColumnRole::Server, &["server-hostname"]),
    ColumnSpec::used(ColumnRole::ServerIp, &["server-ip"]),
    ColumnSpec::used(ColumnRole::ClientHost, &["client-hostname"]),
    ColumnSpec::used(ColumnRole::ClientIp, &["client-ip"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "tracking_log",
    title: "message tracking log of an Exchange server (MSGTRK*.LOG)",
    form: Form::Csv,
    grain: Grain::Event,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1150, specs: COLUMNS, veto: |_| None },
    recognised: "A #Fields line (or a header line) with date-time, event-id, network-message-id and \
        recipient-address; other lines that begin with # are passed over.",
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
    zone: ZoneRule::Stated,
    lag_minutes: 120,
    caps: &[],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "MSGTRK.LOG",
};
