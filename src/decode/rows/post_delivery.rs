//! Rows of EmailPostDeliveryEvents: one action on one message after its delivery.
//!
//! Source: Microsoft Learn, "EmailPostDeliveryEvents table" (`Action`, `ActionType`: Manual
//! remediation, Phish ZAP, Malware ZAP, ...); live records also hold Redelivery and release.

use super::super::address;
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::base::{Base, Cells};
use super::hunting::contains;
use super::place::{self, Place};
use super::{Emit, Notes};
use crate::model::block::{flag, message_id_hash};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};

#[derive(Debug)]
pub(super) struct Actions {
    base: Base,
    recipient: usize,
    action: usize,
    kind: usize,
    result: Option<usize>,
    location: Option<usize>,
    message_id: Option<usize>,
    threat: Option<usize>,
    content: Vec<u8>,
    to: String,
}

impl Actions {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            recipient: column(ColumnRole::Recipient)?,
            action: column(ColumnRole::Action)?,
            kind: column(ColumnRole::ActionType)?,
            result: column(ColumnRole::ActionResult),
            location: column(ColumnRole::Location),
            message_id: column(ColumnRole::MessageId),
            threat: column(ColumnRole::Threat),
            content: Vec::new(),
            to: String::new(),
        })
    }

    pub(super) fn decode(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        let key = self.base.key(record)?;
        let (time, subsecond) = self.base.time(record, notes)?;
        let mut cells = Cells::of(record, &mut self.content, notes);
        let recipient = cells.text(Some(self.recipient));
        let action = cells.text(Some(self.action));
        let kind = cells.text(Some(self.kind));
        let result = cells.text(self.result);
        let location = cells.text(self.location);
        let message_id = cells.text(self.message_id);
        let threat = cells.text(self.threat);
        let content = cells.finish();

        address::lower_into(recipient.as_bytes(), &mut self.to);
        // An action that failed left the message where it was.
        let failed = contains(&result, "fail") || contains(&result, "error");
        let place = if failed { LEFT } else { after(&action, &location) };
        let notice = if failed { flag::NOTICE } else { 0 };
        let row = Row {
            key,
            time,
            message_id: message_id_hash(message_id.as_bytes()),
            content,
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: u32::MAX,
            status: place.status as u8,
            flags: subsecond | flag::EVENT | notice,
            recipient: &self.to,
            ..Row::default()
        };
        let detail = Detail {
            folder: place.folder,
            post_action: if failed { "" } else { done(&kind, &action) },
            malware: contains(&threat, "malware") && !failed,
            ..Detail::default()
        };
        emit.row(&row, Some(&detail));
        Ok(())
    }
}

const LEFT: Place<'static> = Place { status: Status::Absent, folder: "" };

/// Where the message lies afterwards: the place that is stated, else what the action says.
fn after<'a>(action: &str, location: &'a str) -> Place<'a> {
    let place = place::of("", location);
    if place.status != Status::Unknown {
        return place;
    }
    let place = |text: &'static str| place::of("", text);
    if contains(action, "release") || contains(action, "inbox") || contains(action, "redeliver") {
        place("Inbox/folder")
    } else if contains(action, "quarantine") {
        place("Quarantine")
    } else if contains(action, "junk") {
        place("Junk folder")
    } else if contains(action, "delete") {
        place("Deleted items")
    } else {
        LEFT
    }
}

/// The word of the facts for what was done.
fn done(kind: &str, action: &str) -> &'static str {
    if contains(kind, "zap") {
        "zapped"
    } else if [kind, action].iter().any(|t| contains(t, "release") || contains(t, "redeliver")) {
        "released"
    } else if contains(kind, "recall") {
        "recalled"
    } else {
        "moved"
    }
}
