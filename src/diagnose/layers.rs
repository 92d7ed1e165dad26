//! The state of every layer: failing, at risk, clear, or not to be seen in this input.

use super::Facts;
use crate::knowledge;
use crate::model::report::LayerReport;
use crate::model::{Finding, FindingStatus, Layer, LayerState};
use crate::tally::Tally;

/// Deliveries below which "nothing wrong was seen" is no statement.
const FEW: u64 = 50;

/// One entry per layer, in runbook order.
pub fn layers(tally: &Tally, facts: &Facts, findings: &[Finding]) -> Vec<LayerReport> {
    let deliveries = |layer: Layer| -> u64 {
        let ranked = tally.signatures.ranked();
        ranked.iter().filter(|s| s.signature.layer == layer).map(|s| s.deliveries).sum()
    };
    Layer::ALL
        .iter()
        .map(|&layer| {
            let seen_by: Vec<&'static str> = facts
                .shows
                .iter()
                .filter(|(_, layers)| layers.contains(&layer))
                .map(|(dialect, _)| *dialect)
                .collect();
            let has = |status| findings.iter().any(|f| f.layer == layer && f.status == status);
            let state = if has(FindingStatus::Incident) || has(FindingStatus::Chronic) {
                LayerState::Failing
            } else if has(FindingStatus::Risk) {
                LayerState::Risk
            } else if seen_by.is_empty() {
                LayerState::NotObservable
            } else if tally.totals.deliveries() < FEW {
                LayerState::InsufficientData
            } else {
                LayerState::Clear
            };
            let needs = match state {
                LayerState::NotObservable | LayerState::InsufficientData => {
                    knowledge::needs(layer).to_vec()
                }
                _ => Vec::new(),
            };
            let hit = deliveries(layer);
            let share = hit as f64 / tally.totals.bad().max(1) as f64;
            LayerReport { layer, state, deliveries: hit, share, seen_by, needs }
        })
        .collect()
}
