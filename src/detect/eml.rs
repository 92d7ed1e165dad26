//! One RFC 5322 message in a file, as mail programs save it (`.eml`), bounces included.

use super::rule::{Answer, DialectRule, Recognition, ZoneRule};
use crate::model::{Form, Grain, InputRole, Layer};

/// Header fields that a message has near its top, lower case.
const TYPICAL: &[&str] = &[
    "received",
    "from",
    "to",
    "cc",
    "sender",
    "reply-to",
    "return-path",
    "delivered-to",
    "envelope-to",
    "date",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "dkim-signature",
    "received-spf",
    "authentication-results",
    "arc-seal",
    "arc-message-signature",
    "arc-authentication-results",
    "thread-topic",
    "thread-index",
    "list-id",
    "list-unsubscribe",
    "auto-submitted",
];

/// Bytes at the begin that must be text.
const TEXT_BYTES: usize = 256;

/// Lines that are looked at.
const LINES: usize = 60;

pub(super) const RULE: DialectRule = DialectRule {
    name: "eml",
    title: "message file (.eml), bounces included",
    form: Form::Message,
    grain: Grain::Message,
    role: InputRole::Mail,
    recognition: Recognition::Text(judge),
    recognised: "The first lines are message header fields (`Name: value`, continued lines \
        indented), at least two of them of the usual names: Received, From, To, Date, Subject, \
        Message-ID, MIME-Version, Return-Path, Delivered-To, DKIM-Signature and so on. The file's \
        name does not matter. One message per file. Also quoted (`> `) or indented as a whole, as \
        PowerShell lists it (`Header : Received: ...`), and as base64.",
    shows: &[
        Layer::DnsAuth,
        Layer::Connector,
        Layer::SenderReputation,
        Layer::AntiSpam,
        Layer::TransportRule,
        Layer::MailboxRule,
        Layer::Recipient,
        Layer::Message,
    ],
    zone: ZoneRule::Stated,
    lag_minutes: 0,
    caps: &[],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "message.eml",
};

/// Name of the header field on this line; `None` for any other line.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let good = !name.is_empty() && name.len() <= 76;
    let printable = name.iter().all(|&b| b.is_ascii_graphic() && b != b'"' && b != b',');
    (good && printable).then_some(name)
}

fn judge(text: &[u8]) -> Answer {
    match listed(text) {
        Some((_, 2..)) => Answer::No("several header blocks in one list".to_owned()),
        Some((block, _)) => fields(&block),
        None => encoded(text).map_or_else(|| fields(text), |message| fields(&message)),
    }
}

/// The first header block in what `Get-QuarantineMessageHeader` prints (`Header : Received: ...`),
/// and how many there are.
pub(super) fn listed(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let value = |line: &[u8]| {
        let start = memchr::memmem::find(line, b" : ")?;
        let name = line[..start].trim_ascii();
        let known = [&b"Header"[..], b"Headers"].iter().any(|k| name.eq_ignore_ascii_case(k));
        known.then_some(start + 3)
    };
    let mut all = lines(text);
    let (first, indent) = all.by_ref().take(16).find_map(|line| value(line).map(|n| (line, n)))?;
    let mut block = first[indent..].to_vec();
    for line in all.by_ref() {
        let own = line.iter().take(indent).take_while(|b| **b == b' ').count();
        if own == 0 {
            break;
        }
        block.push(b'\n');
        block.extend_from_slice(&line[own..]);
    }
    Some((block, 1 + all.filter(|line| value(line).is_some()).count()))
}

/// The beginning of a message that was saved as base64.
fn encoded(text: &[u8]) -> Option<Vec<u8>> {
    let alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    let head = text.get(..TEXT_BYTES.min(text.len()))?.trim_ascii();
    if head.len() < 64 || !head.iter().all(|b| alphabet(b) || matches!(b, b'\r' | b'\n')) {
        return None;
    }
    let mut characters: Vec<u8> = text.iter().copied().filter(alphabet).collect();
    characters.truncate(characters.len() / 4 * 4);
    mail_parser::decoders::base64::base64_decode(&characters)
}

fn fields(text: &[u8]) -> Answer {
    let mut rest = text;
    let quoted = text.trim_ascii_start().starts_with(b">");
    while let [b'\r' | b'\n', tail @ ..] = rest {
        rest = tail;
    }
    let (mut typical, mut fields, mut ended) = (0_u32, 0_u32, false);
    // Old Mac line ends occur; LF and CR LF give empty pieces only at the blank line.
    for line in lines(rest).take(LINES) {
        let line = if quoted { unquoted(line) } else { line };
        if line.is_empty() {
            ended = true;
            break;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            if fields == 0 {
                break;
            }
            continue;
        }
        let Some(name) = field_name(line) else {
            // Whoever quotes headers loses their folds.
            if quoted && fields > 0 {
                continue;
            }
            break;
        };
        fields += 1;
        typical += u32::from(is_typical(name));
    }
    match (typical, fields, ended) {
        (2.., ..) | (1, _, true) => Answer::Yes(500 + typical),
        (_, 2.., _) => Answer::Maybe {
            score: 10,
            missing: vec!["header fields of a message (Received, From, Date, Subject)"],
        },
        _ => Answer::No("the first line is no message header field".to_owned()),
    }
}

/// A line without the marks that a mail client puts before what it quotes.
fn unquoted(line: &[u8]) -> &[u8] {
    let mut rest = line;
    while let [b'>', inner @ ..] = rest {
        rest = inner.strip_prefix(b" ").unwrap_or(inner);
    }
    rest
}

/// A message by its first lines, whatever the other rules may say: text from its first byte on,
/// the first line a typical field, and a second one below it. (A header line of a table has a
/// delimiter where this has the colon.)
pub(super) fn at_once(bytes: &[u8]) -> bool {
    let text = |b: &u8| !b.is_ascii_control() || matches!(b, b'\t' | b'\n' | b'\r' | 0x1b);
    let known = |line: &[u8]| field_name(line).is_some_and(is_typical);
    if !bytes.iter().take(TEXT_BYTES).all(text) {
        return false;
    }
    let mut lines = lines(bytes).take(LINES);
    lines.next().is_some_and(known) && lines.take_while(|line| !line.is_empty()).any(known)
}

fn is_typical(name: &[u8]) -> bool {
    TYPICAL.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// Lines, whatever ends them: LF, CR LF, or CR where no LF is there at all.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = if memchr::memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
    text.split(move |&b| b == end).map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// The separator line of an mbox (`From address date`), with header fields below it.
pub(super) fn is_mbox(text: &[u8]) -> bool {
    let mut lines = lines(text);
    lines.next().is_some_and(|line| line.starts_with(b"From "))
        && lines.next().and_then(field_name).is_some()
}
