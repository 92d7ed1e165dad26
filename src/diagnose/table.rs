//! The findings as a table, for spreadsheets.

use crate::model::report::{Cell, ColumnKind, Table};
use crate::model::{Finding, Instant};
use crate::tally::tables::column;
use std::collections::BTreeMap;

/// One row per finding, in the order of the report.
pub fn table(findings: &[Finding]) -> Table {
    let columns = vec![
        column("id", ColumnKind::Id),
        column("key", ColumnKind::Id),
        column("status", ColumnKind::Text),
        column("state", ColumnKind::Text),
        column("layer", ColumnKind::Text),
        column("cause", ColumnKind::Text),
        column("side", ColumnKind::Text),
        column("entity_type", ColumnKind::Text),
        column("entity", ColumnKind::Text),
        column("onset", ColumnKind::Instant),
        column("end", ColumnKind::Instant),
        column("deliveries", ColumnKind::Count),
        column("messages", ColumnKind::Count),
        column("share", ColumnKind::Share),
        column("confidence", ColumnKind::Share),
        column("codes", ColumnKind::Text),
        column("title", ColumnKind::Text),
    ];
    Table {
        name: "findings",
        title: "Findings: incidents first, by confidence, then share",
        columns,
        rows: findings.iter().map(row).collect(),
    }
}

/// When the deliveries of each finding were: of those that the run kept one by one, so that the
/// form of a series shows where they are a sample. Buckets are `width` microseconds wide.
pub fn by_bucket(findings: &[Finding], width: i64) -> Table {
    let mut rows = Vec::new();
    for f in findings {
        let mut buckets: BTreeMap<i64, u64> = BTreeMap::new();
        for hit in &f.affected {
            *buckets.entry(hit.time.0.div_euclid(width.max(1))).or_default() += 1;
        }
        rows.extend(buckets.into_iter().map(|(bucket, n)| {
            vec![
                Cell::Text(f.key.clone()),
                Cell::Text(f.id.clone()),
                Cell::Instant(Instant(bucket.saturating_mul(width))),
                Cell::Count(n),
            ]
        }));
    }
    Table {
        name: "finding_by_bucket",
        title: "Deliveries of each finding per time bucket (UTC), as far as they were kept one by one",
        columns: vec![
            column("finding_key", ColumnKind::Id),
            column("finding", ColumnKind::Id),
            column("bucket", ColumnKind::Instant),
            column("deliveries", ColumnKind::Count),
        ],
        rows,
    }
}

fn row(f: &Finding) -> Vec<Cell> {
    let text = |t: &str| Cell::Text(t.to_owned());
    let time = |t: Option<Instant>| t.map_or(Cell::Null, Cell::Instant);
    vec![
        text(&f.id),
        text(&f.key),
        text(f.status.as_str()),
        text(f.state.as_str()),
        text(f.layer.as_str()),
        text(&f.cause),
        text(f.side.as_str()),
        text(f.entity.kind.as_str()),
        text(&f.entity.value),
        time(f.onset),
        time(f.end),
        Cell::Count(f.deliveries),
        Cell::Count(f.messages),
        Cell::Share(f.share),
        Cell::Share(f.confidence),
        text(&f.codes.join("; ")),
        text(&f.title),
    ]
}
