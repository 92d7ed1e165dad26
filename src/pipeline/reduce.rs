//! Fold, judge and tally: the lane where its rows lie, then partition by partition.

use super::builders::Builders;
use super::facts::{Facts, Gatherer};
use super::lane::Verdicts;
use super::lock::lock;
use super::partitions::Partitions;
use super::stretches::Reader;
use super::window::{Sides, Window};
use crate::fold::{self, FoldCounts, Orphans, Scattered};
use crate::judge::{Judge, Policy};
use crate::model::{Block, Delivery};
use crate::tally::Tally;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// What reducing yields.
pub(super) struct Reduced {
    pub(super) tally: Tally,
    /// Messages are those inside the window.
    pub(super) counts: FoldCounts,
    pub(super) sides: Sides,
}

/// One worker's part.
pub(super) struct Reducer<'a> {
    pub(super) judge: Judge,
    pub(super) tally: Tally,
    counts: FoldCounts,
    /// Messages with a delivery inside the window.
    pub(super) messages: u64,
    pub(super) window: Option<Window>,
    sides: Sides,
    pub(super) orphans: &'a Orphans,
    pub(super) facts: Option<Gatherer<'a>>,
    pub(super) scattered: &'a Scattered,
    /// Where rows go whose message has others elsewhere.
    pub(super) builders: Builders<'a>,
    pub(super) verdicts: Verdicts,
    failed: Option<io::Error>,
}

impl<'a> Reducer<'a> {
    fn partition(&mut self, blocks: &[Block]) {
        self.tally.begin_partition(blocks);
        let orphans = self.orphans;
        let counts = fold::fold(blocks, orphans, |deliveries| self.message(deliveries));
        self.add(counts);
    }

    /// Takes what folding counted; messages are counted here.
    pub(super) fn add(&mut self, counts: FoldCounts) {
        add(&mut self.counts, FoldCounts { messages: 0, ..counts });
    }

    /// Judges and counts the deliveries of one message.
    pub(super) fn message(&mut self, deliveries: &[Delivery<'_>]) {
        let Some(window) = self.window else {
            for delivery in deliveries {
                self.count(delivery);
            }
            self.messages += 1;
            return;
        };
        let mut inside = 0;
        for delivery in deliveries.iter().filter(|d| window.holds(d.time)) {
            self.count(delivery);
            self.sides.inside(window, delivery);
            inside += 1;
        }
        self.messages += u64::from(inside > 0);
        self.sides.message(deliveries.len() as u64 - inside);
    }

    fn count(&mut self, delivery: &Delivery<'_>) {
        let verdict = self.judge.judge(delivery);
        self.tally.observe(delivery, &verdict);
        if let Some(facts) = &mut self.facts
            && let Err(error) = facts.observe(delivery, &verdict)
        {
            self.failed.get_or_insert(error);
        }
    }

    /// Takes blocks of the lane as long as there are any; what they send on is stored at the end.
    fn lane(mut self, store: &'a Partitions) -> io::Result<Self> {
        let mut reader = Reader::default();
        while let Some((block, turned)) = store.next_of_lane(&mut reader)? {
            if turned {
                self.end_stretch();
                self.begin_stretch(block.names());
            }
            self.lane_block(block)?;
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
        }
        self.end_stretch();
        let empty = Builders::new(store, self.builders.rows());
        std::mem::replace(&mut self.builders, empty).finish(|_| ())?;
        Ok(self)
    }

    fn finish(self) -> (Tally, FoldCounts, Sides) {
        if let Some(facts) = self.facts {
            facts.finish();
        }
        (self.tally, FoldCounts { messages: self.messages, ..self.counts }, self.sides)
    }
}

fn add(into: &mut FoldCounts, from: FoldCounts) {
    into.messages += from.messages;
    for (input, n) in from.messages_of {
        *into.messages_of.entry(input).or_default() += n;
    }
    for (input, n) in from.duplicates {
        *into.duplicates.entry(input).or_default() += n;
    }
    into.claimed.extend(from.claimed);
}

/// What reducing rests on.
pub(super) struct Ground<'a> {
    pub(super) store: &'a Partitions,
    pub(super) orphans: &'a Orphans,
    pub(super) scattered: &'a Scattered,
    /// Rows of a builder of rows that are sent on.
    pub(super) rows: usize,
    pub(super) policy: &'a Arc<Policy>,
    pub(super) bucket: i64,
    pub(super) window: Option<Window>,
    pub(super) facts: Option<&'a Facts>,
}

impl<'a> Ground<'a> {
    fn reducer(&self) -> Reducer<'a> {
        Reducer {
            judge: Judge::new(self.policy.clone()),
            tally: Tally::new(self.bucket),
            counts: FoldCounts::default(),
            messages: 0,
            window: self.window,
            sides: Sides::default(),
            orphans: self.orphans,
            facts: self.facts.map(Facts::gatherer),
            scattered: self.scattered,
            builders: Builders::new(self.store, self.rows),
            verdicts: Verdicts::default(),
            failed: None,
        }
    }
}

/// Reduces the lane, then all partitions, then what no delivery claimed of the orphans.
pub(super) fn reduce(pool: &rayon::ThreadPool, ground: &Ground<'_>) -> io::Result<Reduced> {
    let store = ground.store;
    let reducers = pool.broadcast(|_| ground.reducer().lane(store));
    let reducers = reducers.into_iter().collect::<io::Result<Vec<_>>>()?;
    store.settle()?;
    let reducers = Mutex::new(reducers);
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<io::Error>> = Mutex::default();
    let workers = pool.broadcast(|_| {
        let mut reducer = lock(&reducers).pop()?;
        loop {
            let partition = next.fetch_add(1, Ordering::Relaxed);
            if partition >= store.len() || lock(&failed).is_some() {
                return Some(reducer.finish());
            }
            match store.take(partition) {
                Ok(blocks) => reducer.partition(&blocks),
                Err(error) => *lock(&failed) = Some(error),
            }
            if let Some(error) = reducer.failed.take() {
                *lock(&failed) = Some(error);
            }
        }
    });
    if let Some(error) = lock(&failed).take() {
        return Err(error);
    }
    let mut workers = workers.into_iter().flatten();
    let none = || ground.reducer().finish();
    let (mut tally, mut counts, mut sides) = workers.next().unwrap_or_else(none);
    for (other, more, outside) in workers {
        tally.merge(other);
        add(&mut counts, more);
        sides.merge(outside);
    }
    if !ground.orphans.is_empty() {
        let rest = ground.orphans.unclaimed(&counts.claimed);
        let nobody = Orphans::default();
        let mut last = Reducer { orphans: &nobody, ..ground.reducer() };
        last.partition(&rest);
        if let Some(error) = last.failed.take() {
            return Err(error);
        }
        let (more, counted, outside) = last.finish();
        tally.merge(more);
        add(&mut counts, counted);
        sides.merge(outside);
    }
    Ok(Reduced { tally, counts, sides })
}
