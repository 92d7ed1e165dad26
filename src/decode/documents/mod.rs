//! Documents beside the mail: DMARC and TLS reports, settings, certificates, service issues.
//!
//! Comes in: the whole text of an input (they are small; the caller bounds them). Goes out: typed
//! documents, how many records there were, which of them cannot be read and why. A new kind is a
//! reader and a line in [`KINDS`].

mod dmarc;
mod mail;
mod objects;
mod sessions;
mod settings;
mod tls;

#[cfg(test)]
mod tests;

pub use mail::{brings_report, in_mail};

use crate::model::documents::{Content, SettingKind};

/// Bytes of a document that are read at most.
pub const CAP: usize = 64 << 20;

/// What was read of one input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// Documents.
    pub documents: Vec<Content>,
    /// Records that cannot be read: number from 1, and why.
    pub rejects: Vec<(u64, String)>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// How the text of an input is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Delimited rows below a header line.
    Csv {
        /// Delimiter.
        delimiter: u8,
    },
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// Kinds of documents by the name of their dialect.
const KINDS: &[(&str, Reader)] = &[
    ("dmarc", Reader::Dmarc),
    ("tlsrpt", Reader::Tls),
    ("smtp_log", Reader::Sessions),
    ("connectivity_log", Reader::Sessions),
    ("inbound_connector", Reader::Settings(SettingKind::InboundConnector)),
    ("outbound_connector", Reader::Settings(SettingKind::OutboundConnector)),
    ("filter_policy", Reader::Settings(SettingKind::FilterPolicy)),
    ("transport_rule", Reader::Settings(SettingKind::TransportRule)),
    ("certificate", Reader::Settings(SettingKind::Certificate)),
    ("connector_test", Reader::Settings(SettingKind::ConnectorTest)),
    ("health_issue", Reader::Settings(SettingKind::HealthIssue)),
];

#[derive(Clone, Copy)]
enum Reader {
    Dmarc,
    Tls,
    Sessions,
    Settings(SettingKind),
}

/// Reads the text of an input of this dialect.
pub fn read(dialect: &str, layout: Layout, text: &[u8]) -> Read {
    let kind = KINDS.iter().find(|(name, _)| *name == dialect);
    let mut out = Read::default();
    match kind.map(|(_, reader)| *reader) {
        Some(Reader::Dmarc) => match dmarc::read(text) {
            Ok((report, notes)) => {
                out.documents.push(Content::Dmarc(Box::new(report)));
                out.notes = notes;
            }
            Err(why) => out.rejects.push((1, why)),
        },
        Some(Reader::Tls) => match tls::read(text) {
            Ok(report) => out.documents.push(Content::Tls(Box::new(report))),
            Err(why) => out.rejects.push((1, why)),
        },
        Some(Reader::Sessions) => sessions::read(text, &mut out),
        Some(Reader::Settings(kind)) => {
            objects::each(layout, text, &mut out, |object| settings::read(kind, object));
        }
        None => {}
    }
    out
}
