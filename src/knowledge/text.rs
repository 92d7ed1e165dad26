//! The anatomy of a masked failure text: wrappers, quoted replies, continuation lines, codes.

/// An enhanced status code as numbers.
pub(super) type Code = [u16; 3];

/// Reads `5.7.26`, and nothing else.
pub(super) fn parse_code(text: &str) -> Option<Code> {
    let mut parts = text.trim().split('.');
    let mut next = || {
        let part = parts.next()?;
        let short = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        short.then(|| part.parse().ok()).flatten()
    };
    let code = [next()?, next()?, next()?];
    (parts.next().is_none() && matches!(code[0], 2 | 4 | 5)).then_some(code)
}

/// The first enhanced status code in a text.
pub(super) fn find_code(text: &str) -> Option<Code> {
    let inside = |c: char| !(c.is_ascii_digit() || c == '.');
    text.split(inside).find_map(|run| parse_code(run.trim_matches('.')))
}

/// `5.7.26`.
pub(super) fn spell(code: Code) -> String {
    format!("{}.{}.{}", code[0], code[1], code[2])
}

/// Says nothing beyond "failed" or "failed for now".
pub(super) const fn is_generic(code: Code) -> bool {
    code[1] == 0 && code[2] == 0
}

/// The SMTP reply code a text begins with.
pub(super) fn leading_reply(text: &str) -> Option<u16> {
    let head = text.trim_start_matches(['#', '<', ' ']).get(..4)?;
    let (digits, next) = head.split_at_checked(3)?;
    let reply: u16 = digits.parse().ok()?;
    ((200..600).contains(&reply) && matches!(next, " " | "-")).then_some(reply)
}

/// A masked text taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// What the system at hand said.
    pub outer: &'a str,
    /// What it quotes of the remote server: behind `->`, or a reply in `[Message=..]`.
    pub inner: Option<&'a str>,
}

/// Finds the words of the remote server inside the words of the system that quotes it.
pub(super) fn unwrap(masked: &str) -> Parts<'_> {
    let outer = quoted_reply(masked).unwrap_or(masked);
    Parts { outer, inner: behind_arrow(outer).or_else(|| inner_message(outer)) }
}

/// `Remote Server returned '550 ...'` of a non-delivery report's body.
fn quoted_reply(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find(" returned '")? + " returned '".len();
    let rest = &text[start..];
    let reply = &rest[..rest.rfind('\'').unwrap_or(rest.len())];
    leading_reply(reply).is_some().then(|| reply.trim())
}

/// The right-hand side of the last `->` of an Exchange wrapper.
fn behind_arrow(text: &str) -> Option<&str> {
    let at = text.rfind("->")?;
    let (left, right) = (&text[..at], text[at + 2..].trim());
    let wrapper = find_code(left).is_some_and(|c| c[2] >= 300) || {
        let lower = left.to_ascii_lowercase();
        ["remote server", "message expired", "framework violation"]
            .iter()
            .any(|w| lower.contains(w))
    };
    (wrapper && right.bytes().any(|b| b.is_ascii_alphabetic())).then_some(right)
}

/// `[Message=451 5.7.3 STARTTLS is required]`, only where it holds a reply of its own.
fn inner_message(text: &str) -> Option<&str> {
    let start = text.find("[Message=")? + "[Message=".len();
    let rest = &text[start..];
    let message = &rest[..rest.find(']').unwrap_or(rest.len())];
    leading_reply(message).is_some().then(|| message.trim())
}

/// Joins a reply of several lines: the repeated `550-5.7.26` or `550 5.7.26` heads go.
pub(super) fn join_reply(text: &str) -> String {
    let Some((reply, code)) = text.split(' ').find_map(continuation_head) else {
        return text.to_owned();
    };
    let mut words: Vec<&str> = Vec::new();
    let mut first = true;
    for word in text.split(' ') {
        let head = continuation_head(word) == Some((reply, code))
            || (word == code && words.last() == Some(&reply));
        if !head {
            words.push(word);
            continue;
        }
        if words.last() == Some(&reply) {
            words.pop();
        }
        if first {
            words.extend([reply, code].iter().filter(|w| !w.is_empty()));
            first = false;
        }
    }
    words.join(" ")
}

/// `550-5.7.26` as (`550`, `5.7.26`).
fn continuation_head(word: &str) -> Option<(&str, &str)> {
    let (reply, code) = word.split_once('-')?;
    let digits = reply.len() == 3 && reply.bytes().all(|b| b.is_ascii_digit());
    (digits && parse_code(code).is_some()).then_some((reply, code))
}

/// Cuts what a server adds behind the reason: ` [outlook.com <time> <id>]`, the server tried, the
/// security state. They vary and say nothing of the cause.
pub(super) fn strip_tail(text: &str) -> &str {
    let mut text = text.trim_end();
    loop {
        let Some(at) = text.ends_with(']').then(|| text.rfind('[')).flatten() else {
            return text;
        };
        let group = &text[at + 1..text.len() - 1];
        let known =
            ["LastAttempted", "SmtpSecurity", "outlook.com", "olc.protection", "exchangelabs.com"]
                .iter()
                .any(|head| group.starts_with(head));
        if !known || at == 0 {
            return text;
        }
        text = text[..at].trim_end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        assert_eq!(parse_code("5.7.26"), Some([5, 7, 26]));
        assert_eq!(parse_code("5.7"), None);
        assert_eq!(parse_code("5.7.26.1"), None);
        assert_eq!(parse_code("3.7.26"), None);
        assert_eq!(find_code("smtp;550-5.7.26 x"), Some([5, 7, 26]));
        assert_eq!(find_code("(#4.4.3)I am"), Some([4, 4, 3]));
        assert_eq!(find_code("version 1.2.3 of"), None);
        assert_eq!(leading_reply("450 4.4.7"), Some(450));
        assert_eq!(leading_reply("999 x"), None);
    }

    #[test]
    fn wrappers_are_opened() {
        let p = unwrap("550 5.7.350 Remote server returned something -> 554 5.7.1 no");
        assert_eq!(p.inner, Some("554 5.7.1 no"));
        let p = unwrap("450 4.4.317 Cannot connect [Message=451 5.7.3 STARTTLS is required] [x=y]");
        assert_eq!(p.inner, Some("451 5.7.3 STARTTLS is required"));
        let p = unwrap("450 4.7.320 Certificate not good [Message=CertificateExpired]");
        assert_eq!(p.inner, None, "a reason, not a reply");
        let p = unwrap("<address> Remote Server returned '550 5.1.1 RESOLVER.X; not found'");
        assert_eq!(p.outer, "550 5.1.1 RESOLVER.X; not found");
        assert_eq!(unwrap("550 a -> b").inner, None, "not every arrow is a wrapper");
    }

    #[test]
    fn continuation_lines_are_joined() {
        assert_eq!(
            join_reply("550-5.7.26 mail of domain's 550-5.7.26 DMARC policy. 550 5.7.26 if so"),
            "550 5.7.26 mail of domain's DMARC policy. if so"
        );
        assert_eq!(join_reply("550 5.1.1 x"), "550 5.1.1 x");
    }

    #[test]
    fn tails_are_cut() {
        assert_eq!(
            strip_tail(
                "450 4.4.316 refused [Message=Socket error code 10061] [LastAttemptedIP=<ip>:25] [outlook.com <time> <id>]"
            ),
            "450 4.4.316 refused [Message=Socket error code 10061]"
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,80}|[-0-9. >=\\[\\]'a-z]{0,80}") {
            let parts = unwrap(&text);
            let _ = (join_reply(parts.outer), strip_tail(&text).len(), find_code(&text), leading_reply(&text));
        }
    }
}
