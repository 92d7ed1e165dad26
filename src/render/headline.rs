//! The verdict in one line, and what limits it: the same words in every renderer for people.

use super::words::{number, percent, some};
use crate::model::{Finding, FindingState, FindingStatus, LayerState, Report};

/// Failing share from which on "nothing wrong" would be a lie, whatever its history.
const MUCH: f64 = 0.2;

/// How the verdict sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Something is failing, or nothing could be read.
    Bad,
    /// Something to look at.
    Warn,
    /// Nothing wrong found.
    Good,
}

/// The verdict: our own words, and the finding whose title ends them.
#[derive(Clone, Debug)]
pub(super) struct Verdict<'a> {
    /// How it sounds.
    pub(super) mood: Mood,
    /// Our own words.
    pub(super) words: String,
    /// The finding whose title follows them: strangers' text, to be escaped.
    pub(super) finding: Option<&'a Finding>,
}

/// The verdict of a report.
pub(super) fn verdict(report: &Report) -> Verdict<'_> {
    let says = |mood, words: &str| Verdict { mood, words: words.to_owned(), finding: None };
    if report.input.deliveries == 0 {
        return says(
            Mood::Bad,
            if report.input.rows > report.input.rejected {
                "No verdict: no mail lies in the time that is counted."
            } else {
                "No verdict: not a single delivery could be read."
            },
        );
    }
    let of = |status| {
        let with = move |f: &&Finding| f.status == status;
        report.findings.iter().filter(with).collect::<Vec<_>>()
    };
    if let Some(verdict) = of_incidents(&of(FindingStatus::Incident)) {
        return verdict;
    }
    let warn = |words: String, finding| Verdict { mood: Mood::Warn, words, finding: Some(finding) };
    let chronic = of(FindingStatus::Chronic);
    if let [first, ..] = *chronic {
        let n = some(chronic.len() as u64, "chronic problem");
        return warn(format!("No incident, but {n}. First:"), first);
    }
    let risks = of(FindingStatus::Risk);
    if let [first, ..] = *risks {
        let n = some(risks.len() as u64, "risk");
        return warn(format!("Nothing is failing out of the ordinary, but {n}. First:"), first);
    }
    if let [first, ..] = *of(FindingStatus::InsufficientData) {
        return warn("Not enough data to tell:".to_owned(), first);
    }
    if !report.layers.iter().any(|l| l.state == LayerState::Clear) {
        return says(Mood::Warn, "Not enough data to tell: no layer could be judged.");
    }
    let n = some(report.input.deliveries, "delivery");
    if report.totals.failing_share >= MUCH {
        let words = format!("Nothing changed that stands out, but much of {n} fails: see below.");
        return says(Mood::Warn, &words);
    }
    says(Mood::Good, &format!("Nothing wrong found in {n}."))
}

fn of_incidents<'a>(incidents: &[&'a Finding]) -> Option<Verdict<'a>> {
    let open: Vec<_> = incidents.iter().filter(|f| f.state != FindingState::Ended).collect();
    let (mood, words, finding) = match (incidents, open.as_slice()) {
        ([], _) => return None,
        ([one], []) => (Mood::Warn, "1 incident, now over:".to_owned(), one),
        ([first, ..], []) => {
            let n = number(incidents.len() as u64);
            (Mood::Warn, format!("{n} incidents, all over. The surest:"), first)
        }
        ([one], [_]) => {
            let what = match one.state {
                FindingState::Recovering => "is recovering",
                FindingState::Unknown => "was found",
                _ => "is going on",
            };
            (Mood::Bad, format!("1 incident {what}:"), one)
        }
        (all, [first, ..]) => {
            let (all, open) = (number(all.len() as u64), number(open.len() as u64));
            (Mood::Bad, format!("{all} incidents, {open} not over. The surest:"), *first)
        }
    };
    Some(Verdict { mood, words, finding: Some(finding) })
}

/// What the reader must know before believing the verdict.
pub(super) fn limits(report: &Report) -> Vec<String> {
    let mut limits = Vec::new();
    let totals = &report.totals;
    if totals.failing + totals.held > 0 {
        limits.push(format!(
            "{} failing ({}), {} held ({})",
            number(totals.failing),
            percent(totals.failing_share),
            number(totals.held),
            percent(totals.held_share),
        ));
    }
    limits.extend(blind_spots(report));
    limits
}

/// What was not read or not judged.
pub(super) fn blind_spots(report: &Report) -> Vec<String> {
    let mut limits = Vec::new();
    let sources = &report.input.sources;
    let skipped = sources.iter().filter(|s| s.format.is_none()).count() as u64;
    if skipped > 0 {
        let files = report.input.files.max(skipped);
        limits.push(format!("{} of {} skipped", number(skipped), some(files, "input")));
    }
    if report.input.rejected > 0 {
        limits.push(format!("{} unreadable", some(report.input.rejected, "row")));
    }
    let blind =
        |s: LayerState| matches!(s, LayerState::NotObservable | LayerState::InsufficientData);
    let unseen = report.layers.iter().filter(|l| blind(l.state)).count() as u64;
    if unseen > 0 && report.input.deliveries > 0 {
        limits.push(format!("{} not judged", some(unseen, "layer")));
    }
    limits
}
