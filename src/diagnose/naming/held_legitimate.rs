//! Mail of senders whose mail normally arrives is held in quarantine or Junk.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::diagnose::view::Trouble;
use crate::model::{Grade, Layer, Side};

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.is(Trouble::HeldLegitimate) {
        return None;
    }
    let agreed = clues.agreed();
    let layer = agreed.as_ref().map_or(Layer::AntiSpam, |a| a.layer);
    let senders = clues.excess.cases.iter().map(|&i| clues.view.cases[i].sender_domain);
    let domains = most_frequent(senders).len();
    let who = match domains {
        1 => "one established sender domain".to_owned(),
        n => format!("{n} established sender domains"),
    };
    Some(Naming {
        layer,
        cause: "legitimate_mail_held".into(),
        side: Side::Ours,
        // The status says that the filter holds it; that it is wanted mail is our reading.
        grade: Grade::Correlated,
        purity: agreed.map_or(1.0, |a| a.purity),
        stated: clues.size(),
        entity: None,
        title: format!("Mail of {who} goes to Junk or quarantine"),
    })
}
