//! Message files to observations: one file is one record, a bounce speaks of several recipients.

use crate::model::block::{Row, flag, message_id_hash};
use crate::model::delivery::domain_of;
use crate::model::message::{MessageClass, MessageFacts};
use crate::model::{BounceRecipient, Context, Extra, Instant, Origin, RejectReason};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// Hands out the observations of one message file. `content` is the bytes the facts were read
/// from: equal files are duplicates.
///
/// # Errors
/// [`RejectReason::Time`] where neither Date nor Received can be read.
pub fn observations(
    facts: MessageFacts,
    content: &[u8],
    origin: Origin,
    mut emit: impl FnMut(&Row<'_>, Extra),
) -> Result<(), RejectReason> {
    let Some(time) = facts.received.or(facts.date) else {
        return Err(RejectReason::Time("no Date and no Received time".into()));
    };
    let content_hash = xxh3_64(content);
    let base = Row {
        input: origin.input,
        line: u32::try_from(origin.line).unwrap_or(u32::MAX),
        size: u32::try_from(facts.size).unwrap_or(u32::MAX),
        ..Row::default()
    };
    if facts.class == MessageClass::Ndr && !facts.bounce.is_empty() {
        for recipient in &facts.bounce {
            bounce(&facts, recipient, time, content_hash, &base, content, &mut emit);
        }
        return Ok(());
    }
    let MessageFacts { stamps, ref message_id, ref return_path, ref from, ref to, .. } = facts;
    let id = message_id.as_deref().unwrap_or("");
    let (key, orphan) = key(facts.network_message_id, id, content);
    let row = Row {
        key,
        time: time.0,
        message_id: message_id_hash(id.as_bytes()),
        content: content_hash,
        flags: flag::MESSAGE_LEVEL | orphan,
        sender: return_path.as_deref().or(from.as_deref()).unwrap_or(""),
        recipient: match to.as_slice() {
            [only] => only,
            _ => "",
        },
        ..base
    };
    emit(&row, Extra::Stamps(Box::new(stamps)));
    Ok(())
}

fn bounce(
    facts: &MessageFacts,
    recipient: &BounceRecipient,
    time: Instant,
    content_hash: u64,
    base: &Row<'_>,
    content: &[u8],
    emit: &mut impl FnMut(&Row<'_>, Extra),
) {
    let original = facts.original.as_ref();
    let id = original.and_then(|o| o.message_id.as_deref()).unwrap_or("");
    let (key, orphan) = key(original.and_then(|o| o.network_message_id), id, content);
    // A bounce goes back to the sender of the original.
    let sender = original
        .and_then(|o| o.sender.as_deref())
        .or(facts.to.first().map(String::as_str))
        .unwrap_or("");
    let row = Row {
        key,
        time: original.and_then(|o| o.date).unwrap_or(time).0,
        message_id: message_id_hash(id.as_bytes()),
        content: content_hash ^ xxh3_64(recipient.recipient.as_bytes()),
        flags: flag::BOUNCE | orphan,
        sender,
        recipient: &recipient.recipient,
        ..*base
    };
    emit(&row, Extra::Bounce(Box::new(recipient.clone())));
}

/// The network message id, else a key derived from the Message-ID (so that all orphans of one
/// message meet), else from the file.
fn key(network: Option<u128>, message_id: &str, content: &[u8]) -> (u128, u16) {
    match network {
        Some(key) => (key, 0),
        None if !message_id.is_empty() => (xxh3_128(message_id.as_bytes()), flag::ORPHAN),
        None => (xxh3_128(content), flag::ORPHAN),
    }
}

/// What a message file states about whose domains are ours: Exchange writes its bounces from an
/// accepted domain. (The To of an incoming message may be a list of strangers: it states nothing.)
pub fn state_domains(facts: &MessageFacts, context: &mut Context) {
    let exchange = facts.from.as_deref().filter(|f| f.starts_with("microsoftexchange"));
    if let (MessageClass::Ndr, Some(from)) = (facts.class, exchange)
        && from.contains('@')
    {
        context.domain(domain_of(from)).stated += 1;
    }
}
