//! How bad events fall into a window when nothing happened.
//!
//! Everything is conditional on the totals, so traffic rhythm, its size and the base rate drop
//! out: given all bad events, how many of them fall in a window of known exposure is
//! hypergeometric where the exposure is counted (a share) and binomial where it is only
//! weighed (a volume). The statistic is the log likelihood ratio of M. Kulldorff, *A spatial
//! scan statistic*, Commun. Stat. Theory Methods 26 (1997), in its Bernoulli and Poisson form.

use super::special::{deviance, deviance_with, stirling_rest};

/// Terms of a tail that are summed before the rest is bounded by the geometric series.
const EXACT_TERMS: usize = 24;

/// What the exposure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Counted trials, each bad or not.
    Share,
    /// Weights only.
    Volume,
}

/// The totals everything is conditional on; real, because a dispersion may divide them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Law {
    pub(super) kind: Kind,
    /// All bad events.
    pub(super) bad: f64,
    /// All exposure, more than 0.
    pub(super) exposure: f64,
    /// Are counts whole numbers? Not after a division.
    whole: bool,
}

impl Law {
    pub(super) fn new(kind: Kind, bad: f64, exposure: f64) -> Self {
        Self { kind, bad, exposure, whole: true }
    }

    /// The law of clumps: `dispersion` events that always come together count as one, and so do
    /// that many trials. Log likelihood ratios shrink by exactly this factor.
    pub(super) fn of_clumps(&self, dispersion: f64) -> Self {
        if dispersion <= 1.0 {
            return *self;
        }
        Self {
            bad: self.bad / dispersion,
            exposure: self.scaled(self.exposure, dispersion),
            whole: false,
            ..*self
        }
    }

    /// An exposure under [`Law::of_clumps`]: trials shrink, weights do not.
    pub(super) fn scaled(&self, exposure: f64, dispersion: f64) -> f64 {
        match self.kind {
            Kind::Share => exposure / dispersion.max(1.0),
            Kind::Volume => exposure,
        }
    }

    /// The cells of the table as (seen, expected); for a volume there are only two.
    fn cells(&self, bad: f64, exposure: f64) -> ([(f64, f64); 4], usize) {
        let inside = exposure / self.exposure;
        let outside = (self.exposure - exposure).max(0.0) / self.exposure;
        let good = (self.exposure - self.bad).max(0.0);
        let rest = (self.exposure - exposure - self.bad + bad).max(0.0);
        let cells = [
            (bad, self.bad * inside),
            ((self.bad - bad).max(0.0), self.bad * outside),
            ((exposure - bad).max(0.0), good * inside),
            (rest, good * outside),
        ];
        (cells, if self.kind == Kind::Share { 4 } else { 2 })
    }

    /// Log likelihood ratio of "another rate inside" against "one rate", either direction.
    fn fit(&self, bad: f64, exposure: f64) -> f64 {
        let (cells, used) = self.cells(bad, exposure);
        cells.iter().take(used).map(|&(seen, mean)| deviance(seen, mean)).sum()
    }

    /// Log likelihood ratio where the rate inside is higher, else 0. Never NaN or infinite.
    pub(super) fn ratio(&self, bad: f64, exposure: f64) -> f64 {
        if bad <= self.bad * (exposure / self.exposure) || exposure >= self.exposure {
            return 0.0;
        }
        let fit = self.fit(bad, exposure);
        if fit.is_finite() { fit } else { 0.0 }
    }

    /// Harmonic sum of the expected cells: nearly the variance of the count inside.
    fn spread(&self, exposure: f64) -> f64 {
        let inside = exposure / self.exposure;
        let all = self.bad * inside * (1.0 - inside);
        match self.kind {
            Kind::Share => all * (1.0 - self.bad / self.exposure),
            Kind::Volume => all,
        }
    }

    /// Chance that a window of this exposure alone reaches a log likelihood ratio of `level`.
    pub(super) fn tail(&self, exposure: f64, level: f64) -> f64 {
        let most = match self.kind {
            Kind::Share => self.bad.min(exposure),
            Kind::Volume => self.bad,
        };
        let mean = self.bad * (exposure / self.exposure);
        // What was seen must count as reached in spite of rounding.
        let level = level * (1.0 - 1e-9) - 1e-12;
        if level <= 0.0 {
            return 1.0;
        }
        if mean >= most || self.fit(most, exposure) < level {
            return 0.0;
        }
        let border = self.border(exposure, level, mean, most);
        let from =
            if self.whole { (border - 1e-6 - border * 1e-9).ceil().min(most) } else { border };
        self.sum_from(from, exposure, most)
    }

    /// The count above `mean` at which the ratio is `level`: Newton's method on a convex
    /// function, kept inside a bracket.
    fn border(&self, exposure: f64, level: f64, mean: f64, most: f64) -> f64 {
        let (mut low, mut high) = (mean, most);
        let mut at = (mean + (2.0 * level * self.spread(exposure)).sqrt()).min(0.5 * (mean + most));
        for _ in 0..60 {
            let (cells, used) = self.cells(at, exposure);
            let mut fit = -level;
            let mut slope = 0.0;
            for (i, &(seen, expected)) in cells.iter().take(used).enumerate() {
                let log = (seen / expected).ln();
                fit += deviance_with(seen, expected, || log);
                let sign = if i == 0 || i == 3 { 1.0 } else { -1.0 };
                slope += sign * log;
            }
            if fit < 0.0 {
                low = at;
            } else {
                high = at;
            }
            let step = fit / slope;
            let next = at - step;
            let inside = next.is_finite() && next > low && next < high;
            let next = if inside { next } else { 0.5 * (low + high) };
            if (next - at).abs() <= 1e-10 * (1.0 + at) {
                return next;
            }
            at = next;
        }
        at
    }

    /// Sum of the point probabilities from `from` up; never too small.
    fn sum_from(&self, from: f64, exposure: f64, most: f64) -> f64 {
        let mut term = self.point(from, exposure);
        let (mut sum, mut at) = (term, from);
        for _ in 0..EXACT_TERMS {
            if at + 1.0 > most || term <= sum * 1e-9 {
                return sum.min(1.0);
            }
            term *= self.next(at, exposure);
            sum += term;
            at += 1.0;
        }
        let last = self.next(at, exposure);
        if last < 1.0 { (sum + term * last / (1.0 - last)).min(1.0) } else { 1.0 }
    }

    /// Probability of exactly `bad` inside (C. Loader's form: no factorials).
    fn point(&self, bad: f64, exposure: f64) -> f64 {
        let (cells, used) = self.cells(bad, exposure);
        let free: f64 = cells
            .iter()
            .take(used)
            .map(|&(seen, mean)| deviance(seen, mean) + stirling_rest(seen))
            .sum();
        let fixed = match self.kind {
            Kind::Volume => stirling_rest(self.bad),
            Kind::Share => {
                stirling_rest(exposure)
                    + stirling_rest(self.exposure - exposure)
                    + stirling_rest(self.bad)
                    + stirling_rest(self.exposure - self.bad)
                    - stirling_rest(self.exposure)
            }
        };
        (fixed - free).exp().min(1.0)
    }

    /// Probability of one more, relative to exactly `bad`.
    fn next(&self, bad: f64, exposure: f64) -> f64 {
        let odds = (self.bad - bad) / (bad + 1.0);
        let ratio = match self.kind {
            Kind::Volume => odds * (exposure / (self.exposure - exposure)),
            Kind::Share => {
                odds * ((exposure - bad) / (self.exposure - exposure - self.bad + bad + 1.0))
            }
        };
        if ratio.is_finite() { ratio.max(0.0) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::tails::{binomial_at_least, hypergeometric_at_least};

    proptest! {
        /// The tail of the ratio is the tail of the count: Fisher's and the binomial test. Below
        /// 1e-300 numbers lose their digits.
        #[test]
        fn tail_is_exact(all in 10u64..3000, bad in 1u64..200, window in 1u64..1500, seen in 1u64..200) {
            prop_assume!(window < all && bad < all && seen <= bad);
            let share = Law::new(Kind::Share, bad as f64, all as f64);
            let level = share.ratio(seen as f64, window as f64);
            if level > 0.0 && seen <= window {
                let exact = hypergeometric_at_least(seen, window, bad, all);
                let found = share.tail(window as f64, level);
                prop_assert!(found + 1e-300 >= exact * (1.0 - 1e-6) && found <= exact * 1.3 + 1e-300, "{found} {exact}");
            }
            let volume = Law::new(Kind::Volume, bad as f64, all as f64);
            let level = volume.ratio(seen as f64, window as f64);
            if level > 0.0 {
                let exact = binomial_at_least(seen, bad, window as f64 / all as f64);
                let found = volume.tail(window as f64, level);
                prop_assert!(found + 1e-300 >= exact * (1.0 - 1e-6) && found <= exact * 1.3 + 1e-300, "{found} {exact}");
            }
        }

        #[test]
        fn never_nan(bad in 0.0..1e19_f64, more in 1e-3..1e19_f64, part in 0.0..1.0_f64, seen in 0.0..1.0_f64,
                     level in 0.0..1e20_f64, clump in 1.0..1e6_f64) {
            for kind in [Kind::Share, Kind::Volume] {
                let law = Law::new(kind, bad, bad + more);
                let window = law.exposure * part;
                let ratio = law.ratio(seen * bad.min(window), window);
                prop_assert!(ratio.is_finite() && ratio >= 0.0);
                for law in [law, law.of_clumps(clump)] {
                    let tail = law.tail(law.scaled(window, clump), level);
                    prop_assert!((0.0..=1.0).contains(&tail), "{tail}");
                }
            }
        }
    }
}
