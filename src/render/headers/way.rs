//! The way of the message, oldest hop first, with the border of trust drawn in it.

use super::page::Shown;
use super::parts::{Block, HopLine, Line, Section, span};
use crate::model::Instant;
use crate::model::auth::Border;
use crate::model::message::Hop;
use crate::model::view::{Leg, Phase, Shield};
use crate::render::terminal::page::Tone;

/// Hops shown from each end of a way that is longer than both together.
const ENDS: usize = 20;
/// Seconds from which a hop is slow, whatever the others took.
const SLOW: i64 = 60;
/// Seconds by which clocks may differ unmentioned.
const SKEW: i64 = -1;

/// The section; empty where the message has no Received line.
pub(super) fn section(shown: &Shown<'_>) -> Section {
    let hops = &shown.seen.examined.hops;
    let mut section = Section::new("Way", note(shown));
    if hops.is_empty() {
        return section;
    }
    let border = hops.iter().rposition(|hop| hop.trusted);
    if border.is_none() {
        let why = reason(&shown.seen.examined.border);
        let words = format!("No border of trust: {why}. Any of these lines can be forged.");
        section.blocks.push(Block::Words(Line::of(Tone::Warn, words)));
    }
    let slowest = hops.iter().filter_map(|hop| hop.delay_seconds).max().filter(|s| *s > 1);
    let mut phase = None;
    let mut before = None;
    for (number, at) in (0..hops.len()).rev().enumerate() {
        if !shown.all && hops.len() > 2 * ENDS && (ENDS..hops.len() - ENDS).contains(&number) {
            if number == ENDS {
                let left = hops.len() - 2 * ENDS;
                let words = format!("... {left} hops are left out here; --all shows them");
                section.blocks.push(Block::Words(Line::of(Tone::Dim, words)));
            }
            continue;
        }
        let leg = shown.view.legs.get(at).cloned().unwrap_or_default();
        if border == Some(at) {
            section.blocks.push(Block::Across(
                "border of trust: what follows is written by the organisation's own servers".into(),
            ));
        }
        let stretch = (leg.phase, leg.product);
        let day = hops[at].time.map(day);
        if phase != Some(stretch) || day.is_some() && day != before {
            let mut name = match leg.product {
                "" => leg.phase.words().to_owned(),
                product => format!("{}: {product}", leg.phase.words()),
            };
            if let Some(day) = day.as_ref().filter(|_| day != before) {
                name = format!("{day}, {name}");
            }
            section.blocks.push(Block::Under(name));
            phase = Some(stretch);
        }
        section.blocks.push(Block::Hop(one(&hops[at], &leg, number + 1, slowest)));
        before = day.or(before);
    }
    section
}

fn note(shown: &Shown<'_>) -> String {
    let examined = &shown.seen.examined;
    let hops = match examined.hops.len() {
        1 => "1 hop".to_owned(),
        n => format!("{n} hops"),
    };
    let time = match examined.delay_seconds {
        Some(s) if s >= 0 => format!(" in {}", span(s)),
        Some(_) => ", clocks run against each other".to_owned(),
        None => String::new(),
    };
    format!("{hops}{time}, oldest first, times in UTC")
}

fn one(hop: &Hop, leg: &Leg, number: usize, slowest: Option<i64>) -> HopLine {
    let is_slowest = hop.delay_seconds.is_some() && hop.delay_seconds == slowest;
    let (delay, mark) = match hop.delay_seconds {
        None => (Line::default(), ""),
        Some(s) if s < SKEW => {
            (Line::of(Tone::Warn, format!("-{}", span(s))), "the clocks of the two servers differ")
        }
        Some(s) if s >= SLOW => (
            Line::of(Tone::Bad, format!("+{}", span(s))),
            if is_slowest { "slowest hop" } else { "slow hop" },
        ),
        Some(s) if is_slowest => (Line::of(Tone::Warn, format!("+{}", span(s))), "slowest hop"),
        Some(s) => (Line::of(Tone::Dim, format!("+{}", span(s.max(0)))), ""),
    };
    let host = |host: &Option<String>| host.clone().unwrap_or_else(|| "?".to_owned());
    let mut hosts = Line::default();
    let address = hop.address.map(|a| a.to_string()).unwrap_or_default();
    if hop.from.is_some() || !address.is_empty() {
        let from = host(&hop.from);
        // What the peer calls itself and what its address is called may differ.
        let resolved = hop.resolved.as_ref().filter(|name| !name.eq_ignore_ascii_case(&from));
        let mut known = resolved.cloned().unwrap_or_default();
        // A name that is the address says it once.
        if !address.is_empty() && !from.contains(&address) {
            let gap = if known.is_empty() { "" } else { " " };
            known = format!("{known}{gap}{address}");
        }
        hosts = hosts.more(from);
        if !known.is_empty() {
            hosts = hosts.and(Tone::Dim, format!(" ({known})"));
        }
        hosts = hosts.and(Tone::Dim, " -> ");
    }
    hosts = hosts.and(Tone::Strong, host(&hop.by));
    HopLine { number, time: clock(hop.time), delay, hosts, detail: detail(hop, leg, mark) }
}

/// The day of a hop.
fn day(at: Instant) -> String {
    at.rfc3339().chars().take(10).collect()
}

/// Its time of day.
fn clock(at: Option<Instant>) -> String {
    let Some(at) = at else { return "?".to_owned() };
    at.rfc3339().chars().skip(11).take(8).collect()
}

/// Protocol and TLS.
fn detail(hop: &Hop, leg: &Leg, mark: &str) -> Line {
    let mut parts: Vec<(Tone, String)> = Vec::new();
    if !mark.is_empty() {
        parts.push((Tone::Warn, mark.to_owned()));
    }
    let stretch = !matches!(leg.phase, Phase::Mailbox);
    if let Some(protocol) = &hop.protocol {
        parts.push((Tone::Dim, protocol.clone()));
    }
    let tls = hop.tls.clone().unwrap_or_default();
    match leg.shield {
        Shield::Good => parts.push((Tone::Dim, tls)),
        Shield::Old => parts.push((Tone::Bad, format!("{tls}, an old version"))),
        Shield::Plain if stretch => parts.push((Tone::Warn, "no TLS".to_owned())),
        Shield::Some | Shield::Plain | Shield::Unsaid if !tls.is_empty() => {
            parts.push((Tone::Dim, tls));
        }
        _ => {}
    }
    if leg.downgrade {
        parts.push((Tone::Bad, "less protected than the connection before".to_owned()));
    }
    if !leg.cipher.is_empty() {
        parts.push((Tone::Dim, leg.cipher.clone()));
    }
    let mut line = Line::default();
    for (tone, words) in parts {
        if !line.is_empty() {
            line = line.and(Tone::Dim, ", ");
        }
        line = line.and(tone, words);
    }
    line
}

/// Why stamps are believed, or are not.
pub(super) fn reason(border: &Border) -> String {
    match border {
        Border::Genuine { host } => {
            format!("came in through {host}, which judged it and wrote its Received line")
        }
        Border::NobodyJudged => {
            "no header names the server that judged the sender (AuthSource)".to_owned()
        }
        Border::Conflict { header } => format!("{header} stands twice with different values"),
        Border::NoLine { host } => {
            format!("no Received line by the AuthSource host {host}")
        }
        Border::Stranger { host, judge } => format!(
            "above the Received line by the AuthSource host {judge} the message passed {host}, \
             which is neither Microsoft's nor a server of that domain"
        ),
        Border::Unreadable { judge } => format!(
            "a Received line above that by the AuthSource host {judge} does not say who wrote it"
        ),
    }
}
