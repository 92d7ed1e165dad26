//! Blocks of the lane: rows folded, judged and counted where they lie.

use super::builders::Beside;
use super::reduce::Reducer;
use crate::fold::{self, FoldCounts};
use crate::model::{Block, Interner, Status, Verdict};
use crate::tally::{Kind, Tally};
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// What decides about a delivery of which only a status is known: nothing but what its addresses
/// are to us, and the status.
const ADDRESSES: usize = 4;
const CASES: usize = ADDRESSES * ADDRESSES * Status::ALL.len();

/// What an address is to us.
const NOBODY: u8 = 0;
const OURS: u8 = 1;
const NULL_SENDER: u8 = 2;
const THEIRS: u8 = 3;
/// Of a domain: its addresses must be asked one by one.
const ASK: u8 = 4;

/// What the addresses of a domain are to us.
fn domain(ours: bool, name: &str) -> u8 {
    match name {
        _ if ours => OURS,
        "" | "<>" => ASK,
        _ => THEIRS,
    }
}

/// Verdicts given before, and scratch space.
pub(super) struct Verdicts {
    given: Vec<Option<Given>>,
    /// Names of the open stretch.
    names: Arc<Interner>,
    /// By domain of the open stretch.
    domains: Vec<u8>,
    /// Runs of the open block, and whether their messages have rows elsewhere.
    runs: Vec<(Range<usize>, bool)>,
}

struct Given {
    kind: Kind,
    /// Where each delivery must be noted.
    noted: Option<Verdict>,
}

impl Default for Verdicts {
    fn default() -> Self {
        let mut given = Vec::new();
        given.resize_with(CASES, || None);
        Self { given, names: Arc::default(), domains: Vec::new(), runs: Vec::new() }
    }
}

impl Verdicts {
    #[inline]
    fn case(&self, block: &Block, sender: u32, recipient: u32, status: u8) -> usize {
        let of = |text: u32| match self.domains[block.domain(text) as usize] {
            ASK => match block.text(text) {
                "" => NOBODY,
                "<>" => NULL_SENDER,
                _ => THEIRS,
            },
            known => known,
        };
        let (from, to) = (usize::from(of(sender)), usize::from(of(recipient)));
        (from * ADDRESSES + to) * Status::ALL.len() + usize::from(status)
    }
}

impl Reducer<'_> {
    /// Begins the stretch that has these names.
    pub(super) fn begin_stretch(&mut self, names: &Arc<Interner>) {
        self.tally.begin_stretch(names);
        let known = (0..names.len() as u32).map(|id| names.text(id));
        self.verdicts.domains.clear();
        self.verdicts.domains.extend(known.map(|name| domain(self.judge.owns(name), name)));
        self.verdicts.names = names.clone();
    }

    /// Adds what is open of a stretch to the rest.
    pub(super) fn end_stretch(&mut self) {
        let names = std::mem::take(&mut self.verdicts.names);
        self.tally.end_stretch(&names);
    }

    /// Folds a block of the open stretch; messages with rows elsewhere go on to their partition.
    pub(super) fn lane_block(&mut self, block: Block) -> io::Result<()> {
        let blocks = [block];
        let block = &blocks[0];
        let mut counts = FoldCounts::default();
        let mut deliveries = Vec::new();
        // In a loop of its own, so that one miss of the cache need not wait for another.
        let mut runs = std::mem::take(&mut self.verdicts.runs);
        runs.extend(fold::runs(block).map(|(key, run)| (run, self.scattered.holds(key))));
        for (run, scattered) in runs.drain(..) {
            if scattered {
                self.send_on(block, run)?;
            } else if self.is_plain(block, run.clone()) {
                self.messages += 1;
                run.for_each(|row| self.single(&blocks, row));
            } else {
                deliveries.clear();
                fold::fold_run(&blocks, run, self.orphans, &mut deliveries, &mut counts);
                if !deliveries.is_empty() {
                    self.message(&deliveries);
                }
            }
        }
        self.verdicts.runs = runs;
        self.add(counts);
        Ok(())
    }

    fn send_on(&mut self, block: &Block, run: Range<usize>) -> io::Result<()> {
        for row in run {
            let told = block.told(row);
            self.builders.push(&block.row(row), Beside::Nothing, told.as_ref(), |_| ())?;
        }
        Ok(())
    }

    /// True where each row of the run is a delivery of which nothing else is known or asked.
    #[inline]
    fn is_plain(&mut self, block: &Block, run: Range<usize>) -> bool {
        let asked = self.window.is_some() || self.facts.is_some();
        let known = || run.clone().any(|row| self.orphans.name(block.message_id(row)));
        if asked || !self.orphans.is_empty() && known() {
            return false;
        }
        fold::recipients_differ(block, run)
    }

    /// Counts the delivery of one row.
    #[inline]
    fn single(&mut self, blocks: &[Block; 1], row: usize) {
        let block = &blocks[0];
        let (sender, recipient) = block.address_ids(row);
        let status = block.status(row);
        let case = self.verdicts.case(block, sender, recipient, status);
        let time = block.time(row);
        if let Some(Given { kind, noted }) = &self.verdicts.given[case] {
            self.tally.observe_plain(block, *kind, time, (sender, recipient));
            if let Some(verdict) = noted
                && let Some(delivery) = fold::single(blocks, row)
            {
                self.tally.note_plain(&delivery, verdict);
            }
            return;
        }
        let Some(delivery) = fold::single(blocks, row) else { return };
        let verdict = self.judge.judge(&delivery);
        self.tally.observe(&delivery, &verdict);
        // What may change with time is judged by it.
        let status = Status::from_code(status);
        if !matches!(status, Status::Pending | Status::GettingStatus) {
            let kind = self.tally.kind(&verdict);
            let noted = Tally::must_note(&verdict).then_some(verdict);
            self.verdicts.given[case] = Some(Given { kind, noted });
        }
    }
}
