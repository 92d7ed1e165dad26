//! What the answer rests on: coverage, warnings, inputs, the run.

use super::{header, heading, line, row, sentence, value};
use crate::model::{Report, SourceEntry};
use crate::render::words::{bytes, moment, number, some};

/// Lines of one kind.
const LINES: usize = 20;
/// Inputs listed.
const INPUTS: usize = 50;

pub(super) fn quality(out: &mut String, report: &Report) {
    let input = &report.input;
    heading(out, 2, "Data quality");
    let accepted = input.rows.saturating_sub(input.rejected);
    line(
        out,
        &format!(
            "- {} read, {} of them unreadable (`rejected.csv`), {} dropped: {} counted",
            some(input.rows, "row"),
            number(input.rejected),
            some(input.duplicates, "duplicate"),
            number(accepted.saturating_sub(input.duplicates)),
        ),
    );
    line(out, &format!("- {}", some(input.gaps.len() as u64, "gap")));
    let mut notes = Vec::new();
    for s in &input.sources {
        let path = value(&s.path);
        if s.format.is_none() {
            notes.push(format!("**skipped** {path}: {}", sentence(&s.warnings.join("; "))));
            continue;
        }
        if let Some(cap) = s.cap_hit {
            notes.push(format!(
                "{path} is at a limit of its export ({}): probably cut",
                number(cap)
            ));
        }
        if let Some(filter) = &s.filter {
            notes.push(format!("{path} was exported with a filter: {}", value(filter)));
        }
        notes.extend(s.warnings.iter().map(|w| format!("{path}: {}", sentence(w))));
    }
    list(out, &notes, "`tables/sources.csv`");
    if !report.assumptions.is_empty() {
        line(out, "\nAssumed:\n");
        let assumed: Vec<String> = report.assumptions.iter().map(|a| sentence(a)).collect();
        list(out, &assumed, "`report.json`");
    }
}

fn list(out: &mut String, notes: &[String], place: &str) {
    for note in notes.iter().take(LINES) {
        line(out, &format!("- {note}"));
    }
    if notes.len() > LINES {
        line(out, &format!("- … and {} more: {place}", number((notes.len() - LINES) as u64)));
    }
}

pub(super) fn inputs(out: &mut String, report: &Report) {
    let sources = &report.input.sources;
    heading(out, 2, "Inputs");
    line(out, &format!("{}, {}.\n", some(report.input.files, "input"), bytes(report.input.bytes)));
    if sources.is_empty() {
        return;
    }
    header(out, &["Input", "Format", "Rows", "Rejected", "First", "Last", "SHA-256"], &[2, 3]);
    for s in sources.iter().take(INPUTS) {
        input(out, s);
    }
    if sources.len() > INPUTS {
        let n = number((sources.len() - INPUTS) as u64);
        line(out, &format!("\n… and {n} more: `tables/sources.csv`."));
    }
}

fn input(out: &mut String, s: &SourceEntry) {
    let time = |at: Option<crate::model::Instant>| at.map_or(String::new(), moment);
    let cells = [
        value(&s.path),
        s.format.unwrap_or("skipped").to_owned(),
        number(s.rows),
        number(s.rejected),
        time(s.first),
        time(s.last),
        s.sha256.as_deref().map_or(String::new(), value),
    ];
    row(out, &cells.each_ref().map(String::as_str));
}

pub(super) fn run(out: &mut String, report: &Report) {
    heading(out, 2, "Run");
    line(
        out,
        &format!("- mailtriage {}, knowledge {}", value(&report.version), value(&report.knowledge)),
    );
    let arguments = report.arguments.join(" ");
    if !arguments.is_empty() {
        line(out, &format!("- arguments: {}", value(&arguments)));
    }
    line(out, &format!("- time buckets of {} minutes", number(u64::from(report.bucket_minutes))));
}
