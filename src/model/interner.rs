//! Texts to small ids: one arena of bytes, one flat table, no `String` per text.

use super::hash::of_text;

/// A dictionary of texts. Id 0 is the empty text. Ids depend on insertion order: they never
/// reach an output, and never order one.
#[derive(Clone, Debug, Default)]
pub struct Interner {
    bytes: String,
    /// End of text `id` (id 0 is empty and has no entry).
    ends: Vec<u32>,
    /// Open addressing; id 0 marks a free slot.
    slots: Vec<Slot>,
}

/// A slot of the table: all that is needed to compare a text but its bytes, in a quarter of a
/// cache line.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    tag: u32,
    id: u32,
    start: u32,
    end: u32,
}

impl Interner {
    /// Number of ids, the empty text included.
    pub fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// True where only the empty text is known.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of `text`, new or known.
    pub fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let hash = of_text(text.as_bytes());
        match self.find(hash, text) {
            Ok(id) => id,
            Err(slot) => {
                let start = self.bytes.len() as u32;
                self.bytes.push_str(text);
                let end = self.bytes.len() as u32;
                self.ends.push(end);
                let id = self.ends.len() as u32;
                self.slots[slot] = Slot { tag: (hash >> 32) as u32, id, start, end };
                id
            }
        }
    }

    /// The id of `text`, if it is known.
    pub fn get(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        if self.slots.is_empty() {
            return None;
        }
        self.find(of_text(text.as_bytes()), text).ok()
    }

    /// The text of an id.
    pub fn text(&self, id: u32) -> &str {
        let Some(last) = (id as usize).checked_sub(1) else { return "" };
        let start = last.checked_sub(1).map_or(0, |i| self.ends[i] as usize);
        &self.bytes[start..self.ends[last] as usize]
    }

    /// Heap bytes in use.
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.slots.capacity() * size_of::<Slot>()
    }

    /// Hands out arena and text ends (id 1 first), without spare room, and leaves an empty
    /// dictionary that keeps its own.
    pub fn take(&mut self) -> (String, Vec<u32>) {
        let taken = (self.bytes.as_str().to_owned(), self.ends.clone());
        self.clear();
        taken
    }

    /// Forgets all texts; keeps the room.
    pub fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.bytes.clear();
        self.ends.clear();
    }

    fn find(&self, hash: u64, text: &str) -> Result<u32, usize> {
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.id == 0 {
                return Err(at);
            }
            let known = || &self.bytes.as_bytes()[slot.start as usize..slot.end as usize];
            if slot.tag == tag && same(known(), text.as_bytes()) {
                return Ok(slot.id);
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        self.slots.clear();
        self.slots.resize(size, Slot::default());
        let mut start = 0;
        for id in 1..=self.ends.len() as u32 {
            let end = self.ends[id as usize - 1];
            let hash = of_text(&self.bytes.as_bytes()[start as usize..end as usize]);
            let mut at = hash as usize & (size - 1);
            while self.slots[at].id != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = Slot { tag: (hash >> 32) as u32, id, start, end };
            start = end;
        }
    }
}

/// Whether two texts are equal; most are too short for a call to pay.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
        fn ids_and_texts_agree(texts in proptest::collection::vec(".{0,12}", 0..300)) {
            let mut interner = Interner::default();
            let ids: Vec<u32> = texts.iter().map(|t| interner.intern(t)).collect();
            for (text, id) in texts.iter().zip(&ids) {
                proptest::prop_assert_eq!(interner.text(*id), text.as_str());
                proptest::prop_assert_eq!(interner.get(text), Some(*id));
            }
            let distinct: std::collections::BTreeSet<_> = texts.iter().filter(|t| !t.is_empty()).collect();
            proptest::prop_assert_eq!(interner.len(), distinct.len() + 1);
        }
    }
}
