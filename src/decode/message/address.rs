//! Addresses of From, To, Cc, Return-Path: only the addresses, lower case, names left out.

use super::words;
use std::borrow::Cow;

/// Longest address that is kept, bytes.
const LIMIT: usize = 512;
/// Most addresses taken from one message.
pub(super) const MOST: usize = 4096;

/// Members of a list that are searched for one address.
const PARTS: usize = 256;

/// Every address of a list, in order. Groups are opened, names and comments dropped; parts that
/// hold no address give none.
pub(super) fn list(value: &[u8], out: &mut Vec<String>) {
    let before = out.len();
    for part in split(value).take(2 * MOST) {
        if out.len() >= MOST {
            return;
        }
        out.extend(one(part));
    }
    if out.len() == before {
        out.extend(rescue(value));
    }
}

/// The first address of a value.
pub(super) fn first(value: &[u8]) -> Option<String> {
    if let Some(found) = simple(value) {
        return Some(found);
    }
    split(value).take(PARTS).find_map(one).or_else(|| rescue(value))
}

/// The address of `Name <address>` where nothing in it is quoted, escaped or a comment, as nearly
/// all are.
fn simple(value: &[u8]) -> Option<String> {
    let open = memchr::memchr(b'<', value)?;
    let (name, behind) = (value.get(..open)?, value.get(open + 1..)?);
    let plain = |b: &u8| !matches!(b, b'"' | b'(' | b',' | b';' | b':' | b'\\' | b'>' | b'<');
    let close = behind.iter().position(|b| !plain(b))?;
    let alone = behind.get(close) == Some(&b'>') && name.iter().all(plain);
    alone.then(|| route(behind.get(..close)?)).flatten()
}

/// The address of a value whose grammar is broken: encoded as a whole, or with brackets where
/// none belong (`Name,(<address>)`).
fn rescue(value: &[u8]) -> Option<String> {
    if memchr::memmem::find(value, b"=?").is_some() {
        let decoded = words::decode(value);
        if let Some(found) = split(decoded.as_bytes()).take(PARTS).find_map(one) {
            return Some(found);
        }
    }
    let open = memchr::memrchr(b'<', value)?;
    let inner = value.get(open + 1..)?;
    route(inner.split(|b| *b == b'>').next()?)
}

/// A return path: the address, `<>` for the null sender, `None` where nothing is written.
pub(super) fn path(value: &[u8]) -> Option<String> {
    if let Some(found) = simple(value) {
        return Some(found);
    }
    let compact: Vec<u8> = value.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    if compact == b"<>" {
        return Some("<>".to_owned());
    }
    first(value).or_else(|| {
        // A path without a domain (`<MAILER-DAEMON>`) is still a path.
        let inner = compact.strip_prefix(b"<").unwrap_or(&compact);
        let inner = inner.strip_suffix(b">").unwrap_or(inner);
        let plain = !inner.is_empty() && inner.iter().all(u8::is_ascii_graphic);
        plain.then(|| lower(inner))
    })
}

/// The display name that stands before the first bracketed address, or in a comment behind a bare
/// one; encoded words decoded, quotes and escapes taken off. `None` where there is neither.
pub(super) fn name(value: &[u8]) -> Option<String> {
    let mut scan = Scan::new(value);
    let mut open = None;
    let mut comma = 0;
    while let Some((at, byte)) = scan.next_plain() {
        match byte {
            b'<' => {
                open = Some(at);
                break;
            }
            // A member without brackets came first.
            b',' | b';' if memchr::memchr(b'@', value.get(comma..at)?).is_some() => break,
            b',' | b';' => comma = at + 1,
            _ => {}
        }
    }
    let text = if let Some(open) = open {
        words::decode(value.get(..open)?).into_owned()
    } else {
        let decoded = words::decode(value).into_owned();
        // The value as a whole was encoded, brackets included.
        if let Some((before, _)) = decoded.split_once('<') {
            before.to_owned()
        } else {
            let (_, comment) = decoded.split_once('(')?;
            comment.trim_end().strip_suffix(')').unwrap_or(comment).to_owned()
        }
    };
    Some(unquoted(text.trim()))
}

/// A phrase without the quotes around it and the backslashes in it.
fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let next = if c == '\\' { chars.clone().next() } else { None };
        match next {
            Some(escaped @ ('"' | '\\')) => {
                chars.next();
                out.push(escaped);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Members of an address list: cut at commas and semicolons outside quotes, comments and angle
/// brackets; a group's name ends at its colon. A quote that is never closed is a plain character.
fn split(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = value;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut scan = Scan::new(rest);
        while let Some((at, byte)) = scan.next_plain() {
            if matches!(byte, b',' | b';') || (byte == b':' && scan.angle.is_none()) {
                let part = rest.get(..at).unwrap_or(rest);
                rest = rest.get(at + 1..).unwrap_or(&[]);
                // What stands before a colon is the name of a group.
                return Some(if byte == b':' { &[] } else { part });
            }
        }
        Some(std::mem::take(&mut rest))
    })
}

/// The address of one member.
fn one(part: &[u8]) -> Option<String> {
    let mut scan = Scan::new(part);
    let mut angle = None;
    let mut bare = Vec::new();
    while let Some((at, byte)) = scan.next_plain() {
        match byte {
            b'<' => angle = Some(at + 1),
            b'>' => {
                let inner = part.get(angle?..at)?;
                return route(inner);
            }
            _ => bare.push(byte),
        }
    }
    // No closing bracket: what follows the opening one is tried.
    match angle {
        Some(start) => route(part.get(start..)?),
        None => quoted_local(part).or_else(|| loose(&bare)).filter(|a| a.contains('@')),
    }
}

/// What stands between angle brackets, an obsolete source route dropped.
fn route(inner: &[u8]) -> Option<String> {
    let inner = inner.trim_ascii();
    let inner = if inner.starts_with(b"@") {
        let colon = memchr::memchr(b':', inner)?;
        inner.get(colon + 1..)?
    } else {
        inner
    };
    let inner = inner.strip_prefix(b"mailto:").unwrap_or(inner);
    let as_it_is = inner.starts_with(b"\"") || !inner.iter().any(u8::is_ascii_whitespace);
    let text: Cow<'_, [u8]> = if as_it_is {
        inner.into()
    } else {
        inner.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect()
    };
    acceptable(&text).then(|| lower(&text))
}

/// `"local part"@domain` without brackets.
fn quoted_local(part: &[u8]) -> Option<String> {
    let part = part.trim_ascii();
    let end = closing(part, 0, b'"', false).filter(|_| part.starts_with(b"\""))?;
    let address = part.get(end + 1..)?.starts_with(b"@") && acceptable(part);
    address.then(|| lower(part.split(|b| *b == b'(').next().unwrap_or(part).trim_ascii()))
}

/// An address that stands bare, perhaps between other words.
fn loose(bare: &[u8]) -> Option<String> {
    let bare = bare.trim_ascii();
    bare.split(u8::is_ascii_whitespace)
        .map(<[u8]>::trim_ascii_end)
        .find(|word| acceptable(word))
        .map(lower)
        .or_else(|| {
            // `user @ example.com`
            let joined: Vec<u8> =
                bare.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
            let spaced = memchr::memmem::find(bare, b" @").or(memchr::memmem::find(bare, b"@ "));
            (spaced.is_some() && acceptable(&joined)).then(|| lower(&joined))
        })
}

/// Something, an `@`, something.
fn acceptable(text: &[u8]) -> bool {
    let at = memchr::memrchr(b'@', text);
    at.is_some_and(|at| at > 0 && at + 1 < text.len()) && text.len() <= LIMIT
}

fn lower(bytes: &[u8]) -> String {
    let text = words::plain(bytes);
    let mut text = if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() };
    words::clip(&mut text, LIMIT);
    text
}

/// Walks a value and hands out the bytes outside quoted strings and comments. Bytes of a quoted
/// string are passed over.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Place of an open angle bracket.
    angle: Option<usize>,
    /// A quote or comment was found that is not closed: further ones are plain characters, so that
    /// no stretch is searched twice.
    torn: bool,
}

impl<'a> Scan<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, angle: None, torn: false }
    }

    fn next_plain(&mut self) -> Option<(usize, u8)> {
        loop {
            let at = self.at;
            let byte = *self.bytes.get(at)?;
            self.at += 1;
            match byte {
                b'"' | b'(' if !self.torn && (byte == b'"' || self.angle.is_none()) => {
                    let close = if byte == b'"' { b'"' } else { b')' };
                    let Some(end) = closing(self.bytes, at, close, byte == b'(') else {
                        self.torn = true;
                        return Some((at, byte));
                    };
                    self.at = end + 1;
                }
                b'\\' => self.at += 1,
                b'<' => {
                    // Only a bracket that is closed hides commas.
                    let open = self.bytes.get(self.at..).unwrap_or(&[]);
                    let end = memchr::memchr2(b'>', b'<', open);
                    let closed = end.is_some_and(|e| open.get(e) == Some(&b'>'));
                    self.angle = closed.then_some(at);
                    return Some((at, byte));
                }
                b'>' => {
                    self.angle = None;
                    return Some((at, byte));
                }
                b',' | b';' if self.angle.is_some() => {}
                _ => return Some((at, byte)),
            }
        }
    }
}

/// Place of the byte that closes what opens at `open`; backslashes protect, comments nest.
fn closing(bytes: &[u8], open: usize, close: u8, nested: bool) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = open + 1;
    // An address is short: what is not closed soon is not meant as a quote.
    let limit = bytes.len().min(open + 4096);
    while at < limit {
        let byte = *bytes.get(at)?;
        if byte == b'\\' {
            at += 1;
        } else if byte == close {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        } else if nested && byte == b'(' {
            depth += 1;
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(value: &str) -> Vec<String> {
        let mut out = Vec::new();
        list(value.as_bytes(), &mut out);
        out
    }

    #[test]
    fn pairs() {
        for (value, expected) in [
            ("a@contoso.com", &["a@contoso.com"][..]),
            ("Ann <A@Contoso.COM>", &["a@contoso.com"]),
            ("\"Doe, Ann\" <a@contoso.com>, b@contoso.com", &["a@contoso.com", "b@contoso.com"]),
            ("a@contoso.com (Ann (the one), Doe)", &["a@contoso.com"]),
            ("=?utf-8?Q?Ann=2C_Doe?= <a@contoso.com>", &["a@contoso.com"]),
            ("=?utf-8?Q?Ann_<a=40contoso.com>?=", &["a@contoso.com"]),
            ("undisclosed-recipients:;", &[]),
            (
                "Team: a@contoso.com, Bob <b@contoso.com>; c@contoso.com",
                &["a@contoso.com", "b@contoso.com", "c@contoso.com"],
            ),
            ("\"john doe\"@contoso.com", &["\"john doe\"@contoso.com"]),
            ("X <\"john doe\"@contoso.com>", &["\"john doe\"@contoso.com"]),
            ("\"odd <x@y.example>\" <a@contoso.com>", &["a@contoso.com"]),
            ("\"never closed <a@contoso.com>", &["a@contoso.com"]),
            ("Ann <<a@contoso.com>>", &["a@contoso.com"]),
            ("Ann <a@contoso.com", &["a@contoso.com"]),
            ("<@relay.example,@x.example:a@contoso.com>", &["a@contoso.com"]),
            ("Ann a@contoso.com", &["a@contoso.com"]),
            ("a @ contoso.com", &["a@contoso.com"]),
            ("x@y.example <a@contoso.com>", &["a@contoso.com"]),
            ("\"x@y.example\"  (<a@contoso.com>)", &["a@contoso.com"]),
            ("Ann Doe,(<a@contoso.com>)", &["a@contoso.com"]),
            ("\"x@y.example\", <a@contoso.com>", &["a@contoso.com"]),
            ("\"x@y.example\"", &[]),
            ("MAILER-DAEMON", &[]),
            ("<>", &[]),
            ("", &[]),
            ("\u{c4}nn <\u{c4}@contoso.com>", &["\u{e4}@contoso.com"]),
        ] {
            assert_eq!(all(value), expected, "{value}");
            let one = expected.first().map(|a| (*a).to_owned());
            assert_eq!(first(value.as_bytes()), one, "{value}");
        }
    }

    #[test]
    fn paths() {
        assert_eq!(path(b"<>").as_deref(), Some("<>"));
        assert_eq!(path(b" < > ").as_deref(), Some("<>"));
        assert_eq!(path(b"<A@contoso.com>").as_deref(), Some("a@contoso.com"));
        assert_eq!(path(b"a@contoso.com").as_deref(), Some("a@contoso.com"));
        assert_eq!(path(b"<MAILER-DAEMON>").as_deref(), Some("mailer-daemon"));
        assert_eq!(path(b""), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::sample::select(
            b"ab@.,;:<>()\"\\ \t=?Q\xc3".to_vec()), 0..60)) {
            let mut out = Vec::new();
            list(&bytes, &mut out);
            proptest::prop_assert!(out.iter().all(|a| a.contains('@')));
            let _ = (first(&bytes), path(&bytes), name(&bytes));
        }
    }
}
