//! JSON as far as rows are concerned: where a value ends, and where the records lie.
//!
//! Exports wrap their records in different ways: a list, an object with the list under `value`
//! (OData, Graph), `d` and `results` (OData 2), `Results` (advanced hunting), `records` (event
//! hubs), or one object per line. A record may carry its fields one level deeper, under
//! `properties` (streaming API). Nothing here keeps a tree: an export may be larger than memory.

use memchr::memchr2;

/// Names under which an object holds a list of records.
const LISTS: &[&[u8]] = &[b"value", b"results", b"Results", b"records", b"Records", b"d"];

/// The name under which a record holds its fields, one level deeper.
pub const FIELDS: &[u8] = b"properties";

/// Brackets may be nested so deep.
const DEEPEST: usize = 60;

/// Records whose names are looked at.
const LOOKED_AT: usize = 50;

/// Where something ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Before this offset.
    At(usize),
    /// The bytes end first.
    More,
    /// This byte is no JSON.
    Bad(usize),
}

/// True where the name holds a list of records; `next` is the first byte of its value.
pub fn holds_records(name: &[u8], next: u8) -> bool {
    LISTS.contains(&name) && (next == b'[' || next == b'{' && name == b"d")
}

/// Offset of the first byte at or after `at` that is no white space.
pub fn blank(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// End of the string whose opening quote is at `at`. A raw line end in it is a torn string.
pub fn string(bytes: &[u8], at: usize) -> End {
    let mut from = at + 1;
    loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let Some(stop) = memchr2(b'"', b'\\', rest) else {
            let torn = rest.iter().position(|b| *b == b'\n');
            return torn.map_or(End::More, |n| End::Bad(from + n));
        };
        if let Some(torn) = rest[..stop].iter().position(|b| *b == b'\n') {
            return End::Bad(from + torn);
        }
        if rest[stop] == b'"' {
            return End::At(from + stop + 1);
        }
        from += stop + 2;
    }
}

/// What may come next inside a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

/// End of the value that begins at `at` (no white space there).
pub fn value(bytes: &[u8], mut at: usize) -> End {
    let (mut objects, mut depth) = (0_u64, 0_usize);
    let mut next = Next::Value;
    loop {
        at = blank(bytes, at);
        let Some(&byte) = bytes.get(at) else { return End::More };
        match (next, byte) {
            (Next::Value | Next::ValueOrEnd, b'{' | b'[') => {
                if depth == DEEPEST {
                    return End::Bad(at);
                }
                objects = objects << 1 | u64::from(byte == b'{');
                depth += 1;
                at += 1;
                next = if byte == b'{' { Next::KeyOrEnd } else { Next::ValueOrEnd };
                continue;
            }
            (Next::Value | Next::ValueOrEnd, b'"') => match string(bytes, at) {
                End::At(end) => at = end,
                other => return other,
            },
            (Next::Value | Next::ValueOrEnd, b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                let rest = &bytes[at..];
                let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
                at += rest.iter().take_while(|b| word(b)).count();
                if at == bytes.len() {
                    return End::More;
                }
            }
            (Next::Key | Next::KeyOrEnd, b'"') => match string(bytes, at) {
                End::At(end) => {
                    at = end;
                    next = Next::Colon;
                    continue;
                }
                other => return other,
            },
            (Next::Colon, b':') => {
                at += 1;
                next = Next::Value;
                continue;
            }
            (Next::CommaOrEnd, b',') => {
                at += 1;
                next = if objects & 1 == 1 { Next::Key } else { Next::Value };
                continue;
            }
            (Next::KeyOrEnd | Next::CommaOrEnd, b'}') if objects & 1 == 1 => {
                at += 1;
                depth -= 1;
                objects >>= 1;
            }
            (Next::ValueOrEnd | Next::CommaOrEnd, b']') if objects & 1 == 0 => {
                at += 1;
                depth -= 1;
                objects >>= 1;
            }
            _ => return End::Bad(at),
        }
        if depth == 0 {
            return End::At(at);
        }
        next = Next::CommaOrEnd;
    }
}

/// A name of an object with the offset of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member<'a> {
    /// A name, as written, and where its value begins.
    Name(&'a [u8], usize),
    /// The object ends before this offset.
    Close(usize),
    /// The bytes end first.
    More,
    /// This byte is no JSON.
    Bad(usize),
}

/// The next member of an object, from behind its opening brace, or behind a value.
pub fn member(bytes: &[u8], at: usize) -> Member<'_> {
    let mut at = blank(bytes, at);
    if bytes.get(at) == Some(&b',') {
        at = blank(bytes, at + 1);
    }
    match bytes.get(at) {
        None => Member::More,
        Some(b'}') => Member::Close(at + 1),
        Some(b'"') => {
            let end = match string(bytes, at) {
                End::At(end) => end,
                End::More => return Member::More,
                End::Bad(bad) => return Member::Bad(bad),
            };
            let colon = blank(bytes, end);
            match bytes.get(colon) {
                None => Member::More,
                Some(b':') => {
                    let start = blank(bytes, colon + 1);
                    match bytes.get(start) {
                        None => Member::More,
                        Some(_) => Member::Name(&bytes[at + 1..end - 1], start),
                    }
                }
                Some(_) => Member::Bad(colon),
            }
        }
        Some(_) => Member::Bad(at),
    }
}

/// Names of the fields of the first records in a head, in order, each once; empty where there are
/// no records in it.
pub(super) fn names(text: &[u8]) -> Vec<String> {
    let mut names = Names { text, seen: Vec::new(), records: 0 };
    let mut at = 0;
    // Brackets and commas between records need no order here: reading checks it.
    while names.records < LOOKED_AT {
        at = blank(text, at);
        match text.get(at) {
            Some(b'[' | b']' | b'}' | b',') => at += 1,
            Some(b'{') => match names.object(at + 1, true) {
                Some(next) => at = next,
                None => break,
            },
            _ => break,
        }
    }
    names.seen
}

/// Collects names.
struct Names<'a> {
    text: &'a [u8],
    seen: Vec<String>,
    records: usize,
}

impl Names<'_> {
    /// The object whose members begin at `at`; `None` where the head ends in it.
    fn object(&mut self, mut at: usize, outer: bool) -> Option<usize> {
        let before = self.seen.len();
        loop {
            match member(self.text, at) {
                Member::Name(name, start) => {
                    let next = *self.text.get(start)?;
                    if outer && holds_records(name, next) {
                        // What stood before it belongs to the wrapping.
                        self.seen.truncate(before);
                        if next == b'{' {
                            return self.object(start + 1, true);
                        }
                        return Some(start);
                    }
                    if outer && name == FIELDS && next == b'{' {
                        at = self.object(start + 1, false)?;
                        continue;
                    }
                    self.note(name);
                    match value(self.text, start) {
                        End::At(end) => at = end,
                        End::More | End::Bad(_) => return None,
                    }
                }
                Member::Close(end) => {
                    self.records += usize::from(outer);
                    return Some(end);
                }
                Member::More | Member::Bad(_) => return None,
            }
        }
    }

    fn note(&mut self, name: &[u8]) {
        let name = String::from_utf8_lossy(name);
        if self.seen.len() <= super::MAX_COLUMNS && !self.seen.iter().any(|seen| *seen == name) {
            self.seen.push(name.into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wrappings() {
        for text in [
            r#"[{"a":1,"b":[2]},{"c":null}]"#,
            r#"{"@odata.context":"x","value":[{"a":1,"b":{"z":2}},{"c":3}],"next":""}"#,
            r#"{"d":{"results":[{"a":1,"b":2},{"c":"}"}]}}"#,
            "{\"a\":1,\"b\":2}\r\n{\"c\":\"\\\"\"}\r\n",
            r#"{"records":[{"a":1,"properties":{"b":2,"c":3}}]}"#,
            r#"{"a":1,"b":"x","c":"cut h"#,
        ] {
            let mut seen = names(text.as_bytes());
            seen.retain(|name| !name.starts_with('@'));
            assert_eq!(seen, ["a", "b", "c"], "{text}");
        }
        assert!(names(b"[section]\nkey=value").is_empty());
    }

    #[test]
    fn ends_of_values() {
        for text in [r#"{"a":[1,{"b":"]"}],"c":-1.5e3}"#, r#""\\\"""#, "[]", "null "] {
            let length = text.trim_end().len();
            assert_eq!(value(text.as_bytes(), 0), End::At(length), "{text}");
        }
        for (text, at) in [("{1}", 1), ("{\"a\" 1}", 5), ("[1 2]", 3), ("\"a\nb\"", 2), ("[}", 1)] {
            assert_eq!(value(text.as_bytes(), 0), End::Bad(at), "{text}");
        }
        assert_eq!(value("[".repeat(100).as_bytes(), 0), End::Bad(DEEPEST));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn never_panics(text in "[\\[\\]{}\",:a1\\\\ \n]{0,60}") {
            let _ = (value(text.as_bytes(), 0), names(text.as_bytes()));
        }

        #[test]
        fn agrees_with_a_parser(text in "[\\[\\]{}\",:1]{1,12}") {
            if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                let padded = format!("{text} ");
                prop_assert_eq!(value(padded.as_bytes(), 0), End::At(text.len()));
            }
        }
    }
}
