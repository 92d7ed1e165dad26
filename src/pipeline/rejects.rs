//! The reject ledger: counts are exact elsewhere, the list is bounded.

use crate::model::Reject;

/// Rejects listed one by one at most.
pub const LISTED: usize = 200_000;

/// The least rejects by place, as many as are listed; the rest is only counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Rejects {
    list: Vec<Reject>,
    seen: u64,
}

impl Rejects {
    pub(super) fn push(&mut self, reject: Reject) {
        self.seen += 1;
        self.list.push(reject);
        if self.list.len() >= LISTED * 2 {
            self.shorten();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.seen += other.seen;
        self.list.extend(other.list);
        if self.list.len() >= LISTED * 2 {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        self.list.sort_unstable();
        self.list.truncate(LISTED);
    }

    /// The list in order of place, and how many are not in it.
    pub(super) fn finish(mut self) -> (Vec<Reject>, u64) {
        self.shorten();
        let omitted = self.seen - self.list.len() as u64;
        (self.list, omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Origin, RejectReason};

    #[test]
    fn the_least_are_listed_and_all_are_counted() {
        let mut all = Rejects::default();
        for n in (0..LISTED as u64 * 2 + 5).rev() {
            let origin = Origin { input: 0, line: n, byte: 0 };
            all.push(Reject { origin, reason: RejectReason::TornQuote });
        }
        let (list, omitted) = all.finish();
        assert_eq!((list.len(), omitted), (LISTED, LISTED as u64 + 5));
        assert_eq!(list.last().unwrap().origin.line, LISTED as u64 - 1);
    }
}
