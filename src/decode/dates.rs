//! Day/month order, settled once per input before its rows are decoded.

use super::time::{self, Written};
use crate::model::time::DAY;

/// Order of the numbers in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// Decide from the input.
    #[default]
    Auto,
    /// Month, day, year.
    Mdy,
    /// Day, month, year.
    Dmy,
    /// Year, month, day.
    Ymd,
}

impl DateOrder {
    /// Spelling on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Mdy => "mdy",
            Self::Dmy => "dmy",
            Self::Ymd => "ymd",
        }
    }
}

/// A settled order and what decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Never `Auto`.
    pub order: DateOrder,
    /// What decided, as half a sentence for the report; `None` where there was nothing to decide.
    pub because: Option<&'static str>,
}

/// One reading of the ambiguous cells: the span they cover, and how well they are sorted.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    last: Option<i64>,
    rising: u64,
    falling: u64,
    first: Option<i64>,
    earliest: i64,
    latest: i64,
}

impl Reading {
    fn observe(&mut self, time: i64) {
        if let Some(last) = self.last {
            self.rising += u64::from(time > last);
            self.falling += u64::from(time < last);
        }
        self.last = Some(time);
        if self.first.is_none() {
            self.first = Some(time);
            self.earliest = time;
            self.latest = time;
        }
        self.earliest = self.earliest.min(time);
        self.latest = self.latest.max(time);
    }

    /// Steps against the main direction.
    fn disorder(&self) -> u64 {
        self.rising.min(self.falling)
    }

    fn span(&self) -> i64 {
        self.latest.saturating_sub(self.earliest)
    }
}

/// What the time column says about its own order. Observe cells in file order, then settle.
#[derive(Clone, Copy, Debug, Default)]
pub struct DateEvidence {
    dots: u64,
    ambiguous: u64,
    first_over_12: u64,
    second_over_12: u64,
    mdy: Reading,
    dmy: Reading,
}

impl DateEvidence {
    /// Looks at one time cell, as written.
    pub fn observe(&mut self, cell: &[u8]) {
        if let Some(written) = time::parse(cell) {
            self.observe_written(&written);
        }
    }

    fn observe_written(&mut self, written: &Written) {
        if written.year_first() {
            return;
        }
        if written.separator == b'.' {
            self.dots += 1;
            return;
        }
        self.ambiguous += 1;
        self.first_over_12 += u64::from(written.date[0] > 12);
        self.second_over_12 += u64::from(written.date[1] > 12);
        if let Some(t) = written.instant(DateOrder::Mdy) {
            self.mdy.observe(t.0);
        }
        if let Some(t) = written.instant(DateOrder::Dmy) {
            self.dmy.observe(t.0);
        }
    }

    /// True where the cells seen so far already decide: no slashes or dashes with the year last,
    /// or an impossible month among them.
    pub fn decided(&self) -> bool {
        self.ambiguous == 0 || self.first_over_12 != self.second_over_12
    }

    /// The order, by: separator, impossible values, the export's own sort order, the shorter
    /// window (a cmdlet query spans at most 10 days), then month first.
    pub fn settle(&self) -> Settled {
        let settled = |order, because| Settled { order, because: Some(because) };
        if self.ambiguous == 0 {
            let because = (self.dots > 0).then_some("dots separate day and month");
            return Settled { order: DateOrder::Dmy, because };
        }
        if self.first_over_12 > self.second_over_12 {
            return settled(DateOrder::Dmy, "a first number above 12");
        }
        if self.second_over_12 > self.first_over_12 {
            return settled(DateOrder::Mdy, "a second number above 12");
        }
        let steps = self.mdy.rising + self.mdy.falling;
        let (m, d) = (self.mdy.disorder(), self.dmy.disorder());
        if steps >= 10 && m != d && m.min(d) * 20 <= m.max(d) {
            return if m < d {
                settled(DateOrder::Mdy, "only so are the rows in order of time")
            } else {
                settled(DateOrder::Dmy, "only so are the rows in order of time")
            };
        }
        let (m, d) = (self.mdy.span(), self.dmy.span());
        if m.abs_diff(d) > DAY as u64 {
            return if m < d {
                settled(DateOrder::Mdy, "only so is the window short")
            } else {
                settled(DateOrder::Dmy, "only so is the window short")
            };
        }
        settled(DateOrder::Mdy, "nothing in the file decides; month first is the cmdlet's default")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(cells: &[&str]) -> Settled {
        let mut evidence = DateEvidence::default();
        for cell in cells {
            evidence.observe(cell.as_bytes());
        }
        evidence.settle()
    }

    #[test]
    fn what_decides() {
        assert_eq!(settle(&["2026-11-03T00:00:00Z"]).because, None);
        assert_eq!(settle(&["03.04.2026 10:00:00"]).order, DateOrder::Dmy);
        assert_eq!(settle(&["03/04/2026 10:00", "13/04/2026 10:00"]).order, DateOrder::Dmy);
        assert_eq!(settle(&["3/4/2026 1:00 AM", "3/14/2026 1:00 AM"]).order, DateOrder::Mdy);
        // Ten days in March, or the fourth of ten months?
        let days: Vec<String> = (1..=10).map(|d| format!("{d:02}/03/2026 10:00:00")).collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        assert_eq!(settle(&days).order, DateOrder::Dmy);
        assert_eq!(settle(&days).because, Some("only so is the window short"));
        assert_eq!(settle(&["3/4/2026 1:00 AM"]).order, DateOrder::Mdy);
    }

    #[test]
    fn sort_order_decides_before_the_window() {
        // Newest first over a month border, month first.
        let mut cells = Vec::new();
        for (month, day) in [(11, 3), (11, 2), (11, 1), (10, 12), (10, 11), (10, 10)] {
            for hour in [11, 9, 7] {
                cells.push(format!("{month}/{day}/2026 {hour}:00:00 AM"));
            }
        }
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let settled = settle(&cells);
        assert_eq!(settled.order, DateOrder::Mdy);
        assert_eq!(settled.because, Some("only so are the rows in order of time"));
    }
}
