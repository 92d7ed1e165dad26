//! `report.md`: text for the ticket. Verdict, incidents with evidence and open actions, time line,
//! layers, an entry for the change log to fill in, and what the answer rests on.
//!
//! GitHub-flavoured Markdown that also reads as plain text. Values of strangers stand in code spans,
//! their sentences are escaped ([`safety`](super::safety)): neither opens HTML or a link.

mod findings;
mod ledger;
mod record;

use super::headline;
use super::safety::{markdown as safe, markdown_code as code};
use super::words::{moment, number, percent, some};
use super::{Answer, OutputFile};
use crate::model::Report;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Characters shown of a stranger's text; `report.json` and the tables hold it whole.
const MOST: usize = 400;

/// The sections, in the order in which they are read.
const SECTIONS: &[fn(&mut String, &Report)] = &[
    head,
    findings::incidents,
    record::timeline,
    layers,
    findings::others,
    record::actions,
    record::change_entry,
    totals,
    ledger::quality,
    ledger::inputs,
    ledger::run,
];

/// `report.md`.
pub fn files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    vec![OutputFile::new("report.md", move |out| report(answer.report, out))]
}

/// Writes the text.
pub fn report(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    for section in SECTIONS {
        section(&mut text, report);
    }
    out.write_all(text.as_bytes())
}

/// A line of Markdown.
fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// A heading, set off by empty lines.
fn heading(out: &mut String, level: usize, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(out, "{} {text}\n", "#".repeat(level));
}

/// A row of a table. Cells are Markdown already.
fn row(out: &mut String, cells: &[&str]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

/// Header of a table; `right` names the columns of numbers.
fn header(out: &mut String, names: &[&str], right: &[usize]) {
    row(out, names);
    let rule: Vec<&str> =
        (0..names.len()).map(|at| if right.contains(&at) { "---:" } else { "---" }).collect();
    let _ = writeln!(out, "|{}|", rule.join("|"));
}

/// The first characters of a text, and a sign where there are more.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A stranger's sentence.
fn sentence(text: &str) -> String {
    safe(&clipped(text))
}

/// A stranger's value.
fn value(text: &str) -> String {
    code(&clipped(text))
}

/// A share; a small one begins with a sign that could open HTML.
fn part(share: f64) -> String {
    safe(&percent(share))
}

fn head(out: &mut String, report: &Report) {
    let verdict = headline::verdict(report);
    let title = verdict.words.trim_end_matches([':', '.']);
    heading(out, 1, &format!("Mail flow: {}", safe(title)));
    if let Some(finding) = verdict.finding {
        line(out, &format!("**{}**\n", sentence(&finding.title)));
    }
    let limits = headline::limits(report);
    if !limits.is_empty() {
        line(out, &format!("{}.\n", safe(&limits.join("; "))));
    }
    let mail = format!(
        "{} in {}",
        some(report.input.deliveries, "delivery"),
        some(report.input.messages, "message")
    );
    let window = match report.window {
        Some((first, last)) => format!("from {} to {} UTC", moment(first), moment(last)),
        None => "without a readable time".to_owned(),
    };
    line(out, &format!("{mail}, {window}. All times are UTC."));
}

fn layers(out: &mut String, report: &Report) {
    use super::words::{layer, layer_state};
    if report.layers.is_empty() {
        return;
    }
    heading(out, 2, "Layers");
    line(out, "In the order in which to rule them out.\n");
    header(out, &["Layer", "State", "Deliveries", "Part", "Seen by, or needs"], &[2, 3]);
    for l in &report.layers {
        use crate::model::LayerState::{InsufficientData, NotObservable};
        let blind = matches!(l.state, NotObservable | InsufficientData);
        let seen = match (blind && !l.needs.is_empty(), l.seen_by.is_empty()) {
            (true, _) => format!("needs {}", l.needs.join(", ")),
            (false, false) => l.seen_by.join(", "),
            (false, true) => String::new(),
        };
        let state = match layer_state(l.state) {
            state if state.chars().all(char::is_uppercase) => format!("**{state}**"),
            state => state.to_owned(),
        };
        row(out, &[layer(l.layer), &state, &number(l.deliveries), &part(l.share), &safe(&seen)]);
    }
}

fn totals(out: &mut String, report: &Report) {
    heading(out, 2, "Numbers");
    header(out, &["What", "Deliveries", "Part"], &[1, 2]);
    let all = report.input.deliveries.max(1);
    let t = &report.totals;
    let mut put = |what: &str, n: u64, share: f64| {
        row(out, &[what, &number(n), &part(share)]);
    };
    put("**failing**", t.failing, t.failing_share);
    put("**held**", t.held, t.held_share);
    let named = t.outcome.iter().map(|(v, n)| ("outcome", v.as_str(), *n));
    let named = named.chain(t.placement.iter().map(|(v, n)| ("placement", v.as_str(), *n)));
    let named = named.chain(t.direction.iter().map(|(v, n)| ("direction", v.as_str(), *n)));
    for (group, name, n) in named.filter(|(.., n)| *n > 0) {
        put(&format!("{group}: {name}"), n, n as f64 / all as f64);
    }
    line(
        out,
        "\nWhat is not named is 0. Failing and held are parts of the deliveries that were neither expanded nor redirected.",
    );
}

#[cfg(test)]
mod tests;
