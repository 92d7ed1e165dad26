//! What a worker has decoded so far: open blocks by partition, ledgers, rejects.

use super::Progress;
use super::builders::{Beside, Builders, is_full};
use super::ledger::Ledger;
use super::map::Sizes;
use super::messages::Place;
use super::partitions::Partitions;
use super::rejects::Rejects;
use crate::decode::{context, documents, message, observe};
use crate::fold::{self, Scattered};
use crate::model::block::{BlockBuilder, Row, flag};
use crate::model::documents::Document;
use crate::model::message::MessageFacts;
use crate::model::{Block, Context, Extra, LaneBuilder, Origin, Reject, RejectReason, Told};
use std::collections::BTreeMap;
use std::io;

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
    /// Messages whose rows do not all stand together.
    pub(super) scattered: Scattered,
}

impl Mapped {
    pub(super) fn merge(&mut self, other: Self) {
        self.context.merge(other.context);
        for (input, ledger) in other.ledgers {
            self.ledgers.entry(input).or_default().merge(ledger);
        }
        self.rejects.merge(other.rejects);
        self.orphans.extend(other.orphans);
        self.bounces += other.bounces;
        self.documents.extend(other.documents);
        self.scattered.merge(other.scattered);
    }
}

/// Takes what one worker decodes.
///
/// Rows that say nothing beside their fields go to the lane in the order they come in: exports list
/// the rows of a message one behind the other. All others go to the partition of their message.
pub(super) struct Collector<'a> {
    store: &'a Partitions,
    builders: Builders<'a>,
    lane: LaneBuilder,
    /// The open stretch of the lane, and its domains in the context.
    stretch: Option<usize>,
    domains: context::Domains,
    /// Rows of the lane's block before it is sealed.
    lane_rows: usize,
    /// Bytes of a stretch's names before the stretch is closed.
    names: usize,
    orphans: BlockBuilder,
    /// Facts are wanted: what only they show is kept.
    pub(super) telling: bool,
    /// What only an inspection shows is wanted.
    pub(super) inspecting: bool,
    pub(super) out: Mapped,
    failed: Option<io::Error>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(store: &'a Partitions, sizes: &Sizes) -> Self {
        let out = Mapped { scattered: Scattered::new(sizes.scattered), ..Mapped::default() };
        Self {
            store,
            builders: Builders::new(store, sizes.rows),
            lane: LaneBuilder::default(),
            stretch: None,
            domains: context::Domains::default(),
            lane_rows: sizes.lane,
            names: sizes.names,
            orphans: BlockBuilder::default(),
            telling: sizes.telling,
            inspecting: sizes.inspecting,
            out,
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
                    self.push(row, Beside::Extra(extra), told.as_ref());
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
            self.push(row, Beside::Extra(extra), told.as_ref());
        });
    }

    /// Takes a row with what stands beside it.
    #[inline]
    pub(super) fn push(&mut self, row: &Row<'_>, beside: Beside<'_>, told: Option<&Told<'_>>) {
        if matches!(beside, Beside::Nothing) && row.flags & !PLAIN == 0 {
            self.push_to_lane(row, told);
        } else if row.flags & flag::ORPHAN == 0 {
            self.out.scattered.lies_about(row.key);
            let Self { builders, out, .. } = self;
            let sealed = |block: &Block| observe_alone(block, &mut out.context);
            if let Err(error) = builders.push(row, beside, told, sealed) {
                self.failed = Some(error);
            }
        } else {
            self.push_orphan(row, beside, told);
        }
    }

    fn push_to_lane(&mut self, row: &Row<'_>, told: Option<&Told<'_>>) {
        self.lane.push(row, told);
        if is_full(self.lane.len(), self.lane.side_bytes(), self.lane_rows) {
            self.seal_lane();
        }
    }

    fn push_orphan(&mut self, row: &Row<'_>, beside: Beside<'_>, told: Option<&Told<'_>>) {
        beside.push(&mut self.orphans, row, told);
        if is_full(self.orphans.len(), self.orphans.side_bytes(), self.builders.rows()) {
            self.seal_orphans();
        }
    }

    fn seal_lane(&mut self) {
        let block = self.lane.seal();
        if block.is_empty() {
            return;
        }
        // In a loop of its own, so that one miss of the cache need not wait for another. A message
        // that goes on in the next block stands in two places.
        fold::runs(&block).for_each(|(key, _)| self.out.scattered.stands(key));
        let stretch = *self.stretch.get_or_insert_with(|| self.store.open_stretch());
        let names = self.lane.names();
        context::observe(&block, names, &mut self.domains, &mut self.out.context);
        let full = names.used_bytes() > self.names;
        if let Err(error) = self.store.push_to_lane(stretch, block) {
            self.failed = Some(error);
        }
        if full {
            self.close_stretch();
        }
    }

    fn close_stretch(&mut self) {
        let Some(stretch) = self.stretch.take() else { return };
        std::mem::take(&mut self.domains).hand_over(&mut self.out.context);
        if let Err(error) = self.store.close_stretch(stretch, self.lane.take_names()) {
            self.failed = Some(error);
        }
    }

    fn seal_orphans(&mut self) {
        let block = self.orphans.seal();
        if !block.is_empty() {
            observe_alone(&block, &mut self.out.context);
            self.out.orphans.push(block);
        }
    }

    /// Seals what is open. Fails only where temporary files did.
    pub(super) fn finish(mut self) -> io::Result<Mapped> {
        self.seal_lane();
        self.close_stretch();
        self.seal_orphans();
        let Self { builders, mut out, failed, .. } = self;
        builders.finish(|block| observe_alone(block, &mut out.context))?;
        match failed {
            Some(error) => Err(error),
            None => Ok(out),
        }
    }
}

/// Notes what a block with names of its own says about domains.
fn observe_alone(block: &Block, context: &mut Context) {
    let mut domains = context::Domains::default();
    context::observe(block, block.names(), &mut domains, context);
    domains.hand_over(context);
}

/// Flags of a row that is folded where it lies.
const PLAIN: u16 = flag::SUBSECOND | flag::DERIVED;

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
