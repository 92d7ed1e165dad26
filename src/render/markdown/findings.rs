//! Incidents in full, everything else in short.

use super::{heading, line, part, row, sentence, value};
use crate::model::time::MINUTE;
use crate::model::{Entity, EntityType, Finding, FindingStatus, Report};
use crate::render::words::{
    between, duration, entity_kind, grade, layer, moment, number, side, some, state, status, sure,
};
use std::fmt::Write as _;

/// Incidents shown in full.
const FULL: usize = 10;
/// Other findings shown.
const SHORT: usize = 20;
/// Lines of evidence, values of a list.
const SOME: usize = 5;

/// The incidents of a report.
pub(super) fn of(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|f| f.status == FindingStatus::Incident)
}

/// Everything else that is to be acted on.
pub(super) fn rest(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|f| f.status != FindingStatus::Incident)
}

pub(super) fn incidents(out: &mut String, report: &Report) {
    let all = of(report).count();
    for (at, finding) in of(report).take(FULL).enumerate() {
        heading(out, 2, &format!("Incident {}: {}", at + 1, sentence(&finding.title)));
        facts(out, finding);
        evidence(out, finding);
    }
    more(out, all, FULL, "incident");
}

fn more(out: &mut String, all: usize, shown: usize, noun: &str) {
    if all > shown {
        let n = some((all - shown) as u64, noun);
        line(out, &format!("\n… and {n} more: `tables/findings.csv`."));
    }
}

fn facts(out: &mut String, f: &Finding) {
    super::header(out, &["Field", "Value"], &[]);
    let mut put = |what: &str, text: &str| row(out, &[&format!("**{what}**"), text]);
    put("Status", &format!("{}, {}; {}", status(f.status), state(f.state), layer(f.layer)));
    put(if f.end.is_some() { "When" } else { "Since" }, &since(f));
    put("Where", &entity(&f.entity));
    if !f.scope.is_empty() {
        put("Also", &list(f.scope.iter().map(entity).collect(), "tables/findings.csv"));
    }
    put("How much", &amount(f));
    put("How sure", &format!("{}: {}; {}", sure(f.confidence), grade(f.grade), side(f.side)));
    if !f.codes.is_empty() {
        put("Codes", &list(f.codes.iter().map(|c| value(c)).collect(), "report.json"));
    }
    if let Some(good) = f.last_good {
        put("Last good", &moment(good));
    }
    if let Some(bad) = f.last_bad {
        put("Last hit", &moment(bad));
    }
    if let Some(change) = &f.change {
        let before = duration(change.minutes_before.saturating_mul(MINUTE));
        let text = format!(
            "{}, {before} before the onset: {}",
            moment(change.time),
            sentence(&change.what)
        );
        put("Last change before", &text);
    }
    put("Id, key", &format!("{}, {}", value(&f.id), value(&f.key)));
}

fn since(f: &Finding) -> String {
    let mut text = match (f.onset, f.end) {
        (Some(onset), Some(end)) => {
            let length = duration(end.0.saturating_sub(onset.0));
            format!("{}, {length}", between(onset, end, "to"))
        }
        (Some(onset), None) => moment(onset),
        (None, Some(end)) => format!("onset unknown, ended {}", moment(end)),
        (None, None) => "onset unknown".to_owned(),
    };
    if let Some((earliest, latest)) = f.onset_interval {
        let interval = between(earliest, latest, "and");
        let _ = write!(text, " (onset between {interval})");
    }
    text
}

fn amount(f: &Finding) -> String {
    let (least, most) = f.deliveries_interval;
    let excess = if least != most && most > 0 {
        format!(" (excess {} to {})", number(least), number(most))
    } else {
        String::new()
    };
    format!(
        "{}{excess} of {}, {} of failing and held",
        some(f.deliveries, "delivery"),
        some(f.messages, "message"),
        part(f.share)
    )
}

/// An entity in words, its name as code.
pub(super) fn entity(entity: &Entity) -> String {
    let kind = entity_kind(entity);
    if entity.value.is_empty() || entity.kind == EntityType::Tenant {
        return kind;
    }
    format!("{kind} {}", value(&entity.value))
}

/// The first values, and how many there are beyond them.
fn list(values: Vec<String>, place: &str) -> String {
    let all = values.len();
    let shown: Vec<String> = values.into_iter().take(SOME).collect();
    match all.saturating_sub(SOME) {
        0 => shown.join(", "),
        n => format!("{}, and {n} more (`{place}`)", shown.join(", ")),
    }
}

fn evidence(out: &mut String, f: &Finding) {
    if f.evidence.is_empty() {
        return;
    }
    line(out, "\nEvidence:\n");
    for e in f.evidence.iter().take(SOME) {
        let place = value(&format!("{}:{}", e.source, e.line));
        let id = if e.network_message_id.is_empty() {
            String::new()
        } else {
            format!(" {}", value(&e.network_message_id))
        };
        line(out, &format!("- {place}{id}: {}", value(&e.text)));
    }
    if f.evidence.len() > SOME {
        line(out, &format!("- … and {} more: `report.json`", f.evidence.len() - SOME));
    }
    if !f.affected.is_empty() {
        line(out, "\nWho is affected, and what to do about each: `tables/affected.csv`.");
    }
}

pub(super) fn others(out: &mut String, report: &Report) {
    let all = rest(report).count();
    if all == 0 {
        return;
    }
    heading(out, 2, "Also found");
    for f in rest(report).take(SHORT) {
        let mut facts = vec![layer(f.layer).to_owned(), entity(&f.entity)];
        if f.deliveries > 0 {
            facts.push(format!("{} ({})", some(f.deliveries, "delivery"), part(f.share)));
        }
        facts.push(sure(f.confidence));
        line(
            out,
            &format!("- **{}** {} ({})", status(f.status), sentence(&f.title), facts.join("; ")),
        );
    }
    more(out, all, SHORT, "finding");
}
