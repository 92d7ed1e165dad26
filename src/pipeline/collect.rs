//! What a worker has decoded so far: open blocks by partition, ledgers, rejects.

use super::Progress;
use super::ledger::Ledger;
use super::map::Sizes;
use super::messages::Place;
use super::partitions::Partitions;
use super::rejects::Rejects;
use crate::decode::{context, documents, message, observe};
use crate::fold::partition_of;
use crate::model::block::{BlockBuilder, Row, flag};
use crate::model::documents::Document;
use crate::model::message::MessageFacts;
use crate::model::{Block, Context, Detail, Extra, Interner, Origin, Reject, RejectReason, Told};
use std::collections::BTreeMap;
use std::io;

/// Memory of a row in a builder, about, in bytes.
pub(super) const ROW: usize = 110;

/// What reading and decoding yields beside the blocks.
#[derive(Default)]
pub(super) struct Mapped {
    pub(super) context: Context,
    pub(super) ledgers: BTreeMap<u32, Ledger>,
    pub(super) rejects: Rejects,
    pub(super) orphans: Vec<Block>,
    /// Bounce recipients read.
    pub(super) bounces: u64,
    /// Reports that came by mail.
    pub(super) documents: Vec<Document>,
}

impl Mapped {
    pub(super) fn merge(&mut self, other: Self) {
        self.context.merge(&other.context);
        for (input, ledger) in other.ledgers {
            self.ledgers.entry(input).or_default().merge(ledger);
        }
        self.rejects.merge(other.rejects);
        self.orphans.extend(other.orphans);
        self.bounces += other.bounces;
        self.documents.extend(other.documents);
    }
}

/// Takes what one worker decodes.
pub(super) struct Collector<'a> {
    store: &'a Partitions,
    /// One per partition, and one for orphans behind them.
    builders: Vec<BlockBuilder>,
    rows: usize,
    /// Facts are wanted: what only they show is kept.
    pub(super) telling: bool,
    /// What only an inspection shows is wanted.
    pub(super) inspecting: bool,
    pub(super) out: Mapped,
    /// Scratch space of the context's observation.
    names: Interner,
    failed: Option<io::Error>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(store: &'a Partitions, sizes: &Sizes) -> Self {
        let mut builders = Vec::new();
        builders.resize_with(store.len() + 1, BlockBuilder::default);
        Self {
            store,
            builders,
            rows: sizes.rows,
            telling: sizes.telling,
            inspecting: sizes.inspecting,
            out: Mapped::default(),
            names: Interner::default(),
            failed: None,
        }
    }

    /// A temporary file failed: nothing more need be read.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    pub(super) fn ledger(&mut self, input: usize) -> &mut Ledger {
        self.out.ledgers.entry(input as u32).or_default()
    }

    /// Takes what a message file says, as far as it was read.
    pub(super) fn message(
        &mut self,
        id: usize,
        place: Place,
        message: &message::Walked<'_>,
        progress: &dyn Progress,
    ) {
        let origin = Origin { input: id as u32, line: place.line, byte: place.byte };
        let mut ledger = Ledger::default();
        if message.brings_report() {
            let found = documents::in_mail(message.bytes());
            let input = id as u32;
            let contents = found.documents.into_iter();
            self.out.documents.extend(contents.map(|content| Document { input, content }));
            ledger.remarks.extend(found.notes);
            ledger.remarks.extend(found.rejects.into_iter().map(|(_, why)| why));
        }
        let done = match message.evidence(place.size) {
            None => Err(RejectReason::NoHeaders),
            Some(facts) => {
                observe::state_domains(&facts, &mut self.out.context);
                let told = self.telling.then(|| Sentences::of(&facts));
                observe::observations(facts, message.bytes(), origin, |row, extra| {
                    ledger.seen_at(row.time);
                    let bounce = matches!(extra, Extra::Bounce(_));
                    self.out.bounces += u64::from(bounce);
                    // A bounce speaks of another message than its own.
                    let told = told.as_ref().filter(|_| !bounce).map(Sentences::told);
                    self.push(row, Some(extra), told.as_ref());
                })
            }
        };
        match done {
            Ok(()) => ledger.accepted += 1,
            Err(reason) => {
                ledger.rejected += 1;
                self.out.rejects.push(shorten(Reject { origin, reason }));
                progress.rejected(1);
            }
        }
        self.ledger(id).merge(ledger);
        if let Some(inner) = message.submitted() {
            self.submitted(origin, &inner);
        }
    }

    /// The message that a user reports: evidence of its own, no row of the input.
    fn submitted(&mut self, origin: Origin, bytes: &[u8]) {
        let walked = message::Walked::new(bytes);
        let Some(facts) = walked.evidence(bytes.len() as u64) else { return };
        let told = self.telling.then(|| Sentences::of(&facts));
        // What cannot be placed in time adds nothing; the report itself is counted.
        let _ = observe::observations(facts, bytes, origin, |row, extra| {
            let told = told.as_ref().map(Sentences::told);
            self.push(row, Some(extra), told.as_ref());
        });
    }

    pub(super) fn push(&mut self, row: &Row<'_>, extra: Option<Extra>, told: Option<&Told<'_>>) {
        let partition = self.partition(row);
        self.builders[partition].push(row, extra);
        self.tell(partition, told);
    }

    pub(super) fn push_detail(
        &mut self,
        row: &Row<'_>,
        detail: &Detail<'_>,
        told: Option<&Told<'_>>,
    ) {
        let partition = self.partition(row);
        self.builders[partition].push_detail(row, detail);
        self.tell(partition, told);
    }

    fn tell(&mut self, partition: usize, told: Option<&Told<'_>>) {
        if let Some(told) = told {
            self.builders[partition].tell(told);
        }
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

    /// Seals what is open. Fails only where temporary files did.
    pub(super) fn finish(mut self) -> io::Result<Mapped> {
        for partition in 0..self.builders.len() {
            self.seal(partition);
        }
        match self.failed {
            Some(error) => Err(error),
            None => Ok(self.out),
        }
    }
}

/// What only facts show of a message file.
struct Sentences {
    message_id: Option<String>,
    subject: Option<String>,
    header_from: Option<String>,
}

impl Sentences {
    fn of(facts: &MessageFacts) -> Self {
        Self {
            message_id: facts.message_id.clone(),
            subject: facts.subject.clone(),
            header_from: facts.from.clone(),
        }
    }

    fn told(&self) -> Told<'_> {
        Told {
            message_id: self.message_id.as_deref().unwrap_or_default(),
            subject: self.subject.as_deref().unwrap_or_default(),
            header_from: self.header_from.as_deref().unwrap_or_default(),
            ..Told::default()
        }
    }
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
