//! The runbook as a funnel: all failing and held deliveries enter, each layer takes its part away,
//! and what is left at the end is named by no layer.

use super::svg;
use crate::model::report::LayerReport;
use crate::model::{Layer, LayerState, Outcome, Report};
use crate::render::Answer;
use crate::render::words::{layer, number, percent, some};
use maud::{Markup, html};

/// Names shown before the rest is folded.
const NAMES: usize = 3;

pub(super) fn section(answer: Answer<'_>) -> Option<Markup> {
    let report = answer.report;
    if report.layers.is_empty() {
        return None;
    }
    let mut left = 1.0;
    Some(html! {
        ol.funnel {
            (enters(report))
            @for line in &report.layers {
                @let before = left;
                @let () = left = (left - line.share).max(0.0);
                (row(line, before, left, report))
            }
            (leaves(report))
        }
    })
}

/// Failing and held deliveries.
fn trouble(report: &Report) -> u64 {
    report.totals.failing.saturating_add(report.totals.held)
}

fn enters(report: &Report) -> Markup {
    html! {
        li.end {
            span.pipe {}
            p {
                strong { (some(report.input.deliveries, "delivery")) } " in, of which "
                strong { (number(trouble(report))) } " failing or held"
                @if trouble(report) > 0 { ": the width of the funnel" }
            }
        }
    }
}

fn leaves(report: &Report) -> Markup {
    let of = |outcome| {
        let with = |(value, _): &&(Outcome, u64)| *value == outcome;
        report.totals.outcome.iter().find(with).map_or(0, |(_, n)| *n)
    };
    html! {
        li.end {
            span.pipe {}
            p {
                strong { (number(of(Outcome::Delivered))) } " delivered to a mailbox, "
                strong { (number(of(Outcome::Relayed))) } " taken by the next system outside"
            }
        }
    }
}

fn row(line: &LayerReport, before: f64, after: f64, report: &Report) -> Markup {
    let named = line.layer != Layer::Unknown;
    html! {
        li class=(line.state.as_str()) {
            span.pipe { (segment(line, before, after, trouble(report) > 0)) }
            div.body {
                h3 { (svg::state(line.state)) (layer(line.layer)) }
                p.state { (state_words(line)) }
                p.amount {
                    @if line.deliveries > 0 {
                        strong { (number(line.deliveries)) } " "
                        span.dim { @if line.deliveries == 1 { "delivery, " } @else { "deliveries, " } (percent(line.share)) }
                    } @else {
                        span.dim { "none" }
                    }
                }
                (seen(line, named))
            }
        }
    }
}

fn state_words(line: &LayerReport) -> &'static str {
    match (line.layer, line.state) {
        // Not a layer of its own: what no evidence names.
        (Layer::Unknown, LayerState::NotObservable | LayerState::Clear) if line.deliveries > 0 => {
            "no reason given"
        }
        (_, LayerState::Failing) => "failing",
        (_, LayerState::Risk) => "at risk",
        (_, LayerState::Clear) => "clear",
        (_, LayerState::NotObservable) => "not observable",
        (_, LayerState::InsufficientData) => "too little data",
    }
}

/// The funnel at this layer: as wide as what is not yet explained. Straight where nothing is.
fn segment(line: &LayerReport, before: f64, after: f64, any: bool) -> Markup {
    let (top, bottom) = if any { (before, after) } else { (1.0, 1.0) };
    // Never thinner than a thread, so that the way can be followed to its end.
    let half = |share: f64| (share * 48.0).max(0.6);
    let (t, b) = (half(top), half(bottom));
    let n = svg::num;
    let points =
        format!("{},0 {},0 {},100 {},100", n(50.0 - t), n(50.0 + t), n(50.0 + b), n(50.0 - b));
    let taken = any && line.share > 0.0;
    html! {
        svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            polygon.flow.taken[taken] points=(points) {}
        }
    }
}

fn seen(line: &LayerReport, named: bool) -> Markup {
    let blind = matches!(line.state, LayerState::NotObservable | LayerState::InsufficientData);
    if blind && !line.needs.is_empty() {
        return html! {
            p.seen {
                @if named { "Needs " } @else { "To name it: " }
                (line.needs.join(", "))
            }
        };
    }
    let list = line.seen_by.join(", ");
    html! {
        @if line.seen_by.len() > NAMES {
            details.seen { summary { "seen by " (line.seen_by.len()) " formats" } (list) }
        } @else if !line.seen_by.is_empty() {
            p.seen { "seen by " (list) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn drawn(report: &Report) -> String {
        let answer = Answer::new(report);
        section(answer).unwrap().into_string()
    }

    #[test]
    fn every_layer_has_its_word_in_order() {
        let page = drawn(&sample::rich());
        let mut at = 0;
        for l in Layer::ALL {
            let found = page[at..].find(layer(*l)).unwrap_or_else(|| panic!("{l} after {at}"));
            at += found;
        }
        for words in ["failing", "at risk", "clear", "not observable", "too little data"] {
            assert!(page.contains(&format!("<p class=\"state\">{words}</p>")), "{words}");
        }
        assert!(page.contains("Needs message trace detail (Get-MessageTraceDetailV2)"));
    }

    #[test]
    fn the_funnel_narrows_by_the_share_of_a_layer() {
        let mut report = sample::rich();
        for l in &mut report.layers {
            l.share = if l.layer == Layer::DnsAuth { 0.5 } else { 0.0 };
        }
        let page = drawn(&report);
        assert_eq!(page.matches("points=\"2,0 98,0 98,100 2,100\"").count(), 1, "the service");
        assert_eq!(page.matches("points=\"2,0 98,0 74,100 26,100\"").count(), 1, "DNS");
        assert_eq!(page.matches("points=\"26,0 74,0 74,100 26,100\"").count(), 8, "the rest");
    }

    #[test]
    fn without_trouble_it_is_straight() {
        let mut report = sample::rich();
        (report.totals.failing, report.totals.held) = (0, 0);
        let page = drawn(&report);
        assert_eq!(page.matches("points=\"2,0 98,0 98,100 2,100\"").count(), Layer::ALL.len());
        report.layers.clear();
        let answer = Answer::new(&report);
        assert!(section(answer).is_none());
    }
}
