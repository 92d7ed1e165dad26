//! Named byte sources, where a value came from, and why a record was refused.

use super::dialect::Encoding;
use super::time::Instant;
use std::path::PathBuf;

/// Number of an input in the run's ledger (position in path order).
pub type InputId = u32;

/// A named byte source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where to read it.
    pub path: PathBuf,
    /// How it is named to the user: as given, or the walked path below what was given.
    pub name: String,
    /// The user named this path itself; a walk or a glob did not find it.
    pub explicit: bool,
    /// Size in bytes as it is read; of a compressed file, whose size is not known before, that of
    /// the file.
    pub bytes: u64,
    /// How to get from the file to its bytes, outermost first; empty for a plain file.
    pub packing: Vec<Packing>,
    /// Archives around it.
    pub depth: u8,
}

impl Input {
    /// A plain file.
    pub fn file(path: PathBuf, name: String, explicit: bool, bytes: u64) -> Self {
        Self { path, name, explicit, bytes, packing: Vec::new(), depth: 0 }
    }

    /// Its size as it is read, where that is known before.
    pub fn size(&self) -> Option<u64> {
        let compressed = matches!(self.packing.last(), Some(Packing::Gzip | Packing::Zstd));
        (!compressed).then_some(self.bytes)
    }
}

/// One step from a file to the bytes of an input in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// A part of the file, from this byte on. Always the first step.
    Slice {
        /// First byte.
        offset: u64,
        /// Number of bytes.
        length: u64,
    },
    /// RFC 1951.
    Deflate,
    /// RFC 1952, any number of members.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// Length and CRC-32 as the archive's directory states them.
    Checked {
        /// Bytes.
        length: u64,
        /// CRC-32 of them.
        crc: u32,
    },
}

/// What an input is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputRole {
    /// Mail flow: rows and messages that are counted.
    Mail,
    /// Context: change logs and the like, never counted as mail.
    Evidence,
}

impl InputRole {
    /// Spelling in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Evidence => "evidence",
        }
    }
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The input.
    pub input: InputId,
    /// First physical line of the record, counted from 1; header lines count.
    pub line: u64,
    /// Offset of the record's first byte in the file, whatever its encoding.
    pub byte: u64,
}

/// Why a record was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectReason {
    /// Not as many fields as the header line names.
    FieldCount {
        /// Fields seen.
        seen: u32,
        /// Fields in the header line.
        expected: u32,
    },
    /// A quote is missing or stands alone, so that field ends cannot be told.
    TornQuote,
    /// The record is longer than the reader's limit (bytes).
    TooLong(u64),
    /// The time cannot be read; the cell as written, shortened.
    Time(String),
    /// The message id cannot be read; the cell as written, shortened.
    MessageId(String),
    /// A message file without a readable header block.
    NoHeaders,
    /// Any other reason, in plain words.
    Other(String),
}

impl RejectReason {
    /// A stable word for the kind, for the reject ledger and for scripts.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field_count",
            Self::TornQuote => "torn_quote",
            Self::TooLong(_) => "too_long",
            Self::Time(_) => "unreadable_time",
            Self::MessageId(_) => "unreadable_message_id",
            Self::NoHeaders => "no_headers",
            Self::Other(_) => "other",
        }
    }
}

impl std::fmt::Display for RejectReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FieldCount { seen, expected } => {
                write!(f, "{seen} fields where the header line has {expected}")
            }
            Self::TornQuote => f.write_str("a double quote is missing or stands alone"),
            Self::TooLong(limit) => write!(f, "record longer than {limit} bytes"),
            Self::Time(raw) => write!(f, "time cannot be read: {raw:?}"),
            Self::MessageId(raw) => write!(f, "message id cannot be read: {raw:?}"),
            Self::NoHeaders => f.write_str("no readable message headers"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// A refused record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    /// Where it stands.
    pub origin: Origin,
    /// Why it was refused.
    pub reason: RejectReason,
}

/// One line of the input ledger: what became of an input.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceEntry {
    /// As given.
    pub path: String,
    /// Mail or evidence.
    pub role: InputRole,
    /// Name of the dialect, or `None` where the input was skipped (the reason is in `warnings`).
    pub format: Option<&'static str>,
    /// Encoding, where it was settled.
    pub encoding: Option<Encoding>,
    /// Bytes of the input.
    pub bytes: u64,
    /// Records seen, rejected ones included.
    pub rows: u64,
    /// Records refused.
    pub rejected: u64,
    /// Exact duplicates of records that count elsewhere (they count once).
    pub duplicates: u64,
    /// Earliest time of an accepted record.
    pub first: Option<Instant>,
    /// Latest time of an accepted record.
    pub last: Option<Instant>,
    /// The export's own row limit, where the row count stands exactly at it.
    pub cap_hit: Option<u64>,
    /// The filter the export was made with, where one shows ("status=Failed").
    pub filter: Option<String>,
    /// Reading ended before the input did: what was read counts, the rest is not known.
    pub cut_short: bool,
    /// SHA-256 of the input's bytes, 64 hex digits; `None` where it was not worked out: no report
    /// directory was asked for, or the input is a member of an archive that is named itself.
    pub sha256: Option<String>,
    /// What the user should know about this input.
    pub warnings: Vec<String>,
}
