//! The message/delivery-status part (RFC 3464): one block of fields per recipient.

use super::super::date;
use super::super::headers::{Field, HeaderList};
use super::super::words;
use super::{MOST_RECIPIENTS, reply};
use crate::model::{BounceRecipient, Instant};

/// Longest host name or address kept, bytes.
const LIMIT: usize = 512;

/// Reads a part: its recipients, and the report's Arrival-Date where it has one.
pub(super) fn read(part: &[u8], out: &mut Vec<BounceRecipient>, arrival: &mut Option<Instant>) {
    let mut rest = part;
    for _ in 0..2 * MOST_RECIPIENTS {
        if rest.is_empty() || out.len() >= MOST_RECIPIENTS {
            return;
        }
        let block = HeaderList::read(rest);
        if block.is_empty() {
            return;
        }
        if arrival.is_none() {
            *arrival = block.first("Arrival-Date").and_then(|f| date::parse(&f.text()));
        }
        take_block(&block, out);
        rest = block.body();
    }
}

/// Takes the recipients of a block. Some systems forget the blank line between two recipients:
/// every further Final-Recipient begins a new one.
fn take_block(block: &HeaderList<'_>, out: &mut Vec<BounceRecipient>) {
    let mut current = Raw::default();
    for field in block.iter() {
        if field.is("Final-Recipient") && current.last.is_some() {
            out.extend(std::mem::take(&mut current).finish());
        }
        let slot = match () {
            () if field.is("Final-Recipient") => &mut current.last,
            () if field.is("Original-Recipient") => &mut current.first,
            () if field.is("Action") => &mut current.action,
            () if field.is("Status") => &mut current.status,
            () if field.is("Diagnostic-Code") => &mut current.diagnostic,
            () if field.is("Remote-MTA") => &mut current.remote,
            () => continue,
        };
        slot.get_or_insert(field);
        if out.len() >= MOST_RECIPIENTS {
            return;
        }
    }
    out.extend(current.finish());
}

/// The fields of one recipient.
#[derive(Default)]
struct Raw<'a> {
    last: Option<Field<'a>>,
    first: Option<Field<'a>>,
    action: Option<Field<'a>>,
    status: Option<Field<'a>>,
    diagnostic: Option<Field<'a>>,
    remote: Option<Field<'a>>,
}

impl Raw<'_> {
    fn finish(self) -> Option<BounceRecipient> {
        let last = self.last.map(|f| mailbox(&f)).unwrap_or_default();
        let recipient = if last.contains('@') {
            last
        } else {
            // A local name says less than the address the mail was sent to.
            let first = self.first.map(|f| mailbox(&f)).unwrap_or_default();
            if first.contains('@') || last.is_empty() { first } else { last }
        };
        if recipient.is_empty() && self.status.is_none() && self.diagnostic.is_none() {
            return None;
        }
        let diagnostic = self.diagnostic.map(|f| {
            let text = f.text();
            reply::join(typed(&text))
        });
        let diagnostic = diagnostic.unwrap_or_default();
        let status = self.status.map(|f| f.text().into_owned()).unwrap_or_default();
        // `5.1.10 (host/domain does not accept mail)`: without a diagnostic its comment is one.
        let comment = status.split_once('(').map_or("", |(_, c)| c.trim_end_matches([')', ' ']));
        let diagnostic = if diagnostic.is_empty() { reply::join(comment) } else { diagnostic };
        // A status that says nothing (x.0.0) gives way to the one of the reply.
        let stated = reply::enhanced(&status);
        let status = stated
            .filter(|code| !reply::says_little(code))
            .or_else(|| reply::enhanced(&diagnostic))
            .or(stated)
            .unwrap_or_default()
            .to_owned();
        let action = self.action.map(|f| f.text().to_lowercase()).unwrap_or_default();
        let action = action.split([' ', '(', ';', '\t']).next().unwrap_or_default();
        let remote = self.remote.map(|f| {
            let text = f.text();
            words::clipped(typed(&text), LIMIT).to_lowercase()
        });
        Some(BounceRecipient {
            recipient,
            action: words::clipped(action, 32).to_owned(),
            smtp_code: reply::code(&diagnostic),
            status,
            diagnostic,
            remote_mta: remote.unwrap_or_default(),
            after_data: false,
        })
    }
}

/// A value without its type (`smtp; 550 ...`, `dns;mx.example`).
fn typed(text: &str) -> &str {
    match text.split_once(';') {
        Some((kind, value))
            if kind.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && kind.len() <= 20 =>
        {
            value.trim()
        }
        _ => text.trim(),
    }
}

/// The address of a recipient field: type, brackets and comments left out.
fn mailbox(field: &Field<'_>) -> String {
    let text = field.text();
    let value = typed(&text);
    super::super::address::first(value.as_bytes()).unwrap_or_else(|| {
        let value = value.trim_matches(|c: char| matches!(c, '<' | '>' | '"') || c.is_whitespace());
        words::clipped(value, LIMIT).to_lowercase()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<BounceRecipient> {
        let mut out = Vec::new();
        let mut arrival = None;
        read(text.as_bytes(), &mut out, &mut arrival);
        out
    }

    #[test]
    fn two_recipients() {
        let text = "Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.outlook.com\r\n\
            Arrival-Date: Mon, 2 Nov 2026 08:00:00 +0000\r\n\r\n\
            Original-Recipient: rfc822;alias@contoso.com\r\n\
            Final-Recipient: rfc822;Bob@Fabrikam.example\r\nAction: failed\r\nStatus: 5.7.26\r\n\
            Diagnostic-Code: smtp;550-5.7.26 Unauthenticated email\r\n 550 5.7.26 is not accepted\r\n\
            Remote-MTA: dns;MX.fabrikam.example\r\n\r\n\
            Final-Recipient: rfc822; <eve@fabrikam.example>\r\nAction: Delayed (again)\r\n\
            Status: none\r\nDiagnostic-Code: X-Unix; 450 4.2.2 full\r\n\r\n";
        let two = all(text);
        assert_eq!(two, all(&text.replace("\r\n", "\n")));
        let [bob, eve] = &two[..] else { panic!("{two:?}") };
        assert_eq!(bob.recipient, "bob@fabrikam.example");
        assert_eq!((bob.action.as_str(), bob.status.as_str()), ("failed", "5.7.26"));
        assert_eq!(bob.diagnostic, "550 5.7.26 Unauthenticated email is not accepted");
        assert_eq!((bob.smtp_code, bob.remote_mta.as_str()), (550, "mx.fabrikam.example"));
        assert_eq!((eve.action.as_str(), eve.status.as_str()), ("delayed", "4.2.2"));
        assert_eq!((eve.recipient.as_str(), eve.smtp_code), ("eve@fabrikam.example", 450));
    }

    #[test]
    fn no_blank_line_and_local_names() {
        let two = all("Final-Recipient: rfc822; root\nOriginal-Recipient: rfc822; a@contoso.com\n\
                       Status: 5.1.1\nFinal-Recipient: rfc822; b@contoso.com\nStatus: 5.2.2 (full)\n");
        assert_eq!(two[0].recipient, "a@contoso.com");
        assert_eq!((two[1].recipient.as_str(), two[1].status.as_str()), ("b@contoso.com", "5.2.2"));
    }
}
