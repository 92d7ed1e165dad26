//! What a block of observations says about whose domains are whose.

use crate::model::block::flag;
use crate::model::context::DomainEvidence;
use crate::model::{Block, Context, Status};
use xxhash_rust::xxh3::xxh3_64;

/// Adds a block's evidence to the context. Called once per block, so that the row loop touches
/// only small local tables.
pub fn observe(block: &Block, context: &mut Context) {
    let domains = 0..block.domains() as u32;
    let hashes: Vec<u64> = domains.map(|id| xxh3_64(block.domain_name(id).as_bytes())).collect();
    let mut evidence = vec![DomainEvidence::default(); block.domains()];
    for index in 0..block.len() {
        let (sender, recipient) = block.address_ids(index);
        let (from, to) = (block.domain(sender), block.domain(recipient));
        evidence[from as usize].as_sender += 1;
        let received = &mut evidence[to as usize];
        received.as_recipient += 1;
        if from != to {
            received.partner(hashes[from as usize]);
        }
        // Only the receiving organisation sees its quarantine, its Junk and its groups.
        let status = Status::from_code(block.status(index));
        if matches!(status, Status::Quarantined | Status::FilteredAsSpam | Status::Expanded) {
            received.received_here += 1;
        }
        received.incoming += u64::from(block.flags(index) & flag::INCOMING != 0);
        let originating = block.flags(index) & flag::ORIGINATING != 0;
        evidence[from as usize].originating += u64::from(originating);
    }
    for (id, evidence) in evidence.iter().enumerate().skip(1) {
        if evidence.as_sender + evidence.as_recipient > 0 {
            context.domain(block.domain_name(id as u32)).merge(evidence);
        }
    }
}
