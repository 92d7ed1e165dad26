//! The report as one page: opens anywhere, loads nothing, complete without script.
//!
//! Its policy lets nothing in but the one style and the one script it carries, each by the hash of
//! its very bytes; therefore no element has a style or an event of its own, and bars are drawn by
//! attributes of SVG. The script only sorts, filters and copies. Rows and points drawn are bounded,
//! and where rows are left out a sentence says where they stand.

mod axis;
mod bars;
mod commands;
mod findings;
mod funnel;
mod head;
mod heatmap;
mod ledger;
mod spark;
mod svg;
mod tables;
mod text;
mod timeline;

use super::{Answer, OutputFile, headline, safety};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A part of the page.
struct Section {
    /// Name within the page.
    id: &'static str,
    /// Heading, and its line in the contents.
    title: &'static str,
    /// What it is, in one line below the heading; may be empty.
    note: &'static str,
    draw: fn(Answer<'_>) -> Option<Markup>,
}

/// The parts below the verdict, in the order in which they are read.
const SECTIONS: &[Section] = &[
    Section {
        id: "coverage",
        title: "Coverage",
        note: "What was read, and what limits the verdict. All times are UTC.",
        draw: head::coverage,
    },
    Section {
        id: "layers",
        title: "From service to mailbox",
        note: "The layers in the order in which to rule them out. A delivery counts where its stated reason lies; \
               a finding may be larger, since it also has those that state none.",
        draw: funnel::section,
    },
    Section { id: "findings", title: "Findings", note: "", draw: findings::section },
    Section { id: "time", title: "Over time", note: "", draw: timeline::section },
    Section { id: "week", title: "Hours of the week", note: "", draw: heatmap::section },
    Section {
        id: "distributions",
        title: "Distributions",
        note: "Deliveries by what became of them, where they lie, and what was stamped on them.",
        draw: bars::section,
    },
    Section { id: "tables", title: "Tables", note: "", draw: tables::section },
    Section {
        id: "provenance",
        title: "Provenance",
        note: "Assumptions, inputs, and the run that made this page.",
        draw: ledger::section,
    },
];

/// The page of a report directory.
pub fn files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    vec![OutputFile::new("report.html", move |out| out.write_all(page(answer).as_bytes()))]
}

/// The page.
pub fn page(answer: Answer<'_>) -> String {
    let sections: Vec<(&Section, Markup)> =
        SECTIONS.iter().filter_map(|s| Some((s, (s.draw)(answer)?))).collect();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (title(answer)) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the report" }
                (svg::definitions())
                (head::bar(answer.report))
                div.shell {
                    (contents(&sections))
                    main id="main" {
                        (head::verdict(answer.report))
                        @for (section, markup) in &sections {
                            section id=(section.id) aria-labelledby={ (section.id) "-title" } {
                                h2 id={ (section.id) "-title" } { (section.title) }
                                @if !section.note.is_empty() { p.note { (section.note) } }
                                (markup)
                            }
                        }
                    }
                }
                (head::foot(answer.report))
                p.sr id="live" role="status" aria-live="polite" {}
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    markup.into_string()
}

fn contents(sections: &[(&Section, Markup)]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#verdict" { "Verdict" } }
                @for (section, _) in sections {
                    li { a href={ "#" (section.id) } { (section.title) } }
                }
            }
        }
    }
}

fn title(answer: Answer<'_>) -> String {
    let verdict = headline::verdict(answer.report);
    let mut title = format!("mailtriage: {}", verdict.words);
    if let Some(finding) = verdict.finding {
        title.push(' ');
        title.push_str(&safety::terminal(&finding.title));
    }
    title.chars().take(200).collect()
}

/// The policy: nothing from outside, this style and this script.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        hash(STYLE),
        hash(SCRIPT),
    )
}

/// A source expression of Content Security Policy (W3C, CSP level 3, 2.3.1).
fn hash(content: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(content.as_bytes())))
}

/// Base64 with padding (RFC 4648, 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4usize {
            let letter = LETTERS.get((bits >> (18 - 6 * place)) as usize & 63);
            let letter = letter.filter(|_| place <= group.len());
            let _ = write!(text, "{}", letter.map_or('=', |l| char::from(*l)));
        }
    }
    text
}

#[cfg(test)]
mod tests;
