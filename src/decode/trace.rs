//! Rows of Get-MessageTraceV2 to observations.
//!
//! One row is one message to one recipient. Source of the columns: Get-MessageTraceV2 (Microsoft
//! Learn, 2026) and exports seen in the wild; time is UTC whatever its culture.

use super::dates::DateOrder;
use super::{address, guid, status, time};
use crate::model::block::{Row, flag, message_id_hash};
use crate::model::{ColumnRole, Dialect, RawRecord, RejectReason, Status};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Longest excerpt of a cell in a reject reason, in bytes.
const EXCERPT: usize = 60;
/// Unknown status words kept by name.
const UNKNOWN_WORDS: usize = 20;

/// Decodes the rows of one input. Holds scratch space only; one per worker and input.
#[derive(Debug)]
pub struct TraceDecoder {
    key: usize,
    time: usize,
    sender: usize,
    recipient: usize,
    status: usize,
    optional: [Option<usize>; 5],
    order: DateOrder,
    cell: Vec<u8>,
    content: Vec<u8>,
    sender_text: String,
    recipient_text: String,
    /// Status words no list knows, with their rows.
    pub unknown_statuses: BTreeMap<String, u64>,
}

/// Positions in `optional`.
const MESSAGE_ID: usize = 0;
const FROM_IP: usize = 1;
const TO_IP: usize = 2;
const SUBJECT: usize = 3;
const SIZE: usize = 4;

impl TraceDecoder {
    /// A decoder for a trace dialect whose date order is settled. `None` where the dialect lacks a
    /// column that a trace row cannot do without (detection never yields such a dialect).
    pub fn new(dialect: &Dialect, order: DateOrder) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            key: column(ColumnRole::NetworkMessageId)?,
            time: column(ColumnRole::Time)?,
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
            order,
            cell: Vec::new(),
            content: Vec::new(),
            sender_text: String::new(),
            recipient_text: String::new(),
            unknown_statuses: BTreeMap::new(),
        })
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// [`RejectReason::Time`] or [`RejectReason::MessageId`] where these cannot be read: a record
    /// that is nowhere in time or belongs to no message cannot be counted. Any other unreadable
    /// field is kept as such.
    pub fn decode(&mut self, record: &RawRecord<'_>) -> Result<Row<'_>, RejectReason> {
        let cell = record.bare(self.key);
        let Some(key) = guid::parse(cell) else {
            return Err(RejectReason::MessageId(excerpt(cell)));
        };
        let cell = record.bare(self.time);
        let read = time::parse(cell).and_then(|w| Some((w.instant(self.order)?, w.subsecond)));
        let Some((time, subsecond)) = read else {
            return Err(RejectReason::Time(excerpt(cell)));
        };

        address::lower_into(record.field(self.sender, &mut self.cell), &mut self.sender_text);
        address::lower_into(record.field(self.recipient, &mut self.cell), &mut self.recipient_text);
        self.content.clear();
        for text in [&self.sender_text, &self.recipient_text] {
            self.content.extend_from_slice(text.as_bytes());
            self.content.push(0xFF);
        }
        let mut message_id = 0;
        let mut size = u32::MAX;
        for (at, column) in self.optional.iter().enumerate() {
            let Some(column) = column else {
                self.content.push(0xFE); // no such column is not an empty cell
                continue;
            };
            let cell = match at {
                MESSAGE_ID | SUBJECT => record.field(*column, &mut self.cell),
                _ => record.bare(*column),
            };
            self.content.extend_from_slice(cell);
            self.content.push(0xFF);
            match at {
                MESSAGE_ID => message_id = message_id_hash(cell),
                SIZE => size = parse_size(cell),
                FROM_IP | TO_IP | SUBJECT => {}
                _ => unreachable!("five optional columns"),
            }
        }
        let cell = record.bare(self.status);
        let status = status::parse(cell);
        self.content.push(status as u8);
        if status == Status::Unknown {
            let word = excerpt(cell);
            self.content.extend_from_slice(word.as_bytes());
            if self.unknown_statuses.len() < UNKNOWN_WORDS
                || self.unknown_statuses.contains_key(&word)
            {
                *self.unknown_statuses.entry(word).or_default() += 1;
            }
        }
        Ok(Row {
            key,
            time: time.0,
            message_id,
            content: xxh3_64(&self.content),
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size,
            status: status as u8,
            flags: if subsecond { flag::SUBSECOND } else { 0 },
            sender: &self.sender_text,
            recipient: &self.recipient_text,
        })
    }
}

/// A size cell in bytes; `u32::MAX` where it holds no plain number below that.
fn parse_size(cell: &[u8]) -> u32 {
    let cell = cell.trim_ascii();
    if cell.is_empty() || cell.len() > 10 || !cell.iter().all(u8::is_ascii_digit) {
        return u32::MAX;
    }
    let value = cell.iter().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// The start of a cell for a message, cut at a character.
pub fn excerpt(cell: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(&cell[..cell.len().min(EXCERPT)]).into_owned();
    if cell.len() > EXCERPT {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, Form, Origin};

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
            encoding: Encoding::Utf8,
            delimiter: b',',
            data_start: 0,
            data_line: 0,
            columns,
            width: 10,
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
        let mut decoder = TraceDecoder::new(&dialect(), DateOrder::Mdy).unwrap();
        let row = decoder.decode(&record)?;
        Ok((row.key, row.recipient.to_owned(), row.content, row.status))
    }

    const LINE: &str = "7c1d2f10-4b1e-4a3c-9d55-08de2a6b0001,<a@b>,2026-11-16T08:14:02Z,ap@fabrikam.com,Anna.Berg@contoso.com,203.0.113.25,,Invoice,Delivered,48213";

    #[test]
    fn a_row() {
        let (key, recipient, _, status) = decode(LINE).unwrap();
        assert_eq!(key, 0x7c1d_2f10_4b1e_4a3c_9d55_08de_2a6b_0001);
        assert_eq!(recipient, "anna.berg@contoso.com");
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
        let bad = LINE.replace("2026-11-16T08:14:02Z", "soon");
        assert_eq!(decode(&bad), Err(RejectReason::Time("soon".into())));
        let bad = LINE.replace("7c1d2f10-4b1e", "7c1d2f10_4b1e");
        assert!(matches!(decode(&bad), Err(RejectReason::MessageId(_))));
    }
}
