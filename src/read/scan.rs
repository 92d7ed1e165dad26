//! Quote rules, once: the same functions cut chunks and split records, so that they cannot
//! disagree.

use crate::model::RejectReason;
use memchr::{memchr, memchr_iter, memchr2, memrchr};

pub(super) const QUOTE: u8 = b'"';
pub(super) const LF: u8 = b'\n';

/// How one physical line looks when a record begins at its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The record ends with the line.
    Closed {
        /// An unquoted cell ends with a quote although other cells are quoted.
        dangling: bool,
        /// A quoted cell holds doubled quotes.
        escaped: bool,
    },
    /// Something else than a delimiter follows a closing quote.
    Torn,
    /// A quoted cell is still open at the line end.
    Open,
}

/// The line without the carriage returns before its line feed.
pub(super) fn trim_cr(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let [head @ .., b'\r'] = line {
        line = head;
    }
    line
}

/// Line feeds in `bytes`.
pub(super) fn line_feeds(bytes: &[u8]) -> u64 {
    memchr_iter(LF, bytes).count() as u64
}

/// Offset of the first quote. Most cells are short: looking at eight bytes at a time is done before
/// a search that is made for long texts has begun.
#[inline]
fn find_quote(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const NEAR: usize = 48;
    let near = bytes.get(..NEAR).unwrap_or(bytes);
    for (at, word) in near.as_chunks::<8>().0.iter().enumerate() {
        let differs = u64::from_le_bytes(*word) ^ (ONES * u64::from(QUOTE));
        // The lowest high bit is that of the first byte that does not differ.
        let found = differs.wrapping_sub(ONES) & !differs & (0x80 * ONES);
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let after = near.len() & !7;
    memchr(QUOTE, bytes.get(after..)?).map(|at| after + at)
}

/// Offset of the closing quote of a cell whose opening quote stands before `from`; `doubled` is set
/// where doubled quotes stand between.
#[inline]
fn closing_quote(bytes: &[u8], mut from: usize, doubled: &mut bool) -> Option<usize> {
    loop {
        let close = from + find_quote(bytes.get(from..)?)?;
        if bytes.get(close + 1) != Some(&QUOTE) {
            return Some(close);
        }
        *doubled = true;
        from = close + 2;
    }
}

/// Offset of the first byte at or after `from` that is no blank.
#[inline]
fn skip_blanks(bytes: &[u8], mut from: usize) -> usize {
    while bytes.get(from) == Some(&b' ') {
        from += 1;
    }
    from
}

/// Splits one line (without line end) into cells; `ends` gets the end offset of each.
#[inline]
pub(super) fn scan_line(line: &[u8], delimiter: u8, ends: &mut Vec<u32>) -> Line {
    ends.clear();
    let (mut quoted, mut tail, mut escaped) = (false, false, false);
    let mut at = 0;
    loop {
        if line.get(at) == Some(&QUOTE) {
            quoted = true;
            let Some(close) = closing_quote(line, at + 1, &mut escaped) else {
                return Line::Open;
            };
            let mut end = close + 1;
            if line.get(end) == Some(&b' ') {
                end = skip_blanks(line, end);
            }
            match line.get(end) {
                Some(&byte) if byte == delimiter => {
                    ends.push(end as u32);
                    at = end + 1;
                }
                None => {
                    ends.push(end as u32);
                    break;
                }
                Some(_) => return Line::Torn,
            }
        } else {
            let rest = line.get(at..).unwrap_or_default();
            let length = memchr(delimiter, rest);
            let end = length.map_or(line.len(), |n| at + n);
            tail |= end > at && line.get(end - 1) == Some(&QUOTE);
            ends.push(end as u32);
            if length.is_none() {
                break;
            }
            at = end + 1;
        }
    }
    Line::Closed { dangling: quoted && tail, escaped }
}

/// How a record looks that runs over several lines.
enum Record {
    /// Ends before `end`; the next record begins at `next`.
    Whole { end: usize, next: usize, dangling: bool },
    /// A closing quote at this offset is followed by something else than a delimiter.
    Torn(usize),
    /// The bytes end before the record does.
    Open,
}

/// Splits the record at the start of `bytes`, line feeds in quoted cells included. `complete`:
/// nothing follows `bytes`.
fn scan_record(bytes: &[u8], delimiter: u8, complete: bool, ends: &mut Vec<u32>) -> Record {
    ends.clear();
    let (mut quoted, mut tail) = (false, false);
    let mut at = 0;
    loop {
        // `end`: of the cell; `stop`: its delimiter, its line feed, or the end of the bytes.
        let (end, stop) = if bytes.get(at) == Some(&QUOTE) {
            quoted = true;
            let Some(close) = closing_quote(bytes, at + 1, &mut false) else {
                return Record::Open;
            };
            let end = skip_blanks(bytes, close + 1);
            let mut stop = end;
            while bytes.get(stop) == Some(&b'\r') {
                stop += 1;
            }
            let fits = match bytes.get(stop) {
                Some(&LF) | None => true,
                Some(&byte) => byte == delimiter && stop == end,
            };
            if !fits {
                return Record::Torn(close);
            }
            (end, stop)
        } else {
            let rest = bytes.get(at..).unwrap_or_default();
            let stop = memchr2(delimiter, LF, rest).map_or(bytes.len(), |n| at + n);
            let cell = bytes.get(at..stop).unwrap_or_default();
            let cell = match bytes.get(stop) {
                Some(&byte) if byte == delimiter => cell,
                _ => trim_cr(cell),
            };
            tail |= cell.last() == Some(&QUOTE);
            (at + cell.len(), stop)
        };
        ends.push(end as u32);
        match bytes.get(stop) {
            Some(&byte) if byte == delimiter => at = stop + 1,
            None if !complete => return Record::Open,
            found => {
                return Record::Whole {
                    end,
                    next: stop + usize::from(found.is_some()),
                    dangling: quoted && tail,
                };
            }
        }
    }
}

/// The form of a file as far as splitting needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) delimiter: u8,
    pub(super) width: usize,
    pub(super) limit: usize,
}

/// What became of a record whose first line leaves a quote open. All offsets are into the
/// caller's bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// A good record; its cells are in `ends`.
    Good { end: usize, next: usize },
    /// A reject.
    Bad {
        reason: RejectReason,
        /// Where reading goes on: the start of a line.
        next: usize,
        /// Lines that begin before this and leave a quote open are torn (rules 4 and 5).
        doomed: usize,
        /// End of the bytes that the decision rests on.
        examined: usize,
    },
    /// More bytes are needed to tell.
    More,
}

impl Shape {
    /// Decides about the record at `at`, whose first line ends before `second` with a quote
    /// open. `complete`: nothing follows `bytes`.
    pub(super) fn resolve(
        self,
        bytes: &[u8],
        at: usize,
        second: usize,
        complete: bool,
        ends: &mut Vec<u32>,
    ) -> Resolved {
        let stop = bytes.len().min(at.saturating_add(self.limit + 1));
        let window = bytes.get(at..stop).unwrap_or_default();
        let torn = |doomed: usize, examined: usize| Resolved::Bad {
            reason: RejectReason::TornQuote,
            next: second,
            doomed,
            examined,
        };
        // A record that fills the window is over the limit whether or not bytes follow.
        let complete = complete && window.len() <= self.limit;
        match scan_record(window, self.delimiter, complete, ends) {
            Record::Torn(close) => {
                let line = last_line_start(window.get(..close).unwrap_or_default());
                // Up to two bytes behind the quote were looked at, and any number of blanks;
                // the whole line is a safe bound.
                let rest = window.get(close..).unwrap_or_default();
                let seen = memchr(LF, rest).map_or(window.len(), |n| close + n + 1);
                torn(at + line, at + seen)
            }
            Record::Open if window.len() > self.limit => torn(at + last_line_start(window), stop),
            Record::Open if complete => torn(stop, stop),
            Record::Open => Resolved::More,
            Record::Whole { end, next, dangling } => {
                if ends.len() == self.width && !dangling {
                    return Resolved::Good { end: at + end, next: at + next };
                }
                let reason = self.reason(ends.len(), dangling);
                let whole = window.get(..next).unwrap_or_default();
                let resume = self.first_whole_line(whole, second - at, ends);
                Resolved::Bad { reason, next: at + resume, doomed: at + next, examined: at + next }
            }
        }
    }

    /// Why a closed record is refused.
    pub(super) fn reason(self, seen: usize, dangling: bool) -> RejectReason {
        if dangling {
            RejectReason::TornQuote
        } else {
            RejectReason::FieldCount { seen: seen as u32, expected: self.width as u32 }
        }
    }

    /// First line at or after `from` that is a whole record by itself; the end if none is.
    fn first_whole_line(self, bytes: &[u8], mut from: usize, ends: &mut Vec<u32>) -> usize {
        while from < bytes.len() {
            let rest = bytes.get(from..).unwrap_or_default();
            let length = memchr(LF, rest).unwrap_or(rest.len());
            let line = trim_cr(rest.get(..length).unwrap_or_default());
            let state = scan_line(line, self.delimiter, ends);
            if ends.len() == self.width && matches!(state, Line::Closed { dangling: false, .. }) {
                return from;
            }
            from += length + 1;
        }
        bytes.len()
    }
}

/// Offset behind the last line feed.
fn last_line_start(bytes: &[u8]) -> usize {
    memrchr(LF, bytes).map_or(0, |n| n + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(line: &str) -> Result<Vec<&str>, Line> {
        let mut ends = Vec::new();
        let state = scan_line(line.as_bytes(), b',', &mut ends);
        if !matches!(state, Line::Closed { dangling: false, .. }) {
            return Err(state);
        }
        let mut start = 0;
        Ok(ends
            .iter()
            .map(|&end| {
                let cell = &line[start..end as usize];
                start = end as usize + 1;
                cell
            })
            .collect())
    }

    #[test]
    fn quote_rules() {
        assert_eq!(cells("a,b,"), Ok(vec!["a", "b", ""]));
        assert_eq!(cells(""), Ok(vec![""]));
        assert_eq!(cells(r#""a,b","""","#), Ok(vec![r#""a,b""#, r#""""""#, ""]));
        assert_eq!(cells(r#"5" disk,x"y"z"#), Ok(vec![r#"5" disk"#, r#"x"y"z"#]));
        assert_eq!(cells(r#"5",x"#), Ok(vec![r#"5""#, "x"]));
        assert_eq!(cells(r#""a"  ,b"#), Ok(vec![r#""a"  "#, "b"]));
        assert_eq!(cells(r#""a","b,"c""#), Err(Line::Torn));
        assert_eq!(cells(r#""a","b,c"#), Err(Line::Open));
        assert_eq!(cells(r#"a","b""#), Err(Line::Closed { dangling: true, escaped: false }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn quotes_are_found(text in "[a\"\u{a2}!#]{0,70}") {
            prop_assert_eq!(find_quote(text.as_bytes()), memchr(QUOTE, text.as_bytes()));
        }

        #[test]
        fn both_scanners_agree(line in "[a\", \r]{0,24}") {
            let mut ends = Vec::new();
            // One line as a record of its own is the same record.
            let trimmed = trim_cr(line.as_bytes());
            let state = scan_line(trimmed, b',', &mut ends);
            let mut again = Vec::new();
            let record = scan_record(line.as_bytes(), b',', true, &mut again);
            match (state, record) {
                (Line::Closed { dangling, .. }, Record::Whole { dangling: other, end, .. }) => {
                    prop_assert_eq!(dangling, other);
                    prop_assert_eq!(end, trimmed.len());
                    prop_assert_eq!(ends, again);
                }
                (Line::Torn, Record::Torn(_)) | (Line::Open, Record::Open) => {}
                (state, _) => prop_assert!(false, "{:?}", state),
            }
        }
    }
}
