//! Addresses that took mail are unknown now: lost in a migration, an expired licence, a directory
//! that is no longer synchronised.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::diagnose::view::{Trouble, took_mail};
use crate::model::{Entity, EntityType, Grade, Layer, Side};

/// Part of the addresses that must have taken mail before.
const TOOK_MAIL: f64 = 0.2;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.is(Trouble::Vanished) {
        return None;
    }
    let cases = || clues.excess.cases.iter().map(|&i| &clues.view.cases[i]);
    let recipients = most_frequent(cases().map(|c| c.recipient)).len();
    let known = cases().filter(|c| took_mail(clues.view.tally, c));
    let known = most_frequent(known.map(|c| c.recipient)).len();
    if (known as f64) < TOOK_MAIL * recipients as f64 {
        return None;
    }
    let (domain, _) = clues.main_value(|c| clues.domain(c.recipient_domain))?;
    let entity = match recipients {
        1 => clues.entity(),
        _ => Entity { kind: EntityType::RecipientDomain, value: domain.to_owned() },
    };
    let title = match recipients {
        1 => format!("{} took mail and is unknown now", entity.value),
        n if n == known => format!("{n} addresses of {domain} took mail and are unknown now"),
        n => format!("{n} addresses of {domain} are unknown now; {known} of them took mail before"),
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
