//! The next rise to report: the clearest one left, at the smallest entity that explains it.

use super::candidates::{Board, Candidate, FALSE_DISCOVERIES, Series};
use super::view::{Slice, Trouble, View};
use crate::model::time::DAY;
use crate::model::{Direction, EntityType, FindingState, Instant, Layer};
use crate::stats::{self, Shift};
use crate::tally::Case;
use std::collections::BTreeMap;

/// Least excess that is worth waking somebody.
const LEAST_EXCESS: f64 = 8.0;
/// Least number of late deliveries beyond the usual that is.
const LEAST_LATE: f64 = 12.0;
/// What mailbox rules and allow lists do every day is no incident: so many times as much is.
const NEWS: f64 = 8.0;
/// Part of a rise that one sender must be for it to be a mailing, and the part of what this sender
/// sent that may fail in one.
const MAILING_PART: f64 = 0.5;
const MAILING_SHARE: f64 = 0.1;
/// First signs of a fault may lie this far before its bulk.
const LONGEST_WEEKEND: i64 = 3 * DAY;
/// A series that stands out, with its rise.
type Clear<'a> = (&'a Candidate, &'a Shift);
/// Part of the stated reasons that must agree for a domain's trouble to be one fault.
const PURE: f64 = 0.75;
/// Part of a cause that must be one address's to be a fault of its own.
const ALONE: f64 = 0.8;
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
    let wide = clear(view, board);
    let least = wide.iter().map(|(_, shift)| EXPLAINS * shift.excess).reduce(f64::min);
    let least = least.unwrap_or(0.0);
    board.scan_parts(view, least);
    let clear = clear(view, board);
    let (best, shift) = purest(view, &clear, smallest(view, &clear, *clear.first()?));
    let mut excess = excess(view, best, shift.clone());
    set_apart(view, &mut excess);
    for &index in &excess.cases {
        view.open[index] = None;
    }
    board.explained(view, &excess.cases);
    Some(excess)
}

/// What stands out and matters, strongest first.
fn clear<'a>(view: &View<'_>, board: &'a Board) -> Vec<(&'a Candidate, &'a Shift)> {
    let all = board.candidates();
    let p: Vec<f64> = all.iter().map(|c| c.shift.as_ref().map_or(1.0, |s| s.p_value)).collect();
    let believed = stats::benjamini_hochberg(&p, FALSE_DISCOVERIES);
    let mut clear: Vec<(&'a Candidate, &'a Shift)> = all
        .iter()
        .zip(believed)
        .filter_map(|(c, believed)| Some((c, c.shift.as_ref().filter(|_| believed)?)))
        .filter(|(c, s)| matters(c, s) && !is_mailing(view, c, s))
        .collect();
    clear.sort_by(|a, b| strength(b.1).total_cmp(&strength(a.1)));
    clear
}

/// Big enough, and more than a drift of a large share. Delays scatter more than failures do.
fn matters(candidate: &Candidate, shift: &Shift) -> bool {
    let ratio = shift.rate_during / shift.rate_before.max(1e-9);
    let (least, needed) = match (candidate.trouble, candidate.slice.kind()) {
        (Trouble::Late, _) => (LEAST_LATE, 3.0),
        // A rule that files newsletters files more of them in some weeks: only a new one is news.
        (Trouble::Filed | Trouble::LetPass | Trouble::HeldByPolicy, _) => (LEAST_EXCESS, NEWS),
        (_, EntityType::Tenant) if matches!(candidate.slice, Slice::Cause(..)) => {
            (LEAST_EXCESS, 3.0)
        }
        (_, EntityType::Tenant) => (LEAST_EXCESS, 1.6),
        _ => (LEAST_EXCESS, 2.0),
    };
    shift.onset_seen()
        && shift.excess >= least
        && shift.excess_interval.0 >= least / 2.0
        && ratio >= needed
}

/// A sender who writes a lot for some hours fails more often in them, and is late more often, and
/// no larger part of the mail is: nobody states a reason but that some addresses do not exist. Old
/// lists hold many of these, which is no fault of the mail flow. That is so where one sender makes
/// up most of the rise of what goes out, and most of what this sender writes arrives.
fn is_mailing(view: &View<'_>, candidate: &Candidate, shift: &Shift) -> bool {
    let outbound = match candidate.slice {
        Slice::Sender(_) | Slice::SenderDomain(_) => true,
        Slice::Tenant(direction) | Slice::Cause(direction, _) => direction == Direction::Outbound,
        _ => false,
    };
    if view.facts.filtered
        || !outbound
        || !matches!(candidate.trouble, Trouble::Failing | Trouble::Late)
    {
        return false;
    }
    let start = index_at(view, candidate, shift.start);
    let end = shift.end.map_or(i64::MAX, |end| index_at(view, candidate, end));
    let inside = candidate.members.iter().map(|&i| &view.cases[i]);
    let inside: Vec<&Case> = inside.filter(|c| (start..end).contains(&view.bucket(c))).collect();
    let Some((sender, n)) = most_frequent(inside.iter().map(|c| c.sender)).into_iter().next()
    else {
        return false;
    };
    if ((n * view.weight) as f64) < MAILING_PART * shift.excess {
        return false;
    }
    let ordinary = |c: &&&Case| {
        let stat = view.tally.signatures.get(c.signature);
        stat.is_none_or(|s| matches!(s.signature.layer, Layer::Unknown | Layer::Recipient))
    };
    let plain = inside.iter().filter(|c| c.sender == sender).filter(ordinary).count();
    let sent = view.tally.mailboxes.get(view.table.address(sender)).map_or(0, |m| m.sent);
    plain as u64 * 2 >= n && (n * view.weight) as f64 <= MAILING_SHARE * sent as f64
}

fn strength(shift: &Shift) -> f64 {
    shift.statistic / shift.dispersion.max(1.0)
}

/// Among the clear ones, strongest first: the smallest entity that still explains most of one's
/// excess.
fn smallest<'a>(view: &View<'_>, clear: &[Clear<'a>], (best, shift): Clear<'a>) -> Clear<'a> {
    let size = |slice: Slice| match slice.kind() {
        EntityType::Recipient | EntityType::Sender | EntityType::Rule => 0,
        EntityType::RecipientDomain
        | EntityType::SenderDomain
        | EntityType::Connector
        | EntityType::Policy => 1,
        _ => 2,
    };
    let mut found = (best, shift);
    for &(candidate, other) in clear {
        let smaller =
            size(candidate.slice) < size(found.0.slice) || is_narrower((candidate, other), found);
        let same = candidate.trouble == best.trouble
            && other.excess >= EXPLAINS * shift.excess
            && is_about(view, (candidate, other), best.slice);
        if smaller && same {
            found = (candidate, other);
        }
    }
    found
}

/// What fails for reasons of other layers as well says less than the cause.
fn is_about(view: &View<'_>, (candidate, shift): Clear<'_>, slice: Slice) -> bool {
    let Slice::Cause(_, cause) = slice else { return true };
    let address = matches!(candidate.slice, Slice::Sender(_) | Slice::Recipient(_));
    let pure = if address { 0.5 } else { PURE };
    let layer = view.layer_of(cause);
    let causes: Vec<u32> = stated_inside(view, (candidate, shift)).collect();
    let alike = causes.iter().filter(|c| view.layer_of(**c) == layer).count();
    alike as f64 >= pure * stated_excess(view, causes.len(), shift)
}

/// Causes stated inside a rise, one for each case that states one.
fn stated_inside<'a>(
    view: &'a View<'_>,
    (candidate, shift): Clear<'a>,
) -> impl Iterator<Item = u32> + 'a {
    let start = index_at(view, candidate, shift.start);
    let end = shift.end.map_or(i64::MAX, |end| index_at(view, candidate, end));
    let inside = candidate.members.iter().map(|&i| &view.cases[i]);
    inside.filter(move |c| (start..end).contains(&view.bucket(c))).filter_map(|c| view.cause(c))
}

/// Cases of a rise, beyond the ordinary ones inside it, that state a reason; all that do, where only
/// a few bounces speak.
fn stated_excess(view: &View<'_>, stated: usize, shift: &Shift) -> f64 {
    (shift.excess / view.weight as f64).min(stated as f64)
}

/// Two faults at once look like one at whatever both go through. Where what failed at a domain, or
/// in a direction, states causes of several layers, none of them most of the rise, the clearest
/// cause is told first.
fn purest<'a>(view: &View<'_>, clear: &[Clear<'a>], found: Clear<'a>) -> Clear<'a> {
    let wide = matches!(
        found.0.slice.kind(),
        EntityType::Tenant | EntityType::SenderDomain | EntityType::RecipientDomain
    );
    if !wide || found.0.trouble != Trouble::Failing || matches!(found.0.slice, Slice::Cause(..)) {
        return found;
    }
    let causes: Vec<u32> = stated_inside(view, found).collect();
    let layers = most_frequent(causes.iter().map(|c| view.layer_of(*c)));
    let all = stated_excess(view, causes.len(), found.1);
    let pure = |(_, n): &(Layer, u64)| *n as f64 >= PURE * all;
    if layers.first().is_none_or(pure) {
        return found;
    }
    let Some((_, main)) = most_frequent(causes.into_iter()).into_iter().next() else {
        return found;
    };
    let one_cause = clear.iter().find(|(c, shift)| {
        matches!(c.slice, Slice::Cause(..)) && shift.excess >= EXPLAINS * main as f64
    });
    one_cause.map_or(found, |cause| smallest(view, clear, *cause))
}

/// Leaves open what states another cause than most of the rise does and comes from one sender, or
/// goes to one recipient: that is a fault of its own, which lies within this one.
fn set_apart(view: &View<'_>, excess: &mut Excess) {
    if excess.slice.kind() == EntityType::Sender || excess.slice.kind() == EntityType::Recipient {
        return;
    }
    let cases = || excess.cases.iter().map(|&i| &view.cases[i]);
    let causes = most_frequent(cases().filter_map(|c| view.cause(c)));
    let stated: u64 = causes.iter().map(|(_, n)| n).sum();
    let Some(&(main, agreeing)) = causes.first() else { return };
    if (agreeing as f64) < 0.5 * stated as f64 {
        return;
    }
    // Whoever it is, the rest of what fails for that one goes along.
    let apart: Vec<Slice> = causes[1..]
        .iter()
        .filter(|(_, n)| *n as f64 * view.weight as f64 >= LEAST_EXCESS)
        .filter_map(|(cause, n)| {
            let its = || cases().filter(|c| view.cause(c) == Some(*cause));
            let sender = most_frequent(its().map(|c| c.sender)).into_iter().next();
            let recipient = most_frequent(its().map(|c| c.recipient)).into_iter().next();
            let mostly = |top: Option<(u32, u64)>| {
                top.filter(|(id, hits)| *id != 0 && *hits as f64 >= ALONE * *n as f64)
            };
            mostly(sender)
                .map(|(id, _)| Slice::Sender(id))
                .or_else(|| mostly(recipient).map(|(id, _)| Slice::Recipient(id)))
        })
        .collect();
    let goes = |&i: &usize| {
        let case = &view.cases[i];
        view.cause(case) != Some(main) && apart.iter().any(|slice| view.holds(*slice, case))
    };
    let before = excess.cases.len();
    let kept: Vec<usize> = excess.cases.iter().copied().filter(|i| !goes(i)).collect();
    let part = kept.len() as f64 / before.max(1) as f64;
    excess.cases = kept;
    let shift = &mut excess.shift;
    shift.excess *= part;
    shift.excess_interval = (shift.excess_interval.0 * part, shift.excess_interval.1 * part);
    shift.bad_during = (shift.bad_during as f64 * part).round() as u64;
}

/// A connector with less than half of the mail that a domain had meanwhile says more than the
/// domain.
fn is_narrower((a, shift): (&Candidate, &Shift), (b, other): (&Candidate, &Shift)) -> bool {
    let rates = matches!((&a.series, &b.series), (Series::Rate(_), Series::Rate(_)));
    let domain = matches!(b.slice.kind(), EntityType::RecipientDomain | EntityType::SenderDomain);
    rates
        && domain
        && a.slice.kind() == EntityType::Connector
        && shift.total_during * 2 < other.total_during
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
            (tenant || view.holds(candidate.slice, case))
                && bucket >= start
                && end.is_none_or(|e| bucket < e)
        })
        .map(|(index, _)| index)
        .collect();
    let state = state(view, candidate, &shift);
    let first = first_signs(view, candidate, &inside);
    let earliest = first.first().map_or(i64::MAX, |&i| view.cases[i].time);
    let inside = [first, inside].concat();
    Excess {
        trouble: candidate.trouble,
        slice: candidate.slice,
        interval: Some((
            instant(at(shift.earliest)).min(Instant(earliest)),
            instant(at(shift.latest) + 1),
        )),
        end: end.map(instant).filter(|_| state == FindingState::Ended),
        state,
        cases: inside,
        shift,
    }
}

/// Cases of the same cause shortly before the stretch, where there was none for a long time before
/// them: a fault that begins on a weekend shows in a few messages first.
fn first_signs(view: &View<'_>, candidate: &Candidate, inside: &[usize]) -> Vec<usize> {
    let cause = |index: usize| {
        view.tally.signatures.get(view.cases[index].signature).map(|s| s.signature.cause.as_str())
    };
    let causes = most_frequent(inside.iter().map(|&i| cause(i)));
    let (Some(&(main, _)), Some(&first)) = (causes.first(), inside.first()) else {
        return Vec::new();
    };
    let layer = |index: usize| {
        view.tally.signatures.get(view.cases[index].signature).map(|s| s.signature.layer)
    };
    // A domain's mail fails now and then for reasons of its own: only a stated one is a sign.
    let stated = inside.iter().filter(|&&i| layer(i).is_some_and(|l| l != Layer::Unknown)).count();
    match candidate.slice.kind() {
        EntityType::Tenant => return Vec::new(),
        EntityType::SenderDomain | EntityType::RecipientDomain if stated * 2 < inside.len() => {
            return Vec::new();
        }
        _ => {}
    }
    let signs: Vec<usize> = view
        .open_cases(candidate.trouble)
        .filter(|(index, case)| *index < first && view.holds(candidate.slice, case))
        .map(|(index, _)| index)
        .filter(|&index| cause(index) == main)
        .collect();
    let Some(&earliest) = signs.first() else { return Vec::new() };
    let (begin, start) = (view.cases[earliest].time, view.cases[first].time);
    let quiet = begin - view.range.0 * view.tally.bucket;
    let near = start - begin <= LONGEST_WEEKEND && quiet >= 2 * (start - begin);
    if near && signs.len() >= 2 && signs.len() * 2 < inside.len() { signs } else { Vec::new() }
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
