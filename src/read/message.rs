//! Message files: the header block, and the whole message where its body is needed.

use super::error::at_byte;
use memchr::{memchr, memchr_iter, memmem};
use std::io::{self, Read};

/// How much of a message file is read for its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadLimits {
    /// First read, bytes. Headers of Exchange Online messages are 6 to 14 KiB.
    pub first: usize,
    /// Further reads, bytes.
    pub step: usize,
    /// Give up here, bytes.
    pub cap: usize,
}

impl Default for HeadLimits {
    fn default() -> Self {
        Self { first: 16 << 10, step: 64 << 10, cap: 1 << 20 }
    }
}

/// The head of a message file; can be used again for the next file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderBlock {
    /// What was read: the header block and perhaps the begin of the body. A byte order mark and
    /// empty lines before the first header line are left out.
    pub bytes: Vec<u8>,
    /// Length of the header block, the blank line below it included.
    pub length: usize,
    /// No blank line came before the cap: the block goes on.
    pub truncated: bool,
    /// The whole file is in `bytes`.
    pub ended: bool,
}

impl HeaderBlock {
    /// The header block, the blank line included.
    pub fn header(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&self.bytes)
    }

    /// Bytes behind the header block that were read with it.
    pub fn surplus(&self) -> &[u8] {
        self.bytes.get(self.length..).unwrap_or_default()
    }

    /// Reads the head of the next file into this block.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read; the text names the byte.
    pub fn fill(&mut self, source: &mut impl Read, limits: HeadLimits) -> io::Result<()> {
        self.bytes.clear();
        let first = limits.first.clamp(1, limits.cap.max(1));
        self.ended = more(source, &mut self.bytes, first)? < first;
        self.complete(source, limits)
    }

    /// Goes on from `bytes`, which were read from the beginning of the same source; `ended` says
    /// whether they are all of it.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read; the text names the byte.
    pub fn complete(&mut self, source: &mut impl Read, limits: HeadLimits) -> io::Result<()> {
        self.truncated = false;
        self.drop_leading_blank();
        let mut searched = 0;
        loop {
            // A blank line may lie across two reads.
            if let Some(length) = blank_line(&self.bytes, searched) {
                self.length = length;
                return Ok(());
            }
            self.length = self.bytes.len();
            if self.ended {
                return Ok(());
            }
            if self.length >= limits.cap {
                self.truncated = true;
                return Ok(());
            }
            searched = self.length.saturating_sub(16);
            let wanted = limits.step.clamp(1, limits.cap - self.length);
            self.ended = more(source, &mut self.bytes, wanted)? < wanted;
            if searched == 0 {
                self.drop_leading_blank();
            }
        }
    }

    fn drop_leading_blank(&mut self) {
        let mark = 3 * usize::from(self.bytes.starts_with(b"\xEF\xBB\xBF"));
        let rest = self.bytes.iter().skip(mark);
        let blank = rest.take_while(|&&b| matches!(b, b'\r' | b'\n')).count();
        self.bytes.drain(..mark + blank);
    }
}

/// A message file, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Headers and body.
    pub bytes: Vec<u8>,
    /// The file is longer than the cap.
    pub truncated: bool,
}

/// Reads the header block of a message file: no more than the limits, and of an ordinary
/// message one read.
///
/// # Errors
///
/// Where the source cannot be read; the text names the byte.
pub fn read_head_block(source: &mut impl Read, limits: HeadLimits) -> io::Result<HeaderBlock> {
    let mut block = HeaderBlock::default();
    block.fill(source, limits)?;
    Ok(block)
}

/// Reads on behind a header block that came from the same source, up to `cap` bytes in all.
///
/// # Errors
///
/// Where the source cannot be read; the text names the byte.
pub fn read_message(block: HeaderBlock, source: &mut impl Read, cap: usize) -> io::Result<Message> {
    let mut bytes = block.bytes;
    let mut ended = block.ended;
    if !ended && bytes.len() <= cap {
        // One byte over the cap tells whether the message is longer.
        let wanted = cap - bytes.len() + 1;
        ended = more(source, &mut bytes, wanted)? < wanted;
    }
    let truncated = !ended || bytes.len() > cap;
    bytes.truncate(cap);
    Ok(Message { bytes, truncated })
}

/// Reads up to `wanted` bytes more and says how many came: fewer only at the end of the source.
/// Messages come by the ten thousand, so that every needless call of the system counts:
/// `read_to_end` probes with small reads where this asks once.
///
/// # Errors
///
/// Where the source cannot be read; the text names the byte.
pub fn more(source: &mut impl Read, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<usize> {
    /// Grown by so much at once: what was asked for may be far more than there is.
    const STEP: usize = 256 << 10;
    let start = bytes.len();
    let mut end = start;
    let result = loop {
        let left = start + wanted - end;
        if left == 0 {
            break Ok(wanted);
        }
        if bytes.len() == end {
            bytes.resize(end + left.min(STEP), 0);
        }
        let Some(free) = bytes.get_mut(end..) else { break Ok(end - start) };
        match source.read(free) {
            Ok(0) => break Ok(end - start),
            Ok(n) => end += n.min(left),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(at_byte(&error, end as u64)),
        }
    };
    bytes.truncate(end);
    result
}

/// Offset behind the first blank line that ends at or after `from`: LF LF, CR LF CR LF (CR CR LF
/// as well, which text-mode copies make), or CR CR in a file without any LF.
fn blank_line(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    for feed in memchr_iter(b'\n', rest) {
        let behind = rest.get(feed + 1..)?;
        let returns = behind.iter().take(2).take_while(|&&b| b == b'\r').count();
        if behind.get(returns) == Some(&b'\n') {
            return Some(from + feed + 1 + returns + 1);
        }
    }
    if memchr(b'\n', bytes).is_none() {
        return memmem::find(rest, b"\r\r").map(|at| from + at + 2);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits(first: usize, step: usize, cap: usize) -> HeadLimits {
        HeadLimits { first, step, cap }
    }

    #[test]
    fn line_ends() {
        for (text, head) in [
            ("A: b\n\nbody\n\nmore", "A: b\n\n"),
            ("A: b\r\n\r\nbody", "A: b\r\n\r\n"),
            ("A: b\r\r\n\r\r\nbody", "A: b\r\r\n\r\r\n"),
            ("A: b\rC: d\r\rbody", "A: b\rC: d\r\r"),
            ("\u{feff}\r\nA: b\n\nbody", "A: b\n\n"),
            ("A: b\n c\n", "A: b\n c\n"),
            ("", ""),
        ] {
            let block = read_head_block(&mut text.as_bytes(), HeadLimits::default()).unwrap();
            assert_eq!(block.header(), head.as_bytes(), "{text:?}");
            assert!(block.ended && !block.truncated);
        }
    }

    #[test]
    fn long_headers() {
        let text = "X: y\r\n".repeat(10_000) + "\r\nbody";
        let block = read_head_block(&mut text.as_bytes(), HeadLimits::default()).unwrap();
        assert_eq!(block.length, 60_002);
        let text = vec![b'x'; 3 << 20];
        let block = read_head_block(&mut text.as_slice(), HeadLimits::default()).unwrap();
        assert!(block.truncated);
        assert_eq!(block.length, 1 << 20);
    }

    #[test]
    fn whole_messages() {
        let text = format!("A: b\n\n{}", "line\n".repeat(9_000));
        for (cap, truncated) in [(10, true), (text.len() - 1, true), (text.len(), false)] {
            let mut source = text.as_bytes();
            let block = read_head_block(&mut source, HeadLimits::default()).unwrap();
            let message = read_message(block, &mut source, cap).unwrap();
            assert_eq!(message.truncated, truncated);
            assert_eq!(message.bytes, text.as_bytes()[..cap]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn steps_do_not_matter(
            text in "(\r?\n){0,2}([ab]|\r?\n){0,40}", first in 1usize..9, step in 1usize..9,
        ) {
            let whole = read_head_block(&mut text.as_bytes(), HeadLimits::default()).unwrap();
            let parts = read_head_block(&mut text.as_bytes(), limits(first, step, 1 << 20)).unwrap();
            prop_assert_eq!(whole.header(), parts.header());
            prop_assert!(text.trim_start_matches(['\r', '\n']).as_bytes().starts_with(whole.header()));
        }
    }
}
