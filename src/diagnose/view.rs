//! The tally as the search sees it: cases in order, which of them are already explained, and the
//! volumes they are to be compared with.

use super::Facts;
use crate::model::time::SECOND;
use crate::model::{Direction, EntityType};
use crate::stats::Rhythm;
use crate::tally::{Case, Tally};
use std::collections::BTreeMap;

/// Which trouble a series counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// Failed, dropped, pending too long.
    Failing,
    /// Held although the sender is one whose mail normally arrives. Mail of strangers in
    /// quarantine is the filter at work, not a fault.
    HeldLegitimate,
}

impl Trouble {
    /// Both, in the order of looking.
    pub(super) const ALL: [Self; 2] = [Self::Failing, Self::HeldLegitimate];
}

/// An entity within the run, by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slice {
    /// All deliveries of a direction.
    Tenant(Direction),
    /// One sender domain.
    SenderDomain(u32),
    /// One recipient domain.
    RecipientDomain(u32),
    /// One sender address.
    Sender(u32),
    /// One recipient address.
    Recipient(u32),
}

impl Slice {
    /// Kind of entity.
    pub(super) fn kind(self) -> EntityType {
        match self {
            Self::Tenant(_) => EntityType::Tenant,
            Self::SenderDomain(_) => EntityType::SenderDomain,
            Self::RecipientDomain(_) => EntityType::RecipientDomain,
            Self::Sender(_) => EntityType::Sender,
            Self::Recipient(_) => EntityType::Recipient,
        }
    }

    /// Direction, where the slice is one.
    pub(super) fn direction(self) -> Option<Direction> {
        match self {
            Self::Tenant(direction) => Some(direction),
            _ => None,
        }
    }

    /// Does the case belong to it?
    pub(super) fn holds(self, case: &Case) -> bool {
        match self {
            Self::Tenant(direction) => case.direction == direction,
            Self::SenderDomain(id) => case.sender_domain == id,
            Self::RecipientDomain(id) => case.recipient_domain == id,
            Self::Sender(id) => case.sender == id,
            Self::Recipient(id) => case.recipient == id,
        }
    }
}

/// The run as the search sees it.
pub(super) struct View<'a> {
    pub(super) tally: &'a Tally,
    pub(super) facts: &'a Facts,
    /// All cases by (time, key, recipient).
    pub(super) cases: Vec<Case>,
    /// Trouble of each case; `None` once it is explained, or where it is the filter's daily work.
    pub(super) open: Vec<Option<Trouble>>,
    /// First and last bucket with a delivery.
    pub(super) range: (i64, i64),
    /// Deliveries one case stands for.
    pub(super) weight: u64,
    /// Per bucket: deliveries from established sender domains.
    pub(super) established: BTreeMap<i64, u64>,
    /// The same, our own domains left out.
    pub(super) partners: BTreeMap<i64, u64>,
    /// Expected traffic of the whole export per bucket of the range: the exposure of entities
    /// whose own is not known. `None` where the traffic is the trouble itself.
    pub(super) weights: Option<Vec<f64>>,
}

/// A sender domain is established with this many deliveries that were neither failing nor held,
/// and if these are most of its mail.
const ESTABLISHED: u64 = 4;

impl<'a> View<'a> {
    pub(super) fn new(tally: &'a Tally, facts: &'a Facts) -> Self {
        let cases = tally.cases.sorted();
        let established = |id: u32| is_established(tally, id);
        let open = cases
            .iter()
            .map(|c| match c.failing {
                true => Some(Trouble::Failing),
                false if established(c.sender_domain) => Some(Trouble::HeldLegitimate),
                false => None,
            })
            .collect();
        let mut volume: BTreeMap<i64, u64> = BTreeMap::new();
        let mut partners: BTreeMap<i64, u64> = BTreeMap::new();
        for (id, stat) in tally.senders.iter().filter(|(id, _)| established(*id)) {
            let ours = facts.own.iter().any(|own| own == tally.names.text(id));
            for (bucket, count) in stat.series.iter() {
                *volume.entry(bucket).or_default() += count;
                if !ours {
                    *partners.entry(bucket).or_default() += count;
                }
            }
        }
        let range = tally.timeline.range().unwrap_or((0, 0));
        let weights = (!facts.filtered).then(|| {
            let counts: Vec<(i64, u64)> =
                tally.timeline.ticks().map(|(b, tick)| (b, tick.deliveries())).collect();
            let seconds = tally.bucket / SECOND;
            Rhythm::learn(&counts, range.0, range.1, seconds, 0).weights(range.0, range.1)
        });
        Self {
            tally,
            facts,
            cases,
            open,
            range,
            weights,
            weight: tally.cases.weight(),
            established: volume,
            partners,
        }
    }

    /// Mail of this sender domain normally arrives.
    pub(super) fn is_established(&self, sender_domain: u32) -> bool {
        is_established(self.tally, sender_domain)
    }

    /// The slice is (nearly) all mail that comes in.
    pub(super) fn is_inbound(&self, slice: Slice) -> bool {
        match slice {
            Slice::Tenant(direction) => direction == Direction::Inbound,
            Slice::RecipientDomain(id) => {
                let name = self.tally.names.text(id);
                self.facts.own.iter().any(|own| own == name)
            }
            _ => false,
        }
    }

    /// Bucket number of a case.
    pub(super) fn bucket(&self, case: &Case) -> i64 {
        case.time.div_euclid(self.tally.bucket)
    }

    /// Unexplained cases of a trouble, with their index.
    pub(super) fn open_cases(&self, trouble: Trouble) -> impl Iterator<Item = (usize, &Case)> {
        self.cases
            .iter()
            .enumerate()
            .zip(&self.open)
            .filter(move |(_, open)| **open == Some(trouble))
            .map(|(case, _)| case)
    }

    /// Name of a slice in the report.
    pub(super) fn name(&self, slice: Slice) -> String {
        match slice {
            Slice::Tenant(_) => self.facts.own.first().cloned().unwrap_or_default(),
            Slice::SenderDomain(id) | Slice::RecipientDomain(id) => {
                self.tally.names.text(id).to_owned()
            }
            Slice::Sender(id) | Slice::Recipient(id) => self.tally.cases.address(id).to_owned(),
        }
    }
}

fn is_established(tally: &Tally, sender_domain: u32) -> bool {
    let stat = tally.senders.get(sender_domain);
    stat.is_some_and(|s| s.good() >= ESTABLISHED && s.good() * 2 >= s.deliveries)
}
