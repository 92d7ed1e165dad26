//! Late mail and failing mail of one fault told as one: what is deferred today fails tomorrow.

use super::findings::key;
use crate::model::time::HOUR;
use crate::model::{Entity, Finding, FindingState, FindingStatus, Layer};

/// Onsets this far apart may be of one fault: deferred mail expires after a day.
const NEAR: u64 = 24 * HOUR as u64;

/// The same of one entity: its weekend may lie between.
const NEAR_SAME: u64 = 3 * NEAR;

/// Adds a delay to the incidents found: to the one it belongs to, or as one of its own. Deferrals
/// count toward the onset.
pub(super) fn add(found: &mut Vec<Finding>, delay: Finding) {
    let crowded = near_any(found, &delay);
    let twin = found
        .iter_mut()
        .filter(|f| f.status == FindingStatus::Incident)
        .find(|f| near(f, &delay) && related(f, &delay));
    match twin {
        Some(twin) => absorb(twin, &delay),
        // Late for a reason nobody states, while something else is broken: that is why.
        None if delay.layer == Layer::Unknown && crowded => {}
        None => found.push(delay),
    }
}

fn near(a: &Finding, b: &Finding) -> bool {
    match (a.onset, b.onset) {
        (Some(x), Some(y)) => {
            x.0.abs_diff(y.0) <= if a.entity == b.entity { NEAR_SAME } else { NEAR }
        }
        _ => false,
    }
}

fn near_any(found: &[Finding], delay: &Finding) -> bool {
    found.iter().any(|f| f.status == FindingStatus::Incident && near(f, delay))
}

fn related(f: &Finding, delay: &Finding) -> bool {
    let in_scope = |list: &[Entity], e: &Entity| list.contains(e);
    f.entity == delay.entity
        || (f.layer == delay.layer && f.layer != Layer::Unknown)
        || in_scope(&delay.scope, &f.entity) && delay.layer != Layer::Service
        || in_scope(&f.scope, &delay.entity)
}

fn absorb(into: &mut Finding, delay: &Finding) {
    let mut affected = std::mem::take(&mut into.affected);
    affected.extend(delay.affected.iter().cloned());
    if let (Some(onset), Some(late)) = (into.onset, delay.onset)
        && late < onset
    {
        into.onset = Some(late);
        into.onset_interval = delay.onset_interval;
    }
    // The service is late for everybody, the few that fail are where it shows first.
    if delay.layer == Layer::Service && into.layer == Layer::Service {
        let deliveries = into.deliveries + delay.deliveries;
        let messages = into.messages + delay.messages;
        let codes = std::mem::take(&mut into.codes);
        let evidence = std::mem::take(&mut into.evidence);
        let signatures = std::mem::take(&mut into.signatures);
        let share = into.share;
        let interval = (
            into.deliveries_interval.0 + delay.deliveries_interval.0,
            into.deliveries_interval.1 + delay.deliveries_interval.1,
        );
        let onset = (into.onset, into.onset_interval);
        let confidence = into.confidence.max(delay.confidence);
        *into = Finding {
            messages,
            deliveries,
            deliveries_interval: interval,
            codes,
            evidence,
            signatures,
            share,
            confidence,
            onset: onset.0,
            onset_interval: onset.1,
            ..delay.clone()
        };
        into.key = key(&into.id, &into.entity);
    }
    into.affected = affected;
    into.last_bad = into.last_bad.max(delay.last_bad);
    if delay.state == FindingState::Ongoing {
        into.state = FindingState::Ongoing;
        into.end = None;
    }
}
