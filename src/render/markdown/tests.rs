//! The text for the ticket, on a report of the worst sort.

use super::*;
use crate::render::safety::is_unseen;
use crate::render::sample;

fn text_of(report_: &Report) -> String {
    let mut bytes = Vec::new();
    report(report_, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The text without what stands in code spans and fences: what Markdown interprets.
fn interpreted(text: &str) -> String {
    let mut out = String::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        let mut rest = line;
        while let Some(at) = rest.find('`') {
            out.push_str(&rest[..at]);
            let run = rest[at..].chars().take_while(|c| *c == '`').count();
            let tail = &rest[at + run..];
            // A span ends at the next run of the same length.
            let mut from = 0;
            let end = loop {
                let Some(next) = tail[from..].find('`') else { break None };
                let start = from + next;
                let length = tail[start..].chars().take_while(|c| *c == '`').count();
                if length == run {
                    break Some(start + run);
                }
                from = start + length;
            };
            let end = end.unwrap_or_else(|| panic!("an open code span: {line}"));
            rest = &tail[end..];
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

#[test]
fn strangers_open_nothing() {
    let text = text_of(&sample::rich());
    assert!(!text.chars().any(|c| is_unseen(c) && c != '\n'));
    let seen = interpreted(&text);
    for (at, c) in seen.char_indices() {
        let before = seen[..at].chars().rev().take_while(|c| *c == '\\').count();
        let escaped = before % 2 == 1;
        let bad = matches!(c, '<' | '~') || (c == '@') || (c == '&' && !escaped);
        assert!(!bad || escaped && c != '@', "{c} in {}", &seen[at.saturating_sub(60)..at]);
        if c == '[' {
            let box_ = seen[at..].starts_with("[ ] ") && seen[..at].ends_with("- ");
            assert!(box_ || escaped, "{}", &seen[at.saturating_sub(40)..at]);
        }
    }
    let lower = seen.to_lowercase();
    assert!(!lower.contains("http://") && !lower.contains("https://") && !lower.contains("www."));
}

#[test]
fn tables_keep_their_shape() {
    let text = text_of(&sample::rich());
    let mut columns = None;
    for line in text.lines() {
        if !line.starts_with('|') {
            columns = None;
            continue;
        }
        // As GFM splits a row: every pipe that no backslash escapes.
        let mut pipes = 0;
        let mut escaped = false;
        for c in line.chars() {
            pipes += usize::from(c == '|' && !escaped);
            escaped = c == '\\' && !escaped;
        }
        assert_eq!(*columns.get_or_insert(pipes), pipes, "{line}");
    }
}

#[test]
fn everything_is_said() {
    let text = text_of(&sample::rich());
    let mut last = 0;
    for words in [
        "# Mail flow: 2 incidents, 1 not over",
        "## Incident 1: ",
        "12 min before the onset",
        "`exports/trace.csv:4711`",
        "## Time line",
        "**onset**",
        "## Layers",
        "**FAILING**",
        "## Also found",
        "## Actions",
        "- [ ] Verify the repair: `mailtriage compare --verify 0123456789abcdef",
        "## Entry for the change log",
        "## Numbers",
        "## Data quality",
        "## Inputs",
        "## Run",
    ] {
        let at = text[last..].find(words).unwrap_or_else(|| panic!("{words} missing\n{text}"));
        last += at;
    }
    assert!(text.contains("125,000") || text.contains("122,250"), "thousands are parted");
}

#[test]
fn an_empty_report_is_one() {
    let text = text_of(&Report::default());
    assert!(
        text.starts_with("# Mail flow: No verdict: not a single delivery could be read\n"),
        "{text}"
    );
    assert!(text.contains("- [ ] nothing") && text.contains("0 rows read"), "{text}");
}
