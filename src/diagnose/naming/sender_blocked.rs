//! The service blocked an account of ours for what it sends.
//!
//! A stolen account guesses addresses: most of its mail may fail as unknown before it is stopped,
//! so that the block, not the majority, tells what happened.

use super::{Clues, Naming};
use crate::diagnose::phrase;
use crate::model::{Entity, EntityType, Grade, Layer, Side};

/// Refusals that name the block, and the part of the stated reasons that they must be.
const STATED: u64 = 3;
const PART: f64 = 0.1;
/// Part of the rise that must be mail of the one account.
const MOSTLY: f64 = 0.8;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let blocked: u64 =
        clues.reasons.iter().filter(|(s, _)| s.cause == "sender_blocked").map(|(_, n)| n).sum();
    let stated: u64 = clues.reasons.iter().map(|(_, n)| n).sum();
    if blocked < STATED || (blocked as f64) < PART * stated as f64 {
        return None;
    }
    let (sender, part) = clues.main_value(|c| clues.view.table.address(c.sender))?;
    clues.own_sender().filter(|_| part >= MOSTLY)?;
    let entity = Entity { kind: EntityType::Sender, value: sender.to_owned() };
    let title = phrase::failing(&entity, "sender_blocked");
    Some(Naming {
        layer: Layer::SenderReputation,
        cause: "sender_blocked".into(),
        side: Side::Ours,
        grade: Grade::Direct,
        purity: part,
        stated: blocked,
        entity: Some(entity),
        title,
    })
}
