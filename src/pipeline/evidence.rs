//! Inputs that are not mail: read whole, they are small.

use super::ledger::Ledger;
use super::rejects::Rejects;
use super::survey::{Kind, Survey};
use super::{Progress, collect::shorten};
use crate::decode::{DateOrder, Zone, changes};
use crate::discover::archive;
use crate::model::{Change, Dialect, RawRecord, Reject};
use crate::read::{ChunkReader, Sink};
use std::collections::BTreeMap;

/// Entries of change logs kept at most.
const MOST: usize = 100_000;

/// What the evidence inputs say.
#[derive(Default)]
pub(super) struct Evidence {
    /// Ascending by time.
    pub(super) changes: Vec<Change>,
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
                self.ledger.seen_at(change.time.0);
                if self.evidence.changes.len() < MOST {
                    self.evidence.changes.push(change);
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

/// Reads all evidence inputs.
pub(super) fn read(survey: &Survey, progress: &dyn Progress) -> Evidence {
    let mut evidence = Evidence::default();
    for (number, surveyed) in survey.inputs.iter().enumerate() {
        let Kind::Changes { dialect, order } = &surveyed.kind else { continue };
        let mut reading = Reading {
            dialect,
            order: *order,
            zone: &surveyed.zone,
            evidence: &mut evidence,
            ledger: Ledger::default(),
        };
        let read = archive::open(&surveyed.input)
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
        ledger.broken = read.err().map(|e| e.to_string());
        evidence.ledgers.insert(number as u32, ledger);
        progress.advance(surveyed.input.bytes);
    }
    evidence.changes.sort();
    evidence
}
