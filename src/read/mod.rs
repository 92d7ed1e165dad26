//! Which records are in an input?
//!
//! Comes in: a byte source and the [`crate::model::Dialect`] that detection settled. Goes out:
//! record-aligned [`Chunk`]s that may travel to any worker, the [`RawRecord`]s in them, rejects
//! with their line, and the header block of a message file. Text comes out as UTF-8 whatever the
//! input's encoding; offsets are those of the file. Deliberately absent: the meaning of a cell,
//! guessing the encoding, opening files, threads.
//!
//! # What a record is
//!
//! One definition holds for every chunk size, and a property test compares them all:
//!
//! 1. A cell that begins with `"` runs to its closing quote (`""` inside is a quote) and may hold
//!    line feeds. After the closing quote only blanks, the delimiter or the line end may follow;
//!    anything else means that the record is torn. A quote inside an unquoted cell is text, with
//!    one exception: where the record has quoted cells too, an unquoted cell that *ends* with a
//!    quote has lost its opening one, and the record is torn.
//! 2. Lines end with LF or CR LF; where the header line ends with a CR alone (old Mac), every CR
//!    is an LF. Lines of nothing but white space are neither records nor
//!    rejects. A repeated header line (appended exports), with its `#TYPE` or `sep=` line, is
//!    counted and passed over.
//! 3. A record that begins and ends on one physical line and is torn or has the wrong number of
//!    cells is one reject; reading goes on with the next line.
//! 4. A torn record whose quote runs over line ends (to a wrong place, past the limit, or to the
//!    end of the file) is one reject for its first physical line; reading goes on with the
//!    second. Until the place where the quote went wrong, a line that leaves a quote open as well
//!    is torn in the same way.
//! 5. A record over several lines, well quoted but with the wrong number of cells, is one reject,
//!    up to the first line inside it that is a whole record by itself. From there to the old end
//!    only records of one line are believed.
//! 6. A physical line longer than the limit is one reject and is skipped to its line feed.
//!
//! [`RawRecord`]: crate::model::RawRecord

mod chunk;
mod error;
mod index;
mod json;
mod json_cells;
mod mbox;
mod message;
mod quoted;
mod scan;
mod split;
mod transcode;

#[cfg(test)]
mod encoding_laws;
#[cfg(test)]
mod laws;

pub use chunk::{CHUNK_BYTES, Chunk, ChunkReader};
pub use mbox::{Mbox, Piece, unescaped};
pub use message::{HeadLimits, HeaderBlock, Message, more, read_head_block, read_message};
pub use split::{Sink, Split, Splitter};
pub use transcode::decoded;

/// Longest record in bytes. Real rows stay below 100 KiB; the longest legal cell of a trace
/// report is a few MiB of `custom_data`.
pub const RECORD_LIMIT: usize = 16 << 20;
