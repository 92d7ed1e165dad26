//! Addresses that took mail are unknown now: lost in a migration, an expired licence, a directory
//! that is no longer synchronised.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::diagnose::view::Trouble;
use crate::model::{Entity, EntityType, Grade, Layer, Side};

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.is(Trouble::Vanished) {
        return None;
    }
    let recipients = clues.excess.cases.iter().map(|&i| clues.view.cases[i].recipient);
    let recipients = most_frequent(recipients).len();
    let (domain, _) = clues.main_value(|c| clues.domain(c.recipient_domain))?;
    let entity = match recipients {
        1 => clues.entity(),
        _ => Entity { kind: EntityType::RecipientDomain, value: domain.to_owned() },
    };
    let title = match recipients {
        1 => format!("{} took mail and is unknown now", entity.value),
        n => format!("{n} addresses of {domain} took mail and are unknown now"),
    };
    Some(Naming {
        layer: Layer::Recipient,
        cause: "recipient_unknown".into(),
        side: Side::Ours,
        grade: Grade::Direct,
        purity: 1.0,
        stated: clues.size(),
        entity: Some(entity),
        title,
    })
}
