//! Deliveries of which nothing but a status is known and that ended well: nearly all mail. They are
//! counted by the texts of their own block first, which stand close together in memory, and added
//! to the tally by bucket and by block: one visit for many deliveries.

use super::Tally;
use super::mailboxes::Mailbox;
use super::totals::in_denominator;
use crate::model::{Block, Direction, Outcome, Verdict};
use xxhash_rust::xxh3::xxh3_64;

/// What has been counted of a block and not yet been added to the tally.
#[derive(Clone, Debug, Default)]
pub(super) struct Plain {
    /// By domain of the block: its id in [`Tally::names`]; `u32::MAX` not yet looked up.
    names: Vec<u32>,
    senders: Side,
    recipients: Side,
    /// By dictionary text.
    mailboxes: Vec<Mailbox>,
    kinds: Vec<Counted>,
    /// Times of the open bucket: from, and up to.
    open: (i64, i64),
}

/// Deliveries of the open bucket by the block's domains at one side.
#[derive(Clone, Debug, Default)]
struct Side {
    domains: Vec<Open>,
    /// Domains with a delivery in the open bucket.
    touched: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Open {
    deliveries: u32,
    last: i64,
}

impl Side {
    fn begin(&mut self, domains: usize) {
        self.domains.clear();
        self.domains.resize(domains, Open::default());
        self.touched.clear();
    }

    #[inline]
    fn add(&mut self, domain: u32, time: i64) {
        let open = &mut self.domains[domain as usize];
        if open.deliveries == 0 {
            self.touched.push(domain);
            open.last = time;
        }
        open.deliveries += 1;
        open.last = open.last.max(time);
    }
}

/// A verdict of which no two deliveries need be told apart, in a [`Tally`] that knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(usize);

#[derive(Clone, Debug)]
struct Counted {
    verdict: Verdict,
    in_denominator: bool,
    /// A mailbox of ours took it, or sent it to others.
    took: bool,
    sent: bool,
    count: u64,
}

impl Tally {
    /// Makes a verdict known for [`Tally::observe_plain`]; `None` where the deliveries are kept
    /// one by one.
    pub fn kind(&mut self, verdict: &Verdict) -> Option<Kind> {
        let turned = verdict.outcome_first != verdict.outcome;
        if verdict.failing || verdict.held || turned || verdict.risk.is_some() {
            return None;
        }
        let inside = matches!(verdict.direction, Direction::Inbound | Direction::Internal);
        self.plain.kinds.push(Counted {
            verdict: verdict.clone(),
            in_denominator: in_denominator(verdict.outcome),
            took: inside && verdict.outcome == Outcome::Delivered,
            sent: verdict.direction == Direction::Outbound,
            count: 0,
        });
        Some(Kind(self.plain.kinds.len() - 1))
    }

    /// Must be called before the deliveries of a block that stands alone are observed.
    pub fn begin_block(&mut self, block: &[Block; 1]) {
        self.begin_partition(block);
        let [block] = block;
        let plain = &mut self.plain;
        plain.names.clear();
        plain.names.resize(block.domains(), u32::MAX);
        plain.senders.begin(block.domains());
        plain.recipients.begin(block.domains());
        plain.mailboxes.clear();
        plain.mailboxes.resize(block.texts(), Mailbox::default());
    }

    /// Counts one delivery of the open block, of which only this is known: as [`Tally::observe`]
    /// would, by the dictionary texts of its addresses.
    #[inline]
    pub fn observe_plain(
        &mut self,
        block: &Block,
        kind: Kind,
        time: i64,
        (sender, recipient): (u32, u32),
    ) {
        if time < self.plain.open.0 || time >= self.plain.open.1 {
            self.turn_to(block, time);
        }
        let plain = &mut self.plain;
        let kind = &mut plain.kinds[kind.0];
        kind.count += 1;
        if kind.in_denominator {
            plain.senders.add(block.domain(sender), time);
            plain.recipients.add(block.domain(recipient), time);
        }
        if kind.took {
            plain.mailboxes[recipient as usize].take(time);
        } else if kind.sent {
            plain.mailboxes[sender as usize].sent += 1;
        }
    }

    /// Adds what is open of the block to the rest.
    pub fn end_block(&mut self, block: &[Block; 1]) {
        let [block] = block;
        self.close_bucket(block);
        self.plain.open = (0, 0);
        for (id, mailbox) in (0..).zip(&self.plain.mailboxes) {
            if mailbox.taken + mailbox.sent > 0 {
                self.mailboxes.add(xxh3_64(block.text(id).as_bytes()), *mailbox);
            }
        }
    }

    #[cold]
    fn turn_to(&mut self, block: &Block, time: i64) {
        self.close_bucket(block);
        let from = time.div_euclid(self.bucket).saturating_mul(self.bucket);
        self.plain.open = (from, from.saturating_add(self.bucket));
    }

    fn close_bucket(&mut self, block: &Block) {
        let bucket = self.plain.open.0.div_euclid(self.bucket);
        let Self { plain, names, totals, timeline, senders, recipients, .. } = self;
        for kind in plain.kinds.iter_mut().filter(|kind| kind.count > 0) {
            let count = std::mem::take(&mut kind.count);
            totals.add(&kind.verdict, count);
            timeline.add(bucket, &kind.verdict, count);
        }
        for (side, all) in [(&mut plain.senders, senders), (&mut plain.recipients, recipients)] {
            for domain in side.touched.drain(..) {
                let open = std::mem::take(&mut side.domains[domain as usize]);
                let name = &mut plain.names[domain as usize];
                if *name == u32::MAX {
                    *name = names.intern(block.domain_name(domain));
                }
                all.add_good(*name, bucket, open.deliveries, open.last);
            }
        }
    }
}
