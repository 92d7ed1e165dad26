//! Whose mail normally arrives? Mail of strangers in quarantine is the filter at work; mail of
//! these is not.

use crate::model::time::DAY;
use crate::tally::{DomainStat, Tally};
use std::collections::BTreeMap;

/// A sender domain is established with this many deliveries that were neither failing nor held,
/// and if these are most of its mail.
const LEAST: u64 = 4;
/// Or if its mail arrived for a day at least before it did no longer: so many deliveries, and of
/// them at most this part in trouble. A fault that lasts longer than what came before it must not
/// make a stranger of a partner; a burst of spam that the filter learns to hold is over sooner.
const LEAST_BEFORE: u64 = 8;
const TROUBLED: f64 = 0.2;

/// Established sender domains, by id of the tally's names.
#[derive(Clone, Debug, Default)]
pub(super) struct Established(Vec<bool>);

impl Established {
    pub(super) fn new(tally: &Tally) -> Self {
        let mut known = vec![false; tally.names.len()];
        let mut bad: Vec<BTreeMap<i64, u64>> = vec![BTreeMap::new(); tally.names.len()];
        for (id, stat) in tally.senders.iter() {
            known[id as usize] = stat.good() >= LEAST && stat.good() * 2 >= stat.deliveries;
        }
        for case in tally.cases.kept().filter(|c| !known[c.sender_domain as usize]) {
            let bucket = case.time.div_euclid(tally.bucket);
            *bad[case.sender_domain as usize].entry(bucket).or_default() += tally.cases.weight();
        }
        for (id, stat) in tally.senders.iter() {
            let id = id as usize;
            known[id] = known[id] || arrived_at_first(tally, stat, &bad[id]);
        }
        Self(known)
    }

    /// Mail of this sender domain normally arrives.
    pub(super) fn holds(&self, sender_domain: u32) -> bool {
        self.0.get(sender_domain as usize).copied().unwrap_or(false)
    }
}

fn arrived_at_first(tally: &Tally, stat: &DomainStat, bad: &BTreeMap<i64, u64>) -> bool {
    if stat.good() < LEAST_BEFORE {
        return false;
    }
    let (mut all, mut troubled) = (0, 0);
    let mut first = None;
    stat.series.iter().any(|(bucket, count)| {
        let since = *first.get_or_insert(bucket);
        all += count;
        troubled += bad.get(&bucket).copied().unwrap_or(0);
        all >= LEAST_BEFORE
            && (bucket - since) * tally.bucket >= DAY
            && troubled as f64 <= TROUBLED * all as f64
    })
}
