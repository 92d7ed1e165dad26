//! Many messages as a table, one line each, written as they come.
//!
//! The first rows are held back until the widths of the columns can be chosen from them; the rest
//! is written with the same widths, so that memory does not grow with the input.

use crate::model::delivery::domain_of;
use crate::model::view::Told;
use crate::model::{Instant, Outcome, Placement, Seen, Stamps};
use crate::render::terminal::Style;
use crate::render::terminal::page::{Page, Text, Tone, columns_of, pad};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Rows from which the widths are chosen.
const HELD: usize = 256;

/// A column: heading, least width, greatest width, how soon it is left out on a narrow terminal
/// (0 never, 1 first).
struct Column {
    heading: &'static str,
    least: usize,
    most: usize,
    dispensable: usize,
}

const COLUMNS: [Column; 9] = [
    Column { heading: "verdict", least: 8, most: 12, dispensable: 0 },
    Column { heading: "SCL", least: 3, most: 3, dispensable: 0 },
    Column { heading: "SFV", least: 4, most: 4, dispensable: 4 },
    Column { heading: "CAT", least: 5, most: 6, dispensable: 3 },
    Column { heading: "SDMC", least: 4, most: 4, dispensable: 0 },
    Column { heading: "date", least: 16, most: 16, dispensable: 2 },
    Column { heading: "from", least: 16, most: 34, dispensable: 0 },
    Column { heading: "decided by", least: 14, most: 36, dispensable: 1 },
    Column { heading: "file", least: 12, most: 200, dispensable: 0 },
];

type Row = [(Tone, String); COLUMNS.len()];

/// A table under way.
pub struct Table {
    style: Style,
    held: Vec<Row>,
    widths: Option<[usize; COLUMNS.len()]>,
    /// Messages by verdict, and those whose verdict is by their own word.
    counts: BTreeMap<(usize, &'static str), u64>,
    messages: u64,
    claimed: u64,
}

impl Table {
    /// An empty table.
    pub fn new(style: Style) -> Self {
        Self {
            style,
            held: Vec::new(),
            widths: None,
            counts: BTreeMap::new(),
            messages: 0,
            claimed: 0,
        }
    }

    /// Adds a message.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn row(&mut self, seen: &Seen, told: &Told, out: &mut dyn Write) -> io::Result<()> {
        self.messages += 1;
        self.claimed += u64::from(told.claimed);
        let (rank, verdict, tone) = verdict(told);
        *self.counts.entry((rank, verdict)).or_default() += 1;
        let row = cells(seen, told, (tone, verdict));
        if let Some(widths) = self.widths {
            return self.write(&row, &widths, out);
        }
        self.held.push(row);
        if self.held.len() >= HELD { self.release(out) } else { Ok(()) }
    }

    /// Ends the table: what is still held back, the legend, the counts.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.widths.is_none() {
            self.release(out)?;
        }
        let mut page = Page::new(self.style);
        page.blank();
        let mut parts: Vec<String> =
            self.counts.iter().map(|((_, verdict), n)| format!("{n} {verdict}")).collect();
        if self.claimed > 0 {
            parts.push(format!(
                "{} by their own word (?): their stamps are not believed",
                self.claimed
            ));
        }
        let messages = Text::of(Tone::Strong, format!("{} messages: ", self.messages));
        page.put("", 2, &messages.more(parts.join(", ")));
        let legend = "SDMC: SPF, DKIM, DMARC, composite authentication; + pass, - fail, ~ neither, . not \
                      stated. One message alone shows the whole page; --format jsonl or csv hold every \
                      field.";
        page.put("", 2, &Text::of(Tone::Dim, legend));
        out.write_all(page.finish().as_bytes())
    }

    /// Chooses the widths and writes what was held back.
    fn release(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.chosen();
        self.widths = Some(widths);
        let headings = std::array::from_fn(|at| (Tone::Dim, COLUMNS[at].heading.to_owned()));
        self.write(&headings, &widths, out)?;
        for row in std::mem::take(&mut self.held) {
            self.write(&row, &widths, out)?;
        }
        Ok(())
    }

    /// Widths that fit the terminal: what is dispensable goes first, then the wide ones shrink.
    fn chosen(&self) -> [usize; COLUMNS.len()] {
        let width = Page::new(self.style).width();
        let mut widths: [usize; COLUMNS.len()] = std::array::from_fn(|at| {
            let column = &COLUMNS[at];
            let widest = self.held.iter().map(|row| columns_of(&row[at].1)).max().unwrap_or(0);
            if widest == 0 {
                0
            } else {
                widest
                    .max(column.heading.len())
                    .clamp(column.least.min(widest.max(column.heading.len())), column.most)
            }
        });
        let total = |widths: &[usize]| -> usize {
            widths.iter().filter(|w| **w > 0).map(|w| w + 2).sum::<usize>().saturating_sub(2)
        };
        let least = |widths: &[usize]| -> usize {
            let each = widths.iter().zip(&COLUMNS).filter(|(w, _)| **w > 0);
            each.map(|(w, c)| (*w).min(c.least) + 2).sum::<usize>().saturating_sub(2)
        };
        for rank in 1..=4 {
            if least(&widths) > width
                && let Some(at) = COLUMNS.iter().position(|c| c.dispensable == rank)
            {
                widths[at] = 0;
            }
        }
        while total(&widths) > width {
            // The column that is furthest above its least width gives a character.
            let above = |at: &usize| widths[*at].saturating_sub(COLUMNS[*at].least);
            let Some(at) = (0..widths.len()).max_by_key(above).filter(|at| above(at) > 0) else {
                break;
            };
            widths[at] -= 1;
        }
        widths
    }

    fn write(&self, row: &Row, widths: &[usize], out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::new(self.style);
        let mut text = Text::default();
        for (at, ((tone, cell), width)) in row.iter().zip(widths).enumerate() {
            if *width == 0 {
                continue;
            }
            // The end of a path tells more than its beginning.
            let cut = if at == COLUMNS.len() - 1 {
                page.path(cell, *width)
            } else {
                page.stranger(cell, *width)
            };
            text = text.and(*tone, pad(&cut, *width + 2));
        }
        page.raw(&text);
        out.write_all(page.finish().as_bytes())
    }
}

/// The cells of a message.
fn cells(seen: &Seen, told: &Told, (tone, verdict): (Tone, &str)) -> Row {
    let s = &seen.examined.written.stamps;
    let facts = &seen.examined.facts;
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    let mark = if told.claimed { "?" } else { "" };
    let date = facts.date.or(facts.received).map(Instant::rfc3339).unwrap_or_default();
    let date = date.get(..16).unwrap_or(&date).replace('T', " ");
    let from = facts.from.clone().unwrap_or_default();
    [
        (if told.claimed { Tone::Dim } else { tone }, format!("{verdict}{mark}")),
        (Tone::Plain, s.scl.map(|n| n.to_string()).unwrap_or_default()),
        (Tone::Plain, word(&s.sfv)),
        (Tone::Plain, word(&s.cat)),
        (Tone::Plain, results(s)),
        (Tone::Dim, date),
        (
            Tone::Plain,
            if from.is_empty() { domain_of(&word(&facts.return_path)).to_owned() } else { from },
        ),
        (Tone::Dim, brief(&told.decider).to_owned()),
        (Tone::Plain, seen.file.clone()),
    ]
}

/// The decider without the words that all of them have.
fn brief(decider: &str) -> &str {
    if decider.starts_with("nobody: ") {
        return "nobody (internal mail)";
    }
    let starts = ["Microsoft's ", "the recipient's own ", "the ", "an ", "a "];
    let cut = starts.iter().find_map(|start| decider.strip_prefix(start)).unwrap_or(decider);
    cut.strip_suffix(" of yours").unwrap_or(cut)
}

/// The verdict in a word: its place in the counts, the word, its tone.
pub(super) fn verdict(told: &Told) -> (usize, &'static str, Tone) {
    match (told.placement, told.outcome) {
        (Placement::Quarantine, _) => (0, "quarantine", Tone::Bad),
        (Placement::Junk, _) => (1, "junk", Tone::Bad),
        (_, Outcome::Failed) => (2, "failed", Tone::Bad),
        (_, Outcome::Filtered) => (3, "filtered", Tone::Bad),
        (_, Outcome::Pending) => (4, "pending", Tone::Warn),
        (Placement::Folder, _) => (5, "folder", Tone::Warn),
        (Placement::Inbox, _) => (6, "inbox", Tone::Good),
        (_, Outcome::Delivered) => (7, "let in", Tone::Plain),
        (_, Outcome::Relayed) => (8, "relayed", Tone::Plain),
        (_, Outcome::Unknown) => (10, "not stated", Tone::Dim),
        (_, other) => (9, other.as_str(), Tone::Plain),
    }
}

/// Authentication in four signs.
fn results(s: &Stamps) -> String {
    let sign = |result: Option<&str>| match result {
        None | Some("") => '.',
        Some("pass" | "bestguesspass" | "softpass") => '+',
        Some("fail" | "softfail") => '-',
        Some(_) => '~',
    };
    let passes = s.dkim.iter().any(|(result, _)| result == "pass");
    let dkim = if passes { Some("pass") } else { s.dkim.first().map(|(r, _)| r.as_str()) };
    let all = [s.spf.as_deref(), dkim, s.dmarc.as_deref(), s.compauth.as_deref()];
    if all.iter().all(Option::is_none) {
        return String::new();
    }
    all.into_iter().map(sign).collect()
}
