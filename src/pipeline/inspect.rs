//! What each input is, and whether it can be trusted.

use super::ledger::Ledger;
use super::survey::{Kind, Survey, Surveyed};
use super::{AnalyzeError, Options, Progress, analyze};
use crate::detect;
use crate::model::time::{DAY, HOUR};
use crate::model::{Form, Inspection, Reject, Report, SourceEntry};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Refused records beyond this part make an input untrustworthy: one in a hundred.
const REFUSED: u64 = 100;

/// Reads everything, and says of each input what it is.
///
/// # Errors
/// Only where nothing could be looked at; an input that cannot be read is an entry.
pub fn inspect(
    paths: &[PathBuf],
    options: &Options,
    progress: &dyn Progress,
) -> Result<Vec<Inspection>, AnalyzeError> {
    let options = Options { inspect: true, ..options.clone() };
    Ok(analyze(paths, &options, progress)?.inspections)
}

/// The inputs of a run.
pub(super) fn inspections(
    survey: &Survey,
    ledgers: &BTreeMap<u32, Ledger>,
    report: &Report,
    rejects: &[Reject],
) -> Vec<Inspection> {
    let mut kinds: BTreeMap<u32, BTreeMap<&'static str, u64>> = BTreeMap::new();
    for reject in rejects {
        let kinds = kinds.entry(reject.origin.input).or_default();
        *kinds.entry(reject.reason.kind()).or_default() += 1;
    }
    let none = Ledger::default();
    let inputs = (0..).zip(survey.inputs.iter().zip(&report.input.sources));
    inputs
        .map(|(id, (surveyed, entry))| {
            let ledger = ledgers.get(&id).unwrap_or(&none);
            let rejects = kinds.remove(&id).unwrap_or_default().into_iter().collect();
            one(surveyed, entry, ledger, rejects)
        })
        .collect()
}

fn one(
    surveyed: &Surveyed,
    entry: &SourceEntry,
    ledger: &Ledger,
    rejects: Vec<(&'static str, u64)>,
) -> Inspection {
    let dialect = match &surveyed.kind {
        Kind::Trace { dialect, .. }
        | Kind::Changes { dialect, .. }
        | Kind::Document { dialect } => Some(dialect),
        Kind::Message | Kind::Archive(_) | Kind::Skipped => None,
    };
    let delimiter = dialect.filter(|d| d.form == Form::Csv).map(|d| char::from(d.delimiter));
    let (known, unknown): (Vec<_>, Vec<_>) =
        surveyed.columns.iter().cloned().partition(|(_, known)| *known);
    let names = |list: Vec<(String, bool)>| list.into_iter().map(|(name, _)| name).collect();
    let span = entry.first.zip(entry.last).map(|(first, last)| (first.0, last.0));
    let counted = ledger.hours.as_ref().map(|hours| hours.len() as u64);
    let hours = match (span, counted) {
        (Some((first, last)), Some(_)) => {
            (last.div_euclid(HOUR) - first.div_euclid(HOUR)).unsigned_abs() + 1
        }
        _ => 0,
    };
    let mut entry = entry.clone();
    entry.warnings.extend(window_note(&entry, span));
    let faults = faults(&entry, ledger);
    let mend = (!faults.is_empty()).then(|| mend(&entry, ledger)).flatten();
    Inspection {
        title: entry.format.and_then(detect::rule).map_or("", |rule| rule.title),
        delimiter,
        known: names(known),
        unknown: names(unknown),
        date_order: surveyed.dates.filter(|d| d.because.is_some()).map(|d| d.words()),
        date_reason: surveyed.dates.and_then(|d| d.because),
        zone: surveyed.zone.to_string(),
        zone_open: surveyed.local,
        hours,
        empty_hours: hours.saturating_sub(counted.unwrap_or(hours)),
        provisional: ledger.provisional,
        long_subjects: ledger.long_subjects,
        rejects,
        faults,
        mend,
        entry,
    }
}

/// One query of a message trace gives ten days at most.
fn window_note(entry: &SourceEntry, span: Option<(i64, i64)>) -> Option<String> {
    let traced =
        matches!(entry.format, Some("messagetracev2" | "messagetrace_v1" | "portal_summary"));
    let (first, last) = span.filter(|_| traced)?;
    let whole = (10 * DAY - 2 * HOUR..=10 * DAY).contains(&(last - first));
    whole.then(|| {
        "it spans ten days, the most that one query gives: what is older needs another export"
            .to_owned()
    })
}

/// Why an input cannot be trusted.
fn faults(entry: &SourceEntry, ledger: &Ledger) -> Vec<String> {
    let mut faults = Vec::new();
    if entry.format.is_none() {
        let why = entry.warnings.first().map_or("no reason is known", String::as_str);
        faults.push(format!("it is not read: {why}"));
        return faults;
    }
    if let Some(why) = &ledger.broken {
        faults.push(format!("it was not read to its end: {why}"));
    }
    if let Some(cap) = entry.cap_hit {
        faults.push(format!("it stands exactly at a limit of its export ({cap}): more was there"));
    }
    if ledger.notes.lost_arrays > 0 {
        faults.push(format!(
            "{} records lost their recipients in the export",
            ledger.notes.lost_arrays
        ));
    }
    if ledger.contrary > 0 {
        faults.push(format!("{} records contradict the order of its dates", ledger.contrary));
    }
    if entry.rejected > 0 && entry.rejected * REFUSED > entry.rows {
        faults.push(format!("{} of {} records cannot be read", entry.rejected, entry.rows));
    }
    faults
}

/// Commands that export a format, without the window.
const COMMANDS: &[(&str, &str)] = &[
    ("messagetracev2", "Get-MessageTraceV2"),
    ("messagetrace_v1", "Get-MessageTraceV2"),
    ("messagetracedetail", "Get-MessageTraceDetailV2"),
    ("quarantine", "Get-QuarantineMessage"),
    ("messagetrackinglog", "Get-MessageTrackingLog"),
    ("inbound_connector", "Get-InboundConnector"),
    ("outbound_connector", "Get-OutboundConnector"),
    ("filter_policy", "Get-HostedContentFilterPolicy"),
    ("transport_rule", "Get-TransportRule"),
    ("certificate", "Get-ExchangeCertificate"),
];

/// The command that would mend the first fault.
fn mend(entry: &SourceEntry, ledger: &Ledger) -> Option<String> {
    let format = entry.format?;
    let (_, command) = COMMANDS.iter().find(|(name, _)| *name == format)?;
    let time = |time: Option<crate::model::Instant>| {
        time.map_or_else(|| "...".to_owned(), crate::model::Instant::rfc3339)
    };
    let window =
        format!("{command} -StartDate {} -EndDate {}", time(entry.first), time(entry.last));
    if entry.cap_hit.is_some() {
        return Some(match format {
            "quarantine" => {
                "Get-QuarantineMessage -PageSize 1000 -Page 1, 2, ... | ConvertTo-Json -Depth 5"
                    .to_owned()
            }
            "messagetrackinglog" => format!("{command} -ResultSize Unlimited"),
            _ => format!(
                "{window} -ResultSize 5000 in windows that stay below 5,000 rows, each continued \
                 with -StartingRecipientAddress, | Export-Csv -NoTypeInformation -Encoding UTF8"
            ),
        });
    }
    if ledger.notes.lost_arrays > 0 {
        let column = if format == "messagetrackinglog" { "Recipients" } else { "RecipientAddress" };
        return Some(format!(
            "{command} ... | Select-Object -ExcludeProperty {column} *, @{{n='{column}'; \
             e={{$_.{column} -join ';'}}}} | Export-Csv -NoTypeInformation -Encoding UTF8, or \
             ConvertTo-Json -Depth 5"
        ));
    }
    Some(format!("{command} ... | Export-Csv -NoTypeInformation -Encoding UTF8"))
}
