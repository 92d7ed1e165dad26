//! The messages of an mbox.
//!
//! Flavours in the wild differ in how a line `From ` inside a body is told from a separator: it is
//! escaped as `>From ` (mboxo, mboxrd), or the length of the body is stated (mboxcl2), or it is
//! left to luck. A separator here is a line `From ` that bears a date (or is Mozilla's `From - `),
//! or stands below a blank line, with a header line below it. A stated length is believed where a
//! separator, or the end, stands at its end. Sources: RFC 4155, mbox(5) of qmail and Mutt.

use memchr::{memchr, memchr_iter, memmem};
use std::io::{self, Read};

/// Bytes read at once.
const BLOCK: usize = 256 << 10;
/// A stated length beyond this is not looked up.
const STATED: usize = 16 << 20;
/// Longest separator line, with the header line below it.
const LINES: usize = 8 << 10;

/// One message of an mbox.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The message from its first header line on, as much as the limit allows.
    pub bytes: &'a [u8],
    /// Its length in the file, separator line excluded.
    pub length: u64,
    /// What stands behind `From ` on the separator line.
    pub envelope: &'a [u8],
    /// Physical line of the separator, counted from 1.
    pub line: u64,
    /// Offset of the separator in the file.
    pub byte: u64,
}

/// Reads messages one after another, in memory that does not depend on the size of the file.
#[derive(Debug)]
pub struct Mbox<R> {
    source: R,
    buffer: Vec<u8>,
    ended: bool,
    /// Lines end with a carriage return alone (old Mac): each is read as a line feed.
    returns: Option<bool>,
    /// Bytes of a message that are kept.
    cap: usize,
    /// Of the buffer's first byte.
    line: u64,
    byte: u64,
    /// Length of the piece that was handed out last, to be dropped.
    spent: usize,
}

impl<R: Read> Mbox<R> {
    /// Keeps `cap` bytes of each message.
    pub fn new(source: R, cap: usize) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            ended: false,
            returns: None,
            cap: cap.max(1),
            line: 1,
            byte: 0,
            spent: 0,
        }
    }

    /// The next message.
    ///
    /// # Errors
    /// Where the source cannot be read.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        self.drop_front(self.spent);
        self.spent = 0;
        if self.byte == 0 {
            self.ensure(3)?;
            if self.buffer.starts_with(b"\xEF\xBB\xBF") {
                self.drop_front(3);
            }
        }
        // Blank lines before a separator belong to nothing.
        loop {
            self.ensure(1)?;
            let blank = self.buffer.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            if blank == 0 {
                break;
            }
            self.drop_front(blank);
        }
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let (line, byte) = (self.line, self.byte);
        self.ensure(LINES)?;
        let start = if self.buffer.starts_with(b"From ") {
            memchr(b'\n', &self.buffer).map_or(self.buffer.len(), |feed| feed + 1)
        } else {
            0
        };
        let (end, dropped) = self.end_of(start)?;
        self.spent = end;
        let kept = end.min(start + self.cap).max(start);
        let envelope = self.buffer.get(..start).unwrap_or_default();
        let envelope = envelope.strip_prefix(b"From ").unwrap_or(envelope).trim_ascii();
        Ok(Some(Piece {
            bytes: self.buffer.get(start..kept).unwrap_or_default(),
            length: (end - start) as u64 + dropped,
            envelope,
            line,
            byte,
        }))
    }

    /// Where the message whose headers begin at `start` ends in the buffer, and how many of its
    /// bytes were dropped from it.
    fn end_of(&mut self, start: usize) -> io::Result<(usize, u64)> {
        if let Some(end) = self.stated_end(start)? {
            return Ok((end, 0));
        }
        let (mut at, mut dropped) = (start, 0_u64);
        loop {
            let rest = self.buffer.get(at..).unwrap_or_default();
            let Some(found) = memmem::find(rest, b"\nFrom ") else {
                if self.ended {
                    return Ok((self.buffer.len(), dropped));
                }
                at = self.buffer.len().saturating_sub(6).max(start);
                // What is beyond the limit is counted and let go.
                let most = start + self.cap;
                if at > most + BLOCK {
                    let gone = self.buffer.drain(most..at);
                    self.line += memchr_iter(b'\n', gone.as_slice()).count() as u64;
                    dropped += gone.len() as u64;
                    drop(gone);
                    self.byte += (at - most) as u64;
                    at = most;
                }
                self.fill()?;
                continue;
            };
            let separator = at + found + 1;
            self.ensure(separator + LINES)?;
            if self.is_separator(separator) {
                return Ok((separator, dropped));
            }
            at = separator;
        }
    }

    /// The end that Content-Length states, where it is true.
    fn stated_end(&mut self, start: usize) -> io::Result<Option<usize>> {
        self.ensure(start + (64 << 10))?;
        let head = self.buffer.get(start..).unwrap_or_default();
        let blank = [&b"\n\n"[..], b"\n\r\n"].map(|b| memmem::find(head, b).map(|at| at + b.len()));
        let Some(body) = blank.into_iter().flatten().min() else { return Ok(None) };
        let Some(length) = content_length(&head[..body]) else { return Ok(None) };
        let end = start + body + length;
        self.ensure(end + LINES)?;
        if end > self.buffer.len() {
            return Ok(None);
        }
        let rest = &self.buffer[end..];
        let blank = rest.iter().take(4).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let next = end + blank;
        let over = next == self.buffer.len() && self.ended;
        Ok((over || self.is_separator(next)).then_some(next))
    }

    /// A separator line at `at`, with a header line (or a further escape) below it.
    fn is_separator(&self, at: usize) -> bool {
        let Some(rest) = self.buffer.get(at..).filter(|rest| rest.starts_with(b"From ")) else {
            return false;
        };
        let Some(feed) = memchr(b'\n', rest) else { return false };
        let (line, below) = (&rest[..feed], &rest[feed + 1..]);
        let before = self.buffer.get(..at).unwrap_or_default();
        let free = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n") || at == 0;
        let dated = is_dated(line);
        (dated || free) && is_header(below)
    }

    fn drop_front(&mut self, bytes: usize) {
        let gone = self.buffer.drain(..bytes.min(self.buffer.len()));
        self.line += memchr_iter(b'\n', gone.as_slice()).count() as u64;
        self.byte += gone.len() as u64;
    }

    /// Reads until so many bytes are there, or the source is at its end.
    fn ensure(&mut self, bytes: usize) -> io::Result<()> {
        while self.buffer.len() < bytes && !self.ended {
            self.fill()?;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        let got = (&mut self.source).take(BLOCK as u64).read_to_end(&mut self.buffer)?;
        self.ended = got < BLOCK;
        let new = self.buffer.len() - got;
        let new = self.buffer.get_mut(new..).unwrap_or_default();
        let returns = *self.returns.get_or_insert_with(|| memchr(b'\n', new).is_none());
        if returns {
            new.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        Ok(())
    }
}

/// The length that a header block states.
fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|b| *b == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    let number = std::str::from_utf8(&line[NAME.len()..]).ok()?.trim();
    number.parse().ok().filter(|length| *length <= STATED)
}

/// A separator line bears the time of delivery (`Mon Nov  3 10:00:00 2025`), or is Mozilla's.
fn is_dated(line: &[u8]) -> bool {
    let text = line.get(5..).unwrap_or_default().trim_ascii();
    if text == b"-" || text.starts_with(b"- ") {
        return true;
    }
    let digits = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let clock = memchr_iter(b':', text)
        .any(|at| at >= 2 && digits(at - 1) && digits(at + 1) && digits(at + 2));
    let year = text.windows(4).any(|w| {
        (w.starts_with(b"19") || w.starts_with(b"20")) && w.iter().all(u8::is_ascii_digit)
    });
    clock && year
}

/// A header line, an escaped separator or an empty line.
fn is_header(bytes: &[u8]) -> bool {
    let line = bytes.get(..memchr(b'\n', bytes).unwrap_or(bytes.len())).unwrap_or_default();
    if line.starts_with(b">From ") {
        return true;
    }
    let Some(colon) = memchr(b':', line) else { return false };
    let name = line[..colon].trim_ascii_end();
    !name.is_empty() && name.len() <= 76 && name.iter().all(u8::is_ascii_graphic)
}

/// Takes one `>` off lines that an mbox writer escaped (`>From `, `>>From `), as mboxrd does.
pub fn unescaped(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|b| *b == b'\n') {
        let marks = line.iter().take_while(|b| **b == b'>').count();
        let escaped = marks > 0 && line[marks..].starts_with(b"From ");
        out.extend_from_slice(&line[usize::from(escaped)..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str, cap: usize) -> Vec<(String, u64, u64, String)> {
        let mut mbox = Mbox::new(text.as_bytes(), cap);
        let mut out = Vec::new();
        while let Some(piece) = mbox.next_piece().unwrap() {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            out.push((text(piece.bytes), piece.length, piece.line, text(piece.envelope)));
        }
        out
    }

    const FIRST: &str = "From a@b.example Mon Nov  3 10:00:00 2025\n";

    #[test]
    fn flavours() {
        let one = "Subject: 1\n\nbody\n>From me\n\n";
        let two = "Subject: 2\n\nFrom here on\n";
        let got = split(&format!("\u{feff}{FIRST}{one}From - \n{two}"), 1000);
        assert_eq!(got.len(), 2);
        assert_eq!(
            (got[0].0.as_str(), got[0].2, got[0].3.as_str()),
            (one, 1, "a@b.example Mon Nov  3 10:00:00 2025")
        );
        assert_eq!((got[1].0.as_str(), got[1].2), (two, 7));
        let old_mac = format!("{FIRST}{one}{FIRST}{two}").replace('\n', "\r");
        assert_eq!(split(&old_mac, 1000).len(), 2);
        // Glued: no blank line between, no line end at the end.
        assert_eq!(split(&format!("{FIRST}Subject: 1\n\nx\n{FIRST}Subject: 2\n\ny"), 99).len(), 2);
        // A stated length covers what looks like a separator.
        let false_one = format!("{FIRST}Subject: inner\n");
        let text = format!(
            "{FIRST}Content-Length: {}\n\n{false_one}\n{FIRST}Subject: 2\n\n",
            false_one.len()
        );
        assert_eq!(split(&text, 1000).len(), 2);
        let lie = text.replace("Content-Length: ", "Content-Length: 9");
        assert_eq!(split(&lie, 1000).len(), 3);
    }

    #[test]
    fn long_messages_are_cut_and_counted() {
        let body = "line of text\n".repeat(100_000);
        let got = split(&format!("{FIRST}Subject: 1\n\n{body}\n{FIRST}Subject: 2\n\n"), 1000);
        assert_eq!((got[0].0.len(), got[0].1), (1000, 12 + body.len() as u64 + 1));
        assert_eq!((got[1].0.as_str(), got[1].2), ("Subject: 2\n\n", 100_005));
        assert_eq!(unescaped(b">From a\n>>From b\n> c\n"), b"From a\n>From b\n> c\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn every_message_comes_out(bodies in prop::collection::vec("([a-z ]{0,20}\n|>From x\n|From\n){0,8}", 1..8)) {
            let texts: Vec<String> =
                bodies.iter().map(|b| format!("{FIRST}Subject: x\n\n{b}\n")).collect();
            let text = texts.concat();
            let got = split(&text, 1 << 20);
            prop_assert_eq!(got.len(), bodies.len());
            let total: u64 = got.iter().map(|piece| piece.1).sum();
            prop_assert!(total as usize <= text.len());
        }

        #[test]
        fn never_panics(text in "(From |\n|\r\n|a: b|Content-Length: [0-9]{1,3}|:|2025 10:00){0,40}", cap in 1usize..50) {
            split(&text, cap);
        }
    }
}
