//! Numbers of filter rules that stand on held legitimate mail more often than chance allows.
//!
//! Fisher's exact test, one-sided, for each number; Benjamini and Hochberg's procedure over all of
//! them. The numbers are not documented, rules that fire together go together, and "legitimate"
//! means no more than that the sender is proved: a clue for a report to Microsoft, no diagnosis.

use crate::model::report::{Cell, Column, ColumnKind, Table};
use crate::stats;
use crate::tally::Tally;

/// Held deliveries that a number must stand on.
const SUPPORT: u64 = 5;
/// False discoveries tolerated among the listed ones.
const LEVEL: f64 = 0.05;
/// How much more often than elsewhere it must be held.
const RATIO: f64 = 1.5;

/// The table; `None` where no number stands out.
pub fn table(tally: &Tally, top: usize) -> Option<Table> {
    let tested: Vec<_> = tally
        .rule_ids
        .iter()
        .filter(|(_, _, with)| with.held >= SUPPORT)
        .map(|(kind, number, with)| {
            let all = tally.rule_ids.total(kind);
            let p = stats::hypergeometric_at_least(with.held, with.all, all.held, all.all);
            (kind, number, with, all, p)
        })
        .collect();
    let p: Vec<f64> = tested.iter().map(|t| t.4).collect();
    let share = |part: u64, of: u64| part as f64 / of.max(1) as f64;
    let mut found: Vec<_> = tested
        .into_iter()
        .zip(stats::adjusted(&p))
        .filter(|((_, _, with, all, _), adjusted)| {
            let (without, held) = (all.all - with.all, all.held - with.held);
            *adjusted <= LEVEL && share(with.held, with.all) >= RATIO * share(held, without)
        })
        .collect();
    found.sort_by(|(a, pa), (b, pb)| {
        pa.total_cmp(pb).then(b.2.held.cmp(&a.2.held)).then((a.0, a.1).cmp(&(b.0, b.1)))
    });
    found.truncate(top);
    let rows: Vec<Vec<Cell>> = found
        .into_iter()
        .map(|((kind, number, with, all, _), adjusted)| {
            let (without, held) = (all.all - with.all, all.held - with.held);
            vec![
                Cell::Text(kind.as_str().to_owned()),
                Cell::Text(number.to_string()),
                Cell::Count(with.held),
                Cell::Count(with.all),
                Cell::Share(share(with.held, with.all)),
                Cell::Share(share(held, without)),
                Cell::Text(format!("{adjusted:.1e}")),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        name: "rule_ids",
        title: "Numbers of filter rules over-represented on held mail of proved senders: undocumented, \
                a clue and no cause",
        columns: columns(),
        rows,
    })
}

fn columns() -> Vec<Column> {
    let column = |name, kind| Column { name, kind, unit: None };
    vec![
        column("kind", ColumnKind::Text),
        column("number", ColumnKind::Id),
        column("held", ColumnKind::Count),
        column("deliveries", ColumnKind::Count),
        column("held_share", ColumnKind::Share),
        column("held_share_without", ColumnKind::Share),
        column("p_adjusted", ColumnKind::Text),
    ]
}
