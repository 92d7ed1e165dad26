//! The next rise to report: the clearest one left, at the smallest entity that explains it.

use super::candidates::{Board, Candidate, FALSE_DISCOVERIES, Series};
use super::view::{Slice, Trouble, View};
use crate::model::{EntityType, FindingState, Instant};
use crate::stats::{self, Shift};
use std::collections::BTreeMap;

/// Least excess that is worth waking somebody.
const LEAST_EXCESS: f64 = 8.0;
/// A part that explains this much of the whole's excess is the better statement.
const EXPLAINS: f64 = 0.75;

/// A rise, and the cases that make it up.
#[derive(Clone, Debug)]
pub(super) struct Excess {
    pub(super) trouble: Trouble,
    pub(super) slice: Slice,
    /// Indices of the cases inside the stretch, by (time, key, recipient).
    pub(super) cases: Vec<usize>,
    pub(super) interval: Option<(Instant, Instant)>,
    pub(super) end: Option<Instant>,
    pub(super) state: FindingState,
    pub(super) shift: Shift,
}

/// Finds the next rise and marks its cases as explained; `None` when nothing stands out.
pub(super) fn next(view: &mut View<'_>, board: &mut Board) -> Option<Excess> {
    // Parts that could explain what stands out for the whole tenant; all, where nothing does.
    let least = match clear(board).first() {
        Some((_, shift)) => EXPLAINS * shift.excess,
        None => 0.0,
    };
    board.scan_parts(view, least);
    let (best, shift) = smallest(&clear(board))?;
    let excess = excess(view, best, shift.clone());
    for &index in &excess.cases {
        view.open[index] = None;
    }
    board.explained(view, &excess.cases);
    Some(excess)
}

/// What stands out and matters, strongest first.
fn clear(board: &Board) -> Vec<(&Candidate, &Shift)> {
    let all = board.candidates();
    let p: Vec<f64> = all.iter().map(|c| c.shift.as_ref().map_or(1.0, |s| s.p_value)).collect();
    let believed = stats::benjamini_hochberg(&p, FALSE_DISCOVERIES);
    let mut clear: Vec<(&Candidate, &Shift)> = all
        .iter()
        .zip(believed)
        .filter_map(|(c, believed)| Some((c, c.shift.as_ref().filter(|_| believed)?)))
        .filter(|(c, s)| matters(c, s))
        .collect();
    clear.sort_by(|a, b| strength(b.1).total_cmp(&strength(a.1)));
    clear
}

/// Big enough, and more than a drift of a large share.
fn matters(candidate: &Candidate, shift: &Shift) -> bool {
    let ratio = shift.rate_during / shift.rate_before.max(1e-9);
    let needed = if candidate.slice.kind() == EntityType::Tenant { 1.6 } else { 2.0 };
    shift.onset_seen()
        && shift.excess >= LEAST_EXCESS
        && shift.excess_interval.0 >= LEAST_EXCESS / 2.0
        && ratio >= needed
}

fn strength(shift: &Shift) -> f64 {
    shift.statistic / shift.dispersion.max(1.0)
}

/// Among the clear ones, strongest first: the smallest entity that still explains most of the
/// strongest one's excess.
fn smallest<'a>(clear: &[(&'a Candidate, &'a Shift)]) -> Option<(&'a Candidate, &'a Shift)> {
    let size = |slice: Slice| match slice.kind() {
        EntityType::Recipient | EntityType::Sender => 0,
        EntityType::RecipientDomain | EntityType::SenderDomain => 1,
        _ => 2,
    };
    let (best, shift) = *clear.first()?;
    let mut found = (best, shift);
    for &(candidate, other) in clear {
        let smaller = size(candidate.slice) < size(found.0.slice);
        let same = candidate.trouble == best.trouble && other.excess >= EXPLAINS * shift.excess;
        if smaller && same {
            found = (candidate, other);
        }
    }
    Some(found)
}

/// Bucket number at a position of the series (the one after the last at its end).
fn index_at(view: &View<'_>, candidate: &Candidate, position: usize) -> i64 {
    match &candidate.series {
        Series::Rate(series) => {
            series.get(position).map_or(view.range.1 + 1, |bucket| bucket.index)
        }
        Series::Volume(..) => view.range.0 + position as i64,
    }
}

fn excess(view: &View<'_>, candidate: &Candidate, shift: Shift) -> Excess {
    let at = |position| index_at(view, candidate, position);
    let instant = |bucket: i64| Instant(bucket * view.tally.bucket);
    let start = at(shift.start);
    let end = shift.end.map(at);
    let held = candidate.trouble == Trouble::HeldLegitimate;
    let inside: Vec<usize> = view
        .open_cases(candidate.trouble)
        .filter(|(_, case)| {
            let bucket = view.bucket(case);
            let tenant = held && matches!(candidate.slice, Slice::Tenant(_));
            (tenant || candidate.slice.holds(case))
                && bucket >= start
                && end.is_none_or(|e| bucket < e)
        })
        .map(|(index, _)| index)
        .collect();
    let state = state(view, candidate, &shift);
    Excess {
        trouble: candidate.trouble,
        slice: candidate.slice,
        interval: Some((instant(at(shift.earliest)), instant(at(shift.latest) + 1))),
        end: end.map(instant).filter(|_| state == FindingState::Ended),
        state,
        cases: inside,
        shift,
    }
}

fn state(view: &View<'_>, candidate: &Candidate, shift: &Shift) -> FindingState {
    let now = view.facts.settled_until.div_euclid(view.tally.bucket).min(view.range.1);
    let state = match &candidate.series {
        Series::Rate(series) => stats::state(series, shift, now, 0),
        Series::Volume(counts, own) => {
            let (first, last) = view.range;
            let weights = own.as_deref().or(view.weights.as_deref());
            stats::volume_state(counts, first, last, weights, shift, now, 0)
        }
    };
    match state {
        stats::State::Ongoing => FindingState::Ongoing,
        stats::State::Recovering => FindingState::Recovering,
        stats::State::Ended => FindingState::Ended,
        stats::State::Unknown => FindingState::Unknown,
    }
}

/// The values a property of the cases takes, most frequent first, then by value.
pub(super) fn most_frequent<T: Ord>(values: impl Iterator<Item = T>) -> Vec<(T, u64)> {
    let mut counts: BTreeMap<T, u64> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut ranked: Vec<(T, u64)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked
}
