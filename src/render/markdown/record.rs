//! What happened when, what is to be done, and what to write down once it is done.

use super::findings::{of, rest};
use super::{header, heading, line, row, sentence, value};
use crate::model::{Cell, Finding, FindingStatus, Instant, Report};
use crate::render::words::{moment, number, some};

/// Lines of the time line.
const LINES: usize = 40;
/// Steps shown of one finding.
const STEPS: usize = 8;
/// Findings whose steps are shown.
const ACTED_ON: usize = 15;

/// Begin and end of the window, changes, onsets, last good and bad mail, gaps, in order of time.
pub(super) fn timeline(out: &mut String, report: &Report) {
    let mut marks: Vec<(Instant, String)> = Vec::new();
    if let Some((first, last)) = report.window {
        marks.push((first, "first record".to_owned()));
        marks.push((last, "last record".to_owned()));
    }
    for gap in &report.input.gaps {
        marks.push((gap.from, format!("gap: no record until {}", moment(gap.to))));
    }
    for (at, f) in of(report).enumerate() {
        of_incident(&mut marks, at + 1, f);
    }
    changes(&mut marks, report);
    if marks.is_empty() {
        return;
    }
    marks.sort_by_key(|(at, _)| *at);
    marks.dedup();
    heading(out, 2, "Time line");
    header(out, &["UTC", "What"], &[]);
    for (at, what) in marks.iter().take(LINES) {
        row(out, &[&moment(*at), what]);
    }
    if marks.len() > LINES {
        let n = number((marks.len() - LINES) as u64);
        line(out, &format!("\n… and {n} more: `tables/changes.csv` and `report.json`."));
    }
}

fn of_incident(marks: &mut Vec<(Instant, String)>, number: usize, f: &Finding) {
    let mut mark = |at: Option<Instant>, what: &str| {
        marks.extend(at.map(|at| (at, format!("incident {number}: {what}"))));
    };
    mark(f.last_good, "last good delivery");
    mark(f.onset, "**onset**");
    mark(f.last_bad, "last delivery that was hit");
    mark(f.end, "over");
    if let Some(change) = &f.change {
        let what = format!("change before incident {number}: {}", sentence(&change.what));
        marks.push((change.time, what));
    }
}

/// Changes of the log within the window that no incident names; they are context, no evidence.
fn changes(marks: &mut Vec<(Instant, String)>, report: &Report) {
    let Some(table) = report.table("changes") else { return };
    let at = |name: &str| table.columns.iter().position(|c| c.name == name);
    let (Some(time), Some(what), Some(finding)) = (at("time"), at("what"), at("finding")) else {
        return;
    };
    for cells in &table.rows {
        let (Some(Cell::Instant(at)), Some(Cell::Text(what)), Some(Cell::Null)) =
            (cells.get(time), cells.get(what), cells.get(finding))
        else {
            continue;
        };
        if report.window.is_some_and(|(first, last)| (first..=last).contains(at)) {
            marks.push((*at, format!("change: {}", sentence(what))));
        }
    }
}

/// What to do, as boxes to check.
pub(super) fn actions(out: &mut String, report: &Report) {
    heading(out, 2, "Actions");
    line(out, "Taken (fill in):\n");
    line(out, "- [ ] YYYY-MM-DD HH:MM UTC, who: what\n");
    line(out, "Open:");
    let to_do = |f: &&Finding| {
        !f.next_steps.is_empty()
            && matches!(
                f.status,
                FindingStatus::Incident | FindingStatus::Chronic | FindingStatus::Risk
            )
    };
    let all: Vec<_> = of(report).chain(rest(report)).filter(to_do).collect();
    if all.is_empty() {
        line(out, "\n- [ ] nothing");
    }
    for f in all.iter().take(ACTED_ON) {
        line(out, &format!("\n{} ({})\n", sentence(&f.title), value(&f.key)));
        for step in f.next_steps.iter().take(STEPS) {
            line(out, &format!("- [ ] {}", sentence(step)));
        }
        if f.next_steps.len() > STEPS {
            let n = some((f.next_steps.len() - STEPS) as u64, "step");
            line(out, &format!("- [ ] … and {n} more: `report.json`"));
        }
        line(out, &format!("- [ ] Verify the repair: {}", verify(f)));
    }
    if all.len() > ACTED_ON {
        let n = some((all.len() - ACTED_ON) as u64, "finding");
        line(out, &format!("\n… and {n} more: `tables/findings.csv`."));
    }
}

/// The command that says whether the repair has held.
fn verify(f: &Finding) -> String {
    value(&format!("mailtriage compare --verify {} report.json NEW-EXPORT", f.key))
}

/// An entry for the change log, to fill in; the next run reads it and names it before an onset.
pub(super) fn change_entry(out: &mut String, report: &Report) {
    heading(out, 2, "Entry for the change log");
    let reason = match of(report).next() {
        Some(f) => format!("{} {}", value(&f.id), value(&f.key)),
        None => String::new(),
    };
    header(out, &["Field", "Entry"], &[]);
    for (field, entry) in [
        ("Time (UTC)", ""),
        ("What was changed, from what to what", ""),
        ("Reason: finding and key", reason.as_str()),
        ("Who, approved by", ""),
        ("How to undo it", ""),
        ("Verified how, when, result", ""),
    ] {
        row(out, &[field, entry]);
    }
    line(
        out,
        "\nAs a line of a change log that the next run reads (columns time_utc, what, who):\n",
    );
    line(out, "```csv\ntime_utc,what,who\nYYYY-MM-DDTHH:MM:SSZ,\"WHAT\",WHO\n```");
}
