//! The way a message took, from its Received lines.
//!
//! Sources: RFC 5321, 4.4 (`from`, `by`, `with`, then the date behind the last semicolon); lines
//! of Microsoft 365, Postfix, Exim and others as they are met.

use super::date;
use super::headers::HeaderList;
use super::words;
use crate::model::Instant;
use crate::model::message::Hop;
use crate::model::time::SECOND;
use std::net::IpAddr;

/// Most lines read; a loop makes some hundreds.
const MOST: usize = 1000;
/// Longest host kept, bytes.
const LIMIT: usize = 255;

/// The hops, newest first, each with its delay behind the one before it.
pub(super) fn hops(headers: &HeaderList<'_>, border: Option<usize>) -> Vec<Hop> {
    let mut hops: Vec<Hop> = headers
        .all("Received")
        .take(MOST)
        .map(|field| {
            let text = field.text();
            let mut hop = read(&text);
            hop.trusted = border.is_some_and(|border| field.index <= border);
            hop
        })
        .collect();
    for newer in 0..hops.len().saturating_sub(1) {
        let before = hops[newer + 1].time;
        hops[newer].delay_seconds = hops[newer].time.zip(before).map(|(a, b)| between(b, a));
    }
    hops
}

/// Seconds between the oldest and the newest hop whose times can be read.
pub(super) fn delay(hops: &[Hop]) -> Option<i64> {
    let newest = hops.iter().find_map(|hop| hop.time)?;
    let oldest = hops.iter().rev().find_map(|hop| hop.time)?;
    (hops.len() > 1).then(|| between(oldest, newest))
}

fn between(earlier: Instant, later: Instant) -> i64 {
    (later.0 - earlier.0).div_euclid(SECOND)
}

/// Reads one line.
fn read(text: &str) -> Hop {
    let (clause, when) = text.rsplit_once(';').unwrap_or((text, ""));
    // Some systems leave the semicolon out: the date is what stands at the end.
    let time = date::parse(when).or_else(|| trailing_date(text));
    let (address, resolved) = peer(clause);
    let mut hop = Hop { time, tls: tls(clause), address, resolved, ..Hop::default() };
    hop.protocol = protocol(clause);
    let mut wanted = None;
    for word in outside_comments(clause) {
        match (wanted.take(), word) {
            (Some(Clause::By), host) if hop.by.is_none() => hop.by = kept(host),
            (Some(Clause::From), host) if hop.from.is_none() => hop.from = kept(host),
            (Some(Clause::Id), id) if hop.id.is_none() => hop.id = kept(id),
            (Some(Clause::For), to) if hop.recipient.is_none() => {
                let to = to.trim_matches(|c| matches!(c, '<' | '>' | ';'));
                hop.recipient = kept(to).filter(|to| to.contains('@')).map(|to| to.to_lowercase());
            }
            (_, word) if word.eq_ignore_ascii_case("id") => wanted = Some(Clause::Id),
            (_, word) if word.eq_ignore_ascii_case("for") => wanted = Some(Clause::For),
            (_, word) if word.eq_ignore_ascii_case("by") => wanted = Some(Clause::By),
            (_, word) if word.eq_ignore_ascii_case("from") => wanted = Some(Clause::From),
            _ => {}
        }
    }
    hop
}

#[derive(Clone, Copy)]
enum Clause {
    From,
    By,
    Id,
    For,
}

/// Address and name of the peer: in the comment behind `from`, before `by`: `(name [address])`,
/// `(address)`, `([address])`, `(HELO name) (address)`.
fn peer(clause: &str) -> (Option<IpAddr>, Option<String>) {
    let Some(head) = clause.trim_start().get(..5).filter(|h| h.eq_ignore_ascii_case("from "))
    else {
        return (None, None);
    };
    let rest = &clause.trim_start()[head.len()..];
    let rest = &rest[..memchr::memmem::find(rest.as_bytes(), b" by ").unwrap_or(rest.len())];
    let (mut address, mut name) = (None, None);
    // The first word is what the peer calls itself; an address literal there is a claim.
    let behind = rest.trim_start().find(char::is_whitespace).unwrap_or(rest.len());
    let comments = rest.trim_start().get(behind..).unwrap_or("");
    let mut helo = false;
    for word in comments.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';')) {
        if word.is_empty() {
            continue;
        }
        if std::mem::take(&mut helo) {
            continue;
        }
        helo = ["helo", "ehlo"].iter().any(|w| word.eq_ignore_ascii_case(w));
        let inner = word.trim_matches(|c| matches!(c, '[' | ']'));
        let inner = inner.rsplit_once('@').map_or(inner, |(_, host)| host.trim_start_matches('['));
        let literal = inner.get(..5).filter(|p| p.eq_ignore_ascii_case("ipv6:"));
        let text = literal.map_or(inner, |_| &inner[5..]);
        let text = text.split('%').next().unwrap_or(text);
        if let Ok(found) = text.parse::<IpAddr>() {
            address = address.or(Some(found));
        } else if address.is_none()
            && name.is_none()
            && word.contains('.')
            && !word.contains(['=', '/', ':', '['])
        {
            name = kept(inner.trim_end_matches('.'));
        }
    }
    (address, name)
}

/// What stands behind `with`: one word, or Microsoft's three.
fn protocol(clause: &str) -> Option<String> {
    let mut words = outside_comments(clause);
    words.by_ref().find(|word| word.eq_ignore_ascii_case("with"))?;
    let first = words.next()?;
    if first == "Microsoft" {
        return Some("Microsoft SMTP Server".to_owned());
    }
    kept(first)
}

fn kept(host: &str) -> Option<String> {
    let host = host.trim_matches(|c| matches!(c, ';' | ','));
    (!host.is_empty()).then(|| words::clipped(host, LIMIT).to_owned())
}

/// Words outside of comments; a comment may be glued to the word before it.
fn outside_comments(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    text.split(move |c: char| match c {
        '(' => {
            depth += 1;
            true
        }
        ')' => {
            depth = depth.saturating_sub(1);
            true
        }
        c => depth > 0 || c.is_whitespace(),
    })
    .filter(|word| !word.is_empty())
}

/// The TLS version a line names: `version=TLS1_3` (Microsoft, Google), `using TLSv1.2 with cipher`
/// (Postfix), `(TLS1.2)` and `tls TLS_..` of others.
fn tls(clause: &str) -> Option<String> {
    if let Some((_, rest)) = clause.split_once("version=") {
        let version: &str = rest.split([',', ' ', ')', ';']).next()?;
        let sound = version.len() > 3 && version.get(..3)?.eq_ignore_ascii_case("TLS");
        return sound.then(|| words::clipped(version, 16).to_owned());
    }
    let at = clause.find("TLSv")?;
    let version: String =
        clause[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    (version.len() <= 16).then_some(version)
}

/// A date at the end of a line without a semicolon: from its weekday or its day on.
fn trailing_date(text: &str) -> Option<Instant> {
    const WORDS: usize = 6;
    let mut starts: Vec<usize> = Vec::new();
    let mut blank = true;
    for (at, c) in text.char_indices() {
        if blank && !c.is_whitespace() {
            starts.push(at);
        }
        blank = c.is_whitespace();
    }
    // The longest tail that is a date.
    starts.iter().rev().take(WORDS).rev().find_map(|&at| {
        let tail = &text[at..];
        tail.contains(':').then(|| date::parse(tail)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_with_a_clock_that_is_late() {
        let text = "Received: from EX02.contoso.com (192.0.2.2) by EX03.contoso.com (192.0.2.3) with\r\n \
            Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20;\r\n \
            Mon, 2 Nov 2026 08:00:09 +0000\r\n\
            Received: from mx.example.net by EX02.contoso.com with ESMTPS\r\n \
            (using TLSv1.2 with cipher X); Mon, 2 Nov 2026 09:00:12 +0100\r\n\
            Received: by mx.example.net (Postfix, from userid 48) Mon, 2 Nov 2026 07:59:00 +0000\r\n\
            Received: something odd\r\n";
        let list = HeaderList::read(text.as_bytes());
        let hops = hops(&list, Some(0));
        let delays: Vec<_> = hops.iter().map(|h| h.delay_seconds).collect();
        assert_eq!(delays, [Some(-3), Some(72), None, None]);
        assert_eq!(hops[0].tls.as_deref(), Some("TLS1_3"));
        assert_eq!(hops[1].tls.as_deref(), Some("TLSv1.2"));
        assert_eq!(hops[1].from.as_deref(), Some("mx.example.net"));
        assert_eq!(hops[2].by.as_deref(), Some("mx.example.net"));
        assert_eq!(hops[2].from, None);
        assert_eq!(hops[0].address, "192.0.2.2".parse().ok());
        assert_eq!(hops[0].protocol.as_deref(), Some("Microsoft SMTP Server"));
        assert_eq!(hops[0].id.as_deref(), Some("15.20"));
        assert!(hops[0].trusted && !hops[1].trusted);
        assert_eq!(delay(&hops), Some(69));
        assert_eq!(delay(&hops[..1]), None);
    }

    #[test]
    fn who_handed_it_over() {
        for (line, address, name) in [
            ("from a (mx.example.net [192.0.2.1]) by b", "192.0.2.1", "mx.example.net"),
            ("from a (unknown [IPv6:2001:db8::1]) by b", "2001:db8::1", ""),
            ("from a (192.0.2.7) by b (192.0.2.8)", "192.0.2.7", ""),
            ("from unknown (HELO x.example) (192.0.2.9) by b", "192.0.2.9", ""),
            ("from a (2001:db8::5%4) by b", "2001:db8::5", ""),
            ("from mail.example (mail.example. [192.0.2.3]) by b", "192.0.2.3", "mail.example"),
            ("from [192.0.2.4] (port=1 helo=x.example) by b", "", ""),
            ("from a (x@[192.0.2.5]) by b", "192.0.2.5", ""),
            ("by b with SMTP", "", ""),
        ] {
            let hop = read(line);
            let shown = hop.address.map(|a| a.to_string()).unwrap_or_default();
            assert_eq!(
                (shown.as_str(), hop.resolved.as_deref().unwrap_or("")),
                (address, name),
                "{line}"
            );
        }
        let hop = read("from a by b with ESMTPS id abc for <Ann@Contoso.com>; x");
        assert_eq!(hop.protocol.as_deref(), Some("ESMTPS"));
        assert_eq!(
            (hop.id.as_deref(), hop.recipient.as_deref()),
            (Some("abc"), Some("ann@contoso.com"))
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_hop(text in "\\PC{0,120}", tail in "[a-z0-9 :;,+()=]{0,60}") {
            let hop = read(&format!("from {text} by {tail}"));
            proptest::prop_assert!(hop.by.is_none_or(|by| by.len() <= LIMIT));
        }
    }
}
