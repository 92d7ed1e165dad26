//! Confidence intervals for shares, counts and their differences.

use super::special::{gamma_quantile, normal_quantile};

/// The level of every interval this room hands out on its own.
pub const LEVEL: f64 = 0.95;

/// Wilson's score interval for the share `bad / total` (E. B. Wilson, J. Am. Stat. Assoc. 22,
/// 1927). Without any observation the share may be anything: `(0, 1)`.
#[must_use]
pub fn wilson(bad: u64, total: u64, level: f64) -> (f64, f64) {
    wilson_real(bad.min(total) as f64, total as f64, level)
}

/// [`wilson`] for counts that were divided by a dispersion.
pub(super) fn wilson_real(bad: f64, total: f64, level: f64) -> (f64, f64) {
    if total.is_nan() || total <= 0.0 {
        return (0.0, 1.0);
    }
    let z = two_sided(level);
    let share = (bad / total).clamp(0.0, 1.0);
    let square = z * z / total;
    let middle = (share + 0.5 * square) / (1.0 + square);
    let half = z * (share * (1.0 - share) / total + 0.25 * square / total).sqrt() / (1.0 + square);
    // At the ends the formula is exact only up to rounding.
    let low = if bad <= 0.0 { 0.0 } else { (middle - half).clamp(0.0, share) };
    let high = if bad >= total { 1.0 } else { (middle + half).clamp(share, 1.0) };
    (low, high)
}

/// Garwood's exact interval for the mean of a Poisson count (F. Garwood, Biometrika 28, 1936).
#[must_use]
pub fn poisson(count: u64, level: f64) -> (f64, f64) {
    poisson_real(count as f64, level)
}

/// [`poisson`] for counts that were divided by a dispersion.
pub(super) fn poisson_real(count: f64, level: f64) -> (f64, f64) {
    let tail = 0.5 * (1.0 - sane(level));
    (gamma_quantile(count, tail), gamma_quantile(count + 1.0, 1.0 - tail))
}

/// Interval of a difference from the intervals of its two parts: the hybrid score method of
/// Newcombe (Stat. Med. 17, 1998, method 10), in the general form of Zou & Donner (2008).
pub(super) fn difference(
    (first, first_range): (f64, (f64, f64)),
    (second, second_range): (f64, (f64, f64)),
) -> (f64, f64) {
    let gap = first - second;
    let low = (first - first_range.0).hypot(second_range.1 - second);
    let high = (first_range.1 - first).hypot(second - second_range.0);
    (gap - low, gap + high)
}

fn two_sided(level: f64) -> f64 {
    normal_quantile(0.5 + 0.5 * sane(level))
}

/// Levels outside of what an interval can have are brought back to it.
fn sane(level: f64) -> f64 {
    if level.is_nan() { LEVEL } else { level.clamp(0.0, 0.999_999) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(found: (f64, f64), expected: (f64, f64), gap: f64) {
        let off = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
        assert!(off <= gap, "{found:?} is not {expected:?}");
    }

    /// Newcombe, Stat. Med. 17 (1998) 857, table I, method 3.
    #[test]
    fn wilson_matches_newcombe() {
        near(wilson(81, 263, 0.95), (0.2553, 0.3662), 5e-5);
        near(wilson(15, 148, 0.95), (0.0624, 0.1605), 5e-5);
        near(wilson(0, 20, 0.95), (0.0, 0.1611), 5e-5);
        near(wilson(1, 29, 0.95), (0.0061, 0.1718), 5e-5);
    }

    /// Garwood's 95 % limits as printed in the usual tables (for example Ulm 1990).
    #[test]
    fn poisson_matches_garwood() {
        near(poisson(0, 0.95), (0.0, 3.689), 5e-4);
        near(poisson(1, 0.95), (0.0253, 5.572), 5e-4);
        near(poisson(5, 0.95), (1.623, 11.668), 5e-4);
        near(poisson(10, 0.95), (4.795, 18.390), 5e-4);
        near(poisson(20, 0.95), (12.217, 30.888), 5e-4);
    }

    /// Newcombe, Stat. Med. 17 (1998) 873, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10.
    #[test]
    fn difference_matches_newcombe() {
        let part = |bad: u64, total: u64| (bad as f64 / total as f64, wilson(bad, total, 0.95));
        near(difference(part(56, 70), part(48, 80)), (0.0524, 0.3339), 5e-5);
        near(difference(part(9, 10), part(3, 10)), (0.1705, 0.8090), 5e-5);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn intervals_hold_their_estimate(bad in any::<u64>(), total in any::<u64>(),
                                         level in -1.0..2.0_f64) {
            let (low, high) = wilson(bad, total, level);
            prop_assert!(0.0 <= low && low <= high && high <= 1.0);
            let (low, high) = poisson(bad >> (total % 64), level);
            prop_assert!(0.0 <= low && low <= high && high.is_finite());
        }
    }
}
