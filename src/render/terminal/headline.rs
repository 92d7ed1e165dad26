//! The verdict in one line, and what limits it.

use super::page::{Page, Text, Tone};
use super::words::{number, percent, some};
use crate::model::{Finding, FindingState, FindingStatus, LayerState, Report};

/// Failing share from which on "nothing wrong" would be a lie, whatever its history.
const MUCH: f64 = 0.2;

pub(super) fn section(page: &mut Page, report: &Report) {
    let (tone, verdict) = verdict(page, report);
    let sign = match tone {
        Tone::Bad => page.signs().bad,
        Tone::Good => page.signs().good,
        _ => "!",
    };
    let text = Text::of(tone, format!("{sign} {verdict}"));
    page.put("", 2, &text);
    let limits = limits(report);
    if !limits.is_empty() {
        let dot = page.signs().dot;
        page.put("  ", 2, &Text::plain(limits.join(dot)));
    }
}

fn verdict(page: &Page, report: &Report) -> (Tone, String) {
    let of = |status| {
        let with = move |f: &&Finding| f.status == status;
        report.findings.iter().filter(with).collect::<Vec<_>>()
    };
    let title = |f: &Finding| page.stranger(&f.title, 200);
    if report.input.deliveries == 0 {
        let verdict = if report.input.rows > report.input.rejected {
            "No verdict: no mail lies in the time that is counted."
        } else {
            "No verdict: not a single delivery could be read."
        };
        return (Tone::Bad, verdict.to_owned());
    }
    let incidents = of(FindingStatus::Incident);
    let open: Vec<_> = incidents.iter().filter(|f| f.state != FindingState::Ended).collect();
    match (incidents.as_slice(), open.as_slice()) {
        ([], _) => {}
        ([one], []) => return (Tone::Warn, format!("1 incident, now over: {}", title(one))),
        ([first, ..], []) => {
            let n = number(incidents.len() as u64);
            return (Tone::Warn, format!("{n} incidents, all over. The surest: {}", title(first)));
        }
        ([one], [_]) => {
            let what = match one.state {
                FindingState::Recovering => "is recovering",
                FindingState::Unknown => "was found",
                _ => "is going on",
            };
            return (Tone::Bad, format!("1 incident {what}: {}", title(one)));
        }
        (all, [first, ..]) => {
            let (all, open) = (number(all.len() as u64), number(open.len() as u64));
            let verdict = format!("{all} incidents, {open} not over. The surest: {}", title(first));
            return (Tone::Bad, verdict);
        }
    }
    let chronic = of(FindingStatus::Chronic);
    if let [first, ..] = chronic.as_slice() {
        let n = some(chronic.len() as u64, "chronic problem");
        return (Tone::Warn, format!("No incident, but {n}. First: {}", title(first)));
    }
    let risks = of(FindingStatus::Risk);
    if let [first, ..] = risks.as_slice() {
        let n = some(risks.len() as u64, "risk");
        return (
            Tone::Warn,
            format!("Nothing is failing out of the ordinary, but {n}. First: {}", title(first)),
        );
    }
    if let [first, ..] = of(FindingStatus::InsufficientData).as_slice() {
        return (Tone::Warn, format!("Not enough data to tell: {}", title(first)));
    }
    if !report.layers.iter().any(|l| l.state == LayerState::Clear) {
        return (Tone::Warn, "Not enough data to tell: no layer could be judged.".to_owned());
    }
    let n = some(report.input.deliveries, "delivery");
    if report.totals.failing_share >= MUCH {
        let verdict = format!("Nothing changed that stands out, but much of {n} fails: see below.");
        return (Tone::Warn, verdict);
    }
    (Tone::Good, format!("Nothing wrong found in {n}."))
}

/// What the reader must know before believing the verdict.
fn limits(report: &Report) -> Vec<String> {
    let mut limits = Vec::new();
    let totals = &report.totals;
    if totals.failing + totals.held > 0 {
        limits.push(format!(
            "{} failing ({}), {} held ({})",
            number(totals.failing),
            percent(totals.failing_share),
            number(totals.held),
            percent(totals.held_share),
        ));
    }
    let sources = &report.input.sources;
    let skipped = sources.iter().filter(|s| s.format.is_none()).count() as u64;
    if skipped > 0 {
        let files = report.input.files.max(skipped);
        limits.push(format!("{} of {} skipped", number(skipped), some(files, "input")));
    }
    if report.input.rejected > 0 {
        limits.push(format!("{} unreadable", some(report.input.rejected, "row")));
    }
    let blind =
        |s: LayerState| matches!(s, LayerState::NotObservable | LayerState::InsufficientData);
    let unseen = report.layers.iter().filter(|l| blind(l.state)).count() as u64;
    if unseen > 0 && report.input.deliveries > 0 {
        limits.push(format!("{} not judged", some(unseen, "layer")));
    }
    limits
}
