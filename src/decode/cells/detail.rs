//! `Detail` of Get-MessageTraceDetail: a sentence per event.
//!
//! Only sentences that carry a fact in a fixed place; they are English in every export known.

use super::led::{self, Led};
use super::recipient_status::folder;

/// What a detail text says. A fact that the sentence leaves out is an empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailText<'a> {
    /// `Message received by: <server> using <TLS1.2> with <cipher>`.
    Received {
        /// Server of the service.
        server: &'a str,
        /// TLS version, as written (`TLS1.2`); empty where it did not come by SMTP with TLS.
        tls: &'a str,
    },
    /// `Message sent to <host> at <address> using <TLS1.3> with <cipher>`.
    Sent {
        /// Host name of the other server.
        host: &'a str,
        /// Its address.
        ip: &'a str,
        /// TLS version, as written.
        tls: &'a str,
    },
    /// `The message was successfully delivered.`, or `.. to the folder: <folder>`.
    Delivered {
        /// Folder, without `DefaultFolderType:`.
        folder: &'a str,
    },
    /// `Reason: [{LED=..`: a failure record.
    Reason(Led<'a>),
    /// `The message was quarantined.`
    Quarantined,
    /// `Spam confidence level: <n>`, -1 to 9.
    Scl(i8),
    /// `Transport rule: '<name>', ID: ('<GUID>'), ..`.
    TransportRule {
        /// Name of the mail-flow rule; it may hold quotes.
        name: &'a str,
        /// GUID of the rule, as written.
        id: &'a str,
    },
    /// `DLP rule: '<name>', ..`.
    DlpRule {
        /// Name of the rule.
        name: &'a str,
        /// GUID of the rule, as written.
        id: &'a str,
    },
    /// `The message was submitted.`
    Submitted,
    /// Any other text, as written.
    Other(&'a str),
}

/// Reads a detail text, case of its fixed words aside.
pub fn parse(text: &str) -> DetailText<'_> {
    let trimmed = text.trim();
    sentence(trimmed).unwrap_or_else(|| match led::parse(trimmed) {
        Some(record) => DetailText::Reason(record),
        None => DetailText::Other(text),
    })
}

fn sentence(text: &str) -> Option<DetailText<'_>> {
    if let Some(rest) = behind(text, "Message received by:") {
        let mut words = rest.split_whitespace();
        let server = words.next().unwrap_or_default();
        return Some(DetailText::Received { server, tls: tls(words) });
    }
    if let Some(rest) = behind(text, "Message sent to ") {
        let mut words = rest.split_whitespace();
        let host = words.next().unwrap_or_default();
        let at = words.clone().next().is_some_and(|w| w.eq_ignore_ascii_case("at"));
        let ip = if at { words.nth(1).unwrap_or_default() } else { "" };
        return Some(DetailText::Sent { host, ip: ip.trim_end_matches('.'), tls: tls(words) });
    }
    if behind(text, "The message was successfully delivered").is_some() {
        return Some(DetailText::Delivered { folder: folder(text).unwrap_or_default() });
    }
    if let Some(rest) = behind(text, "Spam confidence level:") {
        let number = rest.trim().trim_end_matches('.');
        let level = number.parse().ok().filter(|level| (-1..=9).contains(level))?;
        return Some(DetailText::Scl(level));
    }
    if let Some(rest) = behind(text, "Transport rule:") {
        let (name, id) = rule(rest)?;
        return Some(DetailText::TransportRule { name, id });
    }
    if let Some(rest) = behind(text, "DLP rule:") {
        let (name, id) = rule(rest)?;
        return Some(DetailText::DlpRule { name, id });
    }
    if behind(text, "The message was quarantined").is_some() {
        return Some(DetailText::Quarantined);
    }
    behind(text, "The message was submitted").map(|_| DetailText::Submitted)
}

/// What follows `begin`, where the text begins so in whatever case.
fn behind<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    let head = text.get(..begin.len())?;
    head.eq_ignore_ascii_case(begin).then(|| &text[begin.len()..])
}

/// The word behind `using`.
fn tls<'a>(mut words: impl Iterator<Item = &'a str>) -> &'a str {
    let using = words.next().is_some_and(|w| w.eq_ignore_ascii_case("using"));
    if using { words.next().unwrap_or_default().trim_end_matches(['.', ',']) } else { "" }
}

/// Reads `'<name>', ID: ('<GUID>')`; a name without an id goes up to its last quote.
fn rule(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start().strip_prefix('\'')?;
    for mark in ["', ID: (", "', ID:(", "', Id: (", "',"] {
        if let Some((name, rest)) = text.split_once(mark) {
            let id = if mark.ends_with('(') { rest.split(')').next().unwrap_or("") } else { "" };
            return Some((name, id.trim_matches(['\'', ' '])));
        }
    }
    Some((text.rsplit_once('\'').map_or(text, |(name, _)| name), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        use DetailText as T;
        let id = "11111111-2222-4333-8444-555555555555";
        let rule = format!("Transport rule: 'Bo's, 1st', ID: ('{id}'), DLP policy: '', ID: ().");
        for (text, expected) in [
            (
                "Message received by: FE01 using TLS1.2 with AES256",
                T::Received { server: "FE01", tls: "TLS1.2" },
            ),
            ("message received by: FE01", T::Received { server: "FE01", tls: "" }),
            (
                "Message sent to mx.example.net at 192.0.2.9 using TLS1.3 with AES256",
                T::Sent { host: "mx.example.net", ip: "192.0.2.9", tls: "TLS1.3" },
            ),
            (
                "Message sent to mx.example.net using TLS1.3.",
                T::Sent { host: "mx.example.net", ip: "", tls: "TLS1.3" },
            ),
            ("The message was successfully delivered.", T::Delivered { folder: "" }),
            (
                "The message was successfully delivered to the folder: DefaultFolderType:Inbox",
                T::Delivered { folder: "Inbox" },
            ),
            ("The message was quarantined.", T::Quarantined),
            ("The message was submitted.", T::Submitted),
            ("Spam confidence level: -1", T::Scl(-1)),
            ("Spam confidence level: 12", T::Other("Spam confidence level: 12")),
            (rule.as_str(), T::TransportRule { name: "Bo's, 1st", id }),
            ("DLP rule: 'Cards', policy 'x'", T::DlpRule { name: "Cards", id: "" }),
            ("Transport rule: 'Cut of", T::TransportRule { name: "Cut of", id: "" }),
            ("Transport rule: ?", T::Other("Transport rule: ?")),
            (" anything else ", T::Other(" anything else ")),
            ("", T::Other("")),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn reasons() {
        let DetailText::Reason(led) = parse("Reason: [{LED=450 4.4.1 slow;\nvery};{MSG=") else {
            panic!("no reason")
        };
        assert_eq!((led.reply, led.whole), ("450 4.4.1 slow;\nvery", false));
        assert_eq!(parse("Reason: none"), DetailText::Other("Reason: none"));
    }

    proptest::proptest! {
        #[test]
        fn any_text(begin in "Message received by:|Message sent to |The message was |Transport rule: '|DLP rule: |Reason: \\[\\{LED=|", rest in "([(){}\\[\\];:'é ]|', ID: \\(|at |using |\\PC){0,20}") {
            let text = format!("{begin}{rest}");
            if let DetailText::Other(other) = parse(&text) {
                proptest::prop_assert_eq!(other, text.as_str());
            }
        }
    }
}
