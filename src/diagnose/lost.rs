//! Addresses lost together, where too few messages tell it by their number: each of them took mail,
//! and most of them failed for the first time within hours of each other. People who leave are lost
//! one by one.

use super::excess::{Excess, most_frequent};
use super::view::{Slice, Trouble, View};
use crate::model::time::HOUR;
use crate::model::{Direction, FindingState, Instant};
use crate::stats::{self, Shift};
use std::collections::{BTreeMap, BTreeSet};

/// Addresses, and messages to them, that make a group.
const ADDRESSES: usize = 5;
const MESSAGES: usize = 12;
/// Most of them fail for the first time within this long, and most is this part.
const TOGETHER: i64 = 36 * HOUR;
const PART: f64 = 0.6;
/// Chance beyond which being lost together is none.
const CHANCE: f64 = 0.001;

/// The group of addresses lost together, if what is left unexplained shows one; its cases are
/// marked as explained.
pub(super) fn next(view: &mut View<'_>) -> Option<Excess> {
    let cases: Vec<usize> = view.open_cases(Trouble::Vanished).map(|(i, _)| i).collect();
    let mut first: BTreeMap<u32, i64> = BTreeMap::new();
    for &index in &cases {
        let case = &view.cases[index];
        first.entry(case.recipient).or_insert(case.time);
    }
    if first.len() < ADDRESSES || cases.len() < MESSAGES || view.weight > 1 {
        return None;
    }
    let mut times: Vec<i64> = first.values().copied().collect();
    times.sort_unstable();
    let within = |from: i64| times.iter().filter(|t| (from..=from + TOGETHER).contains(t)).count();
    let (together, onset) =
        times.iter().map(|&t| (within(t), t)).max_by_key(|(n, t)| (*n, std::cmp::Reverse(*t)))?;
    let all = times.len();
    let window = (view.range.1 - view.range.0 + 1) * view.tally.bucket;
    let chance = (TOGETHER as f64 / window as f64).min(1.0);
    // Each of them could have begun the stretch.
    let p_value = all as f64 * stats::binomial_at_least(together as u64, all as u64, chance);
    if (together as f64) < PART * all as f64 || p_value > CHANCE {
        return None;
    }
    let inside: Vec<usize> = cases.into_iter().filter(|&i| view.cases[i].time >= onset).collect();
    let domains = most_frequent(inside.iter().map(|&i| view.cases[i].recipient_domain));
    let slice = Slice::RecipientDomain(domains.first()?.0);
    for &index in &inside {
        view.open[index] = None;
    }
    let n = inside.len() as u64;
    let mut excess = Excess {
        trouble: Trouble::Vanished,
        slice,
        interval: Some((Instant(onset - view.tally.bucket), Instant(onset))),
        end: None,
        state: FindingState::Ongoing,
        shift: shift(view, onset, n, p_value),
        cases: inside,
    };
    add_companions(view, &mut excess);
    Some(excess)
}

/// Addresses that are unknown since the same time and took no mail before it within the window:
/// those to which established senders write, and which never failed before.
/// Answers the cases it took.
pub(super) fn add_companions(view: &mut View<'_>, excess: &mut Excess) -> Vec<usize> {
    let onset = excess.cases.first().map(|&i| view.cases[i].time);
    let Some(onset) = onset.filter(|_| excess.trouble == Trouble::Vanished) else {
        return Vec::new();
    };
    let end = excess.end.map_or(i64::MAX, |end| end.0);
    let unknown = excess.cases.iter().find_map(|&i| view.cause(&view.cases[i]));
    let before: BTreeSet<u32> = view
        .cases
        .iter()
        .filter(|c| c.time < onset && view.cause(c) == unknown)
        .map(|c| c.recipient)
        .collect();
    let more: Vec<usize> = view
        .open_cases(Trouble::Failing)
        .filter(|(_, c)| (onset..end).contains(&c.time) && view.cause(c) == unknown)
        .filter(|(_, c)| matches!(c.direction, Direction::Inbound | Direction::Internal))
        .filter(|(_, c)| view.is_established(c.sender_domain) && !before.contains(&c.recipient))
        .map(|(i, _)| i)
        .collect();
    for &index in &more {
        view.open[index] = None;
    }
    let n = more.len() as f64 * view.weight as f64;
    let shift = &mut excess.shift;
    shift.excess += n;
    shift.excess_interval.1 += n;
    shift.bad_during += n as u64;
    excess.cases.extend(&more);
    excess.cases.sort_unstable();
    more
}

fn shift(view: &View<'_>, onset: i64, n: u64, p_value: f64) -> Shift {
    let start = usize::try_from(onset.div_euclid(view.tally.bucket) - view.range.0).unwrap_or(0);
    Shift {
        start,
        end: None,
        earliest: start.saturating_sub(1),
        latest: start,
        statistic: -p_value.max(f64::MIN_POSITIVE).ln(),
        p_value,
        rate_before: 0.0,
        rate_during: 1.0,
        bad_during: n,
        total_during: n,
        excess: n as f64,
        excess_interval: (n as f64, n as f64),
        dispersion: 1.0,
    }
}
