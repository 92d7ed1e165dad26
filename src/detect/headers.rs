//! A table with whole header blocks in its cells: Get-QuarantineMessageHeader | Export-Csv, and
//! tickets exported with the headers their senders pasted.

use super::eml;
use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain};

const COLUMNS: &[ColumnSpec] = &[ColumnSpec::needed(
    ColumnRole::Headers,
    &[
        "Header",
        "Headers",
        "Message headers",
        "Message header",
        "Internet headers",
        "InternetMessageHeaders",
        "Email headers",
        "Raw headers",
        "Transport headers",
        "TransportMessageHeaders",
        "Full headers",
    ],
)];

pub(super) const RULE: DialectRule = DialectRule {
    name: "headers",
    title: "header blocks in the cells of a table (Get-QuarantineMessageHeader and the like)",
    form: Form::Csv,
    grain: Grain::Headers,
    recognition: Recognition::Columns { base: 300, specs: COLUMNS, veto: |_| None },
    recognised: "A header line with a column Header, Headers, Message headers, Internet headers or \
        the like, whose cells hold header blocks; an empty cell is passed over.",
    zone: ZoneRule::Stated,
    sample: "headers.csv",
    ..eml::RULE
};
