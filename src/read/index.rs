//! Where the records of a chunk lie, as the reader saw them.

use super::chunk::Chunk;

/// An entry of a chunk's index: start of the line, start of the next one, whether quotes are
/// doubled, then the end of each cell as in [`crate::model::RawRecord::ends`].
pub(super) struct Indexed<'a> {
    pub(super) start: usize,
    pub(super) next: usize,
    pub(super) escaped: bool,
    pub(super) ends: &'a [u32],
}

/// Words of an index entry before the ends of its cells.
pub(super) const ENTRY: usize = 3;

impl Chunk {
    /// The first index entry of a rest of the index, and what follows it.
    pub(super) fn indexed(rest: &[u32], width: usize) -> Option<(Indexed<'_>, &[u32])> {
        let (entry, later) = rest.split_at_checked(ENTRY + width)?;
        let [start, next, escaped, ends @ ..] = entry else { return None };
        let (start, next) = (*start as usize, *next as usize);
        Some((Indexed { start, next, escaped: *escaped != 0, ends }, later))
    }
}
