//! A connector whose mail came steadily, and comes no more.
//!
//! Not a rest of everybody (a holiday, a gap in the export), not a rare sender, not the recent past
//! that the export may still fill, and not a connector whose mail moved to another.

use super::findings::{confidence, key};
use super::naming::Naming;
use super::{Facts, gaps, phrase};
use crate::model::time::{DAY, HOUR};
use crate::model::{
    Direction, Entity, EntityType, Finding, FindingState, FindingStatus, Grade, Instant, Layer,
    Side,
};
use crate::stats::{self, Silence};
use crate::tally::{ConnectorStat, Series, Tally};

/// A window of more buckets is no window of mail flow.
const MOST_BUCKETS: i64 = 1 << 17;
/// Deliveries and non-empty buckets before the stretch that make a habit.
const HABIT: u64 = 20;
const ACTIVE: usize = 8;
/// Deliveries that must be missing to be worth waking somebody.
const MISSING: f64 = 10.0;
/// Chance of the stretch (minus its natural logarithm), by volume and by habit.
const BY_VOLUME: f64 = 12.0;
const BY_HABIT: f64 = 5.0;
/// What is over already must be clearer: many more stretches could have been one.
const BY_VOLUME_ENDED: f64 = 16.0;
/// So many times the next longest silence it must be: what stops often is no incident.
const UNUSUAL: f64 = 2.5;
/// A silence that is over must have lasted this long.
const LEAST_ENDED: i64 = 4 * HOUR;
/// Part of what is missing that must turn up elsewhere to speak of a move.
const MOVED: f64 = 0.5;
/// Slots: hours of a working day, hours of a weekend.
const RING: usize = 24;

/// Silent connectors, by name.
pub(super) fn findings(tally: &Tally, facts: &Facts, incidents: &[Finding]) -> Vec<Finding> {
    let Some((first, last)) = tally.timeline.range() else { return Vec::new() };
    if facts.filtered || last - first > MOST_BUCKETS || tally.bucket > DAY {
        return Vec::new();
    }
    let settled = facts.settled_until.div_euclid(tally.bucket) - 1;
    let window = Window { tally, facts, first, last: last.min(settled) };
    let told = |name: &str| {
        let at = |f: &Finding| f.entity.kind == EntityType::Connector && f.entity.value == name;
        incidents.iter().any(at)
    };
    tally
        .connectors
        .iter()
        .filter(|(name, stat)| stat.deliveries >= HABIT && !told(name))
        .filter_map(|(name, stat)| window.judge(name, stat))
        .collect()
}

struct Window<'a> {
    tally: &'a Tally,
    facts: &'a Facts,
    first: i64,
    last: i64,
}

impl Window<'_> {
    fn judge(&self, name: &str, stat: &ConnectorStat) -> Option<Finding> {
        let counts = self.dense(stat.series.iter());
        let slots: Vec<usize> = (self.first..=self.last).map(|b| self.slot(b)).collect();
        let (exposure, others) = self.exposure(&counts, &slots);
        let found = stats::silence(&counts, &slots, RING, &exposure, &others)?;
        let active = counts.iter().take(found.start).filter(|n| **n > 0).count();
        let ended = found.end < counts.len();
        let length = (found.end - found.start) as i64 * self.tally.bucket;
        let clear = found.before >= HABIT
            && active >= ACTIVE
            && found.expected >= MISSING
            && found.by_volume >= if ended { BY_VOLUME_ENDED } else { BY_VOLUME }
            && found.by_habit >= BY_HABIT
            && found.by_volume >= UNUSUAL * found.runner_up
            && (!ended || length >= LEAST_ENDED);
        clear.then(|| self.finding(name, stat, &found, ended))
    }

    /// Deliveries per bucket of the window, from (bucket, deliveries).
    fn dense(&self, series: impl Iterator<Item = (i64, u64)>) -> Vec<u64> {
        let mut counts = vec![0; usize::try_from(self.last - self.first + 1).unwrap_or(0)];
        for (bucket, count) in series {
            let at = usize::try_from(bucket - self.first).ok();
            if let Some(into) = at.and_then(|at| counts.get_mut(at)) {
                *into += count;
            }
        }
        counts
    }

    /// Hour of the day of a bucket's middle, weekends (UTC; 1970-01-01 was a Thursday) apart.
    fn slot(&self, bucket: i64) -> usize {
        let time = bucket * self.tally.bucket + self.tally.bucket / 2;
        let weekend = matches!((time.div_euclid(DAY) + 4).rem_euclid(7), 6 | 0);
        let hour = time.rem_euclid(DAY) / HOUR;
        usize::from(weekend) * RING + usize::try_from(hour).unwrap_or(0)
    }

    /// How much of their usual mail everybody else sent around a bucket, 0 to 1; nothing in
    /// a gap of the export. And what is usual for them, by slot.
    fn exposure(&self, counts: &[u64], slots: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let all = self.dense(self.tally.timeline.ticks().map(|(b, tick)| (b, tick.deliveries())));
        let others: Vec<f64> =
            all.iter().zip(counts).map(|(all, own)| all.saturating_sub(*own) as f64).collect();
        let mut sums = vec![(0.0, 0.0); 2 * RING];
        for (count, &slot) in others.iter().zip(slots) {
            sums[slot].0 += count;
            sums[slot].1 += 1.0;
        }
        let usual: Vec<f64> = sums.iter().map(|(sum, n): &(f64, f64)| sum / n.max(1.0)).collect();
        let mut exposure = vec![1.0_f64; others.len()];
        // By day (holidays) and by quarter of a day (weekends begin at other hours elsewhere).
        for span in [DAY, DAY / 4] {
            let length = usize::try_from(span / self.tally.bucket).unwrap_or(1).max(1);
            let blocks = others.chunks(length).zip(slots.chunks(length));
            for (part, (actual, slots)) in exposure.chunks_mut(length).zip(blocks) {
                let actual: f64 = actual.iter().sum();
                let expected: f64 = slots.iter().map(|&slot| usual[slot]).sum();
                // A handful more or less is chance, and quieter by a third an ordinary day.
                let seen = ((actual + 3.0) / (expected + 3.0)).clamp(0.0, 1.0);
                let seen = if seen > 0.66 { 1.0 } else { seen };
                for p in part {
                    *p = p.min(seen);
                }
            }
        }
        for gap in gaps(self.tally) {
            for bucket in gap.from.0 / self.tally.bucket..gap.to.0.div_euclid(self.tally.bucket) {
                let at = usize::try_from(bucket - self.first).ok();
                if let Some(part) = at.and_then(|at| exposure.get_mut(at)) {
                    *part = 0.0;
                }
            }
        }
        (exposure, usual)
    }

    fn finding(&self, name: &str, stat: &ConnectorStat, s: &Silence, ended: bool) -> Finding {
        let entity = Entity { kind: EntityType::Connector, value: name.to_owned() };
        let successor = self.successor(name, stat, s);
        let cause = if successor.is_some() { "connector_replaced" } else { "connector_silent" };
        let id = format!("connector.{cause}");
        let missing = s.expected.round() as u64;
        // Scatter of what is missing, and of the rate it is reckoned by.
        let scatter = s.dispersion * s.expected * (1.0 + s.expected / s.before.max(1) as f64);
        let spread = 1.96 * scatter.sqrt();
        let (onset, interval) = self.onset(stat, s);
        let end = ended.then(|| self.time(s.end));
        let mut naming = Naming {
            layer: Layer::Connector,
            cause: cause.into(),
            side: Side::Unknown,
            grade: Grade::Correlated,
            purity: 1.0,
            stated: missing,
            entity: None,
            title: String::new(),
        };
        naming.title = match (&successor, ended) {
            (Some(to), _) => format!("Mail over the connector {name} moved: {to}"),
            (None, false) => format!(
                "The connector {name} fell silent: {missing} deliveries were to be expected since, none came"
            ),
            (None, true) => format!(
                "The connector {name} was silent for {} hours: {missing} deliveries were to be expected, none came",
                (s.end - s.start) as i64 * self.tally.bucket / HOUR
            ),
        };
        Finding {
            key: key(&id, &entity),
            id,
            layer: naming.layer,
            side: naming.side,
            status: match successor {
                Some(_) => FindingStatus::Info,
                None => FindingStatus::Incident,
            },
            state: if ended { FindingState::Ended } else { FindingState::Ongoing },
            grade: naming.grade,
            confidence: confidence(&naming, (-s.by_volume).exp(), missing),
            title: naming.title.clone(),
            onset: Some(onset),
            onset_interval: Some(interval),
            end,
            last_bad: None,
            last_good: Some(if ended { Instant(stat.last) } else { interval.0 }),
            scope: self.peers(stat),
            messages: missing,
            deliveries: missing,
            deliveries_interval: (
                (s.expected - spread).max(0.0).round() as u64,
                (s.expected + spread).round() as u64,
            ),
            share: 0.0,
            codes: Vec::new(),
            signatures: Vec::new(),
            change: super::changes::before(self.facts, onset, Layer::Connector, &entity),
            evidence: Vec::new(),
            affected: Vec::new(),
            next_steps: phrase::next_steps(cause, &entity),
            cause: naming.cause,
            entity,
        }
    }

    fn time(&self, place: usize) -> Instant {
        Instant((self.first + place as i64) * self.tally.bucket)
    }

    /// Best estimate and interval: after the last delivery, until its successor should have come:
    /// with even odds, and all but certainly (three expected).
    fn onset(&self, stat: &ConnectorStat, s: &Silence) -> (Instant, (Instant, Instant)) {
        let begin = self.time(s.start);
        let ongoing = self.first + s.end as i64 > self.last;
        let from = if ongoing { stat.last.min(begin.0) } else { begin.0 };
        let reach = |wanted: f64| {
            let lead = (begin.0 - from) as f64 / self.tally.bucket as f64;
            let first = s.rates.first().copied().unwrap_or(0.0);
            let mut sum = lead * first;
            if sum >= wanted {
                return from + ((wanted / sum) * (begin.0 - from) as f64) as i64;
            }
            for (place, rate) in s.rates.iter().enumerate() {
                if sum + rate >= wanted {
                    let part = (wanted - sum) / rate;
                    let place = place as f64 + part;
                    return begin.0 + (place * self.tally.bucket as f64) as i64;
                }
                sum += rate;
            }
            begin.0 + s.rates.len() as i64 * self.tally.bucket
        };
        let dispersion = s.dispersion;
        let onset = reach(std::f64::consts::LN_2 * dispersion);
        (Instant(onset), (Instant(from), Instant(reach(3.0 * dispersion).max(onset))))
    }

    /// Another connector that took over, or the same correspondents by another way.
    fn successor(&self, name: &str, stat: &ConnectorStat, s: &Silence) -> Option<String> {
        let (start, end) = (self.first + s.start as i64, self.first + s.end as i64);
        let parts = |series: &Series| {
            let (mut before, mut during) = (0u64, 0u64);
            for (bucket, count) in series.iter() {
                match bucket {
                    b if b < start => before += count,
                    b if b < end => during += count,
                    _ => {}
                }
            }
            (before as f64, during as f64)
        };
        // What a series gained over the stretch, by the pace of the silent one.
        let pace = s.expected / s.before.max(1) as f64;
        let gained = |series: &Series| {
            let (before, during) = parts(series);
            let usual = before * pace;
            (during - usual, 4.0 * (during.max(usual) * 2.0 + 1.0).sqrt())
        };
        let direction = stat.main_direction();
        for (other, its) in self.tally.connectors.iter() {
            if other == name || its.main_direction() != direction {
                continue;
            }
            let (gain, chance) = gained(&its.series);
            if gain >= MOVED * s.expected && gain > chance {
                return Some(format!("the connector {other} carries it"));
            }
        }
        // Correspondents that had no other way before.
        let domains = match direction {
            Direction::Outbound => &self.tally.recipients,
            _ => &self.tally.senders,
        };
        let (mut exclusive, mut after) = (0.0, 0.0);
        for (&domain, &count) in &stat.peers {
            let Some(all) = domains.get(domain) else { continue };
            let (before, during) = parts(&all.series);
            if count as f64 >= 0.8 * before && !self.is_own(domain) {
                exclusive += count as f64;
                after += during;
            }
        }
        let told = exclusive * 2.0 >= stat.deliveries as f64;
        (told && after >= MOVED * s.expected)
            .then(|| "the same correspondents write by another way".to_owned())
    }

    fn is_own(&self, domain: u32) -> bool {
        let name = self.tally.names.text(domain);
        self.facts.own.iter().any(|own| own == name)
    }

    /// Whose mail took it, most first.
    fn peers(&self, stat: &ConnectorStat) -> Vec<Entity> {
        let kind = match stat.main_direction() {
            Direction::Outbound => EntityType::RecipientDomain,
            _ => EntityType::SenderDomain,
        };
        let mut peers: Vec<(&str, u64)> =
            stat.peers.iter().map(|(id, n)| (self.tally.names.text(*id), *n)).collect();
        peers.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        peers.truncate(6);
        peers.into_iter().map(|(name, _)| Entity { kind, value: name.to_owned() }).collect()
    }
}
