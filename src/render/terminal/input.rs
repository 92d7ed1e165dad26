//! What was read: coverage, arithmetic, skipped inputs, warnings, assumptions.

use super::page::{Page, Text, Tone};
use super::words::{between, bytes, duration, number, percent_of, some};
use crate::model::{InputRole, Report, SourceEntry};
use std::collections::BTreeMap;

/// Lines of one kind that are shown before the rest is counted.
const SHOWN: usize = 5;

/// Formats named before the rest is counted.
const FORMATS: usize = 6;

pub(super) fn section(page: &mut Page, report: &Report) {
    page.heading("WHAT WAS READ", "all times UTC");
    window(page, report);
    files(page, report);
    rows(page, report);
    sources(page, report);
    let assumptions = &report.assumptions;
    shown(page, "assumed", Tone::Plain, assumptions.iter().map(|a| (String::new(), a.clone())));
}

fn window(page: &mut Page, report: &Report) {
    let Some((first, last)) = report.window else {
        let text = if report.input.rows > report.input.rejected {
            "none: no mail lies in the time that is counted"
        } else {
            "unknown: no record with a readable time"
        };
        page.field("window", &Text::of(Tone::Bad, text));
        return;
    };
    let days = last.day().abs_diff(first.day()).saturating_add(1);
    let gaps = &report.input.gaps;
    let mut text = format!("{}, {}", between(first, last, "to"), some(days, "day"));
    if gaps.is_empty() {
        text.push_str(", no gap");
        page.field("window", &Text::plain(text));
        return;
    }
    let text = Text::plain(text + ", ").and(Tone::Warn, some(gaps.len() as u64, "gap"));
    page.field("window", &text);
    let gap = |g: &crate::model::report::Span| {
        let length = duration(g.to.0.saturating_sub(g.from.0));
        format!("{} without a record ({length})", between(g.from, g.to, "to"))
    };
    shown(page, "gap", Tone::Warn, gaps.iter().map(|g| (String::new(), gap(g))));
}

fn files(page: &mut Page, report: &Report) {
    let input = &report.input;
    // By format, most rows first, so that one wrong file among many can be seen.
    let mut formats: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for source in &input.sources {
        let entry = formats.entry(source.format.unwrap_or("skipped")).or_default();
        entry.0 += 1;
        entry.1 += source.rows;
    }
    let mut formats: Vec<_> = formats.into_iter().collect();
    formats.sort_by_key(|(name, (_, rows))| (*name == "skipped", std::cmp::Reverse(*rows)));
    let each = formats.iter().map(|(name, (files, rows))| match *name {
        "skipped" => format!("{} skipped", number(*files)),
        _ => format!("{} {name} ({})", number(*files), some(*rows, "row")),
    });
    let mut each: Vec<_> = each.collect();
    let skipped = each.pop_if(|text| text.ends_with(" skipped"));
    if each.len() > FORMATS + 1 {
        let rest = each.len() - FORMATS;
        each.truncate(FORMATS);
        each.push(format!("{rest} other formats (report.json)"));
    }
    each.extend(skipped);
    let mut text = format!("{}, {}", some(input.files, "input"), bytes(input.bytes));
    if !each.is_empty() {
        text.push_str(": ");
        text.push_str(&each.join(", "));
    }
    page.field("inputs", &Text::plain(text));
}

fn rows(page: &mut Page, report: &Report) {
    let input = &report.input;
    let accepted = input.rows.saturating_sub(input.rejected);
    let counted = accepted.saturating_sub(input.duplicates);
    let tone = if input.rejected > 0 { Tone::Warn } else { Tone::Plain };
    let text = Text::plain(format!("{} - ", number(input.rows)))
        .and(tone, format!("{} rejected", number(input.rejected)))
        .more(format!(
            " = {} accepted; - {} = {} counted",
            number(accepted),
            some(input.duplicates, "duplicate"),
            number(counted),
        ));
    page.field("rows", &text);
    let mail =
        format!("{}, {}", some(input.messages, "message"), some(input.deliveries, "delivery"));
    page.field("mail", &Text::plain(mail));
}

fn sources(page: &mut Page, report: &Report) {
    let sources = &report.input.sources;
    let name = |s: &SourceEntry| s.path.clone();
    let skipped = sources.iter().filter(|s| s.format.is_none());
    let reason = |s: &SourceEntry| match s.warnings.as_slice() {
        [] => "no reason is known".to_owned(),
        reasons => reasons.join("; "),
    };
    shown(page, "SKIPPED", Tone::Bad, skipped.map(|s| (name(s), reason(s))));
    let read = || sources.iter().filter(|s| s.format.is_some());
    let rejected = read().filter(|s| s.rejected > 0).map(|s| {
        let part = percent_of(s.rejected, s.rows);
        let rows = some(s.rows, "row");
        let text = format!("{} of {rows} ({part}), see rejected.csv", number(s.rejected));
        (name(s), text)
    });
    shown(page, "rejected", Tone::Warn, rejected);
    let capped = read().filter_map(|s| {
        let text = format!("at a limit of its export ({}); probably cut", number(s.cap_hit?));
        Some((name(s), text))
    });
    shown(page, "row limit", Tone::Warn, capped);
    let mail = |s: &&SourceEntry| s.role == InputRole::Mail;
    let filtered = read().filter(mail).filter_map(|s| Some((name(s), s.filter.clone()?)));
    shown(page, "filtered", Tone::Warn, filtered);
    let warned = read().flat_map(|s| s.warnings.iter().map(move |w| (s.path.clone(), w.clone())));
    shown(page, "warning", Tone::Warn, warned);
}

/// The first few `(path, text)` below one label, and the number of the others.
fn shown(page: &mut Page, label: &str, tone: Tone, lines: impl Iterator<Item = (String, String)>) {
    let mut omitted = 0u64;
    for (index, (path, line)) in lines.enumerate() {
        if index >= SHOWN {
            omitted += 1;
            continue;
        }
        let width = page.width();
        let mut text = Text::default();
        if !path.is_empty() {
            let tone = match page.path_tone(&path) {
                link @ Tone::Link(_) => link,
                _ => tone,
            };
            text = text.and(tone, page.path(&path, width / 2)).more(": ");
        }
        text = text.more(page.stranger(&line, width * 3));
        page.field(if index == 0 { label } else { "" }, &text);
    }
    if omitted > 0 {
        let text = format!("{} and {} more (report.json)", page.signs().ellipsis, number(omitted));
        page.field("", &Text::of(Tone::Dim, text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Style;
    use super::*;
    use crate::model::Instant;

    #[test]
    fn the_rest_is_counted() {
        let mut page = Page::new(Style::default());
        let lines = (0..1205).map(|i| (format!("f{i}.csv"), "why".to_owned()));
        shown(&mut page, "SKIPPED", Tone::Bad, lines);
        let text = page.finish();
        assert!(text.ends_with("              … and 1,200 more (report.json)\n"), "{text}");
        assert_eq!(text.lines().count(), SHOWN + 1);
    }

    #[test]
    fn an_empty_report_says_so() {
        let mut page = Page::new(Style::default());
        section(&mut page, &Report::default());
        let text = page.finish();
        assert!(text.contains("no record with a readable time"), "{text}");
        assert!(text.contains("0 - 0 rejected = 0 accepted; - 0 duplicates = 0 counted"), "{text}");
    }

    #[test]
    fn window_of_one_day() {
        let mut page = Page::new(Style::default());
        let report =
            Report { window: Some((Instant(0), Instant(3_600_000_000))), ..Report::default() };
        window(&mut page, &report);
        assert_eq!(
            page.finish(),
            format!("  window      {} to 01:00, 1 day, no gap\n", "1970-01-01 00:00")
        );
    }
}
