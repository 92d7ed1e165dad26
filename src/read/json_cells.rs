//! The cells of a row that a JSON record becomes.

use crate::detect::json::{self, End, Member};
use memchr::memchr;

/// The columns of a row, and the values of one record.
#[derive(Debug)]
pub(super) struct Columns {
    keys: Vec<Vec<u8>>,
    /// Where each value stands in `texts`; `None` where the record has none.
    cells: Vec<Option<(usize, usize)>>,
    texts: Vec<u8>,
    /// Column after the one that was found last: records mostly keep their order.
    hint: usize,
}

impl Columns {
    pub(super) fn new(keys: &[String]) -> Self {
        Self {
            keys: keys.iter().map(|key| key.as_bytes().to_vec()).collect(),
            cells: vec![None; keys.len()],
            texts: Vec::new(),
            hint: 0,
        }
    }

    fn find(&mut self, name: &[u8]) -> Option<usize> {
        let is = |key: &Vec<u8>| key.eq_ignore_ascii_case(name);
        let at = match self.keys.get(self.hint) {
            Some(key) if is(key) => self.hint,
            _ => self.keys.iter().position(is)?,
        };
        self.hint = at + 1;
        Some(at)
    }

    /// Takes the values of a record; false where it is no valid JSON.
    pub(super) fn read(&mut self, record: &[u8]) -> bool {
        self.texts.clear();
        self.cells.fill(None);
        self.hint = 0;
        self.object(record, 1, true).is_some()
    }

    fn object(&mut self, bytes: &[u8], mut at: usize, outer: bool) -> Option<usize> {
        loop {
            match json::member(bytes, at) {
                Member::Name(name, start) => {
                    if outer && name == json::FIELDS && bytes.get(start) == Some(&b'{') {
                        at = self.object(bytes, start + 1, false)?;
                        continue;
                    }
                    let End::At(end) = json::value(bytes, start) else { return None };
                    if let Some(column) = self.find(name) {
                        let from = self.texts.len();
                        if text(&bytes[start..end], &mut self.texts)? {
                            self.cells[column] = Some((from, self.texts.len()));
                        }
                    }
                    at = end;
                }
                Member::Close(end) => return Some(end),
                Member::More | Member::Bad(_) => return None,
            }
        }
    }

    /// The row, every value quoted, without its line end.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for (column, cell) in self.cells.iter().enumerate() {
            if column > 0 {
                out.push(b',');
            }
            let Some((from, to)) = *cell else { continue };
            out.push(b'"');
            let mut last = 0;
            for &byte in &self.texts[from..to] {
                match byte {
                    b'"' => out.extend_from_slice(b"\"\""),
                    b'\n' if last == b'\r' => {}
                    b'\n' => out.push(b'\r'),
                    _ => out.push(byte),
                }
                last = byte;
            }
            out.push(b'"');
        }
    }
}

/// A value as the text of a cell: strings without escapes, the members of a list joined by `;`,
/// objects as written. False for null; `None` for what is no valid JSON.
fn text(value: &[u8], out: &mut Vec<u8>) -> Option<bool> {
    match value {
        b"null" => return Some(false),
        [b'"', ..] => {
            let inner = value.get(1..value.len() - 1)?;
            if memchr(b'\\', inner).is_none() {
                out.extend_from_slice(inner);
            } else {
                let plain: String = serde_json::from_slice(value).ok()?;
                out.extend_from_slice(plain.as_bytes());
            }
        }
        [b'[', ..] => {
            let (mut at, mut first) = (json::blank(value, 1), true);
            while value.get(at).is_some_and(|b| *b != b']') {
                let End::At(end) = json::value(value, at) else { return None };
                if !first {
                    out.push(b';');
                }
                first = false;
                text(&value[at..end], out)?;
                at = json::blank(value, end);
                if value.get(at) == Some(&b',') {
                    at = json::blank(value, at + 1);
                }
            }
        }
        _ => out.extend_from_slice(value),
    }
    Some(true)
}
