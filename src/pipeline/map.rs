//! Read and decode: chunks of rows to sealed blocks, by partition. (Message files are read when
//! they are recognised, in the survey.)

use super::builders::{Beside, ROW};
use super::collect::{Collector, Mapped, shorten};
use super::feed::{Feed, Work};
use super::ledger::Ledger;
use super::lock::lock;
use super::row_of_facts::Teller;
use super::survey::{Kind, Survey};
use super::{Options, Progress};
use crate::decode::rows::{Emit, RowDecoder};
use crate::model::block::{Row, flag};
use crate::model::{ColumnRole, Detail, Extra, Input, RawRecord, Reject, Told};
use crate::read::{Chunk, Sink, Splitter};
use std::io;
use std::sync::Mutex;

/// Characters at which exports cut a subject (Microsoft, message trace).
const LONG_SUBJECT: usize = 256;

/// Rows of a block of the lane at most: half a megabyte, which is taken and written out as one.
const LANE_ROWS: usize = 1 << 13;

/// How the memory is shared out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Number of partitions.
    pub(super) partitions: usize,
    /// Bytes of sealed blocks kept in memory.
    pub(super) blocks: usize,
    /// Rows of a builder before it is sealed.
    pub(super) rows: usize,
    /// Rows of the lane's builder before it is sealed.
    pub(super) lane: usize,
    /// Bytes of the names of a stretch of the lane before a new one is begun.
    pub(super) names: usize,
    /// Bytes in which a worker counts where messages have rows.
    pub(super) scattered: usize,
    /// Facts are wanted.
    pub(super) telling: bool,
    /// What only an inspection shows is wanted.
    pub(super) inspecting: bool,
}

impl Sizes {
    /// Half of the memory for blocks, an eighth each for the names of open stretches and for where
    /// messages have rows, half an eighth for open builders; the rest is for the tallies and for
    /// the partitions being folded. Partitions are small enough to be folded within it.
    pub(super) fn new(inputs: &[Input], options: &Options, telling: bool) -> Self {
        let bytes: u64 = inputs.iter().map(|input| input.bytes).sum();
        let memory = usize::try_from(options.memory).unwrap_or(usize::MAX);
        let partitions = usize::try_from(bytes >> 24).unwrap_or(256).next_power_of_two();
        let partitions = partitions.clamp(16, 256);
        let jobs = options.jobs.max(1);
        let open = memory / 16 / (partitions * jobs * ROW);
        Self {
            partitions,
            blocks: memory / 2,
            rows: open.clamp(64, 2048),
            lane: (memory / 64 / (jobs * ROW)).clamp(64, LANE_ROWS),
            names: memory / 8 / jobs,
            // Eight bytes for each of the smallest rows there may be, packed ones left out.
            scattered: (usize::try_from(bytes / 8).unwrap_or(memory) + (1 << 12))
                .min(memory / 8 / jobs),
            telling,
            inspecting: options.inspect,
        }
    }
}

/// Maps all tables; the collectors are those of the survey, one per worker. Fails only where
/// temporary files do.
pub(super) fn map(
    pool: &rayon::ThreadPool,
    survey: &Survey,
    collectors: Vec<Collector<'_>>,
    progress: &dyn Progress,
) -> io::Result<Mapped> {
    let feed = Mutex::new(Feed::new(survey));
    let collectors = Mutex::new(collectors);
    let workers = pool.broadcast(|_| {
        let collector = lock(&collectors).pop()?;
        let mut worker =
            Worker { survey, collector, decoder: None, teller: None, ends: Vec::new() };
        let mut used = None;
        while !worker.collector.has_failed() {
            let Some(work) = lock(&feed).next(used.take()) else { break };
            match work {
                Work::Chunk { input, chunk, splitter } => {
                    let size = chunk.source_bytes;
                    worker.chunk(input, &chunk, &splitter, progress);
                    used = Some(chunk);
                    progress.advance(size);
                }
                Work::Broken { input, why } => {
                    worker.collector.ledger(input).broken = Some(why);
                }
            }
        }
        Some(worker.collector.finish())
    });
    let mut mapped = Mapped::default();
    for worker in workers.into_iter().flatten() {
        mapped.merge(worker?);
    }
    Ok(mapped)
}

struct Worker<'a> {
    survey: &'a Survey,
    collector: Collector<'a>,
    decoder: Option<(usize, RowDecoder)>,
    teller: Option<Teller>,
    ends: Vec<u32>,
}

impl Worker<'_> {
    fn chunk(&mut self, input: usize, chunk: &Chunk, splitter: &Splitter, progress: &dyn Progress) {
        let surveyed = &self.survey.inputs[input];
        let Kind::Trace { dialect, order } = &surveyed.kind else { return };
        let mut decoder = match self.decoder.take() {
            Some((for_input, decoder)) if for_input == input => decoder,
            _ => match RowDecoder::new(dialect, *order, &surveyed.zone) {
                Some(decoder) => {
                    self.teller = self.collector.telling.then(|| Teller::new(dialect));
                    decoder
                }
                None => return,
            },
        };
        let inspecting = self.collector.inspecting;
        let mut teller = self.teller.take();
        let mut ends = std::mem::take(&mut self.ends);
        let mut rows = Rows {
            worker: self,
            decoder: &mut decoder,
            teller: teller.as_mut(),
            subject: dialect.column(ColumnRole::Subject).filter(|_| inspecting),
            ledger: Ledger::watching(inspecting),
        };
        let split = splitter.split(chunk, input as u32, &mut ends, &mut rows);
        let mut ledger = rows.ledger;
        ledger.headers += split.repeated_headers;
        ledger.notes = std::mem::take(&mut decoder.notes);
        if ledger.rejected > 0 {
            progress.rejected(ledger.rejected);
        }
        if let Some((_, last)) = ledger.span {
            self.collector.out.context.seen_until(dialect.name, last);
        }
        self.collector.ledger(input).merge(ledger);
        self.ends = ends;
        self.teller = teller;
        self.decoder = Some((input, decoder));
    }
}

/// Takes the records of one chunk.
struct Rows<'w, 'a, 'd> {
    worker: &'w mut Worker<'a>,
    decoder: &'d mut RowDecoder,
    teller: Option<&'d mut Teller>,
    /// Column of the subject, where its length is asked for.
    subject: Option<usize>,
    ledger: Ledger,
}

/// Takes the rows of one record.
struct Taken<'t, 'a> {
    worker: &'t mut Worker<'a>,
    ledger: &'t mut Ledger,
    told: Option<&'t Told<'t>>,
}

impl Emit for Taken<'_, '_> {
    fn row(&mut self, row: &Row<'_>, detail: Option<&Detail<'_>>) {
        self.ledger.observe(row);
        let beside = detail.map_or(Beside::Nothing, Beside::Detail);
        self.worker.collector.push(row, beside, self.told);
    }

    fn extra(&mut self, row: &Row<'_>, extra: Extra) {
        if row.flags & flag::NOTICE == 0 {
            self.ledger.seen_at(row.time);
        }
        self.worker.collector.out.bounces += u64::from(matches!(extra, Extra::Bounce(_)));
        self.worker.collector.push(row, Beside::Extra(extra), None);
    }
}

impl Sink for Rows<'_, '_, '_> {
    fn record(&mut self, record: RawRecord<'_>) {
        if let Some(column) = self.subject {
            let mut scratch = Vec::new();
            let subject = String::from_utf8_lossy(record.field(column, &mut scratch));
            self.ledger.long_subjects += u64::from(subject.chars().count() == LONG_SUBJECT);
        }
        let told = self.teller.as_mut().map(|teller| teller.read(&record));
        let mut taken =
            Taken { worker: self.worker, ledger: &mut self.ledger, told: told.as_ref() };
        match self.decoder.decode(&record, &mut taken) {
            Ok(()) => self.ledger.accepted += 1,
            Err(reason) => self.reject(Reject { origin: record.origin, reason }),
        }
    }

    fn reject(&mut self, reject: Reject) {
        self.ledger.refuse(&reject.reason);
        self.worker.collector.out.rejects.push(shorten(reject));
    }
}
