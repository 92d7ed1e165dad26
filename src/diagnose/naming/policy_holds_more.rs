//! In a list of nothing but held mail: one policy began to hold mail, and the others did not.
//!
//! A wave of spam would be held by all policies. Whether the mail is wanted such a list cannot
//! show: the many senders say that it is no single campaign.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::diagnose::view::Trouble;
use crate::model::{Grade, Layer, Side};

/// Sender domains below which it may be one campaign.
const SENDERS: usize = 3;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.is(Trouble::HeldByPolicy) {
        return None;
    }
    let domains = clues.excess.cases.iter().map(|&i| clues.view.cases[i].sender_domain);
    let domains = most_frequent(domains).len();
    let policy = clues.entity().value;
    Some(Naming {
        layer: Layer::AntiSpam,
        cause: "policy_holds_more".into(),
        side: Side::Ours,
        grade: if domains >= SENDERS { Grade::Correlated } else { Grade::Heuristic },
        purity: 1.0,
        stated: clues.size(),
        entity: None,
        title: format!(
            "The policy {policy} holds more mail than before, of {domains} sender domains; the \
             other policies do not"
        ),
    })
}
