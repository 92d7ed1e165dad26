//! Tag lists (`k=v; k=v`) of DKIM and ARC headers (RFC 6376, 3.2), and how such text is kept.

use super::headers::Field;
use super::pairs::LIMIT;
use crate::model::Instant;
use crate::model::time::SECOND;
use std::borrow::Cow;

/// Bytes read of one value: room for the longest keys and lists of fields.
const VALUE_LIMIT: usize = 16 << 10;
/// Most tags read of one value.
const MOST: usize = 64;
/// Seconds from 1970 to the end of the year 9999. RFC 6376 lets later times mean "never".
const LAST_SECOND: i64 = 253_402_300_799;

/// The value of a field on one line, as far as it is read.
pub(super) fn text<'a>(field: &Field<'a>) -> Cow<'a, str> {
    let raw = field.raw.get(..VALUE_LIMIT).unwrap_or(field.raw);
    Field { raw, ..*field }.text()
}

/// The tags of one value, in order.
pub(super) struct Tags<'t> {
    items: Vec<(&'t str, &'t str)>,
}

impl<'t> Tags<'t> {
    /// Reads a text without comments (see [`uncommented`]). Items without `=` are passed over.
    pub(super) fn read(text: &'t str) -> Self {
        let items = text.split(';').filter_map(|item| {
            let (name, value) = item.split_once('=')?;
            Some((name.trim(), value.trim()))
        });
        Self { items: items.take(MOST).collect() }
    }

    /// The first tag of this name, whose case counts.
    pub(super) fn raw(&self, name: &str) -> Option<&'t str> {
        self.items.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// The first tag of this name as it is kept, without the white space that folding left in it;
    /// `None` where it is empty.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(|value| kept(&solid(value)))
    }

    /// The same in lower case.
    pub(super) fn lower(&self, name: &str) -> Option<String> {
        self.word(name).as_deref().and_then(lower)
    }

    /// A time in seconds since 1970; `None` where it is no number or beyond the year 9999.
    pub(super) fn time(&self, name: &str) -> Option<Instant> {
        let value = self.raw(name)?;
        let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
        let seconds: i64 = digits.then(|| value.parse().ok())??;
        (seconds <= LAST_SECOND).then(|| Instant(seconds * SECOND))
    }

    /// True where a tag stands twice.
    pub(super) fn repeated(&self) -> bool {
        let seen = |at: usize, name: &str| self.items.iter().take(at).any(|(key, _)| *key == name);
        self.items.iter().enumerate().any(|(at, (name, _))| seen(at, name))
    }
}

fn solid(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Text as it is kept: without control characters, white space runs made one blank, at most
/// [`LIMIT`] bytes. `None` where nothing is left.
pub(super) fn kept(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = !out.is_empty();
        } else if !c.is_control() {
            if out.len() + usize::from(blank) + c.len_utf8() > LIMIT {
                break;
            }
            if std::mem::take(&mut blank) {
                out.push(' ');
            }
            out.push(c);
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Kept text in lower case.
pub(super) fn lower(text: &str) -> Option<String> {
    // Some letters are longer in lower case.
    kept(&kept(text)?.to_lowercase())
}

/// Text with its comments made blanks. A bracket begins a comment only behind white space, a
/// semicolon or `=`, and only where it is closed; the tags of DKIM know no comments, some writers
/// do.
pub(super) fn uncommented(text: &str) -> Cow<'_, str> {
    if !text.contains('(') {
        return Cow::Borrowed(text);
    }
    // Where each bracket closes, in one pass: brackets that never do cost nothing more.
    let mut open: Vec<usize> = Vec::new();
    let mut comments: Vec<(usize, usize)> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => open.push(at),
            b')' => {
                let Some(from) = open.pop() else { continue };
                // What lies inside of this one is part of it.
                while comments.last().is_some_and(|(inner, _)| *inner > from) {
                    comments.pop();
                }
                comments.push((from, at + 1));
            }
            _ => {}
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (from, to) in comments {
        let before = text.get(done..from).unwrap_or("");
        out.push_str(before);
        let apart = before.is_empty() || before.ends_with([' ', '\t', ';', '=', '\r', '\n']);
        out.push_str(if apart { " " } else { text.get(from..to).unwrap_or("") });
        done = to;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_their_repetition() {
        let tags =
            Tags::read(" a = rsa-sha256 ;; b=A\t B==; odd ; d=; t=1790000000; x=9e9; d=X.org");
        assert_eq!(tags.raw("a"), Some("rsa-sha256"));
        assert_eq!(tags.word("b").as_deref(), Some("AB=="));
        assert_eq!((tags.word("d"), tags.raw("odd"), tags.raw("A")), (None, None, None));
        assert!(tags.repeated());
        assert_eq!(tags.time("t"), Some(Instant(1_790_000_000 * SECOND)));
        assert_eq!(tags.time("x"), None);
        assert_eq!(Tags::read("t=253402300800").time("t"), None);
        assert!(!Tags::read("a=1; A=2; b").repeated());
    }

    #[test]
    fn comments() {
        for (text, bare) in [
            ("d=a.example (x; d=b (c) d)", "d=a.example  "),
            ("(x)i=1; (never closed; s=k", " i=1; (never closed; s=k"),
            ("none", "none"),
        ] {
            assert_eq!(uncommented(text), bare);
        }
        assert_eq!(uncommented("i=a(b)@c.example; x (y)"), "i=a(b)@c.example; x  ");
        let many = "(;".repeat(VALUE_LIMIT);
        assert_eq!(uncommented(&many), many);
    }

    proptest::proptest! {
        #[test]
        fn kept_text_is_short_and_plain(text in "[\\PC\u{0}-\u{1f}\u{130}\u{23a}]{0,400}") {
            for out in [kept(&text), lower(&text)].into_iter().flatten() {
                proptest::prop_assert!(!out.is_empty() && out.len() <= LIMIT);
                proptest::prop_assert!(!out.contains(char::is_control) && !out.contains("  "));
                proptest::prop_assert_eq!(kept(&out), Some(out));
            }
            let bare = uncommented(&text);
            proptest::prop_assert!(bare.len() <= text.len().max(1));
            Tags::read(&bare).repeated();
        }
    }
}
