//! Rows of the enhanced summary: one message, its recipients packed in a cell.

use super::super::cells::{recipient_status, vocabulary};
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::super::{address, status};
use super::base::{Base, Cells, parse_size};
use super::rules::{direction_flag, status_of};
use super::{Emit, Notes, note};
use crate::model::block::{flag, message_id_hash};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};

/// Apart from the first, the rows of a record are told apart by this step in their hash.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

#[derive(Debug)]
pub(super) struct Packed {
    base: Base,
    recipients: usize,
    sender: Option<usize>,
    subject: Option<usize>,
    size: Option<usize>,
    message_id: Option<usize>,
    ip: Option<usize>,
    direction: Option<usize>,
    connector: Option<usize>,
    priority: Option<usize>,
    tenant: Option<usize>,
    content: Vec<u8>,
    sender_text: String,
    recipient_text: String,
    tenant_text: String,
}

impl Packed {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            recipients: column(ColumnRole::RecipientStatus)?,
            sender: column(ColumnRole::Sender),
            subject: column(ColumnRole::Subject),
            size: column(ColumnRole::Size),
            message_id: column(ColumnRole::MessageId),
            ip: column(ColumnRole::FromIp),
            direction: column(ColumnRole::Directionality),
            connector: column(ColumnRole::Connector),
            priority: column(ColumnRole::Priority),
            tenant: column(ColumnRole::Tenant),
            content: Vec::new(),
            sender_text: String::new(),
            recipient_text: String::new(),
            tenant_text: String::new(),
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
        let packed = cells.text(Some(self.recipients));
        let sender = cells.text(self.sender);
        cells.text(self.subject);
        let size = cells.text(self.size);
        let message_id = cells.text(self.message_id);
        let client_ip = cells.text(self.ip);
        let direction = cells.text(self.direction);
        let connector = cells.text(self.connector);
        cells.text(self.priority);
        let tenant = cells.text(self.tenant);
        let content = cells.finish();

        address::lower_into(sender.as_bytes(), &mut self.sender_text);
        address::lower_into(tenant.as_bytes(), &mut self.tenant_text);
        let detail = Detail {
            tenant: &self.tenant_text,
            connector: connector.trim(),
            client_ip: client_ip.trim(),
            ..Detail::default()
        };
        let mut row = Row {
            key,
            time,
            message_id: message_id_hash(message_id.as_bytes()),
            content,
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: parse_size(size.as_bytes(), notes),
            flags: subsecond | flag::SUMMARY | direction_flag(&direction),
            sender: &self.sender_text,
            ..Row::default()
        };
        let mut any = false;
        for entry in recipient_status::entries(&packed) {
            address::lower_into(entry.address.as_bytes(), &mut self.recipient_text);
            let status = last_status(entry.last(), notes);
            row.status = status as u8;
            emit.row(&Row { recipient: &self.recipient_text, ..row }, Some(&detail));
            row.flags |= flag::CONTINUED;
            row.content = row.content.wrapping_add(STEP);
            any = true;
        }
        if !any {
            row.status = Status::GettingStatus as u8;
            emit.row(&row, Some(&detail));
        }
        Ok(())
    }
}

/// The final state of an entry is its last event.
fn last_status(word: &str, notes: &mut Notes) -> Status {
    if word.is_empty() {
        return Status::GettingStatus;
    }
    // Words of the portal (FilteredAsSpam, Getting status) before words of events.
    let known = status::parse(word.as_bytes());
    if known != Status::Unknown {
        return known;
    }
    let status = status_of(vocabulary::event(word));
    match status {
        Status::Absent => Status::GettingStatus,
        Status::Unknown => {
            note(&mut notes.unknown_events, super::excerpt(word.as_bytes()));
            Status::Unknown
        }
        status => status,
    }
}
