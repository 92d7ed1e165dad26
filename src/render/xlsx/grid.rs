//! One table on a sheet: title, what a row is, header, rows, and everything around them.

use super::Book;
use super::cells::{column_width, put};
use super::paper::{around, conditions};
use crate::model::{Cell, ColumnKind, Instant};
use crate::render::safety;
use rust_xlsxwriter::{Table, TableColumn, TableStyle, XlsxError};
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// Rows of a sheet (Microsoft, "Excel specifications and limits").
pub(super) const SHEET_ROWS: usize = 1_048_576;
/// Row of the header, counted from 0: below the title and what a row is.
pub(super) const HEADER: u32 = 3;
/// First row of data.
pub(super) const FIRST_ROW: u32 = HEADER + 1;
/// Rows of data that a sheet holds.
pub(super) const ROOM: usize = SHEET_ROWS - HEADER as usize - 1;
/// Above so many rows a sheet goes to a temporary file row by row, instead of staying in memory.
const IN_MEMORY: usize = 50_000;
/// Lines that a wrapped cell may take before it is cut to the eye.
const LINES: usize = 12;
/// Height of a line, points.
const LINE: f64 = 15.0;
/// Width that fits a page and can still be read, characters; columns beyond are not printed.
const PAPER: f64 = 240.0;

/// How a column is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Text in one line.
    Text,
    /// Text in as many lines as it needs, in a column of this width.
    Wrapped(u16),
    /// A word of a state, coloured.
    State,
    /// An identifier: text for ever.
    Id,
    /// A whole number.
    Count,
    /// A whole number with a bar.
    BadCount,
    /// A part, as per cent with a bar.
    Share,
    /// A part that is bad, as per cent with a bar.
    BadShare,
    /// A time, with a local one beside it where the reader named a zone.
    Time,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) header: String,
    pub(super) shape: Shape,
}

impl Column {
    pub(super) fn new(header: impl Into<String>, shape: Shape) -> Self {
        Self { header: header.into(), shape }
    }

    /// A column of the report's tables: its header for people, its shape by kind and name.
    pub(super) fn of(column: &crate::model::Column) -> Self {
        let shape = match (column.kind, column.name) {
            (ColumnKind::Instant, _) => Shape::Time,
            (ColumnKind::Id, _) => Shape::Id,
            (ColumnKind::Share, "failing_share" | "held_share") => Shape::BadShare,
            (ColumnKind::Share, _) => Shape::Share,
            (ColumnKind::Count, "failing" | "dmarc_fail" | "failed") => Shape::BadCount,
            (ColumnKind::Count, _) => Shape::Count,
            (ColumnKind::Text, "state" | "status") => Shape::State,
            (ColumnKind::Text, "warnings" | "details" | "failures" | "what" | "title") => {
                Shape::Wrapped(60)
            }
            (ColumnKind::Text, "needs" | "seen_by") => Shape::Wrapped(44),
            (ColumnKind::Text, "signature") => Shape::Wrapped(80),
            (ColumnKind::Text, "top_sender_domains") => Shape::Wrapped(36),
            (ColumnKind::Text, _) => Shape::Text,
        };
        Self::new(header(column.name), shape)
    }
}

/// A name as people write it: `failing_share` becomes `Failing share`.
pub(super) fn header(name: &str) -> String {
    const SHORT: &[&str] = &[
        "id", "ip", "ips", "spf", "dkim", "dmarc", "tls", "utc", "smtp", "p", "sp", "pct", "bcl",
        "scl",
    ];
    let mut text = String::new();
    for (index, word) in name.split('_').enumerate() {
        if index > 0 {
            text.push(' ');
        }
        if SHORT.contains(&word) {
            text.push_str(&word.to_ascii_uppercase());
        } else if index == 0 {
            let mut letters = word.chars();
            text.extend(letters.next().map(|c| c.to_ascii_uppercase()));
            text.push_str(letters.as_str());
        } else {
            text.push_str(word);
        }
    }
    match text.as_str() {
        "SHA256" | "Sha256" => "SHA-256".to_owned(),
        _ => text,
    }
}

/// What a cell holds.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Empty,
    Text(Cow<'a, str>),
    Count(u64),
    Share(f64),
    Time(Instant),
}

impl<'a> Value<'a> {
    /// Text; nothing where it is empty.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub(super) fn time(at: Option<Instant>) -> Self {
        at.map_or(Self::Empty, Self::Time)
    }
}

impl<'a> From<&'a Cell> for Value<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Empty,
            Cell::Text(text) => Self::text(text.as_str()),
            Cell::Count(n) => Self::Count(*n),
            Cell::Share(share) => Self::Share(*share),
            Cell::Instant(at) => Self::Time(*at),
        }
    }
}

/// A table to be drawn.
pub(super) struct Grid<'a> {
    /// Name of the sheet, at most 31 characters.
    pub(super) sheet: String,
    /// Stable name of the table.
    pub(super) table: String,
    pub(super) title: String,
    /// What a row is, and what is not here.
    pub(super) note: String,
    pub(super) columns: Vec<Column>,
    /// Number of rows, at most [`ROOM`].
    pub(super) len: usize,
    /// One row, a value per column.
    pub(super) row: Box<dyn Fn(usize) -> Vec<Value<'a>> + 'a>,
}

/// Where a table lies.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) table: String,
    pub(super) sheet: String,
    /// Headers of its columns, in order.
    headers: Vec<String>,
    /// Rows of data; 0 where only an empty row stands below the header.
    pub(super) rows: u32,
}

impl Place {
    pub(super) fn last(&self) -> u32 {
        HEADER + self.rows.max(1)
    }

    /// Number of the column with this header.
    pub(super) fn column(&self, header: &str) -> Option<u16> {
        self.headers.iter().position(|h| h == header).map(|at| at as u16)
    }

    /// First column behind the table.
    pub(super) fn behind(&self) -> u16 {
        self.headers.len() as u16
    }
}

/// Columns as they are written: a time may take two.
struct Written {
    header: String,
    shape: Shape,
    /// Number of the value.
    from: usize,
    local: bool,
}

pub(super) fn draw(book: &mut Book<'_>, grid: &Grid<'_>) -> Result<(), XlsxError> {
    let clock = book.clock();
    let zone = clock.map(|c| safety::workbook_cell(&c.zone()).into_owned());
    let written = written(&grid.columns, zone.as_deref());
    let large = grid.len > IN_MEMORY;
    let look = &book.look;
    let sheet = if large {
        book.workbook.add_worksheet_with_low_memory()?
    } else {
        book.workbook.add_worksheet()
    };
    sheet.set_name(&grid.sheet)?;
    // Row by row from the top: a large sheet cannot go back.
    sheet.set_row_height(0, 26)?;
    sheet.write_string_with_format(0, 0, &grid.title, &look.title)?;
    sheet.write_string_with_format(1, 0, &grid.note, &look.note)?;
    let rows = grid.len.min(ROOM) as u32;
    let last_row = HEADER + rows.max(1);
    let last_column = (written.len().max(1) - 1) as u16;
    sheet.set_row_height(HEADER, 32)?;
    let headers: Vec<TableColumn> = written
        .iter()
        .map(|w| {
            let right =
                matches!(w.shape, Shape::Count | Shape::BadCount | Shape::Share | Shape::BadShare);
            let format = if right { &look.header_right } else { &look.header };
            TableColumn::new().set_header(&w.header).set_header_format(format)
        })
        .collect();
    let table = Table::new()
        .set_name(&grid.table)
        .set_columns(&headers)
        .set_style(TableStyle::Light1)
        .set_banded_rows(false)
        .set_alt_text(&grid.note);
    sheet.add_table(HEADER, 0, last_row, last_column, &table)?;
    let mut widths: Vec<usize> = written.iter().map(|w| w.header.width() + 3).collect();
    for at in 0..rows {
        let values = (grid.row)(at as usize);
        let row = HEADER + 1 + at;
        let mut lines = 1;
        for (column, w) in written.iter().enumerate() {
            let Some(value) = values.get(w.from) else { continue };
            let local = if w.local { clock } else { None };
            let (width, taken) = put(sheet, row, column as u16, value, w.shape, local, look)?;
            lines = lines.max(taken);
            if let Some(known) = widths.get_mut(column) {
                *known = (*known).max(width);
            }
        }
        // Not every program works out the height of wrapped text by itself.
        if lines > 1 {
            sheet.set_row_height(row, LINE * lines.min(LINES) as f64)?;
        }
    }
    let mut paper = 0.0;
    let mut printed = 0;
    for (column, (w, width)) in written.iter().zip(&widths).enumerate() {
        let width = column_width(w.shape, *width);
        sheet.set_column_width(column as u16, width)?;
        conditions(sheet, w.shape, HEADER + 1, last_row, column as u16)?;
        paper += width;
        if paper <= PAPER || column == 0 {
            printed = column as u16;
        }
    }
    around(sheet, last_row, (printed, last_column))?;
    let place = Place {
        table: grid.table.clone(),
        sheet: grid.sheet.clone(),
        headers: written.into_iter().map(|w| w.header).collect(),
        rows,
    };
    name_range(book, &place)?;
    book.contents.push((grid.sheet.clone(), grid.note.clone()));
    book.places.push(place);
    Ok(())
}

fn written(columns: &[Column], zone: Option<&str>) -> Vec<Written> {
    let mut all = Vec::new();
    for (from, column) in columns.iter().enumerate() {
        let mut add = |header: String, local| {
            all.push(Written { header, shape: column.shape, from, local });
        };
        if column.shape == Shape::Time {
            add(format!("{} (UTC)", column.header), false);
            if let Some(zone) = zone {
                add(format!("{} ({zone})", column.header), true);
            }
        } else {
            add(column.header.clone(), false);
        }
    }
    all
}

/// A name for the whole table with its header, for pivots and queries.
fn name_range(book: &mut Book<'_>, place: &Place) -> Result<(), XlsxError> {
    let last = rust_xlsxwriter::utility::column_number_to_name(place.behind().max(1) - 1);
    let (first_row, last_row) = (HEADER + 1, place.last() + 1);
    let formula = format!("='{}'!$A${first_row}:${last}${last_row}", place.sheet);
    book.workbook.define_name(format!("data_{}", place.table), &formula)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_for_people() {
        assert_eq!(header("failing_share"), "Failing share");
        assert_eq!(header("network_message_id"), "Network message ID");
        assert_eq!(header("spf_pass"), "SPF pass");
        assert_eq!(header("sha256"), "SHA-256");
        assert_eq!(header(""), "");
    }
}
