//! Hour by weekday: when mail fails or is held. A table of numbers, shaded; so it reads without
//! colour and aloud.

use crate::model::Report;
use crate::model::time::{DAY, HOUR, MINUTE};
use crate::render::Answer;
use crate::render::series::{SERIES, ticks};
use crate::render::words::{number, percent_of, some};
use maud::{Markup, html};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Steps of shade.
const SHADES: u64 = 6;

/// Above this share of all deliveries shares tell no hours apart, and counts are drawn.
const NEARLY_ALL: f64 = 0.9;

/// Below so many deliveries a share is chance: the hour stays pale.
const FEW: u64 = 5;

/// Deliveries, and failing and held ones, by weekday and hour.
type Week = [[(u64, u64); 24]; 7];

pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    let (week, first) = week(report)?;
    let totals = &report.totals;
    let counts = totals.failing_share + totals.held_share > NEARLY_ALL;
    let cells = || week.iter().flatten().filter(|c| c.0 >= FEW);
    let value = |c: &(u64, u64)| if counts { c.1 as f64 } else { c.1 as f64 / c.0.max(1) as f64 };
    let most = cells().map(value).fold(0.0, f64::max);
    Some(html! {
        p.note {
            @if counts { "Failing and held deliveries" } @else { "Failing and held deliveries per hundred" }
            " by weekday and hour, UTC; the darker, the more. Hours of fewer than "
            (FEW) " deliveries stay pale; a dot is an hour without mail."
        }
        div.scroll tabindex="0" role="region" aria-label="Hours of the week" {
            table.heat {
                caption.sr { "Failing and held deliveries by weekday and hour (UTC)" }
                thead {
                    tr {
                        td {}
                        @for hour in 0..24 { th scope="col" { (format!("{hour:02}")) } }
                    }
                }
                tbody {
                    @for (day, hours) in DAYS.iter().zip(&week) {
                        tr {
                            th scope="row" { (day) }
                            @for (hour, cell) in hours.iter().enumerate() {
                                (a_cell(day, hour, *cell, value(cell), most, counts))
                            }
                        }
                    }
                }
            }
        }
        @if let Some(words) = first { p.dim { (words) } }
    })
}

fn a_cell(day: &str, hour: usize, cell: (u64, u64), value: f64, most: f64, counts: bool) -> Markup {
    let (all, bad) = cell;
    if all == 0 {
        return html! { td.none { "·" } };
    }
    if all < FEW {
        return html! { td.few title=(in_words(day, hour, cell)) { (figure(bad, value, counts)) } };
    }
    let shade = if most > 0.0 && bad > 0 {
        ((value / most * SHADES as f64).ceil() as u64).clamp(1, SHADES)
    } else {
        0
    };
    let shade = format!("h{shade}");
    html! { td.(shade) title=(in_words(day, hour, cell)) { (figure(bad, value, counts)) } }
}

fn in_words(day: &str, hour: usize, (all, bad): (u64, u64)) -> String {
    format!(
        "{day} {hour:02}:00 UTC: {} of {} failing or held ({})",
        number(bad),
        some(all, "delivery"),
        percent_of(bad, all)
    )
}

fn figure(bad: u64, value: f64, counts: bool) -> String {
    match (bad, counts) {
        (0, _) => "0".to_owned(),
        (n, true) if n >= 10_000 => format!("{}k", n / 1000),
        (n, true) => n.to_string(),
        (_, false) if value < 0.005 => "<1".to_owned(),
        (_, false) => format!("{:.0}", value * 100.0),
    }
}

/// The week, and a remark where it is not a whole one; `None` where buckets are longer than an
/// hour or there is nothing to show.
fn week(report: &Report) -> Option<(Week, Option<&'static str>)> {
    let table = report.table("outcome_by_bucket")?;
    if i64::from(report.bucket_minutes) * MINUTE > HOUR {
        return None;
    }
    let mut week: Week = [[(0, 0); 24]; 7];
    for (at, [all, failing, held]) in ticks(table, SERIES) {
        // 1970-01-01 was a Thursday.
        let day = (at.div_euclid(DAY) + 3).rem_euclid(7) as usize;
        let hour = (at.rem_euclid(DAY) / HOUR) as usize;
        if let Some(cell) = week.get_mut(day).and_then(|hours| hours.get_mut(hour)) {
            cell.0 = cell.0.saturating_add(all);
            cell.1 = cell.1.saturating_add(failing).saturating_add(held);
        }
    }
    let (first, last) = report.window?;
    if week.iter().flatten().all(|c| c.0 == 0) {
        return None;
    }
    let short = last.0.saturating_sub(first.0) < 13 * DAY;
    let remark =
        "The window is shorter than two weeks: an hour here is one or two hours, not a habit.";
    Some((week, short.then_some(remark)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn hours_and_weekdays_are_where_they_belong() {
        let report = sample::rich();
        let (week, _) = week(&report).unwrap();
        // The sample begins on a Monday at midnight; Wednesday from 02:00 to 05:00 is a gap.
        assert_eq!(week[0][7], (900, 900 / 200 + 9));
        assert_eq!(week[2][3], (0, 0));
        assert_eq!(week[3][12], (900, 100 + 9));
        let page = section(Answer::new(&report)).unwrap().into_string();
        assert!(
            page.contains(
                "title=\"Thu 12:00 UTC: 109 of 900 deliveries failing or held (12.1%)\">12</td>"
            ),
            "{page}"
        );
        assert!(page.contains("class=\"none\""));
    }

    #[test]
    fn days_have_no_hours() {
        let mut report = sample::rich();
        report.bucket_minutes = 1440;
        assert!(week(&report).is_none());
    }

    #[test]
    fn where_everything_fails_counts_are_drawn() {
        let mut report = sample::rich();
        report.totals.failing_share = 0.95;
        let page = section(Answer::new(&report)).unwrap().into_string();
        assert!(page.contains(">109</td>"), "{page}");
        assert_eq!(figure(12_345, 0.0, true), "12k");
        assert_eq!(figure(1, 0.001, false), "<1");
    }
}
