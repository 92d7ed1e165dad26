//! Scales: round ends for counts, words for days and hours.

use super::svg::num;
use crate::model::Instant;
use crate::model::time::{DAY, HOUR};
use crate::render::words::{clock, number};

/// A round number not below the highest value, so that halves are whole.
pub(super) fn nice(peak: u64) -> u64 {
    if peak == 0 {
        return 0;
    }
    let unit = 10u64.saturating_pow(peak.ilog10());
    let steps = [1, 2, 3, 4, 5, 6, 8, 10].map(|n: u64| unit.saturating_mul(n));
    let round = steps.into_iter().find(|n| *n >= peak).unwrap_or(peak);
    round.max(2)
}

/// A number in few characters.
pub(super) fn short(n: u64) -> String {
    let scaled = |unit: f64, letter: &str| {
        format!("{}{letter}", num((n as f64 / unit * 10.0).round() / 10.0))
    };
    match n {
        0..=9_999 => number(n),
        10_000..=999_999 => scaled(1e3, "k"),
        1_000_000..=999_999_999 => scaled(1e6, "M"),
        _ => scaled(1e9, "G"),
    }
}

/// Day and month.
fn day(at: Instant) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, month, day, ..) = at.civil();
    format!("{day} {}", MONTHS.get(month as usize - 1).unwrap_or(&""))
}

/// Marks of an axis of time from `first` to `last`: place (0 to 1), words, class. Those of the
/// class `wide` may stay away on a narrow screen.
pub(super) fn labels(first: i64, last: i64) -> Vec<(f64, String, &'static str)> {
    let span = last.saturating_sub(first).max(1);
    let hours = span <= 2 * DAY;
    let units: &[i64] =
        if hours { &[1, 2, 3, 6, 12] } else { &[1, 2, 3, 7, 14, 28, 91, 364, 3640] };
    let unit = if hours { HOUR } else { DAY };
    let step = units.iter().map(|u| u * unit).find(|step| span / step <= 12);
    let step = step.unwrap_or_else(|| (span / 12).max(1));
    // Weeks begin on Mondays; 1970-01-05 was one.
    let monday = if step % (7 * DAY) == 0 { 4 * DAY } else { 0 };
    let begin = first.saturating_sub(monday).div_euclid(step).saturating_mul(step);
    let begin = begin.saturating_add(monday);
    let places = (0..16).map(|n: i64| begin.saturating_add(step.saturating_mul(n)));
    let inside = places.filter(|at| (first..last).contains(at));
    let label = |(n, at): (usize, i64)| {
        let midnight = at.rem_euclid(DAY) == 0;
        let words = if hours && !midnight { clock(Instant(at)) } else { day(Instant(at)) };
        let x = at.saturating_sub(first) as f64 / span as f64;
        (x, words, if n % 3 == 0 { "tick" } else { "tick wide" })
    };
    inside.enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample::at;
    use proptest::prelude::*;

    #[test]
    fn scales_end_round() {
        for (peak, top) in [(0, 0), (1, 2), (7, 8), (11, 20), (101, 200), (950, 1000), (2700, 3000)]
        {
            assert_eq!(nice(peak), top, "{peak}");
        }
        assert!(nice(u64::MAX) > 0);
        assert_eq!(short(9_999), "9,999");
        assert_eq!(short(12_345), "12.3k");
        assert_eq!(short(3_000_000), "3M");
    }

    #[test]
    fn days_and_hours_are_named() {
        let words = |from: i64, to: i64| -> Vec<String> {
            labels(at(from).0, at(to).0).into_iter().map(|l| l.1).collect()
        };
        assert_eq!(words(5, 24 * 4), ["17 Nov", "18 Nov", "19 Nov"]);
        assert_eq!(words(22, 27), ["22:00", "23:00", "17 Nov", "01:00", "02:00"]);
        assert_eq!(words(24, 24 * 50)[..2], ["23 Nov", "30 Nov"], "Mondays");
        assert_eq!(labels(at(0).0, at(0).0 + 1), [(0.0, "16 Nov".to_owned(), "tick")]);
    }

    proptest! {
        #[test]
        fn any_span_has_few_marks_inside(a in -60_000_000_000_000_000i64..250_000_000_000_000_000, length in any::<u32>(), wide in 1i64..1_000_000) {
            let marks = labels(a, a.saturating_add(i64::from(length).saturating_mul(wide)));
            prop_assert!(marks.len() <= 16);
            prop_assert!(marks.iter().all(|(x, ..)| (0.0..1.0).contains(x)));
        }
    }
}
