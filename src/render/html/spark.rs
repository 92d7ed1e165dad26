//! The line on a card: when the deliveries of one finding were.

use super::svg::{num, percent};
use super::timeline::bucket;
use crate::model::{Cell, Finding, Instant, Report};
use crate::render::series::{Series, Tick, ticks, ticks_of};
use crate::render::words::{duration, number};
use maud::{Markup, html};

/// Columns at most.
const COLUMNS: usize = 120;

/// The deliveries of a finding over the window of the report; nothing where they are not known.
pub(super) fn spark(report: &Report, finding: &Finding) -> Markup {
    let Some(series) = of_finding(report, finding) else { return html! {} };
    let peak = series.peak(|c| c[0]);
    let n = series.columns.len().max(1) as f64;
    let width = (series.end() - series.start).max(1) as f64;
    let x = |at: Instant| (at.0.saturating_sub(series.start)) as f64 / width;
    let onset = finding.onset.map(x).filter(|x| (0.0..=1.0).contains(x));
    html! {
        figure.spark {
            svg width="100%" height="40" role="img" aria-label=(format!("Deliveries hit over the window, at most {} per {}", number(peak), duration(series.step))) {
                line.base x1="0" x2="100%" y1="39.5" y2="39.5" {}
                @for (at, counts) in series.columns.iter().enumerate() {
                    @if let Some([count, ..]) = counts {
                        @let height = (*count as f64 / peak.max(1) as f64 * 38.0).max(1.0);
                        rect.failing x=(percent((at as f64 + 0.08) / n)) width=(percent(0.84 / n)) y=(num(39.0 - height)) height=(num(height)) {}
                    }
                }
                @if let Some(x) = onset { line.onset x1=(percent(x)) x2=(percent(x)) y1="0" y2="40" {} }
            }
            figcaption {
                "Deliveries hit per " (duration(series.step)) ", peak " (number(peak))
                @if onset.is_some() { "; the line is the onset" }
            }
        }
    }
}

fn of_finding(report: &Report, finding: &Finding) -> Option<Series> {
    let table = report.table("finding_by_bucket")?;
    let key = table.columns.iter().position(|c| c.name == "finding_key")?;
    let own = |row: &[Cell]| matches!(row.get(key), Some(Cell::Text(k)) if *k == finding.key);
    let hits: Vec<Tick> = ticks_of(table, ["deliveries", "", ""], own);
    if hits.is_empty() {
        return None;
    }
    // On the same axis as all others.
    let all = ticks(report.table("outcome_by_bucket")?, ["deliveries", "", ""]);
    let first = all.iter().chain(&hits).map(|t| t.0).min()?;
    let last = all.iter().chain(&hits).map(|t| t.0).max()?;
    Some(Series::between(&hits, (first, last), bucket(report), COLUMNS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnKind, Table};
    use crate::render::sample;

    /// The table of two findings, the sample's with two hits an hour apart.
    fn table() -> Table {
        let column = |name, kind| Column { name, kind, unit: None };
        let row = |key: &str, hour, n| {
            vec![Cell::Text(key.into()), Cell::Instant(sample::at(hour)), Cell::Count(n)]
        };
        Table {
            name: "finding_by_bucket",
            title: "",
            columns: vec![
                column("finding_key", ColumnKind::Id),
                column("bucket", ColumnKind::Instant),
                column("deliveries", ColumnKind::Count),
            ],
            rows: vec![
                row("0123456789abcdef", 60, 4),
                row("0123456789abcdef", 120, 40),
                row("another", 60, 9000),
            ],
        }
    }

    #[test]
    fn a_finding_has_its_own_line() {
        let mut report = sample::rich();
        report.tables.push(table());
        let line = spark(&report, &report.findings[0]).into_string();
        assert_eq!(line.matches("class=\"failing\"").count(), 2, "{line}");
        assert!(line.contains("peak 40") && !line.contains("9,000"), "{line}");
        assert!(line.contains("the line is the onset"), "{line}");
    }

    #[test]
    fn without_hits_there_is_none() {
        let mut report = sample::rich();
        let none = |report: &Report| spark(report, &report.findings[0]).into_string();
        assert!(none(&report).is_empty());
        report.tables.push(table());
        report.tables.last_mut().unwrap().rows.retain(|row| row[0] == Cell::Text("another".into()));
        assert!(none(&report).is_empty());
    }
}
