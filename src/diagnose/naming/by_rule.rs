//! A mail flow rule stops or holds the mail, and the export names it.

use super::{Clues, Naming};
use crate::diagnose::phrase;
use crate::model::{Entity, EntityType, Grade, Layer, Side};

/// Part of the excess that the rule must have caught.
const MOSTLY: f64 = 0.7;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let label = |id| clues.view.table.label(id);
    let (rule, _) = clues.main_value(|c| label(c.rule))?;
    let caught = clues.part_of_excess(|c| label(c.rule) == rule);
    if caught < MOSTLY {
        return None;
    }
    let entity = Entity { kind: EntityType::Rule, value: rule.to_owned() };
    let cause = if clues.failing() { "rule_rejected" } else { "rule_quarantined" };
    let title = phrase::failing(&entity, cause);
    Some(Naming {
        layer: Layer::TransportRule,
        cause: cause.into(),
        side: Side::Ours,
        grade: Grade::Direct,
        purity: caught,
        stated: (clues.share(|c| label(c.rule) == rule) * clues.size() as f64).round() as u64,
        entity: Some(entity),
        title,
    })
}
