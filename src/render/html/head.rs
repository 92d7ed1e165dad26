//! The top of the page: the verdict, the totals at a glance, and what was read.

use super::svg;
use super::text::{Strange, folded, path};
use crate::model::report::{InputReport, Span};
use crate::model::{InputRole, Outcome, Report, SourceEntry};
use crate::render::Answer;
use crate::render::headline;
use crate::render::words::{between, bytes, duration, moment, number, percent, percent_of, some};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Lines of one kind that are shown before the rest is counted.
const SHOWN: usize = 5;

/// The bar above everything.
pub(super) fn bar(report: &Report) -> Markup {
    html! {
        header.top {
            p.brand { "mailtriage" span.dim { " report" } }
            p.span { (window(report)) }
        }
    }
}

/// The line below everything.
pub(super) fn foot(report: &Report) -> Markup {
    html! {
        footer {
            p {
                "Made by mailtriage " (Strange(&report.version, 40)) ", knowledge "
                (Strange(&report.knowledge, 40)) ". This page loads nothing and sends nothing."
            }
        }
    }
}

fn window(report: &Report) -> String {
    match report.window {
        Some((first, last)) => format!("{} UTC", between(first, last, "to")),
        None => "no time window".to_owned(),
    }
}

/// The verdict and the totals.
pub(super) fn verdict(report: &Report) -> Markup {
    let verdict = headline::verdict(report);
    let limits = headline::blind_spots(report);
    let tone = match verdict.mood {
        headline::Mood::Bad => "bad",
        headline::Mood::Warn => "warn",
        headline::Mood::Good => "good",
    };
    html! {
        section.verdict.(tone) id="verdict" aria-labelledby="verdict-title" {
            h1 id="verdict-title" {
                span.lead { (svg::mood(verdict.mood)) (verdict.words) }
                @if let Some(finding) = verdict.finding {
                    " " span.what { (Strange(&finding.title, 400)) }
                }
            }
            (glance(report))
            @if !limits.is_empty() {
                p.limits { "Limits: " (limits.join(" · ")) "." }
            }
        }
    }
}

/// The totals at a glance.
fn glance(report: &Report) -> Markup {
    let (input, totals) = (&report.input, &report.totals);
    let of = |outcome| {
        let with = |(value, _): &&(Outcome, u64)| *value == outcome;
        totals.outcome.iter().find(with).map_or(0, |(_, n)| *n)
    };
    let arrived = of(Outcome::Delivered) + of(Outcome::Relayed);
    html! {
        dl.glance {
            div { dt { "Messages" } dd { (number(input.messages)) } }
            div {
                dt { "Deliveries" }
                dd { (number(input.deliveries)) }
                dd.sub { (percent_of(arrived, input.deliveries)) " delivered or relayed" }
            }
            div.failing {
                dt { "Failing" }
                dd { (number(totals.failing)) }
                dd.sub { (percent(totals.failing_share)) " of deliveries" }
            }
            div.held {
                dt { "Held" }
                dd { (number(totals.held)) }
                dd.sub { (percent(totals.held_share)) " of deliveries" }
            }
            div {
                dt { "Findings" }
                dd { (number(report.findings.len() as u64)) }
                dd.sub { (by_status(report)) }
            }
        }
    }
}

fn by_status(report: &Report) -> String {
    let mut counts: Vec<(&str, u64)> = Vec::new();
    for finding in &report.findings {
        let name = match finding.status {
            crate::model::FindingStatus::Incident => "incident",
            crate::model::FindingStatus::Chronic => "chronic",
            crate::model::FindingStatus::Risk => "risk",
            crate::model::FindingStatus::Info => "info",
            crate::model::FindingStatus::InsufficientData => "too little data",
        };
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, n)) => *n += 1,
            None => counts.push((name, 1)),
        }
    }
    if counts.is_empty() {
        return "nothing stands out".to_owned();
    }
    let parts = counts.iter().map(|(name, n)| match *name {
        "incident" | "risk" => some(*n, name),
        _ => format!("{} {name}", number(*n)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// What was read.
#[expect(clippy::unnecessary_wraps, reason = "a section may have nothing to draw")]
pub(super) fn coverage(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    let input = &report.input;
    Some(html! {
        dl.facts {
            dt { "Window" } dd { (covered(report)) }
            dt { "Inputs" } dd { (inputs(input)) }
            dt { "Rows" } dd { (rows(input)) }
            dt { "Mail" }
            dd { (some(input.messages, "message")) ", " (some(input.deliveries, "delivery")) }
            (sources(&input.sources))
            @if !report.assumptions.is_empty() {
                dt { "Assumed" }
                dd {
                    ul {
                        @for text in report.assumptions.iter().take(SHOWN) { li { (folded(text)) } }
                        (more(report.assumptions.len(), "assumption"))
                    }
                }
            }
        }
    })
}

fn covered(report: &Report) -> Markup {
    let Some((first, last)) = report.window else {
        return html! {
            strong.bad {
                @if report.input.rows > report.input.rejected {
                    "None: no mail lies in the time that is counted."
                } @else {
                    "Unknown: no record with a readable time."
                }
            }
        };
    };
    let days = last.day().abs_diff(first.day()).saturating_add(1);
    let gaps = &report.input.gaps;
    html! {
        (between(first, last, "to")) ", " (some(days, "day"))
        ", in buckets of " (duration(i64::from(report.bucket_minutes) * 60_000_000)) ", "
        @if gaps.is_empty() {
            "no gap"
        } @else {
            strong.warn { (some(gaps.len() as u64, "gap")) }
            ul {
                @for gap in gaps.iter().take(SHOWN) { li { (a_gap(*gap)) } }
                (more(gaps.len(), "gap"))
            }
        }
    }
}

fn a_gap(gap: Span) -> String {
    let length = duration(gap.to.0.saturating_sub(gap.from.0));
    format!("{} without a record ({length})", between(gap.from, gap.to, "to"))
}

fn inputs(input: &InputReport) -> Markup {
    // By format, most rows first, so that one wrong file among many can be seen.
    let mut formats: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for source in &input.sources {
        let entry = formats.entry(source.format.unwrap_or("skipped")).or_default();
        entry.0 += 1;
        entry.1 += source.rows;
    }
    let mut formats: Vec<_> = formats.into_iter().collect();
    formats.sort_by_key(|(name, (_, rows))| (*name != "skipped", std::cmp::Reverse(*rows)));
    let words = |(name, (files, rows)): &(&str, (u64, u64))| match *name {
        "skipped" => format!("{} skipped", number(*files)),
        _ => format!("{} {name} ({})", number(*files), some(*rows, "row")),
    };
    let words: Vec<String> = formats.iter().map(words).collect();
    let (open, rest) = words.split_at(words.len().min(SHOWN));
    html! {
        (some(input.files, "input")) ", " (bytes(input.bytes))
        @if !open.is_empty() { ": " (open.join(", ")) }
        @if !rest.is_empty() {
            details { summary { "and " (some(rest.len() as u64, "more format")) } (rest.join(", ")) }
        }
    }
}

fn rows(input: &InputReport) -> Markup {
    let accepted = input.rows.saturating_sub(input.rejected);
    let counted = accepted.saturating_sub(input.duplicates);
    let rejected = format!("{} rejected", number(input.rejected));
    html! {
        (number(input.rows)) " − "
        @if input.rejected > 0 { strong.warn { (rejected) } } @else { (rejected) }
        " − " (some(input.duplicates, "duplicate")) " = " strong { (number(counted)) } " counted"
    }
}

fn sources(sources: &[SourceEntry]) -> Markup {
    let read = || sources.iter().filter(|s| s.format.is_some());
    let skipped = sources.iter().filter(|s| s.format.is_none()).map(|s| {
        let reason = match s.warnings.as_slice() {
            [] => "no reason is known".to_owned(),
            reasons => reasons.join("; "),
        };
        (s, reason)
    });
    let rejected = read().filter(|s| s.rejected > 0).map(|s| {
        let part = percent_of(s.rejected, s.rows);
        (s, format!("{} of {} ({part}), see rejected.csv", number(s.rejected), some(s.rows, "row")))
    });
    let cut = read().filter(|s| s.cut_short);
    let cut =
        cut.map(|s| (s, "reading ended before the file did; the rest is not known".to_owned()));
    let capped = read().filter_map(|s| {
        let cap = number(s.cap_hit?);
        Some((s, format!("exactly at a limit of its export ({cap} rows): probably cut there")))
    });
    let filtered = read()
        .filter(|s| s.role == InputRole::Mail)
        .filter_map(|s| Some((s, format!("made with {}", s.filter.clone()?))));
    let warned = read().flat_map(|s| s.warnings.iter().map(move |w| (s, w.clone())));
    html! {
        (lines("Skipped", &skipped.collect::<Vec<_>>()))
        (lines("Rejected", &rejected.collect::<Vec<_>>()))
        (lines("Cut short", &cut.collect::<Vec<_>>()))
        (lines("Row limit", &capped.collect::<Vec<_>>()))
        (lines("Filtered", &filtered.collect::<Vec<_>>()))
        (lines("Warnings", &warned.collect::<Vec<_>>()))
    }
}

fn lines(label: &str, lines: &[(&SourceEntry, String)]) -> Markup {
    if lines.is_empty() {
        return html! {};
    }
    html! {
        dt.warn { (label) }
        dd {
            ul {
                @for (source, line) in lines.iter().take(SHOWN) {
                    li { (path(&source.path, None)) ": " (folded(line)) }
                }
                (more(lines.len(), "line"))
            }
        }
    }
}

fn more(all: usize, noun: &str) -> Markup {
    let left = all.saturating_sub(SHOWN) as u64;
    html! {
        @if left > 0 {
            li.dim { "and " (some(left, &format!("more {noun}"))) ": see " a href="#provenance" { "Provenance" } }
        }
    }
}

/// Words for a point in time that may be unknown.
pub(super) fn maybe(at: Option<crate::model::Instant>) -> String {
    at.map_or_else(|| "–".to_owned(), moment)
}
