//! Other text encodings to UTF-8, as a stream.
//!
//! Conversion stands before everything else: a quote or a comma may be one half of a wide unit.
//! What comes out is what [`Encoding::decode`] says; this is the same for input of any length in
//! constant memory, and fast where the text is ASCII, as nearly all of an export is.

use super::json::JsonRows;
use crate::model::{Dialect, Encoding, Form, windows_1252};
use std::io::{self, Read};

/// Bytes read from the source at once.
const BLOCK: usize = 128 << 10;

/// Units that are looked at together: a multiple of the vector registers of any machine, small
/// enough that a single umlaut does not cost much.
const STRIDE: usize = 32;

/// A byte source as UTF-8; UTF-8 itself passes through, not even looked at.
#[derive(Debug)]
pub(super) enum Decoded<R> {
    /// The source is UTF-8.
    Plain(R),
    /// It is not.
    Turned(Transcoder<R>),
    /// It is JSON, in UTF-8 or not: its records come as rows.
    Json(Box<JsonRows<Decoded<R>>>),
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => Self::Plain(source),
            _ => Self::Turned(Transcoder::new(source, encoding)),
        }
    }

    /// The rows of a table of this dialect, whatever its form.
    pub(super) fn rows(source: R, dialect: &Dialect) -> Self {
        let text = Self::new(source, dialect.encoding);
        match dialect.form {
            Form::Json => Self::Json(Box::new(JsonRows::new(text, &dialect.keys))),
            Form::Csv | Form::Message | Form::Mbox | Form::Outlook | Form::Xml => text,
        }
    }

    /// Appends up to `wanted` bytes of UTF-8, fewer only at the end of the source. Not by way of
    /// [`Read`]: files read into a vector without clearing it first, and this keeps that.
    pub(super) fn append(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.take(wanted as u64).read_to_end(buffer),
            Self::Turned(source) => source.take(wanted as u64).read_to_end(buffer),
            Self::Json(source) => source.take(wanted as u64).read_to_end(buffer),
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(out),
            Self::Turned(source) => source.read(out),
            Self::Json(source) => source.read(out),
        }
    }
}

/// Turns UTF-16 or Windows-1252 into UTF-8.
#[derive(Debug)]
pub(super) struct Transcoder<R> {
    source: R,
    encoding: Encoding,
    /// Bytes read; those from `at` to `end` are not decoded.
    raw: Vec<u8>,
    at: usize,
    end: usize,
    /// The source has ended.
    ended: bool,
    /// Bytes read from the source so far.
    taken: u64,
    /// A character that did not fit into the reader's buffer, and how much of it is gone.
    held: [u8; 4],
    held_at: usize,
    held_end: usize,
}

impl<R: Read> Transcoder<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        Self {
            source,
            encoding,
            raw: vec![0; BLOCK],
            at: 0,
            end: 0,
            ended: false,
            taken: 0,
            held: [0; 4],
            held_at: 0,
            held_end: 0,
        }
    }

    /// Bytes read from the source so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Reads once, behind the bytes that are left of a character.
    fn refill(&mut self) -> io::Result<()> {
        self.raw.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        let got = self.source.read(self.raw.get_mut(self.end..).unwrap_or_default())?;
        self.end += got;
        self.taken += got as u64;
        self.ended = got == 0;
        Ok(())
    }

    /// Hands out what is held of a character.
    fn hand_out(&mut self, out: &mut [u8]) -> usize {
        let held = self.held.get(self.held_at..self.held_end).unwrap_or_default();
        let length = held.len().min(out.len());
        for (to, from) in out.iter_mut().zip(held) {
            *to = *from;
        }
        self.held_at += length;
        length
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.held_at < self.held_end {
            return Ok(self.hand_out(out));
        }
        loop {
            let raw = self.raw.get(self.at..self.end).unwrap_or_default();
            let (read, written) = match self.encoding {
                Encoding::Utf16Le => turn(raw, out, self.ended, &Utf16(u16::from_le_bytes)),
                Encoding::Utf16Be => turn(raw, out, self.ended, &Utf16(u16::from_be_bytes)),
                _ => turn(raw, out, self.ended, &SingleByte),
            };
            self.at += read;
            if written > 0 {
                return Ok(written);
            }
            let raw = self.raw.get(self.at..self.end).unwrap_or_default();
            let next = match self.encoding {
                Encoding::Utf16Le => Utf16(u16::from_le_bytes).next(raw, self.ended),
                Encoding::Utf16Be => Utf16(u16::from_be_bytes).next(raw, self.ended),
                _ => SingleByte.next(raw, self.ended),
            };
            if let Some((c, length)) = next {
                // A whole character is there and finds no room.
                self.at += length;
                (self.held_at, self.held_end) = (0, c.encode_utf8(&mut self.held).len());
                return Ok(self.hand_out(out));
            }
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
    }
}

/// How bytes become characters.
trait Code {
    /// Bytes of an ASCII character.
    const UNIT: usize;
    /// Turns whole strides of ASCII; returns the number of characters.
    fn ascii(&self, raw: &[u8], out: &mut [u8]) -> usize;
    /// The first character and its length; `None` where more bytes are needed. `ended`: no more
    /// follow.
    fn next(&self, raw: &[u8], ended: bool) -> Option<(char, usize)>;
}

/// Turns as much as there is and has room; returns the bytes read and written.
fn turn<C: Code>(raw: &[u8], out: &mut [u8], ended: bool, code: &C) -> (usize, usize) {
    let (mut at, mut to) = (0, 0);
    while let (Some(from), Some(room)) = (raw.get(at..), out.get_mut(to..)) {
        let ascii = code.ascii(from, room);
        at += ascii * C::UNIT;
        to += ascii;
        for _ in 0..STRIDE {
            let from = raw.get(at..).unwrap_or_default();
            let Some((c, length)) = code.next(from, ended) else { return (at, to) };
            let Some(room) = out.get_mut(to..to + c.len_utf8()) else { return (at, to) };
            to += c.encode_utf8(room).len();
            at += length;
        }
    }
    (at, to)
}

/// UTF-16 in the byte order of the function.
struct Utf16<F>(F);

impl<F: Fn([u8; 2]) -> u16> Code for Utf16<F> {
    const UNIT: usize = 2;

    #[inline]
    fn ascii(&self, raw: &[u8], out: &mut [u8]) -> usize {
        let (from, _) = raw.as_chunks::<{ 2 * STRIDE }>();
        let (to, _) = out.as_chunks_mut::<STRIDE>();
        let mut done = 0;
        for (from, to) in from.iter().zip(to) {
            let (pairs, _) = from.as_chunks::<2>();
            if pairs.iter().fold(0, |all, pair| all | self.0(*pair)) >= 0x80 {
                break;
            }
            for (to, pair) in to.iter_mut().zip(pairs) {
                *to = self.0(*pair) as u8;
            }
            done += STRIDE;
        }
        done
    }

    #[inline]
    fn next(&self, raw: &[u8], ended: bool) -> Option<(char, usize)> {
        const DAMAGED: char = char::REPLACEMENT_CHARACTER;
        let [a, b, rest @ ..] = raw else {
            return (ended && !raw.is_empty()).then_some((DAMAGED, 1));
        };
        let first = self.0([*a, *b]);
        if !matches!(first, 0xD800..=0xDBFF) {
            return Some((char::from_u32(u32::from(first)).unwrap_or(DAMAGED), 2));
        }
        let [c, d, ..] = rest else {
            return ended.then_some((DAMAGED, 2));
        };
        let second = self.0([*c, *d]);
        if !matches!(second, 0xDC00..=0xDFFF) {
            return Some((DAMAGED, 2));
        }
        let both = 0x1_0000 + (u32::from(first & 0x3FF) << 10) + u32::from(second & 0x3FF);
        Some((char::from_u32(both).unwrap_or(DAMAGED), 4))
    }
}

/// Windows-1252.
struct SingleByte;

impl Code for SingleByte {
    const UNIT: usize = 1;

    #[inline]
    fn ascii(&self, raw: &[u8], out: &mut [u8]) -> usize {
        let (from, _) = raw.as_chunks::<STRIDE>();
        let (to, _) = out.as_chunks_mut::<STRIDE>();
        let mut done = 0;
        for (from, to) in from.iter().zip(to) {
            if !from.is_ascii() {
                break;
            }
            *to = *from;
            done += STRIDE;
        }
        done
    }

    #[inline]
    fn next(&self, raw: &[u8], _: bool) -> Option<(char, usize)> {
        raw.first().map(|&byte| (windows_1252(byte), 1))
    }
}

/// `source` as UTF-8: for files that are not read as [`super::Chunk`]s. A byte order mark comes
/// out as U+FEFF.
pub fn decoded(source: impl Read, encoding: Encoding) -> impl Read {
    Decoded::new(source, encoding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TURNED: [Encoding; 3] = [Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];

    /// Hands out as many bytes at a time as the list says, over and over.
    struct Drip<'a>(&'a [u8], std::iter::Cycle<std::slice::Iter<'a, usize>>);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let most = self.1.next().map_or(1, |n| *n).min(out.len());
            self.0.read(&mut out[..most])
        }
    }

    fn piecewise(bytes: &[u8], encoding: Encoding, from: &[usize], to: &[usize]) -> Vec<u8> {
        let mut source = Transcoder::new(Drip(bytes, from.iter().cycle()), encoding);
        let (mut text, mut sizes) = (Vec::new(), to.iter().cycle());
        loop {
            let mut out = vec![0; sizes.next().map_or(1, |n| *n)];
            match source.read(&mut out).unwrap() {
                0 => break,
                got => text.extend_from_slice(&out[..got]),
            }
        }
        assert_eq!(source.taken(), bytes.len() as u64);
        text
    }

    #[test]
    fn long_input_crosses_blocks() {
        let text = "größer, \u{1F600} and some plain text\r\n".repeat(20_000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(bytes.len() > 5 * BLOCK);
        let mut out = String::new();
        decoded(&bytes[..], Encoding::Utf16Le).read_to_string(&mut out).unwrap();
        assert!(out == text);
        // The one odd byte puts every later block at an odd offset.
        let mut odd = Transcoder::new((&bytes[..1]).chain(&bytes[1..]), Encoding::Utf16Le);
        out.clear();
        odd.read_to_string(&mut out).unwrap();
        assert!(out == text);
    }

    #[test]
    fn utf8_passes_through() {
        let bytes = b"\xEF\xBB\xBFa\xFF";
        let mut out = Vec::new();
        decoded(&bytes[..], Encoding::Utf8Bom).read_to_end(&mut out).unwrap();
        assert_eq!(out, bytes);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn any_bytes_in_any_pieces(
            bytes in prop::collection::vec(
                prop_oneof![any::<u8>(), Just(0), Just(b'a'), 0xD7u8..0xE1], 0..400,
            ),
            from in prop::collection::vec(1usize..90, 1..4),
            to in prop::collection::vec(1usize..90, 1..4),
        ) {
            for encoding in TURNED {
                let text = piecewise(&bytes, encoding, &from, &to);
                prop_assert_eq!(&text, &*encoding.decode(&bytes));
                prop_assert!(std::str::from_utf8(&text).is_ok());
            }
        }

        #[test]
        fn any_text_comes_back(
            text in "([a-z,\"\r\n]{0,40}[ä€\u{1F600}\0]?){0,8}",
            from in 1usize..200, to in 1usize..200,
        ) {
            for (encoding, unit) in [
                (Encoding::Utf16Le, u16::to_le_bytes as fn(u16) -> [u8; 2]),
                (Encoding::Utf16Be, u16::to_be_bytes),
            ] {
                let bytes: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
                let back = piecewise(&bytes, encoding, &[from], &[to]);
                prop_assert_eq!(&*back, text.as_bytes());
            }
        }
    }
}
