//! Lines of a page: toned text, wrapped at words, padded by display width.

mod signs;

use super::{Style, links};
use crate::render::safety;
use anstyle::{AnsiColor, Color};
use signs::{ASCII, Signs, UNICODE};
use unicode_width::UnicodeWidthChar;

/// What a piece of text is to the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::render) enum Tone {
    #[default]
    Plain,
    Dim,
    Strong,
    Good,
    Warn,
    Bad,
    /// Dim, and a link: its number on the page.
    Link(usize),
}

impl Tone {
    fn style(self) -> anstyle::Style {
        let style = anstyle::Style::new();
        let colour = |c: AnsiColor| style.bold().fg_color(Some(Color::Ansi(c)));
        match self {
            Self::Plain => style,
            Self::Dim | Self::Link(_) => style.dimmed(),
            Self::Strong => style.bold(),
            Self::Good => colour(AnsiColor::Green),
            Self::Warn => colour(AnsiColor::Yellow),
            Self::Bad => colour(AnsiColor::Red),
        }
    }
}

/// Text in pieces of one tone each.
#[derive(Clone, Debug, Default)]
pub(in crate::render) struct Text(Vec<(Tone, String)>);

impl Text {
    /// Our own words in a tone.
    pub(in crate::render) fn of(tone: Tone, words: impl Into<String>) -> Self {
        Self::default().and(tone, words)
    }

    /// Our own words.
    pub(in crate::render) fn plain(words: impl Into<String>) -> Self {
        Self::of(Tone::Plain, words)
    }

    /// More of our own words.
    pub(in crate::render) fn and(mut self, tone: Tone, words: impl Into<String>) -> Self {
        self.0.push((tone, words.into()));
        self
    }

    /// The pieces of another text behind these.
    pub(in crate::render) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Display columns, were it all on one line.
    pub(in crate::render) fn columns(&self) -> usize {
        self.0.iter().map(|(_, words)| columns_of(words)).sum()
    }

    /// More of our own words, untoned.
    pub(in crate::render) fn more(self, words: impl Into<String>) -> Self {
        self.and(Tone::Plain, words)
    }

    #[cfg(test)]
    fn words(&self) -> String {
        self.0.iter().map(|p| p.1.as_str()).collect()
    }
}

/// The page under way.
pub(in crate::render) struct Page {
    style: Style,
    text: String,
    /// The tone that holds at the end of `text`.
    tone: Tone,
    /// Folder that relative paths begin at, as the path of a URI; `None` where nothing is a link.
    folder: Option<String>,
    /// Where links lead.
    links: Vec<String>,
}

impl Page {
    pub(in crate::render) fn new(style: Style) -> Self {
        let width = style.width.clamp(Style::NARROW, Style::WIDE);
        let style = Style { width, ..style };
        Self { style, text: String::new(), tone: Tone::Plain, folder: None, links: Vec::new() }
    }

    /// Paths of inputs become links (OSC 8); relative ones begin at this folder. Without colour
    /// there is no escape code, so no link either.
    pub(super) fn link_from(&mut self, folder: &std::path::Path) {
        if self.style.colour {
            self.folder = Some(links::path_of_uri(&folder.to_string_lossy()));
        }
    }

    /// The tone of a path: a link to the file, else dim.
    pub(super) fn path_tone(&mut self, path: &str) -> Tone {
        let Some(uri) = self.folder.as_deref().and_then(|folder| links::uri(folder, path)) else {
            return Tone::Dim;
        };
        self.links.push(uri);
        Tone::Link(self.links.len() - 1)
    }

    pub(in crate::render) fn finish(self) -> String {
        self.text
    }

    pub(in crate::render) fn width(&self) -> usize {
        self.style.width
    }

    pub(super) fn rows(&self) -> usize {
        self.style.rows
    }

    pub(in crate::render) fn signs(&self) -> Signs {
        if self.style.unicode { UNICODE } else { ASCII }
    }

    /// Words of a stranger, made harmless, at most `columns` wide; a cut shows.
    pub(in crate::render) fn stranger(&self, words: &str, columns: usize) -> String {
        // A character is seldom narrower than a column; endless text is not escaped to its end.
        let most = columns.saturating_mul(4).max(1);
        let head = match words.char_indices().nth(most) {
            Some((end, _)) => &words[..end],
            None => words,
        };
        let safe = safety::terminal(head);
        fit(&safe, columns, self.signs().ellipsis, head.len() < words.len())
    }

    /// A path of a stranger, made harmless; where it is too wide, its end is shown, for that names the
    /// file.
    pub(in crate::render) fn path(&self, path: &str, columns: usize) -> String {
        let most = columns.saturating_mul(4).max(1);
        let start = path.char_indices().rev().nth(most).map_or(0, |(at, _)| at);
        let safe = safety::terminal(path.get(start..).unwrap_or_default());
        if start == 0 && columns_of(&safe) <= columns {
            return safe.into_owned();
        }
        let mark = self.signs().ellipsis;
        let room = columns.saturating_sub(columns_of(mark));
        let fits = |at: &usize| columns_of(safe.get(*at..).unwrap_or_default()) <= room;
        let at = safe.char_indices().map(|(at, _)| at).find(fits).unwrap_or(safe.len());
        format!("{mark}{}", safe.get(at..).unwrap_or_default())
    }

    /// An empty line.
    pub(in crate::render) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Section heading, set off by an empty line.
    pub(in crate::render) fn heading(&mut self, title: &str, note: &str) {
        self.blank();
        let mut text = Text::of(Tone::Strong, title);
        if !note.is_empty() {
            text = text.and(Tone::Dim, format!("  {note}"));
        }
        self.put("", 2, &text);
    }

    /// A labelled paragraph of a section: `  label       text`, continued below the text.
    pub(in crate::render) fn field(&mut self, label: &str, text: &Text) {
        self.labelled(2, 12, label, text);
    }

    /// A labelled paragraph at `indent`; the label takes `columns`.
    pub(in crate::render) fn labelled(
        &mut self,
        indent: usize,
        columns: usize,
        label: &str,
        text: &Text,
    ) {
        let lead = format!("{:indent$}{}", "", pad(label, columns));
        self.put(&lead, indent + columns, text);
    }

    /// A paragraph: `lead` (dim) before the first line, `hang` columns before the others.
    pub(in crate::render) fn put(&mut self, lead: &str, hang: usize, text: &Text) {
        self.paint(Tone::Dim, lead);
        self.fill(columns_of(lead), hang, text);
    }

    /// A paragraph behind a lead with tones of its own, which takes `columns`; the other lines
    /// stand below the first one's text.
    pub(in crate::render) fn hung(&mut self, lead: &Text, columns: usize, text: &Text) {
        for (tone, words) in &lead.0 {
            self.paint(*tone, words);
        }
        let spaces = columns.saturating_sub(lead.columns());
        self.paint(Tone::Plain, &" ".repeat(spaces));
        self.fill(lead.columns() + spaces, columns, text);
    }

    /// Fills lines from the column `used` on and ends the last one.
    fn fill(&mut self, used: usize, hang: usize, text: &Text) {
        let mut line = Line::new(self.style.width, hang, used);
        for (tone, words) in &text.0 {
            for (index, word) in words.split(' ').enumerate() {
                if index > 0 {
                    line.flush(self);
                    line.spaces += 1;
                }
                line.word.push((*tone, word.to_owned()));
            }
        }
        line.flush(self);
        self.end_line();
    }

    /// A line that is already laid out.
    pub(in crate::render) fn raw(&mut self, text: &Text) {
        for (tone, words) in &text.0 {
            self.paint(*tone, words);
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        self.switch(Tone::Plain);
        self.text.push('\n');
    }

    fn paint(&mut self, tone: Tone, words: &str) {
        if !words.is_empty() {
            self.switch(tone);
            self.text.push_str(words);
        }
    }

    /// Escape codes only where the tone changes.
    fn switch(&mut self, tone: Tone) {
        if self.style.colour && tone != self.tone {
            let link = |tone: Tone| match tone {
                Tone::Link(number) => self.links.get(number).map(String::as_str),
                _ => None,
            };
            match (link(self.tone), link(tone)) {
                (_, Some(uri)) => {
                    let open = links::open(uri);
                    self.text.push_str(&open);
                }
                (Some(_), None) => self.text.push_str(links::CLOSE),
                (None, None) => {}
            }
            let codes = format!("{:#}{}", self.tone.style(), tone.style());
            self.text.push_str(&codes);
        }
        self.tone = tone;
    }
}

/// A line being filled: spaces and one unbroken word wait until it is known where they go.
struct Line {
    width: usize,
    hang: usize,
    used: usize,
    spaces: usize,
    word: Vec<(Tone, String)>,
    empty: bool,
}

impl Line {
    fn new(width: usize, hang: usize, used: usize) -> Self {
        Self { width, hang, used, spaces: 0, word: Vec::new(), empty: true }
    }

    fn flush(&mut self, page: &mut Page) {
        let word = std::mem::take(&mut self.word);
        let spaces = std::mem::take(&mut self.spaces);
        let columns: usize = word.iter().map(|w| columns_of(&w.1)).sum();
        if word.iter().all(|w| w.1.is_empty()) {
            self.spaces = spaces;
            return;
        }
        if !self.empty && self.used + spaces + columns > self.width {
            self.next(page);
        } else if !self.empty {
            page.text.push_str(&" ".repeat(spaces));
            self.used += spaces;
        }
        for (tone, part) in word {
            self.put(page, tone, &part);
        }
    }

    /// Puts a part of a word, broken where it is longer than a line.
    fn put(&mut self, page: &mut Page, tone: Tone, part: &str) {
        let mut rest = part;
        while !rest.is_empty() {
            let end = self.room(rest);
            let (now, later) = rest.split_at(end);
            page.paint(tone, now);
            self.used += columns_of(now);
            self.empty = false;
            rest = later;
            if !rest.is_empty() {
                self.next(page);
            }
        }
    }

    /// Bytes of `rest` that fit on the line; at least one character of an empty line.
    fn room(&self, rest: &str) -> usize {
        let mut used = self.used;
        for (at, c) in rest.char_indices() {
            used += columns_of_char(c);
            if used > self.width && !(self.empty && at == 0) {
                return at;
            }
        }
        rest.len()
    }

    fn next(&mut self, page: &mut Page) {
        page.end_line();
        page.text.push_str(&" ".repeat(self.hang));
        self.used = self.hang;
        self.empty = true;
    }
}

/// Display columns of a character, never too few: a variation selector may widen what stands
/// before it.
pub(in crate::render) fn columns_of_char(c: char) -> usize {
    match c {
        '\u{fe0f}' => 1,
        _ => c.width().unwrap_or(0),
    }
}

/// Display columns of a text.
pub(in crate::render) fn columns_of(text: &str) -> usize {
    text.chars().map(columns_of_char).sum()
}

/// The text, cut with `mark` where it is wider than `columns` (or is known to go on).
fn fit(text: &str, columns: usize, mark: &str, goes_on: bool) -> String {
    if !goes_on && columns_of(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(columns_of(mark));
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += columns_of_char(*c);
            used <= room
        })
        .collect();
    cut.push_str(mark);
    cut
}

/// The text with spaces up to `columns`; always at least one space behind it.
pub(in crate::render) fn pad(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(columns_of(text)).max(1);
    format!("{text}{:spaces$}", "")
}

/// The text with spaces before it, up to `columns`.
pub(in crate::render) fn pad_left(text: &str, columns: usize) -> String {
    let spaces = columns.saturating_sub(columns_of(text));
    format!("{:spaces$}{text}", "")
}

#[cfg(test)]
mod tests;
