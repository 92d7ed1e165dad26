//! Distributions as bars with their numbers: outcome, placement, direction, and what was stamped.

use super::svg;
use super::text::{Strange, plain};
use crate::model::{Cell, Direction, Outcome, Placement, Table};
use crate::render::Answer;
use crate::render::words::{number, percent_of, some};
use maud::{Markup, html};

/// Values drawn of a field.
const VALUES: usize = 12;

/// Fields of the stamp table that are words of ours; the others are written as they are stamped.
const OURS: &[&str] = &["placement", "risk"];

/// One bar.
struct Bar<'a> {
    name: &'a str,
    all: u64,
    failing: u64,
    held: u64,
}

pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    let totals = &report.totals;
    let outcome = vocabulary(&totals.outcome, Outcome::as_str);
    let placement = vocabulary(&totals.placement, Placement::as_str);
    let direction = vocabulary(&totals.direction, Direction::as_str);
    let fields = report.table("stamps").map(fields).unwrap_or_default();
    if report.input.deliveries == 0 {
        return None;
    }
    Some(html! {
        div.dists {
            (group("Outcome", &outcome, false))
            (group("Placement", &placement, false))
            (group("Direction", &direction, false))
        }
        @if !fields.is_empty() {
            h3.kind { "Stamps and verdicts " span.note { "Trusted stamps of message files and verdicts that events state. The strong part of a bar is failing, the hatched one held." } }
            div.dists {
                @for (field, bars) in &fields {
                    (group(&plain(field), bars, true))
                }
            }
        }
    })
}

fn vocabulary<T: Copy>(counts: &[(T, u64)], name: fn(T) -> &'static str) -> Vec<Bar<'static>> {
    let bar = |(value, n): &(T, u64)| Bar { name: name(*value), all: *n, failing: 0, held: 0 };
    counts.iter().map(bar).collect()
}

/// The fields of the stamp table with their values, in its order.
fn fields(table: &Table) -> Vec<(&str, Vec<Bar<'_>>)> {
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let places = ["field", "value", "deliveries", "failing", "held"].map(at);
    let [Some(field), Some(value), Some(all), Some(failing), Some(held)] = places else {
        return Vec::new();
    };
    let count = |row: &[Cell], at: usize| match row.get(at) {
        Some(Cell::Count(n)) => *n,
        _ => 0,
    };
    let mut fields: Vec<(&str, Vec<Bar<'_>>)> = Vec::new();
    for row in &table.rows {
        let (Some(Cell::Text(field)), Some(Cell::Text(name))) = (row.get(field), row.get(value))
        else {
            continue;
        };
        let bar = Bar {
            name,
            all: count(row, all),
            failing: count(row, failing),
            held: count(row, held),
        };
        match fields.iter_mut().find(|(known, _)| known == field) {
            Some((_, bars)) => bars.push(bar),
            None => fields.push((field, vec![bar])),
        }
    }
    fields
}

fn group(name: &str, bars: &[Bar<'_>], marked: bool) -> Markup {
    let sum: u64 = bars.iter().fold(0, |sum, b| sum.saturating_add(b.all));
    let most = bars.iter().map(|b| b.all).max().unwrap_or(0).max(1) as f64;
    let seen = || bars.iter().filter(|b| b.all > 0);
    let rest = seen().skip(VALUES);
    let (values, deliveries) =
        rest.fold((0u64, 0u64), |(v, n), b| (v + 1, n.saturating_add(b.all)));
    html! {
        table.dist {
            caption class=[OURS.contains(&name).then_some("ours")] { (name) }
            thead.sr { tr { th scope="col" { "Value" } th scope="col" { "Bar" } th scope="col" { "Deliveries" } th scope="col" { "Share" } } }
            tbody {
                @for bar in seen().take(VALUES) {
                    tr {
                        th scope="row" { @if marked { (Strange(bar.name, 60)) } @else { (plain(bar.name)) } }
                        td.bar { (svg::bar(bar.all as f64 / most, bar.failing as f64 / most, bar.held as f64 / most)) }
                        td.num { (number(bar.all)) }
                        td.num.dim { (percent_of(bar.all, sum)) }
                    }
                }
                @if values > 0 {
                    tr.dim { th scope="row" { (some(values, "more value")) } td {} td.num { (number(deliveries)) } td.num { (percent_of(deliveries, sum)) } }
                }
                @if sum == 0 { tr.dim { th scope="row" { "none" } td {} td.num { "0" } td {} } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnKind};
    use crate::render::sample;

    #[test]
    fn bars_stand_beside_their_numbers() {
        let report = sample::rich();
        let page = section(Answer::new(&report)).unwrap().into_string();
        assert!(page.contains("<caption>Outcome</caption>"));
        assert!(page.contains("<th scope=\"row\">delivered</th>") && page.contains(">90,000</td>"));
        assert!(page.contains(">expanded<") && !page.contains(">recalled<"), "what is 0 has none");
    }

    #[test]
    fn stamps_are_grouped_by_field() {
        let column = |name, kind| Column { name, kind, unit: None };
        let row = |field: &str, value: &str, n: u64| {
            vec![
                Cell::Text(field.into()),
                Cell::Text(value.into()),
                Cell::Count(n),
                Cell::Count(1),
                Cell::Count(0),
            ]
        };
        let mut rows = vec![row("SCL", "1", 9), row("SCL", "<b>", 4), row("SPF", "pass", 7)];
        rows.extend((0..20).map(|n| row("CAT", &format!("V{n}"), 2)));
        let table = Table {
            name: "stamps",
            title: "",
            columns: ["field", "value"]
                .map(|n| column(n, ColumnKind::Text))
                .into_iter()
                .chain(["deliveries", "failing", "held"].map(|n| column(n, ColumnKind::Count)))
                .collect(),
            rows,
        };
        let fields = fields(&table);
        let names: Vec<_> = fields.iter().map(|(name, bars)| (*name, bars.len())).collect();
        assert_eq!(names, [("SCL", 2), ("SPF", 1), ("CAT", 20)]);
        let page = group("CAT", &fields[2].1, true).into_string();
        assert!(page.contains("8 more values") && page.contains(">16</td>"), "{page}");
        assert!(group("SCL", &fields[0].1, true).into_string().contains("&lt;b&gt;"));
    }
}
