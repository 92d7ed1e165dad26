//! Extended report: Start-HistoricalSearch -ReportType MessageTraceDetail, or the download of the
//! admin center.
//!
//! One row per event, about sixteen of a message, in no order; the message tracking log of the
//! service with `_` for `-`. Sources: Microsoft Learn, "Message trace in the modern EAC" and "Search
//! message tracking logs" (columns, events); order of real reports as public scripts hold them.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

pub(super) const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::Time, &["date_time_utc"]),
    ColumnSpec::needed(ColumnRole::Event, &["event_id"]),
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["network_message_id"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["recipient_address"]),
    ColumnSpec::used(ColumnRole::Source, &["source"]),
    ColumnSpec::used(ColumnRole::RecipientStatus, &["recipient_status"]),
    ColumnSpec::used(ColumnRole::Sender, &["sender_address"]),
    ColumnSpec::used(ColumnRole::ReturnPath, &["return_path"]),
    ColumnSpec::used(ColumnRole::MessageId, &["message_id"]),
    ColumnSpec::used(ColumnRole::Subject, &["message_subject"]),
    ColumnSpec::used(ColumnRole::Size, &["total_bytes"]),
    ColumnSpec::used(ColumnRole::Connector, &["connector_id"]),
    ColumnSpec::used(ColumnRole::SourceContext, &["source_context"]),
    ColumnSpec::used(ColumnRole::Related, &["related_recipient_address"]),
    ColumnSpec::used(ColumnRole::Reference, &["reference"]),
    ColumnSpec::used(ColumnRole::InternalId, &["internal_message_id"]),
    ColumnSpec::used(ColumnRole::MessageInfo, &["message_info"]),
    ColumnSpec::used(ColumnRole::Directionality, &["directionality"]),
    ColumnSpec::used(ColumnRole::Tenant, &["tenant_id"]),
    ColumnSpec::used(ColumnRole::FromIp, &["original_client_ip"]),
    ColumnSpec::used(ColumnRole::CustomData, &["custom_data"]),
    ColumnSpec::used(ColumnRole::Server, &["server_hostname"]),
    ColumnSpec::used(ColumnRole::ServerIp, &["server_ip"]),
    ColumnSpec::used(ColumnRole::ClientHost, &["client_hostname"]),
    ColumnSpec::used(ColumnRole::ClientIp, &["client_ip"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "mtdetail",
    title: "extended report (MTDetail_*.csv, historical search)",
    form: Form::Csv,
    grain: Grain::Event,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1200, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with date_time_utc, event_id, network_message_id and \
        recipient_address; one row per event, all events of a message make its deliveries.",
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
    lag_minutes: 24 * 60,
    caps: &[],
    message_caps: &[1000],
    byte_caps: &[500_000_000, 800_000_000],
    zone: ZoneRule::Stated,
    always_filtered: true,
    sample: "MTDetail.csv",
};
