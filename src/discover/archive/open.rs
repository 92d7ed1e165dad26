//! From an input to its bytes, through whatever it is packed in.

use super::LIMITS;
use crate::model::{Input, Packing};
use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Opens an input. What unpacks to more than [`LIMITS`] allow fails on the way, as does what was
/// damaged.
///
/// # Errors
/// Where the file cannot be opened.
pub fn open(input: &Input) -> io::Result<Box<dyn Read + Send>> {
    let mut file = File::open(&input.path)?;
    if input.packing.is_empty() {
        return Ok(Box::new(file));
    }
    let mut packed = file.metadata()?.len();
    let mut source: Box<dyn Read + Send> = match input.packing.first() {
        Some(Packing::Slice { offset, length }) => {
            file.seek(SeekFrom::Start(*offset))?;
            packed = (*length).min(packed.saturating_sub(*offset));
            Box::new(file.take(*length))
        }
        _ => Box::new(file),
    };
    for packing in &input.packing {
        let limit = LIMITS.most(packed);
        source = match *packing {
            Packing::Slice { .. } => source,
            Packing::Deflate => bounded(DeflateDecoder::new(BufReader::new(source)), limit),
            Packing::Gzip => bounded(MultiGzDecoder::new(BufReader::new(source)), limit),
            Packing::Zstd => bounded(zstd::stream::read::Decoder::new(source)?, limit),
            Packing::Checked { length, crc } => {
                Box::new(Checked { source, length, crc, sum: Crc::new() })
            }
        };
    }
    Ok(source)
}

fn bounded(source: impl Read + Send + 'static, left: u64) -> Box<dyn Read + Send> {
    Box::new(Bounded { source, left })
}

/// Fails once more bytes come than are allowed.
struct Bounded<R> {
    source: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.source.read(out)?;
        match self.left.checked_sub(got as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(LIMITS.bomb())),
        }
        Ok(got)
    }
}

/// Compares length and checksum at the end with those of the archive's directory.
struct Checked<R> {
    source: R,
    length: u64,
    crc: u32,
    sum: Crc,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.source.read(out)?;
        self.sum.update(out.get(..got).unwrap_or_default());
        let seen = u64::from(self.sum.amount());
        let over = seen > self.length;
        let ended = got == 0 && !out.is_empty();
        if over || ended && (self.sum.sum() != self.crc || seen != self.length & 0xFFFF_FFFF) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the archive is damaged here: length or checksum differ from its directory",
            ));
        }
        Ok(got)
    }
}
