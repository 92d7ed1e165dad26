//! The findings as cards: what, since when, for whom, how much, how sure, on what evidence, and
//! what to do next.

use super::commands::{Piece, pieces};
use super::spark::spark;
use super::svg;
use super::text::{LINE, Strange, folded, folded_at, path, plain};
use crate::model::time::MINUTE;
use crate::model::{Entity, EntityType, Evidence, Finding, FindingState, FindingStatus, Report};
use crate::render::Answer;
use crate::render::words::{
    between, clock, duration, entity_kind, grade, layer, moment, number, percent, side, some, sure,
};
use maud::{Markup, html};

/// Cards drawn of a kind before the rest is folded away.
const OPEN: usize = 5;
/// Bytes of cards: no card that may fold away begins beyond them.
const BYTES: usize = 500_000;
/// Lines of evidence that are not folded.
const EVIDENCE: usize = 3;
/// Lines of evidence, steps and values drawn of a card.
const LIST: usize = 30;

/// The kinds, worst first.
const KINDS: &[(FindingStatus, &str, &str)] = &[
    (FindingStatus::Incident, "Incidents", "Began or changed inside the window."),
    (FindingStatus::Chronic, "Chronic", "There from the start, at a steady rate."),
    (FindingStatus::Risk, "Risks", "Not failing yet."),
    (FindingStatus::Info, "Worth knowing", ""),
    (FindingStatus::InsufficientData, "Too little data", ""),
];

#[expect(clippy::unnecessary_wraps, reason = "a section may have nothing to draw")]
pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    if report.findings.is_empty() {
        return Some(html! { p.empty { "Nothing stands out in what was read." } });
    }
    let mut room = BYTES;
    Some(html! {
        @for (status, title, note) in KINDS {
            (kind(report, *status, (title, note), &mut room))
        }
    })
}

fn kind(report: &Report, status: FindingStatus, words: (&str, &str), room: &mut usize) -> Markup {
    let numbered = report.findings.iter().enumerate();
    let all: Vec<(usize, &Finding)> = numbered.filter(|(_, f)| f.status == status).collect();
    if all.is_empty() {
        return html! {};
    }
    let mut cards = Vec::new();
    for (at, finding) in &all {
        if *room == 0 && cards.len() >= OPEN {
            break;
        }
        let card = card(report, *at, finding);
        *room = room.saturating_sub(card.0.len());
        cards.push(card);
    }
    let (open, folded) = cards.split_at(cards.len().min(OPEN));
    let left = all.len() - cards.len();
    let (title, note) = words;
    html! {
        h3.kind {
            (title) " " span.count { (number(all.len() as u64)) }
            @if !note.is_empty() { " " span.note { (note) } }
        }
        @for card in open { (card) }
        @if !folded.is_empty() {
            details.more {
                summary { (some(folded.len() as u64, "more finding")) }
                @for card in folded { (card) }
            }
        }
        @if left > 0 {
            p.dim { (some(left as u64, "further finding")) " not drawn: see tables/findings.csv." }
        }
    }
}

fn card(report: &Report, at: usize, f: &Finding) -> Markup {
    let number = at + 1;
    html! {
        article.card.(f.status.as_str()).(f.state.as_str()) id={ "finding-" (number) } aria-labelledby={ "finding-" (number) "-title" } {
            header {
                p.tags {
                    span.badge.(f.status.as_str()) { (svg_of(f)) (status_words(f)) }
                    span { (layer(f.layer)) }
                    span { (side(f.side)) }
                    @if f.status == FindingStatus::Incident { a.marker href="#time" { "mark " (number) " in the time line" } }
                }
                h4 id={ "finding-" (number) "-title" } { (Strange(&f.title, 400)) }
            }
            (spark(report, f))
            @if f.status == FindingStatus::Incident {
                (body(f))
            } @else {
                p.short { (in_short(f)) }
                details { summary { "Evidence and next steps" } (body(f)) }
            }
        }
    }
}

fn body(f: &Finding) -> Markup {
    html! {
        dl.facts { (facts(f)) }
        (next_steps(f))
        (evidence(f))
        p.key {
            "id " code { (Strange(&f.id, 120)) } " key "
            code.copy data-what="the finding key" { (Strange(&f.key, 64)) }
        }
    }
}

/// What matters most of a finding that can wait.
fn in_short(f: &Finding) -> Markup {
    html! {
        (entity_kind(&f.entity))
        @if !f.entity.value.is_empty() && f.entity.kind != EntityType::Tenant {
            " " strong { (Strange(&f.entity.value, 120)) }
        }
        @if f.deliveries > 0 {
            " · " (some(f.deliveries, "delivery"))
            @if f.share > 0.0 { ", " (percent(f.share)) " of failing and held" }
        }
        @if f.status != FindingStatus::InsufficientData { " · " (sure(f.confidence)) }
        @for code in f.codes.iter().take(6) { " " code { (Strange(code, 60)) } }
    }
}

fn svg_of(f: &Finding) -> Markup {
    use crate::render::headline::Mood;
    match (f.status, f.state) {
        (FindingStatus::Incident, FindingState::Ended)
        | (FindingStatus::Chronic | FindingStatus::Risk, _) => svg::mood(Mood::Warn),
        (FindingStatus::Incident, _) => svg::mood(Mood::Bad),
        _ => svg::state(crate::model::LayerState::InsufficientData),
    }
}

fn status_words(f: &Finding) -> String {
    let status = match f.status {
        FindingStatus::Incident => "Incident",
        FindingStatus::Chronic => "Chronic",
        FindingStatus::Risk => "Risk",
        FindingStatus::Info => "Info",
        FindingStatus::InsufficientData => return "Too little data".to_owned(),
    };
    match f.state {
        FindingState::Unknown => status.to_owned(),
        state => format!("{status}, {}", crate::render::words::state(state)),
    }
}

fn facts(f: &Finding) -> Markup {
    html! {
        @if f.onset.is_some() || f.end.is_some() || f.last_good.is_some() || f.last_bad.is_some() {
            dt { @if f.end.is_some() { "When" } @else { "Since" } }
            dd { (since(f)) }
        }
        @if let Some(change) = &f.change {
            dt { "Change before" }
            dd {
                (folded(&change.what)) br;
                span.dim {
                    (moment(change.time)) ", "
                    (duration(change.minutes_before.saturating_mul(MINUTE))) " before the onset; that is no proof"
                }
            }
        }
        dt { "For whom" }
        dd { (whom(f)) }
        @if f.deliveries > 0 || f.messages > 0 {
            dt { "How much" }
            dd { (amount(f)) }
        }
        @if f.status != FindingStatus::InsufficientData {
            dt { "How sure" }
            dd {
                (meter(f.confidence)) strong { (sure(f.confidence)) } ": " (grade(f.grade))
            }
        }
        @if !f.codes.is_empty() {
            dt { "Codes" }
            dd {
                @for code in f.codes.iter().take(LIST) { code { (Strange(code, 60)) } " " }
                (left_out(f.codes.len()))
            }
        }
    }
}

/// A confidence as a bar of ten steps; the number stands beside it.
fn meter(confidence: f64) -> Markup {
    html! {
        svg.meter width="60" height="8" aria-hidden="true" focusable="false" {
            rect.track width="60" height="8" rx="2" {}
            rect.level width=(svg::num(confidence.clamp(0.0, 1.0) * 60.0)) height="8" rx="2" {}
        }
    }
}

fn since(f: &Finding) -> Markup {
    html! {
        @match (f.onset, f.end) {
            (Some(onset), Some(end)) => {
                strong { (between(onset, end, "to")) } ", " (duration(end.0.saturating_sub(onset.0)))
            }
            (Some(onset), None) => strong { (moment(onset)) },
            (None, Some(end)) => { "onset unknown, ended " strong { (moment(end)) } }
            (None, None) => "onset unknown",
        }
        @if let (Some(onset), Some((earliest, latest))) = (f.onset, f.onset_interval) {
            span.dim {
                " (" @if f.end.is_some() { "onset " } "between "
                @if onset.day() == earliest.day() && onset.day() == latest.day() {
                    (clock(earliest)) " and " (clock(latest))
                } @else {
                    (between(earliest, latest, "and"))
                }
                ")"
            }
        }
        @if let (None, Some(good)) = (f.onset, f.last_good) { span.dim { ", last good " (moment(good)) } }
        @if let Some(bad) = f.last_bad { span.dim { ", last hit " (moment(bad)) } }
    }
}

fn whom(f: &Finding) -> Markup {
    let mut kinds: Vec<(EntityType, Vec<&Entity>)> = Vec::new();
    for entity in f.scope.iter().take(LIST) {
        match kinds.iter_mut().find(|(kind, _)| *kind == entity.kind) {
            Some((_, list)) => list.push(entity),
            None => kinds.push((entity.kind, vec![entity])),
        }
    }
    let value = |e: &Entity| html! { (folded(&e.value)) };
    html! {
        (entity_kind(&f.entity))
        @if !f.entity.value.is_empty() && f.entity.kind != EntityType::Tenant { " " strong { (value(&f.entity)) } }
        @for (kind, list) in &kinds {
            br;
            span.dim { "also " (plain(kind.as_str())) @if list.len() > 1 { "s" } " " }
            @for (at, entity) in list.iter().enumerate() {
                @if at > 0 { ", " }
                (value(entity))
            }
        }
        (left_out(f.scope.len()))
    }
}

fn amount(f: &Finding) -> Markup {
    let (least, most) = f.deliveries_interval;
    html! {
        strong { (some(f.deliveries, "delivery")) }
        @if least != most && most > 0 {
            span.dim { " (excess " (number(least)) " to " (number(most)) ")" }
        }
        @if f.messages > 0 { " of " (some(f.messages, "message")) }
        @if f.share > 0.0 { ", " strong { (percent(f.share)) } " of failing and held" }
    }
}

fn next_steps(f: &Finding) -> Markup {
    html! {
        @if !f.next_steps.is_empty() {
            h5 { "Do next" }
            ol.steps {
                @for step in f.next_steps.iter().take(LIST) { li { (a_step(step)) } }
            }
            (left_out(f.next_steps.len()))
        }
    }
}

fn a_step(step: &str) -> Markup {
    // Beyond that it is none of our sentences.
    if step.chars().count() > super::text::MOST {
        return folded(step);
    }
    html! {
        @for piece in pieces(step) {
            @match piece {
                Piece::Words(words) => (Strange(words, super::text::MOST)),
                Piece::Command(command) => code.copy data-what="the command" { (Strange(command, super::text::MOST)) },
            }
        }
    }
}

fn evidence(f: &Finding) -> Markup {
    let (open, rest) = f.evidence.split_at(f.evidence.len().min(EVIDENCE));
    html! {
        @if !open.is_empty() {
            h5 { "Evidence" }
            ul.evidence { @for line in open { (proof(line)) } }
        }
        @if !rest.is_empty() {
            details {
                summary { (some(rest.len() as u64, "more line")) " of evidence" }
                ul.evidence { @for line in rest.iter().take(LIST) { (proof(line)) } }
            }
        }
        @if !f.signatures.is_empty() {
            details {
                summary { (some(f.signatures.len() as u64, "failure text")) ", variable parts removed" }
                ul.evidence {
                    @for text in f.signatures.iter().take(LIST) { li { (folded_at(text, LINE)) } }
                }
                (left_out(f.signatures.len()))
            }
        }
    }
}

fn proof(e: &Evidence) -> Markup {
    html! {
        li {
            span.where {
                (path(&e.source, Some(e.line)))
                @if !e.network_message_id.is_empty() {
                    " " code.copy data-what="the message id" { (Strange(&e.network_message_id, 80)) }
                }
            }
            (folded_at(&e.text, LINE))
        }
    }
}

fn left_out(all: usize) -> Markup {
    html! {
        @if all > LIST { span.dim { " and " (number((all - LIST) as u64)) " more (report.json)" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layer;
    use crate::render::sample;

    #[test]
    fn a_card_says_what_since_when_for_whom_and_what_next() {
        let report = sample::rich();
        let card = card(&report, 0, &report.findings[0]).into_string();
        for words in [
            "Incident, going on",
            "DNS and authentication",
            "the DKIM signature does not verify",
            "2026-11-18 09:00</strong>",
            "between 08:40 and 09:10",
            "12 min before the onset",
            "sender domain <strong><bdi>contoso.com</bdi></strong>",
            "1,234 deliveries</strong>",
            "excess 1,100 to 1,300",
            "97% sure</strong>: a system said so",
            "<code><bdi>5.7.26</bdi></code>",
            "<bdi>trace.csv</bdi>:4711",
            "<code class=\"copy\" data-what=\"the command\"><bdi>Get-DkimSigningConfig -Identity contoso.com | Format-List Status</bdi></code>",
            "<bdi>0123456789abcdef</bdi>",
        ] {
            assert!(card.contains(words), "{words}\n{card}");
        }
    }

    #[test]
    fn incidents_come_first_and_long_lists_fold() {
        let mut report = sample::rich();
        let more =
            (0..2000).map(|_| sample::finding(Layer::Message, FindingStatus::Info, "one more"));
        report.findings.extend(more);
        let page = section(Answer::new(&report)).unwrap();
        let page = page.into_string();
        let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}"));
        assert!(place("Incidents") < place("Chronic"));
        assert!(place("Chronic") < place("Risks"));
        assert!(page.contains("15 more findings"), "of twenty risks five are open");
        assert!(page.contains("further findings not drawn"), "of 2001");
        assert!(page.len() < BYTES + 100_000, "{}", page.len());
    }

    #[test]
    fn nothing_is_said_too() {
        let report = Report::default();
        let page = section(Answer::new(&report)).unwrap();
        assert!(page.into_string().contains("Nothing stands out"));
    }
}
