//! Onset by likelihood-ratio scan: did a share or a volume go up, when, how sure?

use std::ops::Range;

use super::interval::{LEVEL, difference, poisson_real, wilson_real};
use super::law::Kind;
use super::spread;
use super::track::{Bucket, Track};
use super::windows::{Best, Family, best, p_value};

/// Half of the upper 5 % point of chi-square with one degree of freedom: onsets whose log
/// likelihood is less than this below the best stay possible.
const PROFILE: f64 = 0.5 * 3.841_458_820_694_124;
/// Up to this p-value the scatter outside is looked at; above, nothing is claimed anyway.
const WORTH_A_LOOK: f64 = 0.2;
/// The stretch in which a series is elevated most clearly. Whether to believe it, `p_value` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// Position of the first elevated bucket. 0: it was elevated when the series begins, the
    /// onset was not seen (see [`Shift::onset_seen`]).
    pub start: usize,
    /// First position after the elevated stretch; `None`: it lasts to the end.
    pub end: Option<usize>,
    /// Earliest position at which the onset may lie (95 % profile likelihood).
    pub earliest: usize,
    /// Latest position at which the onset may lie.
    pub latest: usize,
    /// Twice the log likelihood ratio of the stretch, not divided by the dispersion.
    pub statistic: f64,
    /// Chance that a series without any change shows something like it anywhere: corrected for
    /// the scan and for the dispersion, not for the number of series.
    pub p_value: f64,
    /// Rate outside of the stretch. Shares are 0 to 1; for a volume: bad per bucket of mean
    /// weight.
    pub rate_before: f64,
    /// Rate within the stretch, in the same unit.
    pub rate_during: f64,
    /// Bad within the stretch.
    pub bad_during: u64,
    /// All within the stretch; for a volume: its number of buckets.
    pub total_during: u64,
    /// Bad within the stretch beyond what the rate outside explains.
    pub excess: f64,
    /// 95 % interval of `excess`, within 0 and `bad_during`.
    pub excess_interval: (f64, f64),
    /// Variance inflation used, at least 1.
    pub dispersion: f64,
}

impl Shift {
    /// Was the onset inside the series? If not, it may lie any time before its first bucket.
    #[must_use]
    pub fn onset_seen(&self) -> bool {
        self.start > 0
    }
}

/// The clearest rise of the share `bad / total`: a step that lasts to the end, a stretch inside,
/// or a stretch from the beginning. Positions are those of `series`. The dispersion is estimated
/// from what lies outside of the stretch.
///
/// `None` if no bucket can stand out: fewer than two with traffic, nothing bad, or all bad.
/// About `16 n` windows and a few passes over the series, `O(n)` in all; a borderline p-value
/// adds an exact tail per window (a quarter of a millisecond for 720 buckets, one for 2,000).
///
/// The p-value is conservative: measured on series without any change, p < 0.01 comes up in two
/// or three of a thousand (module `simulation`). Where nothing stands out it is just 1.
///
/// Count a message once, not once per recipient, where one message can fail for many: a clump
/// never seen before cannot be told from a short incident.
#[must_use]
pub fn rate_shift(series: &[Bucket]) -> Option<Shift> {
    rate_shift_below(series, 1.0)
}

/// [`rate_shift`], but `None` as soon as the p-value is known to reach `ceiling`: most series of a
/// large export show nothing, and that is told fast. A ceiling of 1 keeps them all.
#[must_use]
pub fn rate_shift_below(series: &[Bucket], ceiling: f64) -> Option<Shift> {
    shift_of(&Track::of_share(series), series.len(), None, ceiling)
}

/// [`rate_shift`] with a known dispersion (variance inflation; less than 1 counts as 1).
#[must_use]
pub fn rate_shift_with(series: &[Bucket], dispersion: f64) -> Option<Shift> {
    shift_of(&Track::of_share(series), series.len(), Some(dispersion), 1.0)
}

/// The clearest rise in the number of bad events over the buckets `first..=last`, where the
/// number of all deliveries is not known. Positions are `index - first`.
///
/// `counts` are (index, events), ascending; missing buckets had none, those outside the window
/// do not count. `weights`, one per bucket from `first` on, say how much traffic to expect (a
/// [`super::Rhythm`], or the traffic of another export); missing ones count as the mean, and all
/// are raised to a hundredth of it. The dispersion is estimated from outside of the stretch.
///
/// `None` if nothing happened, the window is less than two buckets, or more than 131,072.
#[must_use]
pub fn volume_shift(
    counts: &[(i64, u64)],
    first: i64,
    last: i64,
    weights: Option<&[f64]>,
) -> Option<Shift> {
    volume_shift_below(counts, first, last, weights, 1.0)
}

/// [`volume_shift`], but `None` as soon as the p-value is known to reach `ceiling`.
#[must_use]
pub fn volume_shift_below(
    counts: &[(i64, u64)],
    first: i64,
    last: i64,
    weights: Option<&[f64]>,
    ceiling: f64,
) -> Option<Shift> {
    let track = Track::of_volume(counts, first, last, weights)?;
    shift_of(&track, track.len(), None, ceiling)
}

/// [`volume_shift`] with a known dispersion.
#[must_use]
pub fn volume_shift_with(
    counts: &[(i64, u64)],
    first: i64,
    last: i64,
    weights: Option<&[f64]>,
    dispersion: f64,
) -> Option<Shift> {
    let track = Track::of_volume(counts, first, last, weights)?;
    shift_of(&track, track.len(), Some(dispersion), 1.0)
}

/// Variance inflation of a series outside of its most elevated stretches, at least 1.
#[must_use]
pub fn dispersion(series: &[Bucket]) -> f64 {
    let track = Track::of_share(series);
    let found = candidates(&track);
    choose(&track, &found, 1.0)
        .map_or_else(|| spread::around(&track, &(0..0)), |best| spread::around(&track, &best.range))
}

fn candidates(track: &Track) -> Vec<Best> {
    if !track.can_shift() {
        return Vec::new();
    }
    [Family::Late, Family::Early, Family::Inner]
        .into_iter()
        .filter_map(|family| best(track, family))
        .collect()
}

/// The stretch with one end (the simpler statement), unless one with two is clearly better: the
/// free position costs `ln n` of log likelihood as in the modified BIC (N. Zhang & D. Siegmund,
/// Biometrics 63, 2007), and 2 more so that short series do not lose their last bucket to chance.
fn choose<'a>(track: &Track, found: &'a [Best], dispersion: f64) -> Option<&'a Best> {
    let cost = (track.len() as f64).ln() + 2.0;
    let worth = |best: &Best| {
        best.ratio / dispersion - if best.family == Family::Inner { cost } else { 0.0 }
    };
    // Of equals the first wins: late before early before inner.
    let mut chosen: Option<&Best> = None;
    for best in found {
        if chosen.is_none_or(|other| worth(best) > worth(other)) {
            chosen = Some(best);
        }
    }
    chosen
}

fn shift_of(track: &Track, places: usize, known: Option<f64>, ceiling: f64) -> Option<Shift> {
    let found = candidates(track);
    let first_guess = choose(track, &found, 1.0)?;
    let hopeless = |p: f64| p >= ceiling && ceiling < 1.0;
    let chance = |dispersion: f64| p_value(track, &found, dispersion, ceiling);
    let (dispersion, p) = match known {
        Some(given) => {
            let given = if given.is_finite() { given.max(1.0) } else { 1.0 };
            (given, chance(given))
        }
        None => match chance(1.0) {
            p if hopeless(p) => return None,
            p if p > WORTH_A_LOOK => (1.0, p),
            p => match spread::around(track, &first_guess.range) {
                clumps if clumps > 1.0 => (clumps, chance(clumps)),
                _ => (1.0, p),
            },
        },
    };
    if hopeless(p) {
        return None;
    }
    let best = choose(track, &found, dispersion)?;
    Some(describe(track, places, best, dispersion, p))
}

fn describe(track: &Track, places: usize, best: &Best, dispersion: f64, p_value: f64) -> Shift {
    let Range { start, end } = best.range.clone();
    let (bad, exposure) = (track.bad(start, end), track.exposure(start, end));
    let other_bad = (track.law.bad - bad).max(0.0);
    let other_exposure = (track.law.exposure - exposure).max(f64::MIN_POSITIVE);
    let share = track.law.kind == Kind::Share;
    let rate = |bad: f64, exposure: f64| {
        let rate = if exposure > 0.0 { bad / exposure } else { 0.0 };
        if share { rate.clamp(0.0, 1.0) } else { rate.min(f64::MAX) }
    };
    let (before, during) = (rate(other_bad, other_exposure), rate(bad, exposure));
    let (earliest, latest) = onset_range(track, best, dispersion);
    let range = |bad: f64, exposure: f64| {
        if share {
            return wilson_real(bad / dispersion, exposure / dispersion, LEVEL);
        }
        let (low, high) = poisson_real(bad / dispersion, LEVEL);
        (low * dispersion / exposure, high * dispersion / exposure)
    };
    let (low, high) =
        difference((during, range(bad, exposure)), (before, range(other_bad, other_exposure)));
    let limited = |rate: f64| {
        let events = rate * exposure;
        if events.is_nan() { 0.0 } else { events.clamp(0.0, bad) }
    };
    let excess = limited(during - before);
    let place = |at: usize| track.cells.get(at).map_or(places, |cell| cell.place);
    Shift {
        start: if start == 0 { 0 } else { place(start) },
        end: (end < track.len()).then(|| track.cells.get(end - 1).map_or(places, |c| c.place + 1)),
        earliest,
        latest,
        statistic: 2.0 * best.ratio,
        p_value,
        rate_before: before,
        rate_during: during,
        bad_during: bad as u64,
        total_during: if share { exposure as u64 } else { (end - start) as u64 },
        excess,
        excess_interval: (limited(low).min(excess), limited(high).max(excess)),
        dispersion,
    }
}

/// Positions at which the onset may lie: those whose log likelihood, with the same end, is at
/// most [`PROFILE`] (times the dispersion) below the best. Buckets without traffic before the
/// earliest one belong to it: nothing shows that it had not begun there.
fn onset_range(track: &Track, best: &Best, dispersion: f64) -> (usize, usize) {
    if best.family == Family::Early {
        return (0, 0);
    }
    let end = best.range.end;
    let least = best.ratio - PROFILE * dispersion;
    let possible = |&start: &usize| track.ratio(start, end) >= least;
    let first = (1..=best.range.start).find(possible).unwrap_or(best.range.start);
    let last = (best.range.start..end).rev().find(possible).unwrap_or(best.range.start);
    let place = |at: usize| track.cells.get(at).map_or(0, |cell| cell.place);
    (place(first - 1) + 1, place(last))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn series(parts: &[(i64, u64, u64)]) -> Vec<Bucket> {
        let mut out = Vec::new();
        for &(length, bad, total) in parts {
            for _ in 0..length {
                out.push(Bucket { index: out.len() as i64, bad, total });
            }
        }
        out
    }

    #[test]
    fn a_step_to_the_end() {
        let shift = rate_shift(&series(&[(40, 0, 1), (23, 1, 1), (7, 0, 0)])).unwrap();
        assert_eq!((shift.start, shift.end), (40, None));
        assert!(shift.p_value < 1e-10 && shift.onset_seen());
        assert_eq!((shift.bad_during, shift.total_during), (23, 23));
        assert!((shift.excess - 23.0).abs() < 1e-9 && shift.excess_interval.0 > 15.0);
    }

    #[test]
    fn twenty_bad_in_a_few_hours_among_ten_thousand() {
        let shift = rate_shift(&series(&[(500, 0, 14), (5, 4, 14), (215, 0, 14)])).unwrap();
        assert_eq!((shift.start, shift.end), (500, Some(505)));
        assert!(shift.p_value < 1e-10, "{shift:?}");
    }

    /// Something that began before the series: no onset is invented.
    #[test]
    fn elevated_from_the_beginning() {
        let shift = rate_shift(&series(&[(30, 5, 10), (200, 0, 10)])).unwrap();
        assert_eq!((shift.start, shift.end, shift.earliest, shift.latest), (0, Some(30), 0, 0));
        assert!(!shift.onset_seen() && shift.p_value < 1e-6);
    }

    /// Without traffic between the last good and the first bad, the onset may lie anywhere there.
    #[test]
    fn an_onset_in_a_gap() {
        let shift = rate_shift(&series(&[(40, 0, 10), (12, 0, 0), (8, 10, 10)])).unwrap();
        assert_eq!((shift.start, shift.earliest, shift.latest), (52, 40, 52));
    }

    /// The second and third outage must not pass for scatter that excuses the first.
    #[test]
    fn outages_do_not_hide_each_other() {
        let outage = (5, 20, 30);
        let quiet = (100, 0, 30);
        let shift = rate_shift(&series(&[quiet, outage, quiet, outage, quiet, outage, quiet]));
        assert!(shift.unwrap().p_value < 1e-6);
    }

    #[test]
    fn nothing_to_see() {
        assert!(rate_shift(&[]).is_none());
        assert!(rate_shift(&series(&[(1, 5, 10)])).is_none());
        assert!(rate_shift(&series(&[(50, 0, 10)])).is_none());
        assert!(rate_shift(&series(&[(50, 10, 10)])).is_none());
        assert!(rate_shift(&series(&[(50, 5, 0)])).is_none());
        assert!(volume_shift(&[], 0, 100, None).is_none());
        assert!(volume_shift(&[(0, 5)], 0, -1, None).is_none());
        assert!(volume_shift(&[(0, 5)], i64::MIN, i64::MAX, None).is_none());
        let even = rate_shift(&series(&[(100, 1, 10)]));
        assert!(even.is_none_or(|shift| shift.p_value > 0.5));
    }

    #[test]
    fn a_volume_against_its_rhythm() {
        let office = |at: i64| if (8..18).contains(&(at % 24)) { 10 } else { 1 };
        let counts: Vec<(i64, u64)> = (0..240).map(|at| (at, office(at))).collect();
        let weights: Vec<f64> = counts.iter().map(|&(_, count)| count as f64).collect();
        // Without weights the days scatter, and scatter is no alarm either.
        assert!(volume_shift(&counts, 0, 239, None).unwrap().p_value > 0.01);
        let calm = volume_shift(&counts, 0, 239, Some(&weights));
        assert!(calm.is_none_or(|shift| shift.p_value > 0.5));
        let mut night = counts.clone();
        for (at, count) in &mut night[218..224] {
            *count += 8 + (*at as u64 % 2);
        }
        let shift = volume_shift(&night, 0, 239, Some(&weights)).unwrap();
        assert!(shift.p_value < 1e-6 && shift.start == 218 && shift.end == Some(224), "{shift:?}");
        assert_eq!(shift.total_during, 6);
    }

    #[test]
    fn known_dispersion_weakens() {
        let series = series(&[(100, 1, 20), (20, 4, 20)]);
        let p = |dispersion| rate_shift_with(&series, dispersion).unwrap().p_value;
        assert!(p(1.0) < p(2.0) && p(2.0) < p(8.0));
        assert!((p(f64::NAN) - p(0.0)).abs() < 1e-300);
        assert!((dispersion(&series) - 1.0).abs() < 1e-12);
    }

    fn sound(shift: &Shift, places: usize, share: bool) {
        assert!(
            shift.start < places
                && shift.end.is_none_or(|end| shift.start < end && end < places + 1)
        );
        assert!(shift.earliest <= shift.start && shift.start <= shift.latest);
        assert!(shift.latest < places);
        assert!(shift.p_value > 0.0 && shift.p_value <= 1.0);
        assert!(shift.statistic > 0.0 && shift.statistic.is_finite());
        assert!(shift.dispersion >= 1.0 && shift.dispersion.is_finite());
        for rate in [shift.rate_before, shift.rate_during] {
            assert!(rate >= 0.0 && rate.is_finite() && (!share || rate <= 1.0));
        }
        let (low, high) = shift.excess_interval;
        assert!(0.0 <= low && low <= shift.excess && shift.excess <= high && high.is_finite());
    }

    fn count() -> impl Strategy<Value = u64> {
        prop_oneof![Just(0), 0u64..5, 0u64..1000, any::<u64>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_series_is_sound(raw in prop::collection::vec((any::<i64>(), count(), count()), 0..80),
                               given in prop_oneof![Just(f64::NAN), -1.0..1e9_f64]) {
            let series: Vec<Bucket> =
                raw.iter().map(|&(index, bad, total)| Bucket { index, bad, total }).collect();
            for shift in [rate_shift(&series), rate_shift_with(&series, given)].iter().flatten() {
                sound(shift, series.len(), true);
            }
            let scatter = dispersion(&series);
            prop_assert!(scatter >= 1.0 && scatter.is_finite());
        }

        #[test]
        fn any_volume_is_sound(raw in prop::collection::vec((-5i64..90, count()), 0..40), last in -3i64..80,
                               weights in prop::collection::vec(prop_oneof![Just(f64::NAN), Just(0.0),
                                   Just(f64::INFINITY), Just(1e300), -1.0..10.0_f64], 0..90)) {
            for weights in [None, Some(weights.as_slice())] {
                if let Some(shift) = volume_shift(&raw, 0, last, weights) {
                    sound(&shift, (last + 1) as usize, false);
                }
            }
        }
    }
}
