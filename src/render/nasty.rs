//! Reports that renderers trip over: empty, of one row, of 100,000 rows, and one whose every text is
//! nasty.

use super::sample::{at, counts, layers, rich, signature, source, timeline};
use crate::model::report::InputReport;
use crate::model::{Affected, Cell, Direction, Fate, Outcome, Report};

/// Texts that programs which read reports are known to trip over, one for each of them.
pub(crate) fn nasty() -> Vec<String> {
    let mut all: Vec<String> = [
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "+1-1",
        "\t=1+1",
        "</script><script>alert(1)</script><!-- ]]> -->",
        "\u{1b}[31mred\u{1b}[0m\u{9b}2J\u{7}",
        "a\0b",
        "lone \u{fffd}\u{fffd} halves, \u{ffff} and \u{fffe}",
        "\u{202e}fdp.exe\u{202c} \u{2067}שלום\u{2069}",
        "مرحبا بالعالم שלום עולם",
        "緊急のお知らせ 会議室 변경 安全",
        "👩‍💻👨‍👩‍👧‍👦🏳️‍🌈e\u{301}",
        "_x0041__x0000_",
        "http://x.test/?a=1&b=\"2\"#frag|pipe",
        "internal:Sheet1!A1",
        "line one\nline two\r\nline three\u{2028}four",
        "00123",
        "1E5",
        "2026-11-16",
        "{{=1}} {1,2} 'quote' `tick` *star* [link](http://x.test) | cell",
        " leading and trailing ",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("é".repeat(32_767));
    all.push("x".repeat(40_000));
    all.push("😀".repeat(17_000));
    all.push("word ".repeat(8000));
    all
}

/// A report with nothing in it.
pub(crate) fn empty() -> Report {
    Report { version: "0.1.0".into(), knowledge: "2026.11".into(), ..Report::default() }
}

/// A report of one delivery.
pub(crate) fn one_row() -> Report {
    let mut report = empty();
    report.window = Some((at(0), at(0)));
    report.bucket_minutes = 60;
    report.input = InputReport {
        files: 1,
        bytes: 180,
        rows: 1,
        messages: 1,
        deliveries: 1,
        sources: vec![source("one.csv", Some("messagetracev2"), 1)],
        ..InputReport::default()
    };
    report.totals.outcome = counts(Outcome::ALL, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    report.layers = layers();
    let mut table = timeline();
    table.rows.truncate(1);
    report.tables = vec![table];
    report
}

/// A report whose every text is one of [`nasty`].
pub(crate) fn awkward() -> Report {
    let mut report = rich();
    report.tables[0] = timeline();
    let nasty = nasty();
    let text = |n: usize| nasty.get(n % nasty.len()).cloned().unwrap_or_default();
    for (n, f) in report.findings.iter_mut().enumerate() {
        f.title = text(n);
        f.entity.value = text(n + 1);
        f.codes = vec![text(n + 2)];
        f.signatures = vec![text(n + 3)];
        f.next_steps = vec![text(n + 4), text(n + 5)];
        f.evidence[0].text = text(n + 6);
        f.evidence[0].source = text(n + 7);
        f.affected = (0..3).map(|m| affected(n * 3 + m, &text)).collect();
    }
    report.signatures =
        (0..nasty.len()).map(|n| signature(&text(n), 9000 / (n as u64 + 1))).collect();
    for table in &mut report.tables {
        for (n, row) in table.rows.iter_mut().enumerate() {
            for cell in row.iter_mut().filter(|cell| matches!(cell, Cell::Text(_))) {
                *cell = Cell::Text(text(n));
            }
        }
    }
    for (n, source) in report.input.sources.iter_mut().enumerate() {
        source.path = text(n);
        source.filter = Some(text(n + 1));
        source.warnings = nasty.clone();
    }
    report.assumptions.clone_from(&nasty);
    report.arguments = nasty;
    report
}

fn affected(n: usize, text: &impl Fn(usize) -> String) -> Affected {
    const FATES: [Fate; 6] =
        [Fate::Lost, Fate::Retrying, Fate::Held, Fate::Late, Fate::Filed, Fate::LetPass];
    Affected {
        time: at(n as i64),
        network_message_id: "00000000-0000-0000-0000-000000000001".into(),
        recipient: text(n).into(),
        sender: text(n + 1).into(),
        direction: Direction::ALL[n % Direction::ALL.len()],
        fate: FATES[n % FATES.len()],
        code: text(n + 2).into(),
        reason: text(n + 3).into(),
        connector: text(n + 4).into(),
        server: text(n + 5).into(),
        tenant: text(n + 6).into(),
        source: text(n + 7).into(),
        line: n as u64,
    }
}

/// A report with `rows` domains and `rows` affected deliveries.
pub(crate) fn large(rows: u64) -> Report {
    let mut report = rich();
    report.tables[0] = timeline();
    let row = |i: u64| {
        vec![
            Cell::Text(format!("host{i}.example.net")),
            Cell::Count(9000 + i),
            Cell::Count(i),
            Cell::Count(i / 2),
            Cell::Share(i as f64 / (9000 + i) as f64),
            Cell::Share(i as f64 / (18_000 + 2 * i) as f64),
        ]
    };
    for table in report.tables.iter_mut().filter(|t| t.name == "sender_domains") {
        table.rows = (0..rows).map(row).collect();
    }
    let plain = |n: usize| format!("user{n}@contoso.com");
    report.findings[0].affected = (0..rows as usize).map(|n| affected(n, &plain)).collect();
    report
}
