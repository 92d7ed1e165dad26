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
    /// As settled from the input, by the way each date is written.
    ByStyle(ByStyle),
}

/// Ways of writing a date whose order is a question: dashes or slashes, 24 or twelve hours.
const STYLES: usize = 4;
/// The first of the ways with slashes.
const SLASH: usize = 2;

/// For every way of writing whether the day stands first; `None` where no date was seen that is
/// written so. Dots always separate day, month and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ByStyle([Option<bool>; STYLES]);

impl ByStyle {
    /// Whether the day of this date stands first; `None` where that was not settled for the way in
    /// which it is written.
    pub(super) fn day_first(self, written: &Written) -> Option<bool> {
        match style_of(written) {
            Some(style) => self.0.get(style).copied().flatten(),
            None => Some(true),
        }
    }
}

/// The way a date is written; `None` for dots.
fn style_of(written: &Written) -> Option<usize> {
    let twelve = usize::from(written.twelve_hours);
    match written.separator {
        b'-' => Some(twelve),
        b'/' => Some(SLASH + twelve),
        _ => None,
    }
}

impl DateOrder {
    /// Spelling on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Mdy => "mdy",
            Self::Dmy => "dmy",
            Self::Ymd => "ymd",
            Self::ByStyle(_) => "as settled",
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
    /// Dates with dots were seen.
    dots: bool,
}

impl Settled {
    /// An order that the user has given.
    pub fn given(order: DateOrder) -> Self {
        Self { order, because: Some("--date-order"), dots: false }
    }

    /// How dates are read, in words.
    pub fn words(&self) -> &'static str {
        let (mut day, mut month) = (self.dots, false);
        match self.order {
            DateOrder::Auto => return "written",
            DateOrder::Ymd => return "year/month/day",
            DateOrder::Mdy => month = true,
            DateOrder::Dmy => day = true,
            DateOrder::ByStyle(ByStyle(orders)) => {
                day |= orders.contains(&Some(true));
                month |= orders.contains(&Some(false));
            }
        }
        match (day, month) {
            (true, true) => "day/month/year or month/day/year",
            (_, true) => "month/day/year",
            (true, _) => "day/month/year",
            _ => "year/month/day",
        }
    }
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

/// Cells written in one way.
#[derive(Clone, Copy, Debug, Default)]
struct Style {
    seen: u64,
    first_over_12: u64,
    second_over_12: u64,
    mdy: Reading,
    dmy: Reading,
}

impl Style {
    fn observe(&mut self, written: &Written) {
        self.seen += 1;
        self.first_over_12 += u64::from(written.date[0] > 12);
        self.second_over_12 += u64::from(written.date[1] > 12);
        if let Some(t) = written.instant(DateOrder::Mdy) {
            self.mdy.observe(t.0);
        }
        if let Some(t) = written.instant(DateOrder::Dmy) {
            self.dmy.observe(t.0);
        }
    }

    /// Impossible months decide.
    fn decided(&self) -> bool {
        self.seen == 0 || self.first_over_12 != self.second_over_12
    }

    /// The order (day first or not), as far as the cells tell.
    fn settle(&self) -> Option<(bool, &'static str)> {
        const SORTED: &str = "only so are the rows in order of time";
        const SHORT: &str = "only so is the window short";
        let (first, second) = (self.first_over_12, self.second_over_12);
        if first != second {
            return Some(match (first > second, first.min(second) > 0) {
                (true, false) => (true, "a first number above 12"),
                (false, false) => (false, "a second number above 12"),
                (true, true) => (true, "a first number above 12 in most rows that tell"),
                (false, true) => (false, "a second number above 12 in most rows that tell"),
            });
        }
        let steps = self.mdy.rising + self.mdy.falling;
        let (m, d) = (self.mdy.disorder(), self.dmy.disorder());
        if steps >= 10 && m != d && m.min(d) * 20 <= m.max(d) {
            return Some((d < m, SORTED));
        }
        let (m, d) = (self.mdy.span(), self.dmy.span());
        (m.abs_diff(d) > DAY as u64).then_some((d < m, SHORT))
    }
}

/// What the time column says about its own order. Observe cells in file order, then settle.
///
/// Dates are told apart by the way they are written (separator, clock of twelve or 24 hours),
/// because exports of different cultures get appended to each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct DateEvidence {
    dots: u64,
    styles: [Style; STYLES],
}

impl DateEvidence {
    /// Looks at one time cell, as written.
    pub fn observe(&mut self, cell: &[u8]) {
        let Some(written) = time::parse(cell).filter(|w| !w.year_first()) else { return };
        match style_of(&written).and_then(|at| self.styles.get_mut(at)) {
            Some(style) => style.observe(&written),
            None => self.dots += 1,
        }
    }

    /// True where the cells seen so far already decide: no slashes or dashes with the year last,
    /// or an impossible month among them.
    pub fn decided(&self) -> bool {
        self.styles.iter().all(Style::decided)
    }

    /// The order, by: separator, impossible values, the export's own sort order, the shorter
    /// window (a cmdlet query spans at most 10 days), what other dates of the file say, then day
    /// first between dashes (as all cultures do that write them) and month first between slashes.
    ///
    /// What contradicts the order is no date under it, and its row will be refused; so are dates
    /// written in a way of which no cell was seen.
    pub fn settle(&self) -> Settled {
        const MIXED: &str = "it is written in several ways, and each was judged by itself";
        let seen = || self.styles.iter().enumerate().filter(|(_, style)| style.seen > 0);
        let told = seen().filter_map(|(_, style)| Some((style.seen, style.settle()?)));
        let others = told.max_by_key(|(seen, _)| *seen).map(|(_, (day_first, _))| day_first);
        let mut orders = ByStyle::default();
        let mut answers = Vec::new();
        for (at, style) in seen() {
            let (day_first, because) = style.settle().unwrap_or(match others {
                Some(day_first) => (day_first, "as other dates of the file are"),
                None if at < SLASH => (true, "nothing in the file decides; dashes mean day first"),
                None => (false, "nothing in the file decides; month first is the cmdlet's default"),
            });
            if let Some(order) = orders.0.get_mut(at) {
                *order = Some(day_first);
            }
            answers.push((style.seen, day_first, because));
        }
        let most = answers.iter().max_by_key(|(seen, ..)| *seen);
        let because = match most {
            None => (self.dots > 0).then_some("dots separate day and month"),
            Some((_, order, because)) => {
                let dots = self.dots > 0 && !order;
                let mixed = dots || answers.iter().any(|(_, other, _)| other != order);
                Some(if mixed { MIXED } else { because })
            }
        };
        Settled { order: DateOrder::ByStyle(orders), because, dots: self.dots > 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Instant;

    fn settle(cells: &[&str]) -> Settled {
        let mut evidence = DateEvidence::default();
        for cell in cells {
            evidence.observe(cell.as_bytes());
        }
        evidence.settle()
    }

    /// How the cells are read, and why so.
    fn read(cells: &[&str]) -> (&'static str, &'static str) {
        let settled = settle(cells);
        (settled.words(), settled.because.unwrap_or_default())
    }

    fn instant(cell: &str, settled: Settled) -> Option<String> {
        time::parse(cell.as_bytes())?.instant(settled.order).map(Instant::rfc3339)
    }

    const DMY: &str = "day/month/year";
    const MDY: &str = "month/day/year";

    #[test]
    fn what_decides() {
        assert_eq!(settle(&["2026-11-03T00:00:00Z", "3-Nov-2026"]).because, None);
        assert_eq!(read(&["03.04.2026 10:00:00"]).0, DMY);
        assert_eq!(read(&["03/04/2026 10:00", "13/04/2026 10:00"]).0, DMY);
        assert_eq!(read(&["3/4/2026 1:00 AM", "3/14/2026 1:00 AM"]).0, MDY);
        // Ten days in March, or the fourth of ten months?
        let days: Vec<String> = (1..=10).map(|d| format!("{d:02}/03/2026 10:00:00")).collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        assert_eq!(read(&days), (DMY, "only so is the window short"));
        assert_eq!(read(&["3/4/2026 1:00 AM"]).0, MDY);
        assert_eq!(read(&["03-04-2026 01:00"]).0, DMY);
        assert_eq!(read(&["16-11-2026 08:14"]), (DMY, "a first number above 12"));
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
        assert_eq!(read(&cells), (MDY, "only so are the rows in order of time"));
    }

    #[test]
    fn appended_exports_of_two_cultures() {
        let cells = ["11/16/2026 1:00:00 AM", "16/11/2026 13:00:00", "16.11.2026 10:00"];
        let settled = settle(&cells);
        assert_eq!(settled.words(), "day/month/year or month/day/year");
        assert!(settled.because.is_some_and(|b| b.contains("several ways")));
        for (cell, day) in [
            ("11/3/2026 1:00:00 AM", "2026-11-03T01:00:00Z"),
            ("03/11/2026 13:00:00", "2026-11-03T13:00:00Z"),
            ("03.11.2026 13:00:00", "2026-11-03T13:00:00Z"),
        ] {
            assert_eq!(instant(cell, settled).as_deref(), Some(day), "{cell}");
        }
        assert_eq!(instant("03-11-2026 13:00:00", settled), None, "not seen so far");
    }

    #[test]
    fn the_majority_decides_what_is_written_alike() {
        let cells = ["16/11/2026 10:00", "17/11/2026 10:00", "11/18/2026 10:00"];
        let settled = settle(&cells);
        assert_eq!(read(&cells), (DMY, "a first number above 12 in most rows that tell"));
        assert_eq!(instant("11/18/2026 10:00", settled), None);
        assert_eq!(settle(&cells[..1]).words(), settled.words());
    }

    #[test]
    fn other_dates_of_the_file_decide_before_the_default() {
        assert_eq!(read(&["16/11/2026 13:00", "3/4/2026 1:00 AM"]).0, DMY);
        assert_eq!(read(&["11/16/2026 13:00", "03-04-2026 01:00"]).0, MDY);
    }
}
