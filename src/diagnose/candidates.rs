//! Every series worth a scan: tenant by direction, domains, addresses, connectors, rules.

use super::expected::{
    expected_by_sender, expected_held, expected_inbound, expected_of_direction,
    expected_of_partners, holds_spam,
};
use super::view::{Slice, Trouble, View};
use crate::model::Direction;
use crate::stats::{self, Bucket, Shift};
use std::collections::{BTreeMap, HashMap};

/// Cases an entity needs before its series is scanned: fewer could not make an excess that counts.
const SUPPORT: usize = 8;
/// Entities of a kind scanned at most, those with the most cases first.
const MOST: usize = 200;
/// False discovery rate over all series scanned; p-values from here on are never believed.
pub(super) const FALSE_DISCOVERIES: f64 = 0.001;

/// What a series is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Series {
    /// Bad of all, per bucket.
    Rate(Vec<Bucket>),
    /// Bad per bucket; how many deliveries the entity had is not known, or says little: the
    /// weights tell how many bad ones to expect where the export's traffic does not.
    Volume(Vec<(i64, u64)>, Option<Vec<f64>>),
}

/// One entity's series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) trouble: Trouble,
    pub(super) slice: Slice,
    pub(super) series: Series,
    /// Its clearest rise, if there is one worth the name.
    pub(super) shift: Option<Shift>,
    /// The cases changed since the last scan.
    stale: bool,
    /// Indices of its unexplained cases.
    pub(super) members: Vec<usize>,
    /// Explained cases per bucket: they left the denominator.
    gone: BTreeMap<i64, u64>,
}

/// All candidates. After each finding only those it touched are scanned again, and parts of the
/// tenant only when they can matter: a large incident shows in the series of every domain and
/// address it hits.
#[derive(Debug)]
pub(super) struct Board {
    /// In a fixed order: kind, number of cases, name.
    candidates: Vec<Candidate>,
    places: Places,
    /// By place: positions in `candidates`, one for each trouble the entity has enough of. Of most
    /// entities, for none.
    index: HashMap<usize, Vec<u32>>,
}

/// A dense number for every slice of a run, so that cases are sorted to their entities without a
/// search.
#[derive(Clone, Copy, Debug)]
struct Places {
    domains: usize,
    addresses: usize,
    labels: usize,
    causes: usize,
}

impl Places {
    fn of(view: &View<'_>) -> Self {
        Self {
            domains: view.tally.names.len(),
            addresses: view.table.addresses(),
            labels: view.table.labels(),
            causes: view.causes(),
        }
    }

    fn len(self) -> usize {
        Direction::ALL.len() * (1 + self.causes)
            + 2 * (self.domains + self.addresses)
            + 3 * self.labels
    }

    fn place(self, slice: Slice) -> usize {
        let first = Direction::ALL.len();
        match slice {
            Slice::Tenant(direction) => direction as usize,
            Slice::SenderDomain(id) => first + id as usize,
            Slice::RecipientDomain(id) => first + self.domains + id as usize,
            Slice::Sender(id) => first + 2 * self.domains + id as usize,
            Slice::Recipient(id) => first + 2 * self.domains + self.addresses + id as usize,
            Slice::Connector(id) => first + 2 * (self.domains + self.addresses) + id as usize,
            Slice::Rule(id) => {
                first + 2 * (self.domains + self.addresses) + self.labels + id as usize
            }
            Slice::Cause(direction, id) => {
                let after = first + 2 * (self.domains + self.addresses) + 3 * self.labels;
                after + direction as usize * self.causes + id as usize
            }
            Slice::Setting(id) => {
                first + 2 * (self.domains + self.addresses) + 2 * self.labels + id as usize
            }
        }
    }
}

impl Board {
    /// Groups all cases and scans the tenant by direction.
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut candidates = Vec::new();
        for trouble in Trouble::ALL {
            for (slice, members) in groups(view, trouble) {
                candidates.push(Candidate {
                    trouble,
                    slice,
                    series: Series::Volume(Vec::new(), None),
                    shift: None,
                    stale: true,
                    members,
                    gone: BTreeMap::new(),
                });
            }
        }
        let places = Places::of(view);
        let mut index: HashMap<usize, Vec<u32>> = HashMap::new();
        for (at, candidate) in candidates.iter().enumerate() {
            index.entry(places.place(candidate.slice)).or_default().push(at as u32);
        }
        let mut board = Self { candidates, places, index };
        board.scan(view, Candidate::is_tenant);
        board
    }

    fn scan(&mut self, view: &View<'_>, which: impl Fn(&Candidate) -> bool) {
        for candidate in self.candidates.iter_mut().filter(|c| c.stale && which(c)) {
            candidate.scan(view);
        }
    }

    /// Scans the parts that have at least `cases` unexplained cases.
    pub(super) fn scan_parts(&mut self, view: &View<'_>, cases: f64) {
        self.scan(view, |c| c.members.len() as f64 * view.weight as f64 >= cases);
    }

    /// All candidates, in their order.
    pub(super) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Takes cases out that the view has marked as explained, and scans what they touched.
    pub(super) fn explained(&mut self, view: &View<'_>, cases: &[usize]) {
        let mut touched = vec![false; self.candidates.len()];
        for &case in cases {
            for slice in slices(view, case) {
                let place = self.places.place(slice);
                for &at in self.index.get(&place).into_iter().flatten() {
                    let at = at as usize;
                    let Some(candidate) = self.candidates.get_mut(at) else { continue };
                    let bucket = view.bucket(&view.cases[case]);
                    *candidate.gone.entry(bucket).or_insert(0) += view.weight;
                    touched[at] = true;
                }
            }
        }
        for (candidate, _) in self.candidates.iter_mut().zip(touched).filter(|(_, t)| *t) {
            candidate.members.retain(|&c| view.open[c] == Some(candidate.trouble));
            candidate.stale = true;
            candidate.shift = None;
        }
        self.scan(view, Candidate::is_tenant);
    }
}

impl Candidate {
    /// Chance that all failures of an address come after all its good mail, if the two have nothing
    /// to do with each other: 1 of all orders. 1 where they are mixed, or nothing is known.
    fn order(&self, view: &View<'_>) -> f64 {
        let Slice::Recipient(id) = self.slice else { return 1.0 };
        let known = view.tally.mailboxes.get(view.table.address(id));
        let (Some(mailbox), Some(&first)) = (known, self.members.first()) else { return 1.0 };
        let after = mailbox.last.is_some_and(|last| last < view.cases[first].time);
        if self.trouble != Trouble::Failing || view.weight > 1 || !after {
            return 1.0;
        }
        let bad = self.members.len() as u64;
        (1..=mailbox.taken).map(|k| k as f64 / (bad + k) as f64).product()
    }

    fn is_tenant(&self) -> bool {
        matches!(self.slice, Slice::Tenant(_) | Slice::Cause(..))
    }

    fn scan(&mut self, view: &View<'_>) {
        self.stale = false;
        if self.members.len() < SUPPORT {
            return;
        }
        let bad = bad_per_bucket(view, &self.members);
        self.series = match volume(view, self.trouble, self.slice) {
            // A mailbox gets its mail when partners write: weekends are no sign of anything.
            None if self.trouble == Trouble::Filed && !view.facts.filtered => {
                Series::Volume(bad, Some(expected_of_partners(view)))
            }
            None if matches!(self.slice, Slice::Cause(..)) && !view.facts.filtered => {
                let direction = self.slice.direction().unwrap_or(Direction::Unknown);
                let weights = expected_of_direction(view, direction);
                Series::Volume(bad, Some(weights))
            }
            None => Series::Volume(bad, None),
            Some(_) if self.trouble == Trouble::Failing && view.is_inbound(self.slice) => {
                let weights = if holds_spam(view, &self.members) {
                    expected_by_sender(view, &self.members)
                } else {
                    expected_inbound(view, &self.members)
                };
                Series::Volume(bad, Some(weights))
            }
            Some(_)
                if matches!(self.slice, Slice::Tenant(_))
                    && self.trouble == Trouble::HeldLegitimate =>
            {
                Series::Volume(bad, Some(expected_held(view)))
            }
            Some(volume) => Series::Rate(rate(volume, &bad, &self.gone)),
        };
        self.shift = match &self.series {
            Series::Rate(series) => stats::rate_shift_below(series, FALSE_DISCOVERIES),
            Series::Volume(counts, own) => {
                let (first, last) = view.range;
                let weights = own.as_deref().or(view.weights.as_deref());
                let order = self.order(view);
                let ceiling = if order < FALSE_DISCOVERIES { 1.0 } else { FALSE_DISCOVERIES };
                let shift = stats::volume_shift_below(counts, first, last, weights, ceiling);
                shift.map(|s| Shift { p_value: s.p_value.min(order), ..s })
            }
        };
    }
}

/// The entities a case belongs to. Unknown addresses are none.
fn slices(view: &View<'_>, case: usize) -> impl Iterator<Item = Slice> {
    let case = &view.cases[case];
    // Whoever it goes to, it is our filter that holds it.
    let held = !case.failing && case.signature != u32::MAX;
    let direction = if held { Direction::Inbound } else { case.direction };
    let name = view.tally.names.text(case.sender_domain);
    let known = name.contains('.');
    // Bounces: no sender to blame, but a volume of their own.
    let domain = known || name == "<>";
    let to = case.recipient != 0;
    [
        Some(Slice::Tenant(direction)),
        domain.then_some(Slice::SenderDomain(case.sender_domain)),
        known.then_some(Slice::Sender(case.sender)),
        to.then_some(Slice::Recipient(case.recipient)),
        // What is held is held for the whole tenant, whatever the domain of the recipient.
        (to && !held).then_some(Slice::RecipientDomain(case.recipient_domain)),
        (!held && view.is_branch[case.connector as usize])
            .then_some(Slice::Connector(case.connector)),
        (case.rule != 0).then_some(Slice::Rule(case.rule)),
        (case.setting != 0).then_some(Slice::Setting(case.setting)),
        view.cause(case).filter(|_| case.failing).map(|id| Slice::Cause(case.direction, id)),
    ]
    .into_iter()
    .flatten()
    // A mailbox rule is one mailbox's own; a setting lets senders pass.
    .filter(move |slice| match view.only {
        Some(Trouble::HeldByPolicy) => matches!(slice, Slice::Setting(_)),
        Some(Trouble::Filed) => matches!(slice, Slice::Recipient(_)),
        Some(Trouble::LetPass) => {
            matches!(slice, Slice::SenderDomain(_) | Slice::Sender(_) | Slice::Setting(_))
        }
        _ => true,
    })
}

/// Unexplained cases by the entities they belong to, in a fixed order: kind, number of cases,
/// name. Entities with too few cases are counted, not collected.
fn groups(view: &View<'_>, trouble: Trouble) -> Vec<(Slice, Vec<usize>)> {
    if view.open_cases(trouble).next().is_none() {
        return Vec::new();
    }
    let places = Places::of(view);
    let place = |slice| places.place(slice);
    let mut counts = vec![0u32; places.len()];
    for (index, _) in view.open_cases(trouble) {
        for slice in slices(view, index) {
            counts[place(slice)] += 1;
        }
    }
    let mut groups: Vec<(Slice, Vec<usize>)> = Vec::new();
    let mut group_at = vec![usize::MAX; counts.len()];
    for (index, _) in view.open_cases(trouble) {
        for slice in slices(view, index) {
            let place = place(slice);
            if (counts[place] as usize) < SUPPORT {
                continue;
            }
            if group_at[place] == usize::MAX {
                group_at[place] = groups.len();
                groups.push((slice, Vec::with_capacity(counts[place] as usize)));
            }
            groups[group_at[place]].1.push(index);
        }
    }
    // Ids depend on the order of observation: names do not.
    groups.sort_by_cached_key(|(slice, members)| {
        (slice.kind(), std::cmp::Reverse(members.len()), view.name(*slice), slice.direction())
    });
    let mut taken: BTreeMap<_, usize> = BTreeMap::new();
    groups.retain(|(slice, _)| {
        let n = taken.entry(slice.kind()).or_default();
        *n += 1;
        *n <= MOST
    });
    groups
}

/// Bad per bucket, ascending; a message counts once, not once per recipient: thirty dead addresses
/// on one message are one event.
fn bad_per_bucket(view: &View<'_>, members: &[usize]) -> Vec<(i64, u64)> {
    let mut bad: Vec<(i64, u64)> = Vec::new();
    // Cases are in order of time and key: copies of a message are neighbours, and so are the cases
    // of a bucket.
    let (mut last, mut next) = (None, i64::MIN);
    for &index in members {
        let case = &view.cases[index];
        if last.replace((case.key, case.time)) == Some((case.key, case.time)) {
            continue;
        }
        match bad.last_mut() {
            Some((_, count)) if case.time < next => *count += view.weight,
            _ => {
                let bucket = view.bucket(case);
                next = (bucket + 1) * view.tally.bucket;
                bad.push((bucket, view.weight));
            }
        }
    }
    bad
}

/// Deliveries of the entity per bucket, where they are known.
fn volume(view: &View<'_>, trouble: Trouble, slice: Slice) -> Option<Vec<(i64, u64)>> {
    if trouble == Trouble::HeldByPolicy {
        // A wave of spam is held by every policy: one policy's part of it stays what it was.
        let held: Vec<usize> = (0..view.cases.len()).filter(|&i| !view.cases[i].failing).collect();
        return Some(bad_per_bucket(view, &held));
    }
    if view.facts.filtered {
        return None;
    }
    let tally = view.tally;
    match slice {
        Slice::Tenant(_) if trouble == Trouble::HeldLegitimate => {
            Some(view.established.iter().map(|(b, n)| (*b, *n)).collect())
        }
        Slice::Tenant(direction) => {
            let of = |tick: &crate::tally::Tick| tick.direction[direction as usize][0];
            Some(tally.timeline.ticks().map(|(bucket, tick)| (bucket, of(tick))).collect())
        }
        Slice::SenderDomain(id) => tally.senders.get(id).map(|s| s.series.iter().collect()),
        Slice::RecipientDomain(id) => tally.recipients.get(id).map(|s| s.series.iter().collect()),
        Slice::Connector(_) => {
            tally.connectors.get(&view.name(slice)).map(|s| s.series.iter().collect())
        }
        Slice::Sender(_)
        | Slice::Recipient(_)
        | Slice::Rule(_)
        | Slice::Setting(_)
        | Slice::Cause(..) => None,
    }
}

fn rate(volume: Vec<(i64, u64)>, bad: &[(i64, u64)], gone: &BTreeMap<i64, u64>) -> Vec<Bucket> {
    let bad_at = |index| bad.binary_search_by_key(&index, |b| b.0).map_or(0, |at| bad[at].1);
    volume
        .into_iter()
        .map(|(index, total)| {
            let (bad, gone) = (bad_at(index), gone.get(&index).copied().unwrap_or(0));
            Bucket { index, bad, total: total.saturating_sub(gone).max(bad) }
        })
        .collect()
}
