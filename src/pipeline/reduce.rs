//! Fold, judge and tally, partition by partition.

use super::partitions::{Partitions, lock};
use super::window::{Sides, Window};
use crate::fold::{self, FoldCounts, Orphans};
use crate::judge::{Judge, Policy};
use crate::model::Block;
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
}

impl Reducer<'_> {
    fn partition(&mut self, blocks: &[Block]) {
        self.tally.begin_partition(blocks);
        let Self { judge, tally, counts, window, sides, orphans } = self;
        let mut messages = 0;
        let mut folded = fold::fold(blocks, orphans, |deliveries| {
            let Some(window) = window else {
                for delivery in deliveries {
                    let verdict = judge.judge(delivery);
                    tally.observe(delivery, &verdict);
                }
                return;
            };
            let mut inside = 0;
            for delivery in deliveries.iter().filter(|d| window.holds(d.time)) {
                let verdict = judge.judge(delivery);
                tally.observe(delivery, &verdict);
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
    };
    let workers = pool.broadcast(|_| {
        let mut reducer = reducer();
        loop {
            let partition = next.fetch_add(1, Ordering::Relaxed);
            if partition >= store.len() || lock(&failed).is_some() {
                return (reducer.tally, reducer.counts, reducer.sides);
            }
            match store.take(partition) {
                Ok(blocks) => reducer.partition(&blocks),
                Err(error) => *lock(&failed) = Some(error),
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
        tally.merge(last.tally);
        add(&mut counts, last.counts);
        sides.merge(last.sides);
    }
    Ok(Reduced { tally, counts, sides })
}
