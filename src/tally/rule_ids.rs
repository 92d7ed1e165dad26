//! Numbers of filter rules on legitimate mail, by whether it was held. What the numbers mean is not
//! published: only their company can be counted.

use super::Observed;
use crate::model::message::Stamps;
use std::collections::BTreeMap;

/// Numbers kept at most; beyond it those with the greatest hash go, so that what is kept depends on
/// no order.
const MOST: usize = 8192;
/// Categories of mail that nobody wants back.
const DANGEROUS: &[&str] = &[
    "PHSH", "PHISH", "HPHSH", "HPHISH", "MALW", "AMP", "SAP", "UIMP", "DIMP", "GIMP", "BIMP",
    "INTOS", "SPOOF",
];

/// Kind of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// `SFS` and `ARA`: rules of the filter.
    Filter,
    /// `ENG`: engines at delivery.
    Engine,
}

impl RuleKind {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Engine => "engine",
        }
    }
}

/// Legitimate deliveries with a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// Held.
    pub held: u64,
    /// All.
    pub all: u64,
}

impl Company {
    fn add(&mut self, more: Self) {
        self.held += more.held;
        self.all += more.all;
    }
}

/// Counts of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleIds {
    /// Legitimate deliveries that state numbers of the filter, and of engines.
    totals: BTreeMap<RuleKind, Company>,
    counts: BTreeMap<(u64, RuleKind, u64), Company>,
    kept_below: Option<u64>,
}

impl RuleIds {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let stamps = o.delivery.stamps().find(|s| s.trusted && s.trail.is_some());
        let Some(stamps) = stamps.filter(|s| legitimate(s)) else { return };
        let Some(trail) = stamps.trail.as_deref() else { return };
        let one = Company { held: u64::from(o.verdict.held), all: 1 };
        for (kind, numbers) in
            [(RuleKind::Filter, &trail.rules), (RuleKind::Engine, &trail.engines)]
        {
            if numbers.is_empty() {
                continue;
            }
            self.totals.entry(kind).or_default().add(one);
            for number in numbers {
                self.count(kind, *number, one);
            }
        }
    }

    fn count(&mut self, kind: RuleKind, number: u64, more: Company) {
        let hash = xxhash_rust::xxh3::xxh3_64(&number.to_le_bytes());
        if self.kept_below.is_some_and(|limit| hash >= limit) {
            return;
        }
        self.counts.entry((hash, kind, number)).or_default().add(more);
        while self.counts.len() > MOST {
            let Some(((hash, ..), _)) = self.counts.pop_last() else { break };
            self.drop_from(hash);
        }
    }

    /// Numbers with this hash or a greater one are no longer kept.
    fn drop_from(&mut self, hash: u64) {
        let limit = self.kept_below.map_or(hash, |own| own.min(hash));
        self.kept_below = Some(limit);
        // The same number of the other kind has the same hash.
        self.counts.retain(|(hash, ..), _| *hash < limit);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (kind, more) in other.totals {
            self.totals.entry(kind).or_default().add(more);
        }
        if let Some(limit) = other.kept_below {
            self.drop_from(limit);
        }
        for ((_, kind, number), more) in other.counts {
            self.count(kind, number, more);
        }
    }

    /// Every number that is kept, by kind and number, with its company.
    pub fn iter(&self) -> impl Iterator<Item = (RuleKind, u64, Company)> {
        let mut all: Vec<_> =
            self.counts.iter().map(|((_, kind, number), n)| (*kind, *number, *n)).collect();
        all.sort_by_key(|(kind, number, _)| (*kind, *number));
        all.into_iter()
    }

    /// Legitimate deliveries that state numbers of this kind.
    pub fn total(&self, kind: RuleKind) -> Company {
        self.totals.get(&kind).copied().unwrap_or_default()
    }

    /// Some numbers were no longer kept.
    pub fn thinned(&self) -> bool {
        self.kept_below.is_some()
    }
}

/// The sender is proved, and nothing dangerous was found: mail that somebody may want back.
fn legitimate(s: &Stamps) -> bool {
    let passes = |result: &Option<String>| result.as_deref() == Some("pass");
    let cat = s.cat.as_deref().unwrap_or_default();
    (passes(&s.dmarc) || passes(&s.compauth)) && !DANGEROUS.contains(&cat)
}
