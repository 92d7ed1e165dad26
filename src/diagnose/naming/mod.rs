//! What the rise is: cause, layer, side, from the evidence inside it.
//!
//! One file per naming, in the order they are asked; the first that answers names the finding. A
//! naming that looks at special evidence stands before the general ones.

mod allow_list_bypass;
mod at_connector;
mod backscatter;
mod by_cause;
mod by_rule;
mod delayed;
mod dkim_broken;
mod filed;
mod forwarding_loop;
mod held_legitimate;
mod own_mail_held;
mod policy_holds_more;
mod recipients_gone;
mod sender_blocked;
mod spf_missing_source;
mod symptom;

use super::excess::{Excess, most_frequent};
use super::view::{Slice, Trouble, View};
use crate::model::time::DAY;
use crate::model::{Entity, EntityType, Grade, Layer, Side, Signature};
use crate::tally::Case;
use crate::tally::auth::{DomainAuth, Results};
use std::sync::Arc;

/// The name given to a rise.
#[derive(Clone, Debug, PartialEq)]
pub struct Naming {
    /// Layer.
    pub layer: Layer,
    /// Cause, a stable snake_case word.
    pub cause: String,
    /// Side.
    pub side: Side,
    /// How directly it is known.
    pub grade: Grade,
    /// Part of the evidence with a stated reason that agrees, 0 to 1.
    pub purity: f64,
    /// Deliveries whose reason a system stated.
    pub stated: u64,
    /// Another entity than the one searched for, where the evidence names a better one.
    pub entity: Option<Entity>,
    /// What people read.
    pub title: String,
}

/// A naming: answers where its evidence is there.
pub type Name = fn(&Clues<'_>) -> Option<Naming>;

/// All namings with their names, in the order they are asked.
pub const NAMINGS: &[(&str, Name)] = &[
    ("delayed", delayed::name),
    ("filed", filed::name),
    ("recipients_gone", recipients_gone::name),
    ("policy_holds_more", policy_holds_more::name),
    ("allow_list_bypass", allow_list_bypass::name),
    ("forwarding_loop", forwarding_loop::name),
    ("by_rule", by_rule::name),
    ("at_connector", at_connector::name),
    ("sender_blocked", sender_blocked::name),
    ("backscatter", backscatter::name),
    ("dkim_broken", dkim_broken::name),
    ("spf_missing_source", spf_missing_source::name),
    ("own_mail_held", own_mail_held::name),
    ("held_legitimate", held_legitimate::name),
    ("by_cause", by_cause::name),
    ("symptom", symptom::name),
];

/// Messages that must fail authentication before it counts as broken without a stated reason.
const BROKEN: u64 = 8;

/// The evidence inside a rise, counted once for all namings.
pub struct Clues<'a> {
    view: &'a View<'a>,
    excess: &'a Excess,
    /// Reasons stated by a system, most frequent first.
    reasons: Vec<(Arc<Signature>, u64)>,
}

impl<'a> Clues<'a> {
    pub(super) fn new(view: &'a View<'a>, excess: &'a Excess) -> Self {
        let signatures = excess.cases.iter().filter_map(|&i| {
            let stat = view.tally.signatures.get(view.cases[i].signature)?;
            (stat.signature.layer != Layer::Unknown).then(|| stat.signature.clone())
        });
        Self { view, excess, reasons: most_frequent(signatures) }
    }

    /// Deliveries inside the rise.
    pub(super) fn size(&self) -> u64 {
        self.excess.cases.len() as u64
    }

    /// Deliveries with a stated reason, and those of the layer most of them name.
    pub(super) fn main_layer(&self) -> Option<(Layer, u64, u64)> {
        let layers = self
            .reasons
            .iter()
            .flat_map(|(s, n)| std::iter::repeat_n(s.layer, usize::try_from(*n).unwrap_or(0)));
        let (layer, agreeing) = most_frequent(layers).into_iter().next()?;
        Some((layer, agreeing, self.reasons.iter().map(|(_, n)| n).sum()))
    }

    /// The most frequent cause and side within a layer.
    pub(super) fn main_cause(&self, layer: Layer) -> Option<(&str, Side)> {
        let mut causes: Vec<(&str, Side, u64)> = Vec::new();
        for (s, n) in self.reasons.iter().filter(|(s, _)| s.layer == layer) {
            match causes.iter_mut().find(|c| c.0 == s.cause) {
                Some(c) => c.2 += n,
                None => causes.push((&s.cause, s.side, *n)),
            }
        }
        let best = causes.iter().max_by(|a, b| a.2.cmp(&b.2).then_with(|| b.0.cmp(a.0)))?;
        Some((best.0, best.1))
    }

    /// Part of the cases that answer yes.
    pub(super) fn share(&self, yes: impl Fn(&Case) -> bool) -> f64 {
        let hits = self.excess.cases.iter().filter(|&&i| yes(&self.view.cases[i])).count();
        hits as f64 / self.excess.cases.len().max(1) as f64
    }

    /// Cases that answer yes, as a part of the excess, at most 1.
    pub(super) fn part_of_excess(&self, yes: impl Fn(&Case) -> bool) -> f64 {
        let inside = self.excess.cases.len() as f64;
        let excess =
            (self.excess.shift.excess / self.view.weight as f64).clamp(1.0, inside.max(1.0));
        (self.share(yes) * inside / excess).min(1.0)
    }

    /// Trouble of the rise.
    pub(super) fn failing(&self) -> bool {
        matches!(self.excess.trouble, Trouble::Failing | Trouble::Vanished)
    }

    /// Late, not failing or held.
    pub(super) fn late(&self) -> bool {
        self.excess.trouble == Trouble::Late
    }

    /// Trouble of the rise is this one.
    pub(super) fn is(&self, trouble: Trouble) -> bool {
        self.excess.trouble == trouble
    }

    /// The value of a property that most cases share, and the part of the cases that do; empty
    /// values count for nobody.
    pub(super) fn main_value(&self, value: impl Fn(&Case) -> &'a str) -> Option<(&'a str, f64)> {
        let values = self.excess.cases.iter().map(|&i| value(&self.view.cases[i]));
        let (top, n) = most_frequent(values.filter(|v| !v.is_empty())).into_iter().next()?;
        Some((top, n as f64 / self.excess.cases.len().max(1) as f64))
    }

    /// The connector that most cases took, and the part of them that did.
    pub(super) fn main_connector(&self) -> Option<(&'a str, f64)> {
        self.main_value(|c| self.view.table.label(c.connector))
    }

    /// Part of the connector's mail between the first and the last case that is one of them.
    pub(super) fn part_of_connector(&self, name: &str) -> f64 {
        let view = self.view;
        let mine = || {
            let cases = self.excess.cases.iter().map(|&i| &view.cases[i]);
            cases.filter(|c| view.table.label(c.connector) == name)
        };
        let buckets = || mine().map(|c| view.bucket(c));
        let (Some(first), Some(last)) = (buckets().min(), buckets().max()) else { return 0.0 };
        let Some(stat) = view.tally.connectors.get(name) else { return 0.0 };
        let all: u64 =
            stat.series.iter().filter(|(b, _)| (first..=last).contains(b)).map(|(_, n)| n).sum();
        (mine().count() as u64 * view.weight) as f64 / all.max(1) as f64
    }

    /// Text of a domain id.
    pub(super) fn domain(&self, id: u32) -> &'a str {
        self.view.tally.names.text(id)
    }

    /// The domain of ours from which nearly all of these deliveries claim to be sent: that of the
    /// From header, where it is known; a service that sends for us has its own in the envelope.
    pub(super) fn own_sender(&self) -> Option<&str> {
        let senders = self.excess.cases.iter().map(|&i| self.view.cases[i].from_domain);
        let (top, _) = most_frequent(senders.map(|id| self.domain(id))).into_iter().next()?;
        let ours = self.view.facts.own.iter().any(|d| d == top);
        (ours && self.share(|c| self.domain(c.from_domain) == top) >= 0.9).then_some(top)
    }

    /// Authentication of a From domain in message files among the inputs.
    pub(super) fn auth(&self, domain: &str) -> Option<&DomainAuth> {
        self.view.tally.auth.domain(domain)
    }

    /// What the stated reasons agree on where they name authentication; where nobody states a
    /// reason, that it broke for this domain of ours when the rise began, as stamps show.
    pub(super) fn refused_unauthenticated(&self, broken: &Results) -> Option<Agreed<'_>> {
        if let Some(agreed) = self.agreed() {
            return Some(agreed).filter(|a| a.layer == Layer::DnsAuth);
        }
        let onset =
            self.excess.cases.iter().map(|&i| self.view.bucket(&self.view.cases[i])).min()?;
        let day = DAY / self.view.tally.bucket.max(1);
        let sum = |buckets: &mut dyn Iterator<Item = (&i64, &(u64, u64))>| {
            buckets.fold((0, 0), |(f, p), (_, (fail, pass))| (f + fail, p + pass))
        };
        let before = sum(&mut broken.series.range(..onset - day));
        let after = sum(&mut broken.series.range(onset - day..));
        let rate = |(fail, pass): (u64, u64)| fail as f64 / (fail + pass).max(1) as f64;
        let broke = after.0 >= BROKEN && rate(after) >= 5.0 * rate(before);
        broke.then_some(Agreed {
            layer: Layer::DnsAuth,
            cause: "dmarc_rejected",
            side: Side::Ours,
            grade: Grade::Correlated,
            purity: 1.0,
            stated: after.0,
        })
    }

    /// The entity to report: what was searched, or our sending domain where a whole direction is
    /// hit and all of it comes from there.
    pub(super) fn entity(&self) -> Entity {
        if let (Slice::Tenant(_) | Slice::Cause(..), Some(domain)) =
            (self.excess.slice, self.own_sender())
            && self.failing()
        {
            return Entity { kind: EntityType::SenderDomain, value: domain.to_owned() };
        }
        let slice = self.excess.slice;
        Entity { kind: slice.kind(), value: self.view.name(slice) }
    }

    /// The naming that most of the stated reasons agree on.
    pub(super) fn agreed(&self) -> Option<Agreed<'_>> {
        let (layer, agreeing, stated) = self.main_layer()?;
        let (cause, side) = self.main_cause(layer)?;
        let grade = if stated * 2 >= self.size() { Grade::Direct } else { Grade::Correlated };
        let purity = agreeing as f64 / stated.max(1) as f64;
        Some(Agreed { layer, cause, side, grade, purity, stated })
    }
}

/// What the stated reasons agree on.
pub(super) struct Agreed<'a> {
    pub(super) layer: Layer,
    pub(super) cause: &'a str,
    pub(super) side: Side,
    pub(super) grade: Grade,
    pub(super) purity: f64,
    pub(super) stated: u64,
}

impl Agreed<'_> {
    pub(super) fn naming(&self, cause: &str, title: String) -> Naming {
        Naming {
            layer: self.layer,
            cause: cause.to_owned(),
            side: self.side,
            grade: self.grade,
            purity: self.purity,
            stated: self.stated,
            entity: None,
            title,
        }
    }
}

/// Cause of trouble that is always there.
pub(super) const fn chronic_cause(held: bool) -> &'static str {
    if held { "held_all_the_time" } else { "fails_all_the_time" }
}
