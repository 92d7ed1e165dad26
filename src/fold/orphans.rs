//! Records that know only a Message-ID: they go to every partition, and to the delivery that owns
//! the id; what nobody claims becomes a message of its own, once, at the end.

use super::path;
use crate::model::block::{BlockBuilder, flag};
use crate::model::{Block, Delivery, Detail, Extra, Row, Status};

/// Lets a row that knows only the Message-ID speak of the delivery that owns it.
fn join<'a>(row: &Row<'a>, detail: &Detail<'a>, delivery: &mut Delivery<'a>) {
    let status = Status::from_code(row.status);
    path::add(delivery.path.get_or_insert_default(), detail, status);
    delivery.records += 1;
    delivery.time_final.0 = delivery.time_final.0.max(row.time);
    if delivery.status_first.provisional() && !status.provisional() {
        delivery.status_first = status;
    }
    // Rows of other exports are in order of time; these come behind them.
    let later = !status.provisional() && (row.flags & flag::NOTICE == 0);
    if later && (delivery.status.provisional() || row.time >= delivery.time.0) {
        delivery.status = status;
    }
}

/// The orphans of a run, by Message-ID.
#[derive(Clone, Debug, Default)]
pub struct Orphans {
    blocks: Vec<Block>,
    /// (Message-ID hash, input, line, recipient within the record, block, row), ascending.
    index: Vec<(u64, u32, u32, u32, u32, u32)>,
}

impl Orphans {
    /// Collects the orphans of all workers; their order does not matter.
    pub fn new(blocks: Vec<Block>) -> Self {
        let mut index = Vec::new();
        for (b, block) in blocks.iter().enumerate() {
            for r in 0..block.len() {
                let row = block.row(r);
                index.push((row.message_id, row.input, row.line, r as u32, b as u32, r as u32));
            }
        }
        index.sort_unstable();
        Self { blocks, index }
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// True where some orphan names this Message-ID.
    pub fn name(&self, message_id: u64) -> bool {
        message_id != 0 && self.index.binary_search_by_key(&message_id, |o| o.0).is_ok()
    }

    /// Attaches the orphans that name this Message-ID to the deliveries of the message that owns
    /// it, and notes their positions in `claimed`.
    pub(super) fn attach<'a>(
        &'a self,
        message_id: u64,
        deliveries: &mut [Delivery<'a>],
        claimed: &mut Vec<u32>,
    ) {
        let first = self.index.partition_point(|o| o.0 < message_id);
        for (at, orphan) in self.index.iter().enumerate().skip(first) {
            if orphan.0 != message_id {
                break;
            }
            let block = &self.blocks[orphan.4 as usize];
            let row = block.row(orphan.5 as usize);
            let alone = deliveries.len() == 1;
            let mut taken = false;
            let Some(extra) = block.extra(orphan.5 as usize) else {
                let detail = block.detail(orphan.5 as usize).unwrap_or_default();
                for delivery in &mut *deliveries {
                    let named = row.recipient == delivery.recipient;
                    if named || row.recipient.is_empty() && alone {
                        join(&row, &detail, delivery);
                        taken = true;
                    }
                }
                if taken {
                    claimed.push(at as u32);
                }
                continue;
            };
            for delivery in &mut *deliveries {
                let fits = match extra {
                    Extra::Stamps(_) => true,
                    Extra::Bounce(b) if b.recipient.is_empty() => alone,
                    Extra::Bounce(b) => b.recipient == delivery.recipient,
                };
                if fits {
                    delivery.extras.push(extra);
                    if let (Extra::Stamps(_), Some(more)) = (extra, block.told(orphan.5 as usize)) {
                        delivery.told.get_or_insert_default().or(more);
                    }
                    delivery.records += 1;
                    delivery.time_final.0 = delivery.time_final.0.max(row.time);
                    taken = true;
                }
            }
            if taken {
                claimed.push(at as u32);
            }
        }
    }

    /// The orphans nobody claimed, as blocks to be folded like any partition.
    pub fn unclaimed(&self, claimed: &[u32]) -> Vec<Block> {
        let mut free = vec![true; self.index.len()];
        for &at in claimed {
            free[at as usize] = false;
        }
        let mut builder = BlockBuilder::default();
        let mut blocks = Vec::new();
        for (orphan, _) in self.index.iter().zip(&free).filter(|(_, free)| **free) {
            let block = &self.blocks[orphan.4 as usize];
            let row = block.row(orphan.5 as usize);
            debug_assert!(row.flags & flag::ORPHAN != 0);
            match block.detail(orphan.5 as usize) {
                Some(detail) => builder.push_detail(&row, &detail),
                None => builder.push(&row, block.extra(orphan.5 as usize).cloned()),
            }
            if let Some(told) = block.told(orphan.5 as usize) {
                builder.tell(&told);
            }
            if builder.len() == BlockBuilder::MOST_ROWS {
                blocks.push(builder.seal());
            }
        }
        blocks.push(builder.seal());
        blocks
    }
}
