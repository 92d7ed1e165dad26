//! Records of message-trace exports to observations.
//!
//! Comes in: a record and the dialect's columns. Goes out: rows, one per recipient the record
//! speaks of, with a detail where it says more than a status. One file per grain of record; the
//! languages inside cells are in [`super::cells`]. Deliberately absent: what becomes of a message
//! (that is `fold`), and meaning.

mod base;
mod event;
mod headers;
mod hunting;
mod packed;
mod place;
mod post_delivery;
mod quarantine;
mod recipient;
mod rules;
mod shared;
mod trace;

#[cfg(test)]
mod tests;

use super::dates::DateOrder;
use super::zone::Zone;
use crate::model::{Detail, Dialect, Extra, Grain, RawRecord, RejectReason, Row};
use std::collections::BTreeMap;

pub use base::excerpt;

/// What decoding noticed in accepted records: worth a warning, no reason to refuse them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Status words no list knows, with their rows; at most [`UNKNOWN_WORDS`] words.
    pub unknown_statuses: BTreeMap<String, u64>,
    /// Event words no list knows, with their rows; at most as many.
    pub unknown_events: BTreeMap<String, u64>,
    /// Records whose recipients were exported as the name of a .NET type.
    pub lost_arrays: u64,
    /// Records with cells that are no UTF-8, read as Windows-1252.
    pub not_utf8: u64,
    /// Records with a size that is no number.
    pub odd_sizes: u64,
    /// Records whose cell for headers is empty: accepted, and nothing said.
    pub empty_headers: u64,
    /// Records whose local time the clocks of its zone showed twice, or skipped.
    pub ambiguous_times: u64,
}

/// Unknown words kept by name.
pub const UNKNOWN_WORDS: usize = 20;

impl Notes {
    /// Adds another part.
    pub fn merge(&mut self, other: Self) {
        for (into, from) in [
            (&mut self.unknown_statuses, other.unknown_statuses),
            (&mut self.unknown_events, other.unknown_events),
        ] {
            for (word, n) in from {
                *into.entry(word).or_default() += n;
            }
        }
        self.lost_arrays += other.lost_arrays;
        self.not_utf8 += other.not_utf8;
        self.odd_sizes += other.odd_sizes;
        self.empty_headers += other.empty_headers;
        self.ambiguous_times += other.ambiguous_times;
    }

    /// Counts that grow by what stands in cells of the message.
    fn of_message(&self) -> [u64; 3] {
        [self.not_utf8, self.odd_sizes, self.ambiguous_times]
    }
}

fn note(words: &mut BTreeMap<String, u64>, word: String) {
    if words.len() < UNKNOWN_WORDS || words.contains_key(&word) {
        *words.entry(word).or_default() += 1;
    }
}

/// Takes what a record says: a row, and its detail where it has one.
pub trait Emit {
    /// One row.
    fn row(&mut self, row: &Row<'_>, detail: Option<&Detail<'_>>);

    /// What the record says of the message as a whole, as stamps would; or a bounce.
    fn extra(&mut self, _row: &Row<'_>, _extra: Extra) {}
}

impl<F: FnMut(&Row<'_>, Option<&Detail<'_>>)> Emit for F {
    fn row(&mut self, row: &Row<'_>, detail: Option<&Detail<'_>>) {
        self(row, detail);
    }
}

/// Decodes the records of one input. Holds scratch space only; one per worker and input.
#[derive(Debug)]
pub struct RowDecoder {
    records: Records,
    /// What was noticed so far; the caller takes it.
    pub notes: Notes,
}

#[derive(Debug)]
enum Records {
    Recipient(Box<recipient::Recipients>),
    Packed(Box<packed::Packed>),
    Event(Box<event::Events>),
    Trace(Box<trace::Traces>),
    Quarantine(Box<quarantine::Held>),
    Hunting(Box<hunting::Hunted>),
    PostDelivery(Box<post_delivery::Actions>),
    Headers(headers::Blocks),
}

impl RowDecoder {
    /// A decoder for a mail dialect whose date order is settled; `zone` is for times that state
    /// none. `None` where the dialect lacks a
    /// column that its records cannot do without (detection never yields such a dialect), or holds
    /// no rows of mail.
    pub fn new(dialect: &Dialect, order: DateOrder, zone: &Zone) -> Option<Self> {
        let records = match dialect.grain {
            Grain::Recipient => {
                Records::Recipient(Box::new(recipient::Recipients::new(dialect, order, zone)?))
            }
            Grain::Packed => Records::Packed(Box::new(packed::Packed::new(dialect, order, zone)?)),
            Grain::Event => Records::Event(Box::new(event::Events::new(dialect, order, zone)?)),
            Grain::Trace => Records::Trace(Box::new(trace::Traces::new(dialect, order, zone)?)),
            Grain::Quarantine => {
                Records::Quarantine(Box::new(quarantine::Held::new(dialect, order, zone)?))
            }
            Grain::Hunting => {
                Records::Hunting(Box::new(hunting::Hunted::new(dialect, order, zone)?))
            }
            Grain::PostDelivery => {
                Records::PostDelivery(Box::new(post_delivery::Actions::new(dialect, order, zone)?))
            }
            Grain::Headers => Records::Headers(headers::Blocks::new(dialect)?),
            Grain::Document | Grain::Change | Grain::Message => return None,
        };
        Some(Self { records, notes: Notes::default() })
    }

    /// Decodes one record into at least one row.
    ///
    /// # Errors
    /// [`RejectReason::Time`] or [`RejectReason::MessageId`] where these cannot be read: a record
    /// that is nowhere in time or belongs to no message cannot be counted. Any other unreadable
    /// field is kept as such.
    pub fn decode(
        &mut self,
        record: &RawRecord<'_>,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        match &mut self.records {
            Records::Recipient(d) => d.decode(record, &mut self.notes, emit),
            Records::Packed(d) => d.decode(record, &mut self.notes, emit),
            Records::Event(d) => d.decode(record, &mut self.notes, emit),
            Records::Trace(d) => d.decode(record, &mut self.notes, emit),
            Records::Quarantine(d) => d.decode(record, &mut self.notes, emit),
            Records::Hunting(d) => d.decode(record, &mut self.notes, emit),
            Records::PostDelivery(d) => d.decode(record, &mut self.notes, emit),
            Records::Headers(d) => d.decode(record, &mut self.notes, emit),
        }
    }
}
