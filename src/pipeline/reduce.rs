//! Fold, judge and tally, partition by partition.

use super::facts::{Facts, Gatherer};
use super::partitions::{Partitions, lock};
use super::window::{Sides, Window};
use crate::fold::{self, FoldCounts, Orphans};
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

struct Reducer<'a> {
    judge: Judge,
    tally: Tally,
    counts: FoldCounts,
    window: Option<Window>,
    sides: Sides,
    orphans: &'a Orphans,
    facts: Option<Gatherer<'a>>,
    failed: Option<io::Error>,
}

impl Reducer<'_> {
    fn partition(&mut self, blocks: &[Block]) {
        self.tally.begin_partition(blocks);
        let Self { judge, tally, counts, window, sides, orphans, facts, failed } = self;
        let mut count = |delivery: &Delivery<'_>| {
            let verdict = judge.judge(delivery);
            tally.observe(delivery, &verdict);
            if let Some(facts) = facts
                && let Err(error) = facts.observe(delivery, &verdict)
            {
                failed.get_or_insert(error);
            }
        };
        let mut messages = 0;
        let mut folded = fold::fold(blocks, orphans, |deliveries| {
            let Some(window) = window else {
                deliveries.iter().for_each(&mut count);
                return;
            };
            let mut inside = 0;
            for delivery in deliveries.iter().filter(|d| window.holds(d.time)) {
                count(delivery);
                sides.inside(*window, delivery);
                inside += 1;
            }
            messages += u64::from(inside > 0);
            sides.message(deliveries.len() as u64 - inside);
        });
        if window.is_some() {
            folded.messages = messages;
        }
        add(counts, folded);
    }

    fn finish(self) -> (Tally, FoldCounts, Sides) {
        if let Some(facts) = self.facts {
            facts.finish();
        }
        (self.tally, self.counts, self.sides)
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

/// Reduces all partitions, then what no delivery claimed of the orphans.
pub(super) fn reduce(
    pool: &rayon::ThreadPool,
    store: &Partitions,
    orphans: &Orphans,
    policy: &Arc<Policy>,
    bucket: i64,
    window: Option<Window>,
    facts: Option<&Facts>,
) -> io::Result<Reduced> {
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<io::Error>> = Mutex::default();
    let reducer = || Reducer {
        judge: Judge::new(policy.clone()),
        tally: Tally::new(bucket),
        counts: FoldCounts::default(),
        window,
        sides: Sides::default(),
        orphans,
        facts: facts.map(Facts::gatherer),
        failed: None,
    };
    let workers = pool.broadcast(|_| {
        let mut reducer = reducer();
        loop {
            let partition = next.fetch_add(1, Ordering::Relaxed);
            if partition >= store.len() || lock(&failed).is_some() {
                return reducer.finish();
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
    let mut workers = workers.into_iter();
    let none = || (Tally::new(bucket), FoldCounts::default(), Sides::default());
    let (mut tally, mut counts, mut sides) = workers.next().unwrap_or_else(none);
    for (other, more, outside) in workers {
        tally.merge(other);
        add(&mut counts, more);
        sides.merge(outside);
    }
    if !orphans.is_empty() {
        let rest = orphans.unclaimed(&counts.claimed);
        let nobody = Orphans::default();
        let mut last = Reducer { orphans: &nobody, ..reducer() };
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
