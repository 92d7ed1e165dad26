//! The verdict in one sentence, or two where one would mislead.

use super::Ruling;
use crate::model::auth::Border;
use crate::model::message::MessageClass;
use crate::model::{Outcome, Placement, Seen};

/// What became of it, who decided and why.
pub(super) fn sentence(seen: &Seen, ruling: &Ruling<'_>, who: &str, why: &str) -> String {
    if !seen.examined.facts.bounce.is_empty() && !ruling.claimed {
        return bounce(seen);
    }
    let Some(fate) = fate(ruling) else { return unknown(seen) };
    let by = if who.is_empty() { String::new() } else { format!(" by {who}") };
    // "Delivered by nobody" would be odd.
    let by = match who.strip_prefix("nobody: ") {
        Some(rest) => format!("; {rest}"),
        None => by,
    };
    let because = if why.is_empty() { String::new() } else { format!(": {why}") };
    let said = format!("{fate}{by}{because}.");
    if ruling.claimed {
        let said = lower(&said);
        return format!("By its own word, which nothing proves ({}): {said}", doubt(seen));
    }
    said
}

/// What became of it; `None` where nothing says.
pub(super) fn fate(ruling: &Ruling<'_>) -> Option<&'static str> {
    Some(match (ruling.placement, ruling.outcome) {
        (Placement::Inbox, _) => "Delivered to the Inbox",
        (Placement::Junk, _) => "Delivered to Junk Email",
        (Placement::Folder, _) => "Delivered to another folder of the mailbox",
        (Placement::Quarantine, _) => "Quarantined",
        (_, Outcome::Delivered) => "Let in (the copy does not say which folder it lies in)",
        (_, Outcome::Relayed) | (Placement::External, _) => "Handed to the next server",
        (_, Outcome::Filtered) => "Filtered as spam",
        (_, Outcome::Failed) => "Not delivered",
        (_, Outcome::Pending) => "Still being tried",
        (_, Outcome::Dropped) => "Dropped",
        _ => return None,
    })
}

fn bounce(seen: &Seen) -> String {
    let facts = &seen.examined.facts;
    let Some((said, means)) = facts.bounce.iter().zip(&seen.refusals).next() else {
        return unknown(seen);
    };
    let to = if said.recipient.is_empty() { "somebody" } else { &said.recipient };
    let became = match said.action.as_str() {
        "delayed" => "is delayed and still being tried",
        "delivered" => "was delivered",
        "relayed" => "was handed on",
        "expanded" => "was handed to the members of a list",
        _ => "was not delivered",
    };
    let code = match (said.status.as_str(), said.smtp_code) {
        ("", 0) => String::new(),
        ("", code) => format!(" ({code})"),
        (status, _) => format!(" ({status})"),
    };
    let reason = if means.reason.is_empty() { "the reason is not known" } else { means.reason };
    let more = match facts.bounce.len() {
        0 | 1 => String::new(),
        n => format!(" {} more recipients are named.", n - 1),
    };
    let reason = reason.trim_end_matches('.');
    format!("A bounce: mail to {to} {became}: {}{code}.{more}", lower(reason))
}

fn unknown(seen: &Seen) -> String {
    match seen.examined.facts.class {
        MessageClass::AutoReply => "An automatic reply; its headers do not say what became of it.",
        MessageClass::Ndr => "A bounce whose recipients cannot be read.",
        MessageClass::Mail => return format!("What became of it is not stated: {}.", doubt(seen)),
    }
    .to_owned()
}

/// Why stamps are not believed.
fn doubt(seen: &Seen) -> String {
    match &seen.examined.border {
        Border::Genuine { .. } => "no stamp of the organisation says more".to_owned(),
        Border::NobodyJudged => {
            "no header names the server that judged the sender (AuthSource)".to_owned()
        }
        Border::Conflict { header } => format!("{header} stands twice with different values"),
        Border::NoLine { host } => format!("no Received line is by the AuthSource host {host}"),
        Border::Stranger { host, .. } => {
            format!("it passed {host} afterwards, which is no server of the organisation")
        }
        Border::Unreadable { .. } => {
            "a Received line above the border does not say who wrote it".to_owned()
        }
    }
}

/// With a small first letter, so that it can stand within a sentence; abbreviations keep theirs.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(text.chars().skip(1)).collect()
        }
        _ => text.to_owned(),
    }
}
