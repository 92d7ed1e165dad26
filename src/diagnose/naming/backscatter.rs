//! Bounces arrive for mail that nobody here sent: our domain is forged elsewhere.
//!
//! Evidence: most of the rise is inbound mail of the null sender. Such bounces mostly go to
//! addresses that do not exist, so that they show as failures of unknown recipients.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::model::{Direction, Entity, EntityType, Grade, Layer, Side};

/// Part of the rise that must be bounces.
const MOSTLY: f64 = 0.7;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    // Of the excess: what fails every day lies inside the stretch, too.
    let bounces = clues.part_of_excess(|c| {
        c.direction == Direction::Inbound && clues.domain(c.sender_domain) == "<>"
    });
    if !clues.failing() || bounces < MOSTLY {
        return None;
    }
    let recipients =
        clues.excess.cases.iter().map(|&i| clues.domain(clues.view.cases[i].recipient_domain));
    let (domain, _) = most_frequent(recipients).into_iter().next()?;
    Some(Naming {
        layer: Layer::AntiSpam,
        cause: "backscatter".into(),
        side: Side::Sender,
        grade: Grade::Heuristic,
        purity: bounces,
        stated: 0,
        entity: Some(Entity { kind: EntityType::RecipientDomain, value: domain.to_owned() }),
        title: format!("Bounces arrive at {domain} for mail that was not sent from here"),
    })
}
