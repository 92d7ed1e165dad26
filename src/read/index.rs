//! Where the records of a chunk lie, as the reader saw them.

use super::chunk::Chunk;

/// An entry of a chunk's index.
pub(super) struct Indexed<'a> {
    /// Start of the record, and of what follows its line end.
    pub(super) start: usize,
    pub(super) next: usize,
    /// Physical lines it runs over.
    pub(super) lines: u32,
    /// As in [`crate::model::RawRecord`].
    pub(super) escaped: bool,
    pub(super) ends: &'a [u32],
}

/// Words of an index entry before the ends of its cells: start, next, lines and `escaped`.
pub(super) const ENTRY: usize = 3;

/// The first words of an entry.
#[inline]
pub(super) fn entry(start: usize, next: usize, lines: u64, escaped: bool) -> [u32; ENTRY] {
    [start as u32, next as u32, (lines as u32) << 1 | u32::from(escaped)]
}

impl Chunk {
    /// The first index entry of a rest of the index, and what follows it.
    #[inline]
    pub(super) fn indexed(rest: &[u32], width: usize) -> Option<(Indexed<'_>, &[u32])> {
        let (entry, later) = rest.split_at_checked(ENTRY + width)?;
        let [start, next, lines, ends @ ..] = entry else { return None };
        let (start, next, escaped) = (*start as usize, *next as usize, lines & 1 != 0);
        Some((Indexed { start, next, lines: lines >> 1, escaped, ends }, later))
    }
}
