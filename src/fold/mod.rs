//! Which records speak of the same delivery?
//!
//! Comes in: a run of neighbouring rows that are all there is of a message, or the blocks of one
//! partition (all rows of a scattered message lie in one partition); and the orphans of the run.
//! Goes out: deliveries, message by message, and what was counted on the way. Deliberately absent: meaning, totals, and any order that depends on threads.

mod merge;
mod neighbours;
mod orphans;
mod path;
mod scattered;

pub use neighbours::{fold_run, recipients_differ, runs, single};
pub use orphans::Orphans;
pub use scattered::Scattered;

use crate::model::block::flag;
use crate::model::{Block, Delivery, Row};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Number of the partition a message key belongs to, below `partitions` (a power of two is not
/// needed). Network message ids end in a time-like group, so all bits are mixed.
pub fn partition_of(key: u128, partitions: usize) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64);
    let mixed = (folded ^ (folded >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((u128::from(mixed) * partitions as u128) >> 64) as usize
}

/// What folding one partition counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldCounts {
    /// Distinct message keys with a delivery.
    pub messages: u64,
    /// Distinct message keys among the events of each input: the size of such an export is limited
    /// in messages.
    pub messages_of: BTreeMap<u32, u64>,
    /// Exact duplicates by the input of the copy that does not count.
    pub duplicates: BTreeMap<u32, u64>,
    /// Positions in [`Orphans`] that a delivery of this partition claimed.
    pub claimed: Vec<u32>,
}

/// One row's place and sort key. Rows that speak of the message as a whole sort first
/// (recipient 0).
#[derive(Clone, Copy)]
struct Slot {
    key: u128,
    recipient: u64,
    block: u32,
    row: u32,
}

/// A row beside its place, as the merge works on it.
#[derive(Clone, Copy)]
struct Placed<'a> {
    row: Row<'a>,
    block: u32,
    index: u32,
}

/// Folds one partition. `on_message` gets the deliveries of one message at a time, ordered by
/// recipient hash: a fixed order, whatever the order of the blocks.
pub fn fold<'a>(
    blocks: &'a [Block],
    orphans: &'a Orphans,
    mut on_message: impl FnMut(&[Delivery<'a>]),
) -> FoldCounts {
    let slots = sorted_slots(blocks);
    let mut counts = FoldCounts::default();
    let mut deliveries = Vec::new();
    let mut rest = slots.as_slice();
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|s| s.key == first.key).count();
        let (message, later) = rest.split_at(length);
        rest = later;
        deliveries.clear();
        fold_message(blocks, message, orphans, &mut deliveries, &mut counts);
        if !deliveries.is_empty() {
            counts.messages += 1;
            on_message(&deliveries);
        }
    }
    counts
}

fn sorted_slots(blocks: &[Block]) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(blocks.iter().map(Block::len).sum());
    for (b, block) in blocks.iter().enumerate() {
        let hashes: Vec<u64> =
            (0..block.texts() as u32).map(|id| xxh3_64(block.text(id).as_bytes()).max(1)).collect();
        for r in 0..block.len() {
            let key = block.key(r);
            let id = block.address_ids(r).1;
            let whole = speaks_of_message(block.flags(r), id);
            let recipient = if whole { 0 } else { hashes[id as usize] };
            slots.push(Slot { key, recipient, block: b as u32, row: r as u32 });
        }
    }
    slots.sort_unstable_by_key(|s| (s.key, s.recipient));
    slots
}

/// A message file, or a bounce that names no recipient (dictionary id 0).
fn speaks_of_message(flags: u16, recipient: u32) -> bool {
    flags & flag::MESSAGE_LEVEL != 0 || (flags & flag::BOUNCE != 0 && recipient == 0)
}

fn fold_message<'a>(
    blocks: &'a [Block],
    message: &[Slot],
    orphans: &'a Orphans,
    deliveries: &mut Vec<Delivery<'a>>,
    counts: &mut FoldCounts,
) {
    let place = |s: &Slot| Placed {
        row: blocks[s.block as usize].row(s.row as usize),
        block: s.block,
        index: s.row,
    };
    let whole_rows = message.iter().take_while(|s| s.recipient == 0).count();
    let (whole, mut placed) = message.split_at(whole_rows);
    let mut whole: Vec<Placed<'a>> = whole.iter().map(place).collect();
    // Events that name no recipient speak of the only one there is, if there is only one.
    let mut joined = Vec::new();
    if !whole.is_empty()
        && placed.first().map(|s| s.recipient) == placed.last().map(|s| s.recipient)
    {
        joined
            .extend(whole.extract_if(.., |p| !placed.is_empty() && p.row.flags & flag::EVENT != 0));
    }
    while let Some(first) = placed.first() {
        let length = placed.iter().take_while(|s| s.recipient == first.recipient).count();
        let (group, later) = placed.split_at(length);
        placed = later;
        match group {
            [only] if joined.is_empty() => deliveries.extend(merge::one(blocks, place(only))),
            _ => {
                let mut rows: Vec<Placed<'a>> = group.iter().map(place).collect();
                rows.append(&mut joined);
                merge::group(blocks, rows, deliveries, &mut counts.duplicates);
            }
        }
    }
    if !whole.is_empty() {
        merge::whole_message(blocks, whole, deliveries, &mut counts.duplicates);
    }
    let is_event = |s: &&Slot| blocks[s.block as usize].flags(s.row as usize) & flag::EVENT != 0;
    if message.iter().any(|s| is_event(&s)) {
        date_by_receipt(message.iter().map(|s| place(s).row), deliveries);
        let mut inputs: Vec<u32> =
            message.iter().filter(is_event).map(|s| place(s).row.input).collect();
        inputs.sort_unstable();
        inputs.dedup();
        for input in inputs {
            *counts.messages_of.entry(input).or_default() += 1;
        }
    }
    if !orphans.is_empty() {
        let id = message.iter().map(|s| place(s).row.message_id).find(|id| *id != 0);
        if let Some(id) = id {
            orphans.attach(id, deliveries, &mut counts.claimed);
        }
    }
}

/// Events carry the time of each step: a message came in when its first record says, for all its
/// recipients.
fn date_by_receipt<'a>(rows: impl Iterator<Item = Row<'a>>, deliveries: &mut [Delivery<'_>]) {
    const ELSEWHERE: u16 = flag::BOUNCE | flag::MESSAGE_LEVEL | flag::NOTICE;
    let stated = rows.filter(|r| r.flags & flag::EVENT != 0 || r.flags & ELSEWHERE == 0);
    let Some(receipt) = stated.map(|r| r.time).min() else { return };
    for delivery in deliveries {
        delivery.time.0 = receipt;
    }
}

#[cfg(test)]
mod tests;
