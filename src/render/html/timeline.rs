//! Deliveries over time with the onsets of incidents, the changes of the log and the gaps.

use super::axis::{labels, nice, short};
use super::svg::{num, percent};
use super::text::{Strange, title};
use crate::model::time::MINUTE;
use crate::model::{Cell, Finding, FindingStatus, Instant, Report};
use crate::render::Answer;
use crate::render::series::Series;
use crate::render::words::{between, duration, moment, number, some};
use maud::{Markup, html};
use std::fmt::Write as _;

/// Columns of the time line at most.
const COLUMNS: usize = 180;
/// Columns of the time line at least.
const FEWEST: usize = 24;
/// Marks drawn of a kind.
const MARKS: usize = 200;
/// Heights in pixels: all deliveries, the troubled ones alone, the lane of marks.
const VOLUME: f64 = 130.0;
const TROUBLE: f64 = 90.0;
const LANE: f64 = 46.0;
/// Pixels above each chart, where its name stands.
const HEAD: f64 = 22.0;
/// Pixels below, where the days stand.
const AXIS: f64 = 20.0;

/// Top of the upper chart, of the lower one, of the marks; and where all ends.
const UPPER: f64 = HEAD;
const LOWER: f64 = UPPER + VOLUME + HEAD + 6.0;
const MARK_LANE: f64 = LOWER + TROUBLE;
const HEIGHT: f64 = MARK_LANE + LANE + AXIS;

pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    let series = Series::of(report.table("outcome_by_bucket")?, bucket(report), COLUMNS)?;
    let mut series = series;
    // A single hour is no wall.
    series.columns.resize(series.columns.len().max(FEWEST), None);
    let chart = Chart { series, report };
    Some(html! {
        p.note {
            "Per " (duration(chart.series.step)) ", UTC. "
            "Above all deliveries, below only the failing and held ones, on a scale of their own."
        }
        figure.time {
            (legend())
            div.plot {
                (chart.scale())
                (chart.plot())
            }
            figcaption { (chart.marks_in_words()) }
        }
    })
}

/// Width of a bucket in microseconds.
pub(super) fn bucket(report: &Report) -> i64 {
    i64::from(report.bucket_minutes.max(1)).saturating_mul(MINUTE)
}

fn legend() -> Markup {
    let swatch = |class: &str| {
        html! { svg.swatch width="14" height="10" aria-hidden="true" focusable="false" { rect class=(class) width="14" height="10" {} } }
    };
    html! {
        ul.legend {
            li { (swatch("sound")) "arrived or under way" }
            li { (swatch("held")) "held" }
            li { (swatch("failing")) "failing" }
            li { (swatch("gap")) "no record at all" }
            li { svg.swatch width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true" focusable="false" { circle.onset r="5.5" {} } "onset of an incident, its interval shaded" }
            li { svg.swatch width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true" focusable="false" { path.change d="M0-5 5 0 0 5-5 0z" {} } "change in the log" }
        }
    }
}

struct Chart<'a> {
    series: Series,
    report: &'a Report,
}

/// Counts of a column: all, failing, held.
type Counts = [u64; 3];

fn trouble(c: &Counts) -> u64 {
    c[1].saturating_add(c[2])
}

impl Chart<'_> {
    /// Place of a point in time, 0 to 1; `None` where it lies outside.
    fn x(&self, at: Instant) -> Option<f64> {
        let width = (self.series.end().saturating_sub(self.series.start)).max(1) as f64;
        let x = at.0.saturating_sub(self.series.start) as f64 / width;
        (0.0..=1.0).contains(&x).then_some(x)
    }

    fn peaks(&self) -> (u64, u64) {
        (nice(self.series.peak(|c| c[0].max(trouble(c)))), nice(self.series.peak(trouble)))
    }

    /// The numbers left of the charts.
    fn scale(&self) -> Markup {
        let (all, bad) = self.peaks();
        let lines = [(UPPER, VOLUME, all), (LOWER, TROUBLE, bad)];
        html! {
            svg.scale width="100%" height=(num(HEIGHT)) aria-hidden="true" focusable="false" {
                @for (top, height, most) in lines {
                    @for (y, value) in [(top, most), (top + height / 2.0, most / 2), (top + height, 0)] {
                        @if most > 0 && (value > 0 || y > top) {
                            text x="100%" y=(num(y + 4.0)) text-anchor="end" { (short(value)) }
                        }
                    }
                }
                text x="100%" y=(num(MARK_LANE + 17.0)) text-anchor="end" { "onset" }
                text x="100%" y=(num(MARK_LANE + 38.0)) text-anchor="end" { "change" }
            }
        }
    }

    fn plot(&self) -> Markup {
        html! {
            svg.chart width="100%" height=(num(HEIGHT)) role="img" aria-labelledby="time-name time-text" {
                title id="time-name" { "Deliveries over time" }
                desc id="time-text" { (self.in_words()) }
                (self.ground())
                (self.gaps())
                (self.intervals())
                (self.columns())
                (self.marks())
                (self.days())
            }
        }
    }

    fn ground(&self) -> Markup {
        let (all, bad) = self.peaks();
        let lines =
            [(UPPER, VOLUME, all, "All deliveries"), (LOWER, TROUBLE, bad, "Failing and held")];
        html! {
            @for (top, height, most, name) in lines {
                text.name x="0" y=(num(top - 8.0)) { (name) @if most == 0 { ": none" } }
                @for (y, class) in [(top, "grid"), (top + height / 2.0, "grid"), (top + height, "base")] {
                    line class=(class) x1="0" x2="100%" y1=(num(y)) y2=(num(y)) {}
                }
            }
        }
    }

    fn gaps(&self) -> Markup {
        let gaps = self.report.input.gaps.iter().take(MARKS);
        let boxes = gaps.filter_map(|gap| {
            let end = Instant(gap.to.0.min(self.series.end()));
            let (from, to) = (self.x(gap.from)?, self.x(end)?);
            Some((from, to - from, between(gap.from, gap.to, "to")))
        });
        html! {
            @for (x, width, words) in boxes {
                @for (top, height) in [(UPPER, VOLUME), (LOWER, TROUBLE)] {
                    rect.gap x=(percent(x)) width=(percent(width)) y=(num(top)) height=(num(height)) {
                        title { "No record from " (words) }
                    }
                }
            }
        }
    }

    fn columns(&self) -> Markup {
        let (all, bad) = self.peaks();
        let n = self.series.columns.len().max(1) as f64;
        let width = percent(0.86 / n);
        let part = |value: u64, of: u64, height: f64| value as f64 / of.max(1) as f64 * height;
        html! {
            @for (at, counts) in self.series.columns.iter().enumerate() {
                @if let Some(c) = counts {
                    @let x = percent((at as f64 + 0.07) / n);
                    g {
                        title { (self.column_in_words(at, c)) }
                        rect.hover x=(percent(at as f64 / n)) width=(percent(1.0 / n)) y=(num(UPPER)) height=(num(LOWER + TROUBLE - UPPER)) {}
                        @for (top, height, most, sound) in [
                            (UPPER, VOLUME, all, c[0].saturating_sub(trouble(c))),
                            (LOWER, TROUBLE, bad, 0),
                        ] {
                            @let failing = part(c[1], most, height);
                            @let held = part(c[2], most, height);
                            @let fine = part(sound, most, height);
                            @let base = top + height;
                            @for (class, y, h) in [
                                ("failing", base - failing, failing),
                                ("held", base - failing - held, held),
                                ("sound", base - failing - held - fine, fine),
                            ] {
                                @if h > 0.0 { rect class=(class) x=(x) width=(width) y=(num(y)) height=(num(h)) {} }
                            }
                        }
                    }
                }
            }
        }
    }

    fn column_in_words(&self, at: usize, c: &Counts) -> String {
        let from = self.series.start.saturating_add(self.series.step.saturating_mul(at as i64));
        format!(
            "{}: {}, {} failing, {} held",
            moment(Instant(from)),
            some(c[0], "delivery"),
            number(c[1]),
            number(c[2])
        )
    }

    /// Incidents with an onset, by the number of their card.
    fn incidents(&self) -> impl Iterator<Item = (usize, &Finding, Instant)> {
        let numbered = self.report.findings.iter().enumerate().take(MARKS);
        numbered
            .filter(|(_, f)| f.status == FindingStatus::Incident)
            .filter_map(|(at, f)| Some((at + 1, f, f.onset?)))
    }

    fn intervals(&self) -> Markup {
        let clamp = |at: Instant| Instant(at.0.clamp(self.series.start, self.series.end()));
        html! {
            @for (_, finding, _) in self.incidents() {
                @if let Some((a, b)) = finding.onset_interval
                    && let (Some(from), Some(to)) = (self.x(clamp(a)), self.x(clamp(b))) {
                    rect.interval x=(percent(from)) width=(percent((to - from).max(0.001))) y=(num(UPPER)) height=(num(MARK_LANE - UPPER)) {}
                }
            }
        }
    }

    fn marks(&self) -> Markup {
        let onset = MARK_LANE + 13.0;
        let change = MARK_LANE + 34.0;
        html! {
            @for (x, what, named) in self.changes() {
                svg.at x=(percent(x)) y=(num(change)) {
                    path class={ "change" @if named { " named" } } d="M0-5 5 0 0 5-5 0z" { title { (what) } }
                }
            }
            @for (number, finding, at) in self.incidents() {
                @if let Some(x) = self.x(at) {
                    line.onset x1=(percent(x)) x2=(percent(x)) y1=(num(UPPER)) y2=(num(onset)) {}
                    svg.at x=(percent(x)) y=(num(onset)) {
                        title { (moment(at)) ": " (title(&finding.title)) }
                        circle.onset r="8" {}
                        text.number y="3.5" text-anchor="middle" { (number) }
                    }
                }
            }
        }
    }

    /// Changes: place, words, named by an incident.
    fn changes(&self) -> Vec<(f64, String, bool)> {
        let Some(table) = self.report.table("changes") else { return Vec::new() };
        let at = |name: &str| table.columns.iter().position(|c| c.name == name);
        let (time, what, finding) = (at("time"), at("what"), at("finding"));
        let change = |row: &Vec<Cell>| {
            let Some(Cell::Instant(moment_of)) = row.get(time?) else { return None };
            let words = match row.get(what?) {
                Some(Cell::Text(words)) => title(words),
                _ => String::new(),
            };
            let named = matches!(finding.and_then(|at| row.get(at)), Some(Cell::Text(_)));
            Some((self.x(*moment_of)?, format!("{}: {words}", moment(*moment_of)), named))
        };
        // Those that an incident names are drawn last, and lie on top.
        let mut changes: Vec<_> = table.rows.iter().filter_map(change).take(MARKS).collect();
        changes.sort_by_key(|(_, _, named)| *named);
        changes
    }

    fn days(&self) -> Markup {
        let y = num(HEIGHT - 5.0);
        html! {
            @for (x, words, class) in labels(self.series.start, self.series.end()) {
                line.tick x1=(percent(x)) x2=(percent(x)) y1=(num(LOWER + TROUBLE)) y2=(num(LOWER + TROUBLE + 4.0)) {}
                text class=(class) x=(percent(x)) y=(y) text-anchor=(if x > 0.94 { "end" } else { "start" }) { (words) }
            }
        }
    }

    fn in_words(&self) -> String {
        let all = self.series.peak(|c| c[0]);
        let bad = self.series.peak(trouble);
        let mut words = format!(
            "From {}, per {}. At most {} at once, at most {} failing or held.",
            between(Instant(self.series.start), Instant(self.series.end()), "to"),
            duration(self.series.step),
            some(all, "delivery"),
            number(bad)
        );
        for (number, _, at) in self.incidents().take(12) {
            // Writing to a String cannot fail.
            let _ = write!(words, " Onset of incident {number}: {}.", moment(at));
        }
        words
    }

    /// Below the chart: incidents by number.
    fn marks_in_words(&self) -> Markup {
        html! {
            @if self.incidents().next().is_some() {
                ol.onsets {
                    @for (number, finding, at) in self.incidents().take(12) {
                        li {
                            span.number { (number) } " " (moment(at)) " "
                            a href={ "#finding-" (number) } { (Strange(&finding.title, 200)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn nothing_is_drawn_outside_and_nothing_is_left_out() {
        let report = sample::rich();
        let page = section(Answer::new(&report)).unwrap().into_string();
        let drawn: u64 = page
            .split("<g><title>")
            .skip(1)
            .map(|column| {
                let words = column.split(": ").nth(1).unwrap();
                let count: String =
                    words.chars().take_while(|c| *c != ' ').filter(char::is_ascii_digit).collect();
                count.parse::<u64>().unwrap()
            })
            .sum();
        let rows = sample::buckets().rows;
        let all = rows.iter().map(|row| match row[1] {
            Cell::Count(n) => n,
            _ => 0,
        });
        assert_eq!(drawn, all.sum::<u64>());
        assert!(page.contains("class=\"gap\"") && page.contains("No record from 2026-11-18 02:00"));
        for number in page.split(['\"', '%']).filter_map(|n| n.parse::<f64>().ok()) {
            assert!((-20.0..=4096.0).contains(&number), "{number}");
        }
    }

    #[test]
    fn a_report_without_a_row_has_no_chart() {
        let mut report = sample::rich();
        report.tables[0].rows.clear();
        assert!(section(Answer::new(&report)).is_none());
    }
}
