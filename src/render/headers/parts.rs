//! What the page consists of, before it is known whether a terminal or a browser draws it. All
//! text is still a stranger's: whoever draws escapes it.

use crate::model::view::Reading;
use crate::render::terminal::page::Tone;

/// Text in pieces of one tone each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line(pub(super) Vec<(Tone, String)>);

impl Line {
    pub(super) fn of(tone: Tone, words: impl Into<String>) -> Self {
        Self::default().and(tone, words)
    }

    pub(super) fn plain(words: impl Into<String>) -> Self {
        Self::of(Tone::Plain, words)
    }

    pub(super) fn and(mut self, tone: Tone, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.0.push((tone, words));
        }
        self
    }

    pub(super) fn more(self, words: impl Into<String>) -> Self {
        self.and(Tone::Plain, words)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One block of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Words(Line),
    /// A heading within the section.
    Under(String),
    /// A name and what belongs to it.
    Field(String, Line),
    /// One item of a stamp: as written, and what it means.
    Item(Line, Line),
    /// One step or remark of a list; the mark stands before it.
    Point(String, Tone, Line),
    /// One hop.
    Hop(HopLine),
    /// A line across: the border of trust.
    Across(String),
}

/// One hop as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HopLine {
    /// Number, from the oldest on.
    pub(super) number: usize,
    /// Time of the taking server, empty where it cannot be read.
    pub(super) time: String,
    /// Delay behind the hop before.
    pub(super) delay: Line,
    /// From where to where.
    pub(super) hosts: Line,
    /// Protocol, TLS, version.
    pub(super) detail: Line,
}

/// A section of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) title: &'static str,
    pub(super) note: String,
    pub(super) blocks: Vec<Block>,
}

impl Section {
    pub(super) fn new(title: &'static str, note: impl Into<String>) -> Self {
        Self { title, note: note.into(), blocks: Vec::new() }
    }

    pub(super) fn field(&mut self, name: &str, text: Line) {
        if !text.is_empty() {
            self.blocks.push(Block::Field(name.to_owned(), text));
        }
    }
}

/// Sources that the page refers to by number, in the order in which they are met.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(Vec<(String, &'static str)>);

impl Sources {
    /// The meaning of a reading with the number of its source; empty where nothing is known.
    pub(super) fn cite(&mut self, reading: &Reading) -> Line {
        if reading.meaning.is_empty() {
            return Line::default();
        }
        let mark = self.mark(&reading.source, reading.confidence);
        Line::plain(reading.meaning.clone()).and(Tone::Dim, mark)
    }

    /// ` [3]`, with a word where the source is less than a vendor's or a standard's.
    pub(super) fn mark(&mut self, source: &str, confidence: &'static str) -> String {
        if source.is_empty() {
            return String::new();
        }
        let known = self.0.iter().position(|(name, how)| name == source && *how == confidence);
        let number = known.unwrap_or_else(|| {
            self.0.push((source.to_owned(), confidence));
            self.0.len() - 1
        });
        format!(" [{}]", number + 1)
    }

    /// The list for the end of the page.
    pub(super) fn section(&self) -> Section {
        let mut section = Section::new("Sources", "");
        for (number, (source, confidence)) in self.0.iter().enumerate() {
            let how = match *confidence {
                "documented" | "" => "",
                "observed-in-corpus" => " (observed in messages, not documented)",
                "community" => " (community knowledge, not confirmed)",
                _ => " (our reading: a guess)",
            };
            let line = Line::of(Tone::Dim, format!("{source}{how}"));
            section.blocks.push(Block::Point(format!("[{}]", number + 1), Tone::Dim, line));
        }
        section
    }
}

/// Seconds in words: `3 s`, `2 min 5 s`, `1 h 4 min`, `3 d 2 h`.
pub(super) fn span(seconds: i64) -> String {
    let s = seconds.unsigned_abs();
    match s {
        0..=119 => format!("{s} s"),
        120..=7199 => match s % 60 {
            0 => format!("{} min", s / 60),
            rest => format!("{} min {rest} s", s / 60),
        },
        7200..=172_799 => format!("{} h {} min", s / 3600, s % 3600 / 60),
        _ => format!("{} d {} h", s / 86_400, s % 86_400 / 3600),
    }
}
