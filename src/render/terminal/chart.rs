//! Deliveries, failing and held over time, one line each.

use super::page::{Page, Text, Tone, pad, pad_left};
use super::words::{clock, duration, number};
use crate::model::time::{DAY, MINUTE};
use crate::model::{Cell, Finding, FindingStatus, Instant, Report};
use crate::render::series::{SERIES, Series as Chart, ticks_of};

const LABEL: usize = 12;

/// Tones of the lines, in the order of the series.
const TONES: [Tone; 3] = [Tone::Plain, Tone::Bad, Tone::Warn];

pub(super) fn section(page: &mut Page, report: &Report) {
    let Some(table) = report.table("outcome_by_bucket") else {
        return;
    };
    let (bucket, columns) = scale(page, report);
    let Some(chart) = Chart::of(table, bucket, columns) else {
        return;
    };
    let note = format!("per {}, UTC", duration(chart.step));
    page.heading("OVER TIME", &note);
    for (index, (label, tone)) in SERIES.iter().zip(TONES).enumerate() {
        let (line, peak) = chart.line(page, index);
        let label = pad(label, LABEL);
        let text = Text::of(Tone::Dim, format!("  {label}")).and(tone, line);
        page.raw(&text.and(Tone::Dim, format!("  peak {}", pad_left(&number(peak), 1))));
    }
    let margin = pad("", LABEL + 2);
    page.raw(&Text::of(Tone::Dim, format!("{margin}{}", chart.axis())));
    let marks = chart.marks(report);
    if !marks.is_empty() {
        let label = pad("incident", LABEL);
        page.raw(&Text::of(Tone::Dim, format!("  {label}")).and(Tone::Bad, marks));
    }
}

/// Width of a bucket, and the columns there is room for.
fn scale(page: &Page, report: &Report) -> (i64, usize) {
    // The line's end names the peak, ", peak 1,234,567".
    let columns = page.width() - 2 - LABEL - 16;
    (i64::from(report.bucket_minutes.max(1)).saturating_mul(MINUTE), columns)
}

/// The deliveries of one finding, in the columns of the chart of all; `None` where they are not known
/// one by one. Blanks would be eaten at the ends of a line: before and behind its first and last
/// delivery is no mail of the finding.
pub(super) fn of_finding(page: &Page, report: &Report, finding: &Finding) -> Option<String> {
    let (bucket, columns) = scale(page, report);
    let all = Chart::of(report.table("outcome_by_bucket")?, bucket, columns)?;
    let table = report.table("finding_by_bucket")?;
    let key = table.columns.iter().position(|c| c.name == "finding_key")?;
    let own = |row: &[Cell]| matches!(row.get(key), Some(Cell::Text(k)) if *k == finding.key);
    let ticks = ticks_of(table, ["deliveries", "", ""], own);
    if ticks.is_empty() {
        return None;
    }
    let mut chart = Chart { columns: vec![Some([0; 3]); all.columns.len()], ..all };
    for (at, [n, ..]) in ticks {
        let place = at.saturating_sub(chart.start).div_euclid(chart.step);
        let column = usize::try_from(place).ok().and_then(|p| chart.columns.get_mut(p));
        if let Some(Some([sum, ..])) = column {
            *sum = sum.saturating_add(n);
        }
    }
    let (line, peak) = chart.line(page, 0);
    Some(format!("{line}  peak {}", number(peak)))
}

impl Chart {
    /// One series as bars of its own scale, and its peak.
    fn line(&self, page: &Page, series: usize) -> (String, u64) {
        let signs = page.signs();
        let value = |c: &Option<[u64; 3]>| c.and_then(|sums| sums.get(series).copied());
        let peak = self.columns.iter().filter_map(value).max().unwrap_or(0);
        let bar = |c: &Option<[u64; 3]>| match value(c) {
            None => ' ',
            Some(0) => signs.zero,
            Some(n) => {
                // 1..=8, and only the peak itself reaches the top.
                let level = u128::from(n) * 8 / u128::from(peak.max(1));
                let level = level.clamp(1, 8) as usize;
                signs.bars.get(level - 1).copied().unwrap_or(' ')
            }
        };
        (self.columns.iter().map(bar).collect(), peak)
    }

    /// Dates (or hours, within two days) below the columns where they begin.
    fn axis(&self) -> String {
        let at = |i: usize| Instant(self.start.saturating_add(self.step.saturating_mul(i as i64)));
        let short = self.columns.len() as i64 * self.step <= 2 * DAY;
        let mut axis = String::new();
        for index in 0..self.columns.len() {
            let (now, before) = (at(index), index.checked_sub(1).map(at));
            let new_day = before.is_none_or(|b| b.day() != now.day());
            let free = axis.is_empty() || axis.len() + 2 <= index;
            if !free || !(new_day || short) || index + 5 > self.columns.len() && index > 0 {
                continue;
            }
            axis.push_str(&" ".repeat(index - axis.len()));
            if new_day {
                axis.push_str(now.date().get(5..).unwrap_or_default());
            } else {
                axis.push_str(&clock(now));
            }
        }
        axis
    }

    /// The numbers of the incidents at the columns of their onsets.
    fn marks(&self, report: &Report) -> String {
        let mut marks = vec![' '; self.columns.len()];
        let incidents = report.findings.iter().filter(|f| f.status == FindingStatus::Incident);
        for (index, finding) in incidents.enumerate().take(9) {
            let Some(Instant(onset)) = finding.onset else {
                continue;
            };
            let place = onset.saturating_sub(self.start).div_euclid(self.step);
            let mark = usize::try_from(place).ok().and_then(|p| marks.get_mut(p));
            if let Some(mark) = mark {
                let digit = char::from_digit(index as u32 + 1, 10).unwrap_or('*');
                *mark = if *mark == ' ' { digit } else { '*' };
            }
        }
        marks.iter().collect::<String>().trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Style;
    use super::*;
    use crate::model::time::HOUR;
    use crate::model::{Cell, Column, ColumnKind, Table};
    use crate::render::sample;
    use proptest::prelude::*;

    #[test]
    fn a_week_by_three_hours() {
        let chart = Chart::of(&sample::buckets(), HOUR, 70).unwrap();
        assert_eq!(chart.step, 3 * HOUR);
        assert_eq!(chart.columns.len(), 56);
        assert!(chart.axis().starts_with("11-16   11-17   11-18"), "{}", chart.axis());
        let page = Page::new(Style::default());
        let (line, peak) = chart.line(&page, 0);
        assert_eq!((line.chars().count(), peak), (56, 2700));
        let total: u64 = chart.columns.iter().flatten().map(|c| c[1]).sum();
        let rows = sample::buckets().rows;
        let cell = |row: &Vec<Cell>| match row[2] {
            Cell::Count(n) => n,
            _ => 0,
        };
        assert_eq!(total, rows.iter().map(cell).sum::<u64>(), "nothing is lost");
    }

    #[test]
    fn a_day_has_hours_and_a_gap_is_blank() {
        let mut table = sample::buckets();
        table.rows.drain(56..);
        table.rows.drain(..30);
        let chart = Chart::of(&table, HOUR, 70).unwrap();
        assert_eq!(chart.step, HOUR);
        assert!(chart.axis().starts_with("11-17"), "{}", chart.axis());
        assert!(chart.axis().contains("13:00"), "{}", chart.axis());
        let page = Page::new(Style::default());
        assert!(chart.line(&page, 0).0.contains("   "), "three hours without a bucket");
    }

    proptest! {
        #[test]
        fn any_span_fits(times in prop::collection::vec(any::<i64>(), 1..20),
                         minutes in 1i64..50_000, most in 10usize..130) {
            let table = Table {
                name: "outcome_by_bucket",
                title: "",
                columns: vec![Column { name: "bucket", kind: ColumnKind::Instant, unit: None }],
                rows: times.iter().map(|t| vec![Cell::Instant(Instant(t / 1000))]).collect(),
            };
            let chart = Chart::of(&table, minutes * MINUTE, most).unwrap();
            prop_assert!(chart.columns.len() <= most);
            prop_assert!(chart.axis().len() <= most.max(5));
            let sane = times.iter().all(|t| t.abs() < i64::MAX / 4);
            prop_assert!(!sane || chart.columns.iter().flatten().count() > 0);
        }
    }
}
