//! How long mail takes on a quiet day: what "late" is measured against.

use crate::model::Direction;
use crate::model::time::DAY;
use crate::tally::Tally;
use crate::tally::delays::{Histogram, lower_end};
use std::collections::BTreeMap;

/// Deliveries a day needs before its quantile says anything.
const LEAST: u64 = 20;
/// Part of a quiet day's mail that is faster than "late".
const USUAL: f64 = 0.97;
/// Nobody calls a minute late.
const FLOOR: f64 = 60.0;

/// Seconds from which on a delivery of this direction is late: above nearly all mail of the median
/// day, so that an incident of some hours, or of some days, does not set its own measure.
pub(super) fn latency(tally: &Tally, direction: Direction) -> f64 {
    let mut days: BTreeMap<i64, Histogram> = BTreeMap::new();
    for (bucket, delay) in tally.delays.iter() {
        let day = (bucket * tally.bucket).div_euclid(DAY);
        days.entry(day).or_default().merge(&delay.latency[direction as usize]);
    }
    let of_day = |h: &Histogram| (h.count() >= LEAST).then(|| h.quantile_bin(USUAL)).flatten();
    let mut bins: Vec<u32> = days.values().filter_map(of_day).collect();
    bins.sort_unstable();
    let middle = bins.get(bins.len().saturating_sub(1) / 2).copied().or_else(|| {
        let mut all = Histogram::default();
        for day in days.values() {
            all.merge(day);
        }
        all.quantile_bin(USUAL)
    });
    // The upper end of the bin: the quantile itself is not late.
    middle.map_or(FLOOR, |bin| lower_end(bin + 1).max(FLOOR))
}
