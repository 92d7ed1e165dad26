//! Two messages side by side.

use super::parts::Line;
use super::text::safe;
use crate::model::view::{ComparedRow, Comparison};
use crate::render::terminal::Style;
use crate::render::terminal::page::{Page, Text, Tone, columns_of, columns_of_char, pad};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Columns of the names of what is compared.
const NAMES: usize = 20;
/// Least columns of one side; narrower terminals get one side below the other.
const SIDE: usize = 28;

/// Writes the comparison as a page; `files` are the names of the two. Strangers' text is escaped.
///
/// # Errors
/// Where the writer fails.
pub fn compared(
    comparison: &Comparison,
    files: [&str; 2],
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut page = Page::new(style);
    for (name, file) in ["first", "second"].iter().zip(files) {
        page.field(name, &safe(&Line::of(Tone::Strong, file)));
    }
    page.blank();
    page.put("  ", 2, &safe(&Line::of(Tone::Strong, comparison.sentence.clone())));
    page.put("  ", 2, &safe(&Line::plain(comparison.senders.clone())));
    let differing = comparison.rows.iter().filter(|row| row.differs()).count();
    page.heading("What differs", &format!("{differing} of {}", comparison.rows.len()));
    group(&mut page, comparison, ComparedRow::differs);
    page.heading("What is the same", "");
    for row in comparison.rows.iter().filter(|row| !row.differs()) {
        page.labelled(2, NAMES, &name(row), &safe(&Line::of(Tone::Dim, row.left.clone())));
    }
    out.write_all(page.finish().as_bytes())
}

fn group(page: &mut Page, comparison: &Comparison, wanted: impl Fn(&ComparedRow) -> bool) {
    let side = page.width().saturating_sub(2 + NAMES + 2) / 2;
    let mut group = "";
    for row in comparison.rows.iter().filter(|row| wanted(row)) {
        if row.group != group {
            page.put("  ", 2, &Text::of(Tone::Dim, row.group));
            group = row.group;
        }
        let shown =
            |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
        let (left, right) = (shown(&row.left), shown(&row.right));
        if side >= SIDE {
            beside(page, &name(row), (&left, &right), side);
        } else {
            page.labelled(4, NAMES, &name(row), &safe(&Line::plain(left)));
            page.labelled(4, NAMES, "", &safe(&Line::of(Tone::Strong, right)));
        }
    }
}

/// Both sides on the same lines, each wrapped within its own columns.
fn beside(page: &mut Page, name: &str, (left, right): (&str, &str), side: usize) {
    let left = wrapped(page, left, side);
    let right = wrapped(page, right, side);
    for at in 0..left.len().max(right.len()) {
        let part = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
        let name = if at == 0 { name } else { "" };
        let text = Text::of(Tone::Dim, format!("    {}", pad(name, NAMES - 2)))
            .more(pad(&part(&left), side + 2))
            .and(Tone::Strong, part(&right));
        page.raw(&text);
    }
}

/// A stranger's words, made harmless, on lines of at most `columns`, cut after 40 of them.
fn wrapped(page: &Page, words: &str, columns: usize) -> Vec<String> {
    const MOST: usize = 40;
    let safe = page.stranger(words, columns.saturating_mul(MOST));
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in safe.split_inclusive([' ', '.', ',', '-', '@', '/']) {
        let wide = columns_of(word.trim_end());
        if used > 0 && used + wide > columns {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            let wide = columns_of_char(c);
            if used + wide > columns {
                if c == ' ' {
                    continue;
                }
                lines.push(String::new());
                used = 0;
            }
            used += wide;
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
        }
    }
    lines
}

/// The key in words.
fn name(row: &ComparedRow) -> String {
    match row.key {
        key @ ("scl" | "sfv" | "cat" | "bcl" | "sfty" | "ofr" | "ipv" | "ptr" | "helo" | "spf"
        | "dkim" | "dmarc") => key.to_uppercase(),
        key => key.replace('_', " "),
    }
}

/// The comparison as a JSON object.
pub fn compared_object(comparison: &Comparison, files: [&str; 2]) -> Value {
    let given = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let rows: Vec<Value> = comparison
        .rows
        .iter()
        .map(|row| {
            json!({
                "group": row.group,
                "key": row.key,
                "first": given(&row.left),
                "second": given(&row.right),
                "differs": row.differs(),
            })
        })
        .collect();
    json!({
        "first": files[0],
        "second": files[1],
        "sentence": comparison.sentence,
        "senders": comparison.senders,
        "compared": rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison() -> Comparison {
        let row = |key, left: &str, right: &str| ComparedRow {
            group: "Verdict",
            key,
            left: left.into(),
            right: right.into(),
        };
        Comparison {
            sentence: "The first was junked.".into(),
            senders: "Different senders.".into(),
            rows: vec![
                row("scl", "5", "1"),
                row("spf", "pass", "pass"),
                row("ofr", "", "\u{1b}[2Jx"),
                row("subject", &"long name.of.a.host ".repeat(9), &"x".repeat(90)),
            ],
        }
    }

    #[test]
    fn wide_and_narrow() {
        for width in [60, 80, 140] {
            let mut out = Vec::new();
            let style = Style { width, ..Style::default() };
            compared(&comparison(), ["a.eml", "b.eml"], style, &mut out).unwrap();
            let page = String::from_utf8(out).unwrap();
            assert!(page.lines().all(|line| columns_of(line) <= width), "{page}");
            assert!(page.contains("3 of 4") && !page.contains('\u{1b}'), "{page}");
            assert_eq!(page.matches('x').count(), 91, "nothing is cut: {page}");
            // Beside each other where there is room.
            assert_eq!(page.contains("SCL               5 "), width >= 80, "{page}");
        }
    }

    #[test]
    fn objects_say_what_differs() {
        let object = compared_object(&comparison(), ["a", "b"]);
        let rows = object["compared"].as_array().unwrap();
        assert_eq!(
            (rows[0]["differs"].as_bool(), rows[1]["differs"].as_bool()),
            (Some(true), Some(false))
        );
        assert!(rows[2]["first"].is_null());
    }
}
