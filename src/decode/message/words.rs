//! Header bytes to text: RFC 2047 words, stray 8-bit bytes, white space.
//!
//! Neighbouring words of one charset are joined as bytes before they are decoded, since senders
//! cut multi-byte characters in two.

use mail_parser::decoders::charsets::map::charset_decoder;
use std::borrow::Cow;
use std::panic::catch_unwind;

/// Bytes of a header value that are decoded.
const VALUE_LIMIT: usize = 1 << 16;
/// Longest encoded word, bytes (RFC 2047 allows 75).
const WORD_LIMIT: usize = 4096;

/// Bytes as text: UTF-8, else Windows-1252.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            charset(b"windows-1252", bytes)
                .unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()),
        ),
    }
}

/// A header value with its encoded words decoded; what stands behind 64 KiB is left out.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.get(..VALUE_LIMIT).unwrap_or(bytes);
    if memchr::memmem::find(bytes, b"=?").is_none() {
        return plain(bytes);
    }
    let mut out = String::with_capacity(bytes.len());
    let mut run = Run::default();
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"=?") {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        let Some(word) = Word::read(from) else {
            run.flush(&mut out);
            out.push_str(&plain(rest.get(..at + 2).unwrap_or(rest)));
            rest = rest.get(at + 2..).unwrap_or(&[]);
            continue;
        };
        // White space between two words is not part of the text.
        if !(run.open && before.trim_ascii().is_empty()) {
            run.flush(&mut out);
            out.push_str(&plain(before));
        }
        run.push(&word, &mut out);
        rest = from.get(word.length..).unwrap_or(&[]);
    }
    run.flush(&mut out);
    out.push_str(&plain(rest));
    Cow::Owned(out)
}

/// White space runs (line ends, tabs) made one blank, outer ones removed, at most `limit` bytes.
pub(super) fn collapse(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit));
    for word in text.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > limit {
            break;
        }
    }
    clip(&mut out, limit);
    out
}

/// Cuts `text` to at most `limit` bytes, at a character boundary.
pub(super) fn clip(text: &mut String, limit: usize) {
    if text.len() > limit {
        text.truncate(text.floor_char_boundary(limit));
    }
}

/// `text`, cut to at most `limit` bytes at a character boundary.
pub(super) fn clipped(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit.min(text.len()))]
}

/// Bytes in the named charset; names that are unknown, or that say nothing, are left aside.
pub(super) fn in_charset<'b>(name: &[u8], bytes: &'b [u8]) -> Cow<'b, str> {
    let idle = name.eq_ignore_ascii_case(b"us-ascii") || name.eq_ignore_ascii_case(b"utf-8");
    match charset(name, bytes) {
        Some(text) if !idle => Cow::Owned(text),
        _ => plain(bytes),
    }
}

/// `bytes` in the named charset; `None` where the name is unknown or the decoder gave up.
fn charset(name: &[u8], bytes: &[u8]) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    let decoder = charset_decoder(name)?;
    // Third-party tables over hostile bytes: one value must not end the run.
    catch_unwind(|| decoder(bytes)).ok()
}

/// One encoded word.
struct Word<'a> {
    charset: &'a [u8],
    base64: bool,
    data: &'a [u8],
    length: usize,
}

impl<'a> Word<'a> {
    /// Reads `=?charset?B?data?=` at the beginning of `from`.
    fn read(from: &'a [u8]) -> Option<Self> {
        let inner = from.strip_prefix(b"=?")?;
        let end = memchr::memchr(b'?', inner.get(..64).unwrap_or(inner))?;
        let (name, rest) = inner.split_at_checked(end)?;
        let name = name.split(|b| *b == b'*').next()?;
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return None;
        }
        let [b'?', encoding, b'?', data @ ..] = rest else {
            return None;
        };
        let base64 = match encoding.to_ascii_lowercase() {
            b'b' => true,
            b'q' => false,
            _ => return None,
        };
        let length = memchr::memmem::find(data.get(..WORD_LIMIT).unwrap_or(data), b"?=")?;
        Some(Self {
            charset: name,
            base64,
            data: data.get(..length)?,
            length: from.len() - data.len() + length + 2,
        })
    }
}

/// Decoded bytes of neighbouring words of one charset.
#[derive(Default)]
struct Run<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
    open: bool,
}

impl<'a> Run<'a> {
    fn push(&mut self, word: &Word<'a>, out: &mut String) {
        // A stateful charset begins every word anew; joined, its escapes would collide.
        let stateful = word.charset.to_ascii_lowercase().starts_with(b"iso-2022");
        if stateful || !self.charset.eq_ignore_ascii_case(word.charset) {
            self.flush(out);
        }
        self.charset = word.charset;
        self.open = true;
        if word.base64 {
            unbase64(word.data, &mut self.bytes);
        } else {
            unquote(word.data, &mut self.bytes);
        }
    }

    fn flush(&mut self, out: &mut String) {
        if !self.open {
            return;
        }
        out.push_str(&in_charset(self.charset, &self.bytes));
        self.bytes.clear();
        self.open = false;
    }
}

/// The Q encoding of RFC 2047; a broken escape stays as it stands.
fn unquote(data: &[u8], out: &mut Vec<u8>) {
    let mut rest = data;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'_', _) => out.push(b' '),
            (b'=', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'='),
            },
            _ => out.push(*byte),
        }
    }
}

/// Value of a hexadecimal digit.
pub(super) fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|d| d as u8)
}

/// Base64 that passes over what is not of its alphabet.
pub(super) fn unbase64(data: &[u8], out: &mut Vec<u8>) {
    let mut bits = 0u32;
    let mut count = 0;
    for &byte in data {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        for (raw, text) in [
            (&b"plain"[..], "plain"),
            (b"=?utf-8?Q?Caf=C3=A9_au_lait?=", "Caf\u{e9} au lait"),
            (b"=?UTF-8?B?w7w=?= =?utf-8?b?w7w=?=", "\u{fc}\u{fc}"),
            // One character cut in two.
            (b"=?utf-8?B?ww==?=\t=?utf-8?B?vA==?= x", "\u{fc} x"),
            (b"=?iso-8859-1*de?q?=FC?= und =?koi8-r?Q?=C1?=", "\u{fc} und \u{430}"),
            (b"=?iso-2022-jp?B?GyRCJDMbKEI=?=", "\u{3053}"),
            (
                b"=?iso-2022-jp?B?GyRCJDMbKEI=?=\n =?iso-2022-jp?B?GyRCJDMbKEI=?=",
                "\u{3053}\u{3053}",
            ),
            (b"=?gb2312?B?xOM=?=", "\u{4f60}"),
            (b"=?us-ascii?Q?=C3=BC?=", "\u{fc}"),
            (b"=?x-no-such?Q?=FC?=", "\u{fc}"),
            (b"=?utf-8?Q?open", "=?utf-8?Q?open"),
            (b"a =? b", "a =? b"),
            (b"=?utf-8?X?a?=", "=?utf-8?X?a?="),
            (b"=?utf-8?Q?=4?= =?utf-8?Q?=ZZ?=", "=4=ZZ"),
            (b"\xfc", "\u{fc}"),
            ("\u{fc}".as_bytes(), "\u{fc}"),
        ] {
            assert_eq!(decode(raw), text, "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn white_space_and_length() {
        assert_eq!(collapse(" a\r\n\tb\u{a0} c ", 99), "a b\u{a0} c");
        assert_eq!(collapse("\u{fc}\u{fc}", 3), "\u{fc}");
        assert_eq!(clipped("\u{fc}\u{fc}", 3), "\u{fc}");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::sample::select(
            b"=?uUtTfF-8QqBb_ iso2022jpgbk\x1b$AC3\xc3\xfc\r\n*".to_vec()), 0..80)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn what_is_encoded_comes_back(text in "\\PC{0,20}") {
            use std::fmt::Write as _;
            let mut word = String::from("=?utf-8?Q?");
            for byte in text.bytes() {
                write!(word, "={byte:02X}").unwrap();
            }
            word.push_str("?=");
            proptest::prop_assert_eq!(decode(word.as_bytes()), text);
        }
    }
}
