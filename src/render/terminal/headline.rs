//! The verdict in one line, and what limits it.

use super::page::{Page, Text, Tone};
use crate::model::Report;
use crate::render::headline::{self, Mood};

pub(super) fn section(page: &mut Page, report: &Report) {
    let verdict = headline::verdict(report);
    let signs = page.signs();
    let (tone, sign) = match verdict.mood {
        Mood::Bad => (Tone::Bad, signs.bad),
        Mood::Warn => (Tone::Warn, "!"),
        Mood::Good => (Tone::Good, signs.good),
    };
    let mut words = format!("{sign} {}", verdict.words);
    if let Some(finding) = verdict.finding {
        words.push(' ');
        words.push_str(&page.stranger(&finding.title, 200));
    }
    page.put("", 2, &Text::of(tone, words));
    let limits = headline::limits(report);
    if !limits.is_empty() {
        page.put("  ", 2, &Text::plain(limits.join(signs.dot)));
    }
}
