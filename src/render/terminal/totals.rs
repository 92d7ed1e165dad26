//! The totals: outcome, placement, direction.

use super::page::{Page, Text};
use super::words::number;
use crate::model::{Direction, Outcome, Placement, Report};

pub(super) fn section(page: &mut Page, report: &Report) {
    let totals = &report.totals;
    page.heading("TOTALS", "deliveries; what is not named is 0");
    line(page, "outcome", &totals.outcome, Outcome::as_str);
    line(page, "placement", &totals.placement, Placement::as_str);
    line(page, "direction", &totals.direction, Direction::as_str);
}

fn line<T: Copy>(page: &mut Page, label: &str, counts: &[(T, u64)], name: fn(T) -> &'static str) {
    let some = counts.iter().filter(|c| c.1 > 0);
    let parts: Vec<_> = some.map(|(v, n)| format!("{} {}", name(*v), number(*n))).collect();
    let text = match parts.as_slice() {
        [] => "none".to_owned(),
        parts => parts.join(page.signs().dot),
    };
    page.field(label, &Text::plain(text));
}
