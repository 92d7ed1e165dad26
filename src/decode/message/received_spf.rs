//! Received-SPF (RFC 7208, 9.1), in the forms of Microsoft, Google, policyd-spf and others:
//! a result, a comment, `key=value` pairs that semicolons or blanks part.

use super::auth_results::{Scan, Token};
use super::headers::HeaderList;
use super::tags;
use crate::model::auth::ReceivedSpf;

/// Most lines read of one message.
const MOST: usize = 32;

/// Every line, topmost first.
pub(super) fn all(headers: &HeaderList<'_>, border: Option<usize>) -> Vec<ReceivedSpf> {
    let lines = headers.all("Received-SPF").take(MOST);
    lines
        .map(|field| {
            let mut line = read(&tags::text(&field));
            line.trusted = border.is_some_and(|border| field.index <= border);
            line
        })
        .collect()
}

/// Reads one value.
fn read(text: &str) -> ReceivedSpf {
    let mut out = ReceivedSpf::default();
    let (result, rest) = opening(text.trim_start());
    out.result = tags::lower(result);
    let (comment, rest) = comment(rest.trim_start());
    out.comment = tags::kept(comment);
    let mut scan = Scan::new(rest);
    while let Some(token) = scan.next() {
        if let Token::Pair(key, value) = token {
            pair(key, value, &mut out);
        }
    }
    if out.receiver.is_none() {
        out.receiver = host_before(comment).and_then(tags::kept);
    }
    out.domain = match &out.envelope_from {
        Some(address) => domain(address),
        None => named_in(comment).and_then(domain),
    };
    out
}

/// The result and what follows it. A value that begins with a pair has no result.
fn opening(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let parted = rest.is_empty() || rest.starts_with([' ', '\t', '(', ';']);
    if !parted || rest.trim_start().starts_with('=') { ("", text) } else { (word, rest) }
}

/// The comment at the beginning of a text, without its brackets, and what follows it. One that
/// never closes ends at the next semicolon.
fn comment(text: &str) -> (&str, &str) {
    let Some(inner) = text.strip_prefix('(') else { return ("", text) };
    let mut depth = 1usize;
    let close = inner.bytes().position(|b| {
        match b {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    match close {
        Some(at) => (inner.get(..at).unwrap_or(""), inner.get(at + 1..).unwrap_or("")),
        None => inner.split_once(';').unwrap_or((inner, "")),
    }
}

fn pair(key: &str, value: &str, out: &mut ReceivedSpf) {
    let kept = match key.to_ascii_lowercase().as_str() {
        "identity" => {
            if out.identity.is_none() {
                out.identity = tags::lower(value);
            }
            return;
        }
        "client-ip" => (&mut out.client_ip, value),
        "envelope-from" => (&mut out.envelope_from, without_brackets(value)),
        "helo" => (&mut out.helo, value),
        "receiver" => (&mut out.receiver, value),
        _ => return,
    };
    let (slot, value) = kept;
    if slot.is_none() {
        *slot = tags::kept(value);
    }
}

/// An address without angle brackets; the null sender keeps them.
fn without_brackets(address: &str) -> &str {
    let inner = address.strip_prefix('<').and_then(|inner| inner.strip_suffix('>'));
    inner.filter(|inner| !inner.is_empty()).unwrap_or(address)
}

/// The host that begins a comment: `mx.example: domain of ..`.
fn host_before(comment: &str) -> Option<&str> {
    let (host, _) = comment.split_once(": ")?;
    let host = host.trim();
    (!host.contains(char::is_whitespace)).then_some(host)
}

/// The sender or domain that a comment speaks of. Wordings of Microsoft and of the reference
/// implementations: `domain of [transitioning] X ..`, `.. lookup of X: ..`, `X does not designate
/// permitted sender hosts`.
fn named_in(comment: &str) -> Option<&str> {
    for words in ["domain of ", "lookup of "] {
        if let Some((_, rest)) = comment.split_once(words) {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("transitioning ").unwrap_or(rest);
            return rest.split_ascii_whitespace().next();
        }
    }
    let (before, _) = comment.split_once(" does not designate ")?;
    before.split_ascii_whitespace().next_back()
}

/// The domain of an address, or a bare domain, lower case.
fn domain(address: &str) -> Option<String> {
    let domain = address.rsplit('@').next()?;
    tags::lower(domain.trim_matches(|c| matches!(c, '<' | '>' | '"' | ':' | ',' | '.' | ' ')))
}

#[cfg(test)]
mod tests {
    use super::super::pairs::LIMIT;
    use super::*;

    #[test]
    fn the_form_of_the_rfc() {
        let line = read(
            "pass (mx.contoso.com: domain of ann@news.fabrikam.com designates 192.0.2.1 as \
             permitted sender) receiver=mx.contoso.com; client-ip=192.0.2.1; \
             envelope-from=\"ann@News.fabrikam.com\"; helo=mail.fabrikam.com; identity=MailFrom;",
        );
        let expected = ReceivedSpf {
            result: Some("pass".into()),
            comment: Some("mx.contoso.com: domain of ann@news.fabrikam.com designates 192.0.2.1 as permitted \
                 sender".into()),
            client_ip: Some("192.0.2.1".into()),
            envelope_from: Some("ann@News.fabrikam.com".into()),
            helo: Some("mail.fabrikam.com".into()),
            receiver: Some("mx.contoso.com".into()),
            identity: Some("mailfrom".into()),
            domain: Some("news.fabrikam.com".into()),
            trusted: false,
        };
        assert_eq!(line, expected);
    }

    #[test]
    fn microsofts_wordings() {
        for (text, result, domain) in [
            (
                "Pass (H: domain of Fabrikam.com designates 192.0.2.9 as permitted sender)",
                "pass",
                "fabrikam.com",
            ),
            (
                "Fail (H: domain of fabrikam.com does not designate 192.0.2.9 as permitted sender)",
                "fail",
                "fabrikam.com",
            ),
            (
                "SoftFail (H: domain of transitioning fabrikam.com discourages use of 192.0.2.9 as permitted sender)",
                "softfail",
                "fabrikam.com",
            ),
            (
                "None (H: fabrikam.com does not designate permitted sender hosts)",
                "none",
                "fabrikam.com",
            ),
            (
                "Neutral (H: 192.0.2.9 is neither permitted nor denied by domain of fabrikam.com)",
                "neutral",
                "fabrikam.com",
            ),
            (
                "TempError (H: error in processing during lookup of fabrikam.com: DNS Timeout)",
                "temperror",
                "fabrikam.com",
            ),
            (
                "PermError (H: domain of fabrikam.com used an invalid SPF mechanism)",
                "permerror",
                "fabrikam.com",
            ),
        ] {
            let text = text.replace("H:", "protection.outlook.com:");
            let line = read(&format!(
                "{text} receiver=protection.outlook.com; client-ip=2001:db8::9; \
                 helo=mail.fabrikam.com; pr=C"
            ));
            assert_eq!(line.result.as_deref(), Some(result), "{text}");
            assert_eq!(line.domain.as_deref(), Some(domain), "{text}");
            assert_eq!(line.receiver.as_deref(), Some("protection.outlook.com"));
            assert_eq!(line.client_ip.as_deref(), Some("2001:db8::9"));
            assert_eq!(line.helo.as_deref(), Some("mail.fabrikam.com"));
        }
    }

    #[test]
    fn other_writers_and_broken_lines() {
        let line =
            read("Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; receiver=<UNKNOWN>");
        assert_eq!((line.domain, line.receiver), (None, Some("<UNKNOWN>".into())));
        let line = read("softfail(a (b) c)client-ip = 192.0.2.1 helo=x helo=y envelope-from=<>");
        assert_eq!(line.comment, Some("a (b) c".into()));
        assert_eq!((line.helo, line.client_ip), (Some("x".into()), Some("192.0.2.1".into())));
        assert_eq!((line.envelope_from, line.domain), (Some("<>".into()), None));
        let line = read("client-ip=192.0.2.1; pass");
        assert_eq!((line.result, line.client_ip), (None, Some("192.0.2.1".into())));
        let line = read("none (never closed; helo=x");
        assert_eq!((line.comment, line.helo), (Some("never closed".into()), Some("x".into())));
        assert_eq!(read(""), ReceivedSpf::default());
        assert_eq!(read("\u{1b}[2J").result, None);
    }

    #[test]
    fn lines_above_the_border_are_ours() {
        let text =
            b"Received-SPF: pass\r\n\t(a: domain of\r\n b.example x) \xe9=1\r\nReceived: x\r\n\
            received-spf: fail\r\n";
        let lines = all(&HeaderList::read(text), Some(1));
        let shown: Vec<_> = lines.iter().map(|l| (l.result.as_deref(), l.trusted)).collect();
        assert_eq!(shown, [(Some("pass"), true), (Some("fail"), false)]);
        assert_eq!(lines[0].domain.as_deref(), Some("b.example"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_line(
            text in "(pass|None)?[ (:]{0,3}(domain of )?[\\PC\u{1}\u{130}]{0,60}",
            tail in "[a-z-]{0,8}[=;() \"<>@.]{0,9}\\PC{0,300}",
        ) {
            let line = read(&format!("{text}{tail}"));
            let kept = [
                line.result, line.comment, line.client_ip, line.envelope_from, line.helo,
                line.receiver, line.identity, line.domain,
            ];
            for value in kept.into_iter().flatten() {
                proptest::prop_assert!(!value.is_empty() && value.len() <= LIMIT);
                proptest::prop_assert!(!value.contains(char::is_control));
            }
        }
    }
}
