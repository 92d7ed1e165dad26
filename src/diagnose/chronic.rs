//! Trouble that was there from the start, at a steady rate: no incident, but worth a word.

use super::affected;
use super::findings::{evidence, key};
use super::naming::chronic_cause;
use super::view::{Slice, View};
use super::{excess::most_frequent, phrase};
use crate::model::{Entity, Finding, FindingState, FindingStatus, Grade, Instant, Layer, Side};
use crate::stats::{self, Bucket};
use crate::tally::{Case, DomainStat};
use std::collections::BTreeMap;

/// Failing and held deliveries a domain needs to be called chronic, and the part they must be.
const SUPPORT: u64 = 15;
const SHARE: f64 = 0.3;
/// Part of all deliveries that mail held from one domain must be to be worth a word.
const NOTABLE: f64 = 0.005;
/// Bad deliveries needed in each half of the window.
const LEAST_PER_HALF: u64 = 5;
/// Chronic findings told.
const MOST: usize = 5;

/// Sender and recipient domains whose mail fails or is held all the time, most deliveries first.
pub(super) fn findings(view: &View<'_>, incidents: &[Finding]) -> Vec<Finding> {
    if view.facts.filtered {
        return Vec::new(); // with only the bad ones exported, every share is 1
    }
    let mut all = Vec::new();
    let all_deliveries = view.tally.totals.deliveries();
    let senders = view.tally.senders.iter().map(|(id, s)| (Slice::SenderDomain(id), s));
    let recipients = view.tally.recipients.iter().map(|(id, s)| (Slice::RecipientDomain(id), s));
    for (slice, stat) in senders.chain(recipients) {
        let bad = stat.failing + stat.held;
        // A stranger who sends only spam is the filter's daily work, unless it is a lot of mail.
        let daily = stat.held > stat.failing && (bad as f64) < NOTABLE * all_deliveries as f64;
        let enough = bad >= SUPPORT && bad as f64 >= SHARE * stat.deliveries as f64 && !daily;
        if !enough {
            continue; // as nearly all of ten thousands of domains
        }
        let name = view.name(slice);
        let told = incidents.iter().any(|f| f.entity.value == name);
        if !told && name.contains('.') {
            all.extend(steady(view, slice, stat));
        }
    }
    all.sort_by(|a, b| b.deliveries.cmp(&a.deliveries).then_with(|| a.key.cmp(&b.key)));
    all.truncate(MOST);
    all
}

fn steady(view: &View<'_>, slice: Slice, stat: &DomainStat) -> Option<Finding> {
    let mut bad: BTreeMap<i64, u64> = BTreeMap::new();
    let cases: Vec<&Case> = view.cases.iter().filter(|c| view.holds(slice, c)).collect();
    for case in &cases {
        *bad.entry(view.bucket(case)).or_default() += view.weight;
    }
    let series: Vec<Bucket> = stat
        .series
        .iter()
        .map(|(index, total)| {
            let bad = bad.get(&index).copied().unwrap_or(0);
            Bucket { index, bad, total: total.max(bad) }
        })
        .collect();
    let steady = stats::steady(&series, LEAST_PER_HALF)?;
    let layers = most_frequent(cases.iter().map(|c| layer(view, c)));
    let layer = layers.first().map_or(Layer::Unknown, |l| l.0);
    let held = stat.held > stat.failing;
    let cause = chronic_cause(held);
    let entity = Entity { kind: slice.kind(), value: view.name(slice) };
    let id = format!("{layer}.{cause}");
    let percent = (steady.rate * 100.0).round();
    let verb = if held { "held as spam" } else { "failing" };
    let what = if matches!(slice, Slice::SenderDomain(_)) { "from" } else { "to" };
    let deliveries = stat.failing + stat.held;
    let keys = most_frequent(cases.iter().map(|c| c.key)).len() as u64 * view.weight;
    Some(Finding {
        key: key(&id, &entity),
        id,
        layer,
        cause: cause.into(),
        side: Side::Unknown,
        status: FindingStatus::Chronic,
        state: FindingState::Ongoing,
        grade: Grade::Correlated,
        confidence: 1.0 - (steady.interval.1 - steady.interval.0).clamp(0.0, 1.0),
        title: format!("Mail {what} {} is {verb} all the time ({percent} %)", entity.value),
        onset: None,
        onset_interval: None,
        end: None,
        last_bad: cases.last().map(|c| Instant(c.time)),
        last_good: (stat.good() > 0).then_some(Instant(stat.last_good)),
        scope: Vec::new(),
        messages: keys,
        deliveries,
        deliveries_interval: (deliveries, deliveries),
        share: deliveries as f64 / view.tally.totals.bad().max(1) as f64,
        codes: Vec::new(),
        signatures: Vec::new(),
        change: None,
        evidence: evidence(view, &cases, layer),
        affected: affected::of_view(view, &cases),
        next_steps: phrase::next_steps(cause, &entity),
        entity,
    })
}

fn layer(view: &View<'_>, case: &Case) -> Layer {
    view.tally.signatures.get(case.signature).map_or(Layer::Unknown, |s| s.signature.layer)
}
