//! One row per delivery, in order of time: gathered by every worker, sorted in runs, merged into
//! one writer. Runs that outgrow their share of the memory go to temporary files.

use super::lock::lock;
use super::row_of_facts::fact;
use crate::model::{Delivery, Fact, FactWriter, Verdict};
use crate::redact::{self, Masker, Redactor};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Mutex;

/// Runs that are open at once, and merged into one where there are more: files and their buffers
/// are few whatever the number of rows.
const FAN: usize = 48;

/// Runs of all workers.
#[derive(Debug)]
pub(super) struct Facts {
    /// Bytes a worker holds before it writes them out.
    share: usize,
    temp: PathBuf,
    /// Names of the inputs, as they are shown.
    sources: Vec<String>,
    /// Names are replaced before rows are sorted: an order of names would tell them.
    redactor: Option<Redactor>,
    runs: Mutex<Vec<Run>>,
}

/// Rows in order.
#[derive(Debug)]
enum Run {
    Memory(Gathered),
    /// A file, and how often its rows were merged.
    File(File, u32),
}

/// Encoded rows with their places.
#[derive(Debug, Default)]
struct Gathered {
    bytes: Vec<u8>,
    rows: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    time: i64,
    key: u128,
    start: usize,
    end: usize,
}

/// Takes the deliveries of one worker.
#[derive(Debug)]
pub(super) struct Gatherer<'f> {
    facts: &'f Facts,
    masker: Option<Masker<'f>>,
    gathered: Gathered,
}

impl Facts {
    pub(super) fn new(
        memory: u64,
        jobs: usize,
        temp: PathBuf,
        sources: Vec<String>,
        redactor: Option<Redactor>,
    ) -> Self {
        let sources = if redactor.is_some() { redact::paths(&sources) } else { sources };
        let memory = usize::try_from(memory).unwrap_or(usize::MAX);
        let share = (memory / 8 / jobs.max(1)).clamp(64 << 10, 256 << 20);
        Self { share, temp, sources, redactor, runs: Mutex::default() }
    }

    pub(super) fn gatherer(&self) -> Gatherer<'_> {
        let masker = self.redactor.as_ref().map(Redactor::masker);
        Gatherer { facts: self, masker, gathered: Gathered::default() }
    }

    /// Takes a run; where there are many of its kind, they become one.
    fn add(&self, file: File, level: u32) -> io::Result<()> {
        let many = {
            let mut runs = lock(&self.runs);
            runs.push(Run::File(file, level));
            let same = |run: &Run| matches!(run, Run::File(_, l) if *l == level);
            if runs.iter().filter(|run| same(run)).count() < FAN {
                return Ok(());
            }
            let (many, rest) = std::mem::take(&mut *runs).into_iter().partition(same);
            *runs = rest;
            many
        };
        let mut out = BufWriter::with_capacity(1 << 16, tempfile::tempfile_in(&self.temp)?);
        merge(many, |head| write_row(&mut out, &head.bytes))?;
        self.add(rewound(out)?, level + 1)
    }

    /// Hands all rows to the writer, in order.
    pub(super) fn write(self, writer: &mut dyn FactWriter) -> io::Result<()> {
        let runs = self.runs.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        merge(runs, |head| {
            writer.row(&postcard::from_bytes(&head.bytes).map_err(io::Error::other)?)
        })?;
        writer.finish()
    }
}

/// Hands out the rows of all runs, in order.
fn merge(runs: Vec<Run>, mut take: impl FnMut(&Head) -> io::Result<()>) -> io::Result<()> {
    let mut cursors = Vec::with_capacity(runs.len());
    for run in runs {
        cursors.push(Cursor::new(run));
    }
    let mut heap = BinaryHeap::new();
    for (number, cursor) in cursors.iter_mut().enumerate() {
        let mut head = Head { number, ..Head::default() };
        if cursor.next(&mut head)? {
            heap.push(Reverse(head));
        }
    }
    while let Some(mut top) = heap.peek_mut() {
        take(&top.0)?;
        let number = top.0.number;
        let more = match cursors.get_mut(number) {
            Some(cursor) => cursor.next(&mut top.0)?,
            None => false,
        };
        if !more {
            PeekMut::pop(top);
        }
    }
    Ok(())
}

fn write_row(out: &mut impl Write, row: &[u8]) -> io::Result<()> {
    out.write_all(&(row.len() as u32).to_le_bytes())?;
    out.write_all(row)
}

/// The file behind the writer, to be read from its beginning.
fn rewound(out: BufWriter<File>) -> io::Result<File> {
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

impl Gatherer<'_> {
    pub(super) fn observe(&mut self, delivery: &Delivery<'_>, verdict: &Verdict) -> io::Result<()> {
        let source = self.facts.sources.get(delivery.input as usize).map_or("", String::as_str);
        let fact = fact(delivery, verdict, source);
        let fact = match &mut self.masker {
            Some(masker) => masker.mask(&fact),
            None => fact,
        };
        let start = self.gathered.bytes.len();
        let bytes = std::mem::take(&mut self.gathered.bytes);
        self.gathered.bytes = postcard::to_extend(&fact, bytes).map_err(io::Error::other)?;
        let end = self.gathered.bytes.len();
        self.gathered.rows.push(Place { time: fact.time, key: fact.key, start, end });
        if end + self.gathered.rows.len() * size_of::<Place>() >= self.facts.share {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = self.gathered.spill(&self.facts.temp)?;
        self.facts.add(file, 0)
    }

    /// Ends the worker's part.
    pub(super) fn finish(mut self) {
        self.gathered.sort();
        if !self.gathered.rows.is_empty() {
            lock(&self.facts.runs).push(Run::Memory(self.gathered));
        }
    }
}

impl Gathered {
    fn row(&self, place: &Place) -> &[u8] {
        self.bytes.get(place.start..place.end).unwrap_or_default()
    }

    fn sort(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        // Time and message nearly always decide; the rest is read from the row where they do not.
        let fact =
            |place: &Place| postcard::from_bytes::<Fact<'_>>(self.row(place)).unwrap_or_default();
        rows.sort_unstable_by(|a, b| {
            let first = (a.time, a.key).cmp(&(b.time, b.key));
            first.then_with(|| fact(a).order().cmp(&fact(b).order()))
        });
        self.rows = rows;
    }

    /// Writes the rows in order and starts anew.
    fn spill(&mut self, temp: &PathBuf) -> io::Result<File> {
        self.sort();
        let mut out = BufWriter::with_capacity(1 << 16, tempfile::tempfile_in(temp)?);
        for place in &self.rows {
            write_row(&mut out, self.row(place))?;
        }
        self.rows.clear();
        self.bytes.clear();
        rewound(out)
    }
}

/// Where a run is read.
enum Cursor {
    Memory(Gathered, usize),
    File(BufReader<File>),
}

impl Cursor {
    fn new(run: Run) -> Self {
        match run {
            Run::Memory(gathered) => Self::Memory(gathered, 0),
            Run::File(file, _) => Self::File(BufReader::with_capacity(1 << 16, file)),
        }
    }

    /// Moves the head on; false at the end of the run.
    fn next(&mut self, head: &mut Head) -> io::Result<bool> {
        head.bytes.clear();
        match self {
            Self::Memory(gathered, at) => {
                let Some(place) = gathered.rows.get(*at) else { return Ok(false) };
                *at += 1;
                head.bytes.extend_from_slice(gathered.row(place));
            }
            Self::File(file) => {
                let mut length = [0; 4];
                match file.read_exact(&mut length) {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
                    Err(error) => return Err(error),
                }
                head.bytes.resize(u32::from_le_bytes(length) as usize, 0);
                file.read_exact(&mut head.bytes)?;
            }
        }
        let fact: Fact<'_> = postcard::from_bytes(&head.bytes).map_err(io::Error::other)?;
        (head.time, head.key, head.input, head.line) = (fact.time, fact.key, fact.input, fact.line);
        head.recipient.clear();
        head.recipient.push_str(fact.recipient);
        Ok(true)
    }
}

/// The next row of a run, with its place in the order. The fields stand in the order that counts.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    time: i64,
    key: u128,
    recipient: String,
    input: u32,
    line: u32,
    number: usize,
    bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Lines(Vec<(i64, u128, String, u32)>);

    impl FactWriter for Lines {
        fn row(&mut self, fact: &Fact<'_>) -> io::Result<()> {
            self.0.push((fact.time, fact.key, fact.recipient.to_owned(), fact.line));
            Ok(())
        }
        fn finish(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn runs_and_merge_are_a_sort(
            rows in prop::collection::vec((0i64..20, 0u128..4, 0u32..3, 0u32..50), 0..400),
            workers in 1usize..4,
        ) {
            let mut facts = Facts::new(0, 1, std::env::temp_dir(), Vec::new(), None);
            facts.share = 300;
            let mut gatherers: Vec<_> = (0..workers).map(|_| facts.gatherer()).collect();
            for (at, (time, key, who, line)) in rows.iter().enumerate() {
                let recipient = format!("r{who}@contoso.com");
                let fact =
                    Fact { time: *time, key: *key, recipient: &recipient, line: *line, ..Fact::default() };
                let gatherer = &mut gatherers[at % workers];
                let start = gatherer.gathered.bytes.len();
                let bytes = std::mem::take(&mut gatherer.gathered.bytes);
                gatherer.gathered.bytes = postcard::to_extend(&fact, bytes).unwrap();
                let end = gatherer.gathered.bytes.len();
                gatherer.gathered.rows.push(Place { time: *time, key: *key, start, end });
                if end > facts.share {
                    gatherer.spill().unwrap();
                }
            }
            gatherers.into_iter().for_each(Gatherer::finish);
            let mut lines = Lines::default();
            facts.write(&mut lines).unwrap();
            let mut expected: Vec<_> = rows
                .iter()
                .map(|(t, k, w, l)| (*t, *k, format!("r{w}@contoso.com"), *l))
                .collect();
            expected.sort();
            prop_assert_eq!(lines.0, expected);
        }
    }
}
