//! A setting of ours began to let mail pass that the filter calls bad, or that fails the
//! authentication of its sender.

use super::{Clues, Naming};
use crate::diagnose::view::{Slice, Trouble};
use crate::model::{Entity, EntityType, Grade, Layer, Side};

/// Part of the rise that one sender domain must be to be named for it.
const MOSTLY: f64 = 0.8;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.is(Trouble::LetPass) {
        return None;
    }
    let main = clues.main_value(|c| clues.domain(c.sender_domain)).filter(|(_, p)| *p >= MOSTLY);
    let setting = clues.main_value(|c| clues.view.table.label(c.setting));
    let entity = match (main, clues.excess.slice) {
        (Some((domain, _)), _) => {
            Entity { kind: EntityType::SenderDomain, value: domain.to_owned() }
        }
        (None, Slice::Tenant(_)) => Entity {
            kind: EntityType::Policy,
            value: setting.map_or(String::new(), |(name, _)| name.to_owned()),
        },
        (None, _) => clues.entity(),
    };
    let by = setting.map_or(String::new(), |(name, _)| format!(" ({name})"));
    let title = format!(
        "A setting lets mail {} pass that should be held{by}",
        match entity.kind {
            EntityType::Policy => "of several senders".to_owned(),
            _ => format!("from {}", entity.value),
        }
    );
    Some(Naming {
        layer: Layer::AntiSpam,
        cause: "allow_list_bypass".into(),
        side: Side::Ours,
        grade: Grade::Direct,
        purity: main.map_or(1.0, |(_, part)| part),
        stated: clues.size(),
        entity: Some(entity),
        title,
    })
}
