//! What the rows of one message say alike.
//!
//! An export lists the recipients of a message below each other and repeats all else: a record
//! that differs from the one above in nothing but recipient and status is not read again.

use super::super::address;
use super::super::cells::text::cell_text;
use super::Notes;
use super::base::{Base, parse_size};
use crate::model::block::{flag, message_id_hash};
use crate::model::hash::Digest;
use crate::model::{ColumnRole, Dialect, RawRecord, RejectReason};
use xxhash_rust::xxh3::xxh3_128;

/// Ends a cell in the text of a derived key: no byte of UTF-8.
const END: u8 = 0xFF;

/// Stands for a column that the export does not have, which is not an empty cell.
const ABSENT: u64 = 0;

/// What a record says but for its recipient and status, as in [`crate::model::Row`].
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) key: u128,
    pub(super) time: i64,
    pub(super) flags: u16,
    pub(super) message_id: u64,
    pub(super) size: u32,
    pub(super) sender: String,
    /// In lower case; `None` where the export has no such column.
    pub(super) tenant: Option<String>,
    /// Over all of it but key and time.
    pub(super) digest: Digest,
}

/// Reads what is shared, and remembers it.
#[derive(Debug)]
pub(super) struct Shared {
    columns: Columns,
    said: Said,
    /// Columns of recipient and status, in the order of the file.
    apart: [usize; 2],
    /// The last record without these two cells, as written; empty where it was worth a note,
    /// which each row is.
    written: [Vec<u8>; 3],
}

impl Shared {
    pub(super) fn new(dialect: &Dialect, base: Base) -> Option<Self> {
        let mut apart =
            [dialect.column(ColumnRole::Recipient)?, dialect.column(ColumnRole::Status)?];
        apart.sort_unstable();
        let columns = Columns::new(dialect, base)?;
        Some(Self { columns, said: Said::default(), apart, written: Default::default() })
    }

    /// What this record says.
    #[inline]
    pub(super) fn read(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
    ) -> Result<&Said, RejectReason> {
        let parts = record.around(self.apart);
        let same = parts.is_some_and(|parts| {
            self.written.iter().zip(parts).all(|(written, part)| written == part)
        });
        if !same {
            self.written.iter_mut().for_each(Vec::clear);
            let noted = notes.of_message();
            self.columns.read(record, notes, &mut self.said)?;
            if let Some(parts) = parts.filter(|_| notes.of_message() == noted) {
                self.written
                    .iter_mut()
                    .zip(parts)
                    .for_each(|(to, part)| to.extend_from_slice(part));
            }
        }
        Ok(&self.said)
    }
}

/// Where things stand; an export may lack some.
#[derive(Debug)]
struct Columns {
    base: Base,
    sender: usize,
    message_id: Option<usize>,
    from_ip: Option<usize>,
    to_ip: Option<usize>,
    subject: Option<usize>,
    size: Option<usize>,
    tenant: Option<usize>,
    /// A cell without its doubled quotes.
    scratch: Vec<u8>,
    /// An address that is not written in lower case.
    lower: String,
}

impl Columns {
    fn new(dialect: &Dialect, base: Base) -> Option<Self> {
        Some(Self {
            base,
            sender: dialect.column(ColumnRole::Sender)?,
            message_id: dialect.column(ColumnRole::MessageId),
            from_ip: dialect.column(ColumnRole::FromIp),
            to_ip: dialect.column(ColumnRole::ToIp),
            subject: dialect.column(ColumnRole::Subject),
            size: dialect.column(ColumnRole::Size),
            tenant: dialect.column(ColumnRole::Tenant),
            scratch: Vec::new(),
            lower: String::new(),
        })
    }

    fn read(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        said: &mut Said,
    ) -> Result<(), RejectReason> {
        let stated = self.base.key.map(|_| self.base.key(record)).transpose()?;
        (said.time, said.flags) = self.base.time(record, notes)?;
        let sender = address_cell(record, self.sender, &mut self.scratch, &mut self.lower);
        said.sender.clear();
        said.sender.push_str(sender);
        said.key = stated.unwrap_or_else(|| {
            said.flags |= flag::DERIVED;
            self.derived_key(said, record)
        });
        let mut digest = Digest::default();
        digest.text(said.sender.as_bytes());
        let scratch = &mut self.scratch;
        said.message_id = 0;
        match self.message_id {
            Some(column) => {
                let cell = record.field(column, scratch);
                said.message_id = message_id_hash(cell);
                digest_cell(&mut digest, notes, record, cell);
            }
            None => digest.number(ABSENT),
        }
        for column in [self.from_ip, self.to_ip] {
            match column {
                Some(column) => digest_cell(&mut digest, notes, record, record.bare(column)),
                None => digest.number(ABSENT),
            }
        }
        match self.subject {
            Some(column) => {
                digest_cell(&mut digest, notes, record, record.field(column, scratch));
            }
            None => digest.number(ABSENT),
        }
        said.size = u32::MAX;
        match self.size {
            Some(column) => {
                let cell = record.bare(column);
                said.size = parse_size(cell, notes);
                digest_cell(&mut digest, notes, record, cell);
            }
            None => digest.number(ABSENT),
        }
        said.tenant = self.tenant.map(|column| {
            let mut tenant = said.tenant.take().unwrap_or_default();
            address::lower_into(record.field(column, scratch), &mut tenant);
            digest.text(tenant.as_bytes());
            tenant
        });
        said.digest = digest;
        Ok(())
    }

    /// The key of a message whose export has no id: equal for all its recipients, whose rows share
    /// time, sender and subject, and the Message-ID where there is one.
    fn derived_key(&self, said: &Said, record: &RawRecord<'_>) -> u128 {
        let mut text = said.time.to_le_bytes().to_vec();
        text.extend_from_slice(said.sender.as_bytes());
        let mut scratch = Vec::new();
        for column in [self.subject, self.message_id].into_iter().flatten() {
            text.push(END);
            let (cell, _) = cell_text(record.field(column, &mut scratch));
            text.extend_from_slice(cell.trim().as_bytes());
        }
        xxh3_128(&text)
    }
}

/// A cell that counts for the hash as it reads.
#[inline]
fn digest_cell(digest: &mut Digest, notes: &mut Notes, record: &RawRecord<'_>, cell: &[u8]) {
    if record.whole.is_some() {
        digest.text(cell);
    } else {
        let (text, other) = cell_text(cell);
        notes.not_utf8 += u64::from(other);
        digest.text(text.as_bytes());
    }
}

/// An address in lower case; `scratch` and `lower` hold what is not written so.
#[inline]
pub(super) fn address_cell<'a>(
    record: &RawRecord<'a>,
    column: usize,
    scratch: &mut Vec<u8>,
    lower: &'a mut String,
) -> &'a str {
    match record.text(column) {
        Some(plain) if address::is_plain(plain.as_bytes()) => plain,
        _ => {
            address::lower_into(record.field(column, scratch), lower);
            lower
        }
    }
}
