//! Exchange's own layouts of a bounce's prose.
//!
//! A: "Diagnostic information for administrators", replies in `returned '...'`, in whatever
//! language the rest is. B: a table of labelled lines, English only.

use super::super::address;
use super::super::words;
use super::text::{HOST_LIMIT, MOST_LINES, lone_address};
use super::{MOST_RECIPIENTS, reply};
use crate::model::BounceRecipient;

/// Adds the true cause to expired messages: the report names only the final code, the older
/// attempt in the prose says what the other side answered.
pub(super) fn add_attempts(prose: &str, out: &mut [BounceRecipient]) {
    if !prose.contains("returned '") {
        return;
    }
    let lines: Vec<&str> = prose.lines().take(MOST_LINES).collect();
    for entry in entries(&lines) {
        let Some((cause, host)) = older_attempt(&entry.body) else {
            continue;
        };
        for known in out.iter_mut().filter(|r| r.recipient == entry.recipient) {
            append(known, &cause, &host);
        }
    }
}

fn append(recipient: &mut BounceRecipient, cause: &str, host: &str) {
    if !recipient.diagnostic.contains(cause) {
        recipient.diagnostic = reply::join(&format!("{} -> {cause}", recipient.diagnostic));
    }
    if recipient.remote_mta.is_empty() {
        recipient.remote_mta = words::clipped(host, HOST_LIMIT).to_lowercase();
    }
}

/// What stands below one recipient in "Diagnostic information for administrators".
struct Entry {
    recipient: String,
    body: String,
}

/// Layout A: an address alone on its line, then a host, dated attempts and the reply.
fn entries(lines: &[&str]) -> Vec<Entry> {
    // In whatever language: the section begins at the last line above the first reply that is an
    // address, so replies decide and not the headings.
    let mut out: Vec<Entry> = Vec::new();
    let mut open = false;
    for line in lines {
        let line = line.trim();
        if let Some(recipient) = lone_address(line) {
            if out.len() >= MOST_RECIPIENTS {
                break;
            }
            let body = String::new();
            out.push(Entry { recipient, body });
            open = true;
        } else if open
            && let Some(entry) = out.last_mut()
            && entry.body.len() < 16_384
        {
            entry.body.push_str(line);
            entry.body.push('\n');
        }
    }
    out.retain(|entry| entry.body.contains("eturned '") || entry.body.contains('#'));
    out
}

/// Layout A, as the only source.
pub(super) fn administrators(lines: &[&str], out: &mut Vec<BounceRecipient>) {
    for entry in entries(lines) {
        let body = entry.body.as_str();
        let (text, host) = match attempts(body).next() {
            Some((text, host)) => (text, host),
            None => match hash_reply(body) {
                Some(text) => (text, ""),
                None => continue,
            },
        };
        // A host alone on the line above the reply is the one that refused.
        let above = body.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
        let host = if !host.is_empty() {
            host
        } else if above.contains('.') && !above.contains([' ', '\'', '#', ':']) {
            above
        } else {
            ""
        };
        let mut recipient = BounceRecipient {
            recipient: entry.recipient,
            diagnostic: reply::join(text),
            ..BounceRecipient::default()
        };
        match older_attempt(body) {
            Some((cause, host)) => append(&mut recipient, &cause, &host),
            None => recipient.remote_mta = words::clipped(host, HOST_LIMIT).to_lowercase(),
        }
        out.push(recipient);
    }
}

/// Replies in `returned '...'`, newest first, with the host of `Server at H (ip) returned`.
fn attempts(body: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (before, after) = rest.split_once("eturned '")?;
        // A reply may hold apostrophes: its end is the last one before the next attempt.
        let limit = after.find("eturned '").unwrap_or(after.len());
        let stretch = after.get(..limit)?;
        let end = stretch.rfind('\'').unwrap_or(stretch.len());
        let text = stretch.get(..end)?;
        rest = after.get(end..)?;
        let host = before.rsplit_once("erver at ").map_or("", |(_, host)| host);
        let host = host.split_ascii_whitespace().next().unwrap_or_default();
        Some((text, host))
    })
}

/// The oldest temporary refusal, where it is not the newest attempt.
fn older_attempt(body: &str) -> Option<(String, String)> {
    let (text, host) = attempts(body).skip(1).filter(|(text, _)| temporary(text)).last()?;
    Some((reply::join(text), host.to_owned()))
}

fn temporary(text: &str) -> bool {
    (400..500).contains(&reply::code(text))
        || reply::enhanced(text).is_some_and(|c| c.starts_with('4'))
}

/// The older form `#550 5.1.1 RESOLVER...; not found ##`.
fn hash_reply(body: &str) -> Option<&str> {
    let at = body.match_indices('#').find(|(at, _)| {
        body.as_bytes().get(at + 1).is_some_and(|b| matches!(b, b'4' | b'5' | b'<'))
    })?;
    let text = body.get(at.0 + 1..)?;
    let end = text.find('#').unwrap_or(text.len());
    let end = text.find("\n\n").map_or(end, |blank| blank.min(end));
    text.get(..end)
}

/// Layout B: a table of labelled lines. Labels other than English ones are not known.
pub(super) fn details(lines: &[&str], out: &mut Vec<BounceRecipient>) {
    let Some((at, first)) = labelled(lines, "Reported error:").next() else {
        return;
    };
    // A long error wraps: it goes on until the next label or a blank line.
    let mut text = first.to_owned();
    for line in lines.iter().skip(at + 1).take(20) {
        let line = line.trim();
        let labelled = line.split_once(':').is_some_and(|(l, _)| LABELS.contains(&l));
        if line.is_empty() || labelled {
            break;
        }
        text.push(' ');
        text.push_str(line);
    }
    let host = labelled(lines, "Remote server:").next().map_or("", |(_, v)| v);
    let host = host.split_ascii_whitespace().next().unwrap_or_default().to_lowercase();
    for (_, value) in labelled(lines, "Recipient Address:").take(MOST_RECIPIENTS) {
        let Some(recipient) = address::first(value.as_bytes()) else {
            continue;
        };
        out.push(BounceRecipient {
            recipient,
            diagnostic: reply::join(&text),
            remote_mta: words::clipped(&host, HOST_LIMIT).to_owned(),
            ..BounceRecipient::default()
        });
    }
}

/// Lines with this label: their place and value.
fn labelled<'l>(
    lines: &'l [&'l str],
    name: &'static str,
) -> impl Iterator<Item = (usize, &'l str)> {
    lines.iter().enumerate().filter_map(move |(at, line)| {
        let line = line.trim();
        let head = line.get(..name.len())?;
        let value = line.get(name.len()..)?.trim();
        head.eq_ignore_ascii_case(name).then_some((at, value))
    })
}

/// Labels of layout B that end a wrapped value.
const LABELS: &[&str] = &[
    "Reported error",
    "DSN generated by",
    "Remote server",
    "Created Date",
    "Sender Address",
    "Recipient Address",
    "Subject",
    "Status code",
    "Message Hops",
];
