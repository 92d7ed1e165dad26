//! The end of the summary: what was read, what was assumed, how it was made, where the rest is.

use super::summary::{Down, LAST, middle, one_line};
use crate::model::{LayerState, Report};
use crate::render::words::{self, between, bytes, number, percent_of, some};
use rust_xlsxwriter::{Url, XlsxError};
use std::fmt::Write as _;

/// Assumptions and gaps listed here.
const LISTED: usize = 12;

impl Down<'_> {
    /// What was read, and how good it is.
    pub(super) fn read(&mut self, report: &Report) -> Result<(), XlsxError> {
        let input = &report.input;
        self.heading("What was read")?;
        let skipped = input.sources.iter().filter(|s| s.format.is_none()).count() as u64;
        let mut files = format!("{} ({})", some(input.files, "input"), bytes(input.bytes));
        if skipped > 0 {
            let _ = write!(files, ", {} skipped: see Sources", number(skipped));
        }
        self.pair("Inputs", &files)?;
        let part = |n: u64| percent_of(n, input.rows);
        self.pair("Rows", &format!("{} of mail", number(input.rows)))?;
        self.pair(
            "Unreadable rows",
            &format!(
                "{} ({}); each is in rejected.csv",
                number(input.rejected),
                part(input.rejected)
            ),
        )?;
        self.pair(
            "Duplicates",
            &format!("{} ({}); they count once", number(input.duplicates), part(input.duplicates)),
        )?;
        let capped: Vec<&str> =
            input.sources.iter().filter(|s| s.cap_hit.is_some()).map(|s| s.path.as_str()).collect();
        if let [first, ..] = capped.as_slice() {
            let n = some(capped.len() as u64, "input");
            let what = format!("{n} at a limit of the export, probably not whole: {first}");
            let more = if capped.len() > 1 { ", ..." } else { "" };
            self.pair("Limits met", &format!("{what}{more}"))?;
        }
        for gap in input.gaps.iter().take(LISTED) {
            let span = between(gap.from, gap.to, "to");
            self.pair(
                "Gap",
                &format!("no record from {span} UTC, although mail flowed before and after"),
            )?;
        }
        if input.gaps.len() > LISTED {
            let more = number((input.gaps.len() - LISTED) as u64);
            self.pair("Gaps", &format!("{more} more in report.json"))?;
        }
        let unseen =
            |s: LayerState| matches!(s, LayerState::NotObservable | LayerState::InsufficientData);
        let blind: Vec<&str> = report
            .layers
            .iter()
            .filter(|l| unseen(l.state))
            .map(|l| words::layer(l.layer))
            .collect();
        if !blind.is_empty() {
            self.pair("Not judged", &blind.join(", "))?;
        }
        Ok(())
    }

    /// Assumptions, and which tool said so.
    pub(super) fn notes(&mut self, report: &Report) -> Result<(), XlsxError> {
        if !report.assumptions.is_empty() {
            self.heading("What was assumed")?;
        }
        for assumption in report.assumptions.iter().take(LISTED) {
            let text = one_line(assumption);
            self.height(&[(&text, LAST + 1)], 1.0)?;
            self.across(0, LAST, &text, &middle(&self.look.plain))?;
            self.row += 1;
        }
        if report.assumptions.len() > LISTED {
            let more = number((report.assumptions.len() - LISTED) as u64);
            self.across(
                0,
                LAST,
                &format!("{more} more in report.json."),
                &middle(&self.look.note),
            )?;
            self.row += 1;
        }
        self.heading("How it was made")?;
        let version = format!("mailtriage {}, knowledge of {}", report.version, report.knowledge);
        self.pair("Tool", &version)?;
        self.pair("Arguments", &report.arguments.join(" "))
    }

    /// The sheets, with links.
    pub(super) fn contents(&mut self, contents: &[(String, String)]) -> Result<(), XlsxError> {
        self.heading("Sheets of this workbook")?;
        for (sheet, note) in contents {
            let row = self.row;
            self.height(&[(note, LAST - 1)], 1.0)?;
            // Our own names: a link that leads nowhere else.
            let link = Url::new(format!("internal:'{sheet}'!A1")).set_text(sheet);
            self.sheet.write_url_with_format(row, 0, link, &middle(&self.look.link))?;
            self.across(2, LAST, note, &middle(&self.look.note).set_text_wrap())?;
            self.row += 1;
        }
        Ok(())
    }
}
