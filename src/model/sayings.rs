//! What the rows of a block say beside what counts need: kept only where facts are wanted.

use super::fact::Told;

/// By row, encoded one behind the other; a row that says nothing takes no bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sayings {
    bytes: Vec<u8>,
    /// End offset of each row's saying in `bytes`.
    ends: Vec<u32>,
}

impl Sayings {
    /// What row number `rows` (counted from 1) says; rows without a saying may lie before it.
    pub(super) fn put(&mut self, rows: usize, told: &Told<'_>) {
        self.ends.resize(rows.saturating_sub(1), self.bytes.len() as u32);
        let bytes = std::mem::take(&mut self.bytes);
        // Texts into memory: this cannot fail.
        self.bytes = postcard::to_extend(told, bytes).unwrap_or_default();
        self.ends.push(self.bytes.len() as u32);
    }

    /// What row `index` says, counted from 0.
    pub(super) fn get(&self, index: usize) -> Option<Told<'_>> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |i| self.ends[i] as usize);
        postcard::from_bytes(self.bytes.get(start..end)?).ok()
    }

    /// Bytes of all sayings.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Heap bytes in use.
    pub(super) fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// The sayings without room to spare; what stays behind is empty and keeps its room.
    #[must_use]
    pub(super) fn take(&mut self) -> Self {
        let taken =
            Self { bytes: self.bytes.as_slice().to_vec(), ends: self.ends.as_slice().to_vec() };
        self.bytes.clear();
        self.ends.clear();
        taken
    }

    /// Both parts as bytes, for spill files.
    pub(super) fn as_bytes(&self) -> (&[u8], &[u8]) {
        (&self.bytes, bytemuck::cast_slice(&self.ends))
    }

    /// From the parts that [`Sayings::as_bytes`] gave.
    pub(super) fn from_parts(bytes: Vec<u8>, ends: Vec<u32>) -> Self {
        Self { bytes, ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_be_silent() {
        let mut all = Sayings::default();
        let told = Told { subject: "Invoice", ..Told::default() };
        all.put(2, &told);
        all.put(4, &Told::default());
        let sealed = all.take();
        assert_eq!(sealed.get(0), None);
        assert_eq!(sealed.get(1), Some(told));
        assert_eq!(sealed.get(2), None);
        assert_eq!(sealed.get(3), Some(Told::default()));
        assert_eq!(sealed.get(4), None);
        assert_eq!(all.len(), 0);
    }
}
