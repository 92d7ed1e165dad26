//! The whole page, on a report of the worst sort.

use super::*;
use crate::model::{Finding, FindingState as State, FindingStatus as Status, Layer, LayerState};
use crate::render::safety::is_unseen;
use crate::render::sample;
use unicode_width::UnicodeWidthStr;

fn page_of(report_: &Report, style: Style) -> String {
    let mut bytes = Vec::new();
    report(report_, style, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn style(width: usize, unicode: bool) -> Style {
    Style { width, unicode, ..Style::default() }
}

#[test]
fn hostile_text_neither_steers_nor_overflows() {
    for width in [0, 60, 79, 80, 100, 132, 160, 9999] {
        for unicode in [true, false] {
            let text = page_of(&sample::rich(), style(width, unicode));
            for line in text.lines() {
                assert!(line.width() <= width.clamp(60, 160), "{width}: {line}");
                assert!(!line.chars().any(is_unseen), "{line}");
            }
            assert!(text.contains("\\u{1b}[2J") && text.contains("\\u{202e}"));
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = page_of(&sample::rich(), style(100, true));
    let coloured = page_of(&sample::rich(), Style { colour: true, ..style(100, true) });
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(stripped, plain);
}

#[test]
fn links_stand_around_paths_and_nothing_else() {
    let coloured = Style { colour: true, ..style(100, true) };
    let of = |style| {
        let mut bytes = Vec::new();
        linked(&sample::rich(), style, Some(Path::new("/data")), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let text = of(coloured);
    assert!(text.contains("\u{1b}]8;;file:///data/exports/trace.csv\u{1b}\\"), "{text}");
    for line in text.lines() {
        let opened = line.matches("\u{1b}]8;;file:").count();
        let all = line.matches("\u{1b}]8;;").count();
        assert_eq!(all, opened * 2, "every link ends on its line: {line}");
    }
    let stripped = anstream::adapter::strip_str(&text).to_string();
    assert_eq!(stripped, page_of(&sample::rich(), style(100, true)));
    assert_eq!(of(style(100, true)), stripped, "without colour no code at all");
}

#[test]
fn lists_are_as_long_as_asked() {
    let rows = |rows| {
        let text = page_of(&sample::rich(), Style { rows, ..Style::default() });
        let from = text.find("SENDER DOMAINS").unwrap();
        let to = text.find("RECIPIENT DOMAINS").unwrap();
        text[from..to].lines().filter(|l| l.starts_with("  ") && !l.starts_with("  … and ")).count()
    };
    assert_eq!((rows(1), rows(4), rows(12)), (1, 4, 12));
}

#[test]
fn sections_stand_in_order() {
    let text = page_of(&sample::rich(), Style::default());
    let mut last = 0;
    for title in [
        "2 incidents, 1 not over",
        "INCIDENTS",
        "ALSO FOUND",
        "LAYERS",
        "OVER TIME",
        "TOTALS",
        "SENDER DOMAINS",
        "RECIPIENT DOMAINS",
        "FAILURE TEXTS",
        "WHAT WAS READ",
    ] {
        let at = text.find(title).unwrap_or_else(|| panic!("{title} missing\n{text}"));
        assert!(at >= last, "{title} out of order");
        last = at;
    }
}

#[test]
fn nothing_is_cut_silently() {
    let text = page_of(&sample::rich(), Style::default());
    for expected in [
        "125,000 - 250 rejected = 124,750 accepted; - 2,500 duplicates = 122,250 counted",
        "… and 15 more findings (report.json)",
        "… and 35 more (tables/sender_domains.csv)",
        "… and 5 more (report.json)",
        "exports/trace.csv:4711 550 5.7.26",
        "2026-11-18 09:00 (between 08:40 and 09:10)",
        "12 min before the onset: Rotate-DkimSigningConfig",
        "old/notes.pdf: not a format",
        "needs message files, Get-MessageTrackingLog",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

fn quiet(findings: Vec<Finding>) -> Report {
    let mut report = sample::rich();
    report.findings = findings;
    report.input.sources.retain(|s| s.format.is_some());
    for layer in &mut report.layers {
        layer.state = LayerState::Clear;
    }
    report
}

#[test]
fn the_headline_says_what_is_so() {
    let first = |report: &Report| {
        let text = page_of(report, Style::default());
        text.lines().next().unwrap_or_default().to_owned()
    };
    let of = |status, state| {
        let mut f = sample::finding(Layer::Recipient, status, "Title.");
        f.state = state;
        quiet(vec![f])
    };
    let mut outside = Report::default();
    outside.input.rows = 5;
    let cases = [
        (of(Status::Incident, State::Ongoing), "✖ 1 incident is going on: Title."),
        (of(Status::Incident, State::Recovering), "✖ 1 incident is recovering: Title."),
        (of(Status::Incident, State::Ended), "! 1 incident, now over: Title."),
        (
            of(Status::Chronic, State::Ongoing),
            "! No incident, but 1 chronic problem. First: Title.",
        ),
        (of(Status::Info, State::Unknown), "✔ Nothing wrong found in 95,000 deliveries."),
        (of(Status::InsufficientData, State::Unknown), "! Not enough data to tell: Title."),
        (quiet(vec![]), "✔ Nothing wrong found in 95,000 deliveries."),
        (Report::default(), "✖ No verdict: not a single delivery could be read."),
        (outside, "✖ No verdict: no mail lies in the time that is counted."),
    ];
    for (report, expected) in cases {
        assert_eq!(first(&report), expected);
    }
    let mut blind = quiet(vec![]);
    for layer in &mut blind.layers {
        layer.state = LayerState::NotObservable;
    }
    assert!(first(&blind).starts_with("! Not enough data to tell"));
}

#[test]
fn an_ordinary_bad_day_fits_a_screen_or_two() {
    let mut report = sample::rich();
    let ordinary = |f: &Finding| !f.title.contains('\u{1b}') && f.status != Status::Risk;
    report.findings.retain(ordinary);
    report.input.sources.retain(|s| !s.path.contains('\u{1b}'));
    report.signatures.truncate(1);
    let text = page_of(&report, Style::default());
    let lines = text.lines().count();
    assert!(lines <= 82, "{lines} lines\n{text}");
}

#[test]
fn without_unicode_our_own_signs_are_ascii() {
    let mut report = quiet(vec![sample::finding(Layer::DnsAuth, Status::Incident, "Title.")]);
    report.tables.retain(|t| t.name == "outcome_by_bucket");
    report.input.sources.retain(|s| s.path.is_ascii());
    report.signatures.truncate(1);
    let text = page_of(&report, style(100, false));
    assert!(text.is_ascii() && text.contains("OVER TIME"), "{text}");
}
