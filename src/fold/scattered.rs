//! Which messages have rows in more than one place?
//!
//! Exports list the rows of a message one behind the other. Where all of them stand so, they are
//! folded where they lie; only what is scattered must be brought together. To know that of every
//! message without a table of them all, a slot of two bits counts the places with rows of the keys
//! that share it: a message whose slot counted one place has no rows elsewhere. Two messages in one
//! slot look scattered without being so, which costs time and changes nothing.

use super::partition_of;

/// How many places have rows of a key: none, one, more. Counts of parts add up exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scattered {
    words: Vec<u64>,
}

const SLOTS: usize = 32;
/// The low bit of every slot.
const LOW: u64 = 0x5555_5555_5555_5555;
/// The count that stays as it is.
const MORE: u64 = 2;

impl Scattered {
    /// Nothing counted yet, in about `bytes` of memory.
    pub fn new(bytes: usize) -> Self {
        Self { words: vec![0; (bytes / size_of::<u64>()).max(1)] }
    }

    /// Counts one place where rows of this key stand.
    #[inline]
    pub fn stands(&mut self, key: u128) {
        let (at, shift) = self.slot(key);
        if let Some(word) = self.words.get_mut(at)
            && *word >> shift & 3 < MORE
        {
            *word += 1 << shift;
        }
    }

    /// Counts a row that stands where no other row of its message need stand.
    #[inline]
    pub fn lies_about(&mut self, key: u128) {
        let (at, shift) = self.slot(key);
        if let Some(word) = self.words.get_mut(at) {
            *word = *word & !(3 << shift) | MORE << shift;
        }
    }

    /// False only where all rows of this key stand in one place.
    #[inline]
    pub fn holds(&self, key: u128) -> bool {
        let (at, shift) = self.slot(key);
        self.words.get(at).is_none_or(|word| word >> shift & 3 >= MORE)
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

    #[inline]
    fn slot(&self, key: u128) -> (usize, usize) {
        let slot = partition_of(key, self.words.len() * SLOTS);
        (slot / SLOTS, slot % SLOTS * 2)
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

    #[test]
    fn few_messages_in_much_room_do_not_look_scattered() {
        let mut scattered = Scattered::new(1 << 16);
        (0..1000).for_each(|n| scattered.stands(key(n)));
        let wrong = (0..1000).filter(|n| scattered.holds(key(*n))).count();
        assert!(wrong < 20, "{wrong}");
    }
}
