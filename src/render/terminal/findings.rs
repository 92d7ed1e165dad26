//! What is wrong: incidents in full, everything else in short.

use super::page::{Page, Text, Tone};
use super::words::{
    between, clock, duration, entity_kind, grade, layer, moment, number, percent, side, some,
    state, status, sure,
};
use super::{chart, where_the_rest_is};
use crate::model::time::MINUTE;
use crate::model::{Entity, EntityType, Finding, FindingState, FindingStatus, Report};

/// Incidents shown in full.
const FULL: usize = 5;
/// Other findings shown, per status.
const SHORT: usize = 5;
/// Lines of evidence shown of an incident.
const EVIDENCE: usize = 3;
/// Next steps shown of an incident.
const STEPS: usize = 5;
/// Values of a list (codes, scope) shown on one line.
const VALUES: usize = 6;

/// The statuses of the short list, worst first.
const SHORT_STATUSES: [FindingStatus; 4] = [
    FindingStatus::Chronic,
    FindingStatus::Risk,
    FindingStatus::Info,
    FindingStatus::InsufficientData,
];

pub(super) fn section(page: &mut Page, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    let with = |status| move |f: &&Finding| f.status == status;
    let incidents: Vec<_> = report.findings.iter().filter(with(FindingStatus::Incident)).collect();
    if !incidents.is_empty() {
        page.heading("INCIDENTS", "began or changed inside the window");
    }
    for (index, finding) in incidents.iter().take(FULL).enumerate() {
        full(page, report, index + 1, finding);
    }
    rest(page, report, incidents.len(), FULL, "incident");
    if report.findings.len() > incidents.len() {
        page.heading("ALSO FOUND", "");
    }
    for status in SHORT_STATUSES {
        let all: Vec<_> = report.findings.iter().filter(with(status)).collect();
        for finding in all.iter().take(SHORT) {
            short(page, finding);
        }
        rest(page, report, all.len(), SHORT, "finding");
    }
}

fn rest(page: &mut Page, report: &Report, all: usize, shown: usize, noun: &str) {
    if all > shown {
        let (mark, more) =
            (page.signs().ellipsis, some((all - shown) as u64, &format!("more {noun}")));
        let place = where_the_rest_is(report, "findings");
        page.put("  ", 4, &Text::of(Tone::Dim, format!("{mark} and {more} ({place})")));
    }
}

const fn tone(finding: &Finding) -> Tone {
    match (finding.status, finding.state) {
        (FindingStatus::Incident, FindingState::Ended) | (FindingStatus::Chronic, _) => Tone::Warn,
        (FindingStatus::Incident, _) => Tone::Bad,
        _ => Tone::Strong,
    }
}

fn full(page: &mut Page, report: &Report, index: usize, f: &Finding) {
    if index > 1 {
        page.blank();
    }
    let width = page.width();
    let dot = page.signs().dot;
    let title = Text::of(tone(f), format!("{}, {}", status(f.status), state(f.state)))
        .and(Tone::Dim, format!("{dot}{}{dot}", layer(f.layer)))
        .and(Tone::Strong, page.stranger(&f.title, width * 2));
    page.put(&format!("{index} "), 2, &title);
    since(page, f);
    let mut entity = Text::plain(entity_text(page, &f.entity));
    if !f.scope.is_empty() {
        let scope: Vec<_> = f.scope.iter().map(|e| entity_text(page, e)).collect();
        entity = entity.and(Tone::Dim, "; also ").more(list(&scope));
    }
    page.field("where", &entity);
    page.field("how much", &Text::plain(amount(f)));
    if let Some(line) = chart::of_finding(page, report, f) {
        page.field("over time", &Text::of(tone(f), line));
    }
    let sure = format!("{}: {}; {}", sure(f.confidence), grade(f.grade), side(f.side));
    page.field("how sure", &Text::plain(sure));
    if !f.codes.is_empty() {
        let codes: Vec<_> = f.codes.iter().map(|c| page.stranger(c, 40)).collect();
        page.field("codes", &Text::plain(list(&codes)));
    }
    if let Some(change) = &f.change {
        let minutes = change.minutes_before.saturating_mul(MINUTE);
        let text = format!("{}, {} before the onset: ", moment(change.time), duration(minutes));
        let what = page.stranger(&change.what, width * 2);
        page.field("last change", &Text::plain(text).more(what));
    }
    evidence(page, f);
    steps(page, f);
    let key = format!("{}  key {}", page.stranger(&f.id, width), page.stranger(&f.key, 40));
    page.field("id", &Text::of(Tone::Dim, key));
}

fn since(page: &mut Page, f: &Finding) {
    let mut text = match (f.onset, f.end) {
        (Some(onset), Some(end)) => {
            let length = duration(end.0.saturating_sub(onset.0));
            Text::of(Tone::Strong, between(onset, end, "to")).more(format!(", {length}"))
        }
        (Some(onset), None) => Text::of(Tone::Strong, moment(onset)),
        (None, Some(end)) => Text::plain(format!("onset unknown, ended {}", moment(end))),
        (None, None) => Text::plain("onset unknown"),
    };
    if let (Some(onset), Some((earliest, latest))) = (f.onset, f.onset_interval) {
        let label = if f.end.is_some() { "onset between" } else { "between" };
        let same_day = onset.day() == earliest.day() && onset.day() == latest.day();
        let interval = if same_day {
            format!("{} and {}", clock(earliest), clock(latest))
        } else {
            between(earliest, latest, "and")
        };
        text = text.more(format!(" ({label} {interval})"));
    }
    if let (None, Some(good)) = (f.onset, f.last_good) {
        text = text.more(format!(", last good {}", moment(good)));
    }
    if let (FindingState::Recovering | FindingState::Unknown, Some(bad)) = (f.state, f.last_bad) {
        text = text.more(format!(", last hit {}", moment(bad)));
    }
    page.field(if f.end.is_some() { "when" } else { "since" }, &text);
}

fn amount(f: &Finding) -> String {
    let deliveries = some(f.deliveries, "delivery");
    let (least, most) = f.deliveries_interval;
    let excess = if least != most && most > 0 {
        format!(" (excess {} to {})", number(least), number(most))
    } else {
        String::new()
    };
    let (messages, share) = (some(f.messages, "message"), percent(f.share));
    format!("{deliveries}{excess} of {messages}, {share} of failing and held")
}

fn evidence(page: &mut Page, f: &Finding) {
    let width = page.width();
    for (index, evidence) in f.evidence.iter().take(EVIDENCE).enumerate() {
        let place = page.path(&evidence.source, width / 2);
        let tone = page.path_tone(&evidence.source);
        let text = Text::of(tone, format!("{place}:{}", evidence.line))
            .more(" ")
            .more(page.stranger(&evidence.text, width * 2));
        page.field(if index == 0 { "evidence" } else { "" }, &text);
    }
    more(page, f.evidence.len(), EVIDENCE);
}

fn steps(page: &mut Page, f: &Finding) {
    let width = page.width();
    for (index, step) in f.next_steps.iter().take(STEPS).enumerate() {
        let lead = format!("  {:<12}{}. ", if index == 0 { "do next" } else { "" }, index + 1);
        page.put(&lead, lead.len(), &Text::plain(page.stranger(step, width * 4)));
    }
    more(page, f.next_steps.len(), STEPS);
}

fn more(page: &mut Page, all: usize, shown: usize) {
    if all > shown {
        let (mark, more) = (page.signs().ellipsis, number((all - shown) as u64));
        page.field("", &Text::of(Tone::Dim, format!("{mark} and {more} more (report.json)")));
    }
}

fn short(page: &mut Page, f: &Finding) {
    let width = page.width();
    let dot = page.signs().dot;
    let text = Text::of(tone(f), format!("{}  ", status(f.status)))
        .and(Tone::Dim, format!("{}{dot}", layer(f.layer)))
        .more(page.stranger(&f.title, width * 2));
    page.put("  ", 4, &text);
    let mut facts = vec![entity_text(page, &f.entity)];
    if f.deliveries > 0 {
        facts.push(format!("{} ({})", some(f.deliveries, "delivery"), percent(f.share)));
    }
    facts.push(sure(f.confidence));
    if !f.codes.is_empty() {
        let codes: Vec<_> = f.codes.iter().map(|c| page.stranger(c, 40)).collect();
        facts.push(list(&codes));
    }
    page.put("    ", 4, &Text::of(Tone::Dim, facts.join(dot)));
    let advice = f.status != FindingStatus::Info;
    if let (true, Some(step)) = (advice, f.next_steps.first()) {
        let text = Text::plain(page.stranger(step, width * 2));
        page.put("    next: ", 10, &text);
    }
}

fn entity_text(page: &Page, entity: &Entity) -> String {
    let kind = entity_kind(entity);
    if entity.value.is_empty() || entity.kind == EntityType::Tenant {
        return kind;
    }
    format!("{kind} {}", page.stranger(&entity.value, page.width()))
}

/// Values joined by commas; the number of those left out.
fn list(values: &[String]) -> String {
    let shown: Vec<_> = values.iter().take(VALUES).map(String::as_str).collect();
    let text = shown.join(", ");
    match values.len().saturating_sub(VALUES) {
        0 => text,
        omitted => format!("{text}, and {} more", number(omitted as u64)),
    }
}
