//! Failing and held deliveries one by one, so that the diagnosis may slice them as it needs.
//!
//! Bounded: above [`Cases::LIMIT`] cases the table keeps those whose fixed hash is small, half of
//! them at each step. That is a sample which does not depend on order, and it merges exactly.

use super::Observed;
use crate::model::{Direction, Interner};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Small under test, so that the laws are tested on tables that had to thin out.
const LIMIT: usize = if cfg!(test) { 16 } else { 1 << 18 };

/// One failing or held delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// Message key.
    pub key: u128,
    /// Time, microseconds UTC.
    pub time: i64,
    /// Fixed hash of the delivery key, for sampling.
    hash: u64,
    /// Sender domain (id of the tally's names).
    pub sender_domain: u32,
    /// Recipient domain (id of the tally's names).
    pub recipient_domain: u32,
    /// Sender (id of [`Cases::addresses`]).
    pub sender: u32,
    /// Recipient (id of [`Cases::addresses`]).
    pub recipient: u32,
    /// Signature id; `u32::MAX` for none.
    pub signature: u32,
    /// Input.
    pub input: u32,
    /// Line.
    pub line: u32,
    /// Direction.
    pub direction: Direction,
    /// Failing (else held).
    pub failing: bool,
    /// The key is a network message id.
    pub network_id: bool,
}

/// The case table.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    kept: Vec<Case>,
    addresses: Interner,
    /// Only cases whose hash has this many leading zero bits are kept.
    level: u32,
}

impl Cases {
    /// Cases kept at most: about 30 MB with their addresses.
    pub const LIMIT: usize = LIMIT;

    pub(super) fn observe(&mut self, o: &Observed<'_>, signature: u32) {
        let d = o.delivery;
        let hash = xxh3_64_with_seed(d.recipient.as_bytes(), (d.key as u64) ^ (d.key >> 64) as u64);
        if hash.leading_zeros() < self.level {
            return;
        }
        let case = Case {
            key: d.key,
            time: d.time.0,
            hash,
            sender_domain: o.sender_domain,
            recipient_domain: o.recipient_domain,
            sender: self.addresses.intern(d.sender),
            recipient: self.addresses.intern(d.recipient),
            signature,
            input: d.input,
            line: d.line,
            direction: o.verdict.direction,
            failing: o.verdict.failing,
            network_id: d.key_is_network_id,
        };
        self.push(case);
    }

    pub(super) fn merge(&mut self, other: Self, names: &[u32], signatures: &[u32]) {
        self.raise_to(other.level);
        for from in other.kept {
            if from.hash.leading_zeros() < self.level {
                continue;
            }
            let case = Case {
                sender_domain: names[from.sender_domain as usize],
                recipient_domain: names[from.recipient_domain as usize],
                // One by one: the table may thin out, and its addresses be numbered anew, on the way.
                sender: self.addresses.intern(other.addresses.text(from.sender)),
                recipient: self.addresses.intern(other.addresses.text(from.recipient)),
                signature: signatures.get(from.signature as usize).copied().unwrap_or(u32::MAX),
                ..from
            };
            self.push(case);
        }
    }

    fn push(&mut self, case: Case) {
        self.kept.push(case);
        if self.kept.len() > LIMIT {
            self.raise_to(self.level + 1);
        }
    }

    fn raise_to(&mut self, level: u32) {
        if level <= self.level {
            return;
        }
        self.level = level;
        self.kept.retain(|c| c.hash.leading_zeros() >= level);
        let mut addresses = Interner::default();
        for case in &mut self.kept {
            case.sender = addresses.intern(self.addresses.text(case.sender));
            case.recipient = addresses.intern(self.addresses.text(case.recipient));
        }
        self.addresses = addresses;
    }

    /// Deliveries one kept case stands for (1 unless the table had to sample).
    pub fn weight(&self) -> u64 {
        1 << self.level
    }

    /// The kept cases, least (time, key, recipient) first.
    pub fn sorted(&self) -> Vec<Case> {
        let mut cases = self.kept.clone();
        cases.sort_unstable_by(|a, b| {
            (a.time, a.key)
                .cmp(&(b.time, b.key))
                .then_with(|| self.address(a.recipient).cmp(self.address(b.recipient)))
        });
        cases
    }

    /// Number of address ids.
    pub fn addresses(&self) -> usize {
        self.addresses.len()
    }

    /// Text of an address id.
    pub fn address(&self, id: u32) -> &str {
        self.addresses.text(id)
    }
}
