//! Which stretches are looked at, which stands out most, and how often chance does as well.
//!
//! Three families: `late` (from a split to the end: a step up), `early` (from the beginning to
//! a split: elevated when the series begins) and `inner` (begins and ends inside).
//!
//! The p-value is a union bound: the exact chances of single windows to reach the level, added
//! over all windows of the family, so it holds for one event per bucket as well as for
//! thousands. To keep the sum small, and the inner scan at `O(n)` windows instead of `O(n^2)`,
//! windows come from an approximating set whose grid grows with the length: C. Rivera &
//! G. Walther, *Optimal detection of a jump in the intensity of a Poisson process or in a
//! density with likelihood ratio statistics*, Scand. J. Stat. 40 (2013). What the limit theorems
//! for the maximum (M. Csörgő & L. Horváth, *Limit Theorems in Change-Point Analysis*, 1997)
//! promise only for many events, the sum gives for any number.
//!
//! Once the best window of the grid is known its ends are refined over all positions, `O(n)` a
//! pass; the level entering the p-value stays the grid's.

use std::f64::consts::PI;
use std::ops::{ControlFlow, Range};

use super::law::Law;
use super::screen::Screen;
use super::tail_memo::Tails;
use super::track::Track;

/// Up to this length every inner window is looked at; beyond, ends lie on a grid of at most a
/// quarter of the length.
const DENSE_LENGTH: usize = 8;
/// Below this a p-value is not made sharper: nobody tells the difference.
const SURE: f64 = 1e-12;
/// One window in so many is in the sample that tells whether the whole sum is worth it.
const SAMPLE: usize = 16;
/// An estimated p-value above this is not worked out.
const HOPELESS: f64 = 0.5;
/// Passes of the refinement; it stops by itself long before.
const MAX_PASSES: usize = 20;

/// Where an elevated stretch lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// To the end.
    Late,
    /// From the beginning.
    Early,
    /// Inside.
    Inner,
}

impl Family {
    /// In how many parts the error is split for this family: half of it goes to steps.
    fn parts(self) -> f64 {
        match self {
            Self::Late => 2.0,
            Self::Early | Self::Inner => 4.0,
        }
    }
}

/// The best stretch of a family.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) family: Family,
    pub(super) range: Range<usize>,
    /// Log likelihood ratio of the range.
    pub(super) ratio: f64,
    /// Largest log likelihood ratio on the grid, at most `ratio`.
    grid_ratio: f64,
}

/// Calls `visit` for every window of the family.
fn each_window(
    track: &Track,
    family: Family,
    mut visit: impl FnMut(usize, usize) -> ControlFlow<()>,
) {
    let n = track.len();
    match family {
        Family::Late => {
            let _ = track.splits().iter().try_for_each(|&at| visit(at, n));
        }
        Family::Early => {
            let _ = track.splits().iter().try_for_each(|&at| visit(0, at));
        }
        Family::Inner => {
            let _ = each_inner(n, visit);
        }
    }
}

fn each_inner(n: usize, mut visit: impl FnMut(usize, usize) -> ControlFlow<()>) -> ControlFlow<()> {
    for length in 1..=DENSE_LENGTH.min(n.saturating_sub(2)) {
        for start in 1..n - length {
            visit(start, start + length)?;
        }
    }
    steps(n).try_for_each(|step| each_of_step(n, step, &mut visit))
}

/// Steps of the grid, ascending: powers of two of which windows fit inside.
fn steps(n: usize) -> impl Iterator<Item = usize> {
    let fits = move |step: &usize| step * DENSE_LENGTH / 2 < n;
    (1..usize::BITS).map(|power| 1 << power).take_while(fits)
}

fn each_of_step(
    n: usize,
    step: usize,
    visit: &mut impl FnMut(usize, usize) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for units in DENSE_LENGTH / 2 + 1..=DENSE_LENGTH {
        let length = units * step;
        let mut start = step;
        while start + length < n {
            visit(start, start + length)?;
            start += step;
        }
    }
    ControlFlow::Continue(())
}

/// The best stretch of a family, or `None` where no stretch is above its surroundings.
pub(super) fn best(track: &Track, family: Family) -> Option<Best> {
    let (mut ratio, mut range) = (0.0, 0..0);
    let screen = Screen::new(&track.law);
    each_window(track, family, |start, end| {
        let bad = track.bad(start, end);
        if bad > 0.0
            && let Some(found) = screen.above(bad, track.exposure(start, end), ratio)
        {
            (ratio, range) = (found, start..end);
        }
        ControlFlow::Continue(())
    });
    let best = || Best { family, range, ratio, grid_ratio: ratio };
    (ratio > 0.0).then(|| refine(track, &screen, best()))
}

/// Moves the free ends of a stretch to their best positions, in turns, until they stay.
fn refine(track: &Track, screen: &Screen<'_>, mut best: Best) -> Best {
    let n = track.len();
    let above = |start: usize, end: usize, least: f64| {
        screen.above(track.bad(start, end), track.exposure(start, end), least)
    };
    for _ in 0..MAX_PASSES {
        let before = best.ratio;
        if best.family != Family::Early {
            let end = best.range.end;
            for start in 1..end {
                if let Some(found) = above(start, end, best.ratio) {
                    best.range.start = start;
                    best.ratio = found;
                }
            }
        }
        if best.family != Family::Late {
            let start = best.range.start;
            for end in start + 1..n {
                if let Some(found) = above(start, end, best.ratio) {
                    best.range.end = end;
                    best.ratio = found;
                }
            }
        }
        if best.family != Family::Inner || best.ratio <= before {
            break;
        }
    }
    best
}

/// How often chance alone lets some window of some family stand out like the best of these. Sums
/// stop at `ceiling`: a result there or above only says "not below it".
pub(super) fn p_value(track: &Track, found: &[Best], dispersion: f64, ceiling: f64) -> f64 {
    let law = track.law.of_clumps(dispersion);
    let mut p = 1.0_f64;
    // The strongest first: it sets the limit at which the sums of the others may stop.
    let mut order: Vec<&Best> = found.iter().collect();
    order.sort_by(|a, b| b.grid_ratio.total_cmp(&a.grid_ratio));
    for best in order {
        p = p.min(family_p(track, &law, best, dispersion.max(1.0), p.min(ceiling)));
    }
    p.clamp(f64::MIN_POSITIVE, 1.0)
}

fn family_p(track: &Track, law: &Law, best: &Best, dispersion: f64, limit: f64) -> f64 {
    let level = best.grid_ratio / dispersion;
    let parts = best.family.parts();
    // A coarse bound first: point probabilities are at most this much above exp(-level).
    let slack = 1.0 + (2.0 * PI * law.bad).sqrt();
    let windows = 16.0 * track.len() as f64;
    let coarse = parts * windows * slack * (-level).exp();
    if coarse < SURE {
        return coarse;
    }
    let mut tails = Tails::new(law, dispersion, level);
    let mut chance = |start, end| parts * tails.of(track.exposure(start, end));
    let mut add = |every: usize, limit: f64| {
        let (mut sum, mut number) = (0.0, 0_usize);
        each_window(track, best.family, |start, end| {
            number += 1;
            if !number.is_multiple_of(every) {
                return ControlFlow::Continue(());
            }
            sum += chance(start, end);
            stop_at(sum, limit)
        });
        sum
    };
    // Most series have nothing to tell, which a sample of the windows shows. To call them 1 is
    // on the safe side. A low limit the whole sum reaches before a sample tells anything, and any
    // sum from the limit up says the same as 1.
    let many = best.family == Family::Inner && track.len() > 4 * SAMPLE;
    let enough = HOPELESS / SAMPLE as f64;
    if many && limit > enough && add(SAMPLE, enough) >= enough {
        return 1.0;
    }
    add(1, limit)
}

fn stop_at(sum: f64, limit: f64) -> ControlFlow<()> {
    if sum >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::law::Kind;
    use crate::stats::track::Cell;

    fn flat(n: usize) -> Track {
        let cell = |place| Cell { place, bad: 1.0, exposure: 10.0 };
        Track::new(Kind::Share, (0..n).map(cell))
    }

    #[test]
    fn the_grid_is_linear_and_inside() {
        for n in [2, 3, 9, 10, 17, 100, 2000] {
            let mut count = 0;
            each_window(&flat(n), Family::Inner, |start, end| {
                assert!(0 < start && start < end && end < n);
                count += 1;
                ControlFlow::Continue(())
            });
            assert!(count <= 16 * n, "{count} windows of {n}");
            let track = flat(n);
            let splits = track.splits();
            assert!(splits.iter().all(|&at| 0 < at && at < n) && !splits.is_empty());
        }
        assert!(flat(2000).splits().len() < 120);
    }

    #[test]
    fn every_short_window_is_in_the_grid() {
        let mut seen = std::collections::BTreeSet::new();
        each_window(&flat(12), Family::Inner, |start, end| {
            assert!(seen.insert((start, end)), "twice");
            ControlFlow::Continue(())
        });
        for start in 1..11 {
            for end in start + 1..=(start + 8).min(11) {
                assert!(seen.contains(&(start, end)));
            }
        }
    }

    fn small_series() -> impl Strategy<Value = Track> {
        let cells = prop::collection::vec((0u32..4, 1u32..40), 2..120);
        (cells, any::<bool>()).prop_map(|(cells, share)| {
            let kind = if share { Kind::Share } else { Kind::Volume };
            let cell = |(place, (bad, exposure)): (usize, (u32, u32))| Cell {
                place,
                bad: f64::from(if share { bad.min(exposure) } else { bad }),
                exposure: f64::from(exposure),
            };
            Track::new(kind, cells.into_iter().enumerate().map(cell))
        })
    }

    proptest! {
        /// A low ceiling is another way to the same answer.
        #[test]
        fn a_ceiling_hides_only_what_is_above(track in small_series(), ceiling in 1e-6..0.2_f64,
                                              dispersion in 1.0..4.0_f64) {
            prop_assume!(track.can_shift());
            let families = [Family::Late, Family::Early, Family::Inner];
            let found: Vec<Best> = families.into_iter().filter_map(|f| best(&track, f)).collect();
            let (all, below) =
                (p_value(&track, &found, dispersion, 1.0), p_value(&track, &found, dispersion, ceiling));
            if all < ceiling {
                prop_assert_eq!(all.to_bits(), below.to_bits());
            } else {
                prop_assert!(below >= ceiling);
            }
        }
    }
}
