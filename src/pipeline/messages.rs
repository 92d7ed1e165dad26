//! Message files: opened once, recognised and read from the same bytes.

use crate::decode::message::Walked;
use crate::detect::{self, Head};
use crate::discover::archive;
use crate::model::{Encoding, Input};
use crate::read::{self, HeadLimits, HeaderBlock};
use std::io::{self, Read};

/// Bytes of a bounce read at most; what stands beyond is attachments.
const MESSAGE_CAP: usize = 1 << 20;

/// The beginning of one input after another, in one buffer.
#[derive(Debug, Default)]
pub(super) struct Opener {
    block: HeaderBlock,
}

/// What an input shows at its beginning.
pub(super) enum Opened {
    /// A message in ASCII or UTF-8; the file, to read on.
    Message(Box<dyn Read + Send>),
    /// Something that [`detect::detect`] must be asked about.
    Other(Head),
}

impl Opener {
    /// Opens an input and reads as much as tells what it is.
    pub(super) fn open(&mut self, input: &Input) -> io::Result<Opened> {
        let mut file = archive::open(input)?;
        let first = HeadLimits::default().first;
        let bytes = &mut self.block.bytes;
        bytes.clear();
        self.block.ended = read::more(&mut file, bytes, first)? < first;
        if detect::is_message(bytes) {
            return Ok(Opened::Message(file));
        }
        if !self.block.ended {
            let left = detect::HEAD_BYTES - bytes.len();
            self.block.ended = read::more(&mut file, bytes, left)? < left;
        }
        let bytes = bytes.clone();
        let more = u64::from(!self.block.ended);
        let total = input.size().unwrap_or(0).max(bytes.len() as u64 + more);
        Ok(Opened::Other(Head { total, bytes, name: input.name.clone() }))
    }

    /// The header block of the message that was opened last, and its body where that may matter
    /// (a bounce).
    pub(super) fn message<T>(
        &mut self,
        mut file: Box<dyn Read + Send>,
        take: impl FnOnce(&Walked<'_>) -> T,
    ) -> io::Result<T> {
        self.block.complete(&mut file, HeadLimits::default())?;
        walk(&mut self.block, &mut file, take)
    }

    /// The same of a message in another encoding, from its beginning.
    pub(super) fn encoded<T>(
        &mut self,
        input: &Input,
        encoding: Encoding,
        take: impl FnOnce(&Walked<'_>) -> T,
    ) -> io::Result<T> {
        let mut file = read::decoded(archive::open(input)?, encoding);
        self.block.fill(&mut file, HeadLimits::default())?;
        walk(&mut self.block, &mut file, take)
    }
}

fn walk<T>(
    block: &mut HeaderBlock,
    source: &mut impl Read,
    take: impl FnOnce(&Walked<'_>) -> T,
) -> io::Result<T> {
    let walked = Walked::new(block.header());
    if !walked.needs_body() {
        return Ok(take(&walked));
    }
    let whole = read::read_message(std::mem::take(block), source, MESSAGE_CAP)?;
    Ok(take(&Walked::new(&whole.bytes)))
}
