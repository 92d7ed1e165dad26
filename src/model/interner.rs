//! Texts to small ids: one arena of bytes, one flat table, no `String` per text.

use super::hash::{of_text, same};
use super::pages::filled;

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

/// A slot of the table.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    tag: u32,
    id: u32,
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
        self.make_room(1);
        self.intern_hashed(of_text(text.as_bytes()), text)
    }

    /// The ids of the texts at these places of `bytes`, new or known, appended to `ids`: as
    /// [`Interner::intern`] gives them, and faster where the dictionary is larger than the cache.
    pub(super) fn intern_all(&mut self, bytes: &str, places: &[Place], ids: &mut Vec<u32>) {
        if places.is_empty() {
            return;
        }
        self.make_room(places.len());
        self.fetch(places);
        ids.extend(places.iter().map(|place| self.intern_hashed(place.hash, place.of(bytes))));
    }

    /// Reads what looking up these texts will read. Nothing here waits for what was read before,
    /// so that many misses of the cache are under way at a time, where the look-ups themselves
    /// would wait for one after another.
    fn fetch(&self, places: &[Place]) {
        let mask = self.slots.len() - 1;
        let slot = |place: &Place| self.slots[tag(place.hash) as usize & mask];
        let seen = places.iter().fold(0, |seen, place| seen ^ slot(place).tag);
        let byte = |slot: Slot| self.text(slot.id).as_bytes().first().copied();
        let seen = places
            .iter()
            .fold(seen, |seen, place| seen ^ u32::from(byte(slot(place)).unwrap_or_default()));
        std::hint::black_box(seen);
    }

    /// As [`Interner::intern`], where there is room for one more.
    #[inline]
    fn intern_hashed(&mut self, hash: u64, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        match self.find(hash, text) {
            Ok(id) => id,
            Err(slot) => {
                self.bytes.push_str(text);
                self.ends.push(self.bytes.len() as u32);
                let id = self.ends.len() as u32;
                self.slots[slot] = Slot { tag: tag(hash), id };
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
    #[inline]
    pub fn text(&self, id: u32) -> &str {
        text_at(&self.bytes, &self.ends, id)
    }

    /// Heap bytes in use.
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.slots.capacity() * size_of::<Slot>()
    }

    /// Bytes that its texts take, room that is kept for others left out.
    pub fn used_bytes(&self) -> usize {
        self.bytes.len() + self.ends.len() * (size_of::<u32>() + 2 * size_of::<Slot>())
    }

    /// Hands out all texts, without spare room and for reading only, and leaves an empty dictionary
    /// that keeps its own room.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let taken = Self::from_parts(self.bytes.as_str().to_owned(), self.ends.clone());
        self.clear();
        taken
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn into_parts(self) -> (String, Vec<u32>) {
        (self.bytes, self.ends)
    }

    /// Texts one behind the other, and the end of each, id 1 first.
    pub(super) fn as_parts(&self) -> (&str, &[u32]) {
        (&self.bytes, &self.ends)
    }

    pub(super) fn from_parts(bytes: String, ends: Vec<u32>) -> Self {
        Self { bytes, ends, slots: Vec::new() }
    }

    /// Forgets all texts; keeps the room.
    pub fn clear(&mut self) {
        self.slots.fill(Slot::default());
        self.bytes.clear();
        self.ends.clear();
    }

    fn find(&self, hash: u64, text: &str) -> Result<u32, usize> {
        let tag = tag(hash);
        let mask = self.slots.len() - 1;
        let mut at = tag as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.id == 0 {
                return Err(at);
            }
            if slot.tag == tag && same(self.text(slot.id).as_bytes(), text.as_bytes()) {
                return Ok(slot.id);
            }
            at = (at + 1) & mask;
        }
    }

    /// Makes the table large enough for so many more texts.
    #[inline]
    fn make_room(&mut self, more: usize) {
        let least = (self.ends.len() + more) * 2;
        if least > self.slots.len() {
            self.grow(least);
        }
    }

    #[cold]
    fn grow(&mut self, least: usize) {
        let size = least.next_power_of_two().max(64);
        let old = std::mem::replace(&mut self.slots, filled(size, Slot::default()));
        if old.is_empty() {
            // What was handed out for reading, or nothing at all.
            for id in 1..=self.ends.len() as u32 {
                self.place(Slot { tag: tag(of_text(self.text(id).as_bytes())), id });
            }
        }
        old.into_iter().filter(|slot| slot.id != 0).for_each(|slot| self.place(slot));
    }

    /// Puts a slot where it is looked for.
    fn place(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.tag as usize & mask;
        while self.slots[at].id != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

/// Two dictionaries are equal that give the same texts the same ids.
impl PartialEq for Interner {
    fn eq(&self, other: &Self) -> bool {
        self.as_parts() == other.as_parts()
    }
}

impl Eq for Interner {}

/// Text `id` of texts that stand one behind the other, each up to its end; id 0 is the empty text
/// and has no end.
#[inline]
pub(super) fn text_at<'a>(bytes: &'a str, ends: &[u32], id: u32) -> &'a str {
    let Some(last) = (id as usize).checked_sub(1) else { return "" };
    let start = last.checked_sub(1).map_or(0, |i| ends[i] as usize);
    &bytes[start..ends[last] as usize]
}

/// Where a text is looked for, and what mostly tells the texts of neighbouring slots apart.
#[inline]
fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Where a text stands that waits to be looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    hash: u64,
    start: u32,
    end: u32,
}

impl Place {
    /// The text that ends at `end` of a longer one.
    #[inline]
    pub(super) fn ending(text: &str, end: usize) -> Self {
        let (start, end) = ((end - text.len()) as u32, end as u32);
        Self { hash: of_text(text.as_bytes()), start, end }
    }

    /// The text, out of the longer one.
    #[inline]
    pub(super) fn of(self, all: &str) -> &str {
        &all[self.start as usize..self.end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
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
