//! The answer for people: about a screen of text, headline first, runbook order within.
//!
//! Width-aware, plain without colour (not a single escape code), and never cut silently: what
//! is left out is counted, with the file that holds it. All text of strangers goes through
//! [`safety::terminal`](super::safety::terminal).

mod chart;
mod findings;
mod headline;
mod input;
mod layers;
mod links;
mod message_files;
pub(super) mod page;
mod top;
mod totals;

use super::words;
use crate::model::Report;
use page::Page;
use std::io::{self, Write};
use std::path::Path;

/// How the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns; clamped to [`Style::NARROW`]..=[`Style::WIDE`].
    pub width: usize,
    /// Colour may be used. Without it no escape code is written.
    pub colour: bool,
    /// Block characters and typographic signs may be used; else plain ASCII decoration.
    pub unicode: bool,
    /// Rows of the lists of domains and failure texts.
    pub rows: usize,
}

impl Style {
    /// Least width that is laid out.
    pub const NARROW: usize = 60;
    /// Greatest width: longer lines are hard to read.
    pub const WIDE: usize = 160;
    /// Rows of a list, unless more or fewer are asked for.
    pub const ROWS: usize = 4;
}

impl Default for Style {
    /// For a pipe or a file: 100 columns, no colour.
    fn default() -> Self {
        Self { width: 100, colour: false, unicode: true, rows: Self::ROWS }
    }
}

/// The sections, in the order in which they are read: problems first, then what they stand in, then
/// what the answer rests on (what limits it stands below the headline).
const SECTIONS: &[fn(&mut Page, &Report)] = &[
    headline::section,
    findings::section,
    layers::section,
    chart::section,
    totals::section,
    top::section,
    message_files::section,
    input::section,
];

/// Writes the answer.
pub fn report(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    linked(report, style, None, out)
}

/// Writes the answer; with a folder the paths of inputs are links, relative ones from there.
pub fn linked(
    report: &Report,
    style: Style,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(style);
    if let Some(folder) = folder {
        page.link_from(folder);
    }
    for section in SECTIONS {
        section(&mut page, report);
    }
    out.write_all(page.finish().as_bytes())
}

/// Where the rest of a shortened list is: its table where the report has one, else the report.
fn where_the_rest_is(report: &Report, table: &str) -> String {
    match report.table(table) {
        Some(_) => format!("tables/{table}.csv"),
        None => super::files::REPORT.to_owned(),
    }
}

#[cfg(test)]
mod tests;
