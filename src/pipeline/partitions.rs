//! Sealed blocks, in memory as far as the budget goes, else in temporary files: by partition, and
//! in the lane.

use super::lock::lock;
use super::stretches::{Reader, Stretches};
use crate::model::{Block, Interner};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Debug, Default)]
struct Part {
    blocks: Vec<Block>,
    bytes: usize,
    spill: Option<File>,
}

/// The blocks of a run.
#[derive(Debug)]
pub(super) struct Partitions {
    parts: Vec<Mutex<Part>>,
    lane: Stretches,
    /// The lane is being read: what comes in is for the partitions.
    reading: AtomicBool,
    /// Bytes of all blocks and of the lane's names in memory.
    bytes: AtomicUsize,
    budget: usize,
    temp: PathBuf,
    /// One worker spills at a time; the others go on.
    spilling: Mutex<()>,
}

impl Partitions {
    /// `count` empty partitions that keep at most about `budget` bytes in memory and spill to
    /// unnamed files in `temp`.
    pub(super) fn new(count: usize, budget: usize, temp: PathBuf) -> Self {
        let parts = (0..count.max(1)).map(|_| Mutex::default()).collect();
        Self {
            parts,
            lane: Stretches::default(),
            reading: AtomicBool::new(false),
            bytes: AtomicUsize::new(0),
            budget,
            temp,
            spilling: Mutex::default(),
        }
    }

    /// Number of partitions.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Adds a sealed block; spills where the budget is exceeded.
    pub(super) fn push(&self, partition: usize, block: Block) -> io::Result<()> {
        let size = block.heap_bytes();
        {
            let mut part = lock(&self.parts[partition]);
            part.blocks.push(block);
            part.bytes += size;
        }
        self.grown(size)
    }

    /// Begins a stretch of the lane; returns its number.
    pub(super) fn open_stretch(&self) -> usize {
        self.lane.open()
    }

    /// Adds a sealed block to an open stretch of the lane; spills where the budget is exceeded.
    pub(super) fn push_to_lane(&self, stretch: usize, block: Block) -> io::Result<()> {
        let size = block.heap_bytes();
        self.lane.push(stretch, block);
        self.grown(size)
    }

    /// Ends a stretch with the names of its blocks' domains; spills where the budget is exceeded.
    pub(super) fn close_stretch(&self, stretch: usize, names: Interner) -> io::Result<()> {
        let size = names.heap_bytes();
        self.lane.close(stretch, Arc::new(names));
        self.grown(size)
    }

    /// The next block of the lane, in no order, and whether its stretch is another than that of
    /// the block before; `None` where none is left. Every stretch must have been closed before.
    pub(super) fn next_of_lane(&self, reader: &mut Reader) -> io::Result<Option<(Block, bool)>> {
        self.reading.store(true, Ordering::Relaxed);
        let Some(taken) = self.lane.next(reader)? else { return Ok(None) };
        self.bytes.fetch_add(taken.used, Ordering::Relaxed);
        self.bytes.fetch_sub(taken.freed, Ordering::Relaxed);
        Ok(Some((taken.block, taken.turned)))
    }

    /// More bytes are in memory than before.
    fn grown(&self, size: usize) -> io::Result<()> {
        if self.bytes.fetch_add(size, Ordering::Relaxed) + size > self.budget
            && let Ok(_turn) = self.spilling.try_lock()
        {
            self.spill(self.budget / 8 * 7)?;
        }
        Ok(())
    }

    /// Ends the time of pushing. Where something had to be spilled, all is: what comes next needs
    /// the memory for its own.
    pub(super) fn settle(&self) -> io::Result<()> {
        if self.parts.iter().any(|part| lock(part).spill.is_some()) {
            self.spill(0)?;
        }
        Ok(())
    }

    /// Writes blocks of the lane and then whole partitions out, in their order, until no more than
    /// `rest` bytes are in memory.
    fn spill(&self, rest: usize) -> io::Result<()> {
        let excess = self.bytes.load(Ordering::Relaxed).saturating_sub(rest);
        if !self.reading.load(Ordering::Relaxed) && excess > 0 {
            let freed = self.lane.spill(excess, &self.temp)?;
            self.bytes.fetch_sub(freed, Ordering::Relaxed);
        }
        for part in &self.parts {
            if self.bytes.load(Ordering::Relaxed) <= rest {
                return Ok(());
            }
            let (blocks, file) = {
                let mut part = lock(part);
                let blocks = std::mem::take(&mut part.blocks);
                self.bytes.fetch_sub(part.bytes, Ordering::Relaxed);
                part.bytes = 0;
                (blocks, part.spill.take())
            };
            if blocks.is_empty() {
                lock(part).spill = file;
                continue;
            }
            let file = match file {
                Some(file) => file,
                None => tempfile::tempfile_in(&self.temp)?,
            };
            let mut out = BufWriter::with_capacity(1 << 16, file);
            for block in &blocks {
                block.write_to(&mut out)?;
            }
            out.flush()?;
            lock(part).spill = Some(out.into_inner().map_err(io::IntoInnerError::into_error)?);
        }
        Ok(())
    }

    /// Takes all blocks of a partition, those from disk first.
    pub(super) fn take(&self, partition: usize) -> io::Result<Vec<Block>> {
        let part = std::mem::take(&mut *lock(&self.parts[partition]));
        self.bytes.fetch_sub(part.bytes, Ordering::Relaxed);
        let mut blocks = Vec::new();
        if let Some(mut file) = part.spill {
            file.seek(SeekFrom::Start(0))?;
            let mut reader = BufReader::with_capacity(1 << 16, file);
            while let Some(block) = Block::read_from(&mut reader)? {
                blocks.push(block);
            }
        }
        blocks.extend(part.blocks);
        Ok(blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::block::BlockBuilder;
    use crate::model::{LaneBuilder, Row};

    #[test]
    fn a_lane_gives_back_what_it_took_while_partitions_fill() {
        for budget in [0, 20_000, usize::MAX] {
            let store = Partitions::new(4, budget, std::env::temp_dir());
            let mut lane = LaneBuilder::default();
            for stretch in 0..2u32 {
                let number = store.open_stretch();
                for n in 0..250 {
                    let line = stretch * 250 + n;
                    lane.push(&Row { line, sender: "a@contoso.com", ..Row::default() }, None);
                    if n % 10 == 9 {
                        store.push_to_lane(number, lane.seal()).unwrap();
                    }
                }
                store.close_stretch(number, lane.take_names()).unwrap();
            }
            let mut reader = Reader::default();
            let mut lines = Vec::new();
            while let Some((block, _)) = store.next_of_lane(&mut reader).unwrap() {
                assert_eq!(block.row(0).sender, "a@contoso.com");
                lines.extend((0..block.len()).map(|i| block.row(i).line));
                store.push(lines.len() % 4, block).unwrap();
            }
            store.settle().unwrap();
            let again = (0..4).flat_map(|n| store.take(n).unwrap());
            let again: usize = again.map(|block| block.len()).sum();
            lines.sort_unstable();
            assert_eq!(lines, (0..500).collect::<Vec<_>>(), "budget {budget}");
            assert_eq!(again, 500);
            assert!(store.bytes.load(Ordering::Relaxed) == 0);
        }
    }

    #[test]
    fn what_goes_in_comes_out_whatever_the_budget() {
        for budget in [0, 20_000, usize::MAX] {
            let store = Partitions::new(4, budget, std::env::temp_dir());
            let mut builder = BlockBuilder::default();
            for n in 0..500u32 {
                let sender = format!("u{n}@contoso.com");
                builder.push(&Row { line: n, sender: &sender, ..Row::default() }, None);
                if n % 10 == 9 {
                    store.push(n as usize % 4, builder.seal()).unwrap();
                }
            }
            store.settle().unwrap();
            let mut lines = Vec::new();
            for partition in 0..4 {
                for block in store.take(partition).unwrap() {
                    lines.extend((0..block.len()).map(|i| block.row(i).line));
                }
            }
            lines.sort_unstable();
            assert_eq!(lines, (0..500).collect::<Vec<_>>(), "budget {budget}");
            assert!(store.bytes.load(Ordering::Relaxed) == 0);
        }
    }
}
