//! Rows of one message that stand together, folded where they lie: no sorting, no second place.

use super::{FoldCounts, Orphans, Placed, Slot, fold_message, merge};
use crate::model::hash::{of_text, same};
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

/// True where no two rows of the run name the same recipient, so that each of them is a delivery of
/// its own. Many are told apart by hashes alone: where two should be equal, the run is folded, which
/// costs time and changes nothing.
#[inline]
pub fn recipients_differ(block: &Block, run: Range<usize>) -> bool {
    if run.len() > FEW {
        let mut hashes: Vec<u64> =
            run.map(|row| of_text(recipient(block, row).as_bytes())).collect();
        hashes.sort_unstable();
        return hashes.windows(2).all(|pair| pair[0] != pair[1]);
    }
    let differ = |row: usize, other: usize| {
        !same(recipient(block, row).as_bytes(), recipient(block, other).as_bytes())
    };
    run.clone().all(|row| (run.start..row).all(|before| differ(row, before)))
}

/// Recipients that are compared each with each.
const FEW: usize = 8;

fn recipient(block: &Block, row: usize) -> &str {
    block.text(block.address_ids(row).1)
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
