//! The header line: preamble, delimiter, normalised names.

use super::json;
use memchr::memchr;

/// What the rules look at.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The head without its byte order mark.
    pub(super) text: &'a [u8],
    /// The first line as a header line; `None` where there is no whole first line.
    pub(super) header: Option<Header>,
    /// The names are those of JSON records.
    pub(super) json: bool,
}

/// The header line of a delimited file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Names, normalised.
    pub(super) names: Vec<String>,
    /// Names as written, without quotes.
    pub(super) written: Vec<String>,
    pub(super) delimiter: u8,
    /// Bytes before the first data record, the byte order mark not counted.
    pub(super) data_start: u64,
    /// Physical lines before the first data record.
    pub(super) data_line: u64,
}

impl<'a> View<'a> {
    pub(super) fn of(text: &'a [u8], whole: bool) -> Self {
        let names = match text.trim_ascii_start() {
            [b'{' | b'[', ..] => json::names(text),
            _ => Vec::new(),
        };
        if names.is_empty() {
            return Self { text, header: Header::of(text, whole), json: false };
        }
        Self { text, header: Some(Header::of_json(names)), json: true }
    }

    /// The names as written, for messages.
    pub(super) fn columns_seen(&self) -> Vec<String> {
        let written = self.header.as_ref().map(|header| header.written.clone());
        written.unwrap_or_default()
    }
}

impl Header {
    /// Names of JSON records: there are no delimiters, and no header line.
    fn of_json(written: Vec<String>) -> Self {
        let names = written.iter().map(|name| normalise(name.as_bytes())).collect();
        Self { names, written, delimiter: b',', data_start: 0, data_line: 0 }
    }

    fn of(text: &[u8], whole: bool) -> Option<Self> {
        let (mut at, mut lines) = (0, 0);
        let mut delimiter = None;
        // Old Mac line ends: carriage returns, and not one line feed in all of the head.
        let end = if memchr(b'\n', text).is_none() { b'\r' } else { b'\n' };
        loop {
            let rest = text.get(at..)?;
            let feed = memchr(end, rest);
            let line = match feed {
                Some(length) => rest.get(..length)?,
                None if whole && !rest.is_empty() => rest,
                None => return None,
            };
            at += line.len() + usize::from(feed.is_some());
            lines += 1;
            let line = trim_cr(line);
            let bare = line.strip_prefix(b"\"").unwrap_or(line);
            if line.trim_ascii().is_empty() || bare.starts_with(b"#TYPE ") || is_log_head(line) {
                continue;
            }
            // An Exchange Server log names its fields behind a mark.
            let line = line.strip_prefix(b"#Fields:").map_or(line, <[u8]>::trim_ascii_start);
            if let Some(named) = separator(line) {
                delimiter = Some(named);
                continue;
            }
            // Beside line feeds, carriage returns alone end no line.
            if line.contains(&b'\r') {
                return None;
            }
            let delimiter = delimiter.unwrap_or_else(|| commonest_delimiter(line));
            let written = cells(line, delimiter)?;
            return Some(Self {
                names: written.iter().map(|name| normalise(name.as_bytes())).collect(),
                written,
                delimiter,
                data_start: at as u64,
                data_line: lines,
            });
        }
    }
}

/// Lines above the field names of an Exchange Server log.
fn is_log_head(line: &[u8]) -> bool {
    const NAMES: [&[u8]; 4] = [b"#software:", b"#version:", b"#log-type:", b"#date:"];
    let begins = |name: &[u8]| line.get(..name.len()).is_some_and(|l| l.eq_ignore_ascii_case(name));
    NAMES.iter().any(|name| begins(name))
}

fn trim_cr(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let [head @ .., b'\r'] = line {
        line = head;
    }
    line
}

/// Excel's `sep=;` line, quoted or not.
fn separator(line: &[u8]) -> Option<u8> {
    let line = match line {
        [b'"', inner @ .., b'"'] => inner,
        _ => line,
    };
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter]
            if delimiter.is_ascii_punctuation() && *delimiter != b'"' || *delimiter == b'\t' =>
        {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// The delimiter that stands most often outside quotes; the comma where none does.
fn commonest_delimiter(line: &[u8]) -> u8 {
    const CANDIDATES: [u8; 3] = [b',', b';', b'\t'];
    let mut counts = CANDIDATES.map(|_| 0_usize);
    let mut quoted = false;
    for &byte in line {
        quoted ^= byte == b'"';
        for (count, candidate) in counts.iter_mut().zip(CANDIDATES) {
            *count += usize::from(byte == candidate && !quoted);
        }
    }
    // Of equal counts the earlier candidate wins.
    let ranked = counts.iter().zip(CANDIDATES).rev();
    let best = ranked.max_by_key(|(count, _)| **count);
    best.map_or(b',', |(_, candidate)| candidate)
}

/// The cells of the header line without their quotes; `None` where a quote stays open, so that
/// the line does not end here.
fn cells(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut quoted = false;
    for &byte in line {
        match byte {
            b'"' => quoted = !quoted,
            _ if byte == delimiter && !quoted => {
                cells.push(shown(&cell));
                cell.clear();
            }
            _ => cell.push(byte),
        }
    }
    cells.push(shown(&cell));
    (!quoted).then_some(cells)
}

fn shown(cell: &[u8]) -> String {
    String::from_utf8_lossy(cell).trim().to_owned()
}

/// A column name for comparison: no byte order mark, quotes, white space, `-`, `_`; lower case.
pub(super) fn normalise(name: &[u8]) -> String {
    String::from_utf8_lossy(name)
        .chars()
        .filter(|c| !matches!(c, '\u{feff}' | '"' | '\'' | '-' | '_') && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn preambles() {
        let text = b"\r\n#TYPE A.B\r\nsep=;\r\n\"A b\";\"C-d,x\";e_F\r\n1;2;3\r\n";
        let header = Header::of(text, true).unwrap();
        assert_eq!(header.names, ["ab", "cd,x", "ef"]);
        assert_eq!((header.delimiter, header.data_line), (b';', 4));
        assert!(text[header.data_start as usize..].starts_with(b"1;2"));
    }

    #[test]
    fn old_mac_line_ends() {
        let header = Header::of(b"sep=;\ra;b\r1;2\r", true).unwrap();
        assert_eq!((header.data_start, header.data_line, header.delimiter), (10, 2, b';'));
        assert_eq!(Header::of(b"a,b\r1,2", false).map(|header| header.data_start), Some(4));
    }

    #[test]
    fn no_header() {
        assert_eq!(Header::of(b"a,b", false), None);
        assert_eq!(Header::of(b"a,\"b\n", true), None);
        assert_eq!(Header::of(b"a,b\rc,d\n", true), None);
        assert_eq!(Header::of(b"\n\n", true), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..80), whole: bool) {
            let view = View::of(&bytes, whole);
            if let Some(header) = view.header {
                prop_assert!(header.data_start as usize <= bytes.len());
            }
        }
    }
}
