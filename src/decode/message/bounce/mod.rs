//! Bounces: who was not reached, why, and which message it was.
//!
//! The machine-readable report (RFC 3464) is taken first; a bounce without one is read from its
//! text. Headers of the returned message never mix with those of the bounce itself.

mod class;
mod exchange;
mod original;
mod parts;
mod reply;
mod ses;
mod status;
mod text;

use super::headers::HeaderList;
use crate::model::BounceRecipient;
use crate::model::message::{MessageClass, MessageFacts};
pub(super) use class::{automatic_reply, candidate};

/// Most recipients taken from one bounce.
const MOST_RECIPIENTS: usize = 1000;

/// Reads a bounce candidate: settles the class, the recipients and the returned message.
pub(super) fn decode(list: &HeaderList<'_>, facts: &mut MessageFacts) {
    let strong = class::certain(list);
    let report = parts::read(list);
    let mut recipients = Vec::new();
    let mut arrival = None;
    for part in &report.status {
        status::read(part, &mut recipients, &mut arrival);
    }
    let body = report.text();
    let (prose, quoted) = original::split(&body);
    if recipients.is_empty()
        && let Some(at) = text::embedded(prose)
    {
        // A report that lost its MIME structure on the way.
        let blocks = prose.get(at..).unwrap_or_default();
        status::read(blocks.as_bytes(), &mut recipients, &mut arrival);
    }
    let mut notice = None;
    if recipients.is_empty() {
        notice = ses::read(&body, &mut recipients);
    }
    if recipients.is_empty() {
        text::read(list, &facts.to, prose, &mut recipients);
    } else {
        exchange::add_attempts(prose, &mut recipients);
        text::add_replies(prose, &mut recipients);
    }
    text::mark_late(prose, &mut recipients);
    recipients.truncate(MOST_RECIPIENTS);
    // Headers that only hint need a reply in the body to be believed.
    let replied = recipients.iter().any(|r| r.smtp_code != 0 || !r.status.is_empty());
    let named = !recipients.is_empty();
    let likely = replied || named && (class::bounce_subject(list) || class::bounce_words(prose));
    if !(strong || likely) {
        if automatic_reply(list) {
            facts.class = MessageClass::AutoReply;
        }
        return;
    }
    // A report of success is no bounce, but it came by itself.
    let success = !recipients.is_empty() && recipients.iter().all(succeeded);
    facts.class = if success { MessageClass::AutoReply } else { MessageClass::Ndr };
    facts.bounce = recipients;
    facts.original =
        notice.or_else(|| original::read(list, report.returned.as_deref(), quoted, arrival));
}

/// The action says that the message went on.
fn succeeded(recipient: &BounceRecipient) -> bool {
    matches!(recipient.action.as_str(), "delivered" | "relayed" | "expanded")
}
