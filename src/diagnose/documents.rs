//! Documents beside the mail as tables of the report. Tables without rows are left out.

use super::Facts;
use crate::model::Instant;
use crate::model::documents::{Content, DmarcReport, DmarcRow, Setting, TlsReport};
use crate::model::report::{Cell, Column, ColumnKind, Table};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The tables, each with at least one row; ranked ones with at most `top`.
pub fn tables(facts: &Facts, top: usize) -> Vec<Table> {
    let all = [
        dmarc(facts),
        dmarc_sources(facts, top),
        tls(facts),
        feedback(facts),
        settings(facts),
        sessions(facts, top),
    ];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

fn columns(list: &[(&'static str, ColumnKind)]) -> Vec<Column> {
    list.iter().map(|(name, kind)| Column { name, kind: *kind, unit: None }).collect()
}

fn text(value: &str) -> Cell {
    if value.is_empty() { Cell::Null } else { Cell::Text(value.to_owned()) }
}

fn time(value: Option<Instant>) -> Cell {
    value.map_or(Cell::Null, Cell::Instant)
}

/// Reports with the path of their input.
fn each<'a, T: 'a>(
    facts: &'a Facts,
    pick: impl Fn(&'a Content) -> Option<&'a T> + 'a,
) -> impl Iterator<Item = (Cell, &'a T)> + 'a {
    facts.documents.iter().filter_map(move |document| {
        let path = facts.paths.get(document.input as usize).map_or("", String::as_str);
        Some((text(path), pick(&document.content)?))
    })
}

fn a_dmarc(content: &Content) -> Option<&DmarcReport> {
    match content {
        Content::Dmarc(report) => Some(report),
        _ => None,
    }
}

fn dmarc(facts: &Facts) -> Table {
    use ColumnKind::{Count, Id, Instant, Text};
    let row = |(source, r): (Cell, &DmarcReport)| {
        let policy = |name: &str| {
            text(r.policy.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value))
        };
        let sum = |which: fn(&DmarcRow) -> bool| Cell::Count(r.messages(which));
        let mut ips: Vec<&str> = r.rows.iter().map(|row| row.ip.as_str()).collect();
        ips.sort_unstable();
        ips.dedup();
        vec![
            text(&r.org_name),
            text(&r.email),
            text(&r.report_id),
            time(r.begin),
            time(r.end),
            text(&r.domain),
            policy("p"),
            policy("sp"),
            policy("pct"),
            policy("adkim"),
            policy("aspf"),
            Cell::Count(r.rows.len() as u64),
            sum(|_| true),
            sum(|row| row.dkim == "pass"),
            sum(|row| row.spf == "pass"),
            sum(DmarcRow::passes),
            sum(|row| !row.passes()),
            sum(|row| row.disposition == "none"),
            sum(|row| row.disposition == "quarantine"),
            sum(|row| row.disposition == "reject"),
            Cell::Count(ips.len() as u64),
            source,
        ]
    };
    Table {
        name: "dmarc_reports",
        title: "DMARC aggregate reports: what receivers saw of a domain's mail",
        columns: columns(&[
            ("org_name", Text),
            ("email", Text),
            ("report_id", Id),
            ("begin", Instant),
            ("end", Instant),
            ("domain", Text),
            ("p", Text),
            ("sp", Text),
            ("pct", Text),
            ("adkim", Text),
            ("aspf", Text),
            ("records", Count),
            ("messages", Count),
            ("dkim_pass", Count),
            ("spf_pass", Count),
            ("dmarc_pass", Count),
            ("dmarc_fail", Count),
            ("none", Count),
            ("quarantine", Count),
            ("reject", Count),
            ("ips", Count),
            ("source", Text),
        ]),
        rows: each(facts, a_dmarc).map(row).collect(),
    }
}

/// Messages by domain and address, the failing first.
fn dmarc_sources(facts: &Facts, top: usize) -> Table {
    use ColumnKind::{Count, Text};
    let mut sums: BTreeMap<(&str, &str), [u64; 4]> = BTreeMap::new();
    for (_, report) in each(facts, a_dmarc) {
        for row in &report.rows {
            let domain = if row.header_from.is_empty() { &report.domain } else { &row.header_from };
            let sum = sums.entry((domain, &row.ip)).or_default();
            sum[0] += row.count;
            sum[1] += if row.passes() { 0 } else { row.count };
            sum[2] += if row.dkim == "pass" { row.count } else { 0 };
            sum[3] += if row.spf == "pass" { row.count } else { 0 };
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1[1].cmp(&a.1[1]).then(b.1[0].cmp(&a.1[0])).then(a.0.cmp(&b.0)));
    let rows = sums.into_iter().take(top).map(|((domain, ip), sum)| {
        let mut row = vec![text(domain), text(ip)];
        row.extend(sum.map(Cell::Count));
        row
    });
    Table {
        name: "dmarc_sources",
        title: "Who sends as a domain, by DMARC reports: failing sources first",
        columns: columns(&[
            ("header_from", Text),
            ("ip", Text),
            ("messages", Count),
            ("dmarc_fail", Count),
            ("dkim_pass", Count),
            ("spf_pass", Count),
        ]),
        rows: rows.collect(),
    }
}

fn tls(facts: &Facts) -> Table {
    use ColumnKind::{Count, Id, Instant, Text};
    let reports = each(facts, |content| match content {
        Content::Tls(report) => Some(&**report),
        _ => None,
    });
    let mut rows = Vec::new();
    for (source, r) in reports {
        let r: &TlsReport = r;
        for policy in &r.policies {
            let failures =
                policy.failures.iter().map(|(kind, host, n)| format!("{kind} {host} {n}"));
            let failures: Vec<String> = failures.take(20).collect();
            rows.push(vec![
                text(&r.org_name),
                text(&r.report_id),
                time(r.begin),
                time(r.end),
                text(&policy.domain),
                text(&policy.kind),
                Cell::Count(policy.successful),
                Cell::Count(policy.failed),
                text(&failures.join("; ")),
                source.clone(),
            ]);
        }
    }
    Table {
        name: "tls_reports",
        title: "SMTP TLS reports: sessions to a domain that were encrypted as its policy asks",
        columns: columns(&[
            ("org_name", Text),
            ("report_id", Id),
            ("begin", Instant),
            ("end", Instant),
            ("domain", Text),
            ("policy", Text),
            ("successful", Count),
            ("failed", Count),
            ("failures", Text),
            ("source", Text),
        ]),
        rows,
    }
}

fn feedback(facts: &Facts) -> Table {
    use ColumnKind::Text;
    const FIELDS: [&str; 6] = [
        "feedback-type",
        "original-mail-from",
        "original-rcpt-to",
        "source-ip",
        "reported-domain",
        "auth-failure",
    ];
    let reports = each(facts, |content| match content {
        Content::Feedback(report) => Some(&**report),
        _ => None,
    });
    let rows = reports.map(|(source, report)| {
        let mut row: Vec<Cell> = FIELDS.iter().map(|name| text(report.get(name))).collect();
        row.push(source);
        row
    });
    Table {
        name: "feedback_reports",
        title: "Feedback reports: complaints and authentication failures that others report",
        columns: columns(&[
            ("feedback_type", Text),
            ("mail_from", Text),
            ("rcpt_to", Text),
            ("source_ip", Text),
            ("reported_domain", Text),
            ("auth_failure", Text),
            ("source", Text),
        ]),
        rows: rows.collect(),
    }
}

fn settings(facts: &Facts) -> Table {
    use ColumnKind::{Id, Instant, Text};
    let all = each(facts, |content| match content {
        Content::Setting(setting) => Some(&**setting),
        _ => None,
    });
    let rows = all.map(|(source, s): (Cell, &Setting)| {
        let details: Vec<String> =
            s.facts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        vec![
            text(s.kind.as_str()),
            text(&s.name),
            text(&s.id),
            text(&s.state),
            time(s.since),
            time(s.until),
            text(&details.join("; ")),
            source,
        ]
    });
    Table {
        name: "settings",
        title: "Connectors, policies, rules, certificates, tests and service issues as exported",
        columns: columns(&[
            ("kind", Text),
            ("name", Text),
            ("id", Id),
            ("state", Text),
            ("since", Instant),
            ("until", Instant),
            ("details", Text),
            ("source", Text),
        ]),
        rows: rows.collect(),
    }
}

/// Sessions of server logs by connector, other side and what went wrong; the failing first.
fn sessions(facts: &Facts, top: usize) -> Table {
    use ColumnKind::{Count, Instant as When, Text};
    type Sum = (u64, u64, u64, Instant, Instant);
    let mut sums: BTreeMap<(&str, &str, &str, String), Sum> = BTreeMap::new();
    let all = each(facts, |content| match content {
        Content::Session(session) => Some(&**session),
        _ => None,
    });
    for (_, s) in all {
        let failure = crate::knowledge::normalise(&s.failure);
        let key = (s.log.as_str(), s.connector.as_str(), s.remote.as_str(), failure);
        let sum = sums.entry(key).or_insert((0, 0, 0, s.begin, s.end));
        sum.0 += 1;
        sum.1 += s.messages;
        sum.2 += u64::from(s.tls);
        sum.3 = sum.3.min(s.begin);
        sum.4 = sum.4.max(s.end);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| {
        let rank = |(key, sum): &(_, Sum)| -> (bool, Reverse<u64>) {
            let (_, _, _, failure): &(&str, &str, &str, String) = key;
            (failure.is_empty(), Reverse(sum.0))
        };
        rank(a).cmp(&rank(b)).then_with(|| a.0.cmp(&b.0))
    });
    let rows = sums.into_iter().take(top).map(|((log, connector, remote, failure), sum)| {
        vec![
            text(log),
            text(connector),
            text(remote),
            text(&failure),
            Cell::Count(sum.0),
            Cell::Count(sum.1),
            Cell::Count(sum.2),
            Cell::Instant(sum.3),
            Cell::Instant(sum.4),
        ]
    });
    Table {
        name: "smtp_sessions",
        title: "SMTP sessions of server logs: failing ones first",
        columns: columns(&[
            ("log", Text),
            ("connector", Text),
            ("remote", Text),
            ("failure", Text),
            ("sessions", Count),
            ("messages", Count),
            ("with_tls", Count),
            ("first", When),
            ("last", When),
        ]),
        rows: rows.collect(),
    }
}
