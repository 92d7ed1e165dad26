//! One number for what a record says, to know duplicates by.

/// A hash over the parts of a record, each told apart from the next. Fixed, never seeded; fast on
/// the few dozen bytes that cells have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digest {
    a: u64,
    b: u64,
}

const SEED: [u64; 2] = [0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9];
const MIX: u64 = 0x4b33_a62e_d433_d4a3;
/// Stands for a column that is not there: no cell is that long.
const ABSENT: u64 = u64::MAX;

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// The last eight bytes, or all there are: different texts of one length give different numbers.
#[inline]
fn tail(text: &[u8]) -> u64 {
    if let Some(tail) = text.last_chunk::<8>() {
        return u64::from_le_bytes(*tail);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    match *text {
        [] => 0,
        [a] => u64::from(a),
        [a, b, ..] => u64::from_le_bytes([a, b, text[text.len() - 1], 0, 0, 0, 0, 0]),
    }
}

impl Digest {
    pub(super) fn new() -> Self {
        Self { a: SEED[0], b: SEED[1] }
    }

    /// A cell as it reads.
    #[inline]
    pub(super) fn cell(&mut self, text: &[u8]) {
        let (pairs, rest) = text.as_chunks::<16>();
        for pair in pairs {
            let (first, second) = pair.split_at(8);
            self.pair(tail(first), tail(second));
        }
        let first = rest.first_chunk::<8>().map_or(0, |word| u64::from_le_bytes(*word));
        self.pair(first ^ (text.len() as u64).wrapping_mul(MIX), tail(rest));
    }

    /// A column that the export does not have, which is not an empty cell.
    pub(super) fn absent(&mut self) {
        self.pair(ABSENT, MIX);
    }

    /// A small number.
    pub(super) fn number(&mut self, number: u8) {
        self.pair(u64::from(number), MIX);
    }

    #[inline]
    fn pair(&mut self, first: u64, second: u64) {
        let a = fold(self.a ^ first, SEED[1] ^ second);
        self.a = self.b ^ a.rotate_left(23);
        self.b = a;
    }

    pub(super) fn finish(self) -> u64 {
        fold(self.a ^ MIX, self.b ^ SEED[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn of(cells: &[Option<Vec<u8>>]) -> u64 {
        let mut digest = Digest::new();
        for cell in cells {
            match cell {
                Some(text) => digest.cell(text),
                None => digest.absent(),
            }
        }
        digest.finish()
    }

    #[test]
    fn every_length_and_every_byte_counts() {
        let mut seen: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for length in 0..70usize {
            for change in 0..=length {
                let mut text = vec![b'a'; length];
                if let Some(byte) = text.get_mut(change) {
                    *byte = b'b';
                }
                let other = seen.insert(of(&[Some(text.clone())]), text.clone());
                assert!(other.is_none_or(|other| other == text));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_differs_has_another_number(
            one in proptest::collection::vec(proptest::option::of("[ab]{0,20}"), 0..5),
            other in proptest::collection::vec(proptest::option::of("[ab]{0,20}"), 0..5),
        ) {
            let bytes = |cells: &[Option<String>]| -> Vec<Option<Vec<u8>>> {
                cells.iter().map(|c| c.as_ref().map(|c| c.clone().into_bytes())).collect()
            };
            proptest::prop_assert_eq!(of(&bytes(&one)) == of(&bytes(&other)), one == other);
        }
    }
}
