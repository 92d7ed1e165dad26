//! Sums per bucket of many series.

use std::collections::BTreeMap;

/// Buckets with a place of their own; a window of more is none of mail flow.
const MOST_PLACES: i64 = 1 << 17;

/// Counts by bucket number. Those of the window it is made for are added without a search.
#[derive(Clone, Debug)]
pub(super) struct PerBucket {
    first: i64,
    near: Vec<u64>,
    /// What is too far from the first bucket.
    far: BTreeMap<i64, u64>,
}

impl PerBucket {
    /// For counts mostly within these buckets, both inclusive.
    pub(super) fn over((first, last): (i64, i64)) -> Self {
        let places = last.saturating_sub(first).saturating_add(1).clamp(0, MOST_PLACES);
        Self { first, near: vec![0; places as usize], far: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, bucket: i64, count: u64) {
        let place = bucket.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        match place.and_then(|at| self.near.get_mut(at)) {
            Some(sum) => *sum += count,
            None => *self.far.entry(bucket).or_default() += count,
        }
    }

    /// Buckets that have a count.
    pub(super) fn counts(self) -> BTreeMap<i64, u64> {
        let near = (self.first..).zip(self.near);
        near.chain(self.far).filter(|(_, count)| *count > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_like_a_map(raw in prop::collection::vec((prop_oneof![-5i64..40, any::<i64>()], 1u64..9), 0..60),
                           first in prop_oneof![-3i64..20, any::<i64>()], length in -2i64..30) {
            let mut sums = PerBucket::over((first, first.saturating_add(length)));
            let mut plain: BTreeMap<i64, u64> = BTreeMap::new();
            for (bucket, count) in raw {
                sums.add(bucket, count);
                *plain.entry(bucket).or_default() += count;
            }
            prop_assert_eq!(sums.counts(), plain);
        }
    }
}
