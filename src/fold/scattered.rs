//! Which messages have rows in more than one place?
//!
//! Exports list the rows of a message one behind the other. Where all of them stand so, they are
//! folded where they lie; only what is scattered must be brought together. To know that of every
//! message without a table of them all, two slots of two bits each count the places with rows of
//! the keys that share them: a message of which one slot counted one place has no rows elsewhere.
//! Messages that share both slots with others look scattered without being so, which costs time
//! and changes nothing.

use super::partition_of;
use crate::model::pages::filled;

/// How many places have rows of a key: none, one, more. Counts of parts add up exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scattered {
    words: Vec<u64>,
}

/// The low bit of every slot of a word.
const LOW: u64 = 0x5555_5555_5555_5555;

impl Scattered {
    /// Nothing counted yet, in about `bytes` of memory.
    pub fn new(bytes: usize) -> Self {
        Self { words: filled((bytes / size_of::<u64>()).max(1), 0) }
    }

    /// Counts one place where rows of this key stand.
    #[inline]
    pub fn stands(&mut self, key: u128) {
        let (at, slots) = self.slots(key);
        if let Some(word) = self.words.get_mut(at) {
            // A slot that counted more than one stays as it is.
            *word += slots & !(*word >> 1);
        }
    }

    /// Counts a row that stands where no other row of its message need stand.
    #[inline]
    pub fn lies_about(&mut self, key: u128) {
        let (at, slots) = self.slots(key);
        if let Some(word) = self.words.get_mut(at) {
            *word = *word & !slots | slots << 1;
        }
    }

    /// False only where all rows of this key stand in one place.
    #[inline]
    pub fn holds(&self, key: u128) -> bool {
        let (at, slots) = self.slots(key);
        self.words.get(at).is_none_or(|word| word >> 1 & slots == slots)
    }

    /// Adds what another worker counted, in as much memory.
    pub fn merge(&mut self, other: Self) {
        if self.words.is_empty() {
            *self = other;
            return;
        }
        debug_assert_eq!(self.words.len(), other.words.len());
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            let more = (*a | *b) >> 1 & LOW | *a & *b & LOW;
            let one = (*a ^ *b) & LOW & !more;
            *a = more << 1 | one;
        }
    }

    /// Both slots of a key stand in one word: its place, and the low bits of the slots.
    #[inline]
    fn slots(&self, key: u128) -> (usize, u64) {
        let slot = partition_of(key, self.words.len() * 32);
        let (first, step) = (slot % 32, 1 + (key ^ key >> 64) as usize % 31);
        (slot / 32, 1 << (first * 2) | 1 << ((first + step) % 32 * 2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn key(n: u16) -> u128 {
        u128::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
    }

    fn fill(seeds: &[(u16, bool)]) -> Scattered {
        let mut scattered = Scattered::new(64);
        for (n, alone) in seeds {
            if *alone {
                scattered.stands(key(*n));
            } else {
                scattered.lies_about(key(*n));
            }
        }
        scattered
    }

    proptest! {
        /// Any split and any order count the same, and nothing that is scattered is overlooked.
        #[test]
        fn parts_add_up(
            seeds in proptest::collection::vec((0u16..200, any::<bool>()), 0..300),
            cut in 0usize..300,
            turn in 0usize..300,
        ) {
            let whole = fill(&seeds);
            let (left, right) = seeds.split_at(cut.min(seeds.len()));
            let mut sum = fill(right);
            sum.merge(fill(left));
            sum.merge(Scattered::new(64));
            prop_assert_eq!(&sum, &whole);
            let mut turned = seeds.clone();
            turned.rotate_left(turn.min(seeds.len()));
            prop_assert_eq!(&fill(&turned), &whole);
            let mut places: BTreeMap<u16, u32> = BTreeMap::new();
            for (n, alone) in &seeds {
                *places.entry(*n).or_default() += if *alone { 1 } else { 2 };
            }
            for (n, places) in places {
                prop_assert!(places < 2 || whole.holds(key(n)));
            }
        }
    }

    /// About one in a hundred where there is one word for a message, as for a million messages in
    /// half an eighth of 192 MiB.
    #[test]
    fn messages_in_as_many_words_seldom_look_scattered() {
        let mut scattered = Scattered::new(10_000 * size_of::<u64>());
        (0..10_000).for_each(|n| scattered.stands(key(n)));
        let wrong = (0..10_000).filter(|n| scattered.holds(key(*n))).count();
        assert!(wrong < 150, "{wrong}");
    }
}
