//! Which values of the service's stamps stand together, on how many deliveries, and what became of
//! these. Trusted stamps of message files only.

use super::Observed;
use super::stamped::Stamped;
use super::tables::column;
use crate::model::message::Stamps;
use crate::model::report::{Cell, ColumnKind, Table};
use std::collections::BTreeMap;

/// The values of a set of fields, in one text; empty where none is stated.
type Values = fn(&Stamps) -> String;

/// Sets of fields that are counted together.
const SETS: &[(&str, Values)] = &[
    ("SFV CAT", |s| joined(&[word(s.sfv.as_ref()), word(s.cat.as_ref())])),
    ("SCL dest", |s| joined(&[scl(s), word(s.dest.as_ref())])),
    ("CAT dest", |s| joined(&[word(s.cat.as_ref()), word(s.dest.as_ref())])),
    ("BCL dest", |s| joined(&[bcl(s), word(s.dest.as_ref())])),
    ("dest OFR", |s| joined(&[word(s.dest.as_ref()), word(s.ofr.as_ref())])),
    ("SPF DKIM DMARC compauth", |s| {
        joined(&[word(s.spf.as_ref()), dkim(s), word(s.dmarc.as_ref()), word(s.compauth.as_ref())])
    }),
    ("DMARC action CAT", |s| {
        joined(&[word(s.dmarc.as_ref()), word(s.dmarc_action.as_ref()), word(s.cat.as_ref())])
    }),
    ("AuthAs DIR SCL", |s| joined(&[word(s.auth_as.as_ref()), word(s.dir.as_ref()), scl(s)])),
];
/// Longest value counted by itself, bytes: documented ones are shorter.
const LONGEST: usize = 24;

/// Counts by (place in [`SETS`], values).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StampPairs {
    counts: BTreeMap<(usize, String), Stamped>,
}

impl StampPairs {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        // Exports that carry verdicts have stamps as well; only a message file has a trail.
        let stamps = o.delivery.stamps().find(|s| s.trusted && s.trail.is_some());
        let Some(stamps) = stamps else { return };
        let one = Stamped {
            deliveries: 1,
            failing: u64::from(o.verdict.failing),
            held: u64::from(o.verdict.held),
        };
        for (at, (_, values)) in SETS.iter().enumerate() {
            let values = values(stamps);
            if !values.is_empty() {
                self.count((at, values), one);
            }
        }
    }

    fn count(&mut self, key: (usize, String), more: Stamped) {
        let count = self.counts.entry(key).or_default();
        count.deliveries += more.deliveries;
        count.failing += more.failing;
        count.held += more.held;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, more) in other.counts {
            self.count(key, more);
        }
    }

    /// The table; `None` where no message file has trusted stamps.
    pub(super) fn table(&self) -> Option<Table> {
        let mut ranked: Vec<_> = self.counts.iter().collect();
        ranked.sort_by(|((f, v), a), ((g, w), b)| {
            f.cmp(g).then(b.deliveries.cmp(&a.deliveries)).then_with(|| v.cmp(w))
        });
        let name = |at: usize| SETS.get(at).map_or("", |(name, _)| name);
        let rows: Vec<Vec<Cell>> = ranked
            .into_iter()
            .map(|((at, values), n)| {
                vec![
                    Cell::Text(name(*at).to_owned()),
                    Cell::Text(values.clone()),
                    Cell::Count(n.deliveries),
                    Cell::Count(n.held),
                    Cell::Share(n.held as f64 / n.deliveries.max(1) as f64),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| Table {
            name: "stamp_pairs",
            title: "Values of stamps that stand together (message files with a genuine border)",
            columns: vec![
                column("fields", ColumnKind::Text),
                column("values", ColumnKind::Text),
                column("deliveries", ColumnKind::Count),
                column("held", ColumnKind::Count),
                column("held_share", ColumnKind::Share),
            ],
            rows,
        })
    }
}

fn word(value: Option<&String>) -> &str {
    match value {
        Some(text) if text.len() > LONGEST => "(other)",
        Some(text) => text,
        None => "-",
    }
}

fn scl(s: &Stamps) -> &'static str {
    const LEVELS: [&str; 11] = ["-1", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let at = s.scl.and_then(|scl| usize::try_from(i16::from(scl) + 1).ok());
    at.and_then(|at| LEVELS.get(at)).copied().unwrap_or("-")
}

fn bcl(s: &Stamps) -> &'static str {
    const LEVELS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    s.bcl.and_then(|bcl| LEVELS.get(usize::from(bcl))).copied().unwrap_or("-")
}

/// Of several signatures one that passes is enough.
fn dkim(s: &Stamps) -> &str {
    let passes = s.dkim.iter().any(|(result, _)| result == "pass");
    if passes { "pass" } else { word(s.dkim.first().map(|(result, _)| result)) }
}

/// The values with blanks between; empty where none is stated.
fn joined(parts: &[&str]) -> String {
    if parts.iter().all(|part| *part == "-") { String::new() } else { parts.join(" ") }
}
