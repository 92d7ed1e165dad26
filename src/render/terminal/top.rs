//! Who is hit most: domains and signatures.

use super::page::{Page, Text, Tone, pad, pad_left};
use super::where_the_rest_is;
use super::words::{number, percent_of};
use crate::model::{Cell, Report, Table};

/// Columns of a number.
const CELL: usize = 11;

/// Tables with a name column and the counts `deliveries`, `failing`, `held`, and what their list
/// is called here.
const TABLES: &[(&str, &str)] =
    &[("sender_domains", "SENDER DOMAINS"), ("recipient_domains", "RECIPIENT DOMAINS")];

pub(super) fn section(page: &mut Page, report: &Report) {
    for (name, title) in TABLES {
        if let Some(table) = report.table(name) {
            domains(page, report, table, title);
        }
    }
    signatures(page, report);
}

struct Line<'a> {
    name: &'a str,
    deliveries: u64,
    failing: u64,
    held: u64,
}

impl Line<'_> {
    fn trouble(&self) -> u64 {
        self.failing.saturating_add(self.held)
    }
}

fn domains(page: &mut Page, report: &Report, table: &Table, title: &str) {
    let mut lines = lines(table);
    lines.retain(|l| l.trouble() > 0);
    if lines.is_empty() {
        return;
    }
    lines.sort_by(|a, b| b.trouble().cmp(&a.trouble()).then_with(|| a.name.cmp(b.name)));
    // A narrow page has no room for the last column.
    let cells = if page.width() < 80 { 3 } else { 4 };
    let name_width = (page.width() - 2 - cells * CELL).min(60);
    let row = |numbers: [String; 4]| {
        let shown = numbers.iter().take(cells);
        shown.map(|n| pad_left(n, CELL)).collect::<String>()
    };
    page.blank();
    let header = row(["failing", "held", "of", "part"].map(str::to_owned));
    let title = Text::of(Tone::Strong, pad(title, name_width + 2));
    page.raw(&title.and(Tone::Dim, header));
    for line in lines.iter().take(page.rows()) {
        let name = match line.name {
            "" => "(none)",
            name => name,
        };
        let name = page.stranger(name, name_width - 1);
        let numbers = row([
            number(line.failing),
            number(line.held),
            number(line.deliveries),
            percent_of(line.trouble(), line.deliveries.max(line.trouble())),
        ]);
        page.raw(&Text::plain(format!("  {}{numbers}", pad(&name, name_width))));
    }
    rest(page, report, lines.len(), table.name);
}

fn lines(table: &Table) -> Vec<Line<'_>> {
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let [deliveries, failing, held] = ["deliveries", "failing", "held"].map(at);
    let count = |row: &[Cell], at: Option<usize>| match at.and_then(|at| row.get(at)) {
        Some(Cell::Count(n)) => *n,
        _ => 0,
    };
    let name = |row: &&Vec<Cell>| row.iter().any(|c| matches!(c, Cell::Text(_)));
    let rows = table.rows.iter().filter(name);
    rows.map(|row| Line {
        name: row.iter().find_map(text).unwrap_or_default(),
        deliveries: count(row, deliveries),
        failing: count(row, failing),
        held: count(row, held),
    })
    .collect()
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn signatures(page: &mut Page, report: &Report) {
    if report.signatures.is_empty() {
        return;
    }
    page.heading("FAILURE TEXTS", "variable parts removed");
    let width = page.width();
    for signature in report.signatures.iter().take(page.rows()) {
        let code = page.stranger(&signature.code, 9);
        let issuer = page.stranger(&signature.issuer, 24);
        let mut text = Text::default();
        if !issuer.is_empty() {
            text = text.and(Tone::Dim, format!("{issuer}: "));
        }
        let text = text.more(page.stranger(&signature.signature, width * 2));
        let count = pad_left(&number(signature.deliveries), 10);
        let lead = format!("  {count}  {}", pad(&code, 10));
        page.put(&lead, 24, &text);
    }
    rest(page, report, report.signatures.len(), "signatures");
}

fn rest(page: &mut Page, report: &Report, all: usize, table: &str) {
    let shown = page.rows();
    if all > shown {
        let (mark, more) = (page.signs().ellipsis, number((all - shown) as u64));
        let place = where_the_rest_is(report, table);
        page.put("  ", 4, &Text::of(Tone::Dim, format!("{mark} and {more} more ({place})")));
    }
}
