//! How much traffic an hour usually has, by its place in the week or the day.

const DAY: i64 = 86_400;
const WEEK_SLOTS: usize = 168;
const DAY_SLOTS: usize = 24;
/// Weight of the coarser profile, in observations: a slot seen twice is half its own.
const PRIOR: f64 = 2.0;
/// Longer windows are not learnt from (the same limit as the scan's).
const MOST_BUCKETS: i64 = 1 << 17;

/// Expected traffic of a bucket relative to the mean: by hour of the week where two weeks or
/// more are known, else by hour of the day where two days are, else flat.
///
/// Slots are learnt as means over their repetitions without the largest one where there are
/// three or more (an incident or a mailing in the history is no rhythm) and shrunk to the
/// coarser profile (hour of the day, then flat) by empirical-Bayes weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Rhythm {
    bucket_seconds: i64,
    offset_seconds: i64,
    /// 168, 24 or 1 relative weights.
    slots: Vec<f64>,
}

impl Rhythm {
    /// Learns from (bucket index, events), ascending, over the window `first..=last`; missing
    /// buckets had none. A bucket is `index * bucket_seconds` seconds after 1970-01-01 in UTC;
    /// `offset_seconds` moves that to the local time whose office hours matter (0 if unknown:
    /// a constant offset only renames the slots).
    #[must_use]
    pub fn learn(
        counts: &[(i64, u64)],
        first: i64,
        last: i64,
        bucket_seconds: i64,
        offset_seconds: i64,
    ) -> Self {
        let flat = Self { bucket_seconds, offset_seconds, slots: vec![1.0] };
        let length = last.checked_sub(first).and_then(|gap| gap.checked_add(1)).unwrap_or(0);
        if bucket_seconds <= 0 || !(1..=MOST_BUCKETS).contains(&length) {
            return flat;
        }
        let mut dense = vec![0.0; length as usize];
        for &(index, count) in counts {
            let place = index.checked_sub(first).and_then(|at| usize::try_from(at).ok());
            if let Some(slot) = place.and_then(|at| dense.get_mut(at)) {
                *slot += count as f64;
            }
        }
        let seconds = length.saturating_mul(bucket_seconds);
        let mean = dense.iter().sum::<f64>() / length as f64;
        if mean <= 0.0 || seconds < 2 * DAY || bucket_seconds > DAY {
            return flat;
        }
        let history = History { first, dense: &dense, bucket_seconds, offset_seconds };
        let by_day = history.profile(DAY_SLOTS, |_| 1.0, mean);
        let weekly = seconds >= 14 * DAY;
        let slots = if weekly {
            history.profile(WEEK_SLOTS, |slot| slot_of(&by_day, slot % DAY_SLOTS), mean)
        } else {
            by_day
        };
        Self { slots, ..flat }
    }

    /// Expected traffic of one bucket, relative to the mean; more than 0 and finite.
    #[must_use]
    pub fn weight(&self, index: i64) -> f64 {
        slot_of(
            &self.slots,
            place(index, self.bucket_seconds, self.offset_seconds, self.slots.len()),
        )
    }

    /// Weights of the buckets `first..=last`, as [`super::volume_shift`] takes them; empty
    /// (which it reads as flat) for a window without end.
    #[must_use]
    pub fn weights(&self, first: i64, last: i64) -> Vec<f64> {
        match last.checked_sub(first) {
            Some(gap) if gap < MOST_BUCKETS => (first..=last).map(|at| self.weight(at)).collect(),
            _ => Vec::new(),
        }
    }

    /// Does it know weekdays from weekends?
    #[must_use]
    pub fn knows_weekdays(&self) -> bool {
        self.slots.len() == WEEK_SLOTS
    }
}

struct History<'a> {
    first: i64,
    dense: &'a [f64],
    bucket_seconds: i64,
    offset_seconds: i64,
}

impl History<'_> {
    /// Relative weights per slot, shrunk to `coarser`.
    fn profile(&self, slots: usize, coarser: impl Fn(usize) -> f64, mean: f64) -> Vec<f64> {
        let mut seen: Vec<Vec<f64>> = vec![Vec::new(); slots];
        for (index, &count) in (self.first..).zip(self.dense) {
            let slot = place(index, self.bucket_seconds, self.offset_seconds, slots);
            if let Some(list) = seen.get_mut(slot) {
                list.push(count / mean);
            }
        }
        let weight = |(slot, list): (usize, Vec<f64>)| {
            let prior = coarser(slot);
            let (sum, count) = without_largest(&list);
            (sum + PRIOR * prior) / (count + PRIOR)
        };
        seen.into_iter().enumerate().map(weight).collect()
    }
}

/// Sum and number of the values, without the largest where there are three or more.
fn without_largest(values: &[f64]) -> (f64, f64) {
    let sum: f64 = values.iter().sum();
    if values.len() < 3 {
        return (sum, values.len() as f64);
    }
    let largest = values.iter().copied().fold(0.0, f64::max);
    ((sum - largest).max(0.0), values.len() as f64 - 1.0)
}

fn slot_of(slots: &[f64], at: usize) -> f64 {
    slots.get(at).copied().unwrap_or(1.0)
}

/// The slot of a bucket: the hour its middle lies in. 1970-01-01 was a Thursday; weeks begin
/// there, which nobody sees.
fn place(index: i64, bucket_seconds: i64, offset_seconds: i64, slots: usize) -> usize {
    let time = i128::from(index) * i128::from(bucket_seconds)
        + i128::from(bucket_seconds / 2)
        + i128::from(offset_seconds);
    let hour = time.div_euclid(3600);
    usize::try_from(hour.rem_euclid(slots.max(1) as i128)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 100 an hour from 8 to 18 on weekdays, 10 otherwise; 1970-01-05 was a Monday.
    fn office(index: i64) -> u64 {
        let (hour, day) = (index.rem_euclid(24), index.div_euclid(24).rem_euclid(7));
        let weekend = day == 2 || day == 3;
        if (8..18).contains(&hour) && !weekend { 100 } else { 10 }
    }

    #[test]
    fn weeks_are_learnt_from_three_weeks() {
        let counts: Vec<(i64, u64)> = (0..504).map(|at| (at, office(at))).collect();
        let rhythm = Rhythm::learn(&counts, 0, 503, 3600, 0);
        assert!(rhythm.knows_weekdays());
        let (monday, sunday) = (rhythm.weight(4 * 24 + 10), rhythm.weight(3 * 24 + 10));
        assert!(monday > 2.0 * sunday, "{monday} {sunday}");
        assert!((rhythm.weight(7 * 24 * 100 + 4 * 24 + 10) - monday).abs() < 1e-12);
    }

    #[test]
    fn days_are_learnt_from_less_and_nothing_from_nothing() {
        let counts: Vec<(i64, u64)> = (0..96).map(|at| (at, office(at))).collect();
        let rhythm = Rhythm::learn(&counts, 0, 95, 3600, 0);
        assert!(!rhythm.knows_weekdays());
        assert!(rhythm.weight(10) > 1.5 * rhythm.weight(3));
        assert_eq!(Rhythm::learn(&[], 0, 1000, 3600, 0).weights(0, 2), [1.0; 3]);
        assert_eq!(Rhythm::learn(&counts, 0, 20, 3600, 0).weights(0, 2), [1.0; 3]);
    }

    #[test]
    fn one_mailing_in_the_history_is_no_rhythm() {
        let mut counts: Vec<(i64, u64)> = (0..504).map(|at| (at, office(at))).collect();
        let clean = Rhythm::learn(&counts, 0, 503, 3600, 0);
        counts[250].1 += 5000;
        let with = Rhythm::learn(&counts, 0, 503, 3600, 0);
        let relative = |r: &Rhythm| r.weight(250) / r.weight(251);
        assert!((relative(&with) / relative(&clean) - 1.0).abs() < 0.2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn weights_are_positive(counts in prop::collection::vec((any::<i64>(), any::<u64>()), 0..20),
                                first in -500i64..500, length in -5i64..2000, bucket in -10i64..200_000,
                                offset in any::<i64>(), at in any::<i64>()) {
            let rhythm = Rhythm::learn(&counts, first, first + length, bucket, offset);
            prop_assert!(rhythm.weight(at) > 0.0 && rhythm.weight(at).is_finite());
            let near: Vec<(i64, u64)> = counts.iter().map(|&(i, c)| (first + i.rem_euclid(700), c)).collect();
            let rhythm = Rhythm::learn(&near, first, first + length, bucket, offset);
            prop_assert!(rhythm.weights(first, first + 200).iter().all(|w| *w > 0.0 && w.is_finite()));
        }
    }
}
