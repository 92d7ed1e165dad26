//! Spans without a single record although mail flowed before and after.

use crate::model::Instant;
use crate::model::report::Span;
use crate::model::time::DAY;
use crate::tally::Tally;

/// Deliveries that must be expected in a span before their absence means anything: by chance
/// none of so many is seen once in 160,000 times.
const EXPECTED: f64 = 12.0;

/// The gaps of an export, ascending. A run of empty buckets is a gap where the same hours of the
/// other days of the same kind (working day or weekend) let many deliveries expect.
pub fn gaps(tally: &Tally) -> Vec<Span> {
    let Some((first, last)) = tally.timeline.range() else { return Vec::new() };
    if tally.bucket > DAY || last - first > 200_000 {
        return Vec::new();
    }
    let mut gaps = Vec::new();
    let mut at = first;
    while at <= last {
        if tally.timeline.deliveries(at) > 0 {
            at += 1;
            continue;
        }
        let from = at;
        while tally.timeline.deliveries(at) == 0 {
            at += 1; // ends: the last bucket is not empty
        }
        let expected: f64 = (from..at).map(|b| expected(tally, b, (first, last))).sum();
        if expected >= EXPECTED {
            let instant = |bucket: i64| Instant(bucket * tally.bucket);
            gaps.push(Span { from: instant(from), to: instant(at) });
        }
    }
    gaps
}

/// Median of the same time of day on the other days of the same kind; 0 with fewer than two.
fn expected(tally: &Tally, bucket: i64, (first, last): (i64, i64)) -> f64 {
    let per_day = DAY / tally.bucket;
    let mut others: Vec<u64> = Vec::new();
    for days in 1..=28 {
        for other in [bucket - days * per_day, bucket + days * per_day] {
            if (first..=last).contains(&other) && weekend(tally, other) == weekend(tally, bucket) {
                others.push(tally.timeline.deliveries(other));
            }
        }
    }
    if others.len() < 2 {
        return 0.0;
    }
    others.sort_unstable();
    others[(others.len() - 1) / 2] as f64
}

/// Saturday or Sunday in UTC (1970-01-01 was a Thursday).
fn weekend(tally: &Tally, bucket: i64) -> bool {
    let day = (bucket * tally.bucket).div_euclid(DAY);
    matches!((day + 4).rem_euclid(7), 6 | 0)
}
