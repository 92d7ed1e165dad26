//! What became of each input: every record is accepted or rejected, and counted.

use crate::decode::rows::Notes;
use crate::decode::{DateOrder, time};
use crate::model::block::flag;
use crate::model::time::HOUR;
use crate::model::{RejectReason, Row, Status};
use std::collections::BTreeSet;

/// Remarks kept of one input.
const REMARKS: usize = 20;

/// Counts of one input, or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ledger {
    /// Records accepted.
    pub(super) accepted: u64,
    /// Records refused.
    pub(super) rejected: u64,
    /// Repeated header lines in mid file: not rows, but worth a word.
    pub(super) headers: u64,
    /// Earliest and latest time of an accepted record.
    pub(super) span: Option<(i64, i64)>,
    /// Bit per status code seen.
    pub(super) statuses: u16,
    /// Sender and recipient that all rows share, as far as they do.
    pub(super) only_sender: Only,
    pub(super) only_recipient: Only,
    /// What decoding noticed.
    pub(super) notes: Notes,
    /// Records refused for a date that only another order of day and month makes readable.
    pub(super) contrary: u64,
    /// Records whose state is not final.
    pub(super) provisional: u64,
    /// Subjects of exactly the length at which exports cut them, where that is asked for.
    pub(super) long_subjects: u64,
    /// Hours with a record, where they are asked for.
    pub(super) hours: Option<Hours>,
    /// Things worth a word that decoding said of the input.
    pub(super) remarks: Vec<String>,
    /// Reading ended early: why.
    pub(super) broken: Option<String>,
}

/// Bit per status that may still change.
const PROVISIONAL: u16 = 1 << Status::Pending as u16 | 1 << Status::GettingStatus as u16;

/// Hours in which there was a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hours {
    seen: BTreeSet<i64>,
    last: i64,
}

impl Hours {
    fn add(&mut self, time: i64) {
        let hour = time.div_euclid(HOUR);
        // Records mostly come in the order of time, one way or the other.
        if hour != self.last || self.seen.is_empty() {
            self.seen.insert(hour);
            self.last = hour;
        }
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.seen.len()
    }
}

/// A value that all rows share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Only {
    /// No row yet.
    #[default]
    None,
    /// All rows so far have this one.
    One(String),
    /// They differ.
    Many,
}

impl Only {
    #[inline]
    fn observe(&mut self, value: &str) {
        match self {
            Self::Many => {}
            Self::None => *self = Self::One(value.to_owned()),
            Self::One(one) => {
                if one != value {
                    *self = Self::Many;
                }
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        match other {
            Self::None => {}
            Self::One(value) => self.observe(value),
            Self::Many => *self = Self::Many,
        }
    }
}

impl Ledger {
    /// Notes a row of an accepted record.
    pub(super) fn observe(&mut self, row: &Row<'_>) {
        self.seen_at(row.time);
        // A notice goes to the sender of what it is about: it says nothing of the export's filter.
        if row.flags & flag::NOTICE != 0 {
            return;
        }
        self.statuses |= 1 << row.status;
        self.provisional += u64::from(PROVISIONAL >> row.status & 1);
        self.only_sender.observe(row.sender);
        self.only_recipient.observe(row.recipient);
    }

    /// Notes a refused record.
    pub(super) fn refuse(&mut self, reason: &RejectReason) {
        self.rejected += 1;
        if let RejectReason::Time(text) = reason
            && let Some(written) = time::parse(text.as_bytes())
        {
            let orders = [DateOrder::Mdy, DateOrder::Dmy];
            self.contrary += u64::from(orders.iter().any(|o| written.instant(*o).is_some()));
        }
    }

    /// A ledger that keeps the hours as well, where they are asked for.
    pub(super) fn watching(hours: bool) -> Self {
        Self { hours: hours.then(Hours::default), ..Self::default() }
    }

    /// Widens the span.
    pub(super) fn seen_at(&mut self, time: i64) {
        if let Some(hours) = &mut self.hours {
            hours.add(time);
        }
        self.widen(time);
    }

    fn widen(&mut self, time: i64) {
        self.span = Some(match self.span {
            Some((first, last)) => (first.min(time), last.max(time)),
            None => (time, time),
        });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.headers += other.headers;
        if let Some((first, last)) = other.span {
            self.widen(first);
            self.widen(last);
        }
        self.statuses |= other.statuses;
        self.only_sender.merge(&other.only_sender);
        self.only_recipient.merge(&other.only_recipient);
        self.notes.merge(other.notes);
        self.contrary += other.contrary;
        self.provisional += other.provisional;
        self.long_subjects += other.long_subjects;
        match (&mut self.hours, other.hours) {
            (Some(hours), Some(more)) => hours.seen.extend(more.seen),
            (hours @ None, more) => *hours = more,
            (Some(_), None) => {}
        }
        self.remarks.extend(other.remarks);
        self.remarks.truncate(REMARKS);
        self.broken = self.broken.take().or(other.broken);
    }

    /// The filter the export was made with, where one shows in at least 20 rows.
    pub(super) fn filter(&self) -> Option<String> {
        if self.accepted < 20 {
            return None;
        }
        if self.statuses.is_power_of_two() {
            let status = Status::from_code(self.statuses.trailing_zeros() as u8);
            if !matches!(status, Status::Absent | Status::Delivered) {
                return Some(format!("status={}", status.as_str()));
            }
        }
        match (&self.only_sender, &self.only_recipient) {
            (Only::One(sender), _) if !sender.is_empty() => Some(format!("sender={sender}")),
            (_, Only::One(recipient)) if !recipient.is_empty() => {
                Some(format!("recipient={recipient}"))
            }
            _ => None,
        }
    }
}
