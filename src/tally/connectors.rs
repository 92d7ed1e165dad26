//! Deliveries per connector: exact totals, a sparse volume series, and whose mail took it.
//!
//! Bounded: a tenant has dozens of connectors, but a name is a stranger's text. Above
//! [`Connectors::LIMIT`] names those are kept whose fixed hash is small, half of them at each step;
//! what is kept is exact, does not depend on order, and merges exactly.

use super::Observed;
use super::domains::Series;
use super::totals::in_denominator;
use crate::model::Direction;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Small under test, so that the laws are tested on tables that had to thin out.
const LIMIT: usize = if cfg!(test) { 3 } else { 4096 };

/// What is known of one connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorStat {
    /// Deliveries, expanded and redirected ones left out.
    pub deliveries: u64,
    /// Failing ones.
    pub failing: u64,
    /// Held ones.
    pub held: u64,
    /// Deliveries that were deferred at least once.
    pub deferred: u64,
    /// Deliveries by direction.
    pub direction: [u64; Direction::ALL.len()],
    /// Deliveries per bucket.
    pub series: Series,
    /// Time of the first delivery, microseconds UTC.
    pub first: i64,
    /// Time of the last one.
    pub last: i64,
    /// Deliveries by the domain at the other end (ids of the tally's names): where outbound mail
    /// goes to, where other mail comes from.
    pub peers: BTreeMap<u32, u64>,
}

impl Default for ConnectorStat {
    fn default() -> Self {
        Self {
            deliveries: 0,
            failing: 0,
            held: 0,
            deferred: 0,
            direction: [0; Direction::ALL.len()],
            series: Series::default(),
            first: i64::MAX,
            last: i64::MIN,
            peers: BTreeMap::new(),
        }
    }
}

impl ConnectorStat {
    /// The direction most of its mail takes; of equals the first of the vocabulary.
    pub fn main_direction(&self) -> Direction {
        let most = |a: &&Direction, b: &&Direction| {
            let n = |d: Direction| self.direction[d as usize];
            n(**a).cmp(&n(**b)).then_with(|| (**b as usize).cmp(&(**a as usize)))
        };
        Direction::ALL.iter().max_by(most).copied().unwrap_or(Direction::Unknown)
    }

    fn merge(&mut self, other: Self, names: &[u32]) {
        self.deliveries += other.deliveries;
        self.failing += other.failing;
        self.held += other.held;
        self.deferred += other.deferred;
        for (into, from) in self.direction.iter_mut().zip(other.direction) {
            *into += from;
        }
        self.series.merge(other.series);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        for (domain, count) in other.peers {
            *self.peers.entry(names[domain as usize]).or_default() += count;
        }
    }
}

/// Connectors by name.
#[derive(Clone, Debug, Default)]
pub struct Connectors {
    by_name: BTreeMap<String, ConnectorStat>,
    /// Only names whose hash has this many leading zero bits are kept.
    level: u32,
}

impl Connectors {
    /// Connectors kept at most.
    pub const LIMIT: usize = LIMIT;

    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let Some(path) = o.delivery.path.as_deref().filter(|p| !p.connector.is_empty()) else {
            return;
        };
        if !in_denominator(o.verdict.outcome) {
            return;
        }
        let peer = match o.verdict.direction {
            Direction::Outbound => o.recipient_domain,
            _ => o.sender_domain,
        };
        let Some(stat) = self.stat(path.connector) else { return };
        stat.deliveries += 1;
        stat.failing += u64::from(o.verdict.failing);
        stat.held += u64::from(o.verdict.held);
        stat.deferred += u64::from(path.deferrals > 0);
        stat.direction[o.verdict.direction as usize] += 1;
        stat.series.add(o.bucket as i32, 1);
        stat.first = stat.first.min(o.delivery.time.0);
        stat.last = stat.last.max(o.delivery.time.0);
        *stat.peers.entry(peer).or_default() += 1;
        self.thin();
    }

    pub(super) fn merge(&mut self, other: Self, names: &[u32]) {
        self.raise_to(other.level);
        for (name, from) in other.by_name {
            if let Some(into) = self.stat(&name) {
                into.merge(from, names);
            }
            self.thin();
        }
    }

    /// The entry of a name, new or known; `None` where the name is not kept.
    fn stat(&mut self, name: &str) -> Option<&mut ConnectorStat> {
        if self.level > 0 && rank(name) < self.level {
            return None;
        }
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.to_owned(), ConnectorStat::default());
        }
        self.by_name.get_mut(name)
    }

    fn thin(&mut self) {
        while self.by_name.len() > LIMIT && self.level < u64::BITS {
            self.raise_to(self.level + 1);
        }
    }

    fn raise_to(&mut self, level: u32) {
        if level > self.level {
            self.level = level;
            self.by_name.retain(|name, _| rank(name) >= level);
        }
    }

    /// Some names were dropped: who is not here may have been.
    pub fn thinned(&self) -> bool {
        self.level > 0
    }

    /// One connector.
    pub fn get(&self, name: &str) -> Option<&ConnectorStat> {
        self.by_name.get(name)
    }

    /// All connectors, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ConnectorStat)> {
        self.by_name.iter().map(|(name, stat)| (name.as_str(), stat))
    }
}

fn rank(name: &str) -> u32 {
    xxh3_64(name.as_bytes()).leading_zeros()
}
