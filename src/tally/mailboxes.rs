//! Which addresses took mail, and since when: an address that took mail and is unknown now was
//! lost; one that never did is a guess.
//!
//! Bounded like the case table: above [`Mailboxes::LIMIT`] addresses those with a small hash stay.

use super::Observed;
use crate::model::{Direction, Outcome};
use std::collections::HashMap;
use xxhash_rust::xxh3::{Xxh3DefaultBuilder, xxh3_64};

/// Addresses to which mail was delivered here.
#[derive(Clone, Debug, Default)]
pub struct Mailboxes {
    /// Time of the first delivery (microseconds UTC) by the hash of the address.
    first: HashMap<u64, i64, Xxh3DefaultBuilder>,
    /// Only addresses whose hash has this many leading zero bits are kept.
    level: u32,
}

impl Mailboxes {
    /// Addresses kept at most, 16 bytes each.
    pub const LIMIT: usize = if cfg!(test) { 16 } else { 1 << 20 };

    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let here = matches!(o.verdict.direction, Direction::Inbound | Direction::Internal);
        if here && o.verdict.outcome == Outcome::Delivered {
            self.add(xxh3_64(o.delivery.recipient.as_bytes()), o.delivery.time.0);
        }
    }

    fn add(&mut self, hash: u64, time: i64) {
        if hash.leading_zeros() < self.level {
            return;
        }
        let first = self.first.entry(hash).or_insert(time);
        *first = (*first).min(time);
        if self.first.len() > Self::LIMIT {
            self.raise_to(self.level + 1);
        }
    }

    fn raise_to(&mut self, level: u32) {
        if level > self.level {
            self.level = level;
            self.first.retain(|hash, _| hash.leading_zeros() >= level);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.raise_to(other.level);
        // Least times of hashes that decide by themselves who stays: no order shows.
        #[allow(clippy::iter_over_hash_type)]
        for (hash, time) in other.first {
            self.add(hash, time);
        }
    }

    /// Time of the first delivery to an address, microseconds UTC; `None` where none is known.
    pub fn first(&self, address: &str) -> Option<i64> {
        self.first.get(&xxh3_64(address.as_bytes())).copied()
    }

    /// Everything kept, in order.
    #[cfg(test)]
    pub(super) fn shown(&self) -> Vec<(u64, i64)> {
        let mut all: Vec<_> = self.first.iter().map(|(h, t)| (*h, *t)).collect();
        all.sort_unstable();
        all
    }

    /// Number of addresses kept.
    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// No address is kept.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}
