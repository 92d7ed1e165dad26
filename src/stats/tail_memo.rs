//! Tails of one law at one level, each worked out once.

use super::law::Law;

/// Tail probabilities by exposure. Windows by the ten thousand have nearly the same exposure: it is
/// taken to 6 bits, and the tail of each such exposure is worked out once.
pub(super) struct Tails<'a> {
    law: &'a Law,
    dispersion: f64,
    level: f64,
    /// By the last bits of the key: key and tail. What another key took the place of is worked out
    /// again, to the same number.
    known: Vec<(u64, f64)>,
}

impl<'a> Tails<'a> {
    const BITS: u32 = f64::MANTISSA_DIGITS - 1 - 6;
    /// Eight doublings of the exposure.
    const SLOTS: usize = 1 << 9;

    pub(super) fn new(law: &'a Law, dispersion: f64, level: f64) -> Self {
        Self { law, dispersion, level, known: vec![(u64::MAX, 0.0); Self::SLOTS] }
    }

    /// Counts are whole, and the tail has steps: the larger one of both neighbours is on the safe
    /// side, whichever side of a step the exposure is on.
    pub(super) fn of(&mut self, exposure: f64) -> f64 {
        let key = exposure.to_bits() >> Self::BITS;
        self.at(key).max(self.at(key + 1))
    }

    fn at(&mut self, key: u64) -> f64 {
        let slot = &mut self.known[key as usize & (Self::SLOTS - 1)];
        if slot.0 != key {
            let exposure = f64::from_bits(key << Self::BITS);
            let exposure = self.law.scaled(exposure, self.dispersion);
            *slot = (key, self.law.tail(exposure, self.level));
        }
        slot.1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::law::Kind;

    proptest! {
        /// Also where two exposures take turns in one slot.
        #[test]
        fn a_tail_that_is_known_is_the_tail(bad in 1u32..200, more in 1u32..100_000, share in any::<bool>(),
                                            exposures in prop::collection::vec(1e-3..1.0_f64, 1..60),
                                            level in 0.1..20.0_f64, dispersion in 1.0..4.0_f64) {
            let kind = if share { Kind::Share } else { Kind::Volume };
            let law = Law::new(kind, f64::from(bad), f64::from(bad + more)).of_clumps(dispersion);
            let mut tails = Tails::new(&law, dispersion, level);
            for part in exposures.iter().chain(&exposures).flat_map(|part| [*part, part / 256.0]) {
                let exposure = f64::from(bad + more) * part;
                let tail = |bits: u64| law.tail(law.scaled(f64::from_bits(bits), dispersion), level);
                let low = exposure.to_bits() >> Tails::BITS << Tails::BITS;
                let plain = tail(low).max(tail(low + (1 << Tails::BITS)));
                prop_assert_eq!(tails.of(exposure).to_bits(), plain.to_bits());
            }
        }
    }
}
