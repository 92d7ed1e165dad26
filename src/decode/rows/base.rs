//! What all records have: a key, a time, cells as text, and a hash of what they say.

use super::super::cells::text::cell_text;
use super::super::dates::DateOrder;
use super::super::guid;
use super::super::time_memo::Times;
use super::super::zone::Zone;
use super::Notes;
use crate::model::block::flag;
use crate::model::record::unquote;
use crate::model::{ColumnRole, Dialect, RawRecord, RejectReason};
use std::borrow::Cow;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Longest excerpt of a cell in a reject reason, in bytes.
const EXCERPT: usize = 60;

/// Reads the time of a record, and its key where the dialect has one.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) key: Option<usize>,
    time: usize,
    times: Times,
}

impl Base {
    pub(super) fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        Some(Self {
            key: dialect.column(ColumnRole::NetworkMessageId),
            time: dialect.column(ColumnRole::Time)?,
            times: Times::new(order, zone),
        })
    }

    /// The message key.
    pub(super) fn key(&self, record: &RawRecord<'_>) -> Result<u128, RejectReason> {
        let cell = record.bare(self.key.unwrap_or(usize::MAX));
        // A quarantine identity: the message, a backslash, the recipient.
        let identity = || guid::parse(&cell[..memchr::memchr(b'\\', cell)?]);
        guid::parse(cell).or_else(identity).ok_or_else(|| RejectReason::MessageId(excerpt(cell)))
    }

    /// The time in microseconds UTC, and [`flag::SUBSECOND`] where it has fractions.
    #[inline]
    pub(super) fn time(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
    ) -> Result<(i64, u16), RejectReason> {
        let cell = record.bare(self.time);
        let read = self.times.read(cell).ok_or_else(|| RejectReason::Time(excerpt(cell)))?;
        notes.ambiguous_times += u64::from(read.ambiguous);
        Ok((read.time, if read.subsecond { flag::SUBSECOND } else { 0 }))
    }
}

/// The cells of one record as text, and a hash over those that were asked for.
pub(super) struct Cells<'a, 'r> {
    record: &'r RawRecord<'a>,
    content: &'r mut Vec<u8>,
    notes: &'r mut Notes,
    odd: bool,
}

/// Marks in the hashed text: no such column is not an empty cell.
const ABSENT: u8 = 0xFE;
const END: u8 = 0xFF;

impl<'a, 'r> Cells<'a, 'r> {
    /// `content` is scratch space.
    pub(super) fn of(
        record: &'r RawRecord<'a>,
        content: &'r mut Vec<u8>,
        notes: &'r mut Notes,
    ) -> Self {
        content.clear();
        Self { record, content, notes, odd: false }
    }

    /// A cell without its quotes, borrowed wherever it is written as it reads; it counts for the
    /// hash. Empty where there is no such column.
    pub(super) fn text(&mut self, column: Option<usize>) -> Cow<'a, str> {
        let Some(column) = column else {
            self.content.push(ABSENT);
            return Cow::Borrowed("");
        };
        let raw = self.record.raw(column);
        let cell =
            match (raw, self.record.whole.and_then(|text| text.get(self.record.range(column)))) {
                ([b'"', inner @ .., b'"'], Some(text)) if memchr::memchr(b'"', inner).is_none() => {
                    Cow::Borrowed(&text[1..text.len() - 1])
                }
                ([first, ..], Some(text)) if *first != b'"' => Cow::Borrowed(text),
                ([], _) => Cow::Borrowed(""),
                _ => Cow::Owned(self.decoded(raw)),
            };
        self.content.extend_from_slice(cell.as_bytes());
        self.content.push(END);
        cell
    }

    /// A cell that is not written as it reads.
    fn decoded(&mut self, raw: &[u8]) -> String {
        let mut scratch = Vec::new();
        let (text, other) = cell_text(unquote(raw, &mut scratch));
        self.odd |= other;
        text.into_owned()
    }

    /// The hash over everything asked for.
    pub(super) fn finish(self) -> u64 {
        self.notes.not_utf8 += u64::from(self.odd);
        xxh3_64(self.content)
    }
}

/// The key of a record whose export names no network message id: by its Message-ID it is attached
/// to the delivery that owns it, as message files are. `None` without a Message-ID.
pub(super) fn orphan_key(message_id: &str) -> Option<u128> {
    let id = message_id.trim();
    let id = id.strip_prefix('<').unwrap_or(id);
    let id = id.strip_suffix('>').unwrap_or(id);
    (!id.is_empty()).then(|| xxh3_128(id.as_bytes()))
}

/// A size cell in bytes; `u32::MAX` where it holds no plain number below that.
pub(super) fn parse_size(cell: &[u8], notes: &mut Notes) -> u32 {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return u32::MAX;
    }
    if cell.len() > 10 || !cell.iter().all(u8::is_ascii_digit) {
        notes.odd_sizes += 1;
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
