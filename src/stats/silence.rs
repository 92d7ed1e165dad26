//! Did something that came steadily stop coming?

/// Weight of the assumption "nothing comes", in observations of a slot: what was seen once or twice
/// is not yet a habit.
const DOUBT: f64 = 1.0;

/// How often a slot must have been seen outside of a stretch for its emptiness to prove anything.
const SEEN: f64 = 1.5;
/// A place with this many times the median of the places that have anything is a mailing, and no
/// habit: what is above does not count as evidence.
const MAILING: f64 = 4.0;

/// The emptiest stretch of a series: one that let most events expect and has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// First empty place.
    pub start: usize,
    /// The place after the last empty one; the length of the series where it lasts to the end.
    pub end: usize,
    /// Events expected in the stretch.
    pub expected: f64,
    /// Expected events by place of the stretch, from `start` on.
    pub rates: Vec<f64>,
    /// Minus the natural logarithm of the chance of such a stretch, by the volume: clumps
    /// (variance over mean, at least 1) count as one event.
    pub by_volume: f64,
    /// The same by how often each place has anything at all.
    pub by_habit: f64,
    /// `by_volume` of the next most telling stretch: what is usual for this series.
    pub runner_up: f64,
    /// Variance inflation, at least 1.
    pub dispersion: f64,
    /// Events before the stretch.
    pub before: u64,
}

/// The most telling empty stretch after a first event.
///
/// `slots` gives each place its part of the rhythm (hour of the day, by kind of day), numbered
/// around a ring of `ring` neighbours per kind: places are expected to be like their own slot and
/// the neighbouring ones, the stretch itself left out. `exposure`, 0 to 1, says how much of the
/// usual traffic of everybody else there was, and `others`, by slot, what that is: slots that were
/// never seen outside of the stretch are expected in proportion to it, but prove nothing. `None`
/// where nothing was ever seen, or the arguments differ in length.
#[must_use]
pub fn silence(
    counts: &[u64],
    slots: &[usize],
    ring: usize,
    exposure: &[f64],
    others: &[f64],
) -> Option<Silence> {
    if counts.len() != slots.len() || counts.len() != exposure.len() || ring == 0 {
        return None;
    }
    let habits = Habits::learn(counts, slots, ring, exposure, others);
    let dispersion = habits.dispersion(counts);
    let mut best: Option<Silence> = None;
    let mut runner_up = 0.0_f64;
    let mut at = counts.iter().position(|&n| n > 0)?;
    let mut before: u64 = 0;
    while at < counts.len() {
        if counts[at] > 0 {
            before = before.saturating_add(counts[at]);
            at += 1;
            continue;
        }
        let length = counts[at..].iter().take_while(|&&n| n == 0).count();
        let mut found = habits.judge(at, at + length, dispersion);
        found.before = before;
        at += length;
        match &best {
            Some(other) if other.by_volume >= found.by_volume => {
                runner_up = runner_up.max(found.by_volume);
            }
            other => {
                runner_up = runner_up.max(other.as_ref().map_or(0.0, |o| o.by_volume));
                best = Some(found);
            }
        }
    }
    best.map(|found| Silence { runner_up, ..found })
}

/// What each slot usually holds.
struct Habits<'a> {
    slots: &'a [usize],
    ring: usize,
    exposure: &'a [f64],
    others: &'a [f64],
    /// By slot.
    seen: Vec<Sums>,
}

/// What places hold together.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    exposure: f64,
    events: f64,
    /// Events, mailings cut off.
    capped: f64,
    /// Places with anything.
    active: f64,
}

impl<'a> Habits<'a> {
    fn learn(
        counts: &[u64],
        slots: &'a [usize],
        ring: usize,
        exposure: &'a [f64],
        others: &'a [f64],
    ) -> Self {
        let size = slots.iter().max().map_or(0, |m| (m / ring + 1) * ring);
        let mut nonempty: Vec<u64> = counts.iter().copied().filter(|&n| n > 0).collect();
        nonempty.sort_unstable();
        let cap = nonempty.get(nonempty.len() / 2).map_or(0.0, |&m| MAILING * m as f64);
        let mut seen = vec![Sums::default(); size];
        for ((&count, &slot), &exposure) in counts.iter().zip(slots).zip(exposure) {
            seen[slot].exposure += exposure;
            seen[slot].events += count as f64;
            seen[slot].capped += (count as f64).min(cap);
            seen[slot].active += f64::from(u8::from(count > 0));
        }
        Self { slots, ring, exposure, others, seen }
    }

    /// Sums over a slot and its neighbours, without the exposure of a stretch.
    fn around(&self, slot: usize, without: &[f64]) -> Sums {
        let (base, place) = (slot / self.ring * self.ring, slot % self.ring);
        let mut near = vec![base + place];
        if self.ring >= 3 {
            near.push(base + (place + 1) % self.ring);
            near.push(base + (place + self.ring - 1) % self.ring);
        }
        let mut sums = Sums::default();
        for at in near {
            let seen = self.seen[at];
            let left = without.get(at).copied().unwrap_or(0.0);
            sums.exposure += (seen.exposure - left).max(0.0);
            sums.events += seen.events;
            sums.capped += seen.capped;
            sums.active += seen.active;
        }
        sums
    }

    fn usual_of_others(&self, slot: usize) -> f64 {
        self.others.get(slot).copied().unwrap_or(0.0).max(0.0)
    }

    /// Events as a part of everybody else's, outside of a stretch.
    fn part_of_others(&self, without: &[f64]) -> f64 {
        let mut sum = (0.0, 0.0);
        for (slot, seen) in self.seen.iter().enumerate() {
            let left = (seen.exposure - without.get(slot).copied().unwrap_or(0.0)).max(0.0);
            sum.0 += seen.events;
            sum.1 += left * self.usual_of_others(slot);
        }
        if sum.1 >= 1.0 { sum.0 / sum.1 } else { 0.0 }
    }

    fn judge(&self, start: usize, end: usize, dispersion: f64) -> Silence {
        let mut without = vec![0.0; self.seen.len()];
        for at in start..end {
            without[self.slots[at]] += self.exposure[at];
        }
        let (mut expected, mut cautious, mut by_habit) = (0.0, 0.0, 0.0);
        let mut rates = Vec::with_capacity(end - start);
        let part = self.part_of_others(&without);
        for at in start..end {
            let Sums { exposure, events, capped, active } = self.around(self.slots[at], &without);
            let rate = if exposure >= DOUBT {
                events / exposure
            } else {
                part * self.usual_of_others(self.slots[at])
            };
            let rate = rate * self.exposure[at];
            rates.push(rate);
            expected += rate;
            let slot = self.slots[at];
            if self.seen[slot].exposure - without[slot] < SEEN {
                continue;
            }
            cautious += capped / (exposure + DOUBT) * self.exposure[at];
            let habit = (active / (exposure + DOUBT)).min(0.99);
            by_habit -= (1.0 - habit).ln() * self.exposure[at];
        }
        Silence {
            start,
            end,
            expected,
            rates,
            by_volume: cautious / dispersion,
            by_habit,
            runner_up: 0.0,
            dispersion,
            before: 0,
        }
    }

    /// Variance over mean of the events per place around their slot's mean, at least 1.
    fn dispersion(&self, counts: &[u64]) -> f64 {
        let (mut sum, mut places) = (0.0, 0.0);
        for ((&count, &slot), &exposure) in counts.iter().zip(self.slots).zip(self.exposure) {
            let seen = self.around(slot, &[]);
            let mean = seen.events / seen.exposure.max(1.0) * exposure;
            // Empty places say little of clumps, and the stretch in question is made of them.
            if count > 0 && mean > 0.0 {
                sum += (count as f64 - mean).powi(2) / mean.max(1.0);
                places += 1.0;
            }
        }
        if places < 2.0 { 1.0 } else { (sum / (places - 1.0)).max(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hours(n: usize) -> Vec<usize> {
        (0..n).map(|at| at % 24).collect()
    }

    fn office(at: usize) -> u64 {
        if (8..18).contains(&(at % 24)) { 3 + (at as u64 * 7) % 3 } else { 0 }
    }

    #[test]
    fn a_steady_source_stops() {
        let counts: Vec<u64> = (0..240).map(|at| if at < 180 { office(at) } else { 0 }).collect();
        let found = silence(&counts, &hours(240), 24, &vec![1.0; 240], &[]).unwrap();
        assert_eq!((found.start, found.end), (180, 240));
        assert!(found.by_volume > 30.0 && found.by_habit > 10.0, "{found:?}");
        assert!(found.runner_up < found.by_volume / 4.0, "{found:?}");
        assert!((70.0..120.0).contains(&found.expected), "{found:?}");
    }

    #[test]
    fn nights_are_no_silence() {
        let counts: Vec<u64> = (0..240).map(office).collect();
        let found = silence(&counts, &hours(240), 24, &vec![1.0; 240], &[]).unwrap();
        assert!(found.by_volume < found.runner_up * 2.0 + 6.0, "{found:?}");
    }

    /// Nobody else sends either: a holiday.
    #[test]
    fn without_exposure_nothing_is_missing() {
        let counts: Vec<u64> = (0..240).map(|at| if at < 180 { office(at) } else { 0 }).collect();
        let exposure: Vec<f64> = (0..240).map(|at| if at < 180 { 1.0 } else { 0.0 }).collect();
        let found = silence(&counts, &hours(240), 24, &exposure, &[]).unwrap();
        assert!(found.start < 180 && found.by_volume < 12.0, "{found:?}");
    }

    #[test]
    fn nothing_to_see() {
        assert_eq!(silence(&[], &[], 24, &[], &[]), None);
        assert_eq!(silence(&[0, 0], &[0, 1], 24, &[1.0, 1.0], &[]), None);
        assert_eq!(silence(&[1], &[0, 1], 24, &[1.0], &[]), None);
    }

    proptest! {
        #[test]
        fn any_series_is_sound(raw in prop::collection::vec((0u64..50, 0usize..60, 0.0..1.0_f64), 0..200),
                               ring in 0usize..30) {
            let counts: Vec<u64> = raw.iter().map(|r| r.0 % 7 * (r.0 % 2)).collect();
            let slots: Vec<usize> = raw.iter().map(|r| r.1).collect();
            let exposure: Vec<f64> = raw.iter().map(|r| r.2).collect();
            if let Some(s) = silence(&counts, &slots, ring, &exposure, &exposure) {
                prop_assert!(s.start < s.end && s.end <= counts.len());
                prop_assert!(counts[s.start..s.end].iter().all(|&n| n == 0));
                prop_assert_eq!(s.rates.len(), s.end - s.start);
                for x in [s.expected, s.by_volume, s.by_habit, s.runner_up, s.dispersion] {
                    prop_assert!(x.is_finite() && x >= 0.0);
                }
            }
        }
    }
}
