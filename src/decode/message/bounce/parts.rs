//! The parts of a bounce: prose, delivery status, returned headers.
//!
//! The walk is our own, bounded in depth and number of parts: 3 MB of nested attached messages
//! make mail-parser's tree so deep that dropping it overflows the stack, which no `catch_unwind`
//! holds. Of mail-parser the character sets and the HTML reader are used.

use super::super::headers::{HeaderList, cr_only};
use super::super::words;
use std::borrow::Cow;
use std::panic::catch_unwind;

/// Bytes of a bounce that are opened; the report comes first, the returned message last.
const MIME_LIMIT: usize = 4 << 20;
/// Multiparts and attached messages opened within one another.
const DEPTH: usize = 8;
/// Most parts opened.
const MOST_PARTS: usize = 200;
/// Most status parts read.
const MOST_STATUS: usize = 16;
/// Prose read of one bounce, bytes; also the limit of one status part.
const PROSE_LIMIT: usize = 1 << 20;
/// Returned headers read, bytes.
const RETURNED_LIMIT: usize = 1 << 18;

/// What was found.
#[derive(Default)]
pub(super) struct Report {
    plain: Vec<String>,
    html: Vec<String>,
    /// message/delivery-status parts.
    pub(super) status: Vec<Vec<u8>>,
    /// Header block of the returned message (or its beginning, body included).
    pub(super) returned: Option<Vec<u8>>,
}

impl Report {
    /// The prose: plain text parts, else HTML made plain. Line ends are LF.
    pub(super) fn text(&self) -> String {
        let parts =
            if self.plain.iter().any(|p| !p.trim().is_empty()) { &self.plain } else { &self.html };
        let mut text = parts.join("\n\n").replace("\r\n", "\n");
        if text.contains('\r') {
            text = text.replace('\r', "\n");
        }
        words::clip(&mut text, PROSE_LIMIT);
        text
    }
}

/// Opens a bounce. Where it holds no part that can be read, the whole body is prose.
pub(super) fn read(list: &HeaderList<'_>) -> Report {
    let bytes = with_lf(list.message());
    let bytes = bytes.get(..MIME_LIMIT).unwrap_or(&bytes);
    let mut walk = Walk::default();
    walk.entity(bytes, 0, false);
    let mut report = walk.report;
    if report.plain.is_empty() && report.html.is_empty() && report.status.is_empty() {
        let body = with_lf(list.body());
        let body = body.get(..PROSE_LIMIT).unwrap_or(&body);
        report.plain.push(words::plain(body).into_owned());
    }
    report
}

/// Line ends of CR alone made LF, so that one kind of line is left to read.
fn with_lf(bytes: &[u8]) -> Cow<'_, [u8]> {
    if cr_only(bytes) {
        let lines = bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b });
        Cow::Owned(lines.collect())
    } else {
        Cow::Borrowed(bytes)
    }
}

#[derive(Default)]
struct Walk {
    report: Report,
    parts: usize,
}

impl Walk {
    /// Opens a message or a part; `digest` makes an attached message of what names no type.
    fn entity(&mut self, bytes: &[u8], depth: usize, digest: bool) {
        self.parts += 1;
        if self.parts > MOST_PARTS || depth > DEPTH {
            return;
        }
        // A part that begins with a blank line has no headers.
        let bare = matches!(bytes, [b'\n', ..] | [b'\r', b'\n', ..]);
        let list = HeaderList::read(if bare { &[] } else { bytes });
        let body = if list.is_empty() { bytes } else { list.body() };
        let declared = list.first("Content-Type").map(|f| f.text());
        let declared = declared.as_deref().unwrap_or_default();
        let kind = declared.split(';').next().unwrap_or_default();
        let kind = kind.trim().to_ascii_lowercase();
        let kind = if kind.is_empty() && digest { "message/rfc822" } else { &kind };
        if kind.starts_with("multipart/")
            && let Some(boundary) = parameter(declared, "boundary")
        {
            let before = self.parts;
            for part in split(body, boundary.as_bytes()) {
                self.entity(part, depth + 1, kind == "multipart/digest");
            }
            if self.parts > before {
                return;
            }
        }
        self.leaf(kind, declared, &transferred(&list, body), depth);
    }

    fn leaf(&mut self, kind: &str, declared: &str, body: &[u8], depth: usize) {
        let report = &mut self.report;
        match kind {
            "message/rfc822" | "message/global" => self.attached(body, depth),
            "message/rfc822-headers" | "text/rfc822-headers" | "message/global-headers" => {
                report.returned.get_or_insert_with(|| head(body));
            }
            _ if kind.ends_with("delivery-status") => {
                let room = report.status.len() < MOST_STATUS;
                let body = body.get(..PROSE_LIMIT).unwrap_or(body);
                report.status.extend(room.then(|| body.to_vec()));
            }
            "text/html" => {
                let text = text(declared, body);
                // Third-party code over hostile bytes: one message must not end the run.
                let plain = catch_unwind(|| mail_parser::decoders::html::html_to_text(&text));
                push(&mut report.html, &plain.unwrap_or_default());
            }
            _ if kind.is_empty() || kind.starts_with("text") || kind.starts_with("multipart") => {
                push(&mut report.plain, &text(declared, body));
            }
            _ => {}
        }
    }

    /// The first attached message is the returned one. Some gateways wrap the whole report into a
    /// message of their own: where no report was seen so far, it is looked for inside.
    fn attached(&mut self, body: &[u8], depth: usize) {
        if self.report.status.is_empty() {
            let mut inner = Self { report: Report::default(), parts: self.parts };
            inner.entity(body, depth + 1, false);
            self.parts = inner.parts;
            if !inner.report.status.is_empty() {
                self.report.status = inner.report.status;
                self.report.returned = inner.report.returned;
                self.report.plain.append(&mut inner.report.plain);
                self.report.html.append(&mut inner.report.html);
                return;
            }
        }
        self.report.returned.get_or_insert_with(|| head(body));
    }
}

/// The header block of an attached message.
fn head(body: &[u8]) -> Vec<u8> {
    let end = HeaderList::read(body).body().len();
    let block = body.get(..body.len() - end).unwrap_or(body);
    block.get(..RETURNED_LIMIT).unwrap_or(block).to_vec()
}

fn push(prose: &mut Vec<String>, text: &str) {
    let used: usize = prose.iter().map(String::len).sum();
    let room = PROSE_LIMIT.saturating_sub(used);
    if room > 0 {
        prose.push(words::clipped(text, room).to_owned());
    }
}

/// A text body in its declared charset.
fn text<'b>(declared: &str, body: &'b [u8]) -> Cow<'b, str> {
    let body = body.get(..PROSE_LIMIT).unwrap_or(body);
    match parameter(declared, "charset") {
        Some(name) => words::in_charset(name.as_bytes(), body),
        None => words::plain(body),
    }
}

/// A body with its transfer encoding undone.
fn transferred<'b>(list: &HeaderList<'_>, body: &'b [u8]) -> Cow<'b, [u8]> {
    let encoding = list.first("Content-Transfer-Encoding").map(|f| f.text());
    let encoding = encoding.as_deref().unwrap_or_default();
    if encoding.eq_ignore_ascii_case("base64") {
        let mut out = Vec::with_capacity(body.len() / 4 * 3);
        words::unbase64(body, &mut out);
        Cow::Owned(out)
    } else if encoding.eq_ignore_ascii_case("quoted-printable") {
        Cow::Owned(quoted_printable(body))
    } else {
        Cow::Borrowed(body)
    }
}

/// Quoted-printable (RFC 2045); a broken escape stays as it stands.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let blanks = rest.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        let digits = match rest {
            [high, low, ..] => words::hex(*high).zip(words::hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = digits {
            out.push(high << 4 | low);
            rest = rest.get(2..).unwrap_or_default();
        } else if rest.get(blanks) == Some(&b'\n') {
            rest = rest.get(blanks + 1..).unwrap_or_default();
        } else {
            out.push(b'=');
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Bodies between delimiter lines. What stands before the first one is no part.
fn split<'b>(body: &'b [u8], boundary: &[u8]) -> impl Iterator<Item = &'b [u8]> {
    let mut rest = body;
    let mut started = false;
    let mut over = boundary.is_empty();
    std::iter::from_fn(move || {
        let mut at = 0;
        while !over {
            let Some(line) = rest.get(at..).filter(|r| !r.is_empty()) else {
                break;
            };
            let end = memchr::memchr(b'\n', line).map_or(line.len(), |n| n + 1);
            let line = line.get(..end)?;
            let tail = line.strip_prefix(b"--").and_then(|l| l.strip_prefix(boundary));
            let Some(last) = tail.and_then(delimiter) else {
                at += end;
                continue;
            };
            let part = rest.get(..at)?;
            rest = rest.get(at + end..)?;
            at = 0;
            over = last;
            if std::mem::replace(&mut started, true) {
                return Some(part);
            }
        }
        // The closing delimiter is missing.
        let open = started && !over && !rest.is_empty();
        over = true;
        open.then(|| std::mem::take(&mut rest))
    })
}

/// What stands behind the boundary: nothing (another part follows) or `--` (the last one ended).
fn delimiter(tail: &[u8]) -> Option<bool> {
    match tail.trim_ascii() {
        b"" => Some(false),
        tail if tail.starts_with(b"--") => Some(true),
        _ => None,
    }
}

/// A parameter of a Content-Type, unquoted.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.get(value.find(';')? + 1..)?;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"').and_then(|q| q.split_once('"')) {
            Some((quoted, next)) => (quoted, next),
            None => after.split_at(after.find(';').unwrap_or(after.len())),
        };
        // Stray parameters without a value may stand before the key.
        let key = key.rsplit(';').next().unwrap_or(key).trim();
        if key.eq_ignore_ascii_case(name) {
            let value = value.trim();
            return (!value.is_empty()).then(|| value.to_owned());
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(body: &str) -> Vec<&str> {
        split(body.as_bytes(), b"b1").map(|p| std::str::from_utf8(p).unwrap()).collect()
    }

    #[test]
    fn delimiters() {
        assert_eq!(
            parts("pre\n--b1\none\n--b1 \r\ntwo\n--b1--\nafter\n--b1\nno"),
            ["one\n", "two\n"]
        );
        assert_eq!(parts("--b1\none\n--b10\n"), ["one\n--b10\n"]);
        assert_eq!(parts("nothing"), Vec::<&str>::new());
        assert_eq!(parts("--b1--\n"), Vec::<&str>::new());
    }

    #[test]
    fn parameters() {
        let value = "multipart/report; x; report-type=delivery-status;\tBoundary = \"a;b=c\"; z=1";
        assert_eq!(parameter(value, "boundary").as_deref(), Some("a;b=c"));
        assert_eq!(parameter(value, "report-type").as_deref(), Some("delivery-status"));
        assert_eq!(parameter(value, "z").as_deref(), Some("1"));
        assert_eq!(parameter(value, "charset"), None);
        assert_eq!(parameter("text/plain; charset=\"torn", "charset").as_deref(), Some("\"torn"));
    }

    #[test]
    fn encodings() {
        assert_eq!(quoted_printable(b"a=3Db=\r\nc= \n=C3=BC=Z="), "a=bc\u{fc}=Z=".as_bytes());
        let list = HeaderList::read(b"Content-Transfer-Encoding: Base64\n\n");
        assert_eq!(&*transferred(&list, b"YWJj\r\nZA==\r\n"), b"abcd");
    }

    #[test]
    fn deep_nests_end() {
        for unit in [
            "Content-Type: message/rfc822\n\n",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
            "Content-Type: multipart/report; boundary=missing\n\n",
        ] {
            let text = unit.repeat(100_000);
            let report = read(&HeaderList::read(text.as_bytes()));
            assert!(report.status.is_empty());
        }
    }

    #[test]
    fn a_wrapped_report_is_found() {
        let text = "Content-Type: multipart/mixed; boundary=o\n\n--o\n\nSee below\n--o\n\
            Content-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=i\n\
            Message-ID: <report@x.example>\n\n--i\nContent-Type: message/delivery-status\n\n\
            Final-Recipient: rfc822; bob@fabrikam.example\n--i\n\
            Content-Type: text/rfc822-headers\n\nMessage-ID: <m@contoso.com>\n--i--\n--o--\n";
        let report = read(&HeaderList::read(text.as_bytes()));
        assert_eq!(report.status.len(), 1);
        assert_eq!(report.returned.as_deref(), Some(&b"Message-ID: <m@contoso.com>\n"[..]));
        assert!(report.text().contains("See below"));
    }
}
