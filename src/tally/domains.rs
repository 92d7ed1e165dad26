//! Exact totals and a sparse volume series per domain.

use super::Observed;
use super::plain::Open;
use super::totals::in_denominator;

/// Deliveries per bucket, sparse, ascending by bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series(Vec<(i32, u32)>);

impl Series {
    pub(super) fn add(&mut self, bucket: i32, count: u32) {
        // Mail mostly comes in the order of time.
        match self.0.last_mut() {
            Some(last) if last.0 == bucket => {
                last.1 = last.1.saturating_add(count);
                return;
            }
            Some(last) if last.0 > bucket => {}
            _ => {
                self.0.push((bucket, count));
                return;
            }
        }
        // Busy domains have mail in every bucket: then the place is known without a search.
        let guess = self.0.first().and_then(|first| usize::try_from(bucket - first.0).ok());
        if let Some(entry) = guess.and_then(|at| self.0.get_mut(at))
            && entry.0 == bucket
        {
            entry.1 = entry.1.saturating_add(count);
            return;
        }
        match self.0.binary_search_by_key(&bucket, |e| e.0) {
            Ok(at) => self.0[at].1 = self.0[at].1.saturating_add(count),
            Err(at) => self.0.insert(at, (bucket, count)),
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for (bucket, count) in other.0 {
            self.add(bucket, count);
        }
    }

    /// (bucket, deliveries), ascending.
    pub fn iter(&self) -> impl Iterator<Item = (i64, u64)> {
        self.0.iter().map(|&(bucket, count)| (i64::from(bucket), u64::from(count)))
    }
}

/// What is known of one domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainStat {
    /// Deliveries, expanded and redirected ones left out.
    pub deliveries: u64,
    /// Failing ones.
    pub failing: u64,
    /// Held ones.
    pub held: u64,
    /// Deliveries per bucket.
    pub series: Series,
    /// Time of the latest delivery that was neither failing nor held, microseconds UTC.
    pub last_good: i64,
}

impl DomainStat {
    /// Deliveries that were neither failing nor held.
    pub fn good(&self) -> u64 {
        self.deliveries.saturating_sub(self.failing + self.held)
    }
}

/// Domains by id of the tally's names.
#[derive(Clone, Debug, Default)]
pub struct Domains(Vec<DomainStat>);

impl Domains {
    pub(super) fn observe(&mut self, domain: u32, o: &Observed<'_>) {
        if !in_denominator(o.verdict.outcome) {
            return;
        }
        let stat = self.stat(domain);
        stat.deliveries += 1;
        stat.failing += u64::from(o.verdict.failing);
        stat.held += u64::from(o.verdict.held);
        stat.series.add(o.bucket as i32, 1);
        if !o.verdict.failing && !o.verdict.held {
            stat.last_good = stat.last_good.max(o.delivery.time.0);
        }
    }

    /// Counts deliveries of one bucket.
    pub(super) fn add(&mut self, domain: u32, bucket: i64, open: Open) {
        let stat = self.stat(domain);
        stat.deliveries += u64::from(open.deliveries);
        stat.failing += u64::from(open.failing);
        stat.held += u64::from(open.held);
        stat.series.add(bucket as i32, open.deliveries);
        stat.last_good = stat.last_good.max(open.last_good);
    }

    pub(super) fn merge(&mut self, other: Self, names: &[u32]) {
        for (from, &id) in other.0.into_iter().zip(names) {
            if from.deliveries == 0 {
                continue;
            }
            let into = self.stat(id);
            into.deliveries += from.deliveries;
            into.failing += from.failing;
            into.held += from.held;
            into.last_good = into.last_good.max(from.last_good);
            into.series.merge(from.series);
        }
    }

    /// All domains with deliveries, by id. The order of ids means nothing.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &DomainStat)> {
        (0..).zip(&self.0).filter(|(_, stat)| stat.deliveries > 0)
    }

    /// One domain.
    pub fn get(&self, domain: u32) -> Option<&DomainStat> {
        self.0.get(domain as usize)
    }

    fn stat(&mut self, domain: u32) -> &mut DomainStat {
        let at = domain as usize;
        if at >= self.0.len() {
            self.0.resize_with(at + 1, DomainStat::default);
        }
        &mut self.0[at]
    }
}
