//! Message traces of Microsoft Graph: `/admin/exchange/tracing/messageTraces`.
//!
//! Rows of Get-MessageTraceV2 under names of their own, paged under `value`. Source: Graph
//! reference "exchangeMessageTrace"; its `id` is the network message id, its statuses are in camel
//! case.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec::needed(ColumnRole::NetworkMessageId, &["id"]),
    ColumnSpec::needed(ColumnRole::Time, &["receivedDateTime"]),
    ColumnSpec::needed(ColumnRole::Sender, &["senderAddress"]),
    ColumnSpec::needed(ColumnRole::Recipient, &["recipientAddress"]),
    ColumnSpec::needed(ColumnRole::Status, &["status"]),
    ColumnSpec::used(ColumnRole::MessageId, &["messageId"]),
    ColumnSpec::used(ColumnRole::FromIp, &["fromIP"]),
    ColumnSpec::used(ColumnRole::ToIp, &["toIP"]),
    ColumnSpec::used(ColumnRole::Subject, &["subject"]),
    ColumnSpec::used(ColumnRole::Size, &["size"]),
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "graph_messagetrace",
    title: "message trace of Microsoft Graph (exchangeMessageTrace)",
    form: Form::Csv,
    grain: Grain::Recipient,
    role: InputRole::Mail,
    recognition: Recognition::Columns { base: 1000, specs: COLUMNS, veto: |_| None },
    recognised: "JSON records (or a header line) with id, receivedDateTime, senderAddress, recipientAddress and \
        status; the answer of the service as it came, or its value list alone, or one object per line.",
    shows: &[Layer::AntiSpam],
    zone: ZoneRule::Stated,
    lag_minutes: 120,
    caps: &[1000, 5000],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "graph-traces.json",
};
