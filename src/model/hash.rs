//! A fixed hash of short texts: never seeded, so that runs agree, and cheap on the few dozen bytes
//! that cells and addresses have. It finds texts; it does not prove that they are equal.

const START: u64 = 0x2d35_8dcc_aa6c_78a5;
const FIRST: u64 = 0x8bb8_4b93_962e_acc9;
const SECOND: u64 = 0x4b33_a62e_d433_d4a3;

/// A hash over parts, each told apart from the next.
#[derive(Clone, Copy, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(START)
    }
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

impl Digest {
    /// One more part.
    #[inline]
    pub fn text(&mut self, text: &[u8]) {
        let (pairs, rest) = text.as_chunks::<16>();
        for pair in pairs {
            let pair = u128::from_le_bytes(*pair);
            self.pair(pair as u64, (pair >> 64) as u64);
        }
        let (first, second) = ends(rest);
        self.pair(first ^ (text.len() as u64).wrapping_mul(SECOND), second);
    }

    /// A part that no text is.
    #[inline]
    pub fn number(&mut self, number: u64) {
        self.pair(!number, SECOND);
    }

    #[inline]
    fn pair(&mut self, first: u64, second: u64) {
        self.0 = fold(self.0 ^ first, FIRST ^ second);
    }

    /// The hash of all parts.
    #[inline]
    pub fn finish(self) -> u64 {
        fold(self.0 ^ SECOND, START)
    }
}

/// The hash of one text.
#[inline]
pub fn of_text(text: &[u8]) -> u64 {
    let mut digest = Digest::default();
    digest.text(text);
    digest.finish()
}

/// Whether two texts are equal; most are too short for a call to pay.
#[inline]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    fn parts<const N: usize>(text: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        Some((text.first_chunk()?, text.last_chunk()?))
    }
    if a.len() != b.len() {
        return false;
    }
    // The two ends may overlap; together they are all of it.
    match a.len() {
        16..=32 => parts::<16>(a) == parts::<16>(b),
        8..16 => parts::<8>(a) == parts::<8>(b),
        _ => a == b,
    }
}

/// Up to sixteen bytes as two words: texts of one length differ in them if they differ at all.
#[inline]
fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    match *text {
        [] => (0, 0),
        [a] => (u64::from(a), 0),
        [a, b, ..] => (u64::from(a) | u64::from(b) << 8, u64::from(text[text.len() - 1])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn of(parts: &[Option<String>]) -> u64 {
        let mut digest = Digest::default();
        for part in parts {
            match part {
                Some(text) => digest.text(text.as_bytes()),
                None => digest.number(0),
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
                let other = seen.insert(of_text(&text), text.clone());
                assert!(other.is_none_or(|other| other == text));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn equal_texts_are_the_same(a in "[ab]{0,20}", b in "[ab]{0,20}", turn in 0usize..20) {
            proptest::prop_assert_eq!(same(a.as_bytes(), b.as_bytes()), a == b);
            let mut other = a.clone().into_bytes();
            proptest::prop_assert!(same(a.as_bytes(), &other));
            if let Some(byte) = other.get_mut(turn) {
                *byte ^= 1;
                proptest::prop_assert!(!same(a.as_bytes(), &other));
            }
        }

        #[test]
        fn what_differs_has_another_number(
            one in proptest::collection::vec(proptest::option::of("[ab]{0,20}"), 0..5),
            other in proptest::collection::vec(proptest::option::of("[ab]{0,20}"), 0..5),
        ) {
            proptest::prop_assert_eq!(of(&one) == of(&other), one == other);
        }
    }
}
