//! Findings and signatures, whole: with what the tables of the report leave to `report.json`.

use super::grid::{Column, Grid, ROOM, Shape, Value};
use crate::model::report::SignatureReport;
use crate::model::{Finding, Report};

/// Steps and evidence shown in a cell.
const LISTED: usize = 8;

pub(super) fn findings(report: &Report) -> Grid<'_> {
    use Shape::{Count, Id, Share, State, Text, Time, Wrapped};
    let column = Column::new;
    let note = match report.findings.len() {
        0 => "One finding. None here: nothing was found.".to_owned(),
        _ => "One finding: incidents first, by confidence, then share.".to_owned(),
    };
    Grid {
        sheet: "Findings".to_owned(),
        table: "findings".to_owned(),
        title: "Findings".to_owned(),
        note,
        columns: vec![
            column("Status", State),
            column("State", State),
            column("Finding", Wrapped(52)),
            column("Layer", Text),
            column("Onset", Time),
            column("Deliveries", Count),
            column("Share", Share),
            column("Confidence", Share),
            column("Next steps", Wrapped(60)),
            column("Entity type", Text),
            column("Entity", Text),
            column("Codes", Text),
            column("Onset from", Time),
            column("Onset to", Time),
            column("End", Time),
            column("Last bad", Time),
            column("Last good", Time),
            column("Deliveries from", Count),
            column("Deliveries to", Count),
            column("Messages", Count),
            column("Grade", Text),
            column("Side", Text),
            column("Cause", Text),
            column("Change before", Wrapped(44)),
            column("Change time", Time),
            column("Evidence", Wrapped(70)),
            column("ID", Id),
            column("Key", Id),
        ],
        len: report.findings.len().min(ROOM),
        row: Box::new(|at| report.findings.get(at).map(finding).unwrap_or_default()),
    }
}

fn finding(f: &Finding) -> Vec<Value<'_>> {
    let mut steps: Vec<String> = f
        .next_steps
        .iter()
        .take(LISTED)
        .enumerate()
        .map(|(at, step)| format!("{}. {step}", at + 1))
        .collect();
    let proofs =
        f.evidence.iter().take(LISTED).map(|e| format!("{}:{} {}", e.source, e.line, e.text));
    let mut proofs: Vec<String> = proofs.collect();
    for (shown, all) in [(&mut steps, f.next_steps.len()), (&mut proofs, f.evidence.len())] {
        if all > LISTED {
            shown.push(format!("... and {} more in report.json", all - LISTED));
        }
    }
    vec![
        Value::text(f.status.as_str()),
        Value::text(f.state.as_str()),
        Value::text(f.title.as_str()),
        Value::text(f.layer.as_str()),
        Value::time(f.onset),
        Value::Count(f.deliveries),
        Value::Share(f.share),
        Value::Share(f.confidence),
        Value::text(steps.join("\n")),
        Value::text(f.entity.kind.as_str()),
        Value::text(f.entity.value.as_str()),
        Value::text(f.codes.join("; ")),
        Value::time(f.onset_interval.map(|i| i.0)),
        Value::time(f.onset_interval.map(|i| i.1)),
        Value::time(f.end),
        Value::time(f.last_bad),
        Value::time(f.last_good),
        Value::Count(f.deliveries_interval.0),
        Value::Count(f.deliveries_interval.1),
        Value::Count(f.messages),
        Value::text(f.grade.as_str()),
        Value::text(f.side.as_str()),
        Value::text(f.cause.as_str()),
        Value::text(f.change.as_ref().map_or("", |c| c.what.as_str())),
        Value::time(f.change.as_ref().map(|c| c.time)),
        Value::text(proofs.join("\n")),
        Value::text(f.id.as_str()),
        Value::text(f.key.as_str()),
    ]
}

/// All of them: the table of the report is bounded by `--top`.
pub(super) fn signatures(report: &Report) -> Grid<'_> {
    use Shape::{Count, Id, Text, Time, Wrapped};
    let column = Column::new;
    let all = report.signatures.len();
    let row = "One failure text with its variable parts removed, most frequent first";
    let note = match all {
        0 => format!("{row}. None here: nothing failed or was held."),
        n if n > ROOM => format!("{row}. The first {ROOM} of {n}; the rest is in report.json."),
        _ => format!("{row}."),
    };
    Grid {
        sheet: "Signatures".to_owned(),
        table: "signatures".to_owned(),
        title: "Failure signatures".to_owned(),
        note,
        columns: vec![
            column("Signature", Wrapped(80)),
            column("Deliveries", Count),
            column("Code", Id),
            column("Issuer", Text),
            column("Layer", Text),
            column("Cause", Text),
            column("First seen", Time),
            column("Last seen", Time),
            column("Top sender domains", Text),
            column("Sample source", Text),
            column("Sample line", Count),
        ],
        len: all.min(ROOM),
        row: Box::new(|at| report.signatures.get(at).map(signature).unwrap_or_default()),
    }
}

fn signature(s: &SignatureReport) -> Vec<Value<'_>> {
    let domains: Vec<String> =
        s.top_sender_domains.iter().map(|(domain, n)| format!("{domain} ({n})")).collect();
    vec![
        Value::text(s.signature.as_str()),
        Value::Count(s.deliveries),
        Value::text(s.code.as_str()),
        Value::text(s.issuer.as_str()),
        Value::text(s.layer.as_str()),
        Value::text(s.cause.as_str()),
        Value::Time(s.first_seen),
        Value::Time(s.last_seen),
        Value::text(domains.join("; ")),
        Value::text(s.sample.0.as_str()),
        Value::Count(s.sample.1),
    ]
}
