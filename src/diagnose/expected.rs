//! How much trouble to expect per bucket, where a plain share of the traffic would mislead.

use super::view::View;
use crate::model::Direction;
use std::collections::BTreeMap;

/// A window of more buckets is no window of mail flow (one forged date makes it so): volumes are
/// not compared over it, here as in the scan.
const MOST_BUCKETS: i64 = 1 << 17;

/// Held mail of established senders to expect per bucket: each domain's traffic at its own rate.
/// Newsletters go on when partners rest, and are held more often: the plain share would rise every
/// weekend.
pub(super) fn expected_held(view: &View<'_>) -> Vec<f64> {
    let (first, last) = view.range;
    if last - first > MOST_BUCKETS {
        return Vec::new();
    }
    let mut expected = vec![0.0; (last - first + 1) as usize];
    // Of most domains nothing is held: they would add 0.
    let held = view.tally.senders.iter().filter(|(_, stat)| stat.held > 0);
    // In order of names: sums of floats depend on it.
    let mut domains: Vec<_> = held.filter(|(id, _)| view.is_established(*id)).collect();
    domains.sort_by_key(|(id, _)| view.tally.names.text(*id));
    for (_, stat) in domains {
        let rate = stat.held as f64 / stat.deliveries as f64;
        for (bucket, count) in stat.series.iter() {
            expected[(bucket - first) as usize] += count as f64 * rate;
        }
    }
    expected
}

/// Most of these cases are of an export that does not tell failed from held.
pub(super) fn holds_spam(view: &View<'_>, members: &[usize]) -> bool {
    let held = |c: &&usize| {
        let stat = view.tally.signatures.get(view.cases[**c].signature);
        stat.is_some_and(|s| s.signature.cause == "failed_or_held")
    };
    members.iter().filter(held).count() * 2 > members.len()
}

/// What to expect where failures may be held mail: as [`expected_held`], each sender domain's
/// traffic at its own rate.
pub(super) fn expected_by_sender(view: &View<'_>, members: &[usize]) -> Vec<f64> {
    let (first, last) = view.range;
    if last - first > MOST_BUCKETS {
        return Vec::new();
    }
    let name = |id: &u32| view.tally.names.text(*id);
    let mut bad: BTreeMap<&str, (u32, u64)> = BTreeMap::new();
    for &case in members {
        let domain = view.cases[case].sender_domain;
        bad.entry(name(&domain)).or_insert((domain, 0)).1 += view.weight;
    }
    let mut expected = vec![0.0; (last - first + 1) as usize];
    for (domain, bad) in bad.into_values() {
        let Some(stat) = view.tally.senders.get(domain) else { continue };
        let rate = bad as f64 / stat.deliveries.max(1) as f64;
        for (bucket, count) in stat.series.iter() {
            expected[(bucket - first) as usize] += count as f64 * rate;
        }
    }
    expected
}

/// Failures of incoming mail to expect per bucket. Strangers write at all hours and mostly to
/// addresses that do not exist; partners rest at night and on weekends. A plain share would rise
/// every Saturday, so that each kind is expected at its own rate.
pub(super) fn expected_inbound(view: &View<'_>, members: &[usize]) -> Vec<f64> {
    if view.range.1 - view.range.0 > MOST_BUCKETS {
        return Vec::new();
    }
    let partner_bad =
        members.iter().filter(|&&c| view.is_established(view.cases[c].sender_domain)).count();
    let stranger_bad = members.len() - partner_bad;
    let volumes: BTreeMap<i64, (f64, f64)> = view
        .tally
        .timeline
        .ticks()
        .map(|(bucket, tick)| {
            let all = tick.direction[Direction::Inbound as usize][0];
            let partners = view.partners.get(&bucket).copied().unwrap_or(0).min(all);
            (bucket, (partners as f64, (all - partners) as f64))
        })
        .collect();
    let partners: f64 = volumes.values().map(|v| v.0).sum();
    let strangers: f64 = volumes.values().map(|v| v.1).sum();
    let rates = (partner_bad as f64 / partners.max(1.0), stranger_bad as f64 / strangers.max(1.0));
    (view.range.0..=view.range.1)
        .map(|bucket| volumes.get(&bucket).map_or(0.0, |v| v.0 * rates.0 + v.1 * rates.1))
        .collect()
}

/// Failures of one cause to expect per bucket: as the traffic of the direction goes.
pub(super) fn expected_of_direction(view: &View<'_>, direction: Direction) -> Vec<f64> {
    let (first, last) = view.range;
    if last - first > MOST_BUCKETS {
        return Vec::new();
    }
    let mut expected = vec![0.0; (last - first + 1) as usize];
    for (bucket, tick) in view.tally.timeline.ticks() {
        expected[(bucket - first) as usize] = tick.direction[direction as usize][0] as f64;
    }
    expected
}

/// What goes to one mailbox to expect per bucket: as the mail of established senders goes.
pub(super) fn expected_of_partners(view: &View<'_>) -> Vec<f64> {
    let (first, last) = view.range;
    if last - first > MOST_BUCKETS {
        return Vec::new();
    }
    let volume = |bucket: i64| view.established.get(&bucket).copied().unwrap_or(0) as f64;
    (first..=last).map(volume).collect()
}
