//! Header blocks as people paste them: quoted with `> `, or indented as a whole.

use std::borrow::Cow;

/// Undoes what a mail client or a ticket system put before every line. Lost folds are the header
/// walk's own matter.
pub fn cleaned(bytes: &[u8]) -> Cow<'_, [u8]> {
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
        let plain = b"Subject: a\n b\nFrom: c\n";
        assert!(matches!(cleaned(plain), Cow::Borrowed(_)));
    }
}
