//! Many questions at once: the false discovery rate (Y. Benjamini & Y. Hochberg, J. R. Stat.
//! Soc. B 57, 1995).
//!
//! The p-values of entities that share mail are positively dependent, under which the procedure
//! keeps its promise (Benjamini & Yekutieli 2001).

/// Which of the hypotheses may be called discoveries if a share `q` of the discoveries may be
/// false. In the order given; a p-value that is no number is never a discovery.
#[must_use]
pub fn benjamini_hochberg(p: &[f64], q: f64) -> Vec<bool> {
    adjusted(p).into_iter().map(|value| value <= q).collect()
}

/// Adjusted p-values: the least `q` at which each hypothesis would be a discovery. In the order
/// given; a p-value that is no number counts as 1.
#[must_use]
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    let value = |at: usize| {
        let raw = p.get(at).copied().unwrap_or(1.0);
        if raw.is_nan() { 1.0 } else { raw.clamp(0.0, 1.0) }
    };
    order.sort_by(|&a, &b| value(a).total_cmp(&value(b)).then(a.cmp(&b)));
    let mut out = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (rank, &at) in order.iter().enumerate().rev() {
        least = least.min(value(at) * (p.len() as f64 / (rank as f64 + 1.0)));
        if let Some(slot) = out.get_mut(at) {
            *slot = least;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of the 1995 paper (15 comparisons): four discoveries at q = 0.05.
    #[test]
    fn the_paper() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.000,
        ];
        let found = benjamini_hochberg(&p, 0.05);
        assert_eq!(found.iter().filter(|&&is| is).count(), 4);
        assert!(found.iter().take(4).all(|&is| is));
    }

    /// R: `p.adjust(c(0.01, 0.02, 0.03, 0.04), "BH")` is 0.04 four times.
    #[test]
    fn adjusted_as_in_r() {
        for value in adjusted(&[0.04, 0.01, 0.03, 0.02]) {
            assert!((value - 0.04).abs() < 1e-15);
        }
        assert!(adjusted(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn adjusting_never_lowers_and_keeps_order(p in prop::collection::vec(-0.5..1.5_f64, 0..40)) {
            let out = adjusted(&p);
            for (i, (&raw, &new)) in p.iter().zip(&out).enumerate() {
                prop_assert!((0.0..=1.0).contains(&new) && new >= raw.clamp(0.0, 1.0) - 1e-15);
                for (&other, &after) in p.iter().zip(&out).skip(i + 1) {
                    if raw <= other { prop_assert!(new <= after); } else { prop_assert!(new >= after); }
                }
            }
        }

        #[test]
        fn no_number_is_no_discovery(p in prop::collection::vec(0.0..1.0_f64, 0..10)) {
            let mut with = p.clone();
            with.push(f64::NAN);
            prop_assert_eq!(benjamini_hochberg(&with, 0.5).last().copied(), Some(false));
        }
    }
}
