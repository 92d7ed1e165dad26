//! The tables of the way mail takes: connectors and latencies. Absent where no input speaks of them.

use super::Tally;
use super::delays::Histogram;
use super::tables::column;
use crate::model::report::{Cell, Column, ColumnKind, Table};
use crate::model::{Direction, Instant};

/// The connectors, most deliveries first, `top` rows at most; `None` where no input names one.
pub(super) fn connectors(tally: &Tally, top: usize) -> Option<Table> {
    let mut ranked: Vec<_> = tally.connectors.iter().collect();
    ranked.sort_by(|(an, a), (bn, b)| b.deliveries.cmp(&a.deliveries).then_with(|| an.cmp(bn)));
    ranked.truncate(top);
    let rows: Vec<Vec<Cell>> = ranked
        .into_iter()
        .map(|(name, c)| {
            vec![
                Cell::Text(name.to_owned()),
                Cell::Text(c.main_direction().as_str().to_owned()),
                Cell::Count(c.deliveries),
                Cell::Count(c.failing),
                Cell::Count(c.held),
                Cell::Count(c.deferred),
                Cell::Instant(Instant(c.first)),
                Cell::Instant(Instant(c.last)),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        name: "connectors",
        title: "Connectors, most deliveries first",
        columns: vec![
            column("connector", ColumnKind::Text),
            column("direction", ColumnKind::Text),
            column("deliveries", ColumnKind::Count),
            column("failing", ColumnKind::Count),
            column("held", ColumnKind::Count),
            column("deferred", ColumnKind::Count),
            column("first", ColumnKind::Instant),
            column("last", ColumnKind::Instant),
        ],
        rows,
    })
}

/// Latencies per bucket and direction; `None` where no input states or shows one.
pub(super) fn latency(tally: &Tally) -> Option<Table> {
    let mut rows = Vec::new();
    for (bucket, delay) in tally.delays.iter() {
        for (direction, histogram) in Direction::ALL.iter().zip(&delay.latency) {
            if histogram.count() == 0 {
                continue;
            }
            let mut row = vec![
                Cell::Instant(Instant(bucket * tally.bucket)),
                Cell::Text(direction.as_str().to_owned()),
                Cell::Count(histogram.count()),
            ];
            row.extend([0.5, 0.95, 0.99].map(|q| seconds(histogram, q)));
            rows.push(row);
        }
    }
    let quantile = |name| Column { name, kind: ColumnKind::Count, unit: Some("s") };
    (!rows.is_empty()).then(|| Table {
        name: "latency",
        title: "Seconds from acceptance to delivery, per time bucket (UTC) and direction",
        columns: vec![
            column("bucket", ColumnKind::Instant),
            column("direction", ColumnKind::Text),
            column("deliveries", ColumnKind::Count),
            quantile("p50_seconds"),
            quantile("p95_seconds"),
            quantile("p99_seconds"),
        ],
        rows,
    })
}

fn seconds(histogram: &Histogram, q: f64) -> Cell {
    // Bins are a fifth wide to each side: fractions of a second would be invented.
    histogram.quantile(q).map_or(Cell::Null, |s| Cell::Count(s.round() as u64))
}
