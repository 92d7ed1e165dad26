//! Rows of one message that stand together, folded where they lie: no sorting, no second place.

use super::{FoldCounts, Orphans, Placed, Slot, fold_message, merge};
use crate::model::{Block, Delivery};
use std::ops::Range;
use xxhash_rust::xxh3::xxh3_64;

/// The runs of neighbouring rows with one key in a block, in order.
pub fn runs(block: &Block) -> impl Iterator<Item = (u128, Range<usize>)> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let start = next;
        if start >= block.len() {
            return None;
        }
        let key = block.key(start);
        next += 1;
        while next < block.len() && block.key(next) == key {
            next += 1;
        }
        Some((key, start..next))
    })
}

/// Tells whether the rows of a run name different recipients.
#[derive(Debug, Default)]
pub struct Recipients {
    /// By dictionary text: number of the run that named it last.
    last: Vec<u32>,
    run: u32,
}

impl Recipients {
    /// Must be called before the runs of a block are asked for.
    pub fn begin(&mut self, block: &Block) {
        self.last.clear();
        self.last.resize(block.texts(), 0);
        self.run = 0;
    }

    /// True where no two rows of the run name the same recipient, so that each of them is a
    /// delivery of its own.
    #[inline]
    pub fn differ(&mut self, block: &Block, run: Range<usize>) -> bool {
        if run.len() == 1 {
            return true;
        }
        self.run += 1;
        run.into_iter().all(|row| {
            let (_, recipient) = block.address_ids(row);
            std::mem::replace(&mut self.last[recipient as usize], self.run) != self.run
        })
    }
}

/// The delivery of which row `index` of the only block speaks, alone and with nothing beside it.
pub fn single(blocks: &[Block; 1], index: usize) -> Option<Delivery<'_>> {
    merge::one(blocks, Placed { row: blocks[0].row(index), block: 0, index: index as u32 })
}

/// Folds the rows of one message, which all stand in this run of the only block, as
/// [`super::fold`] does with rows from many.
pub fn fold_run<'a>(
    blocks: &'a [Block; 1],
    run: Range<usize>,
    orphans: &'a Orphans,
    deliveries: &mut Vec<Delivery<'a>>,
    counts: &mut FoldCounts,
) {
    let [block] = blocks;
    let mut slots: Vec<Slot> = run
        .map(|row| {
            let recipient = block.text(block.address_ids(row).1);
            let recipient = xxh3_64(recipient.as_bytes()).max(1);
            Slot { key: block.key(row), recipient, block: 0, row: row as u32 }
        })
        .collect();
    slots.sort_unstable_by_key(|s| s.recipient);
    fold_message(blocks, &slots, orphans, deliveries, counts);
    counts.messages += u64::from(!deliveries.is_empty());
}
