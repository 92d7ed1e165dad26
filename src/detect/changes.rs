//! A change log: what was changed, when, and by whom.
//!
//! Hand-made lists, ticket exports, audit log searches. Evidence beside the mail, never mail: any
//! column that only mail has rules it out.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole};

const COLUMNS: &[ColumnSpec] = &[
    ColumnSpec {
        role: ColumnRole::Time,
        names: &[
            "time",
            "time_utc",
            "timestamp",
            "timestamp_utc",
            "datetime",
            "datetime_utc",
            "date",
            "date_utc",
            "when",
            "changed_at",
            "change_time",
            "changed",
            "created",
            "created_at",
            "creation_date",
            "creation_time",
            "run_date",
            "event_time",
            "start",
            "start_time",
            "Date (UTC)",
            "Time (UTC)",
            "zeit",
            "zeitpunkt",
            "datum",
        ],
        required: true,
    },
    ColumnSpec {
        role: ColumnRole::What,
        names: &[
            "what",
            "change",
            "description",
            "summary",
            "operation",
            "operations",
            "action",
            "activity",
            "cmdlet",
            "cmdlet_name",
            "command",
            "event",
            "details",
            "title",
            "note",
            "notes",
            "text",
            "was",
            "beschreibung",
            "aktion",
        ],
        required: true,
    },
    ColumnSpec {
        role: ColumnRole::Who,
        names: &[
            "who",
            "user",
            "user_id",
            "user_ids",
            "user_name",
            "actor",
            "by",
            "changed_by",
            "caller",
            "initiated_by",
            "admin",
            "author",
            "owner",
            "operator",
            "wer",
        ],
        required: false,
    },
    ColumnSpec {
        role: ColumnRole::Related,
        names: &["object_modified", "object_id", "object", "target"],
        required: false,
    },
    ColumnSpec { role: ColumnRole::DetailData, names: &["audit_data"], required: false },
];

/// Parts of names that only exports of mail have.
const MAIL: &[&str] = &[
    "messagetraceid",
    "messageid",
    "networkmessage",
    "sender",
    "recipient",
    "mailfrom",
    "clientip",
    "quarantine",
    "delivery",
];

pub(super) const RULE: DialectRule = DialectRule {
    name: "changes",
    title: "change log (time, what, who)",
    form: Form::Csv,
    grain: Grain::Change,
    role: InputRole::Evidence,
    recognition: Recognition::Columns {
        base: 100,
        specs: COLUMNS,
        veto: |names| {
            let mail = |name: &&String| MAIL.iter().any(|part| name.contains(part));
            let hit = names.iter().find(mail)?;
            Some(format!("the column {hit} belongs to an export of mail"))
        },
    },
    recognised: "A header line with a column of time (time, time_utc, timestamp, date, datetime, \
        when, created ...) and one that says what was done (what, change, description, summary, \
        operation, action, activity ...); who did it (who, user, actor, by, changed_by ...) is \
        used where it is there. No column that only mail has. It is evidence beside the mail and \
        is never counted as mail.",
    shows: &[],
    zone: ZoneRule::Local,
    lag_minutes: 0,
    caps: &[],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "changes.csv",
};
