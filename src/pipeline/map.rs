//! Read and decode: chunks and message files to sealed blocks, by partition.

use super::feed::{Feed, Work};
use super::ledger::Ledger;
use super::partitions::{Partitions, lock};
use super::rejects::Rejects;
use super::survey::{Kind, Survey};
use super::{Options, Progress};
use crate::decode::rows::{Emit, RowDecoder};
use crate::decode::{context, message, observe};
use crate::fold::partition_of;
use crate::model::block::{BlockBuilder, Row, flag};
use crate::model::{
    Block, Context, Detail, Encoding, Extra, Interner, Origin, RawRecord, Reject, RejectReason,
};
use crate::read::{self, Chunk, HeadLimits, Sink, Splitter};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Mutex;

/// Bytes of a bounce read at most; what stands beyond is attachments.
const MESSAGE_CAP: usize = 1 << 20;
/// Memory of a row in a builder, about, in bytes.
const ROW: usize = 110;

/// How the memory is shared out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Number of partitions.
    pub(super) partitions: usize,
    /// Bytes of sealed blocks kept in memory.
    pub(super) blocks: usize,
    /// Rows of a builder before it is sealed.
    pub(super) rows: usize,
}

impl Sizes {
    /// Five eighths of the memory for blocks, one for open builders; the rest is for the tallies
    /// and for the partitions being folded. Partitions are small enough to be folded within it.
    pub(super) fn new(survey: &Survey, options: &Options) -> Self {
        let bytes: u64 = survey.inputs.iter().map(|s| s.input.bytes).sum();
        let memory = usize::try_from(options.memory).unwrap_or(usize::MAX);
        let partitions = usize::try_from(bytes >> 24).unwrap_or(256).next_power_of_two();
        let partitions = partitions.clamp(16, 256);
        let open = memory / 8 / (partitions * options.jobs.max(1) * ROW);
        Self { partitions, blocks: memory / 8 * 5, rows: open.clamp(64, 2048) }
    }
}

/// What mapping yields beside the blocks.
#[derive(Default)]
pub(super) struct Mapped {
    pub(super) context: Context,
    pub(super) ledgers: BTreeMap<u32, Ledger>,
    pub(super) rejects: Rejects,
    pub(super) orphans: Vec<Block>,
    /// Bounce recipients read.
    pub(super) bounces: u64,
}

/// Maps all inputs. Fails only where temporary files do.
pub(super) fn map(
    pool: &rayon::ThreadPool,
    survey: &Survey,
    store: &Partitions,
    sizes: &Sizes,
    progress: &dyn Progress,
) -> io::Result<Mapped> {
    let feed = Mutex::new(Feed::new(survey));
    let workers = pool.broadcast(|_| {
        let mut worker = Worker::new(survey, store, sizes.rows);
        let mut used = None;
        loop {
            let Some(work) = lock(&feed).next(used.take()) else { break };
            match work {
                Work::Chunk { input, chunk, splitter } => {
                    let size = chunk.source_bytes;
                    worker.chunk(input, &chunk, &splitter, progress);
                    used = Some(chunk);
                    progress.advance(size);
                }
                Work::Messages(inputs) => {
                    for input in inputs {
                        worker.message(input, progress);
                        progress.advance(survey.inputs[input].input.bytes);
                    }
                }
                Work::Broken { input, why } => {
                    worker.ledger(input).broken = Some(why);
                }
            }
            if worker.failed.is_some() {
                break;
            }
        }
        worker.finish()
    });
    let mut mapped = Mapped::default();
    for worker in workers {
        let part = worker?;
        mapped.context.merge(&part.context);
        for (input, ledger) in part.ledgers {
            mapped.ledgers.entry(input).or_default().merge(ledger);
        }
        mapped.rejects.merge(part.rejects);
        mapped.orphans.extend(part.orphans);
        mapped.bounces += part.bounces;
    }
    Ok(mapped)
}

struct Worker<'a> {
    survey: &'a Survey,
    store: &'a Partitions,
    /// One per partition, and one for orphans behind them.
    builders: Vec<BlockBuilder>,
    rows: usize,
    decoder: Option<(usize, RowDecoder)>,
    ends: Vec<u32>,
    out: Mapped,
    /// Scratch space of the context's observation.
    names: Interner,
    failed: Option<io::Error>,
}

impl<'a> Worker<'a> {
    fn new(survey: &'a Survey, store: &'a Partitions, rows: usize) -> Self {
        let mut builders = Vec::new();
        builders.resize_with(store.len() + 1, BlockBuilder::default);
        Self {
            survey,
            store,
            builders,
            rows,
            decoder: None,
            ends: Vec::new(),
            out: Mapped::default(),
            names: Interner::default(),
            failed: None,
        }
    }

    fn ledger(&mut self, input: usize) -> &mut Ledger {
        self.out.ledgers.entry(input as u32).or_default()
    }

    fn chunk(&mut self, input: usize, chunk: &Chunk, splitter: &Splitter, progress: &dyn Progress) {
        let surveyed = &self.survey.inputs[input];
        let Kind::Trace { dialect, order } = &surveyed.kind else { return };
        let mut decoder = match self.decoder.take() {
            Some((for_input, decoder)) if for_input == input => decoder,
            _ => match RowDecoder::new(dialect, *order, &surveyed.zone) {
                Some(decoder) => decoder,
                None => return,
            },
        };
        let mut ends = std::mem::take(&mut self.ends);
        let mut rows = Rows { worker: self, decoder: &mut decoder, ledger: Ledger::default() };
        let split = splitter.split(chunk, input as u32, &mut ends, &mut rows);
        let mut ledger = rows.ledger;
        ledger.headers += split.repeated_headers;
        ledger.notes = std::mem::take(&mut decoder.notes);
        if ledger.rejected > 0 {
            progress.rejected(ledger.rejected);
        }
        if let Some((_, last)) = ledger.span {
            self.out.context.seen_until(dialect.name, last);
        }
        self.ledger(input).merge(ledger);
        self.ends = ends;
        self.decoder = Some((input, decoder));
    }

    fn message(&mut self, input: usize, progress: &dyn Progress) {
        let surveyed = &self.survey.inputs[input];
        let origin = Origin { input: input as u32, line: 1, byte: 0 };
        let encoding = surveyed.encoding.unwrap_or(Encoding::Utf8);
        let read = message_bytes(&surveyed.input.path, encoding);
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                self.ledger(input).broken = Some(error.to_string());
                return;
            }
        };
        let refused = match message::decode(&bytes, surveyed.input.bytes) {
            None => Err(RejectReason::NoHeaders),
            Some(facts) => {
                observe::state_domains(&facts, &mut self.out.context);
                let mut ledger = Ledger::default();
                let done = observe::observations(&facts, &bytes, origin, |row, extra| {
                    ledger.seen_at(row.time);
                    self.out.bounces += u64::from(matches!(extra, Extra::Bounce(_)));
                    self.push(row, Some(extra));
                });
                self.ledger(input).merge(ledger);
                done
            }
        };
        match refused {
            Ok(()) => self.ledger(input).accepted += 1,
            Err(reason) => {
                self.ledger(input).rejected += 1;
                self.out.rejects.push(shorten(Reject { origin, reason }));
                progress.rejected(1);
            }
        }
    }

    fn push(&mut self, row: &Row<'_>, extra: Option<Extra>) {
        let partition = self.partition(row);
        self.builders[partition].push(row, extra);
        self.seal_if_full(partition);
    }

    fn push_detail(&mut self, row: &Row<'_>, detail: &Detail<'_>) {
        let partition = self.partition(row);
        self.builders[partition].push_detail(row, detail);
        self.seal_if_full(partition);
    }

    fn partition(&self, row: &Row<'_>) -> usize {
        let last = self.builders.len() - 1;
        let orphan = row.flags & flag::ORPHAN != 0;
        if orphan { last } else { partition_of(row.key, last) }
    }

    /// A builder is full with its share of rows, or with as many bytes of what only they say.
    fn seal_if_full(&mut self, partition: usize) {
        let builder = &self.builders[partition];
        if builder.len() >= self.rows || builder.side_bytes() >= self.rows * ROW {
            self.seal(partition);
        }
    }

    fn seal(&mut self, partition: usize) {
        let block = self.builders[partition].seal();
        if block.is_empty() {
            return;
        }
        context::observe(&block, &mut self.out.context, &mut self.names);
        if partition == self.builders.len() - 1 {
            self.out.orphans.push(block);
        } else if let Err(error) = self.store.push(partition, block) {
            self.failed = Some(error);
        }
    }

    fn finish(mut self) -> io::Result<Mapped> {
        for partition in 0..self.builders.len() {
            self.seal(partition);
        }
        match self.failed {
            Some(error) => Err(error),
            None => Ok(self.out),
        }
    }
}

/// Takes the records of one chunk.
struct Rows<'w, 'a, 'd> {
    worker: &'w mut Worker<'a>,
    decoder: &'d mut RowDecoder,
    ledger: Ledger,
}

/// Takes the rows of one record.
struct Taken<'t, 'a> {
    worker: &'t mut Worker<'a>,
    ledger: &'t mut Ledger,
}

impl Emit for Taken<'_, '_> {
    fn row(&mut self, row: &Row<'_>, detail: Option<&Detail<'_>>) {
        self.ledger.observe(row);
        match detail {
            Some(detail) => self.worker.push_detail(row, detail),
            None => self.worker.push(row, None),
        }
    }
}

impl Sink for Rows<'_, '_, '_> {
    fn record(&mut self, record: RawRecord<'_>) {
        let mut taken = Taken { worker: self.worker, ledger: &mut self.ledger };
        match self.decoder.decode(&record, &mut taken) {
            Ok(()) => self.ledger.accepted += 1,
            Err(reason) => self.reject(Reject { origin: record.origin, reason }),
        }
    }

    fn reject(&mut self, reject: Reject) {
        self.ledger.refuse(&reject.reason);
        self.worker.out.rejects.push(shorten(reject));
    }
}

/// The header block of a message file, and its body where that may matter (a bounce).
pub(super) fn message_bytes(path: &Path, encoding: Encoding) -> io::Result<Vec<u8>> {
    let mut file = read::decoded(File::open(path)?, encoding);
    let block = read::read_head_block(&mut file, HeadLimits::default())?;
    if message::needs_body(block.header()) {
        return Ok(read::read_message(block, &mut file, MESSAGE_CAP)?.bytes);
    }
    Ok(block.header().to_vec())
}

/// A reject keeps no more than a line of the record.
pub(super) fn shorten(mut reject: Reject) -> Reject {
    const LONGEST: usize = 120;
    if let RejectReason::Other(text) = &mut reject.reason
        && text.chars().count() > LONGEST
    {
        *text = text.chars().take(LONGEST).collect();
    }
    reject
}
