//! Chunks to records.

use super::RECORD_LIMIT;
use super::chunk::Chunk;
use super::json::REFUSED;
use super::scan::{Line, Resolved, Shape, line_feeds, scan_line, trim_cr};
use crate::model::input::InputId;
use crate::model::record::unquote;
use crate::model::{Dialect, Encoding, Form, Origin, RawRecord, Reject, RejectReason};
use memchr::memchr;

/// Begins the header line of an Exchange Server log.
const FIELDS: &[u8] = b"#Fields: ";

/// Lines that stand above it, again whenever the service starts.
const LOG_HEAD: &[&[u8]] = &[b"#Software:", b"#Version:", b"#Log-", b"#Date:", b"#Fields:"];

/// Takes what a chunk holds, in file order.
pub trait Sink {
    /// One well-formed record with the header's number of cells.
    fn record(&mut self, record: RawRecord<'_>);
    /// One refused record.
    fn reject(&mut self, reject: Reject);
}

/// What was in a chunk; sums over chunks give the input's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Records handed out.
    pub records: u64,
    /// Rejects handed out.
    pub rejects: u64,
    /// Header lines (and `#TYPE` or `sep=` lines) in mid file, from exports appended to each
    /// other; neither records nor rejects.
    pub repeated_headers: u64,
}

/// Splits chunks of one input into records. Cheap to clone; one per worker or one for all.
#[derive(Clone, Debug)]
pub struct Splitter {
    pub(super) shape: Shape,
    pub(super) encoding: Encoding,
    /// Rows made of JSON: damaged records come as lines that say why.
    json: bool,
    header: Vec<Vec<u8>>,
}

impl Splitter {
    /// For an input of this dialect whose header line is `header` (a byte order mark and the
    /// line end may still be there). An empty `header` switches off the search for repeated
    /// header lines.
    pub fn new(dialect: &Dialect, header: &[u8]) -> Self {
        let mut line = header.strip_suffix(b"\n").unwrap_or(header);
        line = trim_cr(without_mark(line));
        line = line.strip_prefix(FIELDS).unwrap_or(line);
        let mut ends = Vec::new();
        scan_line(line, dialect.delimiter, &mut ends);
        let record = whole_line(line, &ends);
        let mut scratch = Vec::new();
        let names = (0..record.len()).map(|i| record.field(i, &mut scratch).to_vec());
        Self {
            shape: Shape {
                delimiter: dialect.delimiter,
                width: usize::from(dialect.width),
                limit: RECORD_LIMIT,
            },
            encoding: dialect.encoding,
            json: dialect.form == Form::Json,
            header: if line.is_empty() { Vec::new() } else { names.collect() },
        }
    }

    /// With another limit for the length of a record (bytes, default [`RECORD_LIMIT`], at most
    /// 1 GiB).
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.shape.limit = bytes.clamp(1, 1 << 30);
        self
    }

    /// Hands every record and reject of the chunk to `sink`, in order. `ends` is scratch space
    /// that a worker keeps between chunks.
    pub fn split(
        &self,
        chunk: &Chunk,
        input: InputId,
        ends: &mut Vec<u32>,
        sink: &mut impl Sink,
    ) -> Split {
        // UTF-8 and plain ASCII are measured without looking at the bytes.
        let unit = self.encoding.unit();
        let even = matches!(self.encoding, Encoding::Utf8 | Encoding::Utf8Bom)
            || chunk.source_bytes == chunk.bytes.len() as u64 * unit;
        let mut walk = Walk {
            splitter: self,
            unit: even.then_some(unit),
            bytes: &chunk.bytes,
            text: std::str::from_utf8(&chunk.bytes).ok(),
            index: &chunk.index,
            at: 0,
            doomed: 0,
            origin: Origin { input, line: chunk.first_line, byte: chunk.first_byte },
            count: Split::default(),
        };
        if chunk.too_long {
            walk.refuse(RejectReason::TooLong(self.shape.limit as u64), sink);
        }
        while walk.at < chunk.bytes.len() {
            walk.step(ends, sink);
        }
        walk.count
    }

    /// The record is the header line over again.
    fn is_header(&self, record: &RawRecord<'_>) -> bool {
        let Some(first) = self.header.first() else {
            return false;
        };
        // Almost always decided by the length of the first cell: quotes and a mark may be there.
        let cell = record.raw(0);
        if !matches!(cell.len().wrapping_sub(first.len()), 0 | 2 | 3 | 5 | 9) {
            return false;
        }
        let cell = cell.strip_prefix(FIELDS).unwrap_or(cell);
        let mut scratch = Vec::new();
        self.header.len() == record.len()
            && unquote(without_mark(cell), &mut scratch).eq_ignore_ascii_case(first)
            && (self.header.iter().enumerate().skip(1))
                .all(|(i, name)| record.field(i, &mut scratch).eq_ignore_ascii_case(name))
    }

    /// A line that is no record is a leftover of an appended export: `#TYPE`, `sep=`, or the
    /// header line behind a byte order mark.
    fn is_preamble(&self, line: &[u8], ends: &mut Vec<u32>) -> bool {
        let bare = without_mark(line);
        let mut scratch = Vec::new();
        let text = unquote(bare, &mut scratch);
        let log = LOG_HEAD.iter().any(|begin| text.starts_with(begin));
        if log || text.starts_with(b"#TYPE ") || (text.len() <= 5 && text.starts_with(b"sep=")) {
            return true;
        }
        if bare.len() == line.len() {
            return false;
        }
        scan_line(bare, self.shape.delimiter, ends);
        self.is_header(&whole_line(bare, ends))
    }
}

/// A walk through one chunk.
struct Walk<'a> {
    splitter: &'a Splitter,
    bytes: &'a [u8],
    /// The bytes as text, where they are UTF-8: looked at once, and much faster than record by
    /// record.
    text: Option<&'a str>,
    /// Index entries not yet passed.
    index: &'a [u32],
    /// Start of the next line.
    at: usize,
    /// Lines before this that leave a quote open are torn.
    doomed: usize,
    /// Of the line at `at`.
    origin: Origin,
    /// Bytes in the file for each byte here, where they are the same for all.
    unit: Option<u64>,
    count: Split,
}

impl Walk<'_> {
    /// One record, reject, blank or header line.
    #[inline]
    fn step(&mut self, ends: &mut Vec<u32>, sink: &mut impl Sink) {
        let shape = self.splitter.shape;
        while let Some((entry, later)) = Chunk::indexed(self.index, shape.width)
            && entry.start <= self.at
        {
            self.index = later;
            if entry.start == self.at {
                let length = entry.ends.last().map_or(0, |end| *end as usize);
                let line = self.bytes.get(self.at..self.at + length).unwrap_or_default();
                self.hand_out(line, entry.ends, entry.escaped, sink);
                self.advance(entry.next, u64::from(entry.lines));
                return;
            }
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let feed = memchr(b'\n', rest);
        let length = feed.unwrap_or(rest.len());
        let next = self.at + length + usize::from(feed.is_some());
        if length > shape.limit {
            self.refuse(RejectReason::TooLong(shape.limit as u64), sink);
            self.advance(next, 1);
            return;
        }
        let line = trim_cr(rest.get(..length).unwrap_or_default());
        match scan_line(line, shape.delimiter, ends) {
            Line::Closed { dangling, escaped } => {
                if ends.len() == shape.width && !dangling {
                    self.hand_out(line, ends, escaped, sink);
                } else if let (true, [REFUSED, why @ ..]) = (self.splitter.json, line) {
                    let why = String::from_utf8_lossy(why).into_owned();
                    self.refuse(RejectReason::Other(why), sink);
                } else if !self.passed_over(line, ends) {
                    scan_line(line, shape.delimiter, ends);
                    self.refuse(shape.reason(ends.len(), dangling), sink);
                }
                self.advance(next, 1);
            }
            Line::Torn => {
                if !self.passed_over(line, ends) {
                    self.refuse(RejectReason::TornQuote, sink);
                }
                self.advance(next, 1);
            }
            Line::Open => self.step_open(next, ends, sink),
        }
    }

    /// A record whose first line leaves a quote open.
    fn step_open(&mut self, second: usize, ends: &mut Vec<u32>, sink: &mut impl Sink) {
        if self.at < self.doomed {
            self.refuse(RejectReason::TornQuote, sink);
            self.advance(second, 1);
            return;
        }
        let shape = self.splitter.shape;
        let next = match shape.resolve(self.bytes, self.at, second, true, ends) {
            Resolved::Good { end, next } => {
                let record = self.bytes.get(self.at..end).unwrap_or_default();
                self.hand_out(record, ends, true, sink);
                next
            }
            Resolved::Bad { reason, next, doomed, .. } => {
                self.refuse(reason, sink);
                self.doomed = doomed;
                next
            }
            // Not with all bytes at hand.
            Resolved::More => self.bytes.len(),
        };
        let lines = line_feeds(self.bytes.get(self.at..next).unwrap_or_default());
        self.advance(next, lines);
    }

    #[inline]
    fn hand_out(&mut self, bytes: &[u8], ends: &[u32], escaped: bool, sink: &mut impl Sink) {
        let whole = match self.text {
            Some(text) => text.get(self.at..self.at + bytes.len()),
            None => std::str::from_utf8(bytes).ok(),
        };
        let record = RawRecord { bytes, ends, origin: self.origin, escaped, whole };
        if self.splitter.is_header(&record) {
            // A log begins anew whenever its service starts: nothing to speak of.
            self.count.repeated_headers += u64::from(!bytes.starts_with(FIELDS));
        } else {
            self.count.records += 1;
            sink.record(record);
        }
    }

    fn refuse(&mut self, reason: RejectReason, sink: &mut impl Sink) {
        self.count.rejects += 1;
        sink.reject(Reject { origin: self.origin, reason });
    }

    /// True where the line is no record and no reject either.
    fn passed_over(&mut self, line: &[u8], ends: &mut Vec<u32>) -> bool {
        if line.trim_ascii().is_empty() {
            return true;
        }
        let preamble = self.splitter.is_preamble(line, ends);
        // A log begins anew whenever its service starts: nothing to speak of.
        let log = LOG_HEAD.iter().any(|begin| line.starts_with(begin));
        self.count.repeated_headers += u64::from(preamble && !log);
        preamble
    }

    #[inline]
    fn advance(&mut self, next: usize, lines: u64) {
        self.origin.line += lines;
        self.origin.byte += if let Some(unit) = self.unit {
            (next - self.at) as u64 * unit
        } else {
            let passed = self.bytes.get(self.at..next).unwrap_or_default();
            self.splitter.encoding.source_bytes(passed)
        };
        self.at = next;
    }
}

/// A line to be compared with the header: nobody asks for its text.
fn whole_line<'a>(bytes: &'a [u8], ends: &'a [u32]) -> RawRecord<'a> {
    RawRecord { bytes, ends, origin: Origin::default(), escaped: true, whole: None }
}

/// The bytes without a UTF-8 byte order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
