//! What allow lists let through all the time: nothing fails, but something is open.

use super::affected;
use super::excess::most_frequent;
use super::findings::{evidence, key};
use super::phrase;
use super::view::View;
use crate::model::{
    Entity, EntityType, Finding, FindingState, FindingStatus, Grade, Instant, Layer, Side,
};
use crate::tally::Case;
use std::collections::{BTreeMap, BTreeSet};

/// Deliveries of one sender domain that are worth a word.
const LEAST: usize = 3;
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
    let keys: BTreeSet<u128> = cases.iter().map(|c| c.key).collect();
    let n = cases.len() as f64;
    Finding {
        key: key(&id, &entity),
        id,
        layer: Layer::AntiSpam,
        cause: "allow_list_bypass".into(),
        side: Side::Ours,
        status: FindingStatus::Risk,
        state: FindingState::Ongoing,
        grade: Grade::Direct,
        confidence: n / (n + 2.0),
        title: format!("A setting lets mail from {domain} pass that should be held{by}"),
        onset: None,
        onset_interval: None,
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
        change: None,
        evidence: evidence(view, cases, Layer::AntiSpam),
        affected: affected::of_view(view, cases),
        next_steps: phrase::next_steps("allow_list_bypass", &entity),
        entity,
    }
}
