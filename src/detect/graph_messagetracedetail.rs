//! Trace details of Microsoft Graph: `getDetailsByRecipient`.
//!
//! Events of one message and recipient, which the answer does not name but by the Message-ID: they
//! are joined to the delivery that owns it. Source: Graph reference "exchangeMessageTraceDetail".

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::MessageId, &["messageId"]),
    ColumnSpec::needed(ColumnRole::Time, &["dateTime"]),
    ColumnSpec::needed(ColumnRole::Event, &["event"]),
    ColumnSpec::needed(ColumnRole::DetailText, &["description"]),
    ColumnSpec::used(ColumnRole::Action, &["action"]),
    ColumnSpec::used(ColumnRole::DetailData, &["data"]),
];

/// Details that name their message are another export.
fn veto(names: &[String]) -> Option<String> {
    let named = names.iter().find(|name| *name == "messagetraceid")?;
    Some(format!("a column {named}, which another export has"))
}

pub(super) const RULE: DialectRule = DialectRule {
    name: "graph_messagetracedetail",
    title: "trace details of Microsoft Graph (exchangeMessageTraceDetail)",
    form: Form::Csv,
    grain: Grain::Trace,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1000, specs: COLUMNS, veto },
    recognised: "JSON records with messageId, dateTime, event and description. They name neither the network \
        message id nor the recipient: they are joined by Message-ID.",
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
    zone: ZoneRule::Stated,
    lag_minutes: 120,
    caps: &[],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: true,
    sample: "graph-details.json",
};
