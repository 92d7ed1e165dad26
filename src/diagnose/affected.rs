//! The deliveries behind a finding: who is to be told, and what a support request needs.

use super::Facts;
use super::view::{Trouble, View};
use crate::model::delivery::dashed;
use crate::model::{Affected, Fate, Finding, Instant};
use crate::tally::{Case, Cases, Tally};
use std::collections::HashMap;
use std::sync::Arc;

/// The cases of a view as affected deliveries.
pub(super) fn of_view(view: &View<'_>, cases: &[&Case]) -> Vec<Affected> {
    list(view.tally, view.facts, view.table, cases, |case| match view.only {
        Some(Trouble::Late) => Fate::Late,
        Some(Trouble::Filed) => Fate::Filed,
        Some(Trouble::LetPass) => Fate::LetPass,
        _ if case.failing => Fate::Lost,
        _ => Fate::Held,
    })
}

/// Deliveries that are still being tried.
pub(super) fn retrying(view: &View<'_>, cases: &[&Case]) -> Vec<Affected> {
    list(view.tally, view.facts, &view.tally.retrying, cases, |_| Fate::Retrying)
}

fn list(
    tally: &Tally,
    facts: &Facts,
    table: &Cases,
    cases: &[&Case],
    fate: impl Fn(&Case) -> Fate,
) -> Vec<Affected> {
    // The same few texts stand in all rows.
    let mut texts: HashMap<&str, Arc<str>> = HashMap::new();
    let mut shared = |text| Arc::clone(texts.entry(text).or_insert_with_key(|t| Arc::from(*t)));
    cases
        .iter()
        .map(|c| {
            let stated = tally.signatures.get(c.signature).map(|s| &*s.signature);
            let code = stated.map_or("", |s| s.code.as_str());
            Affected {
                time: Instant(c.time),
                network_message_id: if c.network_id { dashed(c.key).into() } else { "".into() },
                recipient: table.address(c.recipient).into(),
                sender: table.address(c.sender).into(),
                direction: c.direction,
                fate: fate(c),
                code: shared(if code.is_empty() { table.label(c.deferral) } else { code }),
                reason: shared(stated.map_or("", |s| s.text.as_str())),
                connector: shared(table.label(c.connector)),
                server: shared(table.label(c.server)),
                tenant: shared(table.label(c.tenant)),
                source: shared(facts.paths.get(c.input as usize).map_or("", String::as_str)),
                line: u64::from(c.line),
            }
        })
        .collect()
}

/// Joined findings may name a delivery twice.
pub(super) fn settle(findings: &mut [Finding]) {
    for finding in findings {
        finding.affected.sort_unstable();
        finding.affected.dedup_by(|a, b| {
            (a.time, &a.network_message_id, &a.recipient, a.line)
                == (b.time, &b.network_message_id, &b.recipient, b.line)
        });
    }
}
