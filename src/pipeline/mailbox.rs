//! The messages of an mbox looked at as they are read, so that a mailbox of any size needs no more
//! memory than one batch.

use super::headers::Looked;
use super::messages::Opener;
use crate::model::{Encoding, Input};
use rayon::prelude::*;
use std::io;

/// Messages of one batch at most.
const BATCH: usize = 256;
/// Bytes of one batch from which on it is looked at.
const BYTES: usize = 16 << 20;

/// One message cut out of the mailbox.
struct Piece {
    number: u64,
    bytes: Vec<u8>,
    whole: bool,
    size: u64,
}

/// Looks at every message of the mailbox with `look` (name, bytes, whole or cut, size), on the
/// threads of `pool` with a worker of `worker` each; `emit` gets the answers in order. A message
/// that is alone has the name of the file, as it was saved with its separator line; several are
/// numbered.
///
/// # Errors
/// Where `emit` fails. A mailbox that cannot be read is an answer.
pub(super) fn stream<W: Send>(
    input: &Input,
    encoding: Encoding,
    pool: &rayon::ThreadPool,
    worker: impl Fn() -> W + Sync + Send,
    look: impl Fn(String, &[u8], bool, u64, &mut W) -> Looked + Sync + Send,
    emit: &mut impl FnMut(Looked) -> io::Result<()>,
) -> io::Result<()> {
    let mut batch: Vec<Piece> = Vec::new();
    let (mut number, mut bytes) = (0u64, 0usize);
    let mut failed = None;
    let mut flush = |batch: &mut Vec<Piece>, alone: bool| {
        let one = |worker: &mut W, piece: &Piece| {
            let file =
                if alone { input.name.clone() } else { format!("{}#{}", input.name, piece.number) };
            look(file, &piece.bytes, piece.whole, piece.size, worker)
        };
        let answers: Vec<Looked> =
            pool.install(|| batch.par_iter().map_init(&worker, one).collect());
        batch.clear();
        answers.into_iter().try_for_each(&mut *emit)
    };
    let read = Opener::mbox(input, encoding, |message, place| {
        number += 1;
        if failed.is_some() {
            return;
        }
        // A batch ends before its last message, so that a single one is known to be alone.
        if batch.len() >= BATCH || bytes >= BYTES {
            failed = flush(&mut batch, false).err();
            bytes = 0;
        }
        bytes += message.bytes().len();
        let piece = Piece {
            number,
            bytes: message.bytes().to_vec(),
            whole: message.is_whole(),
            size: place.size,
        };
        batch.push(piece);
    });
    if let Some(error) = failed {
        return Err(error);
    }
    flush(&mut batch, number == 1)?;
    match read {
        Ok(()) => Ok(()),
        Err(error) => emit(Looked::Skipped {
            file: input.name.clone(),
            why: format!("cannot be read to its end: {error}"),
        }),
    }
}
