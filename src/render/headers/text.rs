//! The page of one message for a terminal.

use super::page::{Shown, sections};
use super::parts::{Block, HopLine, Line, Section};
use super::verdict;
use crate::model::{Seen, View};
use crate::render::safety;
use crate::render::terminal::Style;
use crate::render::terminal::page::{Page, Text, Tone, columns_of, pad, pad_left};
use std::io::{self, Write};

/// Writes one message as a page; `all` lists every header and shortens nothing. Strangers' text
/// is escaped.
///
/// # Errors
/// Where the writer fails.
pub fn text(
    seen: &Seen,
    view: &View,
    all: bool,
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let shown = Shown { seen, view, all };
    let mut page = Page::new(style);
    page.put("", 0, &safe(&Line::of(Tone::Dim, seen.file.clone())));
    page.blank();
    let sentence = Line::of(verdict::tone(&shown), view.sentence.clone());
    page.put("  ", 2, &safe(&sentence));
    for section in sections(&shown) {
        draw(&mut page, &section);
    }
    page.blank();
    out.write_all(page.finish().as_bytes())
}

/// The line with strangers' text made harmless.
pub(super) fn safe(line: &Line) -> Text {
    let mut text = Text::default();
    for (tone, words) in &line.0 {
        text = text.and(*tone, safety::terminal(words).into_owned());
    }
    text
}

fn draw(page: &mut Page, section: &Section) {
    if section.title.is_empty() {
        page.blank();
    } else {
        let note = safety::terminal(&section.note).into_owned();
        page.blank();
        let mut title = Text::of(Tone::Strong, section.title);
        if !note.is_empty() {
            title = title.and(Tone::Dim, format!("  {note}"));
        }
        page.put("", 2, &title);
    }
    for block in &section.blocks {
        match block {
            Block::Words(line) => page.put("  ", 2, &safe(line)),
            Block::Under(name) => page.put("  ", 2, &safe(&Line::of(Tone::Dim, name.clone()))),
            Block::Field(name, line) => page.field(name, &safe(line)),
            Block::Item(written, meaning) => item(page, written, meaning),
            Block::Point(mark, tone, line) => point(page, mark, *tone, line),
            Block::Hop(hop) => draw_hop(page, hop),
            Block::Across(words) => across(page, words),
        }
    }
}

/// Columns of what is written, where the meaning stands beside it.
const WRITTEN: usize = 28;

/// `    SFV:SPM        what it means`: below each other where there is no room beside.
fn item(page: &mut Page, written: &Line, meaning: &Line) {
    let beside = page.width() >= 76;
    let written = safe(written);
    let columns = written.columns();
    if meaning.is_empty() {
        page.put("    ", 6, &written);
    } else if beside && columns < WRITTEN {
        page.hung(&Text::plain("    ").join(written), 4 + WRITTEN, &safe(meaning));
    } else {
        page.put("    ", 6, &written);
        let hang = if beside { 4 + WRITTEN } else { 8 };
        page.put(&" ".repeat(hang), hang, &safe(meaning));
    }
}

fn point(page: &mut Page, mark: &str, tone: Tone, line: &Line) {
    let columns = columns_of(mark).max(2) + 1;
    page.hung(&Text::plain("  ").and(tone, mark), 2 + columns, &safe(line));
}

/// Columns of a delay.
const DELAY: usize = 13;

fn draw_hop(page: &mut Page, hop: &HopLine) {
    let number = pad_left(&hop.number.to_string(), 4);
    let lead = Text::of(Tone::Dim, format!("  {number} {}", pad(&hop.time, 9)));
    let hang = lead.columns() + DELAY;
    page.hung(&lead.join(safe(&hop.delay)), hang, &safe(&hop.hosts));
    if !hop.detail.is_empty() {
        page.put(&" ".repeat(hang), hang, &safe(&hop.detail));
    }
}

fn across(page: &mut Page, words: &str) {
    let sign = if page.signs().zero == '.' { "=" } else { "═" };
    let room = page.width().saturating_sub(columns_of(words) + 8);
    let line = format!("{} {words} {}", sign.repeat(3), sign.repeat(room));
    page.put("  ", 2, &Text::of(Tone::Good, line));
}
