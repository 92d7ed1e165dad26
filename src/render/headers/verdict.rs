//! The head of the page: who and when, remarks, what to do.

use super::page::Shown;
use super::parts::{Block, Line, Section};
use crate::model::Placement;
use crate::model::remark::Weight;
use crate::render::terminal::page::Tone;

/// The tone of the verdict.
pub(super) fn tone(shown: &Shown<'_>) -> Tone {
    if shown.view.by_its_own_word {
        return Tone::Warn;
    }
    match shown.seen.placement {
        Placement::Junk | Placement::Quarantine => Tone::Bad,
        Placement::Inbox => Tone::Good,
        _ if !shown.seen.refusals.is_empty() => Tone::Bad,
        _ => Tone::Strong,
    }
}

/// Sender, recipients, times, names.
pub(super) fn head(shown: &Shown<'_>) -> Section {
    let facts = &shown.seen.examined.facts;
    let mut section = Section::new("", "");
    let text = |value: &Option<String>| Line::plain(value.clone().unwrap_or_default());
    section.field("subject", text(&facts.subject));
    section.field("from", from(shown));
    if facts.return_path != facts.from {
        section.field("return path", text(&facts.return_path));
    }
    for identity in &shown.seen.examined.identities {
        let other = identity.address.is_some() && identity.address != facts.from;
        if other && ["Sender", "Reply-To"].iter().any(|h| identity.header.eq_ignore_ascii_case(h)) {
            let name = identity.header.to_ascii_lowercase().replace('-', " ");
            section.field(&name, text(&identity.address));
        }
    }
    section.field("to", recipients(&facts.to, shown.all));
    section.field("date", date(shown));
    section.field("message id", text(&facts.message_id));
    let network = facts.network_message_id.map(crate::model::delivery::dashed);
    section.field("network id", text(&network));
    for (said, means) in facts.bounce.iter().zip(&shown.seen.refusals) {
        let hard = if means.hard { ", do not send there again" } else { "" };
        let line = Line::of(Tone::Strong, said.recipient.clone())
            .more(format!(": {} {} ", said.status, said.diagnostic))
            .and(Tone::Dim, format!("({}, {}{hard})", means.cause, means.layer.as_str()));
        section.field("bounce", line);
    }
    section
}

/// The author: name and address.
fn from(shown: &Shown<'_>) -> Line {
    let examined = &shown.seen.examined;
    let address = examined.facts.from.clone().unwrap_or_default();
    let author = examined.identities.iter().find(|i| i.header.eq_ignore_ascii_case("From"));
    match author.and_then(|author| author.name.as_ref()) {
        Some(name) => Line::plain(format!("{name} ")).and(Tone::Strong, format!("<{address}>")),
        None => Line::of(Tone::Strong, address),
    }
}

fn recipients(to: &[String], all: bool) -> Line {
    const MOST: usize = 8;
    if all || to.len() <= MOST {
        return Line::plain(to.join(", "));
    }
    let rest = to.len() - MOST;
    let first = to.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    Line::plain(first).and(Tone::Dim, format!(" and {rest} more"))
}

/// The date that the author's program wrote, and how far it is from the first server's.
fn date(shown: &Shown<'_>) -> Line {
    let facts = &shown.seen.examined.facts;
    let Some(date) = facts.date else { return Line::default() };
    Line::plain(date.rfc3339())
}

/// Remarks by weight.
pub(super) fn remarks(shown: &Shown<'_>) -> Section {
    let mut section = Section::new("Worth knowing", "");
    let mut remarks: Vec<_> = shown.seen.remarks.iter().collect();
    remarks.sort_by_key(|remark| remark.weight);
    for remark in remarks {
        let (mark, tone) = match remark.weight {
            Weight::Alarm => ("!", Tone::Bad),
            Weight::Notice => ("*", Tone::Warn),
            Weight::Info => ("-", Tone::Dim),
        };
        let mut line = match remark.weight {
            Weight::Info => Line::plain(remark.headline.clone()),
            _ => Line::of(Tone::Strong, remark.headline.clone()),
        };
        if !remark.detail.is_empty() {
            let end = if remark.headline.ends_with(['.', '!', '?']) { " " } else { ". " };
            line = line.more(end).and(Tone::Dim, remark.detail.clone());
        }
        section.blocks.push(Block::Point(mark.to_owned(), tone, line));
    }
    section
}

/// What to do next.
pub(super) fn steps(shown: &Shown<'_>) -> Section {
    let mut section = Section::new("What to do", "");
    for (number, step) in shown.view.next_steps.iter().enumerate() {
        let mark = format!("{}.", number + 1);
        section.blocks.push(Block::Point(mark, Tone::Strong, Line::plain(step.clone())));
    }
    section
}
