//! The tables of the report that are plain counts.

use super::{DomainStat, Domains, Tally, transit};
use crate::model::report::{Cell, Column, ColumnKind, SignatureReport, Table};
use crate::model::{Instant, Outcome};

/// Sender domains listed with a signature.
const TOP_DOMAINS: usize = 5;

/// Builds a column.
pub const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column { name, kind, unit: None }
}

/// All tables, in the order of the report; `top` rows at most in the ranked ones.
pub fn tables(tally: &Tally, top: usize) -> Vec<Table> {
    let mut all = vec![
        outcome_by_bucket(tally),
        domains(
            tally,
            &tally.senders,
            "sender_domains",
            "Sender domains, most failing and held first",
            top,
        ),
        domains(
            tally,
            &tally.recipients,
            "recipient_domains",
            "Recipient domains, most failing and held first",
            top,
        ),
        authentication(tally, top),
    ];
    all.extend(transit::connectors(tally, top));
    all.extend(transit::latency(tally));
    all.extend(tally.stamped.table());
    all.extend(tally.quarantined.table(top));
    all.extend(tally.pairs.table());
    all.extend(tally.trails.tls_table());
    all.extend(tally.trails.remote_table(top));
    all.extend(tally.trails.delay_table());
    all
}

fn outcome_by_bucket(tally: &Tally) -> Table {
    let mut columns = vec![column("bucket", ColumnKind::Instant)];
    columns.extend(Outcome::ALL.iter().map(|o| column(o.as_str(), ColumnKind::Count)));
    for name in ["deliveries", "failing", "held"] {
        columns.push(column(name, ColumnKind::Count));
    }
    let rows = tally
        .timeline
        .ticks()
        .map(|(bucket, tick)| {
            let mut row = vec![Cell::Instant(Instant(bucket * tally.bucket))];
            row.extend(tick.outcome.iter().map(|n| Cell::Count(*n)));
            row.extend([tick.deliveries(), tick.failing(), tick.held()].map(Cell::Count));
            row
        })
        .collect();
    Table {
        name: "outcome_by_bucket",
        title: "Deliveries per time bucket (UTC, start of the bucket) and outcome",
        columns,
        rows,
    }
}

fn domains(
    tally: &Tally,
    domains: &Domains,
    name: &'static str,
    title: &'static str,
    top: usize,
) -> Table {
    let mut ranked: Vec<(&str, &DomainStat)> =
        domains.iter().map(|(id, stat)| (tally.names.text(id), stat)).collect();
    let bad = |s: &DomainStat| s.failing + s.held;
    let order = |(an, a): &(&str, &DomainStat), (bn, b): &(&str, &DomainStat)| {
        (bad(b), b.deliveries).cmp(&(bad(a), a.deliveries)).then_with(|| an.cmp(bn))
    };
    // Of ten thousands of domains a few are shown: only these are put in order.
    if top < ranked.len() {
        ranked.select_nth_unstable_by(top, order);
        ranked.truncate(top);
    }
    ranked.sort_unstable_by(order);
    let rows = ranked
        .into_iter()
        .map(|(name, s)| {
            let share = |n: u64| Cell::Share(n as f64 / s.deliveries.max(1) as f64);
            vec![
                Cell::Text(name.to_owned()),
                Cell::Count(s.deliveries),
                Cell::Count(s.failing),
                Cell::Count(s.held),
                share(s.failing),
                share(s.held),
            ]
        })
        .collect();
    let columns = vec![
        column("domain", ColumnKind::Text),
        column("deliveries", ColumnKind::Count),
        column("failing", ColumnKind::Count),
        column("held", ColumnKind::Count),
        column("failing_share", ColumnKind::Share),
        column("held_share", ColumnKind::Share),
    ];
    Table { name, title, columns, rows }
}

fn authentication(tally: &Tally, top: usize) -> Table {
    let mut ranked: Vec<_> = tally.auth.iter().collect();
    ranked.sort_by(|(an, a), (bn, b)| {
        (b.dmarc.fail + b.dkim.fail + b.spf.fail)
            .cmp(&(a.dmarc.fail + a.dkim.fail + a.spf.fail))
            .then_with(|| an.cmp(bn))
    });
    ranked.truncate(top);
    let mut columns = vec![column("from_domain", ColumnKind::Text)];
    for name in ["spf_pass", "spf_fail", "dkim_pass", "dkim_fail", "dmarc_pass", "dmarc_fail"] {
        columns.push(column(name, ColumnKind::Count));
    }
    let rows = ranked
        .into_iter()
        .map(|(name, a)| {
            let mut row = vec![Cell::Text(name.to_owned())];
            for r in [&a.spf, &a.dkim, &a.dmarc] {
                row.extend([Cell::Count(r.pass), Cell::Count(r.fail)]);
            }
            row
        })
        .collect();
    Table {
        name: "authentication",
        title: "Authentication results of message files by From domain (trusted stamps only)",
        columns,
        rows,
    }
}

/// The signatures as a table, most frequent first, `top` rows at most.
pub fn signature_table(signatures: &[SignatureReport], top: usize) -> Table {
    let rows = signatures
        .iter()
        .take(top)
        .map(|s| {
            let domains: Vec<&str> = s.top_sender_domains.iter().map(|(d, _)| d.as_str()).collect();
            vec![
                Cell::Text(s.signature.clone()),
                Cell::Text(s.code.clone()),
                Cell::Text(s.issuer.clone()),
                Cell::Text(s.layer.as_str().to_owned()),
                Cell::Text(s.cause.clone()),
                Cell::Count(s.deliveries),
                Cell::Instant(s.first_seen),
                Cell::Instant(s.last_seen),
                Cell::Text(domains.join("; ")),
            ]
        })
        .collect();
    let columns = vec![
        column("signature", ColumnKind::Text),
        column("code", ColumnKind::Id),
        column("issuer", ColumnKind::Text),
        column("layer", ColumnKind::Text),
        column("cause", ColumnKind::Text),
        column("deliveries", ColumnKind::Count),
        column("first_seen", ColumnKind::Instant),
        column("last_seen", ColumnKind::Instant),
        column("top_sender_domains", ColumnKind::Text),
    ];
    Table {
        name: "signatures",
        title: "Failure texts with their variable parts removed, most frequent first",
        columns,
        rows,
    }
}

/// The signatures of the report, most frequent first. `path` names an input by number.
pub fn signatures(tally: &Tally, path: impl Fn(u32) -> String) -> Vec<SignatureReport> {
    tally
        .signatures
        .ranked()
        .into_iter()
        .map(|stat| {
            let mut domains: Vec<(String, u64)> = stat
                .sender_domains
                .iter()
                .map(|(id, n)| (tally.names.text(*id).to_owned(), *n))
                .collect();
            domains.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            domains.truncate(TOP_DOMAINS);
            let s = &stat.signature;
            SignatureReport {
                signature: s.text.clone(),
                code: s.code.clone(),
                issuer: s.issuer.clone(),
                layer: s.layer,
                cause: s.cause.clone(),
                deliveries: stat.deliveries,
                first_seen: Instant(stat.first),
                last_seen: Instant(stat.last),
                top_sender_domains: domains,
                sample: (path(stat.sample.2), u64::from(stat.sample.3)),
            }
        })
        .collect()
}
