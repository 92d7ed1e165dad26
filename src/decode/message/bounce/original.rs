//! The message a bounce returns: from its returned headers, else from headers quoted in the prose,
//! else from the bounce's own In-Reply-To.

use super::super::headers::HeaderList;
use super::super::organization::{NETWORK_MESSAGE_ID, network_id, value};
use super::super::{address, date, message_id};
use crate::model::Instant;
use crate::model::message::OriginalMessage;

/// Fields that quoted headers may begin with, lower case.
const OPENINGS: &[&str] = &[
    "received:",
    "return-path:",
    "message-id:",
    "delivered-to:",
    "from:",
    "to:",
    "date:",
    "subject:",
    "mime-version:",
    "dkim-signature:",
    "authentication-results:",
    "arc-seal:",
    "x-",
];

/// Cuts prose from the headers quoted below it, in whatever language they are announced: they
/// begin where a line opens a block that reads as headers of a message.
pub(super) fn split(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let end = rest.find('\n').map_or(rest.len(), |n| n + 1);
        let line = rest.get(..end).unwrap_or(rest);
        if !opens(line) {
            at += end;
            continue;
        }
        let list = HeaderList::read(rest.as_bytes());
        let has = |name| list.first(name).is_some();
        let other = has("Received") || has("Date") || has("Subject") || has("To");
        if list.len() >= 3 && (has("Message-ID") || has("From")) && other {
            return (text.get(..at).unwrap_or(text), Some(rest));
        }
        // Not headers: go on behind the whole block, so that no line is read twice.
        at += (rest.len() - list.body().len()).max(end);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    (text, None)
}

fn opens(line: &str) -> bool {
    OPENINGS
        .iter()
        .any(|name| line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)))
}

/// What is known of the original; `None` where nothing is.
pub(super) fn read(
    bounce: &HeaderList<'_>,
    returned: Option<&[u8]>,
    quoted: Option<&str>,
    arrival: Option<Instant>,
) -> Option<OriginalMessage> {
    let mut out = OriginalMessage::default();
    for bytes in [returned, quoted.map(str::as_bytes)].into_iter().flatten() {
        fill(&HeaderList::read(bytes), &mut out);
    }
    if out.message_id.is_none() {
        out.message_id = message_id(bounce, "In-Reply-To").or_else(|| {
            // The last reference is the message that was answered.
            let field = bounce.first("References")?;
            let text = field.text();
            let (_, last) = text.rsplit_once('<')?;
            let id = last.split('>').next()?.trim();
            (!id.is_empty()).then(|| id.to_owned())
        });
    }
    out.date = out.date.or(arrival);
    (out != OriginalMessage::default()).then_some(out)
}

/// Fills what is still missing from a header block.
fn fill(list: &HeaderList<'_>, out: &mut OriginalMessage) {
    let id = |name| value(list, name).and_then(|text| network_id(&text));
    // Organization headers are stripped where mail leaves the organisation; the filtering
    // correlation id holds the same number and stays.
    out.network_message_id = out
        .network_message_id
        .or_else(|| id(NETWORK_MESSAGE_ID))
        .or_else(|| id("X-MS-Office365-Filtering-Correlation-Id"));
    if out.message_id.is_none() {
        out.message_id = message_id(list, "Message-ID");
    }
    if out.sender.is_none() {
        out.sender = list.first("From").and_then(|f| address::first(&f.unfolded()));
    }
    if out.date.is_none() {
        out.date = list.first("Date").and_then(|f| date::parse(&f.text()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_headers_are_found() {
        let text = "From: here on it is prose\n\nx\n\nOriginal message headers:\n\n\
                    Received: from a by b; date\nFrom: <A@contoso.com>\nMessage-ID: <m@contoso.com>\n";
        let (prose, quoted) = split(text);
        assert!(prose.ends_with("headers:\n\n"));
        let original = read(&HeaderList::default(), None, quoted, None).unwrap();
        assert_eq!(original.message_id.as_deref(), Some("m@contoso.com"));
        assert_eq!(original.sender.as_deref(), Some("a@contoso.com"));
    }

    #[test]
    fn references_are_the_last_resort() {
        let bounce = HeaderList::read(b"References: <a@x.example> <b@x.example>\n");
        let original = read(&bounce, None, None, None).unwrap();
        assert_eq!(original.message_id.as_deref(), Some("b@x.example"));
        assert_eq!(read(&HeaderList::default(), None, None, None), None);
    }

    #[test]
    fn many_false_openings_cost_little() {
        let text = "To: x\n".repeat(100_000) + &"To: x\n\n".repeat(100_000);
        assert_eq!(split(&text).1, None);
    }
}
