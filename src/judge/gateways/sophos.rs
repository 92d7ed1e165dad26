//! Sophos: PureMessage, Email Appliance, Central Email.
//!
//! Sources: real messages; community header references. PureMessage's sample policy quarantines from
//! a probability of 50 %.

use super::parts::{by_words, number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Sophos",
    stamps: &[
        reads("x-sasi-spamprobability", probability),
        reads("x-lased-spamprobability", fraction),
        reads("x-lased-spam", |v| by_words("Central Email's verdict", v)),
        reads("x-pmx-spam", gauge),
        reads("x-perlmx-spam", gauge),
        reads("x-sea-spam", gauge),
        reads("x-sasi-hits", |v| plain(format!("rules that matched: {}", shown(v)))),
        reads("x-lased-hits", |v| plain(format!("rules that matched: {}", shown(v)))),
        says("x-sasi-rcode", "code of the engine, opaque"),
        reads("x-sasi-version", |v| plain(format!("engine {}", shown(v)))),
        reads("x-pmx-version", |v| plain(format!("PureMessage {}", shown(v)))),
        reads("x-lased-version", |v| plain(format!("engine {}", shown(v)))),
        says("x-lased-impersonation", "impersonation check of Central Email"),
        says("x-sophos-email-id", "id of the message for Sophos's support"),
        reads("x-sophos-product-type", |v| {
            plain(match v.to_lowercase().as_str() {
                "mailflow" => "Central Email in Mailflow mode: mail leaves Microsoft 365 by a connector and comes back".to_owned(),
                "gateway" => "Central Email in Gateway mode: it stands before Microsoft 365".to_owned(),
                _ => format!("mode {}", shown(v)),
            })
        }),
        reads("x-sophos-*", |v| plain(format!("of Sophos, not further known: {}", shown(v)))),
        reads("x-sasi-*", |v| plain(format!("of the engine, not further known: {}", shown(v)))),
        reads("x-pmx-*", |v| plain(format!("of PureMessage, not further known: {}", shown(v)))),
        reads("x-lased-*", |v| plain(format!("of Central Email, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot); community header references",
};

fn rated(percent: f64, rest: &str) -> Said {
    let meaning = format!("spam probability {percent} %{rest}");
    judged(meaning, percent >= 50.0)
}

fn probability(value: &str) -> Said {
    number(value)
        .map_or_else(|| plain(format!("spam probability {}", shown(value))), |n| rated(n, ""))
}

/// A number from 0 to 1.
fn fraction(value: &str) -> Said {
    match number(value).filter(|n| (0.0..=1.0).contains(n)) {
        Some(share) => rated((share * 1000.0).round() / 10.0, ""),
        None => plain(format!("spam probability {}", shown(value))),
    }
}

/// `Gauge=IIIIIIII, Probability=8%, Report='...'`
fn gauge(value: &str) -> Said {
    let lower = value.to_ascii_lowercase();
    let found = lower.find("probability=").and_then(|at| number(&lower[at + 12..]));
    let report = lower.find("report=").map(|at| shown(&value[at + 7..]).trim_matches(['\'', '"']));
    let rules = report.map(|r| format!("; rules: {r}")).unwrap_or_default();
    found.map_or_else(|| plain(shown(value)), |percent| rated(percent, &rules))
}
