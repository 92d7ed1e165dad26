//! Defender's EmailEvents: advanced hunting (portal CSV, API JSON) and the streaming API.
//!
//! One row per message and recipient with direction, verdict, authentication and place. Sources:
//! Microsoft Learn, "EmailEvents table in the advanced hunting schema"; keys of live streaming
//! records of 2026.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["NetworkMessageId"]),
    ColumnSpec::needed(ColumnRole::Time, &["Timestamp"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["RecipientEmailAddress"]),
    ColumnSpec::needed(ColumnRole::Action, &["DeliveryAction"]),
    ColumnSpec::needed(ColumnRole::Location, &["DeliveryLocation"]),
    ColumnSpec::used(ColumnRole::MessageId, &["InternetMessageId"]),
    ColumnSpec::used(ColumnRole::ReturnPath, &["SenderMailFromAddress"]),
    ColumnSpec::used(ColumnRole::HeaderFrom, &["SenderFromAddress"]),
    ColumnSpec::used(ColumnRole::FromIp, &["SenderIPv4"]),
    ColumnSpec::used(ColumnRole::ClientIp, &["SenderIPv6"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::Size, &["EmailSize"]),
    ColumnSpec::used(ColumnRole::Directionality, &["EmailDirection"]),
    ColumnSpec::used(ColumnRole::LatestLocation, &["LatestDeliveryLocation"]),
    ColumnSpec::used(ColumnRole::Threat, &["ThreatTypes"]),
    ColumnSpec::used(ColumnRole::Bulk, &["BulkComplaintLevel"]),
    ColumnSpec::used(ColumnRole::Policy, &["EmailActionPolicy"]),
    ColumnSpec::used(ColumnRole::Authentication, &["AuthenticationDetails"]),
    ColumnSpec::used(ColumnRole::Connector, &["Connectors"]),
    ColumnSpec::used(ColumnRole::Rule, &["ExchangeTransportRule"]),
    ColumnSpec::used(ColumnRole::OrgAction, &["OrgLevelAction"]),
    ColumnSpec::used(ColumnRole::OrgPolicy, &["OrgLevelPolicy"]),
    ColumnSpec::used(ColumnRole::UserAction, &["UserLevelAction"]),
    ColumnSpec::used(ColumnRole::UserPolicy, &["UserLevelPolicy"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "emailevents",
    title: "Defender EmailEvents, advanced hunting or streaming",
    form: Form::Csv,
    grain: Grain::Hunting,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1200, specs: COLUMNS, veto: |_| None },
    recognised: "A header line, or JSON records (those of the streaming API with their properties one level \
        deeper), with Timestamp, NetworkMessageId, RecipientEmailAddress, DeliveryAction and \
        DeliveryLocation.",
    shows: &[Layer::DnsAuth, Layer::AntiSpam, Layer::MailboxRule],
    zone: ZoneRule::Stated,
    lag_minutes: 60,
    caps: &[10_000, 30_000, 100_000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "EmailEvents.csv",
};
