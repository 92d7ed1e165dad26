//! The way of message files: how long each stretch took, and how connections were protected.

use super::Observed;
use super::delays::{Histogram, bin};
use super::tables::column;
use crate::model::report::{Cell, Column, ColumnKind, Table};
use crate::model::trail::{Stretch, TlsVersion};
use std::collections::BTreeMap;

/// Remote domains listed one by one at most; beyond it those with the greatest hash are counted
/// together, so that what is kept depends on no order.
const MOST_REMOTES: usize = 4096;
/// Microseconds of a second.
const SECOND: u64 = 1_000_000;

/// Counts over message files with a genuine border.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trails {
    /// Deliveries with a trail.
    deliveries: u64,
    /// Deliveries on whose way two clocks differ.
    backwards: u64,
    /// By stretch, in the order of [`Stretch::ALL`].
    delays: [Histogram; Stretch::ALL.len()],
    /// Connections by stretch and version.
    versions: BTreeMap<(Stretch, TlsVersion), u64>,
    /// Connections at the border by version and cipher.
    ciphers: BTreeMap<(TlsVersion, String), u64>,
    /// Connections at the border by remote domain: old or unstated TLS, and all.
    remotes: BTreeMap<(u64, String), (u64, u64, u64)>,
    /// Remote domains with a hash from here on are no longer kept.
    kept_below: Option<u64>,
}

impl Trails {
    pub(super) fn observe(&mut self, o: &Observed<'_>) {
        let trail = o.delivery.stamps().filter(|s| s.trusted).find_map(|s| s.trail.as_deref());
        let Some(trail) = trail else { return };
        self.deliveries += 1;
        self.backwards += u64::from(trail.backwards > 0);
        for (histogram, seconds) in self.delays.iter_mut().zip(trail.seconds) {
            if let Some(seconds) = seconds {
                histogram.add(bin(u64::from(seconds) * SECOND), 1);
            }
        }
        for (stretch, version) in &trail.connections {
            *self.versions.entry((*stretch, *version)).or_default() += 1;
            if *stretch == Stretch::Border {
                *self.ciphers.entry((*version, trail.cipher.clone())).or_default() += 1;
                let old = u64::from(*version == TlsVersion::Old);
                let unstated = u64::from(*version == TlsVersion::Unstated);
                self.remote(&trail.remote, (old, unstated, 1));
            }
        }
    }

    fn remote(&mut self, name: &str, more: (u64, u64, u64)) {
        let hash = xxhash_rust::xxh3::xxh3_64(name.as_bytes());
        if self.kept_below.is_some_and(|limit| hash >= limit) {
            return;
        }
        let count = self.remotes.entry((hash, name.to_owned())).or_default();
        *count = (count.0 + more.0, count.1 + more.1, count.2 + more.2);
        while self.remotes.len() > MOST_REMOTES {
            if let Some(((hash, _), _)) = self.remotes.pop_last() {
                self.kept_below = Some(self.kept_below.map_or(hash, |limit| limit.min(hash)));
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.deliveries += other.deliveries;
        self.backwards += other.backwards;
        for (into, from) in self.delays.iter_mut().zip(&other.delays) {
            into.merge(from);
        }
        for (key, n) in other.versions {
            *self.versions.entry(key).or_default() += n;
        }
        for (key, n) in other.ciphers {
            *self.ciphers.entry(key).or_default() += n;
        }
        if let Some(limit) = other.kept_below {
            let limit = self.kept_below.map_or(limit, |own| own.min(limit));
            self.kept_below = Some(limit);
            self.remotes.retain(|(hash, _), _| *hash < limit);
        }
        for ((_, name), more) in other.remotes {
            self.remote(&name, more);
        }
    }

    /// Time spent by stretch; `None` without a trail.
    pub(super) fn delay_table(&self) -> Option<Table> {
        let rows: Vec<Vec<Cell>> = Stretch::ALL
            .iter()
            .zip(&self.delays)
            .filter(|(_, histogram)| histogram.count() > 0)
            .map(|(stretch, histogram)| {
                let mut row =
                    vec![Cell::Text(stretch.as_str().to_owned()), Cell::Count(histogram.count())];
                row.extend([0.5, 0.9, 0.95, 0.99].map(|q| match histogram.quantile(q) {
                    // Bins are a fifth wide to each side, and the lines state whole seconds.
                    Some(seconds) => Cell::Count(seconds.round() as u64),
                    None => Cell::Null,
                }));
                row
            })
            .collect();
        let quantile = |name| Column { name, kind: ColumnKind::Count, unit: Some("s") };
        (!rows.is_empty()).then(|| Table {
            name: "hop_delays",
            title: "Seconds that message files spent by stretch of their way (Received lines; clocks of \
                    strangers before the border)",
            columns: vec![
                column("stretch", ColumnKind::Text),
                column("deliveries", ColumnKind::Count),
                quantile("p50_seconds"),
                quantile("p90_seconds"),
                quantile("p95_seconds"),
                quantile("p99_seconds"),
            ],
            rows,
        })
    }

    /// Connections by stretch, version and, at the border, cipher; `None` without a trail.
    pub(super) fn tls_table(&self) -> Option<Table> {
        let mut rows = Vec::new();
        for stretch in Stretch::ALL {
            for version in TlsVersion::ALL {
                let all = self.versions.get(&(*stretch, *version)).copied().unwrap_or(0);
                if all == 0 {
                    continue;
                }
                let line = |cipher: &str, n: u64| {
                    vec![
                        Cell::Text(stretch.as_str().to_owned()),
                        Cell::Text(version.as_str().to_owned()),
                        Cell::Text(cipher.to_owned()),
                        Cell::Count(n),
                    ]
                };
                if *stretch == Stretch::Border {
                    let of = self.ciphers.iter().filter(|((v, _), _)| v == version);
                    let mut of: Vec<_> = of.collect();
                    of.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
                    rows.extend(of.into_iter().map(|((_, cipher), n)| line(cipher, *n)));
                } else {
                    rows.push(line("", all));
                }
            }
        }
        (!rows.is_empty()).then(|| Table {
            name: "tls_connections",
            title: "Connections of message files by stretch and TLS version, with the cipher at the border",
            columns: vec![
                column("stretch", ColumnKind::Text),
                column("tls", ColumnKind::Text),
                column("cipher", ColumnKind::Text),
                column("connections", ColumnKind::Count),
            ],
            rows,
        })
    }

    /// Remote domains whose connections to the border lack sound TLS, worst first; `None` where
    /// there is none.
    pub(super) fn remote_table(&self, top: usize) -> Option<Table> {
        let mut weak: Vec<_> =
            self.remotes.iter().filter(|(_, (old, unstated, _))| old + unstated > 0).collect();
        weak.sort_by(|((_, an), a), ((_, bn), b)| {
            (b.0 + b.1, b.2).cmp(&(a.0 + a.1, a.2)).then_with(|| an.cmp(bn))
        });
        weak.truncate(top);
        let rows: Vec<Vec<Cell>> = weak
            .into_iter()
            .map(|((_, name), (old, unstated, all))| {
                vec![
                    Cell::Text(name.clone()),
                    Cell::Count(*all),
                    Cell::Count(*old),
                    Cell::Count(*unstated),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| Table {
            name: "tls_remotes",
            title: "Domains whose servers came to the border with old TLS or none stated (as they call \
                    themselves)",
            columns: vec![
                column("remote_domain", ColumnKind::Text),
                column("connections", ColumnKind::Count),
                column("older", ColumnKind::Count),
                column("unstated", ColumnKind::Count),
            ],
            rows,
        })
    }
}
