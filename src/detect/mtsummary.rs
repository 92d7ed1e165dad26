//! Enhanced summary report: Start-HistoricalSearch -ReportType MessageTrace, or the download of the
//! admin center.
//!
//! One row per message, its recipients packed into one cell. UTF-16LE, mostly without a mark. No
//! code and no verdict: quarantined mail is `Fail`, too. Sources: Microsoft Learn, "Message trace in
//! the modern EAC"; order and spelling of real reports as public scripts hold them.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::Time, &["origin_timestamp_utc", "origin_timestamp"]),
    ColumnSpec::needed(ColumnRole::RecipientStatus, &["recipient_status"]),
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["network_message_id"]),
    ColumnSpec::used(ColumnRole::Sender, &["sender_address"]),
    ColumnSpec::used(ColumnRole::Subject, &["message_subject", "subject"]),
    ColumnSpec::used(ColumnRole::Size, &["total_bytes"]),
    ColumnSpec::used(ColumnRole::MessageId, &["message_id"]),
    ColumnSpec::used(ColumnRole::FromIp, &["original_client_ip"]),
    ColumnSpec::used(ColumnRole::Directionality, &["directionality"]),
    ColumnSpec::used(ColumnRole::Connector, &["connector_id"]),
    ColumnSpec::used(ColumnRole::Priority, &["delivery_priority"]),
    ColumnSpec::used(ColumnRole::Tenant, &["tenant_id"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "mtsummary",
    title: "enhanced summary report (MTSummary_*.csv, historical search)",
    form: Form::Csv,
    grain: Grain::Packed,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1200, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with origin_timestamp_utc (or origin_timestamp), recipient_status \
        and network_message_id; one row per message, its recipients packed in one cell.",
    // Traffic per connector: its silence shows, its refusals do not.
    shows: &[],
    // The newest 24 hours are often missing or late (Microsoft Learn).
    lag_minutes: 24 * 60,
    caps: &[50_000, 100_000],
    message_caps: &[],
    byte_caps: &[500_000_000, 800_000_000],
    zone: ZoneRule::Stated,
    always_filtered: true,
    sample: "MTSummary.csv",
};
