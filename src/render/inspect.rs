//! What each input is, for people and for scripts.

use super::json::SourceLine;
use super::safety;
use crate::model::Inspection;
use std::io::{self, Write};

/// Columns named before the rest is counted.
const NAMED: usize = 30;

/// Writes one input for people.
pub fn text(input: &Inspection, out: &mut dyn Write) -> io::Result<()> {
    let entry = &input.entry;
    writeln!(out, "{}", safety::terminal(&entry.path))?;
    let mut line = |name: &str, text: &str| writeln!(out, "  {name:<10}{}", safety::terminal(text));
    match entry.format {
        Some(format) => {
            let encoding = entry.encoding.map(|e| format!(", {}", e.as_str())).unwrap_or_default();
            let delimiter = input.delimiter.map(delimiter).unwrap_or_default();
            let role = entry.role.as_str();
            line("what", &format!("{format}: {} ({role}{encoding}{delimiter})", input.title))?;
        }
        None => line("what", "not read")?,
    }
    if entry.rows > 0 {
        let mut parts = vec![entry.rows.to_string()];
        for (n, what) in [
            (entry.rejected, "rejected"),
            (entry.duplicates, "duplicates"),
            (input.provisional, "not final yet"),
        ] {
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        line("rows", &parts.join("; "))?;
        let kinds: Vec<String> = input.rejects.iter().map(|(k, n)| format!("{n} {k}")).collect();
        if !kinds.is_empty() {
            line("rejected", &kinds.join(", "))?;
        }
    }
    if let (Some(first), Some(last)) = (entry.first, entry.last) {
        let empty = match input.hours {
            0 | 1 => String::new(),
            hours => format!("; {} of {hours} hours are empty", input.empty_hours),
        };
        line("time", &format!("{} to {}{empty}", first.rfc3339(), last.rfc3339()))?;
    }
    if let (Some(order), Some(why)) = (input.date_order, input.date_reason) {
        line("dates", &format!("{order}: {why}"))?;
    }
    if input.zone_open {
        line("zone", &format!("its format states none; read as {}", input.zone))?;
    }
    if !input.known.is_empty() {
        line("columns", &names(&input.known))?;
    }
    if !input.unknown.is_empty() {
        line("unused", &names(&input.unknown))?;
    }
    if let Some(filter) = &entry.filter {
        line("filter", filter)?;
    }
    if input.long_subjects > 0 {
        let n = input.long_subjects;
        line("subjects", &format!("{n} of exactly 256 characters: the export cuts them there"))?;
    }
    for warning in &entry.warnings {
        if entry.format.is_some() {
            line("note", warning)?;
        }
    }
    if input.trusted() {
        line("trust", "nothing speaks against it")?;
    }
    for fault in &input.faults {
        line("trust", &format!("NO: {fault}"))?;
    }
    if let Some(mend) = &input.mend {
        line("mend", mend)?;
    }
    Ok(())
}

fn delimiter(delimiter: char) -> String {
    match delimiter {
        ',' => ", comma".to_owned(),
        ';' => ", semicolon".to_owned(),
        '\t' => ", tab".to_owned(),
        other => format!(", delimiter {other:?}"),
    }
}

fn names(list: &[String]) -> String {
    let text = list.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match list.len().saturating_sub(NAMED) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// Writes all inputs as JSON: `{"sources": [...]}`, the objects of `report.json` with more keys.
pub fn json(inputs: &[Inspection], out: &mut dyn Write) -> io::Result<()> {
    let sources: Vec<Line<'_>> = inputs.iter().map(Line::of).collect();
    serde_json::to_writer_pretty(&mut *out, &Sources { sources })?;
    out.write_all(b"\n")
}

#[derive(serde::Serialize)]
struct Sources<'a> {
    sources: Vec<Line<'a>>,
}

#[derive(serde::Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    source: SourceLine<'a>,
    delimiter: Option<char>,
    columns: Columns<'a>,
    date_order: Option<&'static str>,
    date_reason: Option<&'static str>,
    zone: &'a str,
    zone_assumed: bool,
    hours: u64,
    empty_hours: u64,
    provisional: u64,
    long_subjects: u64,
    rejects: std::collections::BTreeMap<&'static str, u64>,
    trusted: bool,
    faults: &'a [String],
    mend: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Columns<'a> {
    known: &'a [String],
    unknown: &'a [String],
}

impl<'a> Line<'a> {
    fn of(input: &'a Inspection) -> Self {
        Self {
            source: SourceLine::of(&input.entry),
            delimiter: input.delimiter,
            columns: Columns { known: &input.known, unknown: &input.unknown },
            date_order: input.date_order,
            date_reason: input.date_reason,
            zone: &input.zone,
            zone_assumed: input.zone_open,
            hours: input.hours,
            empty_hours: input.empty_hours,
            provisional: input.provisional,
            long_subjects: input.long_subjects,
            rejects: input.rejects.iter().copied().collect(),
            trusted: input.trusted(),
            faults: &input.faults,
            mend: input.mend.as_deref(),
        }
    }
}
