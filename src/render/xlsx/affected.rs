//! Whom to tell and what to send again: the deliveries behind the findings, on as many sheets as
//! they need.

use super::Book;
use super::grid::{self, Column, Grid, ROOM, Shape, Value};
use crate::model::{Affected, Fate, Finding};
use crate::render::affected::{next, retry_until, tell};
use crate::render::words::number;
use rust_xlsxwriter::XlsxError;
use std::fmt::Write as _;

/// Deliveries listed of one finding, unless all are asked for.
pub(super) const FIRST: usize = 1000;

pub(super) fn draw(book: &mut Book<'_>) -> Result<(), XlsxError> {
    let report = book.answer.report;
    let most = if book.answer.all_rows { usize::MAX } else { FIRST };
    let mut list: Vec<(&Finding, &Affected)> = Vec::new();
    let mut kept = 0;
    for finding in &report.findings {
        kept += finding.affected.len();
        list.extend(chosen(finding, most).map(|a| (finding, a)));
    }
    let note = note(list.len(), kept, report.listed_one_in);
    // A sheet without a row says that there is none.
    let parts: Vec<&[(&Finding, &Affected)]> =
        if list.is_empty() { vec![&[]] } else { list.chunks(ROOM).collect() };
    for (number, part) in parts.into_iter().enumerate() {
        let (sheet, table) = match number {
            0 => ("Affected".to_owned(), "affected".to_owned()),
            n => (format!("Affected {}", n + 1), format!("affected_{}", n + 1)),
        };
        let grid = Grid {
            title: "Affected deliveries".to_owned(),
            sheet,
            table,
            note: note.clone(),
            columns: columns(),
            len: part.len(),
            row: Box::new(|at| part.get(at).map(|(f, a)| row(f, a)).unwrap_or_default()),
        };
        grid::draw(book, &grid)?;
    }
    Ok(())
}

/// The first of a finding: what failed or is held before what arrived anyhow, each by time.
fn chosen(finding: &Finding, most: usize) -> impl Iterator<Item = &Affected> {
    let bad = |a: &&Affected| matches!(a.fate, Fate::Lost | Fate::Retrying | Fate::Held);
    let all = &finding.affected;
    // Nothing to choose: the order of the list stays.
    let whole = all.len() <= most;
    let first = all.iter().filter(move |a| whole || bad(a));
    let then = all.iter().filter(move |a| !whole && !bad(a));
    first.chain(then).take(most)
}

fn note(listed: usize, kept: usize, one_in: u64) -> String {
    let mut note = "One delivery that a finding is about, by finding and time.".to_owned();
    if listed == 0 {
        note.push_str(" None here: no finding lists deliveries.");
    }
    if listed < kept {
        let _ = write!(
            note,
            " The first {} of each finding, {} of {} in all; --all-rows lists all, tables/affected.csv does.",
            number(FIRST as u64),
            number(listed as u64),
            number(kept as u64)
        );
    }
    if one_in > 1 {
        let _ = write!(
            note,
            " There were too many to keep: of the kinds with most of them one in {} was kept, by a fixed rule. \
             These are a sample.",
            number(one_in)
        );
    }
    note
}

fn columns() -> Vec<Column> {
    use Shape::{Count, Id, State, Text, Time};
    let list = [
        ("Finding", Text),
        ("Fate", State),
        ("Tell", Text),
        ("Time", Time),
        ("Sender", Text),
        ("Recipient", Text),
        ("Direction", Text),
        ("Code", Id),
        ("Reason", Text),
        ("Next", Text),
        ("Retry until", Time),
        ("Network message ID", Id),
        ("Connector", Text),
        ("Server", Text),
        ("Tenant", Id),
        ("Source", Text),
        ("Line", Count),
        ("Finding key", Id),
    ];
    list.into_iter().map(|(header, shape)| Column::new(header, shape)).collect()
}

fn row<'a>(finding: &'a Finding, a: &'a Affected) -> Vec<Value<'a>> {
    vec![
        Value::text(finding.id.as_str()),
        Value::text(a.fate.as_str()),
        Value::text(tell(a)),
        Value::Time(a.time),
        Value::text(&*a.sender),
        Value::text(&*a.recipient),
        Value::text(a.direction.as_str()),
        Value::text(&*a.code),
        Value::text(&*a.reason),
        Value::text(next(a.fate)),
        Value::time(retry_until(a)),
        Value::text(&*a.network_message_id),
        Value::text(&*a.connector),
        Value::text(&*a.server),
        Value::text(&*a.tenant),
        Value::text(&*a.source),
        Value::Count(a.line),
        Value::text(finding.key.as_str()),
    ]
}
