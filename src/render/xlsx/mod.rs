//! `report.xlsx`: the report as a workbook for people who live in one.
//!
//! A summary that a manager can read, then one sheet per table: real tables with stable names
//! (those of `tables/NAME.csv`, so that a query can go from one to the other), typed dates, number
//! formats, charts. Everything a stranger wrote goes in as a string through
//! [`safety::workbook_cell`](super::safety::workbook_cell); the only formulas and links are our own.
//! Equal reports give equal bytes: the properties bear the time of the mail, not that of the run.

mod about;
mod affected;
mod cells;
mod charts;
mod findings;
mod grid;
mod look;
mod paper;
mod sheets;
mod summary;

use super::{Answer, OutputFile};
use crate::model::Clock;
use crate::model::Instant;
use look::Look;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::io::{self, Write};

/// Name of the file.
const NAME: &str = "report.xlsx";

/// `report.xlsx`.
pub fn files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    vec![OutputFile::new(NAME, move |out| write(answer, out))]
}

/// Writes the workbook.
///
/// # Errors
/// Where it cannot be written, or needs temporary files that cannot be.
pub fn write(answer: Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let bytes = Book::new(answer).and_then(Book::finish).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// The workbook while it is drawn.
struct Book<'a> {
    answer: Answer<'a>,
    workbook: Workbook,
    look: Look,
    /// Sheets so far: name and what it shows, for the summary.
    contents: Vec<(String, String)>,
    /// Where the tables lie, for charts.
    places: Vec<grid::Place>,
}

impl<'a> Book<'a> {
    fn new(answer: Answer<'a>) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        if let Some(folder) = answer.temp {
            workbook.set_tempdir(folder)?;
        }
        workbook.set_properties(&properties(answer));
        Ok(Self { answer, workbook, look: Look::new(), contents: Vec::new(), places: Vec::new() })
    }

    /// The reader's clock.
    fn clock(&self) -> Option<&'a dyn Clock> {
        self.answer.zone
    }

    fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        // The summary stands first, and is drawn last: it shows where everything else is.
        self.workbook.add_worksheet().set_name(summary::NAME)?;
        sheets::draw(&mut self)?;
        affected::draw(&mut self)?;
        charts::beside_tables(&mut self)?;
        summary::draw(&mut self)?;
        self.workbook.save_to_buffer()
    }
}

fn properties(answer: Answer<'_>) -> DocProperties {
    let report = answer.report;
    let time = report.window.map_or(Instant(0), |(_, last)| last);
    let fixed = ExcelDateTime::from_timestamp(time.0.div_euclid(crate::model::time::SECOND))
        .or_else(|_| ExcelDateTime::from_ymd(1980, 1, 1));
    let properties = DocProperties::new()
        .set_title("Mail flow report")
        .set_subject("Diagnosis of the mail flow of Exchange Online")
        .set_author("mailtriage")
        .set_comment(format!("mailtriage {}, knowledge {}", report.version, report.knowledge));
    match fixed {
        Ok(fixed) => properties.set_creation_datetime(&fixed),
        Err(_) => properties,
    }
}

#[cfg(test)]
pub(super) mod tests;
