//! Trouble that is simply always there.

use super::interval::{LEVEL, wilson};
use super::scan::rate_shift;
use super::track::Bucket;

/// A shift is believed at this level.
const BELIEVED: f64 = 0.01;
/// A believed shift still leaves a series steady if it carries less than this part of all bad.
const SMALL_PART: f64 = 0.2;
/// In each half the bad must lie in this many buckets (or all, where there are fewer): two
/// mailings a month apart are two events, not a state.
const BUCKETS: usize = 3;

/// A rate that was there from the start and did not change much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Share of bad over the whole series, 0 to 1.
    pub rate: f64,
    /// Wilson's 95 % interval of `rate`.
    pub interval: (f64, f64),
    /// Bad over the whole series.
    pub bad: u64,
    /// All deliveries of the series.
    pub total: u64,
}

/// The steady rate of a series, or `None` where it is none: fewer than `least` bad in either
/// half of its time, bad in too few buckets, or a shift that explains a fifth of them or more.
#[must_use]
pub fn steady(series: &[Bucket], least: u64) -> Option<Steady> {
    let (first, last) = (series.first()?.index, series.last()?.index);
    let middle = (i128::from(first) + i128::from(last)).div_euclid(2);
    let early = series.iter().filter(|bucket| i128::from(bucket.index) <= middle);
    let late = series.iter().filter(|bucket| i128::from(bucket.index) > middle);
    if !supported(early, least) || !supported(late, least) {
        return None;
    }
    let add = |sum: u64, more: u64| sum.saturating_add(more);
    let total = series.iter().map(|bucket| bucket.total).fold(0, add);
    let bad = series.iter().map(|bucket| bucket.bad.min(bucket.total)).fold(0, add);
    let changed = rate_shift(series)
        .is_some_and(|shift| shift.p_value < BELIEVED && shift.excess >= SMALL_PART * bad as f64);
    (!changed).then(|| Steady {
        rate: if total > 0 { bad as f64 / total as f64 } else { 0.0 },
        interval: wilson(bad, total, LEVEL),
        bad,
        total,
    })
}

fn supported<'a>(half: impl Iterator<Item = &'a Bucket>, least: u64) -> bool {
    let (mut bad, mut hit, mut used) = (0_u64, 0, 0);
    for bucket in half.filter(|bucket| bucket.total > 0) {
        let here = bucket.bad.min(bucket.total);
        bad = bad.saturating_add(here);
        hit += usize::from(here > 0);
        used += 1;
    }
    bad >= least.max(1) && hit >= BUCKETS.min(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(bad_at: impl Fn(i64) -> u64) -> Vec<Bucket> {
        (0..240).map(|index| Bucket { index, bad: bad_at(index), total: 10 }).collect()
    }

    #[test]
    fn what_is_always_there_is_steady() {
        let found = steady(&series(|at| u64::from(at % 5 == 0)), 10).unwrap();
        assert!((found.rate - 0.02).abs() < 1e-12);
        assert!(found.interval.0 < 0.02 && 0.02 < found.interval.1);
    }

    #[test]
    fn what_began_or_ended_or_hardly_happened_is_not() {
        assert!(steady(&series(|at| u64::from(at > 60)), 10).is_none());
        assert!(steady(&series(|at| u64::from(at < 170)), 10).is_none());
        assert!(steady(&series(|at| u64::from(at % 60 == 0)), 10).is_none());
        assert!(steady(&series(|at| if at == 50 || at == 200 { 10 } else { 0 }), 10).is_none());
        assert!(steady(&[], 1).is_none());
        assert!(steady(&series(|_| 0), 0).is_none());
    }

    #[test]
    fn always_all_bad_is_steady() {
        let found = steady(&series(|_| 10), 10).unwrap();
        assert!((found.rate - 1.0).abs() < 1e-12);
    }
}
