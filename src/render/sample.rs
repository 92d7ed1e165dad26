//! A rich, hand-built and hostile report for the tests of the renderers.

use crate::model::finding::ChangeBefore;
use crate::model::report::{InputReport, LayerReport, SignatureReport, Span, Totals};
use crate::model::time::{DAY, HOUR, MINUTE};
use crate::model::{
    Cell, Column, ColumnKind, Direction, Encoding, Entity, EntityType, Evidence, Finding,
    FindingState, FindingStatus, Grade, InputRole, Instant, Layer, LayerState, Origin, Outcome,
    Placement, Reject, RejectReason, Report, Side, SourceEntry, Table,
};

pub(crate) use super::nasty::{awkward, empty, large, nasty, one_row};

/// 2026-11-16T00:00:00Z, a Monday.
pub(crate) const START: i64 = 1_794_787_200_000_000;

/// Text that a stranger might write: escape codes, overrides, wide and endless words.
pub(crate) const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7} =HYPERLINK(\"http://x.test\") \
     \u{202e}txt.exe\u{202c} שלום עולם 緊急のお知らせ会議室の変更について👩‍💻 \r\nNext: line\u{9b}31m";

pub(crate) fn at(hours: i64) -> Instant {
    Instant(START + hours * HOUR)
}

pub(crate) fn rejects() -> Vec<Reject> {
    let reject =
        |input, line, reason| Reject { origin: Origin { input, line, byte: line * 100 }, reason };
    vec![reject(0, 17, RejectReason::TornQuote), reject(0, 18, RejectReason::Time(HOSTILE.into()))]
}

pub(crate) fn source(path: &str, format: Option<&'static str>, rows: u64) -> SourceEntry {
    SourceEntry {
        path: path.into(),
        role: InputRole::Mail,
        format,
        encoding: format.map(|_| Encoding::Utf16Le),
        bytes: rows * 180,
        rows,
        rejected: rows / 500,
        duplicates: rows / 50,
        first: format.map(|_| at(0)),
        last: format.map(|_| at(24 * 7 - 1)),
        cap_hit: None,
        filter: None,
        cut_short: false,
        sha256: None,
        warnings: Vec::new(),
    }
}

pub(crate) fn finding(layer: Layer, status: FindingStatus, title: &str) -> Finding {
    Finding {
        id: format!("{layer}.sample_cause"),
        key: "0123456789abcdef".into(),
        layer,
        cause: "sample_cause".into(),
        side: Side::Ours,
        status,
        state: FindingState::Ongoing,
        grade: Grade::Direct,
        confidence: 0.97,
        title: title.into(),
        onset: Some(Instant(START + 2 * DAY + 9 * HOUR)),
        onset_interval: Some((
            Instant(START + 2 * DAY + 8 * HOUR + 40 * MINUTE),
            Instant(START + 2 * DAY + 9 * HOUR + 10 * MINUTE),
        )),
        end: None,
        last_bad: Some(at(24 * 7 - 1)),
        last_good: Some(at(24 * 2 + 8)),
        entity: Entity { kind: EntityType::SenderDomain, value: "contoso.com".into() },
        scope: vec![Entity { kind: EntityType::RemoteProvider, value: "gmail".into() }],
        messages: 900,
        deliveries: 1234,
        deliveries_interval: (1100, 1300),
        share: 0.621_234_567,
        codes: vec!["5.7.26".into(), "4.7.32".into()],
        signatures: vec!["this mail has been blocked because the sender is unauthenticated".into()],
        change: Some(ChangeBefore {
            time: Instant(START + 2 * DAY + 8 * HOUR + 48 * MINUTE),
            what: "Rotate-DkimSigningConfig contoso.com".into(),
            minutes_before: 12,
        }),
        evidence: vec![Evidence {
            network_message_id: "00000000-0000-0000-0000-000000000001".into(),
            source: "exports/trace.csv".into(),
            line: 4711,
            text: "550 5.7.26 This mail has been blocked because the sender is unauthenticated."
                .into(),
        }],
        affected: Vec::new(),
        next_steps: vec![
            "Publish the public key of the new selector: look up selector2._domainkey.contoso.com."
                .into(),
            "Get-DkimSigningConfig -Identity contoso.com | Format-List Status, Selector*".into(),
        ],
    }
}

pub(crate) fn counts<T: Copy>(all: &[T], n: &[u64]) -> Vec<(T, u64)> {
    all.iter().copied().zip(n.iter().copied()).collect()
}

/// Seven days of hourly buckets, quiet nights, trouble from the third day on, one gap; in short.
pub(crate) fn buckets() -> Table {
    let rows = (0..24 * 7).filter(|h| !(50..53).contains(h)).map(|h| {
        let [busy, failing, held] = hour(h);
        vec![Cell::Instant(at(h)), Cell::Count(busy), Cell::Count(failing), Cell::Count(held)]
    });
    let column = |name, kind| Column { name, kind, unit: None };
    let mut columns = vec![
        column("bucket", ColumnKind::Instant),
        column("deliveries", ColumnKind::Count),
        column("failing", ColumnKind::Count),
        column("held", ColumnKind::Count),
    ];
    columns[1].unit = Some("deliveries");
    Table {
        name: "outcome_by_bucket",
        title: "Deliveries per time bucket",
        columns,
        rows: rows.collect(),
    }
}

/// Deliveries of an hour, failing and held ones.
fn hour(h: i64) -> [u64; 3] {
    let busy: u64 = if (7..19).contains(&(h % 24)) { 900 } else { 40 };
    let failing = if h >= 57 { busy / 9 } else { busy / 200 };
    [busy, failing, busy / 100]
}

/// The same as a run has it.
pub(crate) fn timeline() -> Table {
    let rows = (0..24 * 7).filter(|h| !(50..53).contains(h)).map(|h| {
        let [busy, failing, held] = hour(h);
        let outcome = |o: &Outcome| match o {
            Outcome::Delivered => busy - failing - held,
            Outcome::Quarantined => held,
            Outcome::Failed => failing,
            _ => 0,
        };
        let mut row = vec![Cell::Instant(at(h))];
        row.extend(Outcome::ALL.iter().map(|o| Cell::Count(outcome(o))));
        row.extend([busy, failing, held].map(Cell::Count));
        row
    });
    Table { columns: known("outcome_by_bucket"), rows: rows.collect(), ..buckets() }
}

/// Columns as the catalogue has them.
fn known(table: &str) -> Vec<Column> {
    let spec = crate::model::catalogue::table(table).map_or(&[] as &[_], |t| t.columns);
    spec.iter().map(|c| Column { name: c.name, kind: c.kind, unit: c.unit }).collect()
}

fn domains(name: &'static str, title: &'static str) -> Table {
    let row = |i: u64, domain: &str| {
        vec![
            Cell::Text(domain.into()),
            Cell::Count(9000 / i),
            Cell::Count(1234 / i),
            Cell::Count(321 / i),
            Cell::Share(0.1 / i as f64),
            Cell::Share(0.03 / i as f64),
        ]
    };
    let mut rows = vec![
        row(1, "contoso.com"),
        row(2, "fabrikam.com"),
        row(3, HOSTILE),
        row(4, &format!("{}.example", "long".repeat(80))),
    ];
    rows.extend((5..40).map(|i| row(i, &format!("host{i}.example.net"))));
    Table { name, title, columns: known(name), rows }
}

pub(crate) fn signature(text: &str, n: u64) -> SignatureReport {
    SignatureReport {
        signature: text.into(),
        code: "5.7.26".into(),
        issuer: "gmail".into(),
        layer: Layer::DnsAuth,
        cause: "dkim_broken".into(),
        deliveries: n,
        first_seen: at(57),
        last_seen: at(167),
        top_sender_domains: vec![("contoso.com".into(), n), (HOSTILE.into(), 1)],
        sample: ("exports/trace.csv".into(), 4711),
    }
}

pub(crate) fn layers() -> Vec<LayerReport> {
    let state = |layer| match layer {
        Layer::DnsAuth => LayerState::Failing,
        Layer::AntiSpam => LayerState::Risk,
        Layer::MailboxRule | Layer::Connector => LayerState::NotObservable,
        Layer::Message => LayerState::InsufficientData,
        _ => LayerState::Clear,
    };
    let layer = |layer: &Layer| LayerReport {
        layer: *layer,
        state: state(*layer),
        deliveries: if *layer == Layer::DnsAuth { 1234 } else { 0 },
        share: if *layer == Layer::DnsAuth { 0.621_234 } else { 0.0 },
        seen_by: vec!["messagetracev2", "eml"],
        needs: match layer {
            Layer::Connector => vec!["message trace detail (Get-MessageTraceDetailV2)"],
            Layer::MailboxRule => vec!["message files", "Get-MessageTrackingLog"],
            _ => Vec::new(),
        },
    };
    Layer::ALL.iter().map(layer).collect()
}

fn sources() -> Vec<SourceEntry> {
    let mut skipped = source("old/notes.pdf", None, 0);
    skipped.warnings = vec![
        "not a format that can be read; `mailtriage formats` lists what can, and an export \
         re-saved as CSV would do"
            .into(),
    ];
    let mut capped = source("exports/trace.csv", Some("messagetracev2"), 5000);
    capped.cap_hit = Some(5000);
    capped.filter = Some("status=Failed".into());
    let mut hostile = source(&format!("{HOSTILE}.csv"), Some("messagetracev2"), 120_000);
    hostile.warnings = vec![HOSTILE.into(), "one encoding error was replaced".into()];
    let mut evidence = source("changes.csv", Some("changes"), 12);
    evidence.role = InputRole::Evidence;
    vec![evidence, capped, hostile, skipped]
}

/// A report with everything in it.
pub(crate) fn rich() -> Report {
    let mut hostile = finding(Layer::Service, FindingStatus::Incident, HOSTILE);
    hostile.state = FindingState::Ended;
    hostile.end = Some(at(100));
    hostile.entity.value = "x".repeat(4000);
    hostile.next_steps = vec!["word ".repeat(300), HOSTILE.repeat(20)];
    hostile.evidence = (1..9)
        .map(|line| Evidence {
            network_message_id: String::new(),
            source: HOSTILE.into(),
            line,
            text: HOSTILE.repeat(30),
        })
        .collect();
    let dkim = "Google refuses mail from contoso.com: the DKIM signature does not verify";
    let full = "Mailboxes over quota refuse mail";
    let mut findings = vec![
        finding(Layer::DnsAuth, FindingStatus::Incident, dkim),
        hostile,
        finding(Layer::Recipient, FindingStatus::Chronic, full),
    ];
    findings.extend((0..20).map(|i| {
        let title =
            format!("Risk number {i} in words long enough to reach the line's end and past it");
        finding(Layer::AntiSpam, FindingStatus::Risk, &title)
    }));
    findings.push(finding(Layer::Unknown, FindingStatus::Info, "Worth knowing"));
    Report {
        version: "0.1.0".into(),
        knowledge: "2026.11".into(),
        arguments: vec!["analyze".into(), HOSTILE.into()],
        window: Some((at(0), at(24 * 7 - 1))),
        bucket_minutes: 60,
        assumptions: vec!["Dates were read as month/day/year: no value forbids it.".into()],
        input: InputReport {
            files: 4,
            bytes: 22_500_000,
            rows: 125_000,
            rejected: 250,
            duplicates: 2500,
            messages: 80_000,
            deliveries: 95_000,
            sources: sources(),
            gaps: vec![Span { from: at(50), to: at(53) }],
        },
        totals: Totals {
            outcome: counts(Outcome::ALL, &[90_000, 2000, 500, 300, 1500, 100, 20, 30, 540, 0, 10]),
            placement: counts(Placement::ALL, &[85_000, 5000, 0, 500, 2000, 1500, 1000]),
            direction: counts(Direction::ALL, &[70_000, 20_000, 4000, 1000]),
            failing: 1620,
            held: 5800,
            failing_share: 1620.0 / 94_430.0,
            held_share: 5800.0 / 94_430.0,
        },
        layers: layers(),
        listed_one_in: 1,
        findings,
        signatures: vec![
            signature("this mail has been blocked because the sender is unauthenticated", 1234),
            signature(HOSTILE, 300),
        ],
        tables: vec![
            buckets(),
            domains("sender_domains", "Deliveries per sender domain"),
            domains("recipient_domains", "Deliveries per recipient domain"),
        ],
    }
}
