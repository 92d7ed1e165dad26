//! Failure signatures: exact counts, first and last seen, top sender domains, one sample.

use super::Observed;
use crate::model::verdict::Signature;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureStat {
    /// The signature.
    pub signature: Arc<Signature>,
    /// Deliveries.
    pub deliveries: u64,
    /// Time of the first one, microseconds UTC.
    pub first: i64,
    /// Time of the last one.
    pub last: i64,
    /// Deliveries by sender domain (ids of the tally's names).
    pub sender_domains: BTreeMap<u32, u64>,
    /// The least delivery: (time, key, input, line).
    pub sample: (i64, u128, u32, u32),
}

/// Signatures remembered by where they stand in memory.
const RECENT: usize = 8;

/// Signatures of a run, or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct Signatures {
    ids: BTreeMap<Arc<Signature>, u32>,
    stats: Vec<SignatureStat>,
    /// The signatures looked up last, those found last first: symptoms come by the thousand.
    recent: Vec<(Arc<Signature>, u32)>,
}

impl Signatures {
    /// Counts the delivery under its signature and returns the signature's id; `u32::MAX` for a
    /// verdict without one.
    pub(super) fn observe(&mut self, o: &Observed<'_>) -> u32 {
        let Some(signature) = &o.verdict.signature else { return u32::MAX };
        let id = self.id(signature);
        let stat = &mut self.stats[id as usize];
        let d = o.delivery;
        stat.deliveries += 1;
        stat.first = stat.first.min(d.time.0);
        stat.last = stat.last.max(d.time.0);
        *stat.sender_domains.entry(o.sender_domain).or_default() += 1;
        stat.sample = stat.sample.min((d.time.0, d.key, d.input, d.line));
        id
    }

    /// Adds another part; returns the new id of each of its ids.
    pub(super) fn merge(&mut self, other: Self, names: &[u32]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(other.stats.len());
        for from in other.stats {
            let id = self.id(&from.signature);
            let into = &mut self.stats[id as usize];
            into.deliveries += from.deliveries;
            into.first = into.first.min(from.first);
            into.last = into.last.max(from.last);
            for (domain, count) in from.sender_domains {
                *into.sender_domains.entry(names[domain as usize]).or_default() += count;
            }
            into.sample = into.sample.min(from.sample);
            ids.push(id);
        }
        ids
    }

    /// The signature with this id.
    pub fn get(&self, id: u32) -> Option<&SignatureStat> {
        self.stats.get(id as usize)
    }

    /// All signatures, by id.
    pub fn iter(&self) -> impl Iterator<Item = &SignatureStat> {
        self.stats.iter()
    }

    /// All signatures, most frequent first, then by text.
    pub fn ranked(&self) -> Vec<&SignatureStat> {
        let mut all: Vec<_> = self.stats.iter().collect();
        all.sort_by(|a, b| {
            b.deliveries.cmp(&a.deliveries).then_with(|| a.signature.cmp(&b.signature))
        });
        all
    }

    fn id(&mut self, signature: &Arc<Signature>) -> u32 {
        if let Some(at) = self.recent.iter().position(|(known, _)| Arc::ptr_eq(known, signature)) {
            return self.recent[at].1;
        }
        if let Some(&id) = self.ids.get(signature) {
            self.recent.truncate(RECENT - 1);
            self.recent.insert(0, (signature.clone(), id));
            return id;
        }
        let id = self.stats.len() as u32;
        self.ids.insert(signature.clone(), id);
        self.stats.push(SignatureStat {
            signature: signature.clone(),
            deliveries: 0,
            first: i64::MAX,
            last: i64::MIN,
            sender_domains: BTreeMap::new(),
            sample: (i64::MAX, u128::MAX, u32::MAX, u32::MAX),
        });
        id
    }
}
