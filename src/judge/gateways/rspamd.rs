//! Rspamd.
//!
//! Source: rspamd's documentation of its milter headers; real messages.

use super::parts::{first_word, number, shown};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Rspamd",
    stamps: &[
        reads("x-spamd-result", result),
        reads("x-rspamd-action", action),
        reads("x-rspamd-pre-result", |v| {
            plain(format!("decided before the rules ran: {}", shown(v)))
        }),
        reads("x-spamd-bar", |v| plain(format!("level {}", shown(v)))),
        reads("x-rspamd-score", |v| plain(format!("score {}", shown(v)))),
        reads("x-rspamd-report", |v| plain(format!("rules and points: {}", shown(v)))),
        reads("x-rspamd-server", |v| plain(format!("scanned at {}", shown(v)))),
        says("x-rspamd-queue-id", "queue id at the scanner"),
        reads("x-rspamd-*", |v| plain(format!("of Rspamd, not further known: {}", shown(v)))),
    ],
    source: "rspamd.com documentation (milter headers); real messages (rf-peixoto/phishing_pot)",
};

/// `default: False [-0.16 / 15.00]; RULE(1.00)[..]; ...`
fn result(value: &str) -> Said {
    let spam = value.split_once(':').map(|(_, rest)| first_word(rest.trim_start()));
    let bracket = value.split_once('[').map_or("", |(_, rest)| rest);
    let (score, level) = bracket.split_once('/').unwrap_or(("", ""));
    let points = match (number(score), number(level)) {
        (Some(score), Some(level)) => format!("score {score}, refused from {level}"),
        _ => shown(value).to_owned(),
    };
    // The five rules that weigh most.
    let mut rules: Vec<(f64, &str)> = value
        .split(';')
        .skip(1)
        .take(200)
        .filter_map(|rule| {
            let (name, rest) = rule.trim().split_once('(')?;
            let points = number(rest)?;
            (points != 0.0).then_some((points, name))
        })
        .collect();
    rules.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let rules: Vec<String> =
        rules.iter().take(5).map(|(n, name)| format!("{} {n}", shown(name))).collect();
    let rules =
        if rules.is_empty() { String::new() } else { format!("; most by {}", rules.join(", ")) };
    match spam.as_deref() {
        Some("true") => judged(format!("spam: {points}{rules}"), true),
        Some("false") => judged(format!("not spam: {points}{rules}"), false),
        _ => plain(format!("{points}{rules}")),
    }
}

fn action(value: &str) -> Said {
    let lower = value.trim().to_lowercase();
    let meaning = format!("action: {}", shown(value));
    match lower.as_str() {
        "no action" => judged(meaning, false),
        "add header" | "rewrite subject" | "reject" | "quarantine" | "discard" => {
            judged(meaning, true)
        }
        _ => plain(meaning),
    }
}
