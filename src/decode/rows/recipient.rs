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
use crate::model::hash::Digest;
use crate::model::{ColumnRole, Detail, Dialect, RawRecord, RejectReason, Row, Status};
use xxhash_rust::xxh3::xxh3_128;

/// Ends a cell in the text of a derived key: no byte of UTF-8.
const END: u8 = 0xFF;

#[derive(Debug)]
pub(super) struct Recipients {
    base: Base,
    sender: usize,
    recipient: usize,
    status: usize,
    optional: Optional,
    tenant: Option<usize>,
    statuses: Statuses,
    /// Cells without their doubled quotes, and texts that are not written in lower case.
    scratch: [Vec<u8>; 3],
    texts: [String; 3],
}

/// Columns that an export may lack.
#[derive(Clone, Copy, Debug)]
struct Optional {
    message_id: Option<usize>,
    from_ip: Option<usize>,
    to_ip: Option<usize>,
    subject: Option<usize>,
    size: Option<usize>,
}

/// The status word of the last row: mostly that of the next one.
#[derive(Debug)]
struct Statuses {
    word: Vec<u8>,
    status: Status,
}

impl Statuses {
    fn read(&mut self, cell: &[u8]) -> Status {
        if cell != self.word {
            self.status = status::parse(cell);
            self.word.clear();
            self.word.extend_from_slice(cell);
        }
        self.status
    }
}

/// Stands for a column that the export does not have, which is not an empty cell.
const ABSENT: u64 = 0;

/// A cell that counts for the hash as it reads. `utf8`: the record is.
#[inline]
fn digest_cell(digest: &mut Digest, notes: &mut Notes, utf8: bool, cell: &[u8]) {
    if utf8 {
        digest.text(cell);
    } else {
        let (text, other) = cell_text(cell);
        notes.not_utf8 += u64::from(other);
        digest.text(text.as_bytes());
    }
}

/// An address in lower case. `whole`: the record as text, where it is UTF-8.
#[inline]
fn address_cell<'a>(
    record: &RawRecord<'a>,
    whole: Option<&'a str>,
    column: usize,
    cell: &'a mut Vec<u8>,
    text: &'a mut String,
) -> &'a str {
    match whole.and_then(|whole| record.text(whole, column)) {
        Some(plain) if address::is_plain(plain.as_bytes()) => plain,
        _ => {
            address::lower_into(record.field(column, cell), text);
            text
        }
    }
}

impl Recipients {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let column = |role| dialect.column(role);
        Some(Self {
            base: Base::new(dialect, order, zone)?,
            sender: column(ColumnRole::Sender)?,
            recipient: column(ColumnRole::Recipient)?,
            status: column(ColumnRole::Status)?,
            optional: Optional {
                message_id: column(ColumnRole::MessageId),
                from_ip: column(ColumnRole::FromIp),
                to_ip: column(ColumnRole::ToIp),
                subject: column(ColumnRole::Subject),
                size: column(ColumnRole::Size),
            },
            tenant: column(ColumnRole::Tenant),
            statuses: Statuses { word: Vec::new(), status: status::parse(b"") },
            scratch: Default::default(),
            texts: Default::default(),
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
        let Self { optional, statuses, scratch, texts, .. } = self;
        let [cell, sender_cell, recipient_cell] = scratch;
        let [sender_text, recipient_text, tenant_text] = texts;
        // Looked at once and not cell by cell.
        let whole = std::str::from_utf8(record.bytes).ok();
        let mut digest = Digest::default();
        let sender = address_cell(record, whole, self.sender, sender_cell, sender_text);
        let mut recipient =
            address_cell(record, whole, self.recipient, recipient_cell, recipient_text);
        if lost_array(recipient.as_bytes()) {
            notes.lost_arrays += 1;
            recipient = "";
        }
        digest.text(sender.as_bytes());
        digest.text(recipient.as_bytes());
        let (message_id, size) = optional.read(record, cell, whole.is_some(), &mut digest, notes);
        let word = record.bare(self.status);
        let status = statuses.read(word);
        digest.number(1 + status as u64);
        if status == Status::Unknown {
            let word = excerpt(word);
            digest.text(word.as_bytes());
            note(&mut notes.unknown_statuses, word);
        }
        let detail = self.tenant.map(|column| {
            address::lower_into(record.field(column, cell), tenant_text);
            digest.text(tenant_text.as_bytes());
            Detail { tenant: tenant_text, ..Detail::default() }
        });
        let (key, derived) = match stated {
            Some(key) => (key, 0),
            None => (derived_key(time, sender, record, *optional), flag::DERIVED),
        };
        let row = Row {
            key,
            time,
            message_id,
            content: digest.finish(),
            input: record.origin.input,
            line: u32::try_from(record.origin.line).unwrap_or(u32::MAX),
            size,
            status: status as u8,
            flags: subsecond | derived,
            sender,
            recipient,
        };
        emit.row(&row, detail.as_ref());
        Ok(())
    }
}

impl Optional {
    /// Hash of the Message-ID, and the size; all cells count for the digest.
    #[inline]
    fn read(
        self,
        record: &RawRecord<'_>,
        scratch: &mut Vec<u8>,
        utf8: bool,
        digest: &mut Digest,
        notes: &mut Notes,
    ) -> (u64, u32) {
        let (mut message_id, mut size) = (0, u32::MAX);
        match self.message_id {
            Some(column) => {
                let cell = record.field(column, scratch);
                message_id = message_id_hash(cell);
                digest_cell(digest, notes, utf8, cell);
            }
            None => digest.number(ABSENT),
        }
        for column in [self.from_ip, self.to_ip] {
            match column {
                Some(column) => digest_cell(digest, notes, utf8, record.bare(column)),
                None => digest.number(ABSENT),
            }
        }
        match self.subject {
            Some(column) => digest_cell(digest, notes, utf8, record.field(column, scratch)),
            None => digest.number(ABSENT),
        }
        match self.size {
            Some(column) => {
                let cell = record.bare(column);
                size = parse_size(cell, notes);
                digest_cell(digest, notes, utf8, cell);
            }
            None => digest.number(ABSENT),
        }
        (message_id, size)
    }
}

/// The key of a message whose export has no id: equal for all its recipients, whose rows share
/// time, sender and subject, and the Message-ID where there is one.
fn derived_key(time: i64, sender: &str, record: &RawRecord<'_>, optional: Optional) -> u128 {
    let mut text = time.to_le_bytes().to_vec();
    text.extend_from_slice(sender.as_bytes());
    let mut scratch = Vec::new();
    for column in [optional.subject, optional.message_id].into_iter().flatten() {
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
