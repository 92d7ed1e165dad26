//! Records all of whose cells are quoted, as most exports write them, read 64 bytes at a time.
//!
//! A quick way for what is most of any large file, and nothing else: whatever it does not take
//! for such a record is left to [`super::scan`], which alone knows the rules.

use super::index::{ENTRY, entry};
use super::scan::{LF, QUOTE, Shape, line_feeds};
use memchr::memchr;

/// Bytes looked at together: one bit each of a word.
const BLOCK: usize = 64;

/// Puts the record at `at` into the index, where this way sees it: where the next one begins, and
/// the lines up to there.
#[inline]
pub(super) fn take_quoted(
    bytes: &[u8],
    at: usize,
    shape: Shape,
    index: &mut Vec<u32>,
) -> Option<(usize, u64)> {
    let Shape { delimiter, limit, width } = shape;
    let rest = bytes.get(at..)?;
    let window = rest.get(..=limit).unwrap_or(rest);
    if *window.first()? != QUOTE {
        return None;
    }
    let old = index.len();
    index.resize(old + ENTRY + width, 0);
    let (head, ends) = index[old..].split_at_mut(ENTRY);
    let Some(quoted) = scan_quoted(window, delimiter, ends) else {
        index.truncate(old);
        return None;
    };
    let record = window.get(..quoted.end).unwrap_or_default();
    // Mostly there is none to count.
    let feeds = if memchr(LF, record).is_some() { line_feeds(record) } else { 0 };
    let next = at + quoted.next;
    head.copy_from_slice(&entry(at, next, 1 + feeds, quoted.escaped));
    Some((next, 1 + feeds))
}

/// A record that this way took; its cells are in the caller's `ends`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Quoted {
    /// Offset of its line end, and of what follows that.
    end: usize,
    next: usize,
    /// A cell holds doubled quotes.
    escaped: bool,
}

/// The record that begins with the quote at the start of `bytes`: every cell quoted, nothing
/// between the quotes of two cells but the delimiter, behind the last one `\n` or `\r\n`, and as
/// many cells as `ends` has room for. `None` where it may be otherwise, or ends too near the end
/// of `bytes` to be read in blocks.
#[inline]
fn scan_quoted(bytes: &[u8], delimiter: u8, ends: &mut [u32]) -> Option<Quoted> {
    let mut ends = ends.iter_mut();
    let mut escaped = false;
    // Behind the opening quote of a cell, and the start of a block.
    let (mut from, mut start) = (1usize, 0);
    loop {
        // With the two bytes that may follow a quote in it.
        let around: &[u8; BLOCK + 2] = bytes.get(start..)?.first_chunk()?;
        let quotes = equal(around.first_chunk()?, QUOTE);
        let mut quotes = quotes & (!0 << from.saturating_sub(start));
        while quotes != 0 {
            let at = quotes.trailing_zeros() as usize;
            let (end, byte, after) = (start + at + 1, around[at + 1], around[at + 2]);
            if byte == delimiter && after == QUOTE {
                *ends.next()? = end as u32;
                from = end + 2;
            } else if byte == QUOTE {
                escaped = true;
                from = end + 1;
            } else if byte == LF || [byte, after] == *b"\r\n" {
                *ends.next()? = end as u32;
                let next = end + 1 + usize::from(byte != LF);
                return ends.next().is_none().then_some(Quoted { end, next, escaped });
            } else {
                return None;
            }
            // The closing quote, and the one behind it that opens again, if it is in this block.
            quotes &= quotes - 1;
            quotes &= quotes.wrapping_sub(1);
        }
        start += BLOCK;
    }
}

/// Which bytes of a block are `byte`, bit by bit. Compilers compare sixteen bytes at once here;
/// gathering the bits of eight is one multiplication.
#[inline]
fn equal(block: &[u8; BLOCK], byte: u8) -> u64 {
    // Of each byte another bit; their sum has no carries.
    const DIAGONAL: u64 = 0x8040_2010_0804_0201;
    const ONES: u64 = 0x0101_0101_0101_0101;
    let hits = block.map(|other| if other == byte { 0xFF } else { 0 });
    let eights = hits.as_chunks::<8>().0.iter().rev();
    eights.fold(0, |bits, eight| {
        bits << 8 | (u64::from_le_bytes(*eight) & DIAGONAL).wrapping_mul(ONES) >> 56
    })
}

#[cfg(test)]
mod tests {
    use super::super::scan::{Line, Resolved, scan_line, trim_cr};
    use super::*;
    use proptest::prelude::*;

    /// What the rules say of the record at the start of `bytes`, where it is a good one.
    fn plain(bytes: &[u8], width: usize) -> Option<(Quoted, Vec<u32>)> {
        let mut ends = Vec::new();
        let second = 1 + bytes.iter().position(|byte| *byte == LF)?;
        let line = trim_cr(&bytes[..second - 1]);
        match scan_line(line, b',', &mut ends) {
            Line::Closed { dangling: false, escaped } if ends.len() == width => {
                Some((Quoted { end: line.len(), next: second, escaped }, ends))
            }
            Line::Open => {
                let shape = Shape { delimiter: b',', width, limit: 10_000 };
                let resolved = shape.resolve(bytes, 0, second, true, &mut ends);
                let Resolved::Good { end, next } = resolved else { return None };
                Some((Quoted { end, next, escaped: true }, ends))
            }
            _ => None,
        }
    }

    fn quick(bytes: &[u8], width: usize) -> Option<(Quoted, Vec<u32>)> {
        let mut ends = vec![0; width];
        let quoted = scan_quoted(bytes, b',', &mut ends)?;
        Some((quoted, ends))
    }

    #[test]
    fn what_it_takes() {
        let behind = "\"\n".repeat(64);
        let takes = |record: &str, width| quick(format!("{record}{behind}").as_bytes(), width);
        let (quoted, ends) = takes("\"a\",\"\",\"b\"\"c\nd\"\r\n", 3).unwrap();
        assert_eq!(ends, [3, 6, 15]);
        assert_eq!(quoted, Quoted { end: 15, next: 17, escaped: true });
        assert!(takes("\"a\",\"b\"\n", 2).is_some_and(|(quoted, _)| !quoted.escaped));
        for other in ["\"a\",b\n", "a,\"b\"\n", "\"a\" ,\"b\"\n", "\"a\",\"b\"\r\r\n", "\"a\"\n"] {
            assert_eq!(takes(other, 2), None, "{other}");
        }
        assert_eq!(quick(b"\"a\",\"b\"\n", 2), None, "too near the end");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn bits_are_bytes(block in prop::array::uniform32("[ab]".prop_map(|t| t.as_bytes()[0])), byte: u8) {
            let mut whole = [byte; 64];
            whole[32..].copy_from_slice(&block);
            for wanted in [b'a', byte] {
                let bits = equal(&whole, wanted);
                prop_assert!((0..64).all(|n| (bits >> n & 1 == 1) == (whole[n] == wanted)));
            }
        }

        /// Whatever it takes is what the rules say; and it takes what is plainly written.
        #[test]
        fn the_quick_way_is_the_plain_way(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "\",\"", "\",\"", "\",\"", "\"\"", "\n", "\"", ",", "a", "\u{e9} some text, and more",
                    "\"\r\n\"", "\"\n\"", " ", "\r",
                ]),
                0..40,
            ),
            width in 1usize..5,
        ) {
            let text = format!("\"{}\"\n{}", pieces.concat(), "x".repeat(128));
            let (quick, plain) = (quick(text.as_bytes(), width), plain(text.as_bytes(), width));
            if let Some((quoted, ends)) = quick {
                let (expected, plain_ends) = plain.unwrap();
                prop_assert_eq!((quoted.end, quoted.next), (expected.end, expected.next));
                prop_assert_eq!(&ends, &plain_ends);
                let starts = std::iter::once(0).chain(ends.iter().map(|end| *end as usize + 1));
                let mut cells = starts.zip(&ends).map(|(start, end)| &text[start + 1..*end as usize - 1]);
                prop_assert_eq!(quoted.escaped, cells.any(|cell| cell.contains('"')));
            }
        }

        #[test]
        fn it_takes_what_is_written_plainly(
            cells in prop::collection::vec("[a\", \n\r\u{e9}]{0,50}", 1..6), end in "\r?\n",
        ) {
            let written: Vec<_> =
                cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            let text = written.join(",") + &end + &"x".repeat(128);
            let (quoted, ends) = quick(text.as_bytes(), cells.len()).unwrap();
            prop_assert_eq!(quoted.escaped, cells.concat().contains('"'));
            prop_assert_eq!(ends[cells.len() - 1] as usize, quoted.end);
            prop_assert_eq!(quoted.next, quoted.end + end.len());
        }
    }
}
