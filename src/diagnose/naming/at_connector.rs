//! The reason stated is one of connectors (TLS, certificate, attribution, no answer), and the mail
//! that fails took one connector, most of whose mail fails.
//!
//! A connector that carries all outbound mail is not to blame for one domain it cannot reach.

use super::{Clues, Naming};
use crate::diagnose::phrase;
use crate::model::{Entity, EntityType, Layer};

/// Part of the rise that must have taken it.
const MOSTLY: f64 = 0.8;
/// Part of its mail that must fail meanwhile.
const HIT: f64 = 0.3;
/// Part of the stated reasons that must agree.
const AGREEING: f64 = 0.6;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let agreed = clues.agreed().filter(|a| a.layer == Layer::Connector)?;
    let (connector, part) = clues.main_connector()?;
    if agreed.purity < AGREEING || part < MOSTLY || clues.part_of_connector(connector) < HIT {
        return None;
    }
    let entity = Entity { kind: EntityType::Connector, value: connector.to_owned() };
    let title = phrase::failing(&entity, agreed.cause);
    Some(Naming { entity: Some(entity), ..agreed.naming(agreed.cause, title) })
}
