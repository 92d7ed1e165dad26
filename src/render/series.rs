//! Counts over time, added up to as many columns as a chart has room for.

use crate::model::time::{DAY, HOUR, MINUTE};
use crate::model::{Cell, Instant, Table};

/// The series of the table `outcome_by_bucket` that charts draw.
pub(super) const SERIES: [&str; 3] = ["deliveries", "failing", "held"];

/// Widths of a column that people can read, ascending.
const STEPS: [i64; 13] = [
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    4 * HOUR,
    6 * HOUR,
    8 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
];

/// One row of a table over time: start of its bucket, counts.
pub(super) type Tick = (i64, [u64; 3]);

/// Counts per column of time.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// Start of the first column, microseconds UTC.
    pub(super) start: i64,
    /// Width of a column, microseconds.
    pub(super) step: i64,
    /// Sums per column; `None` where no row of the table falls into it.
    pub(super) columns: Vec<Option<[u64; 3]>>,
}

impl Series {
    /// The series of a table in at most `most` columns; `None` where it has no row.
    pub(super) fn of(table: &Table, bucket: i64, most: usize) -> Option<Self> {
        let ticks = ticks(table, SERIES);
        let first = ticks.iter().map(|t| t.0).min()?;
        let last = ticks.iter().map(|t| t.0).max()?;
        Some(Self::between(&ticks, (first, last), bucket, most))
    }

    /// Ticks added up in at most `most` columns from `range.0` to `range.1`; what lies outside is
    /// left out.
    pub(super) fn between(ticks: &[Tick], range: (i64, i64), bucket: i64, most: usize) -> Self {
        let (first, last) = range;
        let step = step(first, last, bucket, most);
        let start = first.div_euclid(step).saturating_mul(step);
        let place = |at: i64| (at.saturating_sub(start) / step) as usize;
        let mut columns = vec![None; (place(last) + 1).min(most)];
        for (at, counts) in ticks.iter().filter(|(at, _)| *at >= start) {
            let Some(column) = columns.get_mut(place(*at)) else {
                continue;
            };
            let sums: &mut [u64; 3] = column.get_or_insert([0; 3]);
            for (sum, n) in sums.iter_mut().zip(counts) {
                *sum = sum.saturating_add(*n);
            }
        }
        Self { start, step, columns }
    }

    /// End of the last column.
    pub(super) fn end(&self) -> i64 {
        self.start.saturating_add(self.step.saturating_mul(self.columns.len() as i64))
    }

    /// Highest value of a series.
    pub(super) fn peak(&self, value: impl Fn(&[u64; 3]) -> u64) -> u64 {
        self.columns.iter().flatten().map(value).max().unwrap_or(0)
    }
}

/// The rows of a table that state a bucket, with three of its counts; a count that is absent is 0.
pub(super) fn ticks(table: &Table, names: [&str; 3]) -> Vec<Tick> {
    ticks_of(table, names, |_| true)
}

/// The same of the rows that are wanted.
pub(super) fn ticks_of(
    table: &Table,
    names: [&str; 3],
    wanted: impl Fn(&[Cell]) -> bool,
) -> Vec<Tick> {
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let Some(time) = at("bucket") else {
        return Vec::new();
    };
    let series = names.map(at);
    let tick = |row: &Vec<Cell>| {
        let Some(Cell::Instant(Instant(at))) = row.get(time) else {
            return None;
        };
        let count = |at: Option<usize>| match row.get(at?) {
            Some(Cell::Count(n)) => Some(*n),
            _ => None,
        };
        Some((*at, series.map(|at| count(at).unwrap_or(0))))
    };
    table.rows.iter().filter(|row| wanted(row)).filter_map(tick).collect()
}

/// The least readable step, a multiple of the bucket, with which the span takes at most `most`
/// columns.
fn step(first: i64, last: i64, bucket: i64, most: usize) -> i64 {
    let most = most.max(1) as i64;
    let fits = |step: &i64| {
        let columns = (last.div_euclid(*step)).saturating_sub(first.div_euclid(*step));
        columns < most
    };
    let multiple = |step: &i64| *step >= bucket && *step % bucket == 0;
    let readable = std::iter::once(bucket).chain(STEPS.into_iter().filter(multiple));
    readable.into_iter().find(fits).unwrap_or_else(|| {
        // Years of data: whole weeks, as many as it takes.
        let unit = bucket.max(7 * DAY);
        let span = last.saturating_sub(first);
        let units = span / most.saturating_sub(1).max(1) / unit + 1;
        units.saturating_mul(unit)
    })
}
