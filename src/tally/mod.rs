//! How much, where, since when?
//!
//! Comes in: judged deliveries. Goes out: mergeable counts, and from them the totals and tables of
//! the report. Deliberately absent: opinions about what is wrong, and anything whose result depends
//! on the order of observation or merging: every accumulator obeys the laws that `laws.rs` tests
//! (the empty one is neutral; any split and any order give the same finish).

pub mod auth;
pub mod cases;
pub mod connectors;
pub mod delays;
pub mod domains;
pub mod mailboxes;
pub mod pairs;
mod plain;
pub mod quarantine;
pub mod rule_ids;
pub mod signatures;
pub mod stamped;
pub mod tables;
pub mod timeline;
pub mod totals;
pub mod trails;
mod transit;

pub use auth::Auth;
pub use cases::{Case, Cases, Flaws, SpfFlaw};
pub use connectors::{ConnectorStat, Connectors};
pub use delays::{Delay, Delays};
pub use domains::{DomainStat, Domains, Series};
pub use mailboxes::{Mailbox, Mailboxes};
pub use pairs::StampPairs;
pub use plain::Kind;
pub use quarantine::Quarantined;
pub use rule_ids::{Company, RuleIds, RuleKind};
pub use signatures::{SignatureStat, Signatures};
pub use stamped::StampCounts;
pub use timeline::{Tick, Timeline};
pub use totals::Counts;
pub use trails::Trails;

use crate::model::delivery::domain_of;
use crate::model::{Block, Delivery, Interner, Outcome, Placement, Verdict};

/// A judged delivery with its domains, as every accumulator sees it.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// The delivery.
    pub delivery: &'a Delivery<'a>,
    /// The verdict on it.
    pub verdict: &'a Verdict,
    /// Bucket number: time divided by the bucket width, rounded down.
    pub bucket: i64,
    /// Sender domain, an id of [`Tally::names`].
    pub sender_domain: u32,
    /// Recipient domain, an id of [`Tally::names`].
    pub recipient_domain: u32,
    /// Domain of the From header, an id of [`Tally::names`]; of the envelope where a trusted stamp
    /// does not name it.
    pub from_domain: u32,
}

/// All counts of a run, or of a part of it.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Bucket width in microseconds.
    pub bucket: i64,
    /// Domain names.
    pub names: Interner,
    /// Totals by outcome, placement and direction.
    pub totals: Counts,
    /// Counts per time bucket and direction.
    pub timeline: Timeline,
    /// Deliveries by sender domain.
    pub senders: Domains,
    /// Deliveries by recipient domain.
    pub recipients: Domains,
    /// Failure signatures.
    pub signatures: Signatures,
    /// Failing and held deliveries one by one, as far as they fit.
    pub cases: Cases,
    /// Deliveries that arrived, but late or deferred, one by one, as far as they fit.
    pub late: Cases,
    /// Deliveries that were deferred and are still being tried, too recent to count as failing.
    pub retrying: Cases,
    /// Single addresses of ours: since when they take mail, how much they send.
    pub mailboxes: Mailboxes,
    /// Deliveries that a rule of the mailbox filed to a folder.
    pub filed: Cases,
    /// Deliveries that a setting let pass against the filter's verdict or failed authentication.
    pub risky: Cases,
    /// Authentication results by From domain.
    pub auth: Auth,
    /// Values of the service's stamps.
    pub stamped: StampCounts,
    /// What was quarantined.
    pub quarantined: Quarantined,
    /// Values of stamps that stand together.
    pub pairs: StampPairs,
    /// Numbers of filter rules on legitimate mail.
    pub rule_ids: RuleIds,
    /// The way of message files.
    pub trails: Trails,
    /// Deliveries by connector.
    pub connectors: Connectors,
    /// How long deliveries took.
    pub delays: Delays,
    /// Domain id of each name of the current partition's blocks; `u32::MAX` not yet looked up.
    local: Vec<Vec<u32>>,
    /// What is open of a block.
    plain: plain::Plain,
}

impl Tally {
    /// An empty tally with buckets of `bucket` microseconds.
    pub fn new(bucket: i64) -> Self {
        Self {
            bucket: bucket.max(1),
            names: Interner::default(),
            totals: Counts::default(),
            timeline: Timeline::default(),
            senders: Domains::default(),
            recipients: Domains::default(),
            signatures: Signatures::default(),
            cases: Cases::default(),
            late: Cases::default(),
            retrying: Cases::default(),
            mailboxes: Mailboxes::default(),
            filed: Cases::default(),
            risky: Cases::default(),
            auth: Auth::default(),
            stamped: StampCounts::default(),
            quarantined: Quarantined::default(),
            pairs: StampPairs::default(),
            rule_ids: RuleIds::default(),
            trails: Trails::default(),
            connectors: Connectors::default(),
            delays: Delays::default(),
            local: Vec::new(),
            plain: plain::Plain::default(),
        }
    }

    /// Must be called before the deliveries of a partition are observed: domains are looked up
    /// once per name of a block, not once per delivery.
    pub fn begin_partition(&mut self, blocks: &[Block]) {
        self.local = blocks.iter().map(|b| vec![u32::MAX; b.names().len()]).collect();
    }

    /// Counts one delivery of the current partition.
    pub fn observe(&mut self, delivery: &Delivery<'_>, verdict: &Verdict) {
        let observed = self.observed(delivery, verdict);
        self.totals.observe(&observed);
        self.timeline.observe(&observed);
        self.senders.observe(observed.sender_domain, &observed);
        self.recipients.observe(observed.recipient_domain, &observed);
        self.mailboxes.observe(&observed);
        self.note(&observed);
    }

    fn observed<'a>(&mut self, delivery: &'a Delivery<'a>, verdict: &'a Verdict) -> Observed<'a> {
        let sender_domain = self.domain(delivery.sender_domain, delivery.sender);
        let from = delivery.stamps().find(|s| s.trusted).and_then(|s| s.header_from.as_deref());
        Observed {
            delivery,
            verdict,
            bucket: delivery.time.0.div_euclid(self.bucket),
            sender_domain,
            from_domain: from.map_or(sender_domain, |from| self.names.intern(from)),
            recipient_domain: self.domain(delivery.recipient_domain, delivery.recipient),
        }
    }

    /// Notes what cannot be added up, or is known of few deliveries only.
    fn note(&mut self, observed: &Observed<'_>) {
        let Observed { delivery, verdict, .. } = *observed;
        if verdict.failing || verdict.held {
            let signature = self.signatures.observe(observed);
            self.cases.observe(observed, signature);
        } else if delivery.path.as_deref().is_some_and(cases::is_late)
            && matches!(verdict.outcome, Outcome::Delivered | Outcome::Relayed)
        {
            self.late.observe(observed, u32::MAX);
        }
        if verdict.outcome == Outcome::Pending
            && !verdict.failing
            && delivery.path.as_ref().is_some_and(|p| p.deferrals > 0)
        {
            self.retrying.observe(observed, u32::MAX);
        }
        if verdict.risk.is_some() {
            self.risky.observe(observed, u32::MAX);
        }
        if verdict.placement == Placement::Folder && verdict.outcome == Outcome::Delivered {
            self.filed.observe(observed, u32::MAX);
        }
        self.auth.observe(observed);
        self.stamped.observe(observed);
        self.quarantined.observe(observed);
        if !delivery.extras.is_empty() {
            self.pairs.observe(observed);
            self.rule_ids.observe(observed);
            self.trails.observe(observed);
        }
        self.connectors.observe(observed);
        self.delays.observe(observed);
    }

    /// One in so many deliveries is kept in the table of cases that had to thin out most; 1 where
    /// all are kept.
    pub fn thinned(&self) -> u64 {
        let tables = [&self.cases, &self.late, &self.retrying, &self.filed, &self.risky];
        tables.map(Cases::weight).into_iter().max().unwrap_or(1)
    }

    fn domain(&mut self, (block, id): (u32, u32), address: &str) -> u32 {
        let known = &mut self.local[block as usize][id as usize];
        if *known == u32::MAX {
            *known = self.names.intern(domain_of(address));
        }
        *known
    }

    /// Adds another part of the run.
    pub fn merge(&mut self, other: Self) {
        let names: Vec<u32> = (0..other.names.len() as u32)
            .map(|id| self.names.intern(other.names.text(id)))
            .collect();
        self.totals.merge(&other.totals);
        self.timeline.merge(&other.timeline);
        self.senders.merge(other.senders, &names);
        self.recipients.merge(other.recipients, &names);
        let signatures = self.signatures.merge(other.signatures, &names);
        self.cases.merge(other.cases, &names, &signatures);
        self.late.merge(other.late, &names, &signatures);
        self.retrying.merge(other.retrying, &names, &signatures);
        self.mailboxes.merge(other.mailboxes);
        self.filed.merge(other.filed, &names, &signatures);
        self.risky.merge(other.risky, &names, &signatures);
        self.auth.merge(other.auth);
        self.stamped.merge(other.stamped);
        self.quarantined.merge(other.quarantined);
        self.pairs.merge(other.pairs);
        self.rule_ids.merge(other.rule_ids);
        self.trails.merge(other.trails);
        self.connectors.merge(other.connectors, &names);
        self.delays.merge(&other.delays);
    }
}

#[cfg(test)]
mod laws;
