//! Which tables become which sheets, in which order.

use super::Book;
use super::findings;
use super::grid::{self, Column, Grid, ROOM, Shape, Value, header};
use crate::model::catalogue::{self, TABLES};
use crate::model::{Report, Table};
use crate::render::tables;
use rust_xlsxwriter::XlsxError;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Tables that have a sheet in every workbook, with its name.
const ALWAYS: &[(&str, &str)] = &[
    ("layers", "Layers"),
    ("findings", "Findings"),
    ("signatures", "Signatures"),
    ("outcome_by_bucket", "Timeline"),
    ("domains", "Domains"),
    ("connectors", "Connectors"),
    ("authentication", "Authentication"),
    ("stamps", "Stamps"),
];

/// Names of other sheets that are no plain rewording of their table.
const NAMES: &[(&str, &str)] = &[
    ("dmarc_reports", "DMARC reports"),
    ("tls_reports", "TLS reports"),
    ("dmarc_sources", "DMARC sources"),
];

/// Most characters of a sheet's name.
const NAME: usize = 31;

/// Draws them.
pub(super) fn draw(book: &mut Book<'_>) -> Result<(), XlsxError> {
    let report = book.answer.report;
    for (table, sheet) in ALWAYS {
        let grid = match *table {
            "findings" => findings::findings(report),
            "signatures" => findings::signatures(report),
            "domains" => domains(report),
            name => plain(by_name(report, name), (*sheet).to_owned()),
        };
        grid::draw(book, &grid)?;
    }
    // The others where they have rows; totals and inputs always, behind all that is about mail.
    let drawn: BTreeSet<&str> = ALWAYS.iter().map(|(table, _)| *table).collect();
    let others = tables::all(report).into_iter().filter(|t| {
        !t.rows.is_empty()
            && !drawn.contains(t.name)
            && !matches!(t.name, "sender_domains" | "recipient_domains" | "sources" | "totals")
    });
    for table in others {
        let sheet = sheet_name(table.name);
        grid::draw(book, &plain(table, sheet))?;
    }
    grid::draw(book, &plain(by_name(report, "totals"), "Totals".to_owned()))?;
    grid::draw(book, &plain(by_name(report, "sources"), "Sources".to_owned()))
}

fn by_name<'a>(report: &'a Report, name: &str) -> Cow<'a, Table> {
    match catalogue::table(name) {
        Some(spec) => tables::table(report, spec),
        None => Cow::Owned(Table { name: "", title: "", columns: Vec::new(), rows: Vec::new() }),
    }
}

fn sheet_name(table: &str) -> String {
    let known = NAMES.iter().find(|(name, _)| *name == table);
    let name = known.map_or_else(|| header(table), |(_, sheet)| (*sheet).to_owned());
    name.chars().take(NAME).collect()
}

/// What a row is, and where there is more or nothing.
fn note(name: &str, rows: usize) -> String {
    let spec = TABLES.iter().find(|t| t.name == name);
    let row = spec.map_or("", |s| s.row).replace('`', "");
    if rows == 0 {
        let empty = spec.map_or("", |s| s.empty);
        return format!("{row}. None here: {empty}.");
    }
    if rows > ROOM {
        return format!(
            "{row}. The first {ROOM} of {rows} rows; the rest is in tables/{name}.csv."
        );
    }
    format!("{row}.")
}

/// A table of the report as it is.
fn plain(table: Cow<'_, Table>, sheet: String) -> Grid<'_> {
    let columns = table.columns.iter().map(Column::of).collect();
    let len = table.rows.len();
    Grid {
        title: sheet.clone(),
        sheet,
        table: table.name.to_owned(),
        note: note(table.name, len),
        columns,
        len: len.min(ROOM),
        row: rows(table),
    }
}

/// The rows, borrowed where the report holds them.
fn rows<'a>(table: Cow<'a, Table>) -> Box<dyn Fn(usize) -> Vec<Value<'a>> + 'a> {
    match table {
        Cow::Borrowed(table) => Box::new(|at| {
            table.rows.get(at).map(|row| row.iter().map(Value::from).collect()).unwrap_or_default()
        }),
        Cow::Owned(table) => Box::new(move |at| {
            let owned = |cell: &crate::model::Cell| match Value::from(cell) {
                Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
                Value::Empty => Value::Empty,
                Value::Count(n) => Value::Count(n),
                Value::Share(share) => Value::Share(share),
                Value::Time(time) => Value::Time(time),
            };
            table.rows.get(at).map(|row| row.iter().map(owned).collect()).unwrap_or_default()
        }),
    }
}

/// Sender and recipient domains in one table, so that a pivot has both.
fn domains(report: &Report) -> Grid<'_> {
    let both: Vec<(&str, Cow<'_, Table>)> =
        [("sender", "sender_domains"), ("recipient", "recipient_domains")]
            .into_iter()
            .map(|(role, name)| (role, by_name(report, name)))
            .collect();
    let mut columns = vec![Column::new("Role", Shape::Text)];
    columns.extend(both.first().iter().flat_map(|(_, t)| t.columns.iter().map(Column::of)));
    let index: Vec<(usize, usize)> = both
        .iter()
        .enumerate()
        .flat_map(|(which, (_, table))| (0..table.rows.len()).map(move |row| (which, row)))
        .collect();
    let len = index.len().min(ROOM);
    let mut note = "One domain of senders or of recipients, most failing and held first".to_owned();
    note.push_str(match len {
        0 => ". None here: no mail was counted.",
        _ => ", as many of each as --top says.",
    });
    Grid {
        sheet: "Domains".to_owned(),
        table: "domains".to_owned(),
        title: "Domains".to_owned(),
        note,
        columns,
        len,
        row: Box::new(move |at| {
            let Some((which, row)) = index.get(at) else { return Vec::new() };
            let Some((role, table)) = both.get(*which) else { return Vec::new() };
            let mut values = vec![Value::text(*role)];
            for cell in table.rows.get(*row).into_iter().flatten() {
                values.push(match Value::from(cell) {
                    Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
                    Value::Empty => Value::Empty,
                    Value::Count(n) => Value::Count(n),
                    Value::Share(share) => Value::Share(share),
                    Value::Time(time) => Value::Time(time),
                });
            }
            values
        }),
    }
}
