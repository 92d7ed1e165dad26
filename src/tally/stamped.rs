//! What the service stamped on deliveries: values of its stamps, how often, and what became of
//! these deliveries. Trusted stamps of message files, and the verdicts that events state; and what
//! allow lists let through in spite of them.

use super::Observed;
use crate::model::Risk;
use crate::model::message::Stamps;
use crate::model::report::{Cell, Column, ColumnKind, Table};
use std::collections::BTreeMap;

/// Fields in the order of the table.
const FIELDS: &[&str] =
    &["SCL", "BCL", "SFV", "CAT", "SPF", "DKIM", "DMARC", "compauth", "placement", "risk"];

/// Deliveries with a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamped {
    /// All.
    pub deliveries: u64,
    /// Of these failing.
    pub failing: u64,
    /// Of these held.
    pub held: u64,
}

/// Counts by (place in [`FIELDS`], value).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StampCounts {
    counts: BTreeMap<(usize, String), Stamped>,
}

impl StampCounts {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let stamps = o.delivery.stamps().find(|s| s.trusted);
        let path = o.delivery.path.as_deref();
        if stamps.is_none() && path.is_none_or(|p| p.spam.is_empty() && p.bcl.is_none()) {
            return;
        }
        if let Some(stamps) = stamps {
            self.observe_stamps(o, stamps);
        } else if let Some(path) = path {
            self.add(o, 0, path.spam.scl.map(|n| n.to_string()).as_deref());
            self.add(o, 1, path.bcl.map(|n| n.to_string()).as_deref());
            self.add(o, 2, Some(path.spam.sfv));
        }
        self.add(o, 8, Some(o.verdict.placement.as_str()));
        self.add(o, 9, o.verdict.risk.map(Risk::as_str));
    }

    fn observe_stamps(&mut self, o: &Observed<'_>, stamps: &Stamps) {
        self.add(o, 0, stamps.scl.map(|n| n.to_string()).as_deref());
        self.add(o, 1, stamps.bcl.map(|n| n.to_string()).as_deref());
        self.add(o, 2, stamps.sfv.as_deref());
        self.add(o, 3, stamps.cat.as_deref());
        self.add(o, 4, stamps.spf.as_deref());
        // Of several signatures one that passes is enough (RFC 7489, 3.1.1).
        let passes = stamps.dkim.iter().any(|(result, _)| result == "pass");
        let dkim = if passes { Some("pass") } else { stamps.dkim.first().map(|(r, _)| r.as_str()) };
        self.add(o, 5, dkim);
        self.add(o, 6, stamps.dmarc.as_deref());
        let compauth = stamps.compauth.as_deref().map(|result| {
            let reason = stamps.compauth_reason.as_deref().unwrap_or("");
            format!("{result} {reason}").trim_end().to_owned()
        });
        self.add(o, 7, compauth.as_deref());
    }

    fn add(&mut self, o: &Observed<'_>, field: usize, value: Option<&str>) {
        let Some(value) = value.filter(|v| !v.is_empty()) else { return };
        let one = Stamped {
            deliveries: 1,
            failing: u64::from(o.verdict.failing),
            held: u64::from(o.verdict.held),
        };
        self.count((field, value.to_owned()), one);
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

    /// The table; `None` where no delivery states anything.
    pub(super) fn table(&self) -> Option<Table> {
        if self.counts.is_empty() {
            return None;
        }
        let column = |name, kind| Column { name, kind, unit: None };
        let mut columns =
            vec![column("field", ColumnKind::Text), column("value", ColumnKind::Text)];
        for name in ["deliveries", "failing", "held"] {
            columns.push(column(name, ColumnKind::Count));
        }
        let mut ranked: Vec<_> = self.counts.iter().collect();
        ranked.sort_by(|((f, v), a), ((g, w), b)| {
            f.cmp(g).then(b.deliveries.cmp(&a.deliveries)).then_with(|| v.cmp(w))
        });
        let rows = ranked
            .into_iter()
            .map(|((field, value), n)| {
                vec![
                    Cell::Text(FIELDS[*field].to_owned()),
                    Cell::Text(value.clone()),
                    Cell::Count(n.deliveries),
                    Cell::Count(n.failing),
                    Cell::Count(n.held),
                ]
            })
            .collect();
        Some(Table {
            name: "stamps",
            title: "What the service stamped (trusted stamps and verdicts of events), by field and value",
            columns,
            rows,
        })
    }
}
