//! The lane: blocks of rows in the order of their arrival. Blocks of one stretch share
//! the names of their domains; any worker may take them one by one.

use super::lock::lock;
use crate::model::{Block, Interner};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// All stretches.
#[derive(Debug, Default)]
pub(super) struct Stretches {
    all: Mutex<Vec<Stretch>>,
    file: Mutex<Spill>,
}

#[derive(Debug, Default)]
struct Stretch {
    /// None while the stretch is open.
    names: Option<Kept<Arc<Interner>>>,
    /// Those in the file come first.
    blocks: VecDeque<Kept<Block>>,
    /// Workers that took it up.
    readers: u32,
}

/// In memory, or in the file.
#[derive(Debug)]
enum Kept<T> {
    Here(T),
    There(Place),
}

/// Where in the file it begins.
#[derive(Clone, Copy, Debug)]
struct Place(u64);

/// What is longer goes to the file and comes from it without a stay in a buffer.
const BUFFER: usize = 1 << 15;

/// The stretch that a worker reads.
#[derive(Debug, Default)]
pub(super) struct Reader {
    stretch: Option<usize>,
}

/// A block that was taken, with its names.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) block: Block,
    /// The block before it was of another stretch, or there was none.
    pub(super) turned: bool,
    /// Bytes of memory that are free for the store again, and bytes that are in use anew.
    pub(super) freed: usize,
    pub(super) used: usize,
}

impl Stretches {
    /// Begins a stretch; returns its number.
    pub(super) fn open(&self) -> usize {
        let mut all = lock(&self.all);
        all.push(Stretch::default());
        all.len() - 1
    }

    /// Adds a sealed block to an open stretch.
    pub(super) fn push(&self, stretch: usize, block: Block) {
        lock(&self.all)[stretch].blocks.push_back(Kept::Here(block));
    }

    /// Ends a stretch: its blocks can be read with these names.
    pub(super) fn close(&self, stretch: usize, names: Arc<Interner>) {
        lock(&self.all)[stretch].names = Some(Kept::Here(names));
    }

    /// The next block, one of the reader's stretch as long as there are any. `None` where none is
    /// left. All stretches must have been closed before.
    pub(super) fn next(&self, reader: &mut Reader) -> io::Result<Option<Taken>> {
        let mut all = lock(&self.all);
        let left = |at: &usize| all.get(*at).is_some_and(|stretch| !stretch.blocks.is_empty());
        let same = reader.stretch.filter(left);
        // The stretch that fewest have taken up: names are taken up as seldom as can be.
        let other = || (0..all.len()).filter(left).min_by_key(|at| (all[*at].readers, *at));
        let Some(at) = same.or_else(other) else { return Ok(None) };
        let turned = same.is_none();
        let stretch = &mut all[at];
        if turned {
            stretch.readers += 1;
            reader.stretch = Some(at);
        }
        let (mut freed, mut used) = (0, 0);
        let names = match &stretch.names {
            Some(Kept::Here(names)) => names.clone(),
            Some(Kept::There(place)) => {
                let names = lock(&self.file).read(*place, |file| Interner::read_from(file))?;
                let names = Arc::new(names);
                used = names.heap_bytes();
                stretch.names = Some(Kept::Here(names.clone()));
                names
            }
            None => Arc::default(),
        };
        let kept = stretch.blocks.pop_front();
        if stretch.blocks.is_empty() && stretch.names.take().is_some() {
            freed += names.heap_bytes();
        }
        drop(all);
        let block = match kept {
            Some(Kept::Here(block)) => {
                freed += block.heap_bytes();
                block
            }
            Some(Kept::There(place)) => {
                let block = lock(&self.file).read(place, |file| Block::read_from(file))?;
                // Rows that were written and are not there are no rows that there never were.
                block.ok_or(io::ErrorKind::UnexpectedEof)?
            }
            None => Block::default(),
        };
        Ok(Some(Taken { block: block.with_names(names), turned, freed, used }))
    }

    /// Writes blocks and the names of closed stretches out, in their order, until about `excess`
    /// bytes of memory are free; returns how many are. Not to be called by two at a time, nor once
    /// reading has begun; blocks may be pushed meanwhile.
    pub(super) fn spill(&self, excess: usize, temp: &Path) -> io::Result<usize> {
        let mut freed = 0;
        let count = lock(&self.all).len();
        for at in 0..count {
            for number in 0.. {
                if freed >= excess {
                    return Ok(freed);
                }
                let gone = || Kept::There(Place(0));
                let taken = match lock(&self.all)[at].blocks.get_mut(number) {
                    None => break,
                    Some(Kept::There(_)) => continue,
                    Some(kept) => std::mem::replace(kept, gone()),
                };
                let Kept::Here(block) = taken else { continue };
                freed += block.heap_bytes();
                let place = lock(&self.file).write(temp, |out| block.write_to(out))?;
                lock(&self.all)[at].blocks[number] = Kept::There(place);
            }
            let names = match &lock(&self.all)[at].names {
                Some(Kept::Here(names)) => names.clone(),
                _ => continue,
            };
            freed += names.heap_bytes();
            let place = lock(&self.file).write(temp, |out| names.write_to(out))?;
            lock(&self.all)[at].names = Some(Kept::There(place));
        }
        Ok(freed)
    }
}

/// One unnamed file for all that is written out.
#[derive(Debug, Default)]
struct Spill {
    file: Option<File>,
}

impl Spill {
    fn write(
        &mut self,
        temp: &Path,
        fill: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
    ) -> io::Result<Place> {
        let file = match &mut self.file {
            Some(file) => file,
            empty => empty.insert(tempfile::tempfile_in(temp)?),
        };
        let place = Place(file.seek(SeekFrom::End(0))?);
        let mut out = BufWriter::with_capacity(BUFFER, &*file);
        fill(&mut out)?;
        out.flush()?;
        Ok(place)
    }

    fn read<T>(
        &mut self,
        Place(at): Place,
        parse: impl FnOnce(&mut BufReader<&File>) -> io::Result<T>,
    ) -> io::Result<T> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(at))?;
        parse(&mut BufReader::with_capacity(BUFFER, &*file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LaneBuilder, Row};

    /// Two stretches, written out as far as `excess` asks for, and the bytes that are in memory.
    fn fill(excess: usize) -> (Stretches, usize) {
        let all = Stretches::default();
        let mut bytes = 0;
        let mut grown = |size: usize| {
            bytes += size;
            bytes -= all.spill(excess, &std::env::temp_dir()).unwrap();
        };
        for half in 0..2u32 {
            let mut lane = LaneBuilder::default();
            let stretch = all.open();
            for n in 0..250 {
                let sender = format!("u{n}@a{half}.example");
                lane.push(&Row { line: half * 250 + n, sender: &sender, ..Row::default() }, None);
                if n % 10 == 9 {
                    let block = lane.seal();
                    let size = block.heap_bytes();
                    all.push(stretch, block);
                    grown(size);
                }
            }
            let names = lane.take_names();
            let size = names.heap_bytes();
            all.close(stretch, Arc::new(names));
            grown(size);
        }
        (all, bytes)
    }

    #[test]
    fn what_goes_in_comes_out_with_its_names_whatever_is_spilled() {
        for excess in [0, 1, 2000, usize::MAX] {
            let (all, _) = fill(excess);
            let mut readers = [Reader::default(), Reader::default()];
            let mut lines = Vec::new();
            let mut turns = 0;
            for turn in 0.. {
                let Some(taken) = all.next(&mut readers[turn % 2]).unwrap() else { break };
                turns += usize::from(taken.turned);
                for index in 0..taken.block.len() {
                    let row = taken.block.row(index);
                    let (half, n) = (row.line / 250, row.line % 250);
                    let domain = taken.block.domain(taken.block.address_ids(index).0);
                    assert_eq!(row.sender, format!("u{n}@a{half}.example"));
                    assert_eq!(taken.block.names().text(domain), format!("a{half}.example"));
                    lines.push(row.line);
                }
            }
            assert_eq!(turns, 2, "each reader has a stretch of its own");
            lines.sort_unstable();
            assert_eq!(lines, (0..500).collect::<Vec<_>>(), "excess {excess}");
        }
    }

    #[test]
    fn memory_is_accounted_for() {
        for excess in [0, 1, 2000, usize::MAX] {
            let (all, mut bytes) = fill(excess);
            assert_eq!(bytes == 0, excess > 0, "{excess}");
            let mut reader = Reader::default();
            while let Some(taken) = all.next(&mut reader).unwrap() {
                bytes = bytes + taken.used - taken.freed;
            }
            assert_eq!(bytes, 0, "{excess}");
        }
    }
}
