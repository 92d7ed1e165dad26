//! Blocks of rows in the order of their arrival.
//!
//! Addresses stand in them as they came: within a few thousand rows hardly one comes again but as
//! the sender of the next row. Domains do; all blocks of a stretch share their names.

use super::block::{Block, Packed, Row, pack};
use super::delivery::domain_of;
use super::fact::Told;
use super::hash::same;
use super::interner::{Interner, Place, text_at};
use super::sayings::Sayings;

/// Domains that are looked up together: few enough for what they touch to stay in the first cache,
/// many enough for their misses to overlap.
const TOGETHER: usize = 256;

/// Builds blocks whose rows say nothing beside their fields.
#[derive(Debug, Default)]
pub struct LaneBuilder {
    rows: Vec<Packed>,
    /// As in [`Block`]; without the empty text, whose id is 0.
    bytes: String,
    ends: Vec<u32>,
    /// By text: the domain, or, until it is looked up, its position among `waiting`. The empty
    /// text is the first.
    domains: Vec<u32>,
    /// Texts whose domains are known.
    known: usize,
    waiting: Vec<Place>,
    ids: Vec<u32>,
    /// Id of the last row's sender: mostly the next row is of the same message.
    sender: u32,
    /// Id of the last row's recipient: often the next one has the same domain.
    recipient: u32,
    names: Interner,
    told: Sayings,
}

impl LaneBuilder {
    /// Rows of the open block.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where the open block has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes that the open block takes beside its rows, about.
    pub fn side_bytes(&self) -> usize {
        self.bytes.len() + self.told.len()
    }

    /// Names of the domains of the blocks sealed so far.
    pub fn names(&self) -> &Interner {
        &self.names
    }

    /// Appends a row, with what only facts show of it. The caller seals before texts come to 4 GiB.
    #[inline]
    pub fn push(&mut self, row: &Row<'_>, told: Option<&Told<'_>>) {
        if !same(self.text(self.sender).as_bytes(), row.sender.as_bytes()) {
            self.sender = self.address(row.sender, self.sender);
        }
        self.recipient = self.address(row.recipient, self.recipient);
        self.rows.push(pack(row, self.sender, self.recipient, 0));
        if let Some(told) = told {
            self.told.put(self.rows.len(), told);
        }
    }

    #[inline]
    fn text(&self, id: u32) -> &str {
        text_at(&self.bytes, &self.ends, id)
    }

    /// Appends an address; `like` is the id of one whose domain it may share.
    #[inline]
    fn address(&mut self, text: &str, like: u32) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if self.waiting.len() >= TOGETHER {
            self.look_up();
        }
        self.begin();
        let domain = domain_of(text);
        // A domain that waits is known by its place.
        let known = self.domains[like as usize];
        let shared = like as usize >= self.known
            && same(self.waiting[known as usize].of(&self.bytes).as_bytes(), domain.as_bytes());
        self.domains.push(if shared { known } else { self.waiting.len() as u32 });
        self.bytes.push_str(text);
        let end = self.bytes.len();
        self.ends.push(end as u32);
        if !shared {
            self.waiting.push(Place::ending(domain, end));
        }
        self.ends.len() as u32
    }

    /// The empty text has its place in the list of domains.
    #[inline]
    fn begin(&mut self) {
        if self.domains.is_empty() {
            self.domains.push(0);
            self.known = 1;
        }
    }

    /// Looks up the domains that wait.
    fn look_up(&mut self) {
        self.ids.clear();
        self.names.intern_all(&self.bytes, &self.waiting, &mut self.ids);
        self.waiting.clear();
        for domain in &mut self.domains[self.known..] {
            *domain = self.ids[*domain as usize];
        }
        self.known = self.domains.len();
    }

    /// Seals the open block, which needs the names to be read, and leaves an empty one.
    pub fn seal(&mut self) -> Block {
        self.begin();
        self.look_up();
        // Handed on as they are: they are most of the block, and a full block has no room to spare.
        let mut rows = std::mem::take(&mut self.rows);
        self.rows.reserve_exact(rows.len());
        rows.shrink_to_fit();
        let bytes = self.bytes.as_str().to_owned();
        let (ends, domains) = (self.ends.as_slice().to_vec(), self.domains.as_slice().to_vec());
        self.bytes.clear();
        self.ends.clear();
        self.domains.clear();
        (self.sender, self.recipient) = (0, 0);
        Block::of_lane(rows, (bytes, ends, domains), self.told.take())
    }

    /// Hands out the names of all blocks sealed since the last ones; later blocks begin anew. To
    /// be called where no block is open.
    pub fn take_names(&mut self) -> Interner {
        debug_assert!(self.rows.is_empty());
        self.names.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::block::BlockBuilder;
    use std::sync::Arc;

    proptest::proptest! {
        /// Rows and domains are those of blocks with texts of their own.
        #[test]
        fn rows_read_back(
            rows in proptest::collection::vec((0u16..500, 0u16..500, proptest::bool::ANY), 0..900),
            per_block in 1usize..400,
        ) {
            let (mut lane, mut plain) = (LaneBuilder::default(), BlockBuilder::default());
            let (mut blocks, mut others) = (Vec::new(), Vec::new());
            for rows in rows.chunks(per_block) {
                for (n, (sender, recipient, nobody)) in (0..).zip(rows) {
                    let (user, domain) = (sender / 9, sender % 7);
                    let sender = if *nobody { String::new() } else { format!("u{user}@a{domain}.example") };
                    let recipient = if recipient % 50 == 0 { "<>".into() } else { format!("r@b{recipient}.example") };
                    let row = Row { line: n, sender: &sender, recipient: &recipient, ..Row::default() };
                    lane.push(&row, None);
                    plain.push(&row, None);
                }
                blocks.push(lane.seal());
                others.push(plain.seal());
            }
            let names = Arc::new(lane.take_names());
            for (block, other) in blocks.into_iter().zip(others) {
                let block = block.with_names(names.clone());
                proptest::prop_assert_eq!(block.len(), other.len());
                for row in 0..other.len() {
                    proptest::prop_assert_eq!(block.row(row), other.row(row));
                    let name = |block: &Block, id| block.names().text(block.domain(id)).to_owned();
                    let (ours, theirs) = (block.address_ids(row), other.address_ids(row));
                    proptest::prop_assert_eq!(name(&block, ours.0), name(&other, theirs.0));
                    proptest::prop_assert_eq!(name(&block, ours.1), name(&other, theirs.1));
                }
            }
        }
    }
}
