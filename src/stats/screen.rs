//! A quick look at a window: can it stand out more than another one did?

use super::law::{Kind, Law};

/// More than all rounding of the bound and of the ratio it bounds.
const SLACK: f64 = 1e-6;
/// More than the rounding of a mean that was multiplied out instead of divided.
const ROUNDING: f64 = 1e-12;

/// What [`Law::ratio`] needs the logarithms of four cells for, most windows need nine
/// multiplications for: the ratio is bounded by half of Pearson's chi-square, times a little more
/// where a cell loses much of what was expected in it.
///
/// Why it is a bound: with `u = seen / mean - 1` the deviance of a cell is `mean * h(u)`,
/// `h(u) = (1 + u) ln(1 + u) - u`. Two cells gain, for which `h(u) <= u^2 / 2`; two lose, for
/// which the series `h(-u) = u^2/2 + u^3/6 + u^4/12 + ...` gives `h(-u) <= u^2 (1 + u) / 2`, as
/// `u` is at most 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen<'a> {
    law: &'a Law,
    /// Bad events per exposure.
    rate: f64,
    /// Of an exposure: its part of the whole.
    part: f64,
    /// Share of the good, 1 for a volume.
    good: f64,
}

impl<'a> Screen<'a> {
    pub(super) fn new(law: &'a Law) -> Self {
        let rate = law.bad / law.exposure;
        let good = if law.kind == Kind::Share { 1.0 - rate } else { 1.0 };
        Self { law, rate, part: 1.0 / law.exposure, good }
    }

    /// [`Law::ratio`] of a window where it is more than `least`.
    pub(super) fn above(&self, bad: f64, exposure: f64, least: f64) -> Option<f64> {
        if self.is_below(bad, exposure, least) {
            return None;
        }
        Some(self.law.ratio(bad, exposure)).filter(|ratio| *ratio > least)
    }

    /// True only where the ratio of the window is not more than `least`.
    fn is_below(&self, bad: f64, exposure: f64, least: f64) -> bool {
        let mean = exposure * self.rate;
        let gap = bad - mean + mean * ROUNDING;
        if gap <= 0.0 {
            return true;
        }
        // The smallest mean of a cell that loses the gap.
        let outside = self.law.bad - mean;
        let loser = match self.law.kind {
            Kind::Share => outside.min(exposure - mean),
            Kind::Volume => outside,
        };
        let spread = mean * (1.0 - exposure * self.part - ROUNDING) * self.good;
        // `gap^2 / spread / 2 * (1 + gap / loser) <= least`, without the divisions. Whatever is no
        // number, or no spread, is not below.
        spread > 0.0
            && loser > 0.0
            && (0.5 + SLACK) * gap * gap * (loser + gap) <= least * spread * loser
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        /// The quick way and the plain way find the same.
        #[test]
        fn what_is_screened_out_is_below(all in 1u64..3_000_000, bad in 0.0..=1.0_f64, window in 0.0..=1.0_f64,
                                         seen in 0.0..=1.0_f64, other in 0.0..2.0_f64) {
            let bad = (bad * all as f64).floor();
            let window = (window * all as f64).floor();
            // What is seen lies between what must be and what can be.
            let low = (bad + window - all as f64).max(0.0);
            let seen = (low + seen * (bad.min(window) - low)).floor();
            for kind in [Kind::Share, Kind::Volume] {
                let law = Law::new(kind, bad, all as f64);
                let screen = Screen::new(&law);
                let ratio = law.ratio(seen, window);
                for least in [0.0, ratio * other, ratio * (1.0 - 1e-9), ratio, ratio * (1.0 + 1e-9)] {
                    let plain = Some(ratio).filter(|ratio| *ratio > least);
                    prop_assert_eq!(screen.above(seen, window, least), plain);
                }
            }
        }

        /// No input makes it take what is above for below.
        #[test]
        fn any_number_goes_through(bad in 0.0..1e19_f64, more in 1e-3..1e19_f64, part in 0.0..1.0_f64,
                                   seen in 0.0..1.0_f64, least in 0.0..1e20_f64) {
            for kind in [Kind::Share, Kind::Volume] {
                let law = Law::new(kind, bad, bad + more);
                let window = law.exposure * part;
                let (seen, screen) = (seen * bad.min(window), Screen::new(&law));
                if screen.is_below(seen, window, least) {
                    prop_assert!(law.ratio(seen, window) <= least * 1.001 + 1e-3);
                }
            }
        }
    }

    /// It is worth its place: of windows with half of the best ratio, nearly all are seen through.
    #[test]
    fn it_sees_through_the_ordinary() {
        let law = Law::new(Kind::Share, 1000.0, 100_000.0);
        let screen = Screen::new(&law);
        for seen in 11..60 {
            let ratio = law.ratio(f64::from(seen), 1000.0);
            assert!(!screen.is_below(f64::from(seen), 1000.0, ratio * (1.0 - 1e-9)));
            assert!(screen.is_below(f64::from(seen), 1000.0, ratio * 2.5));
        }
    }
}
