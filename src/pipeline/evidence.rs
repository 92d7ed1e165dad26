//! Inputs that are not mail: read whole, they are small.

use super::ledger::Ledger;
use super::rejects::Rejects;
use super::survey::{Kind, Survey, Surveyed};
use super::{Progress, collect::shorten};
use crate::decode::documents::{self, Layout};
use crate::decode::{DateOrder, Zone, changes};
use crate::discover::archive;
use crate::model::documents::{Content, Document};
use crate::model::{Change, Dialect, Form, Instant, Origin, RawRecord, Reject, RejectReason};
use crate::read::{self, ChunkReader, Sink};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Entries of change logs kept at most.
const MOST: usize = 100_000;

/// What the evidence inputs say.
#[derive(Default)]
pub(super) struct Evidence {
    /// Ascending by time.
    pub(super) changes: Vec<Change>,
    /// In order of their inputs.
    pub(super) documents: Vec<Document>,
    pub(super) ledgers: BTreeMap<u32, Ledger>,
    pub(super) rejects: Rejects,
}

struct Reading<'a> {
    dialect: &'a Dialect,
    order: DateOrder,
    zone: &'a Zone,
    evidence: &'a mut Evidence,
    ledger: Ledger,
}

impl Sink for Reading<'_> {
    fn record(&mut self, record: RawRecord<'_>) {
        match changes::decode(self.dialect, self.order, self.zone, &record) {
            Ok((change, ambiguous)) => {
                self.ledger.accepted += 1;
                self.ledger.notes.ambiguous_times += u64::from(ambiguous);
                if let Some(change) = change {
                    self.ledger.seen_at(change.time.0);
                    if self.evidence.changes.len() < MOST {
                        self.evidence.changes.push(change);
                    }
                }
            }
            Err(reason) => self.reject(Reject { origin: record.origin, reason }),
        }
    }

    fn reject(&mut self, reject: Reject) {
        self.ledger.refuse(&reject.reason);
        self.evidence.rejects.push(shorten(reject));
    }
}

/// Reads a document whole.
fn document(input: u32, surveyed: &Surveyed, dialect: &Dialect, out: &mut Evidence) -> Ledger {
    let mut ledger = Ledger::default();
    let mut text = Vec::new();
    let read = archive::open(&surveyed.input).and_then(|source| {
        read::decoded(source, dialect.encoding)
            .take(documents::CAP as u64 + 1)
            .read_to_end(&mut text)
    });
    ledger.broken = read.err().map(|error| error.to_string());
    if text.len() > documents::CAP {
        let why = format!("a document of more than {} MiB", documents::CAP >> 20);
        ledger.broken = Some(why);
        text.truncate(documents::CAP);
    }
    let layout = match dialect.form {
        Form::Json => Layout::Json,
        Form::Xml => Layout::Xml,
        _ => Layout::Csv { delimiter: dialect.delimiter },
    };
    let found = documents::read(dialect.name, layout, body(&text));
    for content in found.documents {
        let (rows, span) = extent(&content);
        ledger.accepted += rows;
        for time in span {
            ledger.seen_at(time.0);
        }
        out.documents.push(Document { input, content });
    }
    for (line, why) in found.rejects {
        let reason = RejectReason::Other(why);
        ledger.refuse(&reason);
        out.rejects.push(shorten(Reject { origin: Origin { input, line, byte: 0 }, reason }));
    }
    ledger.remarks = found.notes;
    ledger
}

/// Records of a document, and the times it is about.
fn extent(content: &Content) -> (u64, Vec<Instant>) {
    match content {
        Content::Dmarc(r) => {
            ((r.rows.len() as u64).max(1), [r.begin, r.end].into_iter().flatten().collect())
        }
        Content::Tls(r) => (1, [r.begin, r.end].into_iter().flatten().collect()),
        Content::Session(s) => (s.lines, vec![s.begin, s.end]),
        Content::Feedback(_) | Content::Setting(_) => (1, Vec::new()),
    }
}

/// A report that came twice (packed and unpacked, by mail and as a file) counts once.
pub(super) fn drop_copies(documents: &mut Vec<Document>, ledgers: &mut BTreeMap<u32, Ledger>) {
    let mut seen = BTreeSet::new();
    documents.retain(|document| {
        let key = match &document.content {
            Content::Dmarc(r) => ("dmarc", &r.org_name, &r.report_id, &r.domain, r.begin),
            Content::Tls(r) => ("tls", &r.org_name, &r.report_id, &r.org_name, r.begin),
            _ => return true,
        };
        let (kind, org, id, domain, begin) = key;
        let new =
            id.is_empty() || seen.insert((kind, org.clone(), id.clone(), domain.clone(), begin));
        if !new {
            let remark =
                format!("the report {id} of {org} is among the inputs twice; it counts once");
            ledgers.entry(document.input).or_default().remarks.push(remark);
        }
        new
    });
}

/// The text from its header line, or its first bracket, on.
fn body(text: &[u8]) -> &[u8] {
    let mut rest = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    while let Some(feed) = memchr::memchr(b'\n', rest) {
        let line = rest[..feed].trim_ascii();
        let bare = line.strip_prefix(b"\"").unwrap_or(line);
        if !(line.is_empty() || bare.starts_with(b"#TYPE ") || bare.starts_with(b"sep=")) {
            break;
        }
        rest = &rest[feed + 1..];
    }
    rest
}

/// Reads all evidence inputs.
pub(super) fn read(survey: &Survey, progress: &dyn Progress) -> Evidence {
    let mut evidence = Evidence::default();
    for (number, surveyed) in survey.inputs.iter().enumerate() {
        if let Kind::Document { dialect } = &surveyed.kind {
            let ledger = document(number as u32, surveyed, dialect, &mut evidence);
            evidence.ledgers.insert(number as u32, ledger);
            progress.advance(surveyed.input.bytes);
            continue;
        }
        let Kind::Changes { dialect, order } = &surveyed.kind else { continue };
        let mut reading = Reading {
            dialect,
            order: *order,
            zone: &surveyed.zone,
            evidence: &mut evidence,
            ledger: Ledger::default(),
        };
        let done = archive::open(&surveyed.input)
            .and_then(|file| ChunkReader::new(file, dialect))
            .and_then(|mut reader| {
                let splitter = reader.splitter();
                let mut ends = Vec::new();
                while let Some(chunk) = reader.next_chunk()? {
                    splitter.split(&chunk, number as u32, &mut ends, &mut reading);
                }
                Ok(())
            });
        let mut ledger = reading.ledger;
        ledger.broken = done.err().map(|e| e.to_string());
        evidence.ledgers.insert(number as u32, ledger);
        progress.advance(surveyed.input.bytes);
    }
    evidence.changes.sort();
    evidence
}
