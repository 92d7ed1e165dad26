//! All parts of a run made one report.

use super::Options;
use super::ledger::Ledger;
use super::survey::{Survey, Surveyed};
use crate::decode::DateOrder;
use crate::diagnose::{self, Facts};
use crate::fold::FoldCounts;
use crate::judge::OwnDomains;
use crate::model::report::InputReport;
use crate::model::time::MINUTE;
use crate::model::{Change, InputRole, Instant, Layer, Report, SourceEntry};
use crate::tally::{Tally, tables};
use crate::{detect, knowledge};
use std::collections::{BTreeMap, BTreeSet};

/// Layers whose faults the bounces among message files show.
const NDR_SHOWS: &[Layer] = &[
    Layer::DnsAuth,
    Layer::Connector,
    Layer::SenderReputation,
    Layer::AntiSpam,
    Layer::TransportRule,
    Layer::Recipient,
    Layer::Message,
];

/// What the stages yielded.
pub(super) struct Parts<'a> {
    pub(super) survey: &'a Survey,
    pub(super) ledgers: &'a BTreeMap<u32, Ledger>,
    pub(super) tally: &'a Tally,
    pub(super) counts: &'a FoldCounts,
    pub(super) own: &'a OwnDomains,
    pub(super) changes: Vec<Change>,
    pub(super) settled_until: &'a [i64],
    pub(super) bounces: u64,
}

/// Assembles the report.
pub(super) fn assemble(parts: &Parts<'_>, options: &Options) -> Report {
    let sources: Vec<SourceEntry> = parts
        .survey
        .inputs
        .iter()
        .enumerate()
        .map(|(number, s)| source(parts, number as u32, s))
        .collect();
    let mail = |s: &&SourceEntry| s.role == InputRole::Mail && s.format.is_some();
    let window = sources
        .iter()
        .filter(mail)
        .filter_map(|s| Some((s.first?, s.last?)))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let filtered = holds_only_failures(parts, &sources);
    let facts = Facts {
        paths: sources.iter().map(|s| s.path.clone()).collect(),
        changes: parts.changes.clone(),
        own: parts.own.domains.clone(),
        filtered,
        settled_until: parts.settled_until.iter().copied().max().unwrap_or(i64::MAX),
        shows: shows(&sources, parts.bounces),
    };
    let tally = parts.tally;
    let findings = diagnose::diagnose(tally, &facts);
    let sum = |f: fn(&SourceEntry) -> u64| {
        sources.iter().filter(|s| s.role == InputRole::Mail).map(f).sum()
    };
    let input = InputReport {
        files: sources.len() as u64,
        bytes: sources.iter().map(|s| s.bytes).sum(),
        rows: sum(|s| s.rows),
        rejected: sum(|s| s.rejected),
        duplicates: sum(|s| s.duplicates),
        messages: parts.counts.messages,
        deliveries: tally.totals.deliveries(),
        gaps: if filtered { Vec::new() } else { diagnose::gaps(tally) },
        sources,
    };
    let signatures =
        tables::signatures(tally, |n| facts.paths.get(n as usize).cloned().unwrap_or_default());
    let mut all_tables = tables::tables(tally, options.top);
    all_tables.push(tables::signature_table(&signatures, options.top));
    all_tables.push(diagnose::table(&findings));
    Report {
        version: env!("CARGO_PKG_VERSION").into(),
        knowledge: knowledge::VERSION.into(),
        arguments: options.arguments.clone(),
        window,
        bucket_minutes: (tally.bucket / MINUTE) as u32,
        assumptions: assumptions(parts, filtered),
        totals: tally.totals.finish(),
        layers: diagnose::layers(tally, &facts, &findings),
        findings,
        signatures,
        tables: all_tables,
        input,
    }
}

/// Every export was made with a filter on one status, or there is nothing but bounces: then shares
/// mean nothing.
fn holds_only_failures(parts: &Parts<'_>, sources: &[SourceEntry]) -> bool {
    let mut exports = sources
        .iter()
        .filter(|s| s.role == InputRole::Mail && s.rows > 0)
        .filter(|s| !matches!(s.format, None | Some("eml")))
        .peekable();
    if exports.peek().is_none() {
        return parts.bounces * 2 > parts.tally.totals.deliveries();
    }
    exports.all(|s| s.filter.as_ref().is_some_and(|f| f.starts_with("status=")))
}

fn source(parts: &Parts<'_>, number: u32, surveyed: &Surveyed) -> SourceEntry {
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
    for (word, n) in &ledger.unknown_statuses {
        warnings.push(format!("unknown status {word:?} in {n} rows, counted as outcome unknown"));
    }
    let cap_hit = rule.and_then(|r| r.caps.iter().copied().find(|cap| *cap == rows));
    if let Some(cap) = cap_hit {
        warnings.push(format!(
            "{rows} rows are exactly a limit of this export ({cap}): its oldest rows may be missing"
        ));
    }
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
        warnings,
    }
}

/// Dialects among the readable mail inputs with the layers they show.
fn shows(sources: &[SourceEntry], bounces: u64) -> Vec<(&'static str, &'static [Layer])> {
    let formats: BTreeSet<&'static str> = sources
        .iter()
        .filter(|s| s.role == InputRole::Mail && s.rows > s.rejected)
        .filter_map(|s| s.format)
        .collect();
    let mut shows: Vec<(&'static str, &'static [Layer])> =
        formats.into_iter().filter_map(|f| Some((f, detect::rule(f)?.shows))).collect();
    if bounces > 0 {
        shows.push(("ndr", NDR_SHOWS));
    }
    shows
}

fn assumptions(parts: &Parts<'_>, filtered: bool) -> Vec<String> {
    let mut all = parts.survey.notes.clone();
    let mut orders: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for surveyed in &parts.survey.inputs {
        if let Some(settled) = surveyed.dates
            && let Some(because) = settled.because
        {
            *orders.entry((order_words(settled.order), because)).or_default() += 1;
        }
    }
    for ((order, because), files) in orders {
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        all.push(format!("Dates of {files} are read as {order}: {because}."));
    }
    all.push("Times without a zone are UTC, as message traces write them.".to_owned());
    let domains = parts.own.domains.join(", ");
    all.push(match (parts.own.given, domains.is_empty()) {
        (true, _) => format!("Our domains are {domains}, as given."),
        (false, true) => "Our domains could not be inferred, so that direction is unknown: name \
                          them with --tenant-domain."
            .to_owned(),
        (false, false) => format!(
            "Our domains are taken to be {domains}, inferred from the mail; if that is wrong, name \
             them with --tenant-domain."
        ),
    });
    if filtered {
        all.push(
            "The input holds only one status, or only bounces: shares mean nothing, volumes are \
             compared instead."
                .to_owned(),
        );
    }
    let weight = parts.tally.cases.weight();
    if weight > 1 {
        all.push(format!(
            "Of the failing and held deliveries one in {weight} was looked at one by one: numbers \
             of findings are estimates, all totals are exact."
        ));
    }
    all
}

fn order_words(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Mdy => "month/day/year",
        DateOrder::Dmy => "day/month/year",
        DateOrder::Ymd => "year/month/day",
        DateOrder::Auto => "written",
    }
}
