//! Tail probabilities of counts, stable from single events to `u64::MAX`.

use super::special::{beta_i, deviance, gamma_p, gamma_q, stirling_rest};

/// Chance of at least `k` bad among `n` when each is bad with probability `p`.
#[must_use]
pub fn binomial_at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n {
        return 0.0;
    }
    beta_i(p, k as f64, (n - k) as f64 + 1.0)
}

/// Chance of at most `k` bad among `n` when each is bad with probability `p`.
#[must_use]
pub fn binomial_at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    // The mirrored form keeps its digits where the answer is small.
    beta_i(1.0 - p, (n - k) as f64, k as f64 + 1.0)
}

/// Chance of at least `k` events where `mean` are expected.
#[must_use]
pub fn poisson_at_least(k: u64, mean: f64) -> f64 {
    if k == 0 { 1.0 } else { gamma_p(k as f64, mean.max(0.0)) }
}

/// Chance of at most `k` events where `mean` are expected.
#[must_use]
pub fn poisson_at_most(k: u64, mean: f64) -> f64 {
    gamma_q(k as f64 + 1.0, mean.max(0.0))
}

/// Chance of at least `k` bad among `drawn` taken from `all` of which `bad` are bad: the
/// one-sided exact test of Fisher. The sum ends when its terms stop mattering.
#[must_use]
pub fn hypergeometric_at_least(k: u64, drawn: u64, bad: u64, all: u64) -> f64 {
    let (drawn, bad) = (drawn.min(all), bad.min(all));
    let least = bad.saturating_sub(all - drawn);
    if k <= least {
        return 1.0;
    }
    if k > drawn.min(bad) {
        return 0.0;
    }
    let table = Table { drawn: drawn as f64, bad: bad as f64, all: all as f64 };
    let middle = table.drawn * table.bad / table.all;
    if k as f64 > middle {
        table.sum_up(k as f64)
    } else {
        (1.0 - table.sum_down(k as f64 - 1.0)).clamp(0.0, 1.0)
    }
}

/// A two by two table with fixed margins.
struct Table {
    drawn: f64,
    bad: f64,
    all: f64,
}

impl Table {
    fn point(&self, k: f64) -> f64 {
        let (other, good) = (self.all - self.drawn, self.all - self.bad);
        let cells = [
            (k, self.drawn * (self.bad / self.all)),
            (self.drawn - k, self.drawn * (good / self.all)),
            (self.bad - k, other * (self.bad / self.all)),
            (other - self.bad + k, other * (good / self.all)),
        ];
        let fixed = stirling_rest(self.drawn)
            + stirling_rest(other)
            + stirling_rest(self.bad)
            + stirling_rest(good)
            - stirling_rest(self.all);
        let free: f64 =
            cells.iter().map(|&(seen, mean)| deviance(seen, mean) + stirling_rest(seen)).sum();
        (fixed - free).exp()
    }

    fn sum_up(&self, from: f64) -> f64 {
        let corner = self.all - self.drawn - self.bad;
        let ratio = |k: f64| (self.drawn - k) / (k + 1.0) * ((self.bad - k) / (corner + k + 1.0));
        add_terms(self.point(from), from, 1.0, ratio)
    }

    fn sum_down(&self, from: f64) -> f64 {
        let corner = self.all - self.drawn - self.bad;
        let ratio = |k: f64| k / (self.drawn - k + 1.0) * ((corner + k) / (self.bad - k + 1.0));
        add_terms(self.point(from), from, -1.0, ratio)
    }
}

/// Adds falling terms; once the ratios are small enough, or the terms too many, the rest is
/// bounded by the geometric series (ratios of this law only fall), so the sum is never too small.
fn add_terms(first: f64, from: f64, step: f64, ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut term, mut sum, mut at) = (first, first, from);
    for _ in 0..100_000 {
        let next = ratio(at);
        if next.is_nan() || next <= 0.0 || term <= sum * 1e-17 {
            return sum.clamp(0.0, 1.0);
        }
        term *= next;
        sum += term;
        at += step;
    }
    let last = ratio(at);
    if last < 1.0 { (sum + term * last / (1.0 - last)).clamp(0.0, 1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-11 * expected, "{found} is not {expected}");
    }

    /// Exact fractions of powers of two.
    #[test]
    fn binomial_exact() {
        close(binomial_at_least(8, 10, 0.5), 56.0 / 1024.0);
        close(binomial_at_most(2, 10, 0.5), 56.0 / 1024.0);
        close(binomial_at_least(20, 20, 0.5), 0.5_f64.powi(20));
        close(binomial_at_least(1, 3, 0.1), 1.0 - 0.729);
        close(binomial_at_most(0, 1000, 0.05), 0.95_f64.powi(1000));
    }

    /// R: `ppois(9, 5, lower.tail = FALSE)`, `ppois(2, 3)` = 8.5 e^-3.
    #[test]
    fn poisson_exact() {
        close(poisson_at_most(2, 3.0), 8.5 * (-3.0_f64).exp());
        assert!((poisson_at_least(10, 5.0) - 0.031_828_06).abs() < 1e-8);
        close(poisson_at_least(1, 2.0), 1.0 - (-2.0_f64).exp());
    }

    /// Fisher's lady tasting tea (The Design of Experiments, 1935): 1/70 and 17/70.
    #[test]
    fn hypergeometric_exact() {
        close(hypergeometric_at_least(4, 4, 4, 8), 1.0 / 70.0);
        close(hypergeometric_at_least(3, 4, 4, 8), 17.0 / 70.0);
        close(hypergeometric_at_least(1, 4, 4, 8), 69.0 / 70.0);
        close(hypergeometric_at_least(0, 4, 4, 8), 1.0);
    }

    proptest! {
        #[test]
        fn tails_are_probabilities_and_fall(k in 0u64..2_000, n in any::<u64>(), d in any::<u64>(),
                                            b in any::<u64>(), p in 0.0..1.0_f64) {
            let n = n >> (k % 60);
            for value in [binomial_at_least(k, n, p), binomial_at_most(k, n, p),
                          poisson_at_least(k, p * 1e3), poisson_at_most(k, p * 1e3),
                          hypergeometric_at_least(k, d, b, n)] {
                prop_assert!((0.0..=1.0).contains(&value));
            }
        }

        #[test]
        fn complements_add_up(k in 1u64..300, extra in 0u64..300, p in 0.01..0.99_f64) {
            let sum = binomial_at_least(k, k + extra, p) + binomial_at_most(k - 1, k + extra, p);
            prop_assert!((sum - 1.0).abs() < 1e-10);
            let sum = poisson_at_least(k, p * 400.0) + poisson_at_most(k - 1, p * 400.0);
            prop_assert!((sum - 1.0).abs() < 1e-10);
        }
    }
}
