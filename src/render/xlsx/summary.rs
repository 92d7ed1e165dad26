//! The first sheet: what a manager reads.

use super::Book;
use super::cells::serial;
use super::charts;
use super::look::{Look, Tone};
use super::paper::page;
use crate::model::{Clock, Finding, Instant, Report};
use crate::render::headline::{Mood, blind_spots, verdict};
use crate::render::safety;
use crate::render::words::{self, between, number};
use rust_xlsxwriter::{Chart, Format, FormatAlign, Worksheet, XlsxError};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Name of the sheet.
pub(super) const NAME: &str = "Summary";
/// Findings listed here; the sheet of findings has all.
const FINDINGS: usize = 12;
/// With more findings than these the first chart goes to the next page.
const FIRST_PAGE: usize = 6;
/// Last column, counted from 0: twelve of equal width.
pub(super) const LAST: u16 = 11;
/// Width of each column, characters.
const WIDTH: f64 = 13.0;
/// Height of a line, points.
const LINE: f64 = 15.5;

/// Width and height of a chart over the whole width, pixels.
const CHART: (u32, u32) = (1150, 300);

/// A sheet that is written from the top to the bottom.
pub(super) struct Down<'a> {
    pub(super) sheet: &'a mut Worksheet,
    pub(super) look: &'a Look,
    pub(super) row: u32,
    /// Rows before which a page ends.
    breaks: Vec<u32>,
}

pub(super) fn draw(book: &mut Book<'_>) -> Result<(), XlsxError> {
    let wide = charts::trouble(book);
    let halves = [charts::layers(book), charts::domains(book)];
    let report = book.answer.report;
    let sheet = book.workbook.worksheet_from_name(NAME)?;
    sheet.set_column_range_width(0, LAST, WIDTH)?;
    sheet.set_screen_gridlines(false);
    page(sheet);
    // Twelve columns of one width are as wide as a page at this scale.
    sheet.set_print_scale(82);
    let mut down = Down { sheet, look: &book.look, row: 0, breaks: Vec::new() };
    down.head(report, book.answer.zone)?;
    down.tiles(report)?;
    down.findings(&report.findings)?;
    if report.findings.len() > FIRST_PAGE {
        down.breaks.push(down.row);
    }
    if let Some(mut chart) = wide {
        chart.set_width(CHART.0).set_height(CHART.1);
        down.charts(&[Some(chart)])?;
    }
    down.breaks.push(down.row);
    down.layers(report)?;
    let halves = halves.map(|chart| {
        chart.map(|mut chart| {
            chart.set_width(CHART.0 / 2 - 5).set_height(CHART.1);
            chart
        })
    });
    down.charts(&halves)?;
    down.breaks.push(down.row);
    down.read(report)?;
    down.notes(report)?;
    down.contents(&book.contents)?;
    let breaks = std::mem::take(&mut down.breaks);
    down.sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// In the middle of its row.
pub(super) fn middle(format: &Format) -> Format {
    format.clone().set_align(FormatAlign::VerticalCenter)
}

impl Down<'_> {
    /// One text over the columns `from` to `to`, as high as it needs.
    pub(super) fn across(
        &mut self,
        from: u16,
        to: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let text = safety::workbook_cell(text);
        if from == to {
            self.sheet.write_string_with_format(self.row, from, &*text, format)?;
        } else {
            self.sheet.merge_range(self.row, from, self.row, to, &text, format)?;
        }
        Ok(())
    }

    /// Height for texts over so many columns, in lines of 11 points; at most ten.
    pub(super) fn height(&mut self, texts: &[(&str, u16)], scale: f64) -> Result<(), XlsxError> {
        let lines = |(text, columns): &(&str, u16)| -> usize {
            let room = (f64::from(*columns) * WIDTH / scale).max(1.0) as usize;
            let wide = |l: &str| if l.len() > 4000 { l.len() } else { l.width() };
            text.split('\n').map(|line| wide(line).div_ceil(room).max(1)).sum()
        };
        let lines = texts.iter().map(lines).max().unwrap_or(1).min(10);
        self.sheet.set_row_height(self.row, 3.0 + LINE * scale * lines as f64)?;
        Ok(())
    }

    pub(super) fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.set_row_height(self.row, 22)?;
        self.across(0, LAST, text, &self.look.heading.clone())?;
        self.row += 1;
        Ok(())
    }

    fn head(&mut self, report: &Report, zone: Option<&dyn Clock>) -> Result<(), XlsxError> {
        self.sheet.set_row_height(0, 30)?;
        self.across(0, LAST, "Mail flow report", &self.look.title.clone().set_font_size(20))?;
        self.row = 1;
        let verdict = verdict(report);
        let tone = match verdict.mood {
            Mood::Bad => Tone::Bad,
            Mood::Warn => Tone::Warn,
            Mood::Good => Tone::Good,
        };
        let mut words = verdict.words.clone();
        if let Some(finding) = verdict.finding {
            words.push(' ');
            words.push_str(&one_line(&finding.title));
        }
        let room = (f64::from(LAST + 1) * WIDTH / 1.35) as usize;
        let lines = words.width().div_ceil(room.max(1)).clamp(1, 5);
        self.sheet.set_row_height(self.row, 12.0 + 20.0 * lines as f64)?;
        self.across(0, LAST, &words, &Look::banner(tone))?;
        self.row = 2;
        let mut about = match report.window {
            Some((first, last)) => format!("Mail of {} UTC", between(first, last, "to")),
            None => "No mail with a time was read".to_owned(),
        };
        if let (Some(zone), Some((first, last))) = (zone, report.window) {
            let local = |at: Instant| Instant(zone.shows(at));
            let span = between(local(first), local(last), "to");
            let _ = write!(about, " ({span} in {})", zone.zone());
        }
        let blind = blind_spots(report);
        if !blind.is_empty() {
            let _ = write!(about, ". Limits: {}", blind.join(", "));
        }
        self.height(&[(&about, LAST + 1)], 1.0)?;
        self.across(0, LAST, &about, &middle(&self.look.note).set_text_wrap())?;
        self.row = 3;
        Ok(())
    }

    /// The large numbers.
    fn tiles(&mut self, report: &Report) -> Result<(), XlsxError> {
        let t = &report.totals;
        let bad = |n: u64, tone| (n > 0).then_some(tone);
        let tiles: [(&str, f64, Option<Tone>, bool); 6] = [
            ("Messages", report.input.messages as f64, None, false),
            ("Deliveries", report.input.deliveries as f64, None, false),
            ("Failing", t.failing as f64, bad(t.failing, Tone::Bad), false),
            ("Failing share", t.failing_share, bad(t.failing, Tone::Bad), true),
            ("Held", t.held as f64, bad(t.held, Tone::Warn), false),
            ("Held share", t.held_share, bad(t.held, Tone::Warn), true),
        ];
        self.row += 1;
        self.sheet.set_row_height(self.row + 1, 32)?;
        for (at, (label, value, tone, share)) in tiles.into_iter().enumerate() {
            let column = at as u16 * 2;
            let format = Look::tile(tone, share);
            self.across(column, column + 1, label, &self.look.tile_label.clone())?;
            self.sheet.merge_range(self.row + 1, column, self.row + 1, column + 1, "", &format)?;
            if value.is_finite() {
                self.sheet.write_number_with_format(self.row + 1, column, value, &format)?;
            }
        }
        self.row += 2;
        Ok(())
    }

    fn findings(&mut self, findings: &[Finding]) -> Result<(), XlsxError> {
        self.heading("What is wrong")?;
        if findings.is_empty() {
            self.across(0, LAST, "Nothing was found.", &middle(&self.look.text))?;
            self.row += 1;
            return Ok(());
        }
        let header = self.look.header.clone();
        let right = self.look.header_right.clone();
        for (from, to, text, format) in [
            (0, 0, "Status", &header),
            (1, 1, "State", &header),
            (2, 6, "Finding", &header),
            (7, 7, "Layer", &header),
            (8, 8, "Since (UTC)", &header),
            (9, 9, "Deliveries", &right),
            (10, 10, "Share", &right),
            (11, 11, "Confidence", &right),
        ] {
            self.across(from, to, text, format)?;
        }
        self.row += 1;
        for finding in findings.iter().take(FINDINGS) {
            self.finding(finding)?;
        }
        if findings.len() > FINDINGS {
            let more = format!(
                "{} more on the sheet Findings.",
                number((findings.len() - FINDINGS) as u64)
            );
            self.across(0, LAST, &more, &middle(&self.look.note))?;
            self.row += 1;
        }
        Ok(())
    }

    fn finding(&mut self, f: &Finding) -> Result<(), XlsxError> {
        let title = one_line(&f.title);
        self.height(&[(&title, 5), (words::layer(f.layer), 1)], 1.0)?;
        self.across(
            0,
            0,
            words::status(f.status),
            &self.look.toned(f.status.as_str()).set_shrink(),
        )?;
        self.across(1, 1, words::state(f.state), &self.look.toned(f.state.as_str()).set_shrink())?;
        self.across(2, 6, &title, &middle(&self.look.wrapped))?;
        self.across(7, 7, words::layer(f.layer), &middle(&self.look.wrapped))?;
        let minute = middle(&self.look.time).set_num_format("yyyy-mm-dd hh:mm").set_shrink();
        match f.onset.and_then(serial) {
            Some(day) => {
                self.sheet.write_number_with_format(self.row, 8, day, &minute)?;
            }
            None => self.across(8, 8, "", &minute)?,
        }
        let (count, part) = (middle(&self.look.count), middle(&self.look.share));
        self.sheet.write_number_with_format(self.row, 9, f.deliveries as f64, &count)?;
        for (column, share) in [(10, f.share), (11, f.confidence)] {
            if share.is_finite() {
                self.sheet.write_number_with_format(self.row, column, share, &part)?;
            } else {
                self.sheet.write_blank(self.row, column, &part)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Charts beside each other, with room below.
    fn charts(&mut self, charts: &[Option<Chart>]) -> Result<(), XlsxError> {
        if charts.iter().all(Option::is_none) {
            return Ok(());
        }
        self.row += 1;
        let mut column = 0;
        for chart in charts.iter().flatten() {
            self.sheet.insert_chart(self.row, column, chart)?;
            column += LAST.div_ceil(2);
        }
        // Rows of 20 pixels.
        self.row += CHART.1 / 20 + 1;
        Ok(())
    }

    /// The runbook: state of every layer.
    fn layers(&mut self, report: &Report) -> Result<(), XlsxError> {
        self.heading("Layers, in the order of the runbook")?;
        let header = self.look.header.clone();
        let right = self.look.header_right.clone();
        for (from, to, text, format) in [
            (0, 1, "Layer", &header),
            (2, 3, "State", &header),
            (4, 4, "Deliveries", &right),
            (5, 5, "Share", &right),
            (6, LAST, "To see more, add", &header.clone().set_indent(1)),
        ] {
            self.across(from, to, text, format)?;
        }
        self.row += 1;
        for layer in &report.layers {
            let needs = layer.needs.join("; ");
            self.height(&[(&needs, 6)], 1.0)?;
            self.across(0, 1, words::layer(layer.layer), &middle(&self.look.text))?;
            self.across(
                2,
                3,
                words::layer_state(layer.state),
                &self.look.toned(layer.state.as_str()),
            )?;
            let row = self.row;
            self.sheet.write_number_with_format(
                row,
                4,
                layer.deliveries as f64,
                &middle(&self.look.count),
            )?;
            let share = if layer.share.is_finite() { layer.share } else { 0.0 };
            self.sheet.write_number_with_format(row, 5, share, &middle(&self.look.share))?;
            self.across(6, LAST, &needs, &middle(&self.look.wrapped).set_indent(1))?;
            self.row += 1;
        }
        Ok(())
    }

    /// A label and its text.
    pub(super) fn pair(&mut self, label: &str, text: &str) -> Result<(), XlsxError> {
        let text = one_line(text);
        self.height(&[(label, 2), (&text, LAST - 1)], 1.0)?;
        self.across(0, 1, label, &middle(&self.look.label))?;
        self.across(2, LAST, &text, &middle(&self.look.wrapped))?;
        self.row += 1;
        Ok(())
    }
}

/// A text that must not make its row high.
pub(super) fn one_line(text: &str) -> String {
    let line: String =
        text.split(['\r', '\n']).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(1000) {
        Some((at, _)) => format!("{} ...", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
