//! Defender's EmailPostDeliveryEvents: what was done to messages after they were delivered.
//!
//! Zero-hour auto purge, remediation, release from quarantine. Such an action overrides the trace:
//! "Delivered" followed by a purge means that the user no longer has it. Source: Microsoft Learn,
//! "EmailPostDeliveryEvents table in the advanced hunting schema"; live records of 2026.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["NetworkMessageId"]),
    ColumnSpec::needed(ColumnRole::Time, &["Timestamp"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["RecipientEmailAddress"]),
    ColumnSpec::needed(ColumnRole::ActionType, &["ActionType"]),
    ColumnSpec::needed(ColumnRole::Action, &["Action"]),
    ColumnSpec::used(ColumnRole::ActionResult, &["ActionResult"]),
    ColumnSpec::used(ColumnRole::Location, &["DeliveryLocation"]),
    ColumnSpec::used(ColumnRole::MessageId, &["InternetMessageId"]),
    ColumnSpec::used(ColumnRole::Threat, &["ThreatTypes"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "emailpostdelivery",
    title: "Defender EmailPostDeliveryEvents, advanced hunting or streaming",
    form: Form::Csv,
    grain: Grain::PostDelivery,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1200, specs: COLUMNS, veto: |_| None },
    recognised: "A header line, or JSON records, with Timestamp, NetworkMessageId, RecipientEmailAddress, Action \
        and ActionType.",
    shows: &[Layer::AntiSpam],
    zone: ZoneRule::Stated,
    lag_minutes: 60,
    caps: &[10_000, 30_000, 100_000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: true,
    sample: "EmailPostDeliveryEvents.csv",
};
