//! Header blocks as people paste or save them: quoted with `> `, indented as a whole, as PowerShell
//! lists them (`Header : Received: ...`), and whole messages as base64.

use super::words;
use std::borrow::Cow;

/// Undoes what a mail client, a ticket system or a console put before every line. Lost folds are
/// the header walk's own matter.
pub fn cleaned(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(clean) = listed(bytes).or_else(|| encoded(bytes)) {
        return Cow::Owned(clean);
    }
    let mut lines = bytes.split(|&b| b == b'\n').filter(|l| !l.trim_ascii().is_empty());
    let Some(first) = lines.next() else { return Cow::Borrowed(bytes) };
    if first.starts_with(b">") {
        return Cow::Owned(without(bytes, |line| {
            let mut rest = line;
            while let [b'>', inner @ ..] = rest {
                rest = inner.strip_prefix(b" ").unwrap_or(inner);
            }
            rest
        }));
    }
    let indent = first.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    // A block that begins with a blank is indented as a whole, if other lines are as well.
    let same = |line: &[u8]| line.get(..indent).is_some_and(|s| s == &first[..indent]);
    if indent == 0 || !lines.take(5).all(same) {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned(without(bytes, |line| line.get(indent..).unwrap_or(&[])))
}

/// The header block in what `Get-QuarantineMessageHeader` prints: `Format-List` sets the lines
/// below the first as far in as its value begins.
fn listed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut lines = bytes.split_inclusive(|&b| b == b'\n');
    // Other properties stand above it: Identity, Organization.
    let first = lines.by_ref().take(16).find_map(|line| {
        let colon = memchr::memmem::find(line, b" : ")?;
        let name = line.get(..colon)?.trim_ascii();
        let known = [&b"Header"[..], b"Headers"].iter().any(|k| name.eq_ignore_ascii_case(k));
        known.then(|| line.split_at(colon + 3))
    })?;
    let (indent, value) = (first.0.len(), first.1);
    let mut out = value.to_vec();
    for line in lines {
        let own = line.iter().take(indent).take_while(|b| **b == b' ').count();
        // Further in than nothing and less than the value: the next property.
        if own == 0 {
            break;
        }
        out.extend_from_slice(&line[own..]);
    }
    Some(out)
}

/// A message that was saved as the text of its base64 (`Export-QuarantineMessage` without the
/// decoding).
fn encoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let text = bytes.trim_ascii();
    if text.len() < 64 || !text.iter().all(|b| alphabet(b) || matches!(b, b'\r' | b'\n')) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    words::unbase64(text, &mut out);
    let line = out.split(|&b| b == b'\n').next()?;
    memchr::memchr(b':', line).map(|_| out)
}

fn without(bytes: &[u8], strip: impl Fn(&[u8]) -> &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, line) in bytes.split(|&b| b == b'\n').enumerate() {
        if at > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(strip(line));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_indents() {
        let quoted = b"> Received: from a\n>\tby b; date\n> From: x@example.com\n";
        assert_eq!(&*cleaned(quoted), b"Received: from a\n\tby b; date\nFrom: x@example.com\n");
        let indented = b"\n    Subject: a\n      b\n    From: c\n";
        assert_eq!(&*cleaned(indented), b"\nSubject: a\n  b\nFrom: c\n");
        let listed = b"\r\nIdentity : x\\y\r\nHeader   : Received: from a\r\n            by b\r\n           From: c\r\n\r\n";
        assert_eq!(&*cleaned(listed), b"Received: from a\r\n by b\r\nFrom: c\r\n");
        let saved = b"UmVjZWl2ZWQ6IGZyb20gYSBieSBiOyBkYXRlDQpGcm9tOiBhbm5AZmFicmlr\r\nYW0uY29tDQoNCmhlbGxvDQo=\r\n";
        let message = b"Received: from a by b; date\r\nFrom: ann@fabrikam.com\r\n\r\nhello\r\n";
        assert_eq!(&*cleaned(saved), message);
        let plain = b"Subject: a\n b\nFrom: c\n";
        assert!(matches!(cleaned(plain), Cow::Borrowed(_)));
    }
}
