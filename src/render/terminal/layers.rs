//! The layers in runbook order: what is ruled out, what is not, and what could not be seen.

use super::page::{Page, Text, Tone, pad};
use super::words::{layer, layer_state, percent, some};
use crate::model::report::LayerReport;
use crate::model::{LayerState, Report};

const NAME: usize = 25;
const STATE: usize = 17;

pub(super) fn section(page: &mut Page, report: &Report) {
    if report.layers.is_empty() {
        return;
    }
    page.heading("LAYERS", "in the order in which to rule them out");
    for line in &report.layers {
        let tone = match line.state {
            LayerState::Failing => Tone::Bad,
            LayerState::Risk => Tone::Warn,
            LayerState::Clear => Tone::Good,
            LayerState::NotObservable | LayerState::InsufficientData => Tone::Dim,
        };
        let text = Text::of(tone, layer_state(line.state));
        let gap = pad("", STATE.saturating_sub(layer_state(line.state).len()));
        let lead = format!("  {}", pad(layer(line.layer), NAME));
        page.put(&lead, 2 + NAME + STATE, &text.more(gap).more(detail(line)));
    }
}

fn detail(line: &LayerReport) -> String {
    let mut parts = Vec::new();
    if line.deliveries > 0 {
        parts.push(format!("{} ({})", some(line.deliveries, "delivery"), percent(line.share)));
    }
    let blind = matches!(line.state, LayerState::NotObservable | LayerState::InsufficientData);
    if blind && !line.needs.is_empty() {
        parts.push(format!("needs {}", line.needs.join(", ")));
    } else if !line.seen_by.is_empty() {
        parts.push(format!("seen by {}", line.seen_by.join(", ")));
    }
    parts.join("; ")
}
