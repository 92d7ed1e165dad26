//! Rows of Get-MessageTraceV2, Get-MessageTrace and the portal: one message to one recipient.
//!
//! The hot path: millions of rows that differ in nothing but their fields. Source of the columns:
//! Get-MessageTraceV2 (Microsoft Learn, 2026) and exports seen in the wild; time is UTC whatever
//! its culture.

use super::super::cells::text::{cell_text, lost_array};
use super::super::dates::DateOrder;
use super::super::zone::Zone;
use super::super::{address, status};
use super::base::{Base, excerpt, parse_size};
use super::{Emit, Notes, note};
use crate::model::block::{flag, message_id_hash};
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

#[derive(Debug)]
pub(super) struct Recipients {
    base: Base,
    sender: usize,
    recipient: usize,
    status: usize,
    optional: [Option<usize>; 5],
    tenant: Option<usize>,
    cell: Vec<u8>,
    content: Vec<u8>,
    sender_text: String,
    recipient_text: String,
    tenant_text: String,
}

/// Positions in `optional`.
const MESSAGE_ID: usize = 0;
const FROM_IP: usize = 1;
const TO_IP: usize = 2;
const SUBJECT: usize = 3;
const SIZE: usize = 4;

/// Marks in the hashed text: no such column is not an empty cell.
const ABSENT: u8 = 0xFE;
const END: u8 = 0xFF;

impl Recipients {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            sender: column(ColumnRole::Sender)?,
            recipient: column(ColumnRole::Recipient)?,
            status: column(ColumnRole::Status)?,
            optional: [
                column(ColumnRole::MessageId),
                column(ColumnRole::FromIp),
                column(ColumnRole::ToIp),
                column(ColumnRole::Subject),
                column(ColumnRole::Size),
            ],
            tenant: column(ColumnRole::Tenant),
            cell: Vec::new(),
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
        let stated = self.base.key.map(|_| self.base.key(record)).transpose()?;
        let (time, subsecond) = self.base.time(record, notes)?;
        self.addresses(record, notes);
        let (message_id, size) = self.optional(record, notes);
        let status = self.status(record, notes);
        let detail = self.tenant.map(|column| {
            address::lower_into(record.field(column, &mut self.cell), &mut self.tenant_text);
            self.content.extend_from_slice(self.tenant_text.as_bytes());
            Detail { tenant: &self.tenant_text, ..Detail::default() }
        });
        let (key, derived) = match stated {
            Some(key) => (key, 0),
            None => (derived_key(time, &self.sender_text, record, self.optional), flag::DERIVED),
        };
        let row = Row {
            key,
            time,
            message_id,
            content: xxh3_64(&self.content),
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size,
            status: status as u8,
            flags: subsecond | derived,
            sender: &self.sender_text,
            recipient: &self.recipient_text,
        };
        emit.row(&row, detail.as_ref());
        Ok(())
    }

    fn addresses(&mut self, record: &RawRecord<'_>, notes: &mut Notes) {
        address::lower_into(record.field(self.sender, &mut self.cell), &mut self.sender_text);
        let cell = record.field(self.recipient, &mut self.cell);
        if lost_array(cell) {
            notes.lost_arrays += 1;
            self.recipient_text.clear();
        } else {
            address::lower_into(cell, &mut self.recipient_text);
        }
        self.content.clear();
        for text in [&self.sender_text, &self.recipient_text] {
            self.content.extend_from_slice(text.as_bytes());
            self.content.push(END);
        }
    }

    /// Hash of the Message-ID, and the size.
    fn optional(&mut self, record: &RawRecord<'_>, notes: &mut Notes) -> (u64, u32) {
        let mut message_id = 0;
        let mut size = u32::MAX;
        for (at, column) in self.optional.iter().enumerate() {
            let Some(column) = column else {
                self.content.push(ABSENT);
                continue;
            };
            let cell = match at {
                MESSAGE_ID | SUBJECT => record.field(*column, &mut self.cell),
                _ => record.bare(*column),
            };
            if cell.is_ascii() {
                self.content.extend_from_slice(cell);
            } else {
                let (text, other) = cell_text(cell);
                notes.not_utf8 += u64::from(other);
                self.content.extend_from_slice(text.as_bytes());
            }
            self.content.push(END);
            match at {
                MESSAGE_ID => message_id = message_id_hash(cell),
                SIZE => size = parse_size(cell, notes),
                FROM_IP | TO_IP | SUBJECT => {}
                _ => unreachable!("five optional columns"),
            }
        }
        (message_id, size)
    }

    fn status(&mut self, record: &RawRecord<'_>, notes: &mut Notes) -> Status {
        let cell = record.bare(self.status);
        let status = status::parse(cell);
        self.content.push(status as u8);
        if status == Status::Unknown {
            let word = excerpt(cell);
            self.content.extend_from_slice(word.as_bytes());
            note(&mut notes.unknown_statuses, word);
        }
        status
    }
}

/// The key of a message whose export has no id: equal for all its recipients, whose rows share
/// time, sender and subject, and the Message-ID where there is one.
fn derived_key(
    time: i64,
    sender: &str,
    record: &RawRecord<'_>,
    optional: [Option<usize>; 5],
) -> u128 {
    let mut text = time.to_le_bytes().to_vec();
    text.extend_from_slice(sender.as_bytes());
    let mut scratch = Vec::new();
    for column in [optional[SUBJECT], optional[MESSAGE_ID]].into_iter().flatten() {
        text.push(END);
        let (cell, _) = cell_text(record.field(column, &mut scratch));
        text.extend_from_slice(cell.trim().as_bytes());
    }
    xxh3_128(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, Form, Grain, Origin};

    fn dialect() -> Dialect {
        let mut columns = [None; ColumnRole::COUNT];
        for (at, role) in [
            ColumnRole::NetworkMessageId,
            ColumnRole::MessageId,
            ColumnRole::Time,
            ColumnRole::Sender,
            ColumnRole::Recipient,
            ColumnRole::FromIp,
            ColumnRole::ToIp,
            ColumnRole::Subject,
            ColumnRole::Status,
            ColumnRole::Size,
        ]
        .into_iter()
        .enumerate()
        {
            columns[role as usize] = Some(at as u16);
        }
        Dialect {
            name: "messagetracev2",
            form: Form::Csv,
            grain: Grain::Recipient,
            encoding: Encoding::Utf8,
            delimiter: b',',
            data_start: 0,
            data_line: 0,
            columns,
            width: 10,
            keys: Vec::new(),
        }
    }

    fn decode(line: &str) -> Result<(u128, String, u64, u8), RejectReason> {
        let mut ends: Vec<u32> = line.match_indices(',').map(|(at, _)| at as u32).collect();
        ends.push(line.len() as u32);
        let record = RawRecord {
            bytes: line.as_bytes(),
            ends: &ends,
            origin: Origin::default(),
            escaped: true,
        };
        let mut decoder = Recipients::new(&dialect(), DateOrder::Mdy, &Zone::Utc).unwrap();
        let mut out = Vec::new();
        decoder.decode(
            &record,
            &mut Notes::default(),
            &mut |row: &Row<'_>, _: Option<&Detail<'_>>| {
                out.push((row.key, row.recipient.to_owned(), row.content, row.status));
            },
        )?;
        Ok(out.pop().unwrap())
    }

    const LINE: &str = "5a3e90c4-1d27-4f68-b0a9-08de1c440003,<a@b>,2026-10-05T06:40:17Z,orders@fabrikam.com,Nora.Lind@contoso.com,192.0.2.19,,Invoice,Delivered,9120";

    #[test]
    fn a_row() {
        let (key, recipient, _, status) = decode(LINE).unwrap();
        assert_eq!(key, 0x5a3e_90c4_1d27_4f68_b0a9_08de_1c44_0003);
        assert_eq!(recipient, "nora.lind@contoso.com");
        assert_eq!(status, Status::Delivered as u8);
    }

    #[test]
    fn quotes_do_not_change_what_a_row_says() {
        let quoted: Vec<String> = LINE.split(',').map(|c| format!("\"{c}\"")).collect();
        assert_eq!(decode(&quoted.join(",")), decode(LINE));
        assert_ne!(decode(&LINE.replace("Invoice", "invoice")), decode(LINE));
    }

    #[test]
    fn unreadable_time_or_id_refuse_the_row() {
        let bad = LINE.replace("2026-10-05T06:40:17Z", "soon");
        assert_eq!(decode(&bad), Err(RejectReason::Time("soon".into())));
        let bad = LINE.replace("5a3e90c4-1d27", "5a3e90c4_1d27");
        assert!(matches!(decode(&bad), Err(RejectReason::MessageId(_))));
    }
}
