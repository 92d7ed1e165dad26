//! Is it still going on?

use super::interval::{LEVEL, poisson_real, wilson_real};
use super::law::Kind;
use super::scan::Shift;
use super::special::{beta_i, gamma_p, gamma_q};
use super::track::{Bucket, Cell, Track};

/// An observation less likely than this under a rate speaks against that rate.
const UNLIKELY: f64 = 0.01;
/// So many bad events must be expected before their absence says anything: `exp(-5)` is less
/// than [`UNLIKELY`].
const TELLING: f64 = 5.0;

/// Where an incident stands at the end of what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The last traffic seen is still hit at the elevated rate.
    Ongoing,
    /// Clearly less than at its height, not clearly back to normal.
    Recovering,
    /// Back to the rate outside of it.
    Ended,
    /// Too little traffic since to tell, or all of it within the lag.
    Unknown,
}

/// State of a share's shift. Buckets after `now_index - lag_buckets` are not judged: there the
/// export is not complete yet.
#[must_use]
pub fn state(series: &[Bucket], shift: &Shift, now_index: i64, lag_buckets: i64) -> State {
    let horizon = now_index.saturating_sub(lag_buckets.max(0));
    let judged = series.iter().take_while(|bucket| bucket.index <= horizon).count();
    let track = Track::of_share(series);
    let found = judge(&track, shift, judged);
    let silent = || {
        let last = series.iter().take(judged).rev().find(|bucket| bucket.total > 0)?;
        let first = series.first()?.index;
        let gap = horizon.saturating_sub(last.index) as f64;
        let span = last.index.saturating_sub(first).saturating_add(1).max(1) as f64;
        Some(gap * track.law.exposure / span * shift.rate_during > TELLING * shift.dispersion)
    };
    if found == State::Ongoing && silent().unwrap_or(true) { State::Unknown } else { found }
}

/// State of a volume's shift, found by [`super::volume_shift`] with the same first four
/// arguments. Silence is an answer here: no bad event where many were expected.
#[must_use]
pub fn volume_state(
    counts: &[(i64, u64)],
    first: i64,
    last: i64,
    weights: Option<&[f64]>,
    shift: &Shift,
    now_index: i64,
    lag_buckets: i64,
) -> State {
    let horizon = now_index.saturating_sub(lag_buckets.max(0)).min(last);
    let judged = usize::try_from(horizon.saturating_sub(first).saturating_add(1)).unwrap_or(0);
    match Track::of_volume(counts, first, last, weights) {
        Some(track) => judge(&track, shift, judged),
        None => State::Unknown,
    }
}

/// Judges by the cells before position `judged`.
fn judge(track: &Track, shift: &Shift, judged: usize) -> State {
    let seen: Vec<&Cell> = track.cells.iter().filter(|cell| cell.place < judged).collect();
    let judge = Judge { kind: track.law.kind, shift };
    let end = shift.end.unwrap_or(usize::MAX);
    let part = |low: usize, high: usize| {
        seen.iter().copied().filter(move |cell| (low..high).contains(&cell.place))
    };
    let during = sum(part(shift.start, end));
    if during.bad <= 0.0 {
        return State::Unknown;
    }
    let usual = judge.upper(&sum(part(0, shift.start)));
    let recent = judge.recent(&seen);
    if shift.end.is_none() {
        // The scan saw no end; a clear fall in the last stretch is at most a recovery.
        return match recent {
            Some(recent) if judge.below(&recent, shift.rate_during) => State::Recovering,
            _ => State::Ongoing,
        };
    }
    let after = sum(part(end, usize::MAX));
    if let Some(recent) = recent
        && !judge.below(&recent, shift.rate_during)
        && judge.above(&recent, usual)
        && recent.bad <= after.bad
    {
        return State::Ongoing;
    }
    if !judge.below(&after, shift.rate_during) {
        State::Unknown
    } else if judge.above(&after, usual) {
        State::Recovering
    } else {
        State::Ended
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    bad: f64,
    exposure: f64,
}

fn sum<'a>(cells: impl Iterator<Item = &'a Cell>) -> Sum {
    cells.fold(Sum::default(), |sum, cell| Sum {
        bad: sum.bad + cell.bad,
        exposure: sum.exposure + cell.exposure,
    })
}

struct Judge<'a> {
    kind: Kind,
    shift: &'a Shift,
}

impl Judge<'_> {
    fn clumps(&self, sum: &Sum) -> (f64, f64) {
        let clump = self.shift.dispersion.max(1.0);
        (sum.bad / clump, sum.exposure / clump)
    }

    /// Is so little bad unlikely at this rate?
    fn below(&self, sum: &Sum, rate: f64) -> bool {
        let (bad, exposure) = self.clumps(sum);
        let chance = match self.kind {
            Kind::Share if bad >= exposure => 1.0,
            Kind::Share => beta_i(1.0 - rate, exposure - bad, bad + 1.0),
            Kind::Volume => gamma_q(bad + 1.0, rate * exposure),
        };
        chance < UNLIKELY
    }

    /// Is so much bad unlikely at this rate?
    fn above(&self, sum: &Sum, rate: f64) -> bool {
        let (bad, exposure) = self.clumps(sum);
        let chance = match self.kind {
            _ if bad <= 0.0 => 1.0,
            Kind::Share => beta_i(rate, bad, exposure - bad + 1.0),
            Kind::Volume => gamma_p(bad, rate * exposure),
        };
        chance < UNLIKELY
    }

    /// The highest rate that still counts as usual: the upper limit of the rate before, but no
    /// more than halfway to the elevated one, so that little history excuses little.
    fn upper(&self, before: &Sum) -> f64 {
        let (bad, exposure) = self.clumps(before);
        let halfway = 0.5 * (self.shift.rate_before + self.shift.rate_during);
        let upper = match self.kind {
            Kind::Share => wilson_real(bad, exposure, LEVEL).1,
            Kind::Volume if exposure > 0.0 => poisson_real(bad, LEVEL).1 / exposure,
            Kind::Volume => halfway,
        };
        upper.min(halfway)
    }

    /// The shortest last part in which the elevated rate would show, if there is one that is
    /// less than the whole stretch.
    fn recent(&self, seen: &[&Cell]) -> Option<Sum> {
        let telling = TELLING * self.shift.dispersion.max(1.0);
        let mut sum = Sum::default();
        for cell in seen.iter().rev().take_while(|cell| cell.place > self.shift.start) {
            sum.bad += cell.bad;
            sum.exposure += cell.exposure;
            if sum.exposure * self.shift.rate_during >= telling {
                return Some(sum);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::scan::{rate_shift, volume_shift};

    fn series(parts: &[(i64, u64, u64)]) -> Vec<Bucket> {
        let mut out = Vec::new();
        for &(length, bad, total) in parts {
            for _ in 0..length {
                out.push(Bucket { index: out.len() as i64, bad, total });
            }
        }
        out
    }

    fn state_of(parts: &[(i64, u64, u64)], lag: i64) -> State {
        let series = series(parts);
        let shift = rate_shift(&series).unwrap();
        state(&series, &shift, series.len() as i64 - 1, lag)
    }

    #[test]
    fn states_of_a_share() {
        assert_eq!(state_of(&[(50, 0, 10), (10, 6, 10)], 0), State::Ongoing);
        assert_eq!(state_of(&[(50, 0, 10), (10, 6, 10), (20, 0, 10)], 0), State::Ended);
        assert_eq!(state_of(&[(50, 0, 10), (10, 9, 10), (20, 2, 10)], 0), State::Recovering);
        // The good end lies within the lag.
        assert_eq!(state_of(&[(50, 0, 10), (10, 6, 10), (20, 0, 10)], 20), State::Unknown);
        // Nothing more was sent, though much was to be expected.
        assert_eq!(state_of(&[(50, 0, 10), (10, 6, 10), (40, 0, 0)], 0), State::Unknown);
        assert_eq!(state_of(&[(50, 0, 1), (8, 1, 1), (3, 0, 0)], 0), State::Ongoing);
    }

    #[test]
    fn a_relapse_is_ongoing() {
        let relapse = [(50, 0, 10), (10, 6, 10), (20, 0, 10), (3, 6, 10)];
        assert_eq!(state_of(&relapse, 0), State::Ongoing);
    }

    #[test]
    fn states_of_a_volume() {
        let counts: Vec<(i64, u64)> = (100..110).map(|at| (at, 5)).collect();
        for (last, expected) in [(109, State::Ongoing), (130, State::Ended)] {
            let shift = volume_shift(&counts, 0, last, None).unwrap();
            assert_eq!(volume_state(&counts, 0, last, None, &shift, last, 0), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn any_series_has_a_state(raw in prop::collection::vec((any::<i64>(), any::<u64>(), any::<u64>()), 0..30),
                                  now in any::<i64>(), lag in any::<i64>()) {
            let series: Vec<Bucket> =
                raw.iter().map(|&(index, bad, total)| Bucket { index, bad, total }).collect();
            if let Some(shift) = rate_shift(&series) {
                let _ = state(&series, &shift, now, lag);
            }
        }
    }
}
