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
        let room = page.width().saturating_sub(2 + NAME + STATE);
        let gap = pad("", STATE.saturating_sub(layer_state(line.state).len()));
        let lead = format!("  {}", pad(layer(line.layer), NAME));
        page.put(&lead, 2 + NAME + STATE, &text.more(gap).more(detail(line, room)));
    }
}

/// Inputs that could show a fault: as many as fit on the rest of the line, and how many more.
fn seen_by(names: &[&str], room: usize) -> String {
    let mut text = "seen by ".to_owned();
    for (at, name) in names.iter().enumerate() {
        let rest = names.len() - at;
        let more = format!("and {rest} more");
        let comma = if at == 0 { "" } else { ", " };
        // The last one needs no room for the number of others.
        let behind = if rest == 1 { 0 } else { more.len() + 2 };
        if at > 0 && text.len() + comma.len() + name.len() + behind > room {
            return format!("{text}, {more}");
        }
        text.push_str(comma);
        text.push_str(name);
    }
    text
}

/// `room` is what one line has for it.
fn detail(line: &LayerReport, room: usize) -> String {
    let mut parts = Vec::new();
    if line.deliveries > 0 {
        parts.push(format!("{} ({})", some(line.deliveries, "delivery"), percent(line.share)));
    }
    let blind = matches!(line.state, LayerState::NotObservable | LayerState::InsufficientData);
    if blind && !line.needs.is_empty() {
        parts.push(format!("needs {}", line.needs.join(", ")));
    } else if !line.seen_by.is_empty() {
        parts.push(seen_by(&line.seen_by, room));
    }
    parts.join("; ")
}
