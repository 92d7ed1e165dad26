//! Counts per time bucket and direction: dense, for the whole tenant.

use super::Observed;
use super::totals::in_denominator;
use crate::model::{Direction, Outcome, Verdict};
use std::collections::BTreeMap;

/// One bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Deliveries by outcome.
    pub outcome: [u64; Outcome::ALL.len()],
    /// By direction: deliveries in the denominator, failing, held.
    pub direction: [[u64; 3]; Direction::ALL.len()],
}

impl Tick {
    /// All deliveries.
    pub fn deliveries(&self) -> u64 {
        self.outcome.iter().sum()
    }

    /// Failing deliveries.
    pub fn failing(&self) -> u64 {
        self.direction.iter().map(|d| d[1]).sum()
    }

    /// Held deliveries.
    pub fn held(&self) -> u64 {
        self.direction.iter().map(|d| d[2]).sum()
    }
}

/// Ticks by bucket number, ascending; buckets without a delivery are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    ticks: BTreeMap<i64, Tick>,
}

impl Timeline {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        self.add(o.bucket, o.verdict, 1);
    }

    /// Counts `n` deliveries of a bucket with this verdict.
    pub(super) fn add(&mut self, bucket: i64, verdict: &Verdict, n: u64) {
        let tick = self.ticks.entry(bucket).or_default();
        tick.outcome[verdict.outcome as usize] += n;
        let d = &mut tick.direction[verdict.direction as usize];
        d[0] += u64::from(in_denominator(verdict.outcome)) * n;
        d[1] += u64::from(verdict.failing) * n;
        d[2] += u64::from(verdict.held) * n;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, from) in &other.ticks {
            let into = self.ticks.entry(*bucket).or_default();
            for (a, b) in into.outcome.iter_mut().zip(from.outcome) {
                *a += b;
            }
            for (a, b) in into.direction.iter_mut().zip(from.direction) {
                for (x, y) in a.iter_mut().zip(b) {
                    *x += y;
                }
            }
        }
    }

    /// Buckets with their number, ascending.
    pub fn ticks(&self) -> impl ExactSizeIterator<Item = (i64, &Tick)> {
        self.ticks.iter().map(|(bucket, tick)| (*bucket, tick))
    }

    /// First and last bucket number.
    pub fn range(&self) -> Option<(i64, i64)> {
        Some((*self.ticks.first_key_value()?.0, *self.ticks.last_key_value()?.0))
    }

    /// Deliveries of a bucket.
    pub fn deliveries(&self, bucket: i64) -> u64 {
        self.ticks.get(&bucket).map_or(0, Tick::deliveries)
    }
}
