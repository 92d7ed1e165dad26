//! The tables of the report: complete and readable as they stand, sorted and filtered by the script
//! where one runs. Rows are bounded by number and by bytes; the whole table is its CSV file.

use super::svg;
use super::text::{attribute, folded, plain};
use crate::model::{Cell, Column, ColumnKind, Table};
use crate::render::Answer;
use crate::render::words::{clock, number, percent, some};
use maud::{Markup, html};

/// Rows drawn of a table.
const ROWS: usize = 100;
/// Bytes drawn of a table: no row begins beyond them.
const BYTES: usize = 60_000;
/// Bytes of all tables: beyond them a table is only named.
const ALL_BYTES: usize = 1_300_000;

/// Columns from which on a table is printed across.
const MANY: usize = 11;

/// Tables that are open from the start; the others unfold.
const OPEN: &[&str] = &["sender_domains", "recipient_domains", "connectors", "signatures"];

/// Drawn as charts above; they come last.
const DRAWN: &[&str] = &["outcome_by_bucket", "finding_by_bucket", "latency"];

pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let mut tables: Vec<&Table> =
        answer.report.tables.iter().filter(|t| !t.rows.is_empty()).collect();
    let place = |t: &&Table| {
        let open = OPEN.iter().position(|n| *n == t.name);
        (is_drawn(t), open.unwrap_or(OPEN.len()))
    };
    tables.sort_by_key(place);
    if tables.is_empty() {
        return None;
    }
    let empty: Vec<&str> =
        answer.report.tables.iter().filter(|t| t.rows.is_empty()).map(|t| t.name).collect();
    let mut room = ALL_BYTES;
    let mut left = Vec::new();
    let mut drawn = Vec::new();
    for table in tables {
        if room == 0 {
            left.push(table.name);
            continue;
        }
        let markup = fold(table);
        room = room.saturating_sub(markup.0.len());
        drawn.push(markup);
    }
    Some(html! {
        @for table in drawn { (table) }
        @if !left.is_empty() { p.dim { "Not drawn, see tables/: " (left.join(", ")) "." } }
        @if !empty.is_empty() { p.dim { "Without a row: " (empty.join(", ")) "." } }
    })
}

fn fold(table: &Table) -> Markup {
    let (rows, drawn) = rows(table);
    let all = table.rows.len();
    html! {
        details.table.drawn[on_screen(table)].many[across(table)] open[OPEN.contains(&table.name)] id={ "table-" (table.name) } {
            summary {
                h3 { (title(table)) }
                span.dim { (some(all as u64, "row")) " · tables/" (table.name) ".csv" }
            }
            div.scroll.box tabindex="0" role="region" aria-label=(title(table)) {
                table.data {
                    caption.sr { (table.title) }
                    thead { tr { @for column in &table.columns { (head(column)) } } }
                    tbody { (rows) }
                }
            }
            @if drawn < all {
                p.dim {
                    (number(drawn as u64)) " of " (some(all as u64, "row")) " are drawn; all of them stand in tables/"
                    (table.name) ".csv."
                }
            }
        }
    }
}

/// Shown above already, as a chart or as cards: on paper its rows stay in the file.
fn on_screen(table: &Table) -> bool {
    is_drawn(table) || table.name == "findings"
}

/// Too wide for upright paper.
fn across(table: &Table) -> bool {
    table.columns.len() > MANY && !on_screen(table)
}

/// A series of many rows that a chart shows.
fn is_drawn(table: &Table) -> bool {
    DRAWN.contains(&table.name)
}

fn title(table: &Table) -> &str {
    if table.title.is_empty() { table.name } else { table.title }
}

fn head(column: &Column) -> Markup {
    html! {
        th scope="col" class=(class(column.kind)) {
            (plain(column.name))
            @if let Some(unit) = column.unit { " (" (unit) ")" }
        }
    }
}

const fn class(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Id => "id",
        ColumnKind::Count => "num",
        ColumnKind::Share => "num share",
        ColumnKind::Instant => "when",
    }
}

/// The rows that are drawn, and how many they are.
fn rows(table: &Table) -> (Markup, usize) {
    let mut out = String::new();
    let mut drawn = 0;
    for row in table.rows.iter().take(ROWS) {
        if out.len() > BYTES {
            break;
        }
        let cells = table.columns.iter().zip(row);
        let markup = html! { tr { @for (column, value) in cells { (cell(column, value)) } } };
        out.push_str(&markup.into_string());
        drawn += 1;
    }
    (maud::PreEscaped(out), drawn)
}

fn cell(column: &Column, value: &Cell) -> Markup {
    let class = class(column.kind);
    html! {
        @match value {
            Cell::Null => td class=(class) {},
            Cell::Count(n) => td class=(class) { (number(*n)) },
            Cell::Share(share) => td class=(class) { (part(*share)) },
            Cell::Instant(at) => td class=(class) title=(at.rfc3339()) { (at.date()) " " (clock(*at)) },
            Cell::Text(text) => td.(class).prose[text.len() > 60] { (words(text)) },
        }
    }
}

/// A share as a small bar with its number.
fn part(share: f64) -> Markup {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    html! {
        @if share > 0.0 {
            svg.in-cell width="48" height="8" aria-hidden="true" focusable="false" {
                rect width=(svg::num(share * 48.0)) height="8" {}
            }
        }
        span.part { (percent(share)) }
    }
}

fn words(text: &str) -> Markup {
    if text.is_empty() {
        return html! { span.dim { "(none)" } };
    }
    // A word without a break is no sentence: its end tells as much as its begin, and it is whole
    // in the title.
    if text.len() > 90 && !text.contains(' ') {
        return html! { span.clip title=(attribute(text)) { (super::text::Strange(text, 80)) } };
    }
    folded(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn rows_are_bounded_and_said_so() {
        let mut table = sample::buckets();
        assert_eq!(table.rows.len(), 165);
        let page = fold(&table).into_string();
        assert_eq!(page.matches("<tr>").count(), 1 + ROWS);
        assert!(page.contains(
            "100 of 165 rows are drawn; all of them stand in tables/outcome_by_bucket.csv"
        ));
        table.rows.truncate(100);
        assert!(!fold(&table).into_string().contains("are drawn"));
    }

    #[test]
    fn bytes_are_bounded() {
        let mut report = sample::rich();
        let table = &mut report.tables[1];
        for row in &mut table.rows {
            row[0] = Cell::Text("a &lt; ".repeat(5000));
        }
        let page = fold(table).into_string();
        assert!(page.len() < BYTES + 100_000, "{}", page.len());
        assert!(page.contains(" of 39 rows are drawn"), "{}", &page[page.len() - 300..]);
    }

    #[test]
    fn every_table_is_there_once() {
        let report = sample::rich();
        let page = section(Answer::new(&report)).unwrap().into_string();
        for table in &report.tables {
            assert_eq!(page.matches(&format!("id=\"table-{}\"", table.name)).count(), 1);
        }
        assert!(page.find("table-sender_domains") < page.find("table-outcome_by_bucket"));
        assert!(page.contains("title=\"longlong"), "an endless word is clipped");
    }
}
