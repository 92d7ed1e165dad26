//! The tally as the search sees it: cases in order, which of them are already explained, and the
//! volumes they are to be compared with.

use super::established::Established;
use super::per_bucket::PerBucket;
use super::{Facts, quiet};
use crate::model::time::SECOND;
use crate::model::{Direction, EntityType, Layer};
use crate::stats::Rhythm;
use crate::tally::{Case, Cases, Tally};
use std::collections::BTreeMap;

/// Which trouble a series counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// Failed, dropped, pending too long.
    Failing,
    /// Unknown now, an address that took mail before. Guessed addresses fail every day; these
    /// were lost.
    Vanished,
    /// Held although the sender is one whose mail normally arrives. Mail of strangers in
    /// quarantine is the filter at work, not a fault.
    HeldLegitimate,
    /// Held by one policy among others, in an export that holds nothing but what is held: who is
    /// a stranger cannot be told there, but that one policy holds more of it can.
    HeldByPolicy,
    /// Delivered, but later than mail of its direction is on a quiet day.
    Late,
    /// Delivered to a folder that a rule of the mailbox chose.
    Filed,
    /// Delivered because a setting of ours let it pass, against the filter's verdict or in spite
    /// of failed authentication.
    LetPass,
}

impl Trouble {
    /// All, in the order of looking.
    pub(super) const ALL: [Self; 7] = [
        Self::Failing,
        Self::Vanished,
        Self::HeldLegitimate,
        Self::HeldByPolicy,
        Self::Late,
        Self::Filed,
        Self::LetPass,
    ];
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
    /// One connector.
    Connector(u32),
    /// One mail flow rule.
    Rule(u32),
    /// One setting: the policy that holds, the list that lets pass.
    Setting(u32),
    /// All deliveries of a direction that fail for one stated cause.
    Cause(Direction, u32),
}

impl Slice {
    /// Kind of entity.
    pub(super) fn kind(self) -> EntityType {
        match self {
            Self::Tenant(_) | Self::Cause(..) => EntityType::Tenant,
            Self::SenderDomain(_) => EntityType::SenderDomain,
            Self::RecipientDomain(_) => EntityType::RecipientDomain,
            Self::Sender(_) => EntityType::Sender,
            Self::Recipient(_) => EntityType::Recipient,
            Self::Connector(_) => EntityType::Connector,
            Self::Rule(_) => EntityType::Rule,
            Self::Setting(_) => EntityType::Policy,
        }
    }

    /// Direction, where the slice is one.
    pub(super) fn direction(self) -> Option<Direction> {
        match self {
            Self::Tenant(direction) | Self::Cause(direction, _) => Some(direction),
            _ => None,
        }
    }

    /// Does the case belong to it? Causes are known to the [`View`] alone.
    fn holds(self, case: &Case, cause: u32) -> bool {
        match self {
            Self::Cause(direction, id) => case.direction == direction && cause == id,
            Self::Tenant(direction) => case.direction == direction,
            Self::SenderDomain(id) => case.sender_domain == id,
            Self::RecipientDomain(id) => case.recipient_domain == id,
            Self::Sender(id) => case.sender == id,
            Self::Recipient(id) => case.recipient == id,
            Self::Connector(id) => case.connector == id,
            Self::Rule(id) => case.rule == id,
            Self::Setting(id) => case.setting == id,
        }
    }
}

/// The run as the search sees it.
pub(super) struct View<'a> {
    pub(super) tally: &'a Tally,
    pub(super) facts: &'a Facts,
    /// Where the cases come from: the failing and held ones, or the late ones.
    pub(super) table: &'a Cases,
    /// All cases by (time, key, recipient).
    pub(super) cases: Vec<Case>,
    /// Trouble of each case; `None` once it is explained, or where it is the filter's daily work.
    pub(super) open: Vec<Option<Trouble>>,
    /// First and last bucket with a delivery.
    pub(super) range: (i64, i64),
    /// Deliveries one case stands for.
    pub(super) weight: u64,
    /// By signature: the stated cause, a place in `cause_layers`; `u32::MAX` where none is stated.
    causes: Vec<u32>,
    /// Layers of the causes stated.
    cause_layers: Vec<Layer>,
    /// The one trouble it is about, where it is about one.
    pub(super) only: Option<Trouble>,
    /// Sender domains whose mail normally arrives.
    known: Established,
    /// Per bucket: deliveries from established sender domains.
    pub(super) established: BTreeMap<i64, u64>,
    /// The same, our own domains left out.
    pub(super) partners: BTreeMap<i64, u64>,
    /// By label: a connector that carries no more than a part of its direction's mail.
    pub(super) is_branch: Vec<bool>,
    /// Expected traffic of the whole export per bucket of the range: the exposure of entities
    /// whose own is not known. `None` where the traffic is the trouble itself.
    pub(super) weights: Option<Vec<f64>>,
}

impl<'a> View<'a> {
    /// The failing and held deliveries.
    pub(super) fn new(tally: &'a Tally, facts: &'a Facts) -> Self {
        let states = states_reasons(tally);
        Self::of(tally, facts, &tally.cases, None, |c, established| match c.failing {
            true if may_be_spam(tally, c, established) => None,
            true if states && vanished(tally, c) => Some(Trouble::Vanished),
            true => Some(Trouble::Failing),
            false if established.holds(c.sender_domain) => Some(Trouble::HeldLegitimate),
            // A list of held mail does not show whose mail arrives; our own should.
            false if facts.filtered && is_ours(tally, facts, c) => Some(Trouble::HeldLegitimate),
            false => None,
        })
    }

    /// The held ones, by the policy that holds them.
    pub(super) fn by_policy(tally: &'a Tally, facts: &'a Facts) -> Self {
        let only = Some(Trouble::HeldByPolicy);
        Self::of(tally, facts, &tally.cases, only, |c, _| only.filter(|_| !c.failing))
    }

    /// The late ones.
    pub(super) fn late(tally: &'a Tally, facts: &'a Facts) -> Self {
        let usual: Vec<f64> = Direction::ALL.iter().map(|d| quiet::latency(tally, *d)).collect();
        Self::of(tally, facts, &tally.late, Some(Trouble::Late), |c, _| {
            let usual = usual[c.direction as usize];
            c.tenths.is_none_or(|t| f64::from(t) >= 10.0 * usual).then_some(Trouble::Late)
        })
    }

    /// Those that mailbox rules filed.
    pub(super) fn filed(tally: &'a Tally, facts: &'a Facts) -> Self {
        Self::of(tally, facts, &tally.filed, Some(Trouble::Filed), |_, _| Some(Trouble::Filed))
    }

    /// Those that a setting let pass.
    pub(super) fn let_pass(tally: &'a Tally, facts: &'a Facts) -> Self {
        let only = Some(Trouble::LetPass);
        Self::of(tally, facts, &tally.risky, only, |_, _| only)
    }

    fn of(
        tally: &'a Tally,
        facts: &'a Facts,
        table: &'a Cases,
        only: Option<Trouble>,
        trouble: impl Fn(&Case, &Established) -> Option<Trouble>,
    ) -> Self {
        let cases = table.sorted();
        let known = Established::new(tally);
        let open = cases.iter().map(|c| trouble(c, &known)).collect();
        let range = tally.timeline.range().unwrap_or((0, 0));
        let (mut ours, mut partners) = (PerBucket::over(range), PerBucket::over(range));
        for (id, stat) in tally.senders.iter().filter(|(id, _)| known.holds(*id)) {
            let own = facts.own.iter().any(|own| own == tally.names.text(id));
            let into = if own { &mut ours } else { &mut partners };
            stat.series.iter().for_each(|(bucket, count)| into.add(bucket, count));
        }
        let partners = partners.counts();
        let mut established = partners.clone();
        for (bucket, count) in ours.counts() {
            *established.entry(bucket).or_default() += count;
        }
        let (causes, cause_layers) = causes(tally);
        let weights = (!facts.filtered).then(|| {
            let counts: Vec<(i64, u64)> =
                tally.timeline.ticks().map(|(b, tick)| (b, tick.deliveries())).collect();
            let seconds = tally.bucket / SECOND;
            Rhythm::learn(&counts, range.0, range.1, seconds, 0).weights(range.0, range.1)
        });
        Self {
            tally,
            facts,
            table,
            cases,
            open,
            range,
            weights,
            weight: table.weight(),
            known,
            causes,
            cause_layers,
            only,
            established,
            partners,
            is_branch: (0..table.labels() as u32)
                .map(|id| is_branch(tally, table.label(id)))
                .collect(),
        }
    }

    /// The cause that a system stated for a case, as a number below [`View::causes`].
    pub(super) fn cause(&self, case: &Case) -> Option<u32> {
        self.causes.get(case.signature as usize).copied().filter(|id| *id != u32::MAX)
    }

    /// Layer of a stated cause, as its first signature names it.
    pub(super) fn layer_of(&self, cause: u32) -> Layer {
        self.cause_layers.get(cause as usize).copied().unwrap_or(Layer::Unknown)
    }

    /// Number of causes stated.
    pub(super) fn causes(&self) -> usize {
        self.cause_layers.len()
    }

    /// Does the case belong to the slice?
    pub(super) fn holds(&self, slice: Slice, case: &Case) -> bool {
        slice.holds(case, self.cause(case).unwrap_or(u32::MAX))
    }

    /// Mail of this sender domain normally arrives.
    pub(super) fn is_established(&self, sender_domain: u32) -> bool {
        self.known.holds(sender_domain)
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
            Slice::Tenant(_) | Slice::Cause(..) => {
                self.facts.own.first().cloned().unwrap_or_default()
            }
            Slice::SenderDomain(id) | Slice::RecipientDomain(id) => {
                self.tally.names.text(id).to_owned()
            }
            Slice::Sender(id) | Slice::Recipient(id) => self.table.address(id).to_owned(),
            Slice::Connector(id) | Slice::Rule(id) | Slice::Setting(id) => {
                self.table.label(id).to_owned()
            }
        }
    }
}

/// The cause of each signature that states one, numbered, and the layers of all causes. A cause that
/// two layers share, by who speaks, is two.
fn causes(tally: &Tally) -> (Vec<u32>, Vec<Layer>) {
    let stated: Vec<Option<(Layer, &str)>> = tally
        .signatures
        .iter()
        .map(|s| {
            let layer = s.signature.layer;
            (layer != Layer::Unknown).then_some((layer, s.signature.cause.as_str()))
        })
        .collect();
    let mut known: Vec<(Layer, &str)> = stated.iter().flatten().copied().collect();
    known.sort_unstable();
    known.dedup();
    let place = |cause| known.binary_search(&cause).map_or(u32::MAX, |at| at as u32);
    let ids = stated.iter().map(|cause| cause.map_or(u32::MAX, place)).collect();
    (ids, known.iter().map(|(layer, _)| *layer).collect())
}

/// Most failures of the run state a reason. Where only a few bounces do, these few must not be
/// told apart from the rest of their kind.
fn states_reasons(tally: &Tally) -> bool {
    let (mut stated, mut all) = (0, 0);
    for stat in tally.signatures.iter() {
        all += stat.deliveries;
        stated += if stat.signature.layer == Layer::Unknown { 0 } else { stat.deliveries };
    }
    stated * 2 > all
}

/// Unknown, says the service, and it took mail before.
fn vanished(tally: &Tally, case: &Case) -> bool {
    let stat = tally.signatures.get(case.signature);
    matches!(case.direction, Direction::Inbound | Direction::Internal)
        && stat.is_some_and(|s| s.signature.cause == "recipient_unknown")
        && took_mail(tally, case)
}

/// Says that it is from a domain of ours.
fn is_ours(tally: &Tally, facts: &Facts, case: &Case) -> bool {
    let from = tally.names.text(case.from_domain);
    facts.own.iter().any(|own| own == from)
}

/// Mail to this address was delivered before.
pub(super) fn took_mail(tally: &Tally, case: &Case) -> bool {
    let mailbox = tally.mailboxes.get(tally.cases.address(case.recipient));
    mailbox.and_then(|mailbox| mailbox.first).is_some_and(|first| first < case.time)
}

/// A connector that carries most mail of a direction is that direction: to name it would say no
/// more, and blame it.
const BRANCH: f64 = 0.6;

fn is_branch(tally: &Tally, connector: &str) -> bool {
    let Some(stat) = tally.connectors.get(connector) else { return false };
    let main = stat.main_direction();
    // Mail from inside to inside needs no connector: one that it takes is a branch by itself.
    if main == Direction::Internal {
        return true;
    }
    let all: u64 = tally.timeline.ticks().map(|(_, tick)| tick.direction[main as usize][0]).sum();
    stat.direction[main as usize] as f64 <= BRANCH * all as f64
}

/// An export that does not tell failed from held, and a stranger's mail: the filter's daily work.
fn may_be_spam(tally: &Tally, case: &Case, known: &Established) -> bool {
    let stat = tally.signatures.get(case.signature);
    case.direction == Direction::Inbound
        && stat.is_some_and(|s| s.signature.cause == "failed_or_held")
        && tally.names.text(case.sender_domain) != "<>"
        && !known.holds(case.sender_domain)
}
