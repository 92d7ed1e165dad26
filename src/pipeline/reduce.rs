//! Fold, judge and tally, partition by partition.

use super::partitions::{Partitions, lock};
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
    pub(super) counts: FoldCounts,
}

struct Reducer<'a> {
    judge: Judge,
    tally: Tally,
    counts: FoldCounts,
    orphans: &'a Orphans,
}

impl Reducer<'_> {
    fn partition(&mut self, blocks: &[Block]) {
        self.tally.begin_partition(blocks);
        let Self { judge, tally, counts, orphans } = self;
        let folded = fold::fold(blocks, orphans, |deliveries| {
            for delivery in deliveries {
                let verdict = judge.judge(delivery);
                tally.observe(delivery, &verdict);
            }
        });
        add(counts, folded);
    }
}

fn add(into: &mut FoldCounts, from: FoldCounts) {
    into.messages += from.messages;
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
) -> io::Result<Reduced> {
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<io::Error>> = Mutex::default();
    let reducer = || Reducer {
        judge: Judge::new(policy.clone()),
        tally: Tally::new(bucket),
        counts: FoldCounts::default(),
        orphans,
    };
    let workers = pool.broadcast(|_| {
        let mut reducer = reducer();
        loop {
            let partition = next.fetch_add(1, Ordering::Relaxed);
            if partition >= store.len() || lock(&failed).is_some() {
                return (reducer.tally, reducer.counts);
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
    let (mut tally, mut counts) =
        workers.next().unwrap_or_else(|| (Tally::new(bucket), FoldCounts::default()));
    for (other, more) in workers {
        tally.merge(other);
        add(&mut counts, more);
    }
    if !orphans.is_empty() {
        let rest = orphans.unclaimed(&counts.claimed);
        let nobody = Orphans::default();
        let mut last = Reducer { orphans: &nobody, ..reducer() };
        last.partition(&rest);
        tally.merge(last.tally);
        add(&mut counts, last.counts);
    }
    Ok(Reduced { tally, counts })
}
