//! The special functions behind the tests: gamma, beta and the normal law.
//!
//! Powers and factorials are never formed; everything goes through Loader's deviance `bd0` and
//! the remainder of Stirling's formula (C. Loader, *Fast and Accurate Computation of Binomial
//! Probabilities*, 2000), so counts up to `u64::MAX` neither overflow nor cancel.

use std::f64::consts::{LN_2, PI, SQRT_2};
use std::sync::LazyLock;

/// Above this shape the iterations (about the square root of the shape) give way to the first
/// order of a uniform expansion, whose relative error is then far below any printed digit.
const LARGE_SHAPE: f64 = 1e8;
const MAX_STEPS: usize = 200_000;
const TINY: f64 = 1e-300;

/// Natural logarithm of the gamma function; `+inf` for `x <= 0`, where nobody asks.
///
/// Stirling's series (Abramowitz & Stegun 6.1.41) after the recurrence 6.1.15.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::INFINITY;
    }
    if x > 1e300 {
        return x * (x.ln() - 1.0);
    }
    let mut shifted = x;
    let mut product = 1.0;
    while shifted < 16.0 {
        product *= shifted;
        shifted += 1.0;
    }
    let stirling = (shifted - 0.5) * shifted.ln() - shifted + 0.5 * (2.0 * PI).ln();
    stirling + stirling_series(shifted) - product.ln()
}

/// The correction series of Stirling's formula, for `x >= 16`.
fn stirling_series(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)))
}

/// `ln x! - (x ln x - x)`: what Stirling's leading term leaves; 0 at 0. Never large.
pub(super) fn stirling_rest(x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x < 16.0 {
        // Most counts are small and whole.
        if x.fract() == 0.0 { SMALL_RESTS[x as usize] } else { small_rest(x) }
    } else {
        0.5 * (2.0 * PI * x).ln() + stirling_series(x)
    }
}

/// [`stirling_rest`] of a number above 0 and below 16.
fn small_rest(x: f64) -> f64 {
    ln_gamma(x + 1.0) - x * x.ln() + x
}

/// [`small_rest`] of 0 (which has none) to 15.
static SMALL_RESTS: LazyLock<[f64; 16]> =
    LazyLock::new(|| std::array::from_fn(|x| if x == 0 { 0.0 } else { small_rest(x as f64) }));

/// Loader's deviance `x ln(x / mean) + mean - x`, without cancellation where `x` is near `mean`.
pub(super) fn deviance(x: f64, mean: f64) -> f64 {
    deviance_with(x, mean, || (x / mean).ln())
}

/// [`deviance`] where `ln(x / mean)` may be known.
pub(super) fn deviance_with(x: f64, mean: f64, log: impl Fn() -> f64) -> f64 {
    if x <= 0.0 {
        return mean.max(0.0);
    }
    if mean <= 0.0 {
        return f64::INFINITY;
    }
    let gap = x - mean;
    if gap.abs() >= 0.1 * (x + mean) {
        return (x * log() - gap).max(0.0);
    }
    let ratio = gap / (x + mean);
    let square = ratio * ratio;
    let mut sum = gap * ratio;
    let mut term = 2.0 * x * ratio;
    for step in 1..1000 {
        term *= square;
        let next = sum + term / f64::from(2 * step + 1);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum.max(0.0)
}

/// Regularised lower incomplete gamma `P(shape, x)` (Abramowitz & Stegun 6.5.1).
#[must_use]
pub fn gamma_p(shape: f64, x: f64) -> f64 {
    gamma_both(shape, x).0
}

/// Regularised upper incomplete gamma `Q(shape, x) = 1 - P(shape, x)`, exact in the far tail.
#[must_use]
pub fn gamma_q(shape: f64, x: f64) -> f64 {
    gamma_both(shape, x).1
}

fn gamma_both(shape: f64, x: f64) -> (f64, f64) {
    if shape.is_nan() || x.is_nan() || shape <= 0.0 || x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if x <= 0.0 || shape == f64::INFINITY {
        return (0.0, 1.0);
    }
    if shape > LARGE_SHAPE {
        return gamma_large(shape, x);
    }
    // The Poisson probability of `shape` events where `x` are expected.
    let point = (-deviance(shape, x) - stirling_rest(shape)).exp();
    if x < shape + 1.0 {
        let lower = (point * gamma_series(shape, x)).clamp(0.0, 1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (point * shape * gamma_fraction(shape, x)).clamp(0.0, 1.0);
        (1.0 - upper, upper)
    }
}

/// Series 6.5.29, without its leading factor.
fn gamma_series(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut at) = (1.0, 1.0, shape);
    for _ in 0..MAX_STEPS {
        at += 1.0;
        term *= x / at;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// Continued fraction 6.5.31 by the modified Lentz method, without its leading factor.
fn gamma_fraction(shape: f64, x: f64) -> f64 {
    let mut base = x + 1.0 - shape;
    let mut upper = 1.0 / TINY;
    let mut lower = 1.0 / nonzero(base);
    let mut value = lower;
    for step in 1..MAX_STEPS {
        let step = step as f64;
        let factor = -step * (step - shape);
        base += 2.0;
        lower = 1.0 / nonzero(factor * lower + base);
        upper = nonzero(base + factor / upper);
        let change = lower * upper;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// First order of Temme's uniform expansion (SIAM J. Math. Anal. 10, 1979).
fn gamma_large(shape: f64, x: f64) -> (f64, f64) {
    let excess = x / shape - 1.0;
    let eta = (2.0 * deviance(shape, x) / shape).sqrt().copysign(excess);
    let rest = if excess.abs() < 1e-4 { eta / 12.0 - 1.0 / 3.0 } else { 1.0 / excess - 1.0 / eta };
    let root = eta * shape.sqrt();
    let shift = rest * (-0.5 * root * root).exp() / (2.0 * PI * shape).sqrt();
    let lower = (normal_cdf(root) - shift).clamp(0.0, 1.0);
    (lower, (normal_sf(root) + shift).clamp(0.0, 1.0))
}

fn nonzero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

/// Regularised incomplete beta `I_x(a, b)` (Abramowitz & Stegun 26.5.1); `x` is clamped to 0..1.
#[must_use]
pub fn beta_i(x: f64, a: f64, b: f64) -> f64 {
    if x.is_nan() || x <= 0.0 || a.is_nan() || b.is_nan() || b <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 || a <= 0.0 {
        return 1.0;
    }
    let both = a + b;
    let fit = deviance(a, both * x) + deviance(b, both * (1.0 - x));
    if both > 10.0 * LARGE_SHAPE && a.min(b) > 1e4 {
        let root = (2.0 * fit).sqrt().copysign(x - a / both);
        return normal_cdf(root);
    }
    let front =
        (a * b / both) * (stirling_rest(both) - stirling_rest(a) - stirling_rest(b) - fit).exp();
    if x < (a + 1.0) / (both + 2.0) {
        (front * beta_fraction(x, a, b) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - front * beta_fraction(1.0 - x, b, a) / b).clamp(0.0, 1.0)
    }
}

/// Continued fraction 26.5.8 by the modified Lentz method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let both = a + b;
    let mut upper = 1.0;
    let mut lower = 1.0 / nonzero(1.0 - both * x / (a + 1.0));
    let mut value = lower;
    for step in 1..MAX_STEPS {
        let step = step as f64;
        let even = step * (b - step) * x / ((a + 2.0 * step - 1.0) * (a + 2.0 * step));
        lower = 1.0 / nonzero(1.0 + even * lower);
        upper = nonzero(1.0 + even / upper);
        value *= lower * upper;
        let odd = -(a + step) * (both + step) * x / ((a + 2.0 * step) * (a + 2.0 * step + 1.0));
        lower = 1.0 / nonzero(1.0 + odd * lower);
        upper = nonzero(1.0 + odd / upper);
        let change = lower * upper;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// Standard normal distribution function.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Standard normal survival function, exact in the far tail.
#[must_use]
pub fn normal_sf(z: f64) -> f64 {
    if z.is_nan() {
        return 1.0;
    }
    let half_square = 0.5 * z * z;
    if z >= 0.0 { 0.5 * gamma_q(0.5, half_square) } else { 0.5 * (1.0 + gamma_p(0.5, half_square)) }
}

/// Standard normal quantile: the `z` with `normal_cdf(z) = p`; `p` outside 0..1 gives the ends.
///
/// Bisection on the distribution function: it is called a handful of times per report.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let tail = p.min(1.0 - p);
    let reach = SQRT_2 * (-tail.ln() + LN_2).sqrt() + 1.0;
    let z = bisect(0.0, reach, |z| normal_sf(z) > tail);
    if p < 0.5 { -z } else { z }
}

/// Chi-square survival function: the chance of a statistic of at least `x` on `df` degrees.
#[must_use]
pub fn chi_square_sf(x: f64, df: f64) -> f64 {
    if df.is_nan() || df <= 0.0 || x.is_nan() || x <= 0.0 {
        return 1.0;
    }
    gamma_q(0.5 * df, 0.5 * x)
}

/// The point below which a gamma variable of this shape (scale 1) falls with probability `p`.
pub(super) fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if shape <= 0.0 || p <= 0.0 {
        return 0.0;
    }
    let mut high = shape + 10.0 * shape.sqrt() + 10.0;
    while gamma_q(shape, high) > 1.0 - p && high < 1e30 {
        high *= 2.0;
    }
    bisect(0.0, high, |x| gamma_p(shape, x) < p)
}

/// The border in `low..high` at which `below` turns false.
fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, expected: f64) {
        let gap = (found - expected).abs();
        assert!(gap <= 1e-12 * expected.abs().max(1e-300), "{found} is not {expected}");
    }

    /// Abramowitz & Stegun, tables 6.1 and 6.4 (ln Γ(1/2) = ln √π, Γ(n) = (n-1)!).
    #[test]
    fn gamma_matches_the_tables() {
        close(ln_gamma(0.5), 0.572_364_942_924_700_1);
        close(ln_gamma(1.5), -0.120_782_237_635_245_22);
        close(ln_gamma(10.0), 12.801_827_480_081_469);
        close(ln_gamma(100.0), 359.134_205_369_575_4);
        assert!(ln_gamma(1.0).abs() < 1e-14 && ln_gamma(2.0).abs() < 1e-14);
    }

    /// Abramowitz & Stegun table 26.1; the far tail from R's `pnorm(z, lower.tail = FALSE)`.
    #[test]
    fn normal_matches_the_tables() {
        close(normal_cdf(1.96), 0.975_002_104_851_779_5);
        close(normal_sf(3.0), 0.001_349_898_031_630_094_6);
        close(normal_sf(6.0), 9.865_876_450_376_946e-10);
        close(normal_sf(10.0), 7.619_853_024_160_527e-24);
        close(normal_quantile(0.975), 1.959_963_984_540_054);
        close(normal_quantile(0.005), -2.575_829_303_548_901);
    }

    /// Abramowitz & Stegun table 26.8, upper 5 % and 1 % points.
    #[test]
    fn chi_square_matches_the_tables() {
        for (x, df, tail) in [
            (3.841_458_820_694_124, 1.0, 0.05),
            (5.991_464_547_107_979, 2.0, 0.05),
            (18.307_038_053_275_146, 10.0, 0.05),
            (6.634_896_601_021_214, 1.0, 0.01),
        ] {
            close(chi_square_sf(x, df), tail);
        }
    }

    /// Exact fractions: I_x(k, n-k+1) is a binomial tail (Abramowitz & Stegun 26.5.24).
    #[test]
    fn beta_matches_exact_fractions() {
        close(beta_i(0.5, 2.0, 3.0), 0.6875);
        close(beta_i(0.3, 2.0, 5.0), 0.579_825);
        close(beta_i(0.5, 8.0, 3.0), 56.0 / 1024.0);
        close(beta_i(0.5, 1e6, 1e6), 0.5);
    }

    #[test]
    fn large_shapes_join_smoothly() {
        let (below, above) = (0.999 * LARGE_SHAPE, 1.001 * LARGE_SHAPE);
        for z in [-3.0, -0.5, 0.0, 0.5, 3.0] {
            let at = |shape: f64| gamma_q(shape, shape + z * shape.sqrt());
            assert!((at(below) / at(above) - 1.0).abs() < 1e-6);
        }
    }

    proptest! {
        #[test]
        fn probabilities_stay_probabilities(a in 0.0..1e19_f64, b in 0.0..1e19_f64, x in -1.0..2.0_f64) {
            for value in [beta_i(x, a, b), gamma_p(a, b), gamma_q(a, b), normal_sf(x * 30.0),
                          chi_square_sf(a, b)] {
                prop_assert!((0.0..=1.0).contains(&value));
            }
        }
    }
}
