//! The failure record: `[{LED=<reply>};{MSG=};{FQDN=};{IP=};{LRT=}]`.
//!
//! It stands in `recipient_status` of FAIL and DEFER rows (extended report, tracking log) and,
//! after `Reason: `, in the detail text of Get-MessageTraceDetail. The reply holds semicolons,
//! braces, line feeds and groups in brackets, so that only `};{NAME=` ends it; the service also
//! cuts the record in mid text.

use memchr::{memchr, memchr_iter, memmem, memrchr};

/// What opens the record.
const OPEN: &str = "{LED=";
/// Longest name of a group.
const LONGEST_NAME: usize = 40;
/// Longest `[server time session]` group; a host name has 253 characters at most.
const LONGEST_TRAILER: usize = 320;
/// Host names under which a server of the service signs without time and session.
const SERVICE_HOSTS: &[&str] = &["outlook.com", "exchangelabs.com"];

/// One failure record. A group that is not there is an empty text, like one without a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Led<'a> {
    /// Last enhanced diagnostic: the SMTP reply, on several lines where the remote server's was.
    pub reply: &'a str,
    /// Text of the remote server; mostly empty.
    pub msg: &'a str,
    /// Host name of the remote server; empty for local failures.
    pub fqdn: &'a str,
    /// Address of the remote server; empty for local failures.
    pub ip: &'a str,
    /// Time of the last try, in the culture of the server that wrote it.
    pub lrt: &'a str,
    /// False where the record is cut in mid text.
    pub whole: bool,
}

/// The first failure record of a text; `None` where there is none.
pub fn parse(text: &str) -> Option<Led<'_>> {
    block(text, 0).map(|b| b.led)
}

/// All failure records of a cell, in order (one per recipient).
pub fn all(text: &str) -> impl Iterator<Item = Led<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = block(text, at)?;
        at = found.end;
        Some(found.led)
    })
}

/// A record and where it stands.
pub(super) struct Block<'a> {
    pub(super) led: Led<'a>,
    /// Offset behind the closing bracket, or where the next record begins.
    pub(super) end: usize,
}

/// The first record at or behind `from`.
pub(super) fn block(text: &str, from: usize) -> Option<Block<'_>> {
    let rest = text.get(from..)?;
    let mut start = from + memmem::find(rest.as_bytes(), OPEN.as_bytes())? + OPEN.len();
    let body = text.get(start..)?;
    // The next recipient's record ends this one, too, so that no part is read for two records.
    let extent = memmem::find(body.as_bytes(), OPEN.as_bytes()).map_or(text.len(), |next| {
        let bracket = body[..next].trim_end_matches(['[', '\'', ';']);
        start + bracket.len()
    });
    let mut led = Led::default();
    let mut seen = Seen::default();
    let mut name = "LED";
    // Offset of the brace that closes the group read now, and the end of the record behind it.
    let mut close: Option<(usize, usize, bool)> = None;
    for offset in memchr_iter(b'}', text.as_bytes().get(start..extent)?) {
        // `start` moves; the iterator counts from where it began.
        let brace = text.len() - body.len() + offset;
        if brace < start {
            continue;
        }
        match behind(text, brace + 1, extent) {
            Behind::Group { name: next, value } => {
                seen.keep(&mut led, name, &text[start..brace]);
                (name, start, close) = (next, value, None);
            }
            Behind::End(end) if close.is_none() => close = Some((brace, end, true)),
            Behind::Cut if close.is_none() => close = Some((brace, extent, false)),
            _ => {}
        }
    }
    let (last, end, whole) = close.unwrap_or((extent, extent, false));
    seen.keep(&mut led, name, &text[start..last]);
    led.whole = whole;
    Some(Block { led, end })
}

/// Which groups have a value already: the first of a name counts.
#[derive(Default)]
struct Seen([bool; 5]);

impl Seen {
    fn keep<'a>(&mut self, led: &mut Led<'a>, name: &str, value: &'a str) {
        let (slot, seen) = match name {
            "LED" => (&mut led.reply, &mut self.0[0]),
            "MSG" => (&mut led.msg, &mut self.0[1]),
            "FQDN" => (&mut led.fqdn, &mut self.0[2]),
            "IP" => (&mut led.ip, &mut self.0[3]),
            "LRT" => (&mut led.lrt, &mut self.0[4]),
            _ => return,
        };
        if !*seen {
            *slot = value.trim();
            *seen = true;
        }
    }
}

/// What follows a closing brace.
enum Behind<'a> {
    /// `;{NAME=`: a group begins.
    Group { name: &'a str, value: usize },
    /// `]`: the record ends; offset behind it.
    End(usize),
    /// The text ends before it is clear what follows.
    Cut,
    /// Anything else: the brace belongs to the value.
    Text,
}

fn behind(text: &str, at: usize, extent: usize) -> Behind<'_> {
    let Some(rest) = text.get(at..extent) else { return Behind::Text };
    if rest.starts_with(']') {
        return Behind::End(at + 1);
    }
    if rest.is_empty() {
        return Behind::Cut;
    }
    let Some(rest) = rest.strip_prefix(';') else { return Behind::Text };
    if rest.is_empty() {
        return Behind::Cut;
    }
    let Some(rest) = rest.strip_prefix('{') else { return Behind::Text };
    let letter = |b: &u8| b.is_ascii_alphabetic() || *b == b' ';
    let length = rest.bytes().take(LONGEST_NAME + 1).take_while(letter).count();
    match rest.as_bytes().get(length) {
        Some(b'=') if (1..=LONGEST_NAME).contains(&length) => {
            Behind::Group { name: &rest[..length], value: at + 2 + length + 1 }
        }
        None if length <= LONGEST_NAME => Behind::Cut,
        _ => Behind::Text,
    }
}

/// The `[Key=Value]` groups of a reply, in order. Values may hold brackets that pair; the value of
/// a group that is cut off goes up to the end.
pub fn groups(reply: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut at = 0;
    // Once a bracket found no partner, pairs are no longer counted: the text is read once only.
    let mut paired = true;
    std::iter::from_fn(move || {
        loop {
            at += memchr(b'[', reply.as_bytes().get(at..)?)? + 1;
            let rest = reply.get(at..)?;
            let Some(length) = key_length(rest) else { continue };
            let inside = &rest[length + 1..];
            let mut end = if paired { partner(inside) } else { None };
            if end.is_none() {
                paired = false;
                end = memchr(b']', inside.as_bytes());
            }
            let end = end.unwrap_or(inside.len());
            at += length + 1 + end;
            return Some((&rest[..length], inside[..end].trim()));
        }
    })
}

/// Length of the key before `=`, where the text begins with one.
fn key_length(text: &str) -> Option<usize> {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let length = text.bytes().take(LONGEST_NAME + 1).take_while(word).count();
    let key = (1..=LONGEST_NAME).contains(&length) && text.as_bytes().get(length) == Some(&b'=');
    key.then_some(length)
}

/// Offset of the bracket that closes what is open before `text`.
fn partner(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for at in memchr::memchr2_iter(b'[', b']', text.as_bytes()) {
        match text.as_bytes().get(at) {
            Some(b'[') => depth += 1,
            _ if depth == 0 => return Some(at),
            _ => depth -= 1,
        }
    }
    None
}

/// The signature of the server that wrote a reply: `[server time session]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailer<'a> {
    /// Host name of the server.
    pub server: &'a str,
    /// UTC time (ISO 8601); empty where not given.
    pub time: &'a str,
    /// Session id, 16 hexadecimal digits; empty where not given.
    pub session: &'a str,
}

/// The last `[server time session]` group of a reply. A host name alone counts only if it is one
/// of the service's, since replies put names and addresses of their own into brackets.
pub fn trailer(reply: &str) -> Option<Trailer<'_>> {
    let mut until = reply.len();
    while let Some(open) = memrchr(b'[', &reply.as_bytes()[..until]) {
        until = open;
        let inside = &reply.as_bytes()[open + 1..];
        let near = &inside[..inside.len().min(LONGEST_TRAILER)];
        let Some(close) = memchr(b']', near) else { continue };
        if let Some(found) = reply.get(open + 1..open + 1 + close).and_then(signature) {
            return Some(found);
        }
    }
    None
}

fn signature(text: &str) -> Option<Trailer<'_>> {
    let mut words = text.split_ascii_whitespace();
    let server = words.next()?;
    let host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if !server.bytes().all(host) || !server.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut trailer = Trailer { server, time: "", session: "" };
    for word in words {
        if trailer.time.is_empty() && trailer.session.is_empty() && is_time(word) {
            trailer.time = word;
        } else if trailer.session.is_empty() && is_session(word) {
            trailer.session = word;
        } else {
            return None;
        }
    }
    let dotted = server.as_bytes().contains(&b'.');
    let signed = !trailer.time.is_empty() || !trailer.session.is_empty();
    (signed || (dotted && SERVICE_HOSTS.iter().any(|h| ends_with(server, h)))).then_some(trailer)
}

fn is_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 11
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && bytes.get(4) == Some(&b'-')
        && bytes.get(10) == Some(&b'T')
}

fn is_session(word: &str) -> bool {
    word.len() == 16 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

fn ends_with(host: &str, end: &str) -> bool {
    let at = host.len().checked_sub(end.len());
    at.and_then(|at| host.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// What follows a record about the outbound proxy: `(address of its target, host name of its
/// target)`, empty where not said (`OutboundProxyTargetIP: ..`, `OutboundProxyTargetHostName: ..`).
pub fn after(text: &str) -> (&str, &str) {
    (named(text, "OutboundProxyTargetIP:"), named(text, "OutboundProxyTargetHostName:"))
}

/// The word behind the last `name`.
fn named<'a>(text: &'a str, name: &str) -> &'a str {
    let Some(at) = memmem::rfind(text.as_bytes(), name.as_bytes()) else { return "" };
    let rest = &text[at + name.len()..];
    // An empty value is followed by the next name.
    let word = rest.split_ascii_whitespace().next().unwrap_or_default();
    if word.ends_with(':') { "" } else { word.trim_end_matches(['.', ']', ';']) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "Reason: [{LED=450 4.4.317 No; TLS {x} [Message=bad [inner]; no] \
        [LastAttemptedServerName=mx.example.net] [LastAttemptedIP=192.0.2.7:25] \
        [SmtpSecurity=-2;-2] [A1.PROD.OUTLOOK.COM 2026-03-04T05:06:07.890Z 0123456789ABCDEF]};\
        {MSG=};{FQDN=mx.example.net};{IP=192.0.2.7};{LRT=3/4/2026 5:06:07 AM}]. \
        OutboundProxyTargetIP: 192.0.2.7. OutboundProxyTargetHostName: mx.example.net";

    #[test]
    fn a_whole_record() {
        let led = parse(FULL).unwrap();
        assert!(led.reply.starts_with("450 4.4.317 No; TLS {x} [Mess"), "{led:?}");
        assert!(led.reply.ends_with("CDEF]") && led.whole && led.msg.is_empty());
        assert_eq!((led.fqdn, led.ip), ("mx.example.net", "192.0.2.7"));
        assert_eq!(led.lrt, "3/4/2026 5:06:07 AM");
        assert_eq!(after(FULL), ("192.0.2.7", "mx.example.net"));
        let groups: Vec<_> = groups(led.reply).collect();
        let expected = [
            ("Message", "bad [inner]; no"),
            ("LastAttemptedServerName", "mx.example.net"),
            ("LastAttemptedIP", "192.0.2.7:25"),
            ("SmtpSecurity", "-2;-2"),
        ];
        assert_eq!(groups, expected);
        let signed = trailer(led.reply).unwrap();
        assert_eq!(signed.server, "A1.PROD.OUTLOOK.COM");
        assert_eq!(signed.time, "2026-03-04T05:06:07.890Z");
        assert_eq!(signed.session, "0123456789ABCDEF");
    }

    #[test]
    fn cut_records_keep_what_is_there() {
        let led = parse("Reason: [{LED=450 4.4.316 Refused [Message=Socket").unwrap();
        assert_eq!((led.reply, led.whole), ("450 4.4.316 Refused [Message=Socket", false));
        assert_eq!(groups(led.reply).collect::<Vec<_>>(), [("Message", "Socket")]);
        for tail in ["}", "};", "};{", "};{MS", "};{MSG", "};{MSG="] {
            let text = format!("[{{LED=550 no{tail}");
            let led = parse(&text).unwrap();
            assert_eq!((led.reply, led.whole), ("550 no", false), "{tail}");
        }
        assert_eq!(parse("[{LED=550 no};{MSG=};{IP=192.0").unwrap().ip, "192.0");
        assert_eq!(parse("250 2.1.5 Recipient OK"), None);
        assert_eq!(parse("[{LED=x}]").unwrap(), Led { reply: "x", whole: true, ..Led::default() });
    }

    #[test]
    fn order_line_feeds_and_foreign_groups() {
        let text = "[{LED=550-5.7.26 a}]\n550 5.7.26 {b};{LRT=t};{Last attempted server name=s};{IP=};{MSG=m}}]";
        let led = parse(text).unwrap();
        assert_eq!(led.reply, "550-5.7.26 a}]\n550 5.7.26 {b");
        assert_eq!((led.lrt, led.msg, led.fqdn, led.whole), ("t", "m}", "", true));
    }

    #[test]
    fn several_recipients() {
        let text = "[{LED=550 a; b};{MSG=}];'[{LED=450 c};{IP=192.0.2.1}]';[{LED=d";
        let replies: Vec<_> = all(text).map(|l| (l.reply, l.whole)).collect();
        assert_eq!(replies, [("550 a; b", true), ("450 c", true), ("d", false)]);
    }

    #[test]
    fn brackets_that_are_no_signature() {
        for text in ["550 SPF [contoso.com] with ip: [203.0.113.80]", "[a b c]", "[]", "[", "x"] {
            assert_eq!(trailer(text), None, "{text}");
        }
        let bare = trailer("550 5.1.1 no [B2.prod.outlook.com] (AS1234)").unwrap();
        assert_eq!((bare.server, bare.time, bare.session), ("B2.prod.outlook.com", "", ""));
        let own = trailer("550 no [ex01 2026-03-04T05:06:07Z 0123456789abcdef] [x]").unwrap();
        assert_eq!(own.server, "ex01");
    }

    #[test]
    fn proxy_targets_may_be_missing() {
        assert_eq!(
            after("OutboundProxyTargetIP: OutboundProxyTargetHostName: mx.test"),
            ("", "mx.test")
        );
        assert_eq!(after("OutboundProxyTargetIP:"), ("", ""));
    }

    #[test]
    fn hostile_texts_are_read_once() {
        for piece in
            ["[[[[", "[a=", "{LED=", "[{LED=", "}]", "};{A=", "[{LED=}", "[a=[a]", "};{AAA"]
        {
            let text = piece.repeat(60_000);
            let text = format!("{{LED={text}");
            assert!(all(&text).count() >= 1);
            let _ = (groups(&text).count(), trailer(&text), after(&text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in r"([\[\]{};=é' ]|\PC|LED|MSG|IP|\{LED=|\};\{MSG=|\}\]|\[\{LED=){0,30}") {
            for led in all(&text).chain(parse(&text)) {
                let _ = (groups(led.reply).count(), trailer(led.reply), after(led.msg));
            }
            let _ = (groups(&text).count(), trailer(&text), after(&text));
        }

        #[test]
        fn groups_come_back(reply in "[a-z0-9 .;\\[\\]{]{0,30}", ip in "[0-9.]{0,12}", lrt in "[0-9/:]{0,9}") {
            let text = format!("x [{{LED={reply}}};{{MSG=}};{{IP={ip}}};{{LRT={lrt}}}] y");
            let led = parse(&text).unwrap();
            proptest::prop_assert_eq!((led.reply, led.ip, led.lrt), (reply.trim(), ip.as_str(), lrt.as_str()));
            proptest::prop_assert!(led.whole);
        }
    }
}
