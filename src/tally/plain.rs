//! Deliveries of which nothing but a status is known: nearly all mail of most exports. They are
//! counted by the domains of their stretch first, and added to the tally by bucket: one visit for
//! many deliveries.

use super::Tally;
use super::mailboxes::hash_of;
use super::totals::in_denominator;
use crate::model::pages::filled;
use crate::model::{Block, Delivery, Direction, Interner, Outcome, Verdict};

/// Deliveries that the mailboxes take over at a time.
const TOGETHER: usize = 512;

/// What has been counted of a stretch and not yet been added to the tally.
#[derive(Clone, Debug, Default)]
pub(super) struct Plain {
    senders: Side,
    recipients: Side,
    /// Addresses of ours whose deliveries are not yet with the mailboxes: what took one and when,
    /// and what sent one.
    took: Vec<(u64, i64)>,
    sent: Vec<u64>,
    kinds: Vec<Counted>,
    /// Times of the open bucket: from, and up to.
    open: (i64, i64),
}

/// Deliveries of the open bucket by the stretch's domains at one side.
#[derive(Clone, Debug, Default)]
struct Side {
    domains: Vec<Open>,
    /// Domains with a delivery in the open bucket.
    touched: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub(super) deliveries: u32,
    pub(super) failing: u32,
    pub(super) held: u32,
    /// Time of the last one that was neither.
    pub(super) last_good: i64,
}

impl Side {
    fn begin(&mut self, domains: usize) {
        self.domains = filled(domains, Open::default());
        self.touched.clear();
    }

    #[inline]
    fn add(&mut self, domain: u32, kind: &Counted, time: i64) {
        let open = &mut self.domains[domain as usize];
        if open.deliveries == 0 {
            self.touched.push(domain);
            open.last_good = i64::MIN;
        }
        open.deliveries += 1;
        open.failing += u32::from(kind.verdict.failing);
        open.held += u32::from(kind.verdict.held);
        if !kind.verdict.failing && !kind.verdict.held {
            open.last_good = open.last_good.max(time);
        }
    }
}

/// A verdict in a [`Tally`] that knows it.
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
    /// Makes a verdict known for [`Tally::observe_plain`].
    pub fn kind(&mut self, verdict: &Verdict) -> Kind {
        let inside = matches!(verdict.direction, Direction::Inbound | Direction::Internal);
        self.plain.kinds.push(Counted {
            verdict: verdict.clone(),
            in_denominator: in_denominator(verdict.outcome),
            took: inside && verdict.outcome == Outcome::Delivered,
            sent: verdict.direction == Direction::Outbound,
            count: 0,
        });
        Kind(self.plain.kinds.len() - 1)
    }

    /// True where a delivery with this verdict of which nothing else is known must be given to
    /// [`Tally::note_plain`] as well.
    pub fn must_note(verdict: &Verdict) -> bool {
        let turned = verdict.outcome_first != verdict.outcome;
        verdict.failing || verdict.held || turned || verdict.risk.is_some()
    }

    /// Notes a delivery that [`Tally::observe_plain`] counted.
    pub fn note_plain(&mut self, delivery: &Delivery<'_>, verdict: &Verdict) {
        let observed = self.observed(delivery, verdict);
        self.note(&observed);
    }

    /// Must be called before the deliveries of a stretch are observed: of blocks that stand alone
    /// and share these names of domains.
    pub fn begin_stretch(&mut self, names: &Interner) {
        self.local = vec![vec![u32::MAX; names.len()]];
        let plain = &mut self.plain;
        plain.senders.begin(names.len());
        plain.recipients.begin(names.len());
    }

    /// Counts one delivery of a block of the open stretch, of which only this is known, by the
    /// texts of its addresses: all that [`Tally::observe`] does but noting.
    #[inline]
    pub fn observe_plain(
        &mut self,
        block: &Block,
        kind: Kind,
        time: i64,
        (sender, recipient): (u32, u32),
    ) {
        if time < self.plain.open.0 || time >= self.plain.open.1 {
            self.turn_to(block.names(), time);
        }
        let plain = &mut self.plain;
        let kind = &mut plain.kinds[kind.0];
        kind.count += 1;
        if kind.in_denominator {
            plain.senders.add(block.domain(sender), kind, time);
            plain.recipients.add(block.domain(recipient), kind, time);
        }
        if kind.took {
            plain.took.push((hash_of(block.text(recipient)), time));
        } else if kind.sent {
            plain.sent.push(hash_of(block.text(sender)));
        }
        if plain.took.len() + plain.sent.len() >= TOGETHER {
            self.note_mailboxes();
        }
    }

    /// Adds what is open of the stretch to the rest.
    pub fn end_stretch(&mut self, names: &Interner) {
        self.close_bucket(names);
        self.plain.open = (0, 0);
        self.note_mailboxes();
    }

    /// Does nothing else, so that many misses of the cache are under way at a time.
    fn note_mailboxes(&mut self) {
        for (address, time) in self.plain.took.drain(..) {
            self.mailboxes.take(address, time);
        }
        for address in self.plain.sent.drain(..) {
            self.mailboxes.send(address);
        }
    }

    #[cold]
    fn turn_to(&mut self, names: &Interner, time: i64) {
        self.close_bucket(names);
        let from = time.div_euclid(self.bucket).saturating_mul(self.bucket);
        self.plain.open = (from, from.saturating_add(self.bucket));
    }

    fn close_bucket(&mut self, stretch: &Interner) {
        let bucket = self.plain.open.0.div_euclid(self.bucket);
        let Self { plain, names, local, totals, timeline, senders, recipients, .. } = self;
        for kind in plain.kinds.iter_mut().filter(|kind| kind.count > 0) {
            let count = std::mem::take(&mut kind.count);
            totals.add(&kind.verdict, count);
            timeline.add(bucket, &kind.verdict, count);
        }
        for (side, all) in [(&mut plain.senders, senders), (&mut plain.recipients, recipients)] {
            for domain in side.touched.drain(..) {
                let open = std::mem::take(&mut side.domains[domain as usize]);
                let name = &mut local[0][domain as usize];
                if *name == u32::MAX {
                    *name = names.intern(stretch.text(domain));
                }
                all.add(*name, bucket, open);
            }
        }
    }
}
