//! A series made ready for scanning: buckets with exposure, as prefix sums.

use std::cell::OnceCell;
use std::ops::Range;

use super::law::{Kind, Law};

/// More buckets than this are not a mail-flow window (fifteen years of hours).
const MOST_BUCKETS: usize = 1 << 17;
/// Weights below this part of the mean are raised to it: a profile that never saw mail at night
/// must not make the first night message infinitely surprising.
const LEAST_WEIGHT: f64 = 0.01;
/// Splits are thinned so that the exposure beyond them grows by this factor.
const SPLIT_GROWTH: f64 = 9.0 / 8.0;

/// One time bucket: `bad` of `total`. Series are ascending by `index`; a bucket without traffic
/// may be missing. `bad` above `total` counts as `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Number of the bucket on the caller's time line.
    pub index: i64,
    /// Deliveries that had the trouble in question.
    pub bad: u64,
    /// Deliveries that could have had it.
    pub total: u64,
}

/// One bucket: its position in the caller's series, bad events, exposure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) place: usize,
    pub(super) bad: f64,
    pub(super) exposure: f64,
}

/// Buckets with exposure only: where nothing was sent, nothing can be learnt.
#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) law: Law,
    pub(super) cells: Vec<Cell>,
    /// Bad events and exposure before each cell, and of all.
    before: Vec<(f64, f64)>,
    splits: OnceCell<Vec<usize>>,
}

impl Track {
    /// Drops cells without exposure.
    pub(super) fn new(kind: Kind, cells: impl Iterator<Item = Cell>) -> Self {
        let cells: Vec<Cell> = cells.filter(|cell| cell.exposure > 0.0).collect();
        let mut before = Vec::with_capacity(cells.len() + 1);
        let (mut bad, mut exposure) = (0.0, 0.0);
        before.push((bad, exposure));
        for cell in &cells {
            bad += cell.bad;
            exposure += cell.exposure;
            before.push((bad, exposure));
        }
        Self { law: Law::new(kind, bad, exposure), cells, before, splits: OnceCell::new() }
    }

    /// The share `bad / total`; what the buckets are is written at [`Bucket`].
    pub(super) fn of_share(series: &[Bucket]) -> Self {
        let cells = series.iter().enumerate().map(|(place, bucket)| Cell {
            place,
            bad: bucket.bad.min(bucket.total) as f64,
            exposure: bucket.total as f64,
        });
        Self::new(Kind::Share, cells)
    }

    /// Events per bucket over `first..=last` with expected traffic as exposure; the rules are written
    /// at [`super::volume_shift`].
    pub(super) fn of_volume(
        counts: &[(i64, u64)],
        first: i64,
        last: i64,
        weights: Option<&[f64]>,
    ) -> Option<Self> {
        let length = usize::try_from(last.checked_sub(first)?).ok()?.checked_add(1)?;
        if length > MOST_BUCKETS {
            return None;
        }
        let mut bad = vec![0.0; length];
        for &(index, count) in counts {
            let place = index.checked_sub(first).and_then(|at| usize::try_from(at).ok());
            if let Some(slot) = place.and_then(|at| bad.get_mut(at)) {
                *slot += count as f64;
            }
        }
        let weights = normal_weights(weights.unwrap_or_default(), length);
        let cells = bad.into_iter().zip(weights).enumerate();
        Some(Self::new(
            Kind::Volume,
            cells.map(|(place, (bad, exposure))| Cell { place, bad, exposure }),
        ))
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Can anything stand out here?
    pub(super) fn can_shift(&self) -> bool {
        let mixed = self.law.kind == Kind::Volume || self.law.bad < self.law.exposure;
        self.len() >= 2 && self.law.bad > 0.0 && mixed
    }

    /// Bad events in `start..end`.
    pub(super) fn bad(&self, start: usize, end: usize) -> f64 {
        (self.before[end].0 - self.before[start].0).max(0.0)
    }

    /// Exposure of `start..end`.
    pub(super) fn exposure(&self, start: usize, end: usize) -> f64 {
        (self.before[end].1 - self.before[start].1).max(0.0)
    }

    /// Log likelihood ratio of `start..end`.
    pub(super) fn ratio(&self, start: usize, end: usize) -> f64 {
        self.law.ratio(self.bad(start, end), self.exposure(start, end))
    }

    /// Where the series is split in two, ascending.
    pub(super) fn splits(&self) -> &[usize] {
        self.splits.get_or_init(|| splits(self))
    }

    /// The series with a stretch cut out.
    pub(super) fn without(&self, cut: &Range<usize>) -> Self {
        let kept = self.cells.iter().enumerate().filter(|(i, _)| !cut.contains(i));
        Self::new(self.law.kind, kept.map(|(_, &cell)| cell))
    }

    /// A stretch of the series by itself.
    pub(super) fn only(&self, kept: &Range<usize>) -> Self {
        let cells = self.cells.iter().take(kept.end).skip(kept.start);
        Self::new(self.law.kind, cells.copied())
    }
}

/// Splits thinned geometrically by exposure from both ends. The choice depends on the exposure
/// alone, never on the bad events.
fn splits(track: &Track) -> Vec<usize> {
    let n = track.len();
    let half = 0.5 * track.law.exposure;
    let mut out = Vec::new();
    let mut thin = |order: &mut dyn Iterator<Item = (usize, f64)>| {
        let mut chosen = 0.0;
        let mut waiting: Option<(usize, f64)> = None;
        for (at, exposure) in order {
            if let Some((before, size)) = waiting.filter(|_| exposure > chosen * SPLIT_GROWTH) {
                out.push(before);
                chosen = size;
            }
            waiting = Some((at, exposure));
            if exposure > half {
                break;
            }
        }
        out.extend(waiting.map(|(at, _)| at));
    };
    thin(&mut (1..n).rev().map(|at| (at, track.exposure(at, n))));
    thin(&mut (1..n).map(|at| (at, track.exposure(0, at))));
    out.sort_unstable();
    out.dedup();
    out
}

/// Weights with mean 1 and none below the floor.
fn normal_weights(given: &[f64], length: usize) -> Vec<f64> {
    let usable = |weight: f64| {
        if weight.is_finite() { weight.clamp(0.0, 1e15) } else { 0.0 }
    };
    let given: Vec<f64> = given.iter().take(length).map(|&weight| usable(weight)).collect();
    let sum: f64 = given.iter().sum();
    if sum.is_nan() || sum <= 1e-200 {
        return vec![1.0; length];
    }
    let mean = sum / given.len() as f64;
    let mut out: Vec<f64> = given.iter().map(|weight| (weight / mean).max(LEAST_WEIGHT)).collect();
    out.resize(length, 1.0);
    let mean = out.iter().sum::<f64>() / length as f64;
    out.into_iter().map(|weight| weight / mean).collect()
}
