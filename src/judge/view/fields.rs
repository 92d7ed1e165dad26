//! What every header field is for: its group and its meaning.

use super::reading;
use crate::knowledge::stamps::{exchange_header, gateway_header, stamp, stamp_header};
use crate::model::view::{FieldLine, Group, Reading};

/// Names and beginnings (`-` at the end) of header fields with their group and meaning. Sources:
/// the IANA registry of message headers and the RFCs it names.
const KNOWN: &[(&str, Group, &str, &str)] = &[
    ("from", Group::Envelope, "Author, as the message says", "RFC 5322, 3.6.2"),
    ("sender", Group::Envelope, "Who sent it for the author", "RFC 5322, 3.6.2"),
    ("reply-to", Group::Envelope, "Where answers go", "RFC 5322, 3.6.2"),
    ("to", Group::Envelope, "Recipients, as the message says", "RFC 5322, 3.6.3"),
    ("cc", Group::Envelope, "Further recipients, as the message says", "RFC 5322, 3.6.3"),
    ("bcc", Group::Envelope, "Hidden recipients; should not be here", "RFC 5322, 3.6.3"),
    ("subject", Group::Envelope, "Subject", "RFC 5322, 3.6.5"),
    ("date", Group::Envelope, "When the author sent it, by his own clock", "RFC 5322, 3.6.1"),
    (
        "message-id",
        Group::Envelope,
        "Name of the message, given by the sending side",
        "RFC 5322, 3.6.4",
    ),
    ("in-reply-to", Group::Envelope, "Message that this one answers", "RFC 5322, 3.6.4"),
    ("references", Group::Envelope, "Messages of the conversation", "RFC 5322, 3.6.4"),
    ("thread-topic", Group::Envelope, "Subject of the conversation (Outlook)", "MS-OXCMAIL"),
    ("thread-index", Group::Envelope, "Place in the conversation (Outlook)", "MS-OXCMAIL"),
    ("return-path", Group::Envelope, "Envelope sender, written at delivery", "RFC 5321, 4.4"),
    ("delivered-to", Group::Routing, "Mailbox it was put into", "RFC 9228"),
    ("x-original-to", Group::Routing, "Recipient before aliases were resolved", "Postfix"),
    ("envelope-to", Group::Routing, "Envelope recipient", "Exim"),
    ("received", Group::Routing, "One server took it from another", "RFC 5321, 4.4"),
    ("x-received", Group::Routing, "Received line within Google", "as it is met"),
    ("resent-", Group::Routing, "Sent on by a person", "RFC 5322, 3.6.6"),
    ("auto-submitted", Group::Routing, "Written by a machine", "RFC 3834"),
    ("received-spf", Group::Authentication, "SPF as one server checked it", "RFC 7208, 9.1"),
    (
        "authentication-results",
        Group::Authentication,
        "Results of checks of the sender",
        "RFC 8601",
    ),
    ("dkim-signature", Group::Authentication, "Signature of a domain", "RFC 6376"),
    ("dkim-filter", Group::Authentication, "Filter that signed or verified", "OpenDKIM"),
    (
        "x-google-dkim-signature",
        Group::Authentication,
        "Signature of Google for itself",
        "as it is met",
    ),
    ("domainkey-signature", Group::Authentication, "Signature of the time before DKIM", "RFC 4870"),
    ("arc-seal", Group::Authentication, "Seal of the chain of intermediaries", "RFC 8617"),
    (
        "arc-message-signature",
        Group::Authentication,
        "The message as an intermediary passed it on",
        "RFC 8617",
    ),
    (
        "arc-authentication-results",
        Group::Authentication,
        "Results an intermediary found",
        "RFC 8617",
    ),
    ("bimi-", Group::Authentication, "Where the sender's logo is", "BIMI draft"),
    ("list-", Group::Lists, "How to deal with the list", "RFC 2369"),
    ("precedence", Group::Lists, "Bulk or list, by the sender's word", "RFC 3834"),
    ("feedback-id", Group::Lists, "Campaign, for complaint reports", "Google"),
    ("x-mailer", Group::Content, "Program that wrote it, by its own word", "as it is met"),
    ("user-agent", Group::Content, "Program that wrote it, by its own word", "as it is met"),
    ("mime-version", Group::Content, "The message has parts or types", "RFC 2045"),
    ("content-", Group::Content, "Form of the content", "RFC 2045"),
    ("importance", Group::Content, "Importance, by the sender's word", "RFC 2156"),
    ("x-priority", Group::Content, "Importance, by the sender's word", "as it is met"),
    ("accept-language", Group::Content, "Languages of the writer's program", "RFC 4021"),
    ("errors-to", Group::Routing, "Where errors were to go in former times", "RFC 4021"),
];

/// Names that are the filter's.
const FILTERING: &[&str] = &[
    "x-forefront-antispam-report",
    "x-microsoft-antispam",
    "x-exchange-antispam-report",
    "x-ms-exchange-organization-scl",
    "x-ms-exchange-organization-pcl",
    "x-ms-exchange-organization-original-scl",
    "x-ms-exchange-organization-antispam",
    "x-ms-exchange-antispam",
    "x-ms-exchange-atpmessageproperties",
    "x-customspam",
    "spamdiagnostic",
    "x-sid-",
    "x-message-delivery",
    "x-message-info",
];

/// One line a field.
pub(super) fn lines(fields: &[(String, String)]) -> Vec<FieldLine> {
    fields.iter().map(|(name, value)| line(name, value.trim())).collect()
}

fn line(name: &str, value: &str) -> FieldLine {
    let lower = name.to_ascii_lowercase();
    let is = |known: &str| lower == known || known.ends_with('-') && lower.starts_with(known);
    if FILTERING.iter().any(|known| lower.starts_with(known)) {
        let plain = lower.trim_end_matches("-untrusted").trim_end_matches("-original");
        // What the filter's own tables say of the header before a pointer to them.
        let entry = stamp_header(plain).or_else(|| exchange_header(name, value));
        let entry = entry.filter(|e| !e.subject.ends_with('*')).or_else(|| stamp(plain, "", value));
        return FieldLine {
            group: Group::Filtering,
            reading: entry.map(reading).unwrap_or_default(),
        };
    }
    if let Some((_, group, meaning, source)) = KNOWN.iter().find(|(known, ..)| is(known)) {
        let reading = Reading {
            meaning: (*meaning).to_owned(),
            source: (*source).to_owned(),
            confidence: "documented",
        };
        return FieldLine { group: *group, reading };
    }
    if let Some(entry) = exchange_header(name, value) {
        return FieldLine { group: Group::Exchange, reading: reading(entry) };
    }
    if let Some(entry) = gateway_header(name) {
        return FieldLine { group: Group::Gateways, reading: reading(entry) };
    }
    let exchange = ["x-ms-", "x-microsoft-", "x-eop", "x-exchange-"];
    let group = if exchange.iter().any(|stem| lower.starts_with(stem)) {
        Group::Exchange
    } else {
        Group::Other
    };
    FieldLine { group, reading: Reading::default() }
}
