//! What a dialect rule is, and how one by column names is asked.

use super::MAX_COLUMNS;
use super::header::{Header, View};
use crate::model::{ColumnRole, Form, Grain, InputRole, Layer};

/// What a rule says of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not this dialect, and why.
    No(String),
    /// Part of it is there.
    Maybe {
        /// How much, 0 to 100.
        score: u32,
        /// What is lacking, as the export spells it.
        missing: Vec<&'static str>,
    },
    /// This dialect; the highest score among all rules wins.
    Yes(u32),
}

/// A column of a dialect.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// What it holds.
    pub role: ColumnRole,
    /// Its names, the usual spelling first. Compared without case, quotes, white space, `-` and
    /// `_`.
    pub names: &'static [&'static str],
    /// No dialect without it.
    pub required: bool,
}

impl ColumnSpec {
    /// A column without which it is not this dialect.
    pub(super) const fn needed(role: ColumnRole, names: &'static [&'static str]) -> Self {
        Self { role, names, required: true }
    }

    /// A column that is used where it is there.
    pub(super) const fn used(role: ColumnRole, names: &'static [&'static str]) -> Self {
        Self { role, names, required: false }
    }
}

/// How a dialect is recognised.
#[derive(Clone, Copy, Debug)]
pub enum Recognition {
    /// By the names in the header line.
    Columns {
        /// Score when all required columns are there; each optional one adds to it.
        base: u32,
        /// Known columns.
        specs: &'static [ColumnSpec],
        /// A reason why it is not this dialect, although the columns are there.
        veto: fn(&[String]) -> Option<String>,
    },
    /// By its first lines (bytes without byte order mark).
    Text(fn(&[u8]) -> Answer),
    /// By its first bytes: it is no text. Asked before all others.
    Bytes(fn(&[u8]) -> bool),
}

/// In which zone a dialect writes its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneRule {
    /// UTC, by the format's definition or by the name of the column; or each time carries its
    /// zone.
    Stated,
    /// Nobody knows: what the user names, else UTC is assumed, and said.
    Local,
}

/// One dialect: how it is recognised, and what its records can tell.
#[derive(Clone, Copy, Debug)]
pub struct DialectRule {
    /// Name in the report.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Layout of its records.
    pub form: Form,
    /// What one record speaks of.
    pub grain: Grain,
    /// What its inputs are evidence of.
    pub role: InputRole,
    /// The test.
    pub recognition: Recognition,
    /// The test in words.
    pub recognised: &'static str,
    /// Layers whose faults it can show.
    pub shows: &'static [Layer],
    /// The zone of its times, where a column's name does not tell.
    pub zone: ZoneRule,
    /// Minutes until a final state may be expected in it.
    pub lag_minutes: u32,
    /// Row limits of the export itself; a row count that stands exactly at one is suspicious.
    pub caps: &'static [u64],
    /// Limit of the export in messages, where its rows are something smaller.
    pub message_caps: &'static [u64],
    /// Limit of the export in bytes.
    pub byte_caps: &'static [u64],
    /// The export is always made with a filter on sender, recipient or message.
    pub always_filtered: bool,
    /// File name of the example among the samples.
    pub sample: &'static str,
}

impl DialectRule {
    /// The first bytes are those of this dialect, which is no text.
    pub(super) fn knows(&self, bytes: &[u8]) -> bool {
        matches!(self.recognition, Recognition::Bytes(test) if test(bytes))
    }

    /// Asks the rule about an input.
    pub(super) fn ask(&self, view: &View<'_>) -> Answer {
        match self.recognition {
            Recognition::Text(test) => test(view.text),
            Recognition::Bytes(_) => Answer::No("text".to_owned()),
            Recognition::Columns { base, specs, veto } => match &view.header {
                Some(header) => by_columns(base, specs, veto, header),
                None => Answer::No("no header line".to_owned()),
            },
        }
    }
}

fn by_columns(
    base: u32,
    specs: &[ColumnSpec],
    veto: fn(&[String]) -> Option<String>,
    header: &Header,
) -> Answer {
    if header.names.len() > MAX_COLUMNS {
        return Answer::No(format!("{} columns", header.names.len()));
    }
    // Most inputs by number are messages: their first line is no header line of anything.
    let needed = specs.iter().filter(|spec| spec.required).count();
    if header.names.len() < 2.min(needed) {
        return Answer::No("has a single column".to_owned());
    }
    if let Some(reason) = veto(&header.names) {
        return Answer::No(reason);
    }
    let (required, optional): (Vec<_>, Vec<_>) = specs.iter().partition(|spec| spec.required);
    let missing: Vec<&'static str> = (required.iter())
        .filter(|spec| find(spec, header).next().is_none())
        .filter_map(|spec| spec.names.first().copied())
        .collect();
    let there = required.len() - missing.len();
    if missing.is_empty() {
        let more = optional.iter().filter(|spec| find(spec, header).next().is_some());
        Answer::Yes(base + more.count() as u32)
    } else if there == 0 || there < 2 && missing.len() > 1 {
        // One common name (Status, Subject, Date) is no likeness.
        Answer::No("lacks nearly all of its columns".to_owned())
    } else {
        Answer::Maybe { score: (100 * there / required.len()) as u32, missing }
    }
}

/// Positions of a column, the best of its names first.
fn find<'a>(spec: &'a ColumnSpec, header: &'a Header) -> impl Iterator<Item = usize> + 'a {
    spec.names.iter().flat_map(|&name| {
        let name = super::header::normalise(name.as_bytes());
        let places = header.names.iter().enumerate();
        places.filter_map(move |(index, seen)| (*seen == name).then_some(index))
    })
}

/// Names as written, and whether the dialect reads them.
pub(super) fn known_columns(specs: &[ColumnSpec], header: &Header) -> Vec<(String, bool)> {
    let known: Vec<usize> = specs.iter().flat_map(|spec| find(spec, header)).collect();
    let names = header.written.iter().enumerate();
    names.map(|(at, name)| (name.clone(), known.contains(&at))).collect()
}

/// Which column holds what. A name that stands twice is worth a note: the first one counts.
pub(super) fn map_columns(
    specs: &[ColumnSpec],
    header: &Header,
    notes: &mut Vec<String>,
) -> [Option<u16>; ColumnRole::COUNT] {
    let mut columns = [None; ColumnRole::COUNT];
    for spec in specs {
        let mut places = find(spec, header);
        let Some(first) = places.next() else {
            continue;
        };
        if let Some(slot) = columns.get_mut(spec.role as usize) {
            *slot = u16::try_from(first).ok();
        }
        let same = |index: &usize| header.names.get(*index) == header.names.get(first);
        if spec.role != ColumnRole::Artefact && places.any(|index| same(&index)) {
            let name = spec.names.first().copied().unwrap_or_default();
            notes.push(format!(
                "the column {name} stands twice in the header line; the first is used"
            ));
        }
    }
    columns
}
