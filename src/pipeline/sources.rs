//! What is said of each input: counts, limits that its export may have run into, warnings.

use super::report::Parts;
use super::survey::Surveyed;
use crate::decode::rows::Notes;
use crate::detect::{self, DialectRule};
use crate::model::{Instant, SourceEntry};

/// The entry of one input in the report.
pub(super) fn source(parts: &Parts<'_>, number: u32, surveyed: &Surveyed) -> SourceEntry {
    let ledger = parts.ledgers.get(&number).cloned().unwrap_or_default();
    let rule = surveyed.format.and_then(detect::rule);
    let rows = ledger.accepted + ledger.rejected;
    let mut warnings = surveyed.warnings.clone();
    if let Some(why) = &ledger.broken {
        warnings.push(format!("reading stopped early: {why}; what was read before counts"));
    }
    if ledger.headers > 0 {
        warnings.push(format!(
            "{} more header lines in mid file (exports appended to each other); they are no rows",
            ledger.headers
        ));
    }
    if ledger.notes.ambiguous_times > 0 {
        warnings.push(format!(
            "{} times stand in an hour that the clocks of {} showed twice, or skipped; of two, the \
             first is taken (daylight time)",
            ledger.notes.ambiguous_times, surveyed.zone
        ));
    }
    if ledger.contrary > 0
        && let Some(dates) = surveyed.dates
    {
        warnings.push(format!(
            "{} of its rows are refused because their dates contradict the order in which this input is \
             read ({}); if exports of different cultures were appended to each other, take them \
             apart, else name the order with --date-order",
            ledger.contrary,
            dates.words()
        ));
    }
    warnings.extend(noticed(&ledger.notes));
    warnings.extend(ledger.remarks.iter().cloned());
    let cap_hit = rule.and_then(|rule| {
        let messages = parts.counts.messages_of.get(&number).copied().unwrap_or(0);
        capped(rule, rows, messages, surveyed.input.bytes, &mut warnings)
    });
    SourceEntry {
        path: surveyed.input.name.clone(),
        role: surveyed.role,
        format: surveyed.format,
        encoding: surveyed.encoding,
        bytes: surveyed.input.bytes,
        rows,
        rejected: ledger.rejected,
        duplicates: parts.counts.duplicates.get(&number).copied().unwrap_or(0),
        first: ledger.span.map(|s| Instant(s.0)),
        last: ledger.span.map(|s| Instant(s.1)),
        cap_hit,
        filter: ledger.filter(),
        cut_short: ledger.broken.is_some(),
        sha256: None,
        warnings,
    }
}

/// The limit of its export that an input stands at: then it is probably not whole.
fn capped(
    rule: &DialectRule,
    rows: u64,
    messages: u64,
    bytes: u64,
    warnings: &mut Vec<String>,
) -> Option<u64> {
    let is = |caps: &'static [u64], n: u64| caps.iter().copied().find(|cap| *cap == n);
    if let Some(cap) = is(rule.caps, rows) {
        warnings.push(format!(
            "{rows} rows are exactly a limit of this export ({cap}): its oldest rows may be missing"
        ));
        return Some(cap);
    }
    if let Some(cap) = is(rule.message_caps, messages) {
        warnings.push(format!(
            "{messages} messages are exactly the limit of this report: others may be missing"
        ));
        return Some(cap);
    }
    // The limit is documented in round megabytes, of whatever kind.
    let near = |cap: &u64| bytes * 100 >= cap * 98 && bytes * 100 <= cap * 106;
    let cap = rule.byte_caps.iter().copied().find(near)?;
    warnings.push(format!(
        "its size is that at which this report is cut ({} MB): rows may be missing",
        cap / 1_000_000
    ));
    Some(cap)
}

/// What decoding noticed, in words.
fn noticed(notes: &Notes) -> Vec<String> {
    let mut warnings = Vec::new();
    for (word, n) in &notes.unknown_statuses {
        warnings.push(format!("unknown status {word:?} in {n} rows, counted as outcome unknown"));
    }
    for (word, n) in &notes.unknown_events {
        warnings.push(format!("unknown event {word:?} in {n} rows, kept and left out of account"));
    }
    if notes.lost_arrays > 0 {
        warnings.push(format!(
            "{} records hold the name of a type in place of their recipients: the export lost them; \
             export again with Select-Object and @{{n='RecipientAddress';e={{$_.RecipientAddress \
             -join ';'}}}}",
            notes.lost_arrays
        ));
    }
    if notes.not_utf8 > 0 {
        warnings.push(format!(
            "{} records hold bytes that are no UTF-8; these cells are read as Windows-1252",
            notes.not_utf8
        ));
    }
    if notes.empty_headers > 0 {
        warnings.push(format!("{} cells for headers are empty", notes.empty_headers));
    }
    if notes.odd_sizes > 0 {
        warnings.push(format!("{} records hold a size that is no number", notes.odd_sizes));
    }
    warnings
}
