//! Has the repair held?
//!
//! Only mail newer than the former report counts, and of it what belongs to the finding's entity.
//! It is hit as before where it fails, is held, late or filed for the same layer, or for no stated
//! reason (an export without reasons must not look like a repair). The former pace, deliveries hit
//! per hour, over the hours since in which the entity had mail, tells how many would have been hit:
//! the chance to see none of them if nothing was repaired is the doubt that remains (Poisson).

use crate::model::time::HOUR;
use crate::model::{
    EntityType, Fact, FactWriter, FormerFinding, Instant, Layer, Repair, Verification,
};
use crate::stats;
use std::collections::BTreeSet;
use std::io;

/// Expected deliveries from which on none at all speaks for a repair: exp(-3) is 5 %.
const ENOUGH: f64 = 3.0;
/// Part of the former pace at which a problem is not gone.
const STILL: f64 = 0.5;
/// Part of the former pace below which what fails is the ordinary rest.
const REST: f64 = 0.1;
/// Late, for a finding about delay: microseconds.
const LATE: u64 = 600_000_000;

/// Takes the deliveries of a new export and gives the verdict.
#[derive(Clone, Debug)]
pub struct Verifier {
    finding: FormerFinding,
    deliveries: u64,
    bad: u64,
    other: u64,
    /// Hours with mail of the entity, since the report and since the last hit.
    hours: BTreeSet<i64>,
    hours_since: BTreeSet<i64>,
    good_since: u64,
    last_bad: Option<Instant>,
    last_good: Option<Instant>,
}

/// What became of a delivery, as far as the finding is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hit {
    AsBefore,
    Otherwise,
    No,
}

impl Verifier {
    /// A verifier of this finding.
    pub fn new(finding: FormerFinding) -> Self {
        Self {
            finding,
            deliveries: 0,
            bad: 0,
            other: 0,
            hours: BTreeSet::new(),
            hours_since: BTreeSet::new(),
            good_since: 0,
            last_bad: None,
            last_good: None,
        }
    }

    fn belongs(&self, fact: &Fact<'_>) -> bool {
        let entity = &self.finding.entity;
        let value = entity.value.as_str();
        let domain = |address: &str| address.rsplit_once('@').is_some_and(|(_, d)| d == value);
        match entity.kind {
            EntityType::SenderDomain => {
                domain(fact.sender) || domain(fact.header_from) || fact.header_from_domain == value
            }
            EntityType::RecipientDomain => domain(fact.recipient),
            EntityType::Sender => fact.sender == value,
            EntityType::Recipient => fact.recipient == value,
            EntityType::Connector => fact.connector == value,
            EntityType::Rule => fact.rules.contains(&value),
            EntityType::Policy => fact.policy == value,
            EntityType::ClientIp => fact.client_ip == value,
            _ => true,
        }
    }

    fn hit(&self, fact: &Fact<'_>) -> Hit {
        let cause = self.finding.cause.as_str();
        let yes = |hit: bool| if hit { Hit::AsBefore } else { Hit::No };
        match cause {
            // Mail that comes is the repair.
            "connector_silent" => return Hit::No,
            "mailbox_rule_moved" => return yes(fact.placement == "folder"),
            "allow_list_bypass" => {
                return yes(fact.outcome == "delivered" && fact.placement != "junk");
            }
            _ if cause.contains("delay") && fact.latency.is_some_and(|l| l >= LATE) => {
                return Hit::AsBefore;
            }
            _ => {}
        }
        let failing = matches!(fact.outcome, "failed" | "dropped");
        let held = matches!(fact.outcome, "quarantined" | "filtered") || fact.placement == "junk";
        if !failing && !held {
            return Hit::No;
        }
        let unknown = Layer::Unknown.as_str();
        let same = self.finding.layer == unknown
            || fact.layer.is_empty()
            || fact.layer == unknown
            || fact.layer == self.finding.layer;
        if same { Hit::AsBefore } else { Hit::Otherwise }
    }

    /// Deliveries hit per hour while it lasted.
    fn pace(&self) -> f64 {
        let f = &self.finding;
        let (Some(onset), Some(last)) = (f.onset, f.last_bad) else { return 0.0 };
        f.deliveries as f64 / (((last.0 - onset.0) as f64) / HOUR as f64).max(1.0)
    }

    /// The verdict on all deliveries seen.
    pub fn verdict(self) -> Verification {
        let pace = self.pace();
        let silent = self.finding.cause == "connector_silent";
        let since = if silent { &self.hours } else { &self.hours_since };
        let expected = pace * since.len() as f64;
        let all = pace * self.hours.len() as f64;
        let (repair, confidence, why) =
            if silent { self.silence(all) } else { self.failures(expected, all) };
        Verification {
            repair,
            confidence: confidence.clamp(0.0, 0.99),
            why,
            deliveries: self.deliveries,
            bad: self.bad,
            other: self.other,
            last_bad: self.last_bad.or(self.finding.last_bad),
            last_good: self.last_good,
            expected,
            finding: self.finding,
        }
    }

    /// A connector was silent: mail over it is the proof.
    fn silence(&self, missing: f64) -> (Repair, f64, String) {
        match self.deliveries {
            0 => (
                Repair::NotHeld,
                0.5,
                "no mail over the connector is in the new export: it is still silent, or the \
                 export does not name connectors"
                    .into(),
            ),
            n if (n as f64) < STILL * missing => (
                Repair::Improved,
                0.5,
                format!("{n} deliveries came over it; {missing:.0} would be usual in these hours"),
            ),
            n => (
                Repair::Held,
                1.0 - stats::poisson_at_most(0, n as f64),
                format!("{n} deliveries came over it again"),
            ),
        }
    }

    fn failures(&self, expected: f64, all: f64) -> (Repair, f64, String) {
        let none_if_broken = stats::poisson_at_most(0, expected);
        let (bad, seen) = (self.bad, self.deliveries);
        if seen == 0 {
            let why = "no mail of it is in the new export that is newer than the report".to_owned();
            return (Repair::NotObservable, 0.0, why);
        }
        if bad == 0 && expected < ENOUGH || self.pace() <= 0.0 {
            let why = format!(
                "{seen} deliveries since the report, none hit; at the former pace {expected:.1} \
                 would have been, and 3 are needed to tell: wait, and export again"
            );
            return (Repair::InsufficientData, 1.0 - none_if_broken, why);
        }
        if expected >= ENOUGH && self.good_since > 0 {
            let last = self.last_bad.or(self.finding.last_bad).map_or(String::new(), |last| {
                format!("the last one hit was at {}; ", last.rfc3339())
            });
            let why = format!(
                "{last}{} arrived since, where {expected:.0} would have been hit at the former pace",
                self.good_since
            );
            return (Repair::Held, 1.0 - none_if_broken, why);
        }
        let ratio = bad as f64 / all.max(f64::MIN_POSITIVE);
        let chance = stats::poisson_at_least(bad, REST * all);
        if ratio >= STILL {
            let why = format!(
                "{bad} of {seen} deliveries since the report were hit; {all:.0} were to be \
                 expected had nothing changed"
            );
            return (Repair::NotHeld, 1.0 - chance, why);
        }
        let why = format!(
            "{bad} of {seen} deliveries since the report were hit, fewer than the {all:.0} of the \
             former pace, and the last one lately"
        );
        (Repair::Improved, 1.0 - chance, why)
    }
}

impl FactWriter for Verifier {
    fn row(&mut self, fact: &Fact<'_>) -> io::Result<()> {
        let new = self.finding.report_end.is_none_or(|end| fact.time > end.0);
        if !new || !self.belongs(fact) {
            return Ok(());
        }
        let hour = fact.time.div_euclid(HOUR);
        self.deliveries += 1;
        self.hours.insert(hour);
        match self.hit(fact) {
            Hit::AsBefore => {
                self.bad += 1;
                self.last_bad = Some(Instant(fact.time));
                // Deliveries come in order of time.
                self.hours_since.clear();
                self.good_since = 0;
            }
            Hit::Otherwise => self.other += 1,
            Hit::No if matches!(fact.outcome, "delivered" | "relayed") => {
                self.hours_since.insert(hour);
                self.good_since += 1;
                self.last_good = Some(Instant(fact.time));
            }
            Hit::No => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Entity;

    /// 40 deliveries in ten hours, 4 an hour; a silence of half of that.
    fn finding(cause: &str) -> FormerFinding {
        FormerFinding {
            key: "k".into(),
            id: format!("recipient.{cause}"),
            layer: "recipient".into(),
            cause: cause.into(),
            entity: Entity { kind: EntityType::Recipient, value: "a@b.example".into() },
            title: String::new(),
            deliveries: if cause == "connector_silent" { 20 } else { 40 },
            onset: Some(Instant(0)),
            last_bad: Some(Instant(10 * HOUR)),
            report_end: Some(Instant(10 * HOUR)),
        }
    }

    /// A delivery every half hour from hour 8 on: `f` for failed, `x` for another reason, `.` arrived.
    fn verdict(cause: &str, way: &str) -> Verification {
        let mut verifier = Verifier::new(finding(cause));
        for (n, sign) in (0..).zip(way.chars()) {
            let (outcome, layer) = match sign {
                'f' => ("failed", "recipient"),
                'x' => ("failed", "connector"),
                _ => ("delivered", ""),
            };
            let time = 8 * HOUR + 1 + n * HOUR / 2;
            let fact = Fact { time, recipient: "a@b.example", outcome, layer, ..Fact::default() };
            verifier.row(&fact).unwrap();
            verifier.row(&Fact { recipient: "c@b.example", ..fact }).unwrap();
        }
        verifier.verdict()
    }

    #[test]
    fn every_verdict() {
        let of = |way| verdict("mailbox_full", way).repair;
        assert_eq!(of("ffff"), Repair::NotObservable, "older than the report");
        assert_eq!(of("ffff......"), Repair::Held);
        assert_eq!(of("fffff....."), Repair::Held, "one late failure, then all arrive");
        assert_eq!(of("ffffffffffff"), Repair::NotHeld);
        assert_eq!(of("ffff.........f"), Repair::Improved);
        assert_eq!(of("ffffx.x"), Repair::Held, "another reason is another problem");
        let held = verdict("mailbox_full", "ffff....x...");
        assert_eq!((held.deliveries, held.bad, held.other), (8, 0, 1));
        assert!(held.confidence > 0.95 && held.last_good > held.last_bad);
    }

    #[test]
    fn little_mail_proves_little() {
        let mut rare = finding("mailbox_full");
        rare.deliveries = 5;
        let mut verifier = Verifier::new(rare);
        let fact = Fact {
            time: 11 * HOUR,
            recipient: "a@b.example",
            outcome: "delivered",
            ..Fact::default()
        };
        verifier.row(&fact).unwrap();
        let verification = verifier.verdict();
        assert_eq!(verification.repair, Repair::InsufficientData);
        assert!(verification.confidence < 0.5);
    }

    #[test]
    fn a_silent_connector_speaks_again() {
        let of = |way| verdict("connector_silent", way).repair;
        assert_eq!(of("...."), Repair::NotHeld);
        assert_eq!(of("..........................."), Repair::Held);
    }
}
