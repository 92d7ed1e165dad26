//! What a block of observations says about whose domains are whose.

use crate::model::block::flag;
use crate::model::{Block, Context, Interner, Status};
use xxhash_rust::xxh3::xxh3_64;

/// The domains of a list of names in the context, as far as they were looked up.
#[derive(Debug, Default)]
pub struct Domains(Vec<Domain>);

#[derive(Clone, Copy, Debug)]
struct Domain {
    /// Hash of its name.
    hash: u64,
    /// The last partner that it was seen with: mostly the next one is the same.
    partner: u64,
    /// In the context.
    id: u32,
}

impl Domains {
    fn look_up(&mut self, names: &Interner, context: &mut Context) {
        for domain in self.0.len()..names.len() {
            let name = names.text(domain as u32);
            let (id, hash) = (context.id(name), xxh3_64(name.as_bytes()));
            self.0.push(Domain { hash, partner: 0, id });
        }
    }
}

/// Adds a block's evidence to the context. Called once per block, so that the loop over rows
/// touches little else. `names` are those of the block's domains; `domains` stay with them.
pub fn observe(block: &Block, names: &Interner, domains: &mut Domains, context: &mut Context) {
    domains.look_up(names, context);
    for index in 0..block.len() {
        let (sender, recipient) = block.address_ids(index);
        let from = domains.0[block.domain(sender) as usize];
        let to = &mut domains.0[block.domain(recipient) as usize];
        let flags = block.flags(index);
        let sent = context.evidence(from.id);
        sent.as_sender += 1;
        sent.originating += u64::from(flags & flag::ORIGINATING != 0);
        let received = context.evidence(to.id);
        received.as_recipient += 1;
        if from.id != to.id && from.hash != to.partner {
            to.partner = from.hash;
            received.partner(from.hash);
        }
        // Only the receiving organisation sees its quarantine, its Junk and its groups.
        let status = Status::from_code(block.status(index));
        if matches!(status, Status::Quarantined | Status::FilteredAsSpam | Status::Expanded) {
            received.received_here += 1;
        }
        received.incoming += u64::from(flags & flag::INCOMING != 0);
    }
}
