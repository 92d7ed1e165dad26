//! What is known of single addresses of ours: since when they take mail, and how much they send.
//!
//! An address that took mail and is unknown now was lost; one that never did is a guess. A sender
//! of whose mail a small part fails writes to many; one of whose mail much fails has a problem.
//!
//! Bounded like the case table: above [`Mailboxes::LIMIT`] addresses those with a small hash stay.

use super::Observed;
use crate::model::{Direction, Outcome};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use xxhash_rust::xxh3::xxh3_64;

/// One address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mailbox {
    /// Time of the first delivery to it, microseconds UTC.
    pub first: Option<i64>,
    /// Time of the last delivery to it, microseconds UTC.
    pub last: Option<i64>,
    /// Deliveries to it.
    pub taken: u64,
    /// Deliveries that it sent to others.
    pub sent: u64,
}

/// A [`Mailbox`] in as little room as can be: the first of no time is the last moment there is.
#[derive(Clone, Copy, Debug)]
struct Kept {
    first: i64,
    last: i64,
    taken: u64,
    sent: u64,
}

impl Default for Kept {
    fn default() -> Self {
        Self { first: i64::MAX, last: i64::MIN, taken: 0, sent: 0 }
    }
}

impl Kept {
    #[inline]
    fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.taken += other.taken;
        self.sent += other.sent;
    }

    fn shown(self) -> Mailbox {
        let Self { first, last, taken, sent } = self;
        let known = |time| (taken > 0).then_some(time);
        Mailbox { first: known(first), last: known(last), taken, sent }
    }
}

/// Keys that are hashes already are their own.
#[derive(Clone, Copy, Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes); // not what a hash of 64 bits comes through
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What an address is known by.
#[inline]
pub(super) fn hash_of(address: &str) -> u64 {
    xxh3_64(address.as_bytes())
}

/// Addresses by their hash.
#[derive(Clone, Debug, Default)]
pub struct Mailboxes {
    known: HashMap<u64, Kept, BuildHasherDefault<Hashed>>,
    /// Only addresses whose hash has this many leading zero bits are kept.
    level: u32,
}

impl Mailboxes {
    /// Addresses kept at most, 40 bytes each.
    pub const LIMIT: usize = if cfg!(test) { 16 } else { 1 << 19 };

    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let d = o.delivery;
        match o.verdict.direction {
            Direction::Inbound | Direction::Internal if o.verdict.outcome == Outcome::Delivered => {
                self.take(hash_of(d.recipient), d.time.0);
            }
            Direction::Outbound => self.send(hash_of(d.sender)),
            _ => {}
        }
    }

    /// One more delivery to an address of ours that has this hash.
    #[inline]
    pub(super) fn take(&mut self, address: u64, time: i64) {
        self.add(address, Kept { first: time, last: time, taken: 1, sent: 0 });
    }

    /// One more delivery from it to others.
    #[inline]
    pub(super) fn send(&mut self, address: u64) {
        self.add(address, Kept { sent: 1, ..Kept::default() });
    }

    #[inline]
    fn add(&mut self, hash: u64, more: Kept) {
        if hash.leading_zeros() < self.level {
            return;
        }
        self.known.entry(hash).or_default().merge(more);
        if self.known.len() > Self::LIMIT {
            self.raise_to(self.level + 1);
        }
    }

    fn raise_to(&mut self, level: u32) {
        if level > self.level {
            self.level = level;
            self.known.retain(|hash, _| hash.leading_zeros() >= level);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.raise_to(other.level);
        // Sums and least times of hashes that decide by themselves who stays: no order shows.
        #[allow(clippy::iter_over_hash_type)]
        for (hash, mailbox) in other.known {
            self.add(hash, mailbox);
        }
    }

    /// What is known of an address; `None` where nothing is, or where it was thinned out.
    pub fn get(&self, address: &str) -> Option<Mailbox> {
        self.known.get(&hash_of(address)).map(|kept| kept.shown())
    }

    /// Everything kept, in order.
    #[cfg(test)]
    pub(super) fn shown(&self) -> Vec<(u64, Mailbox)> {
        let mut all: Vec<_> = self.known.iter().map(|(h, m)| (*h, m.shown())).collect();
        all.sort_unstable();
        all
    }
}
