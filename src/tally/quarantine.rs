//! What was quarantined: why, by which policy, what was done since.
//!
//! Bounded: the name of a policy is a stranger's text. Above [`LIMIT`] names those keep their rows
//! whose fixed hash is small, half of them at each step, and the others share one; counts stay exact,
//! do not depend on order, and merge exactly.

use super::Observed;
use super::tables::column;
use crate::model::report::{Cell, ColumnKind, Table};
use crate::model::{Direction, Instant, Layer, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::xxh3_64;

/// Small under test, so that the laws are tested on tables that had to fold names.
const LIMIT: usize = if cfg!(test) { 2 } else { 1024 };

/// The name that folded names share.
const OTHERS: &str = "(others)";

/// Layer, cause, policy, what was done since, direction.
type Key = (Layer, String, String, String, Direction);

/// Deliveries that were quarantined first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    deliveries: u64,
    /// Still there.
    staying: u64,
    first: i64,
    last: i64,
}

impl Count {
    fn add(&mut self, more: Self) {
        self.deliveries += more.deliveries;
        self.staying += more.staying;
        self.first = self.first.min(more.first);
        self.last = self.last.max(more.last);
    }
}

/// Counts by reason and policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quarantined {
    counts: BTreeMap<Key, Count>,
    policies: BTreeSet<String>,
    /// Only names whose hash has this many leading zero bits are kept.
    level: u32,
}

impl Quarantined {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let v = o.verdict;
        if v.outcome_first != Outcome::Quarantined && v.outcome != Outcome::Quarantined {
            return;
        }
        let path = o.delivery.path.as_deref();
        let since = match (path.map_or("", |p| p.post_action), v.outcome) {
            // As far as the outcomes tell.
            ("", Outcome::Recalled) => "recalled",
            ("", Outcome::Delivered | Outcome::Relayed) => "released",
            (action, _) => action,
        };
        let key = (
            v.layer,
            v.signature.as_ref().map_or_else(|| "unknown".to_owned(), |s| s.cause.clone()),
            path.map_or("", |p| p.policy).to_owned(),
            since.to_owned(),
            v.direction,
        );
        let time = o.delivery.time.0;
        let staying = u64::from(v.outcome == Outcome::Quarantined);
        self.count(key, Count { deliveries: 1, staying, first: time, last: time });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.raise_to(other.level);
        for (key, more) in other.counts {
            self.count(key, more);
        }
    }

    fn keeps(&self, policy: &str) -> bool {
        policy.is_empty() || xxh3_64(policy.as_bytes()).leading_zeros() >= self.level
    }

    fn count(&mut self, mut key: Key, more: Count) {
        if key.2 != OTHERS && !self.keeps(&key.2) {
            OTHERS.clone_into(&mut key.2);
        }
        if key.2 != OTHERS && !self.policies.contains(&key.2) {
            self.policies.insert(key.2.clone());
        }
        self.counts.entry(key).and_modify(|count| count.add(more)).or_insert(more);
        while self.policies.len() > LIMIT {
            self.raise_to(self.level + 1);
        }
    }

    fn raise_to(&mut self, level: u32) {
        if level <= self.level {
            return;
        }
        self.level = level;
        self.policies.clear();
        for (key, count) in std::mem::take(&mut self.counts) {
            self.count(key, count);
        }
    }

    /// The table, most first, `top` rows at most; `None` where nothing was quarantined.
    pub(super) fn table(&self, top: usize) -> Option<Table> {
        if self.counts.is_empty() {
            return None;
        }
        let mut ranked: Vec<_> = self.counts.iter().collect();
        ranked.sort_by(|a, b| b.1.deliveries.cmp(&a.1.deliveries).then_with(|| a.0.cmp(b.0)));
        ranked.truncate(top);
        let text = |t: &str| if t.is_empty() { Cell::Null } else { Cell::Text(t.to_owned()) };
        let row = |((layer, cause, policy, since, direction), n): (&Key, &Count)| {
            vec![
                text(layer.as_str()),
                text(cause),
                text(policy),
                text(since),
                text(direction.as_str()),
                Cell::Count(n.deliveries),
                Cell::Count(n.staying),
                Cell::Instant(Instant(n.first)),
                Cell::Instant(Instant(n.last)),
            ]
        };
        Some(Table {
            name: "quarantine",
            title: "Deliveries that were quarantined, by reason, policy and what was done since",
            columns: vec![
                column("layer", ColumnKind::Text),
                column("cause", ColumnKind::Text),
                column("policy", ColumnKind::Text),
                column("action_since", ColumnKind::Text),
                column("direction", ColumnKind::Text),
                column("deliveries", ColumnKind::Count),
                column("in_quarantine", ColumnKind::Count),
                column("first", ColumnKind::Instant),
                column("last", ColumnKind::Instant),
            ],
            rows: ranked.into_iter().map(row).collect(),
        })
    }
}
