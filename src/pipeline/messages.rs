//! Message files: opened once, recognised and read from the same bytes.

use crate::decode::message::{Walked, cleaned};
use crate::decode::msg;
use crate::detect::{self, Head};
use crate::discover::archive;
use crate::model::{Encoding, Input};
use crate::read::{self, HeadLimits, HeaderBlock, Mbox};
use std::borrow::Cow;
use std::io::{self, Read};

/// Bytes of a bounce read at most; what stands beyond is attachments.
const MESSAGE_CAP: usize = 1 << 20;

/// Bytes of a message read that brings a report in an attachment.
const REPORT_CAP: usize = 32 << 20;

/// The beginning of one input after another, in one buffer.
#[derive(Debug, Default)]
pub(super) struct Opener {
    block: HeaderBlock,
    /// Bodies are wanted, of every message.
    bodies: bool,
}

/// What an input shows at its beginning.
pub(super) enum Opened {
    /// A message in ASCII or UTF-8; the file, to read on.
    Message(Box<dyn Read + Send>),
    /// Something that [`detect::detect`] must be asked about.
    Other(Head),
}

impl Opener {
    /// An opener that reads every message to its end, as far as memory allows.
    pub(super) fn of_bodies(bodies: bool) -> Self {
        Self { bodies, ..Self::default() }
    }

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
        walk(&mut self.block, &mut file, self.bodies, take)
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
        // A block as people paste it: quoted. What lies beyond would come as it is.
        if let Cow::Owned(clean) = cleaned(&self.block.bytes) {
            (self.block.bytes, self.block.ended) = (clean, true);
            self.block.complete(&mut io::empty(), HeadLimits::default())?;
        }
        walk(&mut self.block, &mut file, false, take)
    }
}

impl Opener {
    /// Every message of an mbox, with its place in the file.
    pub(super) fn mbox(
        input: &Input,
        encoding: Encoding,
        mut take: impl FnMut(&Walked<'_>, Place),
    ) -> io::Result<()> {
        let mut mbox = Mbox::new(read::decoded(archive::open(input)?, encoding), MESSAGE_CAP);
        while let Some(piece) = mbox.next_piece()? {
            let place = Place { line: piece.line, byte: piece.byte, size: piece.length };
            // A piece of the cap's length may have been cut.
            let walked = if piece.bytes.len() < MESSAGE_CAP {
                Walked::whole(piece.bytes)
            } else {
                Walked::new(piece.bytes)
            };
            take(&walked, place);
        }
        Ok(())
    }

    /// An Outlook message.
    pub(super) fn outlook<T>(input: &Input, take: impl FnOnce(&Walked<'_>) -> T) -> io::Result<T> {
        let mut bytes = Vec::new();
        archive::open(input)?.take(msg::CAP as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > msg::CAP {
            let why = format!("an Outlook message of more than {} MiB", msg::CAP >> 20);
            return Err(io::Error::other(why));
        }
        let message = msg::read(&bytes).map_err(io::Error::other)?;
        Ok(take(&Walked::new(&message.to_rfc5322())))
    }
}

/// Where a message stands in its file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Physical line, counted from 1.
    pub(super) line: u64,
    /// Offset of its first byte.
    pub(super) byte: u64,
    /// Its length in bytes.
    pub(super) size: u64,
}

impl Place {
    /// The whole of a file.
    pub(super) fn of(input: &Input) -> Self {
        Self { line: 1, byte: 0, size: input.bytes }
    }
}

fn walk<T>(
    block: &mut HeaderBlock,
    source: &mut impl Read,
    bodies: bool,
    take: impl FnOnce(&Walked<'_>) -> T,
) -> io::Result<T> {
    let walked = Walked::new(block.header());
    let report = walked.brings_report();
    if !walked.needs_body() && !report && !bodies {
        return Ok(take(&walked));
    }
    let cap = if report || bodies { REPORT_CAP } else { MESSAGE_CAP };
    let whole = read::read_message(std::mem::take(block), source, cap)?;
    let walked =
        if whole.truncated { Walked::new(&whole.bytes) } else { Walked::whole(&whole.bytes) };
    Ok(take(&walked))
}
