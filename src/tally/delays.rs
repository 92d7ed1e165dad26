//! How long deliveries took: a histogram per bucket and direction, time per segment, deferrals.

use super::Observed;
use crate::model::Direction;
use std::collections::BTreeMap;

/// A tenth of a second, in microseconds: the finest a histogram tells apart.
const TENTH: u64 = 100_000;
/// Two bins per doubling: 0 is less than a tenth of a second, the last one (nearly) seven days and
/// more.
const BINS: u32 = 47;
/// Segments of the way a message takes, in the order of [`Delay::segments`].
pub const SEGMENTS: [&str; 4] = ["submission", "front_end", "hub", "delivery"];

/// Bin of a latency in microseconds.
pub fn bin(latency: u64) -> u32 {
    let tenths = latency / TENTH;
    let Some(octave) = tenths.checked_ilog2() else { return 0 };
    if octave >= BINS / 2 {
        return BINS - 1; // beyond nine days; tenths * tenths cannot overflow below
    }
    // The upper half of an octave begins at its lower end times the root of two.
    let upper = tenths * tenths >= 1 << (2 * octave + 1);
    (1 + 2 * octave + u32::from(upper)).min(BINS - 1)
}

/// Lower end of a bin, in seconds.
pub fn lower_end(bin: u32) -> f64 {
    if bin == 0 { 0.0 } else { 0.1 * 2f64.powf(f64::from(bin - 1) / 2.0) }
}

/// Latencies of fixed range in bins; merges exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Up to the last bin that holds something.
    counts: Vec<u64>,
}

impl Histogram {
    pub(super) fn add(&mut self, bin: u32, count: u64) {
        if count == 0 {
            return;
        }
        let at = bin as usize;
        if at >= self.counts.len() {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += count;
    }

    /// Adds another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (bin, &count) in (0..).zip(&other.counts) {
            self.add(bin, count);
        }
    }

    /// Deliveries in it.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The bin that holds the quantile `q` (0 to 1); `None` for an empty histogram.
    pub fn quantile_bin(&self, q: f64) -> Option<u32> {
        let wanted = (q.clamp(0.0, 1.0) * self.count() as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (bin, count) in (0..).zip(&self.counts) {
            seen += count;
            if seen >= wanted {
                return Some(bin);
            }
        }
        None
    }

    /// The quantile in seconds: the geometric middle of its bin, at most a fifth off.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        let bin = self.quantile_bin(q)?;
        Some(if bin == 0 { 0.05 } else { lower_end(bin) * 2f64.powf(0.25) })
    }
}

/// Delays of one bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// Latencies by direction.
    pub latency: [Histogram; Direction::ALL.len()],
    /// Microseconds spent per segment (see [`SEGMENTS`]), summed, and deliveries that state it.
    pub segments: [(u64, u64); SEGMENTS.len()],
    /// Deliveries deferred at least once.
    pub deferred: u64,
}

impl Delay {
    fn merge(&mut self, other: &Self) {
        for (into, from) in self.latency.iter_mut().zip(&other.latency) {
            into.merge(from);
        }
        for (into, from) in self.segments.iter_mut().zip(other.segments) {
            into.0 = into.0.saturating_add(from.0);
            into.1 += from.1;
        }
        self.deferred += other.deferred;
    }
}

/// Delays by bucket number, ascending; buckets of which nothing is known are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delays {
    buckets: BTreeMap<i64, Delay>,
}

impl Delays {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let Some(path) = o.delivery.path.as_deref() else { return };
        let s = path.segments;
        let segments = [s.submission, s.front_end, s.hub, s.delivery];
        if path.latency.is_none() && path.deferrals == 0 && segments.iter().all(Option::is_none) {
            return;
        }
        let delay = self.buckets.entry(o.bucket).or_default();
        if let Some(latency) = path.latency {
            delay.latency[o.verdict.direction as usize].add(bin(latency), 1);
        }
        for (into, spent) in delay.segments.iter_mut().zip(segments) {
            if let Some(spent) = spent {
                into.0 = into.0.saturating_add(spent);
                into.1 += 1;
            }
        }
        delay.deferred += u64::from(path.deferrals > 0);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (bucket, from) in &other.buckets {
            self.buckets.entry(*bucket).or_default().merge(from);
        }
    }

    /// Buckets with their number, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &Delay)> {
        self.buckets.iter().map(|(bucket, delay)| (*bucket, delay))
    }

    /// Nothing is known of delays.
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bins_are_half_octaves() {
        assert_eq!([bin(0), bin(99_999), bin(100_000), bin(150_000)], [0, 0, 1, 1]);
        assert_eq!([bin(200_000), bin(300_000), bin(u64::MAX)], [3, 4, BINS - 1]);
        let week = 7 * 86_400 * 1_000_000;
        assert_eq!(bin(week), BINS - 1);
        assert!((lower_end(3) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn quantiles() {
        let mut h = Histogram::default();
        assert_eq!(h.quantile(0.5), None);
        h.add(bin(2_000_000), 90);
        h.add(bin(3_600_000_000), 10);
        assert!((1.6..2.5).contains(&h.quantile(0.5).unwrap()));
        assert!((2900.0..4400.0).contains(&h.quantile(0.95).unwrap()));
    }

    proptest! {
        #[test]
        fn a_latency_lies_in_its_bin(latency: u64) {
            let bin = bin(latency);
            let tenths = (latency / TENTH) as f64 / 10.0;
            prop_assert!(bin < BINS && tenths >= lower_end(bin) * 0.999_999);
            prop_assert!(bin == BINS - 1 || tenths < lower_end(bin + 1) * 1.000_001);
        }
    }
}
