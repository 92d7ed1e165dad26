//! A rule of a mailbox began to file its mail to a folder: it is delivered, and nobody sees it.
//!
//! The store names the folder; that a rule chose it is how mail gets there. A rule that takes mail
//! of many senders hides a mailbox from its owner, as the holder of a stolen account does.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::diagnose::view::Trouble;
use crate::model::{Grade, Layer, Side};

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.is(Trouble::Filed) {
        return None;
    }
    let (folder, part) = clues.main_value(|c| clues.view.table.label(c.setting))?;
    let senders = clues.excess.cases.iter().map(|&i| clues.view.cases[i].sender_domain);
    let from = match most_frequent(senders).len() {
        1 => "of one sender domain".to_owned(),
        n => format!("of {n} sender domains"),
    };
    let to = &clues.entity().value;
    Some(Naming {
        layer: Layer::MailboxRule,
        cause: "mailbox_rule_moved".into(),
        side: Side::Ours,
        grade: Grade::Correlated,
        purity: part,
        stated: clues.size(),
        entity: None,
        title: format!("Mail to {to} {from} is filed to the folder {folder}"),
    })
}
