//! Bounces read from their prose: Exchange's layouts, then whatever names a recipient and a reply.

use super::super::address;
use super::super::headers::HeaderList;
use super::super::words;
use super::{exchange, reply};
use crate::model::BounceRecipient;

/// Lines of prose that are looked at.
pub(super) const MOST_LINES: usize = 4000;
/// Lines behind a recipient that may hold its reply.
const REPLY_LINES: usize = 40;
/// Longest host name kept, bytes.
pub(super) const HOST_LIMIT: usize = 255;

/// Reads recipients from prose.
///
/// `own` are the addresses the bounce itself went to: the sender of the original, not a recipient.
pub(super) fn read(
    list: &HeaderList<'_>,
    own: &[String],
    prose: &str,
    out: &mut Vec<BounceRecipient>,
) {
    let lines: Vec<&str> = prose.lines().take(MOST_LINES).collect();
    exchange::details(&lines, out);
    if out.is_empty() {
        exchange::administrators(&lines, out);
    }
    if out.is_empty() {
        anyone(list, own, &lines, out);
    }
    let action = if delayed(list, prose) { "delayed" } else { "failed" };
    for recipient in out.iter_mut() {
        if recipient.status.is_empty() {
            recipient.status =
                reply::enhanced(&recipient.diagnostic).unwrap_or_default().to_owned();
        }
        recipient.smtp_code = reply::code(&recipient.diagnostic);
        action.clone_into(&mut recipient.action);
    }
}

/// Place of delivery-status fields that stand within the prose.
pub(super) fn embedded(prose: &str) -> Option<usize> {
    let mut at = 0;
    for line in prose.split_inclusive('\n').take(MOST_LINES) {
        let field = ["final-recipient:", "original-recipient:", "reporting-mta:"];
        if field.iter().any(|f| line.get(..f.len()).is_some_and(|l| l.eq_ignore_ascii_case(f))) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// Fills diagnostics that the report leaves empty with the reply the prose gives for the same
/// recipient.
pub(super) fn add_replies(prose: &str, out: &mut [BounceRecipient]) {
    if out.iter().all(|r| !r.diagnostic.is_empty()) {
        return;
    }
    let lines: Vec<&str> = prose.lines().take(MOST_LINES).collect();
    for recipient in out.iter_mut().filter(|r| r.diagnostic.is_empty()).take(64) {
        let named = |line: &&str| line.to_lowercase().contains(&recipient.recipient);
        let Some(at) = lines.iter().position(named).filter(|_| !recipient.recipient.is_empty())
        else {
            continue;
        };
        let behind = lines.get(at..).unwrap_or(&[]);
        let near = behind.get(..REPLY_LINES).unwrap_or(behind);
        let text = reply_text(near).unwrap_or_else(|| said(&lines, at, &recipient.recipient));
        if text.is_empty() {
            continue;
        }
        recipient.smtp_code = reply::code(&text);
        if (recipient.status.is_empty() || reply::says_little(&recipient.status))
            && let Some(code) = reply::enhanced(&text)
        {
            code.clone_into(&mut recipient.status);
        }
        recipient.diagnostic = text;
    }
}

/// Marks recipients that were refused behind the end of the message.
pub(super) fn mark_late(prose: &str, out: &mut [BounceRecipient]) {
    let lower = prose.to_lowercase();
    let says = |text: &str| text.contains("end of data") || text.contains("to data command");
    if !says(&lower) {
        return;
    }
    let alone = out.len() == 1;
    for recipient in out.iter_mut().filter(|r| !r.recipient.is_empty()).take(64) {
        let at = lower.find(recipient.recipient.as_str());
        let near = at.and_then(|at| lower.get(at..)).unwrap_or_default();
        recipient.after_data = alone || says(words::clipped(near, 400));
    }
}

/// Any other system: X-Failed-Recipients, else lines that begin with an address; the reply is the
/// first text with a reply code behind the recipient, else anywhere.
fn anyone(list: &HeaderList<'_>, own: &[String], lines: &[&str], out: &mut Vec<BounceRecipient>) {
    let mut named = Vec::new();
    for field in list.all("X-Failed-Recipients") {
        address::list(&field.unfolded(), &mut named);
    }
    let mut places = leading(lines, own);
    if !named.is_empty() {
        let found = std::mem::take(&mut places);
        for recipient in named {
            let at = found.iter().find(|(_, f)| *f == recipient).map_or(0, |(at, _)| *at);
            if !places.iter().any(|(_, known)| *known == recipient) && places.len() < 64 {
                places.push((at, recipient));
            }
        }
    }
    if places.is_empty()
        && let Some(found) = mentioned(lines, own)
    {
        places.push(found);
    }
    if places.is_empty() {
        // Mail to oneself: sender and recipient are the same.
        places = leading(lines, &[]);
    }
    for (at, recipient) in places {
        let behind = lines.get(at..).unwrap_or(&[]);
        let own = behind.first().copied().unwrap_or_default().trim();
        if transcript(own).is_some() {
            // A line of a transcript is a reply of its own.
            let diagnostic = reply::join(own);
            out.push(BounceRecipient { recipient, diagnostic, ..BounceRecipient::default() });
            continue;
        }
        let diagnostic = reply_text(behind.get(..REPLY_LINES).unwrap_or(behind))
            .or_else(|| reply_text(lines))
            .unwrap_or_else(|| said(lines, at, &recipient));
        out.push(BounceRecipient { recipient, diagnostic, ..BounceRecipient::default() });
    }
}

/// What is said of a recipient in words, without any code: the rest of its line and what stands
/// below it; where that is nothing, the prose.
fn said(lines: &[&str], at: usize, recipient: &str) -> String {
    let own = lines.get(at).copied().unwrap_or_default();
    let own: Vec<&str> = own
        .split_ascii_whitespace()
        .filter(|word| token_address(word).as_deref() != Some(recipient))
        .collect();
    let own = own.join(" ");
    let below = paragraph(lines.get(at + 1..).unwrap_or(&[]));
    let text = reply::join(&format!("{own}\n{below}"));
    let words = |text: &str| text.split(' ').filter(|w| w.chars().any(char::is_alphabetic)).count();
    if words(&text) >= 2 {
        return text;
    }
    let plain = lines.iter().map(|line| line.trim()).filter(|line| words(line) > 0);
    let mut all = String::new();
    for line in plain.take(12) {
        all.push_str(line);
        all.push('\n');
    }
    reply::join(&all)
}

/// Lines that begin with an address, each address once: where it is the addressee of the message
/// that is told of (`To: a@b`), a later line counts instead.
fn leading(lines: &[&str], own: &[String]) -> Vec<(usize, String)> {
    let mut places: Vec<(usize, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(recipient) = leading_address(line)
            && !own.contains(&recipient)
        {
            match places.iter_mut().find(|(_, known)| *known == recipient) {
                Some(place) if is_to(lines.get(place.0)) => place.0 = at,
                Some(_) => {}
                None => places.push((at, recipient)),
            }
        }
        if places.len() == 64 {
            break;
        }
    }
    places
}

/// The paragraph of the first line with a reply code or an enhanced code.
fn reply_text(lines: &[&str]) -> Option<String> {
    let at = lines.iter().position(|line| {
        reply::find(line).is_some() && !line.trim_start().starts_with("---")
            || reply::enhanced(line).is_some()
    })?;
    let lines = lines.get(at..)?;
    // `a@b: 550 no` for several recipients, a line each: every line is a reply of its own.
    let next = lines.iter().skip(1).position(|line| leading_address(line).is_some());
    Some(paragraph(lines.get(..next.map_or(lines.len(), |n| n + 1))?))
}

/// Lines up to a blank one, joined.
fn paragraph(lines: &[&str]) -> String {
    let mut text = String::new();
    let used = lines.iter().map(|l| l.trim()).skip_while(|l| l.is_empty());
    for line in used.take(12).take_while(|l| !l.is_empty() && !l.starts_with("---")) {
        text.push_str(line);
        text.push('\n');
    }
    reply::join(&text)
}

/// An address that is all a line holds (`a@b`, `<a@b>:`, `a@b<mailto:a@b>`).
pub(super) fn lone_address(line: &str) -> Option<String> {
    let line = line.trim().trim_end_matches(':');
    if line.len() > 600 || line.contains(char::is_whitespace) || !line.contains('@') {
        return None;
    }
    let bare = line.split("<mailto:").next().unwrap_or(line);
    token_address(if bare.is_empty() { line } else { bare })
}

/// An address a line begins with, perhaps behind a label (`To:`, `Recipient:`, `RCPT TO:`).
fn leading_address(line: &str) -> Option<String> {
    let mut line = line.trim().trim_start_matches(['*', '-', '>', ' ']);
    line = transcript(line).unwrap_or(line);
    for label in ["recipient address:", "recipient:", "to:", "rcpt to:", "user:", "address:"] {
        if let Some(head) = line.get(..label.len())
            && head.eq_ignore_ascii_case(label)
        {
            line = line.get(label.len()..)?.trim_start();
        }
    }
    let word = line.split_ascii_whitespace().next()?;
    token_address(word.split("<mailto:").next().filter(|w| !w.is_empty()).unwrap_or(word))
}

/// A line of Sendmail's transcript (`554 5.1.1 <a@b>... User unknown`) from its address on.
fn transcript(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['4', '5'])?.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start();
    let rest = match reply::enhanced(rest) {
        Some(code) if rest.starts_with(code) => rest.get(code.len()..)?.trim_start(),
        _ => rest,
    };
    (rest.starts_with('<') && rest.contains(">...")).then_some(rest)
}

fn is_to(line: Option<&&str>) -> bool {
    let line = line.map_or("", |line| line.trim());
    line.get(..3).is_some_and(|label| label.eq_ignore_ascii_case("to:"))
}

/// A line that speaks of a recipient and names one address somewhere within it.
fn mentioned(lines: &[&str], own: &[String]) -> Option<(usize, String)> {
    lines.iter().enumerate().find_map(|(at, line)| {
        let mut words = line.split_ascii_whitespace().filter_map(token_address);
        let word = words.find(|word| {
            let daemon = word.starts_with("postmaster@") || word.starts_with("mailer-daemon@");
            !daemon && !own.contains(word)
        })?;
        Some((at, word))
    })
}

/// A word that is an address, brackets and punctuation removed.
fn token_address(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| {
        matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | ':' | ',' | ';' | '.' | '*')
    });
    let word = word.rsplit_once(":<").map_or(word, |(_, inner)| inner);
    let (local, domain) = word.rsplit_once('@')?;
    let plain = |s: &str| {
        !s.is_empty()
            && s.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
    };
    let known = plain(local) && plain(domain) && domain.contains('.') && word.len() <= 320;
    known.then(|| word.to_lowercase())
}

/// A notice of delay, not of failure.
fn delayed(list: &HeaderList<'_>, prose: &str) -> bool {
    let subject = list.first("Subject").map(|f| f.text().to_lowercase()).unwrap_or_default();
    let head = words::clipped(prose, 4096).to_lowercase();
    subject.contains("delay")
        || (head.contains("will be retried")
            || head.contains("will retry")
            || head.contains("still trying")
            || head.contains("no action is required")
            || head.contains("warning message only"))
            && !head.contains("permanent")
}
