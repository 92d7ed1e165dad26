//! Outlook messages (`.msg`): MAPI properties in an OLE compound file.
//!
//! Comes in: the bytes of a file. Goes out: [`OutlookMessage`], and through
//! [`OutlookMessage::to_rfc5322`] a header block for everything that reads messages. Sources:
//! [MS-OXMSG] (streams and storages), [MS-OXPROPS] (property ids). Attached messages are scopes of
//! their own: nothing of theirs mixes into the outer one.

mod compose;
mod properties;

#[cfg(test)]
mod tests;

use crate::model::Instant;
use cfb::CompoundFile;
use properties::{Kept, Storage, bag};
use std::io::Cursor;

/// First bytes of an OLE compound file.
pub const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Bytes of a file that are read at most.
pub const CAP: usize = 64 << 20;

/// Attached messages inside of attached messages that are looked at.
const DEEPEST: u8 = 3;
/// Recipients and attachments that are looked at.
const MOST: usize = 5000;

/// A recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Display name.
    pub name: String,
    /// Address as stored: SMTP, or an X.500 name where the type is EX.
    pub email: String,
    /// SMTP address, where it stands beside.
    pub smtp: String,
    /// 1 To, 2 Cc, 3 Bcc.
    pub kind: i32,
    /// What a non-delivery report says of this recipient (PidTagSupplementaryInfo, else
    /// PidTagReportText).
    pub report: String,
    /// SMTP status as three numbers (PidTagNonDeliveryReportStatusCode), 0 where not stated.
    pub status: i32,
}

/// What an Outlook message holds. Texts are empty, times `None` where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutlookMessage {
    /// Message class (`IPM.Note`, `REPORT.IPM.Note.NDR`, ...).
    pub class: String,
    /// Subject.
    pub subject: String,
    /// Sender's display name.
    pub sender_name: String,
    /// Sender's address as stored.
    pub sender_email: String,
    /// Its type (`SMTP`, `EX`).
    pub sender_type: String,
    /// Sender's SMTP address, where it stands beside.
    pub sender_smtp: String,
    /// To, as displayed.
    pub display_to: String,
    /// Cc, as displayed.
    pub display_cc: String,
    /// Message-ID with its angle brackets.
    pub message_id: String,
    /// Message-ID of what it answers or reports on.
    pub in_reply_to: String,
    /// Internet headers as they came (PidTagTransportMessageHeaders).
    pub headers: String,
    /// Plain text body.
    pub body: String,
    /// When it was submitted, UTC.
    pub submitted: Option<Instant>,
    /// When it was delivered, UTC.
    pub delivered: Option<Instant>,
    /// Code page of its 8-bit strings, where it has such and names it.
    pub codepage: Option<u16>,
    /// Recipients.
    pub recipients: Vec<Recipient>,
    /// Names of the attachments.
    pub attachments: Vec<String>,
    /// Attached messages.
    pub embedded: Vec<OutlookMessage>,
}

/// Reads an Outlook message.
///
/// # Errors
/// In words, where the container is damaged or holds something else.
pub fn read(bytes: &[u8]) -> Result<OutlookMessage, String> {
    let damaged =
        |error: std::io::Error| format!("a damaged OLE file ({error}); save it again as .eml");
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if !file.is_stream("/__properties_version1.0") {
        return Err("an OLE file, but no Outlook message; give the message (.msg, .eml) or the \
                    export as CSV"
            .to_owned());
    }
    let mut storage = Storage { file: &mut file, left: CAP };
    Ok(message(&mut storage, "/", 32, 0, None))
}

type File<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// The message in a storage; `header` bytes stand before its fixed properties.
fn message(
    storage: &mut Storage<'_, '_>,
    path: &str,
    header: usize,
    depth: u8,
    outer: Option<u16>,
) -> OutlookMessage {
    let own = bag(storage, path, header, None);
    let codepage = properties::codepage(&own).or(outer);
    let mut own = bag(storage, path, header, codepage.or(Some(1252)));
    let mut text = |id| own.text(id);
    let mut out = OutlookMessage {
        class: text(0x001A),
        subject: text(0x0037),
        sender_name: text(0x0C1A),
        sender_email: text(0x0C1F),
        sender_type: text(0x0C1E),
        sender_smtp: text(0x5D01),
        display_to: text(0x0E04),
        display_cc: text(0x0E03),
        message_id: text(0x1035),
        in_reply_to: text(0x1042),
        headers: text(0x007D),
        body: text(0x1000),
        ..OutlookMessage::default()
    };
    if out.sender_email.is_empty() {
        // Sent on behalf: the one whose name stands on it.
        (out.sender_name, out.sender_email) = (text(0x0042), text(0x0065));
        out.sender_smtp = text(0x5D02);
    }
    out.submitted = own.time(0x0039);
    out.delivered = own.time(0x0E06);
    out.codepage = codepage;
    for child in storage.children(path, "__recip_version1.0_#").into_iter().take(MOST) {
        let mut bag = bag(storage, &child, 8, codepage.or(Some(1252)));
        let report = [0x0C1B, 0x1001].map(|id| bag.text(id)).into_iter().find(|t| !t.is_empty());
        out.recipients.push(Recipient {
            name: bag.text(0x3001),
            email: bag.text(0x3003),
            smtp: bag.text(0x39FE),
            kind: bag.int(0x0C15).unwrap_or(1) & 0xF,
            report: report.unwrap_or_default(),
            status: bag.int(0x0C20).unwrap_or(0),
        });
    }
    for child in storage.children(path, "__attach_version1.0_#").into_iter().take(MOST) {
        let mut bag = bag(storage, &child, 8, codepage.or(Some(1252)));
        let name =
            [0x3707, 0x3704, 0x3001].map(|id| bag.text(id)).into_iter().find(|t| !t.is_empty());
        out.attachments.push(name.unwrap_or_default());
        let inner = format!("{child}/__substg1.0_3701000D");
        if depth < DEEPEST && storage.file.is_stream(format!("{inner}/__properties_version1.0")) {
            let inner = message(storage, &inner, 24, depth + 1, codepage);
            out.embedded.push(inner);
        }
    }
    out
}

impl Kept {
    fn text(&mut self, id: u16) -> String {
        self.texts.remove(&id).unwrap_or_default()
    }

    fn int(&self, id: u16) -> Option<i32> {
        self.ints.get(&id).copied()
    }

    fn time(&self, id: u16) -> Option<Instant> {
        self.times.get(&id).copied()
    }
}
