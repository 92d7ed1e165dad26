//! Threat Explorer and real-time detections, email view, "Export email list".
//!
//! The user picks the columns, so that any subset in any order may come; recipients may be packed
//! in one cell. Source: Microsoft Learn, "About Threat Explorer" (columns; up to 200,000 rows).

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["Network message ID"]),
    ColumnSpec::needed(
        ColumnRole::Time,
        &["Email date", "Date", "Date (UTC)", "Email date (UTC)", "Timestamp"],
    ),
    ColumnSpec::needed(ColumnRole::Recipient, &["Recipients", "Recipient"]),
    ColumnSpec::needed(ColumnRole::Action, &["Delivery action"]),
    ColumnSpec::used(ColumnRole::Location, &["Original delivery location", "Delivery location"]),
    ColumnSpec::used(ColumnRole::LatestLocation, &["Latest delivery location"]),
    ColumnSpec::used(ColumnRole::MessageId, &["Internet message ID"]),
    ColumnSpec::used(ColumnRole::ReturnPath, &["Sender mail from address"]),
    ColumnSpec::used(ColumnRole::HeaderFrom, &["Sender address", "Sender"]),
    ColumnSpec::used(ColumnRole::FromIp, &["Sender IP"]),
    ColumnSpec::used(ColumnRole::Subject, &["Subject"]),
    ColumnSpec::used(ColumnRole::Size, &["Email size"]),
    ColumnSpec::used(ColumnRole::Directionality, &["Directionality", "Direction"]),
    ColumnSpec::used(ColumnRole::Threat, &["Threat type"]),
    ColumnSpec::used(ColumnRole::Connector, &["Connector"]),
    ColumnSpec::used(ColumnRole::Rule, &["Exchange transport rule"]),
    ColumnSpec::used(ColumnRole::OrgAction, &["System overrides"]),
    ColumnSpec::used(ColumnRole::OrgPolicy, &["System overrides source"]),
    ColumnSpec::used(ColumnRole::Spf, &["SPF"]),
    ColumnSpec::used(ColumnRole::Dkim, &["DKIM"]),
    ColumnSpec::used(ColumnRole::Dmarc, &["DMARC"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "explorer",
    title: "Threat Explorer, exported email list",
    form: Form::Csv,
    grain: Grain::Hunting,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1100, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with Network message ID, Email date (or Date), Recipients and Delivery action; all \
        other columns are used where they are there.",
    shows: &[Layer::DnsAuth, Layer::AntiSpam, Layer::TransportRule, Layer::MailboxRule],
    zone: ZoneRule::Local,
    lag_minutes: 60,
    caps: &[200_000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: true,
    sample: "explorer.csv",
};
