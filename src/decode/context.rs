//! What a block of observations says about whose domains are whose.

use crate::model::block::flag;
use crate::model::{Block, Context, Interner, Status};
use xxhash_rust::xxh3::xxh3_64;

/// The domains of a list of names: what is not yet in the context, close together.
#[derive(Debug, Default)]
pub struct Domains {
    known: Vec<Domain>,
    /// Hashes of their names.
    hashes: Vec<u64>,
    /// Rows since the context took it over.
    rows: usize,
}

#[derive(Clone, Copy, Debug)]
struct Domain {
    /// The last partner that it was seen with, itself at first: mostly the next one is the same.
    partner: u32,
    as_sender: u32,
    as_recipient: u32,
    /// In the context.
    id: u32,
}

impl Domains {
    fn look_up(&mut self, names: &Interner, context: &mut Context) {
        for domain in self.known.len()..names.len() {
            let name = names.text(domain as u32);
            self.hashes.push(xxh3_64(name.as_bytes()));
            let (id, partner) = (context.id(name), domain as u32);
            self.known.push(Domain { partner, as_sender: 0, as_recipient: 0, id });
        }
    }

    /// Hands over to the context what it does not yet know. To be called at the end, at the
    /// latest.
    pub fn hand_over(&mut self, context: &mut Context) {
        for domain in &mut self.known {
            let evidence = context.evidence(domain.id);
            evidence.as_sender += u64::from(std::mem::take(&mut domain.as_sender));
            evidence.as_recipient += u64::from(std::mem::take(&mut domain.as_recipient));
        }
        self.rows = 0;
    }
}

/// Adds a block's evidence to the context, by way of `domains`. Called once per block, so that the
/// loop over rows touches little else. `names` are those of the block's domains; `domains` stay
/// with them.
pub fn observe(block: &Block, names: &Interner, domains: &mut Domains, context: &mut Context) {
    domains.look_up(names, context);
    if domains.rows.saturating_add(block.len()) > u32::MAX as usize {
        domains.hand_over(context);
    }
    domains.rows += block.len();
    for index in 0..block.len() {
        let (sender, recipient) = block.address_ids(index);
        let (from, to) = (block.domain(sender), block.domain(recipient));
        let sent = &mut domains.known[from as usize];
        sent.as_sender += 1;
        let flags = block.flags(index);
        if flags & flag::ORIGINATING != 0 {
            context.evidence(sent.id).originating += 1;
        }
        let received = &mut domains.known[to as usize];
        received.as_recipient += 1;
        if from != to && from != received.partner {
            received.partner = from;
            context.evidence(received.id).partner(domains.hashes[from as usize]);
        }
        // Only the receiving organisation sees its quarantine, its Junk and its groups.
        let status = Status::from_code(block.status(index));
        if matches!(status, Status::Quarantined | Status::FilteredAsSpam | Status::Expanded) {
            context.evidence(received.id).received_here += 1;
        }
        if flags & flag::INCOMING != 0 {
            context.evidence(received.id).incoming += 1;
        }
    }
}
