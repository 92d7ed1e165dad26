//! Totals by outcome, placement and direction.

use super::Observed;
use crate::model::report::Totals;
use crate::model::{Direction, Outcome, Placement, Verdict};

/// Exact totals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    outcome: [u64; Outcome::ALL.len()],
    placement: [u64; Placement::ALL.len()],
    direction: [u64; Direction::ALL.len()],
    failing: u64,
    held: u64,
    /// Deliveries that are neither expanded nor redirected: the denominator of shares.
    counted: u64,
}

impl Counts {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        self.add(o.verdict, 1);
    }

    /// Counts `n` deliveries with this verdict.
    pub(super) fn add(&mut self, v: &Verdict, n: u64) {
        self.outcome[v.outcome as usize] += n;
        self.placement[v.placement as usize] += n;
        self.direction[v.direction as usize] += n;
        self.failing += u64::from(v.failing) * n;
        self.held += u64::from(v.held) * n;
        self.counted += u64::from(in_denominator(v.outcome)) * n;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        let add = |into: &mut [u64], from: &[u64]| {
            for (a, b) in into.iter_mut().zip(from) {
                *a += b;
            }
        };
        add(&mut self.outcome, &other.outcome);
        add(&mut self.placement, &other.placement);
        add(&mut self.direction, &other.direction);
        self.failing += other.failing;
        self.held += other.held;
        self.counted += other.counted;
    }

    /// All deliveries.
    pub fn deliveries(&self) -> u64 {
        self.outcome.iter().sum()
    }

    /// Failing and held deliveries together: the denominator of a finding's share.
    pub fn bad(&self) -> u64 {
        self.failing + self.held
    }

    /// The totals of the report.
    pub fn finish(&self) -> Totals {
        let share = |n: u64| if self.counted == 0 { 0.0 } else { n as f64 / self.counted as f64 };
        let pairs = |counts: &[u64]| counts.to_vec();
        Totals {
            outcome: Outcome::ALL.iter().copied().zip(pairs(&self.outcome)).collect(),
            placement: Placement::ALL.iter().copied().zip(pairs(&self.placement)).collect(),
            direction: Direction::ALL.iter().copied().zip(pairs(&self.direction)).collect(),
            failing: self.failing,
            held: self.held,
            failing_share: share(self.failing),
            held_share: share(self.held),
        }
    }
}

/// Expanded and redirected deliveries went on under another recipient: they are in no denominator.
pub(super) fn in_denominator(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Expanded | Outcome::Redirected)
}
