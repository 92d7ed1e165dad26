//! Blocks of observations: what `decode` hands to `fold`.
//!
//! One row is what one record says of one message and (mostly) one recipient. Fixed-width values
//! are packed into one cache line, texts stand in the block, rare values (stamps, bounces) in a
//! side table. Never a struct of strings per row: two million rows must fit a few hundred megabytes.

use super::bounce::BounceRecipient;
use super::delivery::domain_of;
use super::details::Details;
use super::event::Detail;
use super::fact::Told;
use super::input::InputId;
use super::interner::{Interner, text_at};
use super::message::Stamps;
use super::sayings::Sayings;
use super::status::Status;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// What only a few records say: the stamps of a message file, one recipient of a bounce.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Extra {
    /// Stamps of the message; they apply to all its recipients.
    Stamps(Box<Stamps>),
    /// What a bounce says of this recipient.
    Bounce(Box<BounceRecipient>),
}

/// Row flags.
pub mod flag {
    /// The time was written with fractions of a second.
    pub const SUBSECOND: u16 = 1;
    /// The record speaks of the message, not of one recipient.
    pub const MESSAGE_LEVEL: u16 = 2;
    /// The key is not a network message id but derived from the Message-ID or the file: the record
    /// is attached to the delivery that owns the Message-ID, else becomes a message of its own.
    pub const ORPHAN: u16 = 4;
    /// The record is a bounce, an evidence for another message.
    pub const BOUNCE: u16 = 8;
    /// The row has a [`Detail`](crate::model::Detail).
    pub const DETAIL: u16 = 16;
    /// The key is derived from what the record states (its export has no network message id), and
    /// all records of the message derive the same.
    pub const DERIVED: u16 = 32;
    /// Not the first row of its record: of duplicate records only the first row is counted.
    pub const CONTINUED: u16 = 64;
    /// The record speaks of a delivery and makes none (a DSN event, a trace detail without
    /// recipient).
    pub const NOTICE: u16 = 128;
    /// The export states that the message came in from outside.
    pub const INCOMING: u16 = 256;
    /// The export states that the message came from one of our mailboxes.
    pub const ORIGINATING: u16 = 512;
    /// The record is an event on the way: its time is not that of receipt.
    pub const EVENT: u16 = 1024;
    /// The record is a line of the enhanced summary: its states are coarser than those of other
    /// exports (`Fail` may be quarantine, `Deliver` may be Junk).
    pub const SUMMARY: u16 = 2048;
}

/// The values of one row, as pushed into a builder and as read back. Texts are lower-cased
/// addresses and addresses of hosts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// Message key: the network message id, or a derived key for orphans.
    pub key: u128,
    /// Time of receipt, microseconds UTC.
    pub time: i64,
    /// xxh3-64 of the Message-ID without angle brackets, 0 where there is none.
    pub message_id: u64,
    /// Hash over all decoded fields but the time, for duplicate removal.
    pub content: u64,
    /// The input.
    pub input: InputId,
    /// Physical line of the record.
    pub line: u32,
    /// Size in bytes; `u32::MAX` where unknown.
    pub size: u32,
    /// Code of [`Status`].
    pub status: u8,
    /// [`flag`] bits.
    pub flags: u16,
    /// Sender address (envelope), lower case; `<>` for the null sender; empty where unknown.
    pub sender: &'a str,
    /// Recipient address, lower case; empty where unknown.
    pub recipient: &'a str,
}

/// The fixed-width part of a row, packed into one cache line: `fold` visits rows in key order, not
/// in the order of their arrival, and pays for one line instead of one per column.
///
/// Words: key (low, high), time, Message-ID hash, content hash, input and line, sender and
/// recipient (dictionary ids), then size, extra (16 bits), status (4 bits) and flags (12 bits).
pub(super) type Packed = [u64; 8];

const STATUS_BITS: u32 = 4;
const STATUS_MASK: u64 = (1 << STATUS_BITS) - 1;
const _: () = assert!(Status::ALL.len() <= 1 << STATUS_BITS);

#[inline]
pub(super) fn pack(row: &Row<'_>, sender: u32, recipient: u32, extra: u16) -> Packed {
    let pair = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
    let rest =
        u32::from(extra) | u32::from(row.status) << 16 | u32::from(row.flags) << (16 + STATUS_BITS);
    [
        row.key as u64,
        (row.key >> 64) as u64,
        row.time as u64,
        row.message_id,
        row.content,
        pair(row.input, row.line),
        pair(sender, recipient),
        pair(row.size, rest),
    ]
}

/// A sealed block of observations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    rows: Vec<Packed>,
    /// End offset of each dictionary text in `bytes`, id 1 first; id 0 is the empty text.
    ends: Vec<u32>,
    bytes: String,
    /// By text: the domain of the address, an id of `names`.
    domains: Vec<u32>,
    /// The block's own, or those of the stretch of the lane that it belongs to.
    names: Arc<Interner>,
    extras: Vec<Extra>,
    details: Details,
    /// By row, where facts are wanted; empty else.
    told: Sayings,
}

impl Block {
    /// A block of the lane; names come later.
    pub(super) fn of_lane(
        rows: Vec<Packed>,
        texts: (String, Vec<u32>, Vec<u32>),
        told: Sayings,
    ) -> Self {
        let (bytes, ends, domains) = texts;
        Self { rows, ends, bytes, domains, told, ..Self::default() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Message key of row `index`.
    pub fn key(&self, index: usize) -> u128 {
        let p = &self.rows[index];
        u128::from(p[0]) | u128::from(p[1]) << 64
    }

    /// Row `index`, texts borrowed from the block's dictionary.
    pub fn row(&self, index: usize) -> Row<'_> {
        let p = &self.rows[index];
        let rest = p[7] >> 32;
        Row {
            key: self.key(index),
            time: p[2] as i64,
            message_id: p[3],
            content: p[4],
            input: p[5] as u32,
            line: (p[5] >> 32) as u32,
            size: p[7] as u32,
            status: (rest >> 16 & STATUS_MASK) as u8,
            flags: (rest >> (16 + STATUS_BITS)) as u16,
            sender: self.text(p[6] as u32),
            recipient: self.text((p[6] >> 32) as u32),
        }
    }

    /// Time of a row, microseconds UTC.
    pub fn time(&self, index: usize) -> i64 {
        self.rows[index][2] as i64
    }

    /// Hash of a row's Message-ID, 0 where there is none.
    pub fn message_id(&self, index: usize) -> u64 {
        self.rows[index][3]
    }

    /// Status code of a row.
    pub fn status(&self, index: usize) -> u8 {
        (self.rows[index][7] >> 48 & STATUS_MASK) as u8
    }

    /// Flags of a row.
    pub fn flags(&self, index: usize) -> u16 {
        (self.rows[index][7] >> (48 + STATUS_BITS)) as u16
    }

    /// Dictionary id of a row's sender and recipient.
    pub fn address_ids(&self, index: usize) -> (u32, u32) {
        let pair = self.rows[index][6];
        (pair as u32, (pair >> 32) as u32)
    }

    /// Number of dictionary texts, the empty text (id 0) included.
    pub fn texts(&self) -> usize {
        self.ends.len() + 1
    }

    /// Dictionary text `id`.
    #[inline]
    pub fn text(&self, id: u32) -> &str {
        text_at(&self.bytes, &self.ends, id)
    }

    /// Domain of text `id`, an id of [`Block::names`].
    #[inline]
    pub fn domain(&self, id: u32) -> u32 {
        self.domains[id as usize]
    }

    /// Names of domains.
    pub fn names(&self) -> &Arc<Interner> {
        &self.names
    }

    /// The block with the names of its stretch: blocks of the lane travel without.
    #[must_use]
    pub fn with_names(self, names: Arc<Interner>) -> Self {
        Self { names, ..self }
    }

    /// What only this row says: stamps or a bounce.
    pub fn extra(&self, index: usize) -> Option<&Extra> {
        if self.flags(index) & flag::DETAIL != 0 {
            return None;
        }
        self.number(index).map(|at| &self.extras[at])
    }

    /// What the row says beyond its fields, where it is flagged to have a detail.
    pub fn detail(&self, index: usize) -> Option<Detail<'_>> {
        if self.flags(index) & flag::DETAIL == 0 {
            return None;
        }
        self.details.get(self.number(index)?)
    }

    /// What the row says beside what counts need; `None` unless facts are wanted.
    pub fn told(&self, index: usize) -> Option<Told<'_>> {
        self.told.get(index)
    }

    /// Position of a row's extra or detail.
    fn number(&self, index: usize) -> Option<usize> {
        usize::from((self.rows[index][7] >> 32) as u16).checked_sub(1)
    }

    /// Heap bytes in use, for the memory budget (extras are estimated).
    pub fn heap_bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Packed>()
            + self.ends.capacity() * size_of::<u32>()
            + self.bytes.capacity()
            + self.domains.capacity() * size_of::<u32>()
            + self.names.heap_bytes()
            + self.extras.len() * 1024
            + self.details.heap_bytes()
            + self.told.heap_bytes()
    }
}

/// Builds a [`Block`]; equal texts share one dictionary entry.
#[derive(Debug, Default)]
pub struct BlockBuilder {
    rows: Vec<Packed>,
    extras: Vec<Extra>,
    details: Details,
    told: Sayings,
    texts: Interner,
    /// As in [`Block`].
    domains: Vec<u32>,
    names: Interner,
    /// Id of the last row's sender: mostly the next one is to another recipient of its message.
    sender: u32,
}

impl BlockBuilder {
    /// Rows a block holds at most: the number of an extra has 16 bits.
    pub const MOST_ROWS: usize = u16::MAX as usize;

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Appends a row, with what only it says. The caller seals before
    /// [`BlockBuilder::MOST_ROWS`] is passed.
    pub fn push(&mut self, row: &Row<'_>, extra: Option<Extra>) {
        let sender = self.sender(row.sender);
        let recipient = self.address(row.recipient);
        let number = match extra {
            None => 0,
            Some(extra) => {
                self.extras.push(extra);
                self.extras.len() as u16
            }
        };
        self.rows.push(pack(row, sender, recipient, number));
    }

    #[inline]
    fn sender(&mut self, text: &str) -> u32 {
        if self.texts.text(self.sender) != text {
            self.sender = self.address(text);
        }
        self.sender
    }

    #[inline]
    fn address(&mut self, text: &str) -> u32 {
        let id = self.texts.intern(text);
        if self.texts.len() > self.domains.len() {
            self.note_domains();
        }
        id
    }

    /// Finds the domains of new texts.
    fn note_domains(&mut self) {
        for id in self.domains.len()..self.texts.len() {
            self.domains.push(self.names.intern(domain_of(self.texts.text(id as u32))));
        }
    }

    /// Appends a row with a detail.
    pub fn push_detail(&mut self, row: &Row<'_>, detail: &Detail<'_>) {
        let sender = self.sender(row.sender);
        let recipient = self.address(row.recipient);
        let number = self.details.push(detail) as u16 + 1;
        let row = Row { flags: row.flags | flag::DETAIL, ..*row };
        self.rows.push(pack(&row, sender, recipient, number));
    }

    /// Adds to the row pushed last what only facts show.
    pub fn tell(&mut self, told: &Told<'_>) {
        self.told.put(self.rows.len(), told);
    }

    /// Bytes that the open rows take beside their fields, about.
    pub fn side_bytes(&self) -> usize {
        self.details.len() + self.told.len() + self.extras.len() * 1024 + self.texts.bytes()
    }

    /// Seals the block and leaves an empty builder that keeps its room: a sealed block has none to
    /// spare, and the next one costs no growing.
    pub fn seal(&mut self) -> Block {
        let rows = self.rows.as_slice().to_vec();
        self.rows.clear();
        self.sender = 0;
        self.note_domains();
        let (bytes, ends) = self.texts.take().into_parts();
        let domains = self.domains.as_slice().to_vec();
        self.domains.clear();
        let names = Arc::new(self.names.take());
        let extras = std::mem::take(&mut self.extras);
        let (details, told) = (self.details.take(), self.told.take());
        Block { rows, ends, bytes, domains, names, extras, details, told }
    }
}

/// Hash of a Message-ID for joining orphans: xxh3-64 of the id without angle brackets and white
/// space; 0 for an empty id.
pub fn message_id_hash(id: &[u8]) -> u64 {
    let id = id.trim_ascii();
    let id = id.strip_prefix(b"<").unwrap_or(id);
    let id = id.strip_suffix(b">").unwrap_or(id).trim_ascii();
    if id.is_empty() { 0 } else { xxh3_64(id).max(1) }
}

#[path = "block_spill.rs"]
mod spill;

#[cfg(test)]
#[path = "block_tests.rs"]
mod tests;
