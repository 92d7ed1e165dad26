//! Mail to one mailbox goes round in a circle: forwarding there, and back again.
//!
//! A loop that takes a whole domain is a matter of routes, and named by its cause.

use super::{Clues, Naming};
use crate::model::{Entity, EntityType, Layer, Side};

/// Part of the loops that must be mail to the one mailbox.
const MOSTLY: f64 = 0.8;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let agreed = clues.agreed().filter(|a| a.cause == "loop_detected")?;
    let (mailbox, part) = clues.main_value(|c| clues.view.table.address(c.recipient))?;
    if part < MOSTLY {
        return None;
    }
    let title = format!("Mail to {mailbox} goes round in a circle until it is given up");
    Some(Naming {
        layer: Layer::MailboxRule,
        side: Side::Ours,
        entity: Some(Entity { kind: EntityType::Recipient, value: mailbox.to_owned() }),
        ..agreed.naming("forwarding_loop", title)
    })
}
