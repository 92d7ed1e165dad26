//! Numbers, times and vocabulary values as people say them.

use crate::model::time::{DAY, HOUR, MINUTE};
use crate::model::{
    Entity, EntityType, FindingState, FindingStatus, Grade, Instant, Layer, LayerState, Side,
};

/// A number with thousands separators.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 row`, `2,000 rows`.
pub(super) fn some(n: u64, noun: &str) -> String {
    let ending = match (n, noun) {
        (1, _) => "",
        (_, "delivery") => return format!("{} deliveries", number(n)),
        _ => "s",
    };
    format!("{} {noun}{ending}", number(n))
}

/// A share as a percentage; what is there is never shown as 0, what is missing never as 100.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if !percent.is_finite() {
        return "?%".to_owned();
    }
    match percent {
        p if p <= 0.0 => "0%".to_owned(),
        p if p < 0.1 => "<0.1%".to_owned(),
        p if p >= 100.0 => "100%".to_owned(),
        p if p > 99.9 => ">99.9%".to_owned(),
        p => format!("{p:.1}%"),
    }
}

/// A confidence in whole per cent; only certainty is 100.
pub(super) fn sure(confidence: f64) -> String {
    let percent = (confidence * 100.0).clamp(0.0, 100.0);
    let percent = if percent < 100.0 { percent.round().min(99.0) } else { percent };
    format!("{percent:.0}% sure")
}

/// A share of counts as a percentage.
pub(super) fn percent_of(part: u64, whole: u64) -> String {
    if whole == 0 {
        return percent(0.0);
    }
    percent(part as f64 / whole as f64)
}

/// Date and time to the minute, UTC.
pub(super) fn moment(at: Instant) -> String {
    format!("{} {}", at.date(), clock(at))
}

/// Time of day to the minute, UTC.
pub(super) fn clock(at: Instant) -> String {
    let (_, _, _, hour, minute, ..) = at.civil();
    format!("{hour:02}:{minute:02}")
}

/// `from to to`, the second date only where it differs.
pub(super) fn between(from: Instant, to: Instant, joined: &str) -> String {
    if from.day() == to.day() {
        format!("{} {joined} {}", moment(from), clock(to))
    } else {
        format!("{} {joined} {}", moment(from), moment(to))
    }
}

/// A length of time in its two greatest units.
pub(super) fn duration(micros: i64) -> String {
    let (days, hours) = (micros / DAY, micros % DAY / HOUR);
    let minutes = micros % HOUR / MINUTE;
    match (days, hours, minutes) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (1, 0, _) => "1 day".to_owned(),
        (d, 0, _) => format!("{d} days"),
        (1, h, _) => format!("1 day {h} h"),
        (d, h, _) => format!("{d} days {h} h"),
    }
}

/// A size in decimal units.
pub(super) fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut size = n as f64 / 1000.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS.get(unit).unwrap_or(&"PB"))
}

pub(super) const fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Service => "Service",
        Layer::DnsAuth => "DNS and authentication",
        Layer::Connector => "Connector",
        Layer::SenderReputation => "Sender reputation",
        Layer::AntiSpam => "Anti-spam",
        Layer::TransportRule => "Transport rule",
        Layer::MailboxRule => "Mailbox rule",
        Layer::Recipient => "Recipient",
        Layer::Message => "Message",
        Layer::Unknown => "Layer not named",
    }
}

pub(super) const fn layer_state(state: LayerState) -> &'static str {
    match state {
        LayerState::Failing => "FAILING",
        LayerState::Risk => "at risk",
        LayerState::Clear => "clear",
        LayerState::NotObservable => "not observable",
        LayerState::InsufficientData => "too little data",
    }
}

pub(super) const fn status(status: FindingStatus) -> &'static str {
    match status {
        FindingStatus::Incident => "INCIDENT",
        FindingStatus::Chronic => "CHRONIC",
        FindingStatus::Risk => "RISK",
        FindingStatus::Info => "INFO",
        FindingStatus::InsufficientData => "TOO LITTLE DATA",
    }
}

pub(super) const fn state(state: FindingState) -> &'static str {
    match state {
        FindingState::Ongoing => "going on",
        FindingState::Recovering => "recovering",
        FindingState::Ended => "over",
        FindingState::Unknown => "state unknown",
    }
}

pub(super) const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Direct => "a system said so",
        Grade::Correlated => "several records agree",
        Grade::Heuristic => "read from a pattern",
    }
}

pub(super) const fn side(side: Side) -> &'static str {
    match side {
        Side::Ours => "on our side",
        Side::Microsoft => "on Microsoft's side",
        Side::Sender => "on the sender's side",
        Side::Recipient => "on the recipient's side",
        Side::Gateway => "at the gateway",
        Side::Unknown => "side unknown",
    }
}

/// Kind of an entity, and whether its value says more than the kind.
pub(super) fn entity_kind(entity: &Entity) -> String {
    match entity.kind {
        EntityType::Tenant => "the whole organisation".to_owned(),
        EntityType::ClientIp => "client address".to_owned(),
        kind => kind.as_str().replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1000), "1,000");
        assert_eq!(number(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(some(1, "delivery"), "1 delivery");
        assert_eq!(some(0, "delivery"), "0 deliveries");
        assert_eq!(some(2, "row"), "2 rows");
    }

    #[test]
    fn percentages_do_not_lie_at_the_ends() {
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.000_01), "<0.1%");
        assert_eq!(percent(0.621_23), "62.1%");
        assert_eq!(percent(0.999_99), ">99.9%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(percent(f64::NAN), "?%");
        assert_eq!(percent_of(1, 0), "0%");
        assert_eq!(sure(0.999), "99% sure");
        assert_eq!(sure(1.0), "100% sure");
        assert_eq!(sure(f64::NAN), "NaN% sure");
    }

    #[test]
    fn times() {
        let at = Instant::from_civil(2026, 11, 18, 9, 5, 59, 0).unwrap();
        assert_eq!(moment(at), "2026-11-18 09:05");
        assert_eq!(between(at, Instant(at.0 + HOUR), "to"), "2026-11-18 09:05 to 10:05");
        assert_eq!(
            between(at, Instant(at.0 + DAY), "and"),
            "2026-11-18 09:05 and 2026-11-19 09:05"
        );
        assert_eq!(duration(12 * MINUTE), "12 min");
        assert_eq!(duration(3 * HOUR), "3 h");
        assert_eq!(duration(DAY + HOUR), "1 day 1 h");
        assert_eq!(duration(2 * DAY), "2 days");
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(22_500_000), "22.5 MB");
        assert_eq!(bytes(999_999), "1.0 MB");
        assert_eq!(bytes(u64::MAX), "18446.7 PB");
    }
}
