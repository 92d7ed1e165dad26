//! Who is said to have written, sent, or to get the answer, and whose copy this is.
//!
//! Sources: RFC 5322, 3.6 (From, Sender, Reply-To, Resent-*); the other names as mail systems and
//! mailers write them.

use super::headers::{Field, HeaderList};
use super::{address, words};
use crate::model::message::Identity;

/// Headers that name somebody on the sender's side.
const SENDERS: &[&str] = &[
    "From",
    "Sender",
    "Reply-To",
    "Return-Path",
    "Resent-From",
    "Resent-Sender",
    "X-Sender",
    "X-Sender-Id",
    "X-Authenticated-Sender",
    "X-Authenticated-User",
    "X-Authenticated-Id",
    "X-Auth-Id",
    "X-SMTP-Auth-User",
    "X-Get-Message-Sender-Via",
    "X-Source-Sender",
    "X-Envelope-From",
    "X-Mail-From",
    "X-Original-From",
    "X-Original-Sender",
    "X-SID-PRA",
    "X-Apparently-From",
    "Errors-To",
    "X-Errors-To",
    "Disposition-Notification-To",
    "Return-Receipt-To",
    "X-Confirm-Reading-To",
    "X-Gm-Original-From",
    "X-Google-Original-From",
];

/// Headers that name the recipient of this copy.
const RECIPIENTS: &[&str] = &[
    "Delivered-To",
    "X-Delivered-To",
    "X-Original-To",
    "X-Envelope-To",
    "Envelope-To",
    "X-RCPT-To",
    "X-MS-Exchange-Organization-OriginalEnvelopeRecipients",
];

/// Most identities kept.
const MOST: usize = 64;
/// Most recipients kept.
const MOST_RECIPIENTS: usize = 16;
/// Longest display name kept, bytes.
const NAME_LIMIT: usize = 1024;
/// Bytes read of one value: the first address is near its beginning.
const VALUE_LIMIT: usize = 16 << 10;

/// The identities, topmost first.
pub(super) fn senders(list: &HeaderList<'_>) -> Vec<Identity> {
    list.any(SENDERS).take(MOST).map(|field| identity(&field)).collect()
}

/// Whose copy this is, topmost first.
pub(super) fn recipients(list: &HeaderList<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for field in list.any(RECIPIENTS) {
        let Some(found) = address::first(head(&field.unfolded())) else { continue };
        if out.len() < MOST_RECIPIENTS && !out.contains(&found) {
            out.push(found);
        }
    }
    out
}

fn head(value: &[u8]) -> &[u8] {
    value.get(..VALUE_LIMIT).unwrap_or(value)
}

fn identity(field: &Field<'_>) -> Identity {
    let whole = field.unfolded();
    let value = head(&whole);
    let (name, address) = if field.is("Return-Path") {
        (None, address::path(value))
    } else {
        (address::name(value), address::first(value))
    };
    let name = name.map(|name| words::collapse(&name, NAME_LIMIT)).filter(|name| !name.is_empty());
    Identity { header: String::from_utf8_lossy(field.name).into_owned(), name, address }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        let text = "From: =?utf-8?Q?Ann_=22a=40contoso.com=22?= <x@fabrikam.example>\n\
            Reply-To: \"Doe, \\\"Ann\\\"\" <B@contoso.com>, c@contoso.com\n\
            Sender: d@contoso.com (Bob (the one))\n\
            Return-Path: <>\n\
            X-Sender: nobody\n\
            X-Get-Message-Sender-Via: host.example: authenticated_id: e@contoso.com\n\
            Delivered-To: f@contoso.com\nDelivered-To: F@contoso.com\nX-Original-To: g@contoso.com\n";
        let list = HeaderList::read(text.as_bytes());
        let shown: Vec<String> = senders(&list)
            .iter()
            .map(|i| {
                let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
                format!("{} {} {}", i.header, or_none(&i.name), or_none(&i.address))
            })
            .collect();
        let expected = [
            "From Ann \"a@contoso.com\" x@fabrikam.example",
            "Reply-To Doe, \"Ann\" b@contoso.com",
            "Sender Bob (the one) d@contoso.com",
            "Return-Path - <>",
            "X-Sender - -",
            "X-Get-Message-Sender-Via - e@contoso.com",
        ];
        assert_eq!(shown, expected);
        assert_eq!(recipients(&list), ["f@contoso.com", "g@contoso.com"]);
    }
}
