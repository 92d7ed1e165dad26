//! The tables of a report folder that are drawn from the report itself (totals, layers, inputs), and
//! all of them together: every table of the catalogue is there in every run, with its header where
//! it has no rows, so that a scheduled import never misses a file.

use crate::model::catalogue::{self, TABLES, TableSpec};
use crate::model::report::LayerReport;
use crate::model::{Cell, Column, Layer, LayerState, Report, SourceEntry, Table};
use std::borrow::Cow;

/// Every table but `affected`, in the order of the catalogue, then what the catalogue does not know.
pub fn all(report: &Report) -> Vec<Cow<'_, Table>> {
    let known = TABLES.iter().filter(|spec| spec.name != "affected");
    let unknown = report.tables.iter().filter(|t| catalogue::table(t.name).is_none());
    known.map(|spec| table(report, spec)).chain(unknown.map(Cow::Borrowed)).collect()
}

/// One table of the catalogue.
pub fn table<'a>(report: &'a Report, spec: &TableSpec) -> Cow<'a, Table> {
    match spec.name {
        "totals" => Cow::Owned(totals(report, spec)),
        "layers" => Cow::Owned(layers(report, spec)),
        "sources" => Cow::Owned(sources(report, spec)),
        name => {
            report.table(name).map_or_else(|| Cow::Owned(with(spec, Vec::new())), Cow::Borrowed)
        }
    }
}

fn with(spec: &TableSpec, rows: Vec<Vec<Cell>>) -> Table {
    let columns =
        spec.columns.iter().map(|c| Column { name: c.name, kind: c.kind, unit: c.unit }).collect();
    Table { name: spec.name, title: spec.row, columns, rows }
}

fn text(value: &str) -> Cell {
    if value.is_empty() { Cell::Null } else { Cell::Text(value.to_owned()) }
}

fn totals(report: &Report, spec: &TableSpec) -> Table {
    let t = &report.totals;
    let input = &report.input;
    let word = |w: &str| Cell::Text(w.to_owned());
    let part = |n: u64| Cell::Share(n as f64 / input.deliveries.max(1) as f64);
    let counted =
        |group: &str, name: &str, n: u64| vec![word(group), word(name), Cell::Count(n), part(n)];
    let mut rows = Vec::new();
    rows.extend(t.outcome.iter().map(|(v, n)| counted("outcome", v.as_str(), *n)));
    rows.extend(t.placement.iter().map(|(v, n)| counted("placement", v.as_str(), *n)));
    rows.extend(t.direction.iter().map(|(v, n)| counted("direction", v.as_str(), *n)));
    for (name, n, share) in
        [("failing", t.failing, t.failing_share), ("held", t.held, t.held_share)]
    {
        rows.push(vec![word("judgement"), word(name), Cell::Count(n), Cell::Share(share)]);
    }
    for (name, n) in [
        ("files", input.files),
        ("bytes", input.bytes),
        ("rows", input.rows),
        ("rejected", input.rejected),
        ("duplicates", input.duplicates),
        ("messages", input.messages),
        ("deliveries", input.deliveries),
        ("gaps", input.gaps.len() as u64),
    ] {
        rows.push(vec![word("input"), word(name), Cell::Count(n), Cell::Null]);
    }
    with(spec, rows)
}

fn layers(report: &Report, spec: &TableSpec) -> Table {
    let row = |layer: &Layer| {
        let found: Option<&LayerReport> = report.layers.iter().find(|l| l.layer == *layer);
        vec![
            Cell::Text(layer.as_str().to_owned()),
            // A layer that nobody reported on was not observable.
            Cell::Text(found.map_or(LayerState::NotObservable, |l| l.state).as_str().to_owned()),
            Cell::Count(found.map_or(0, |l| l.deliveries)),
            Cell::Share(found.map_or(0.0, |l| l.share)),
            text(&found.map_or_else(String::new, |l| l.seen_by.join("; "))),
            text(&found.map_or_else(String::new, |l| l.needs.join("; "))),
        ]
    };
    with(spec, Layer::ALL.iter().map(row).collect())
}

fn sources(report: &Report, spec: &TableSpec) -> Table {
    let row = |s: &SourceEntry| {
        vec![
            Cell::Text(s.path.clone()),
            Cell::Text(s.role.as_str().to_owned()),
            text(s.format.unwrap_or("")),
            text(s.encoding.map_or("", crate::model::Encoding::as_str)),
            Cell::Count(s.bytes),
            Cell::Count(s.rows),
            Cell::Count(s.rejected),
            Cell::Count(s.duplicates),
            s.first.map_or(Cell::Null, Cell::Instant),
            s.last.map_or(Cell::Null, Cell::Instant),
            s.cap_hit.map_or(Cell::Null, Cell::Count),
            text(s.filter.as_deref().unwrap_or("")),
            text(s.sha256.as_deref().unwrap_or("")),
            text(&s.warnings.join("; ")),
        ]
    };
    with(spec, report.input.sources.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn every_table_is_there_without_a_row_too() {
        let empty = Report::default();
        let names: Vec<&str> = all(&empty).iter().map(|t| t.name).collect();
        let known: Vec<&str> = TABLES.iter().map(|t| t.name).filter(|n| *n != "affected").collect();
        assert_eq!(names, known);
        let rich = sample::rich();
        for table in all(&rich) {
            assert!(table.rows.iter().all(|r| r.len() == table.columns.len()), "{}", table.name);
        }
        assert_eq!(table(&rich, &TABLES[1]).rows.len(), Layer::ALL.len());
    }

    #[test]
    fn names_are_plain_and_stand_once() {
        let mut names = std::collections::BTreeSet::new();
        for spec in TABLES {
            assert!(names.insert(spec.name), "{} twice", spec.name);
            let plain = |n: &str| {
                n.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            };
            assert!(
                plain(spec.name) && spec.columns.iter().all(|c| plain(c.name)),
                "{}",
                spec.name
            );
            let columns: std::collections::BTreeSet<_> =
                spec.columns.iter().map(|c| c.name).collect();
            assert_eq!(columns.len(), spec.columns.len(), "{}: a column twice", spec.name);
        }
    }
}
