//! The end of the page: all assumptions, the ledger of inputs, refused records, and the run.

use super::head::maybe;
use super::text::{Strange, folded, path};
use crate::model::{Encoding, Reject, Report, SourceEntry};
use crate::render::Answer;
use crate::render::words::{bytes, number, some};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Inputs listed.
const SOURCES: usize = 200;
/// Bytes of listed inputs: none begins beyond them.
const BYTES: usize = 300_000;
/// Warnings listed with an input.
const WARNINGS: usize = 10;
/// Assumptions and arguments listed.
const LIST: usize = 100;

#[expect(clippy::unnecessary_wraps, reason = "a section may have nothing to draw")]
pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    Some(html! {
        h3.kind { "Assumptions" }
        @if report.assumptions.is_empty() { p { "None was needed." } } @else {
            ul.plain { @for text in report.assumptions.iter().take(LIST) { li { (folded(text)) } } }
        }
        (sources(report))
        (rejects(answer))
        h3.kind { "The run" }
        dl.facts {
            dt { "Tool" } dd { "mailtriage " (Strange(&report.version, 40)) }
            dt { "Knowledge" } dd { (Strange(&report.knowledge, 40)) }
            dt { "Arguments" }
            dd {
                @for argument in report.arguments.iter().take(LIST) { code { (Strange(argument, 300)) } " " }
                @if report.arguments.is_empty() { "not stated" }
                @if report.arguments.len() > LIST { (some((report.arguments.len() - LIST) as u64, "more argument")) " in report.json" }
            }
        }
    })
}

/// Inputs with something to say first; else in path order.
fn sources(report: &Report) -> Markup {
    let mut all: Vec<&SourceEntry> = report.input.sources.iter().collect();
    let quiet = |s: &&SourceEntry| {
        s.format.is_some()
            && s.warnings.is_empty()
            && s.rejected == 0
            && s.cap_hit.is_none()
            && !s.cut_short
    };
    all.sort_by_key(quiet);
    let mut rows: Vec<Markup> = Vec::new();
    let mut room = BYTES;
    for source in all.iter().take(SOURCES) {
        let row = a_source(source);
        room = room.saturating_sub(row.0.len());
        rows.push(row);
        if room == 0 {
            break;
        }
    }
    html! {
        div.many {
            h3.kind { "Inputs " span.count { (number(all.len() as u64)) } }
            div.scroll.box tabindex="0" role="region" aria-label="Inputs" {
                table.data.sources {
                    caption.sr { "Every input, skipped ones included; those with a warning first" }
                    thead {
                        tr {
                            @for name in ["input", "format", "role", "encoding"] { th.text scope="col" { (name) } }
                            @for name in ["rows", "rejected", "duplicates"] { th.num scope="col" { (name) } }
                            @for name in ["first", "last"] { th.when scope="col" { (name) } }
                            th.num scope="col" { "size" }
                            th.text scope="col" { "SHA-256" }
                        }
                    }
                    tbody { @for row in &rows { (row) } }
                }
            }
        }
        @if rows.len() < all.len() {
            p.dim { (number(rows.len() as u64)) " of " (some(all.len() as u64, "input")) " are listed; all of them stand in report.json." }
        }
    }
}

fn a_source(s: &SourceEntry) -> Markup {
    html! {
        tr {
            td.text {
                (path(&s.path, None))
                @for words in remarks(s) { br; strong.warn { (words) } }
                @for warning in s.warnings.iter().take(WARNINGS) { br; span.warn { (folded(warning)) } }
                @if s.warnings.len() > WARNINGS { br; span.dim { (some((s.warnings.len() - WARNINGS) as u64, "more warning")) } }
            }
            td.text { @match s.format { Some(format) => (format), None => strong.warn { "skipped" } } }
            td.text { (s.role.as_str()) }
            td.text { (s.encoding.map_or("–", Encoding::as_str)) }
            td.num { (number(s.rows)) }
            td.num { (number(s.rejected)) }
            td.num { (number(s.duplicates)) }
            td.when { (maybe(s.first)) }
            td.when { (maybe(s.last)) }
            td.num { (bytes(s.bytes)) }
            td.text { @if let Some(hash) = &s.sha256 { code.hash { (Strange(hash, 64)) } } @else { "–" } }
        }
    }
}

fn remarks(s: &SourceEntry) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(cap) = s.cap_hit {
        remarks.push(format!("exactly {} rows: at a limit of its export", number(cap)));
    }
    if let Some(filter) = &s.filter {
        let filter: String = crate::render::safety::terminal(filter).chars().take(120).collect();
        remarks.push(format!("filtered: {filter}"));
    }
    if s.cut_short {
        remarks.push("reading ended before the file did".to_owned());
    }
    remarks
}

fn rejects(answer: Answer<'_>) -> Markup {
    let listed = answer.rejects.len() as u64;
    let all = listed.saturating_add(answer.rejects_omitted);
    let mut kinds: BTreeMap<&str, (u64, &Reject)> = BTreeMap::new();
    for reject in answer.rejects {
        kinds.entry(reject.reason.kind()).or_insert((0, reject)).0 += 1;
    }
    html! {
        h3.kind { "Refused records " span.count { (number(all)) } }
        @if kinds.is_empty() {
            p { @if all == 0 { "Every record could be read." } @else { "They are not listed." } }
        } @else {
            div.scroll.box tabindex="0" role="region" aria-label="Refused records" {
                table.data {
                    caption.sr { "Refused records by reason" }
                    thead { tr { th.text scope="col" { "reason" } th.num scope="col" { "records" } th.text scope="col" { "the first of them" } } }
                    tbody {
                        @for (kind, (count, first)) in &kinds {
                            tr {
                                td.text { (super::text::plain(kind)) }
                                td.num { (number(*count)) }
                                td.text { (path(source_of(answer.report, first), Some(first.origin.line))) " " (folded(&first.reason.to_string())) }
                            }
                        }
                    }
                }
            }
            @if answer.rejects_omitted > 0 {
                p.dim { (some(answer.rejects_omitted, "more record")) " refused, beyond those that rejected.csv lists." }
            } @else { p.dim { "All of them stand in rejected.csv." } }
        }
    }
}

fn source_of<'a>(report: &'a Report, reject: &Reject) -> &'a str {
    let source = report.input.sources.get(reject.origin.input as usize);
    source.map_or("", |s| s.path.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn every_input_and_refusal_is_accounted_for() {
        let mut report = sample::rich();
        report.input.sources[1].sha256 = Some("ab".repeat(32));
        report.input.sources[2].cut_short = true;
        let rejects = sample::rejects();
        let answer = Answer { rejects: &rejects, rejects_omitted: 7, ..Answer::new(&report) };
        let page = section(answer).unwrap().into_string();
        for words in [
            "<bdi>notes.pdf</bdi>",
            "<strong class=\"warn\">skipped</strong>",
            "exactly 5,000 rows",
            "filtered: status=Failed",
            "reading ended before the file did",
            &"ab".repeat(32),
            "unreadable time",
            "torn quote",
            "7 more records refused",
            "Dates were read as month/day/year",
        ] {
            assert!(page.contains(words), "{words}");
        }
        let first = page.find("trace.csv").unwrap();
        assert!(first < page.find("changes.csv").unwrap(), "inputs with a remark come first");
    }

    #[test]
    fn many_inputs_are_bounded() {
        let mut report = sample::rich();
        report.input.sources =
            (0..500).map(|n| sample::source(&format!("m{n}.eml"), Some("eml"), 1)).collect();
        report.input.sources[499].warnings.push("odd".into());
        let page = section(Answer::new(&report)).unwrap().into_string();
        assert!(page.contains("200 of 500 inputs are listed"));
        assert!(page.contains("m499.eml"), "the one with a warning comes first");
        assert!(page.contains("Every record could be read."));
    }
}
