//! Rows of quarantine lists: one message in quarantine, its recipients in one cell.
//!
//! Sources: cmdlet reference "Get-QuarantineMessage" (types, release states), Microsoft Learn
//! "Manage quarantined messages" (the same in the portal's words).

use super::super::address;
use super::super::cells::recipient_status;
use super::super::cells::text::lost_array;
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::base::{Base, Cells, orphan_key, parse_size};
use super::hunting::{category, contains, direction, emit_stamps};
use super::{Emit, Notes};
use crate::model::block::{flag, message_id_hash};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Stamps, Status};
use xxhash_rust::xxh3::xxh3_128;

/// Apart from the first, the rows of a record are told apart by this step in their hash.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

#[derive(Debug)]
pub(super) struct Held {
    base: Base,
    sender: usize,
    recipient: usize,
    threat: usize,
    status: Option<usize>,
    released: Option<usize>,
    message_id: Option<usize>,
    subject: Option<usize>,
    size: Option<usize>,
    direction: Option<usize>,
    policy: Option<usize>,
    policy_type: Option<usize>,
    tenant: Option<usize>,
    content: Vec<u8>,
    from: String,
    to: String,
    tenant_text: String,
}

impl Held {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            sender: column(ColumnRole::Sender)?,
            recipient: column(ColumnRole::Recipient)?,
            threat: column(ColumnRole::Threat)?,
            status: column(ColumnRole::Status),
            released: column(ColumnRole::Released),
            message_id: column(ColumnRole::MessageId),
            subject: column(ColumnRole::Subject),
            size: column(ColumnRole::Size),
            direction: column(ColumnRole::Directionality),
            policy: column(ColumnRole::Policy),
            policy_type: column(ColumnRole::PolicyType),
            tenant: column(ColumnRole::Tenant),
            content: Vec::new(),
            from: String::new(),
            to: String::new(),
            tenant_text: String::new(),
        })
    }

    pub(super) fn decode(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        let stated = self.base.key.map(|_| self.base.key(record)).transpose()?;
        let (time, subsecond) = self.base.time(record, notes)?;
        let mut cells = Cells::of(record, &mut self.content, notes);
        let sender = cells.text(Some(self.sender));
        let recipients = cells.text(Some(self.recipient));
        let threat = cells.text(Some(self.threat));
        let status = cells.text(self.status);
        let released = cells.text(self.released);
        let message_id = cells.text(self.message_id);
        let subject = cells.text(self.subject);
        let size = cells.text(self.size);
        let side = cells.text(self.direction);
        let policy = cells.text(self.policy);
        let policy_type = cells.text(self.policy_type);
        let tenant = cells.text(self.tenant);
        let content = cells.finish();

        address::lower_into(sender.as_bytes(), &mut self.from);
        address::lower_into(tenant.as_bytes(), &mut self.tenant_text);
        let by_rule = contains(&policy_type, "transport") || contains(&threat, "transport");
        let mut detail = Detail {
            tenant: &self.tenant_text,
            policy: policy.trim(),
            malware: contains(&threat, "malware"),
            ..Detail::default()
        };
        if by_rule || contains(&threat, "data loss") || contains(&threat, "dataloss") {
            (detail.rule, detail.rule_action) = (policy.trim(), "Quarantine");
        }
        let lost = lost_array(recipients.as_bytes());
        notes.lost_arrays += u64::from(lost);
        let (key, orphan) = match (stated, orphan_key(&message_id)) {
            (Some(key), _) => (key, 0),
            (None, Some(key)) => (key, flag::ORPHAN),
            (None, None) => {
                let text = format!("{time}\0{}\0{}", self.from, subject.trim());
                (xxh3_128(text.as_bytes()), flag::DERIVED)
            }
        };
        let level = if lost { flag::MESSAGE_LEVEL } else { 0 };
        let mut row = Row {
            key,
            time,
            message_id: message_id_hash(message_id.as_bytes()),
            content,
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size: parse_size(size.as_bytes(), notes),
            flags: subsecond | orphan | level | direction(side.trim()),
            sender: &self.from,
            ..Row::default()
        };
        let released = contains(&released, "true") || is_released(&status);
        let list: Vec<&str> =
            if lost { Vec::new() } else { recipient_status::recipients(&recipients).collect() };
        let whole = row;
        for recipient in list.iter().copied().chain(list.is_empty().then_some("")) {
            address::lower_into(recipient.as_bytes(), &mut self.to);
            row.status = Status::Quarantined as u8;
            emit.row(&Row { recipient: &self.to, ..row }, Some(&detail));
            row.flags |= flag::CONTINUED;
            row.content = row.content.wrapping_add(STEP);
            if released {
                // When is not stated: just behind, in whatever order records are merged.
                let after = Detail { post_action: "released", ..detail };
                let status = Status::Delivered as u8;
                let time = time + 1;
                emit.row(&Row { recipient: &self.to, status, time, ..row }, Some(&after));
                row.content = row.content.wrapping_add(STEP);
            }
        }
        if let Some(cat) = category(&threat) {
            let stamps = Stamps { trusted: true, cat: Some(cat.to_owned()), ..Stamps::default() };
            emit_stamps(&whole, stamps, emit);
        }
        Ok(())
    }
}

/// `Released`, not `NotReleased` and not `Release requested`.
fn is_released(status: &str) -> bool {
    let status = status.trim();
    status.eq_ignore_ascii_case("Released") || status.eq_ignore_ascii_case("Release approved")
}
