//! `report.json`, schema version 1: the contract of `docs/report.schema.json`.
//!
//! Own types, not `derive` on the model, so that a renamed field inside never changes what
//! scripts read. Every key is always present; unknown is `null`. Floats are rounded to six
//! digits. The text is plain ASCII (everything else is `\uXXXX`), pretty-printed with rows of
//! tables on one line each, and ends with a line feed.

mod layout;

use super::files::REPORT;
use super::{Answer, OutputFile};
use crate::model::report::{LayerReport, SignatureReport, Span};
use crate::model::{
    Cell, Column, Direction, Entity, Evidence, Finding, Instant, Layer, LayerState, Outcome,
    Placement, Report, SourceEntry, Table,
};
use layout::Layout;
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

/// Version of the report's shape.
pub const SCHEMA_VERSION: u32 = 1;

/// `report.json`.
pub fn files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    vec![OutputFile::new(REPORT, move |out| report(answer.report, out))]
}

/// Writes the whole report.
pub fn report(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document::of(report);
    let mut json = serde_json::Serializer::with_formatter(&mut *out, Layout::default());
    document.serialize(&mut json).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

#[derive(serde::Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    window: Window<'a>,
    input: Input<'a>,
    totals: Totals<'a>,
    layers: Vec<LayerLine<'a>>,
    findings: Vec<FindingLine<'a>>,
    signatures: Vec<SignatureLine<'a>>,
    tables: Tables<'a>,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        let totals = &report.totals;
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool {
                name: "mailtriage",
                version: &report.version,
                knowledge: &report.knowledge,
                arguments: &report.arguments,
            },
            window: Window {
                first: report.window.map(|w| Time(w.0)),
                last: report.window.map(|w| Time(w.1)),
                bucket_minutes: report.bucket_minutes,
                assumptions: &report.assumptions,
            },
            input: Input::of(report),
            totals: Totals {
                outcome: Counts(Outcome::ALL, Outcome::as_str, &totals.outcome),
                placement: Counts(Placement::ALL, Placement::as_str, &totals.placement),
                direction: Counts(Direction::ALL, Direction::as_str, &totals.direction),
                failing: totals.failing,
                held: totals.held,
                failing_share: Float(totals.failing_share),
                held_share: Float(totals.held_share),
            },
            layers: Layer::ALL
                .iter()
                .map(|l| LayerLine::of(*l, report.layers.iter().find(|r| r.layer == *l)))
                .collect(),
            findings: report.findings.iter().map(FindingLine::of).collect(),
            signatures: report.signatures.iter().map(SignatureLine::of).collect(),
            tables: Tables(&report.tables),
        }
    }
}

#[derive(serde::Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
    knowledge: &'a str,
    arguments: &'a [String],
}

#[derive(serde::Serialize)]
struct Window<'a> {
    first: Option<Time>,
    last: Option<Time>,
    bucket_minutes: u32,
    assumptions: &'a [String],
}

#[derive(serde::Serialize)]
struct Input<'a> {
    files: u64,
    bytes: u64,
    rows: u64,
    rejected: u64,
    duplicates: u64,
    messages: u64,
    deliveries: u64,
    sources: Vec<SourceLine<'a>>,
    gaps: Vec<Gap>,
}

impl<'a> Input<'a> {
    fn of(report: &'a Report) -> Self {
        let input = &report.input;
        Self {
            files: input.files,
            bytes: input.bytes,
            rows: input.rows,
            rejected: input.rejected,
            duplicates: input.duplicates,
            messages: input.messages,
            deliveries: input.deliveries,
            sources: input.sources.iter().map(SourceLine::of).collect(),
            gaps: input.gaps.iter().map(Gap::of).collect(),
        }
    }
}

#[derive(serde::Serialize)]
pub(super) struct SourceLine<'a> {
    path: &'a str,
    role: &'static str,
    format: Option<&'static str>,
    encoding: Option<&'static str>,
    rows: u64,
    rejected: u64,
    duplicates: u64,
    first: Option<Time>,
    last: Option<Time>,
    cap_hit: Option<u64>,
    filter: Option<&'a str>,
    sha256: Option<&'a str>,
    warnings: &'a [String],
}

impl<'a> SourceLine<'a> {
    pub(super) fn of(source: &'a SourceEntry) -> Self {
        Self {
            path: &source.path,
            role: source.role.as_str(),
            format: source.format,
            encoding: source.encoding.map(crate::model::Encoding::as_str),
            rows: source.rows,
            rejected: source.rejected,
            duplicates: source.duplicates,
            first: source.first.map(Time),
            last: source.last.map(Time),
            cap_hit: source.cap_hit,
            filter: source.filter.as_deref(),
            sha256: source.sha256.as_deref(),
            warnings: &source.warnings,
        }
    }
}

#[derive(serde::Serialize)]
struct Gap {
    from: Time,
    to: Time,
}

impl Gap {
    fn of(span: &Span) -> Self {
        Self { from: Time(span.from), to: Time(span.to) }
    }
}

#[derive(serde::Serialize)]
struct Totals<'a> {
    outcome: Counts<'a, Outcome>,
    placement: Counts<'a, Placement>,
    direction: Counts<'a, Direction>,
    failing: u64,
    held: u64,
    failing_share: Float,
    held_share: Float,
}

#[derive(serde::Serialize)]
struct LayerLine<'a> {
    layer: &'static str,
    state: &'static str,
    deliveries: u64,
    share: Float,
    seen_by: &'a [&'static str],
    needs: &'a [&'static str],
}

impl<'a> LayerLine<'a> {
    /// A layer nobody reported on was not observable.
    fn of(layer: Layer, report: Option<&'a LayerReport>) -> Self {
        Self {
            layer: layer.as_str(),
            state: report.map_or(LayerState::NotObservable, |r| r.state).as_str(),
            deliveries: report.map_or(0, |r| r.deliveries),
            share: Float(report.map_or(0.0, |r| r.share)),
            seen_by: report.map_or(&[], |r| &r.seen_by),
            needs: report.map_or(&[], |r| &r.needs),
        }
    }
}

#[derive(serde::Serialize)]
struct FindingLine<'a> {
    id: &'a str,
    key: &'a str,
    layer: &'static str,
    cause: &'a str,
    side: &'static str,
    status: &'static str,
    state: &'static str,
    grade: &'static str,
    confidence: Float,
    title: &'a str,
    onset: Option<Time>,
    onset_interval: Option<OnsetInterval>,
    end: Option<Time>,
    last_bad: Option<Time>,
    last_good: Option<Time>,
    entity: EntityLine<'a>,
    scope: Vec<EntityLine<'a>>,
    messages: u64,
    deliveries: u64,
    deliveries_interval: (u64, u64),
    share: Float,
    codes: &'a [String],
    signatures: &'a [String],
    change: Option<ChangeLine<'a>>,
    evidence: Vec<EvidenceLine<'a>>,
    next_steps: &'a [String],
}

impl<'a> FindingLine<'a> {
    fn of(f: &'a Finding) -> Self {
        Self {
            id: &f.id,
            key: &f.key,
            layer: f.layer.as_str(),
            cause: &f.cause,
            side: f.side.as_str(),
            status: f.status.as_str(),
            state: f.state.as_str(),
            grade: f.grade.as_str(),
            confidence: Float(f.confidence),
            title: &f.title,
            onset: f.onset.map(Time),
            onset_interval: f.onset_interval.map(|(earliest, latest)| OnsetInterval {
                earliest: Time(earliest),
                latest: Time(latest),
            }),
            end: f.end.map(Time),
            last_bad: f.last_bad.map(Time),
            last_good: f.last_good.map(Time),
            entity: EntityLine::of(&f.entity),
            scope: f.scope.iter().map(EntityLine::of).collect(),
            messages: f.messages,
            deliveries: f.deliveries,
            deliveries_interval: f.deliveries_interval,
            share: Float(f.share),
            codes: &f.codes,
            signatures: &f.signatures,
            change: f.change.as_ref().map(|c| ChangeLine {
                time: Time(c.time),
                what: &c.what,
                minutes_before: c.minutes_before,
            }),
            evidence: f.evidence.iter().map(EvidenceLine::of).collect(),
            next_steps: &f.next_steps,
        }
    }
}

#[derive(serde::Serialize)]
struct OnsetInterval {
    earliest: Time,
    latest: Time,
}

#[derive(serde::Serialize)]
struct EntityLine<'a> {
    r#type: &'static str,
    value: &'a str,
}

impl<'a> EntityLine<'a> {
    fn of(entity: &'a Entity) -> Self {
        Self { r#type: entity.kind.as_str(), value: &entity.value }
    }
}

#[derive(serde::Serialize)]
struct ChangeLine<'a> {
    time: Time,
    what: &'a str,
    minutes_before: i64,
}

#[derive(serde::Serialize)]
struct EvidenceLine<'a> {
    network_message_id: &'a str,
    source: &'a str,
    line: u64,
    text: &'a str,
}

impl<'a> EvidenceLine<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            network_message_id: &evidence.network_message_id,
            source: &evidence.source,
            line: evidence.line,
            text: &evidence.text,
        }
    }
}

#[derive(serde::Serialize)]
struct SignatureLine<'a> {
    signature: &'a str,
    code: &'a str,
    issuer: &'a str,
    layer: &'static str,
    cause: &'a str,
    deliveries: u64,
    first_seen: Time,
    last_seen: Time,
    top_sender_domains: &'a [(String, u64)],
    sample: Sample<'a>,
}

impl<'a> SignatureLine<'a> {
    fn of(s: &'a SignatureReport) -> Self {
        Self {
            signature: &s.signature,
            code: &s.code,
            issuer: &s.issuer,
            layer: s.layer.as_str(),
            cause: &s.cause,
            deliveries: s.deliveries,
            first_seen: Time(s.first_seen),
            last_seen: Time(s.last_seen),
            top_sender_domains: &s.top_sender_domains,
            sample: Sample { source: &s.sample.0, line: s.sample.1 },
        }
    }
}

#[derive(serde::Serialize)]
struct Sample<'a> {
    source: &'a str,
    line: u64,
}

struct Tables<'a>(&'a [Table]);

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for table in self.0 {
            map.serialize_entry(
                table.name,
                &TableBody {
                    columns: table.columns.iter().map(ColumnLine::of).collect(),
                    rows: Rows(&table.rows),
                },
            )?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct TableBody<'a> {
    columns: Vec<ColumnLine>,
    rows: Rows<'a>,
}

#[derive(serde::Serialize)]
struct ColumnLine {
    name: &'static str,
    kind: &'static str,
    unit: Option<&'static str>,
}

impl ColumnLine {
    fn of(column: &Column) -> Self {
        Self { name: column.name, kind: column.kind.as_str(), unit: column.unit }
    }
}

struct Rows<'a>(&'a [Vec<Cell>]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|row| Row(row)))
    }
}

struct Row<'a>(&'a [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(CellValue))
    }
}

struct CellValue<'a>(&'a Cell);

impl Serialize for CellValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Null => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Count(n) => serializer.serialize_u64(*n),
            Cell::Share(share) => Float(*share).serialize(serializer),
            Cell::Instant(at) => Time(*at).serialize(serializer),
        }
    }
}

/// Counts by a closed vocabulary: every key present, in vocabulary order.
struct Counts<'a, T: 'static>(&'static [T], fn(T) -> &'static str, &'a [(T, u64)]);

impl<T: Copy + PartialEq> Serialize for Counts<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(all, name, counts) = self;
        serializer.collect_map(all.iter().map(|value| {
            let n = counts.iter().filter(|c| c.0 == *value).map(|c| c.1).sum::<u64>();
            (name(*value), n)
        }))
    }
}

/// An instant as RFC 3339 text.
struct Time(Instant);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.rfc3339())
    }
}

/// A float rounded to six digits; `null` where it is not a number.
struct Float(f64);

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Adding 0.0 turns -0.0 into 0.0.
        serializer.serialize_f64((self.0 * 1e6).round() / 1e6 + 0.0)
    }
}

#[cfg(test)]
mod tests;
