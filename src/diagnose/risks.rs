//! What allow lists let through: nothing fails, but something is open. A risk where it was always
//! there, an incident where it began within the window.

use super::excess::most_frequent;
use super::findings::{evidence, key};
use super::phrase;
use super::view::View;
use super::{affected, changes};
use crate::model::{
    Entity, EntityType, Finding, FindingState, FindingStatus, Grade, Instant, Layer, Side,
};
use crate::tally::Case;
use std::collections::{BTreeMap, BTreeSet};

/// Deliveries of one sender domain that are worth a word.
const LEAST: usize = 3;
/// Deliveries of one that began within the window, and the chance that mail which comes at all
/// times came only after its first one.
const LEAST_NEW: usize = 8;
const CHANCE: f64 = 0.005;
/// Risks told.
const MOST: usize = 5;

/// Sender domains whose mail passes in spite of verdict or authentication, most deliveries first;
/// those of an incident are told there.
pub(super) fn findings(view: &View<'_>, incidents: &[Finding]) -> Vec<Finding> {
    let mut by_domain: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for (_, case) in view.cases.iter().enumerate().filter(|(i, _)| view.open[*i].is_some()) {
        by_domain.entry(view.tally.names.text(case.sender_domain)).or_default().push(case);
    }
    let told = |name: &str| {
        incidents.iter().any(|f| f.cause == "allow_list_bypass" && f.entity.value == name)
    };
    let mut all: Vec<Finding> = by_domain
        .into_iter()
        .filter(|(name, cases)| cases.len() >= LEAST && name.contains('.') && !told(name))
        .map(|(name, cases)| finding(view, name, &cases))
        .collect();
    all.sort_by(|a, b| b.deliveries.cmp(&a.deliveries).then_with(|| a.key.cmp(&b.key)));
    all.truncate(MOST);
    all
}

fn finding(view: &View<'_>, domain: &str, cases: &[&Case]) -> Finding {
    let entity = Entity { kind: EntityType::SenderDomain, value: domain.to_owned() };
    let id = "anti_spam.allow_list_bypass".to_owned();
    let settings = most_frequent(cases.iter().map(|c| view.table.label(c.setting)));
    let by = match settings.first() {
        Some((name, _)) if !name.is_empty() => format!(" ({name})"),
        _ => String::new(),
    };
    let deliveries = cases.len() as u64 * view.weight;
    let onset = began(view, cases);
    let keys: BTreeSet<u128> = cases.iter().map(|c| c.key).collect();
    let n = cases.len() as f64;
    Finding {
        key: key(&id, &entity),
        id,
        layer: Layer::AntiSpam,
        cause: "allow_list_bypass".into(),
        side: Side::Ours,
        status: if onset.is_some() { FindingStatus::Incident } else { FindingStatus::Risk },
        state: FindingState::Ongoing,
        grade: Grade::Direct,
        confidence: n / (n + 2.0),
        title: format!("A setting lets mail from {domain} pass that should be held{by}"),
        onset,
        onset_interval: onset.map(|o| (Instant(o.0 - view.tally.bucket), o)),
        end: None,
        last_bad: cases.last().map(|c| Instant(c.time)),
        last_good: None,
        scope: Vec::new(),
        messages: keys.len() as u64 * view.weight,
        deliveries,
        deliveries_interval: (deliveries, deliveries),
        // Neither failing nor held: no part of the trouble that shares are taken of.
        share: 0.0,
        codes: Vec::new(),
        signatures: Vec::new(),
        change: onset.and_then(|o| changes::before(view.facts, o, Layer::AntiSpam, &entity)),
        evidence: evidence(view, cases, Layer::AntiSpam),
        affected: affected::of_view(view, cases),
        next_steps: phrase::next_steps("allow_list_bypass", &entity),
        entity,
    }
}

/// The first one, where there was none for so much of the window that chance does not explain it.
fn began(view: &View<'_>, cases: &[&Case]) -> Option<Instant> {
    let first = cases.first()?.time;
    let (begin, end) = (view.range.0 * view.tally.bucket, (view.range.1 + 1) * view.tally.bucket);
    let left = (end - first) as f64 / (end - begin).max(1) as f64;
    let n = i32::try_from(cases.len().saturating_sub(1)).unwrap_or(i32::MAX);
    (cases.len() >= LEAST_NEW && left.powi(n) < CHANCE).then_some(Instant(first))
}
