//! All parts of a run made one report.

use super::Options;
use super::ledger::Ledger;
use super::sources::source;
use super::survey::{Survey, Surveyed};
use super::window::{Sides, Window};
use super::zones;
use crate::diagnose::{self, Facts};
use crate::fold::FoldCounts;
use crate::judge::OwnDomains;
use crate::model::documents::Document;
use crate::model::report::InputReport;
use crate::model::time::MINUTE;
use crate::model::{Change, InputRole, Layer, Report, SourceEntry};
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
    pub(super) documents: Vec<Document>,
    pub(super) settled_until: &'a [i64],
    /// Bounces that speak of what is counted.
    pub(super) bounces: u64,
    /// What is counted; everything where `None`.
    pub(super) window: Option<Window>,
    pub(super) sides: Sides,
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
    let window = match parts.window {
        Some(_) => parts.sides.span,
        None => sources
            .iter()
            .filter(mail)
            .filter_map(|s| Some((s.first?, s.last?)))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
    };
    let filtered = holds_only_failures(parts, &sources);
    let facts = Facts {
        paths: sources.iter().map(|s| s.path.clone()).collect(),
        changes: parts.changes.clone(),
        documents: parts.documents.clone(),
        own: parts.own.domains.clone(),
        filtered,
        settled_until: parts.settled_until.iter().copied().max().unwrap_or(i64::MAX),
        shows: shows(parts, &sources),
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
    all_tables.extend(diagnose::rule_ids(tally, options.top));
    all_tables.push(tables::signature_table(&signatures, options.top));
    all_tables.push(diagnose::table(&findings));
    let by_bucket = diagnose::by_bucket(&findings, tally.bucket);
    all_tables.extend(Some(by_bucket).filter(|table| !table.rows.is_empty()));
    all_tables.extend(diagnose::changes(&facts, &findings));
    all_tables.extend(diagnose::documents::tables(&facts, options.top));
    Report {
        version: env!("CARGO_PKG_VERSION").into(),
        knowledge: knowledge::VERSION.into(),
        arguments: options.arguments.clone(),
        window,
        bucket_minutes: (tally.bucket / MINUTE) as u32,
        assumptions: assumptions(parts, options, filtered),
        totals: tally.totals.finish(),
        layers: diagnose::layers(tally, &facts, &findings),
        listed_one_in: tally.thinned(),
        findings,
        signatures,
        tables: all_tables,
        input,
    }
}

/// True where an input may hold something of what is counted.
fn counts(parts: &Parts<'_>, source: &SourceEntry) -> bool {
    let meets = || {
        let span = source.first.zip(source.last);
        parts.window.is_none_or(|window| span.is_some_and(|span| window.meets(span)))
    };
    source.role == InputRole::Mail && meets()
}

/// Every export was made with a filter on one status, or there is nothing but bounces: then shares
/// mean nothing.
fn holds_only_failures(parts: &Parts<'_>, sources: &[SourceEntry]) -> bool {
    let mut exports = sources
        .iter()
        .filter(|s| counts(parts, s) && s.rows > 0)
        .filter(|s| !matches!(s.format, None | Some("eml")))
        .peekable();
    if exports.peek().is_none() {
        return parts.bounces * 2 > parts.tally.totals.deliveries();
    }
    exports.all(|s| s.filter.as_ref().is_some_and(|f| f.starts_with("status=")))
}

/// Dialects among the readable mail inputs with the layers they show.
fn shows(parts: &Parts<'_>, sources: &[SourceEntry]) -> Vec<(&'static str, &'static [Layer])> {
    let formats: BTreeSet<&'static str> = sources
        .iter()
        .filter(|s| counts(parts, s) && s.rows > s.rejected)
        .filter_map(|s| s.format)
        .collect();
    let mut shows: Vec<(&'static str, &'static [Layer])> =
        formats.into_iter().filter_map(|f| Some((f, detect::rule(f)?.shows))).collect();
    if parts.bounces > 0 {
        shows.push(("ndr", NDR_SHOWS));
    }
    shows
}

/// What the window leaves out, in words.
fn window_assumption(parts: &Parts<'_>) -> Option<String> {
    let window = parts.window?.words();
    let Sides { deliveries, messages, .. } = parts.sides;
    let count = |n: u64, one: &str, many: &str| match n {
        1 => format!("1 {one}"),
        _ => format!("{n} {many}"),
    };
    let what = format!(
        "{} of {}",
        count(deliveries, "delivery", "deliveries"),
        count(messages, "message", "messages")
    );
    let be = if deliveries == 1 { "is" } else { "are" };
    Some(if parts.tally.totals.deliveries() == 0 {
        format!(
            "No mail was received {window}: nothing is counted. {what} outside {be} left out; \
             check --since and --until."
        )
    } else {
        format!("Only mail received {window} is counted; {what} outside {be} left out.")
    })
}

fn assumptions(parts: &Parts<'_>, options: &Options, filtered: bool) -> Vec<String> {
    let mut all = parts.survey.notes.clone();
    all.extend(window_assumption(parts));
    let mut orders: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for surveyed in &parts.survey.inputs {
        if let Some(settled) = surveyed.dates
            && let Some(because) = settled.because
        {
            *orders.entry((settled.words(), because)).or_default() += 1;
        }
    }
    for ((order, because), files) in orders {
        let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        all.push(format!("Dates of {files} are read as {order}: {because}."));
    }
    all.extend(zones::assumptions(&options.zones, &parts.survey.inputs));
    let searched =
        |s: &Surveyed| s.format.and_then(detect::rule).is_some_and(|r| r.always_filtered);
    if parts.survey.inputs.iter().any(searched) {
        all.push(
            "Reports of a search (mtsummary, mtdetail, trace details) hold only what was searched \
             for: shares are shares of that."
                .to_owned(),
        );
    }
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
