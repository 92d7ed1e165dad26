//! Reports that come by mail: packed in an attachment, or as a part of their own.

use super::{Layout, Read, read};
use crate::decode::message::headers::HeaderList;
use crate::model::documents::{Content, Feedback};
use flate2::read::MultiGzDecoder;
use mail_parser::{MessageParser, MimeHeaders};
use std::io::Read as _;
use std::panic::catch_unwind;

/// Bytes an attachment may unpack to.
const UNPACKED: u64 = 64 << 20;
/// Attachments that are looked at.
const MOST: usize = 50;

/// The headers are those of a mail that brings a report: the subject that RFC 7489 (7.2.1.1) and
/// RFC 8460 (3.3) ask for, or a type that only reports have.
pub fn brings_report(list: &HeaderList<'_>) -> bool {
    let kind =
        list.first("Content-Type").map(|f| f.text().to_ascii_lowercase()).unwrap_or_default();
    let subject = list.first("Subject").map(|f| f.text().to_ascii_lowercase()).unwrap_or_default();
    let packed =
        ["application/gzip", "application/x-gzip", "application/zip", "application/tlsrpt"];
    subject.contains("report domain") && subject.contains("submitter")
        || kind.starts_with("multipart/report")
            && (kind.contains("tlsrpt") || kind.contains("feedback-report"))
        || packed.iter().any(|begin| kind.starts_with(begin))
}

/// The reports in a message.
pub fn in_mail(message: &[u8]) -> Read {
    let mut out = Read::default();
    let parts = catch_unwind(|| parts(message)).unwrap_or_default();
    for (kind, bytes) in parts {
        if kind == "message/feedback-report" {
            let list = HeaderList::read(&bytes);
            let fields = list.iter().take(200).map(|field| {
                (String::from_utf8_lossy(field.name).to_lowercase(), field.text().trim().to_owned())
            });
            let feedback = Feedback { fields: fields.collect() };
            out.documents.push(Content::Feedback(Box::new(feedback)));
            continue;
        }
        for text in unpacked(bytes) {
            let begin = text.trim_ascii_start();
            let found = match begin.first() {
                Some(b'<') if memchr::memmem::find(begin, b"feedback").is_some() => {
                    read("dmarc", Layout::Xml, &text)
                }
                Some(b'{') if memchr::memmem::find(begin, b"\"policies\"").is_some() => {
                    read("tlsrpt", Layout::Json, &text)
                }
                _ => continue,
            };
            out.documents.extend(found.documents);
            out.rejects.extend(found.rejects);
            out.notes.extend(found.notes);
        }
    }
    out
}

/// Type and bytes of the parts that may hold a report.
fn parts(message: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Some(parsed) = MessageParser::default().parse(message) else { return Vec::new() };
    let mut out = Vec::new();
    for part in parsed.parts.iter().take(MOST) {
        let kind = part.content_type().map_or_else(String::new, |kind| {
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
        });
        let bytes = part.contents();
        let magic = bytes.starts_with(b"\x1F\x8B") || bytes.starts_with(b"PK\x03\x04");
        let named =
            kind.contains("xml") || kind.contains("tlsrpt") || kind == "message/feedback-report";
        if magic || named || kind == "application/octet-stream" || kind == "application/json" {
            out.push((kind, bytes.to_vec()));
        }
    }
    out
}

/// The texts in an attachment: itself, or what gzip or ZIP hold. Of what was damaged, what comes
/// out before the damage.
fn unpacked(bytes: Vec<u8>) -> Vec<Vec<u8>> {
    if bytes.starts_with(b"\x1F\x8B") {
        let mut text = Vec::new();
        let _ = MultiGzDecoder::new(bytes.as_slice()).take(UNPACKED).read_to_end(&mut text);
        return vec![text];
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return members(&bytes);
    }
    vec![bytes]
}

/// The members of a ZIP archive in memory, inflated.
fn members(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return out };
    for number in 0..archive.len().min(MOST) {
        let Ok(entry) = archive.by_index_raw(number) else { continue };
        let method = entry.compression();
        let mut packed = Vec::new();
        if entry.take(UNPACKED).read_to_end(&mut packed).is_err() {
            continue;
        }
        if method == zip::CompressionMethod::Deflated {
            let mut text = Vec::new();
            let inflate = flate2::read::DeflateDecoder::new(packed.as_slice());
            let _ = inflate.take(UNPACKED).read_to_end(&mut text);
            out.push(text);
        } else {
            out.push(packed);
        }
    }
    out
}
