//! Bytes to record-aligned chunks.
//!
//! Cheap enough to stand under a lock that several workers share: one look at the quotes, one at
//! the line feeds, no copy but that of the rest behind the cut.

use super::error::{at_byte, short};
use super::index::{ENTRY, entry};
use super::quoted::take_quoted;
use super::scan::{Line, Resolved, Shape, line_feeds, scan_line, trim_cr};
use super::split::Splitter;
use super::transcode::Decoded;
use crate::model::Dialect;
use memchr::{memchr, memrchr};
use std::io::{self, Read};

/// Default size of a chunk: 256 KiB to 4 MiB made no difference in wall time, smaller ones cost
/// more turns at the lock, larger ones memory.
pub const CHUNK_BYTES: usize = 1 << 18;

/// Idle buffers that are kept for later chunks.
const SPARE_BUFFERS: usize = 8;

/// Whole records of one input, in one piece that can travel to a worker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The records with their line ends, as UTF-8; empty where `too_long` is set.
    pub bytes: Vec<u8>,
    /// Physical line of the first byte, counted from 1; header lines count.
    pub first_line: u64,
    /// Offset of the first byte in the input, as it stands there.
    pub first_byte: u64,
    /// Bytes of the input that the chunk takes up, a skipped line included.
    pub source_bytes: u64,
    /// Number of the chunk in its input, from 0.
    pub sequence: u64,
    /// No chunk follows.
    pub last: bool,
    /// Where the good records lie, so that a worker need not look for their cells again: see
    /// [`super::index::Indexed`]. Some may be missing.
    pub(super) index: Vec<u32>,
    /// In place of records: the line here was longer than the limit and has been skipped.
    pub too_long: bool,
}

/// Cuts a byte source into [`Chunk`]s at record boundaries, never anywhere else, whatever the
/// quotes in it do.
#[derive(Debug)]
pub struct ChunkReader<R> {
    source: Decoded<R>,
    splitter: Splitter,
    /// Bytes wanted in a chunk.
    size: usize,
    /// Bytes read and not handed out; what follows is about its offsets.
    buffer: Vec<u8>,
    /// Start of the first line not looked at.
    at: usize,
    /// Best place to cut so far, and the lines before it.
    cut: usize,
    cut_lines: u64,
    /// Lines between the buffer's start and `at`.
    lines: u64,
    /// As in [`Resolved::Bad`].
    doomed: usize,
    examined: usize,
    /// Of the buffer's first byte; offsets in the file.
    first_line: u64,
    first_byte: u64,
    /// Where the records begin in the file.
    data_start: u64,
    sequence: u64,
    /// Lines end with a carriage return alone.
    returns: bool,
    /// Size that was announced, and whether the source has ended.
    expected: Option<u64>,
    ended: bool,
    failed: Option<io::Error>,
    done: bool,
    spare: Vec<(Vec<u8>, Vec<u32>)>,
    ends: Vec<u32>,
    /// Of the buffer, as in [`Chunk`].
    index: Vec<u32>,
}

/// Why [`ChunkReader::look`] stopped.
#[derive(PartialEq, Eq)]
enum Stop {
    /// At the end of the bytes at hand.
    More,
    /// At a line that is longer than the limit.
    TooLong,
}

impl<R: Read> ChunkReader<R> {
    /// Reads past the preamble and the header line of `source`.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read or ends inside its header.
    pub fn new(mut source: R, dialect: &Dialect) -> io::Result<Self> {
        let mut preamble = Vec::new();
        let got = (&mut source)
            .take(dialect.data_start)
            .read_to_end(&mut preamble)
            .map_err(|error| at_byte(&error, preamble.len() as u64))?;
        if (got as u64) < dialect.data_start {
            return Err(short(got as u64, dialect.data_start));
        }
        let preamble = dialect.encoding.decode(&preamble);
        // A header line of any other file ends with a line feed, or with the file.
        let returns = preamble.ends_with(b"\r");
        let end = if returns { b'\r' } else { b'\n' };
        let text = preamble.strip_suffix(&[end]).unwrap_or(&preamble);
        let header = text.get(memrchr(end, text).map_or(0, |n| n + 1)..);
        Ok(Self {
            source: Decoded::rows(source, dialect),
            splitter: Splitter::new(dialect, header.unwrap_or_default()),
            size: CHUNK_BYTES,
            buffer: Vec::new(),
            at: 0,
            cut: 0,
            cut_lines: 0,
            lines: 0,
            doomed: 0,
            examined: 0,
            first_line: dialect.data_line + 1,
            first_byte: dialect.data_start,
            data_start: dialect.data_start,
            sequence: 0,
            returns,
            expected: None,
            ended: false,
            failed: None,
            done: false,
            spare: Vec::new(),
            ends: Vec::new(),
            index: Vec::new(),
        })
    }

    /// With another size of chunks (bytes, default [`CHUNK_BYTES`]). The records do not depend
    /// on it.
    #[must_use]
    pub fn with_size(mut self, bytes: usize) -> Self {
        self.size = bytes.max(1);
        self
    }

    /// With another limit for the length of a record (bytes, see [`Splitter::with_limit`]).
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.splitter = self.splitter.with_limit(bytes);
        self
    }

    /// Announces the size of the input, so that a file that shrinks while it is read is an
    /// error and not a shorter file.
    #[must_use]
    pub fn expect_bytes(mut self, bytes: u64) -> Self {
        self.expected = Some(bytes);
        self
    }

    /// The splitter for the chunks of this input.
    pub fn splitter(&self) -> Splitter {
        self.splitter.clone()
    }

    /// Takes back a chunk that is done with: its buffers are used again.
    pub fn recycle(&mut self, chunk: Chunk) {
        let Chunk { mut bytes, mut index, .. } = chunk;
        if self.spare.len() < SPARE_BUFFERS && bytes.capacity() <= self.size.saturating_mul(4) {
            bytes.clear();
            index.clear();
            self.spare.push((bytes, index));
        }
    }

    /// The next chunk; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read; the text names the byte.
    pub fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        if self.done {
            return Ok(None);
        }
        let result = self.produce();
        if !matches!(result, Ok(Some(Chunk { last: false, .. }))) {
            self.done = true;
        }
        result
    }

    fn produce(&mut self) -> io::Result<Option<Chunk>> {
        self.fill(self.size.saturating_sub(self.buffer.len()));
        loop {
            let stop = self.look();
            if self.cut > 0 {
                if self.cut == self.buffer.len() {
                    // Is this the end? One byte tells.
                    self.fill(1);
                }
                return Ok(Some(self.hand_out()));
            }
            if stop == Stop::TooLong {
                return Ok(Some(self.skip_line()));
            }
            if self.ended {
                return self.failed.take().map_or(Ok(None), Err);
            }
            // A record longer than the buffer: grow by doubling, so that looking at it again
            // costs no more than reading it. The limit in `look` ends this.
            self.fill(self.size.max(self.buffer.len()));
        }
    }

    /// Looks at the lines from `at` on as far as their records are decided, and remembers the
    /// last place where the splitter, coming from the buffer's start, begins a record without
    /// having looked further.
    fn look(&mut self) -> Stop {
        while self.at < self.buffer.len() {
            // Below `doomed` only records of one line are believed.
            let quick = if self.at < self.doomed {
                None
            } else {
                take_quoted(&self.buffer, self.at, self.splitter.shape, &mut self.index)
            };
            let (next, lines) = match quick.map_or_else(|| self.take_line(), Ok) {
                Ok(passed) => passed,
                Err(stop) => return stop,
            };
            self.at = next;
            self.lines += lines;
            if self.at >= self.examined || self.at == self.doomed {
                self.cut = self.at;
                self.cut_lines = self.lines;
            }
        }
        Stop::More
    }

    /// Takes the line at `at`, or the record that begins there, by the rules.
    fn take_line(&mut self) -> Result<(usize, u64), Stop> {
        let Shape { delimiter, limit, width } = self.splitter.shape;
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        let window = rest.get(..=limit).unwrap_or(rest);
        let (length, feed) = match memchr(b'\n', window) {
            Some(length) => (length, 1),
            None if window.len() > limit => return Err(Stop::TooLong),
            None if self.ended => (window.len(), 0),
            None => return Err(Stop::More),
        };
        let line = trim_cr(window.get(..length).unwrap_or_default());
        let second = self.at + length + feed;
        let line = scan_line(line, delimiter, &mut self.ends);
        if let Line::Closed { dangling: false, escaped } = line
            && self.ends.len() == width
        {
            self.index.extend(entry(self.at, second, 1, escaped));
            self.index.extend_from_slice(&self.ends);
        }
        if line != Line::Open || self.at < self.doomed {
            return Ok((second, 1));
        }
        let shape = self.splitter.shape;
        let next = match shape.resolve(&self.buffer, self.at, second, self.ended, &mut self.ends) {
            Resolved::Good { next, .. } => next,
            Resolved::Bad { next, doomed, examined, .. } => {
                self.doomed = doomed;
                self.examined = examined;
                next
            }
            Resolved::More => return Err(Stop::More),
        };
        Ok((next, line_feeds(self.buffer.get(self.at..next).unwrap_or_default())))
    }

    /// Hands out the bytes before the cut.
    fn hand_out(&mut self) -> Chunk {
        let (mut rest, mut index) = self.spare.pop().unwrap_or_default();
        rest.reserve(self.size.max(self.buffer.len() - self.cut));
        let entry = ENTRY + self.splitter.shape.width;
        let starts = self.index.chunks_exact(entry).map(|e| e[0] as usize);
        let later = starts.rev().take_while(|start| *start >= self.cut).count();
        let inside = self.index.len() - later * entry;
        for later in self.index[inside..].chunks_exact(entry) {
            let cut = self.cut as u32;
            index.extend([later[0] - cut, later[1] - cut]);
            index.extend_from_slice(&later[2..]);
        }
        self.index.truncate(inside);
        std::mem::swap(&mut self.index, &mut index);
        rest.extend_from_slice(self.buffer.get(self.cut..).unwrap_or_default());
        let mut bytes = std::mem::replace(&mut self.buffer, rest);
        bytes.truncate(self.cut);
        let mut chunk = self.chunk(bytes);
        chunk.index = index;
        chunk.source_bytes = self.splitter.encoding.source_bytes(&chunk.bytes);
        self.first_line += self.cut_lines;
        self.first_byte += chunk.source_bytes;
        self.at -= self.cut;
        self.lines -= self.cut_lines;
        self.doomed = self.doomed.saturating_sub(self.cut);
        self.examined = self.examined.saturating_sub(self.cut);
        (self.cut, self.cut_lines) = (0, 0);
        chunk
    }

    /// Skips the line at the buffer's start, however long it is.
    fn skip_line(&mut self) -> Chunk {
        let mut chunk = self.chunk(Vec::new());
        chunk.too_long = true;
        loop {
            let feed = memchr(b'\n', &self.buffer);
            let length = feed.map_or(self.buffer.len(), |n| n + 1);
            let skipped = self.buffer.drain(..length);
            chunk.source_bytes += self.splitter.encoding.source_bytes(skipped.as_slice());
            drop(skipped);
            self.first_byte = chunk.first_byte + chunk.source_bytes;
            if self.buffer.is_empty() {
                self.fill(self.size);
            }
            if feed.is_some() || self.buffer.is_empty() {
                break;
            }
        }
        self.first_line += 1;
        (self.at, self.lines, self.doomed, self.examined) = (0, 0, 0, 0);
        self.index.clear();
        chunk.last = self.is_over();
        chunk
    }

    fn chunk(&mut self, bytes: Vec<u8>) -> Chunk {
        let sequence = self.sequence;
        self.sequence += 1;
        Chunk {
            bytes,
            index: Vec::new(),
            first_line: self.first_line,
            first_byte: self.first_byte,
            source_bytes: 0,
            sequence,
            last: self.is_over(),
            too_long: false,
        }
    }

    /// Memory of the bytes not handed out.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.buffer.capacity()
    }

    fn is_over(&self) -> bool {
        self.ended && self.buffer.is_empty() && self.failed.is_none()
    }

    /// Reads up to `wanted` more bytes. An error is kept until what was read before is handed out.
    fn fill(&mut self, wanted: usize) {
        if self.ended || wanted == 0 {
            return;
        }
        self.buffer.reserve(wanted);
        let before = self.buffer.len();
        let got = self.source.append(&mut self.buffer, wanted);
        if self.returns {
            // One byte for another: offsets stay.
            let new = self.buffer.get_mut(before..).unwrap_or_default();
            new.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        let position = match &self.source {
            Decoded::Plain(_) => self.first_byte + self.buffer.len() as u64,
            Decoded::Turned(source) => self.data_start + source.taken(),
            Decoded::Json(rows) => {
                let taken = match rows.taken() {
                    (_, Decoded::Turned(source)) => source.taken(),
                    (text, _) => text,
                };
                self.data_start + taken
            }
        };
        let failed = match got {
            Ok(got) if got == wanted => return,
            Ok(_) => {
                let expected = self.expected.filter(|&bytes| position < bytes);
                expected.map(|bytes| short(position, bytes))
            }
            Err(error) => Some(at_byte(&error, position)),
        };
        self.ended = true;
        if failed.is_some() {
            // Whole lines were read and count; of the last one nobody knows how it goes on.
            let whole = memrchr(b'\n', &self.buffer).map_or(0, |feed| feed + 1);
            self.buffer.truncate(whole.max(self.at));
        }
        self.failed = failed;
    }
}
