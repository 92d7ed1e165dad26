//! Message files: what the headers, the stamps and a bounce's report say.
//!
//! Comes in: the bytes of a message, or of its header block alone. Goes out: [`MessageFacts`].
//! Deliberately absent: what a stamp or a code means, and any I/O. Each stamp has a file and a
//! line in [`STAMPS`].
//!
//! The header walk is our own: which of several copies of a field to believe is a question of
//! position, and a library that hands out "the" header hides it. mail-parser is used for character
//! sets and HTML, behind `catch_unwind`.

mod address;
mod antispam;
mod arc;
mod auth_results;
mod bounce;
mod date;
mod dkim_signature;
mod examine;
mod forefront;
pub mod headers;
mod hops;
mod identities;
pub mod legs;
mod mailbox_delivery;
#[cfg(test)]
mod oracle;
mod organization;
mod pairs;
mod paste;
mod received;
mod received_spf;
mod submission;
mod tags;
#[cfg(test)]
mod tests;
mod trail;
mod words;
pub mod written;

pub use examine::examine;
pub use paste::cleaned;

use crate::model::message::{MessageClass, MessageFacts, Stamps};
use headers::HeaderList;

/// Longest subject kept, bytes.
const SUBJECT_LIMIT: usize = 2048;
/// Longest Message-ID kept, bytes.
const MESSAGE_ID_LIMIT: usize = 1024;

/// A stamp: one family of headers and its decoder.
pub struct Stamp {
    /// Name, as in the documents.
    pub name: &'static str,
    /// Headers it reads.
    pub headers: &'static [&'static str],
    /// Reads them into the stamps of the message.
    decode: fn(&Scope<'_, '_>, &mut Stamps),
}

/// Every stamp, in the order in which they are read: the first SCL found stays.
pub const STAMPS: &[Stamp] = &[
    organization::STAMP,
    forefront::STAMP,
    antispam::STAMP,
    mailbox_delivery::STAMP,
    auth_results::STAMP,
];

/// What a stamp decoder may see: the message's own top headers, never those of attached messages.
struct Scope<'s, 'a> {
    headers: &'s HeaderList<'a>,
    /// Place of the border line, where there is a genuine one.
    border: Option<usize>,
}

/// A message whose header block was walked once.
#[derive(Clone, Debug)]
pub struct Walked<'a> {
    bytes: &'a [u8],
    list: HeaderList<'a>,
    /// It may be a bounce.
    candidate: bool,
    /// The body is there to its end.
    whole: bool,
}

impl<'a> Walked<'a> {
    /// Walks a header block, or a message from its beginning.
    pub fn new(bytes: &'a [u8]) -> Self {
        let list = HeaderList::read(bytes);
        Self { bytes, candidate: bounce::candidate(&list), list, whole: false }
    }

    /// A message that was read to its end, as it was stored.
    pub fn whole(bytes: &'a [u8]) -> Self {
        Self { whole: true, ..Self::new(bytes) }
    }

    /// The body is known to be there to its end.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// What was walked.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The message from its first header on.
    pub fn message(&self) -> &'a [u8] {
        self.list.message()
    }

    /// The headers are those of what may be a bounce, or of a report by a user, so that the body
    /// must be read too.
    pub fn needs_body(&self) -> bool {
        self.candidate || self.is_submission()
    }

    /// A user reports another message, which is attached.
    pub fn is_submission(&self) -> bool {
        submission::is_one(&self.list)
    }

    /// The message that is reported, where this is such a report and holds it.
    pub fn submitted(&self) -> Option<Vec<u8>> {
        if self.is_submission() { submission::original(self.bytes) } else { None }
    }

    /// The headers are those of a mail that brings a report about mail.
    pub fn brings_report(&self) -> bool {
        super::documents::brings_report(&self.list)
    }

    /// [`Walked::facts`] with the trail of the way beside the stamps, for counting.
    pub fn evidence(&self, size: u64) -> Option<MessageFacts> {
        let mut facts = self.facts(size)?;
        if facts.stamps.trusted {
            let border = received::border(&self.list);
            facts.stamps.trail = border.map(|border| Box::new(trail::read(&self.list, border)));
        }
        Some(facts)
    }

    /// What the message says, as much of it as was walked; `size` is the size of the file in
    /// bytes. `None` where no header field can be read.
    pub fn facts(&self, size: u64) -> Option<MessageFacts> {
        let list = &self.list;
        if list.is_empty() {
            return None;
        }
        let mut facts = MessageFacts {
            network_message_id: organization::value(list, organization::NETWORK_MESSAGE_ID)
                .and_then(|id| organization::network_id(&id)),
            message_id: message_id(list, "Message-ID"),
            date: list.first("Date").and_then(|f| date::parse(&f.text())),
            received: received::newest(list),
            from: list.first("From").and_then(|f| address::first(&f.unfolded())),
            return_path: list.first("Return-Path").and_then(|f| address::path(&f.unfolded())),
            subject: list.first("Subject").map(|f| {
                let value = f.unfolded();
                words::collapse(&words::decode(&value), SUBJECT_LIMIT)
            }),
            size,
            stamps: stamps(list),
            ..MessageFacts::default()
        };
        for name in ["To", "Cc"] {
            for field in list.all(name) {
                address::list(&field.unfolded(), &mut facts.to);
            }
        }
        if self.candidate {
            bounce::decode(list, &mut facts);
        } else if bounce::automatic_reply(list) {
            facts.class = MessageClass::AutoReply;
        }
        Some(facts)
    }
}

/// Decodes a message, or as much of it as was read; `size` is the size of the file in bytes.
/// `None` where no header field can be read.
pub fn decode(bytes: &[u8], size: u64) -> Option<MessageFacts> {
    Walked::new(bytes).facts(size)
}

fn stamps(headers: &HeaderList<'_>) -> Stamps {
    let scope = Scope { headers, border: received::border(headers) };
    let mut out = Stamps { trusted: scope.border.is_some(), ..Stamps::default() };
    for stamp in STAMPS {
        (stamp.decode)(&scope, &mut out);
    }
    out
}

/// An id of the topmost header of this name, without angle brackets; of several ids the first.
fn message_id(headers: &HeaderList<'_>, name: &str) -> Option<String> {
    let field = headers.first(name)?;
    let text = field.text();
    let inner = match text.split_once('<') {
        Some((_, inner)) => inner.split('>').next().unwrap_or(inner),
        None => text.split_ascii_whitespace().next().unwrap_or_default(),
    };
    let inner = words::clipped(inner.trim(), MESSAGE_ID_LIMIT);
    (!inner.is_empty()).then(|| inner.to_owned())
}
