//! What message files show beyond single findings: how their connections were protected, where
//! they lost time, which rule numbers stand on held mail of proved senders. Silent where nothing
//! of that is out of the ordinary.

use super::page::{Page, Text};
use super::where_the_rest_is;
use super::words::{number, percent_of};
use crate::model::{Cell, Report, Table};

/// Connections or deliveries below which nothing is said.
const SUPPORT: u64 = 20;
/// Seconds that make a stretch slow, at the 95th percentile.
const SLOW: u64 = 60;

pub(super) fn section(page: &mut Page, report: &Report) {
    let lines: Vec<(&str, String)> =
        [("tls", tls(report)), ("way", way(report)), ("rules", rules(page, report))]
            .into_iter()
            .filter_map(|(label, text)| Some((label, text?)))
            .collect();
    if lines.is_empty() {
        return;
    }
    page.heading("MESSAGE FILES", "their own headers, behind the border of trust");
    for (label, text) in lines {
        page.field(label, &Text::plain(text));
    }
}

/// A column of a table by name.
fn column(table: &Table, name: &str) -> usize {
    table.columns.iter().position(|c| c.name == name).unwrap_or(usize::MAX)
}

fn text(row: &[Cell], at: usize) -> &str {
    match row.get(at) {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}

fn count(row: &[Cell], at: usize) -> u64 {
    match row.get(at) {
        Some(Cell::Count(n)) => *n,
        _ => 0,
    }
}

/// Versions at the border, where some are old or not stated.
fn tls(report: &Report) -> Option<String> {
    let table = report.table("tls_connections")?;
    let (stretch, version) = (column(table, "stretch"), column(table, "tls"));
    let connections = column(table, "connections");
    let mut versions: Vec<(&str, u64)> = Vec::new();
    for row in table.rows.iter().filter(|row| text(row, stretch) == "border") {
        let (name, n) = (text(row, version), count(row, connections));
        match versions.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += n,
            None => versions.push((name, n)),
        }
    }
    let all: u64 = versions.iter().map(|(_, n)| n).sum();
    let weak = versions.iter().any(|(name, n)| matches!(*name, "older" | "unstated") && *n > 0);
    if all < SUPPORT || !weak {
        return None;
    }
    let shown: Vec<String> = versions
        .iter()
        .map(|(name, n)| {
            let name = match *name {
                "older" => "older than 1.2".to_owned(),
                "unstated" => "none stated".to_owned(),
                name => format!("TLS {name}"),
            };
            format!("{name} {} ({})", number(*n), percent_of(*n, all))
        })
        .collect();
    let place = where_the_rest_is(report, "tls_remotes");
    Some(format!("at the border: {}; whose: {place}", shown.join(", ")))
}

/// Stretches that are slow.
fn way(report: &Report) -> Option<String> {
    let table = report.table("hop_delays")?;
    let [stretch, deliveries, half, late] =
        ["stretch", "deliveries", "p50_seconds", "p95_seconds"].map(|name| column(table, name));
    let slow = table
        .rows
        .iter()
        .filter(|row| count(row, deliveries) >= SUPPORT && count(row, late) >= SLOW);
    let shown: Vec<String> = slow
        .map(|row| {
            format!(
                "{}: half within {} s, 95 % within {} s",
                text(row, stretch),
                number(count(row, half)),
                number(count(row, late))
            )
        })
        .collect();
    let place = where_the_rest_is(report, "hop_delays");
    (!shown.is_empty()).then(|| format!("{} ({place})", shown.join("; ")))
}

/// The first number that stands out, and how many more do.
fn rules(page: &Page, report: &Report) -> Option<String> {
    let table = report.table("rule_ids")?;
    let first = table.rows.first()?;
    let [kind, name, held, all] =
        ["kind", "number", "held", "deliveries"].map(|name| column(table, name));
    let place = where_the_rest_is(report, "rule_ids");
    let many = match table.rows.len() as u64 {
        1 => "one number stands".to_owned(),
        n => format!("{} numbers stand", number(n)),
    };
    Some(format!(
        "{many} on held mail of proved senders more often than chance allows, first {} {} \
         ({} of {} held): undocumented, a clue for a report to Microsoft ({place})",
        page.stranger(text(first, kind), 10),
        page.stranger(text(first, name), 24),
        number(count(first, held)),
        number(count(first, all)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnKind};
    use crate::render::sample;
    use crate::render::terminal::Style;

    fn table(name: &'static str, columns: &[&'static str], rows: Vec<Vec<Cell>>) -> Table {
        let column = |name: &&'static str| Column { name, kind: ColumnKind::Text, unit: None };
        Table { name, title: "", columns: columns.iter().map(column).collect(), rows }
    }

    fn words(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn shown(old: u64, late: u64) -> String {
        let mut report = sample::rich();
        let tls = ["stretch", "tls", "cipher", "connections"];
        let line = |version, n| vec![words("border"), words(version), words("X"), Cell::Count(n)];
        report.tables.push(table(
            "tls_connections",
            &tls,
            vec![line("1.3", 90), line("older", old)],
        ));
        let delays = ["stretch", "deliveries", "p50_seconds", "p95_seconds"];
        let row = vec![words("gateway"), Cell::Count(50), Cell::Count(2), Cell::Count(late)];
        report.tables.push(table("hop_delays", &delays, vec![row]));
        let mut page = Page::new(Style::default());
        section(&mut page, &report);
        page.finish()
    }

    #[test]
    fn only_what_is_out_of_the_ordinary_is_said() {
        assert_eq!(shown(0, 10), "");
        let page = shown(10, 120);
        assert!(
            page.contains("older than 1.2 10 (10.0 %)") || page.contains("older than 1.2 10 ("),
            "{page}"
        );
        assert!(page.contains("gateway: half within 2 s, 95 % within 120 s"), "{page}");
    }
}
