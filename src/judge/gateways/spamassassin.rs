//! SpamAssassin, and what writes its headers in its way.
//!
//! Source: the headers' documentation in Mail::SpamAssassin::Conf; real messages.

use super::parts::{against, first_word, number, shown, value_of, yes_or_no};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "SpamAssassin",
    stamps: &[
        reads("x-spam-status", status),
        reads("x-spam-flag", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("x-spam-level", level),
        reads("x-spam-bar", level),
        reads("x-spam-score", score),
        reads("x-spam-score-int", |v| plain(format!("ten times the score: {}", shown(v)))),
        reads("x-spam-report", |v| plain(format!("rules and points: {}", shown(v)))),
        reads("x-ham-report", |v| plain(format!("rules and points: {}", shown(v)))),
        reads("x-spam-checker-version", |v| plain(format!("version: {}", shown(v)))),
        reads("x-spam-hits", |v| plain(format!("rules that matched: {}", shown(v)))),
        reads("x-spam-tests", |v| plain(format!("rules that matched: {}", shown(v)))),
        reads("x-spam-relay-country", |v| plain(format!("countries on its way: {}", shown(v)))),
        reads("x-spam-asn", |v| plain(format!("network of the sender: {}", shown(v)))),
        reads("x-spam-dcc", |v| plain(format!("checksums counted elsewhere (DCC): {}", shown(v)))),
        reads("x-spam-pyzor", |v| plain(format!("reports elsewhere (Pyzor): {}", shown(v)))),
        reads("x-spam-languages", |v| plain(format!("languages: {}", shown(v)))),
        reads("x-spam-autolearn", |v| plain(format!("learning: {}", shown(v)))),
        says("x-spam-prev-subject", "the subject before it was tagged"),
        says("x-spam-virus", "result of a virus scanner run by SpamAssassin"),
        reads("x-sa-exim-connect-ip", |v| plain(format!("address judged: {}", shown(v)))),
        reads("x-sa-exim-scanned", |v| plain(format!("scanned: {}", shown(v)))),
        reads("x-virus-spam-status", status),
    ],
    source: "Mail::SpamAssassin::Conf; real messages (rf-peixoto/phishing_pot)",
};

/// `Yes, score=12.1 required=5.0 tests=A,B autolearn=no version=3.4.2`
fn status(value: &str) -> Said {
    let by = [' ', '\t', ';'];
    let of = |key: &str| value_of(value, &by, key);
    let score = of("score").or_else(|| of("hits")).and_then(number);
    let required = of("required").and_then(number);
    let mut meaning = match (score, required) {
        (Some(score), Some(required)) => format!("score {score} of {required} required"),
        (Some(score), None) => format!("score {score}"),
        _ => shown(value).to_owned(),
    };
    let tests = value.find("tests=").map(|at| &value[at + 6..]);
    let tests = tests.map(|t| {
        let end = t.find(" autolearn").or_else(|| t.find(" version")).unwrap_or(t.len());
        t[..end].split_whitespace().collect::<String>()
    });
    if let Some(tests) = tests.filter(|tests| !tests.is_empty() && tests != "none") {
        meaning = format!("{meaning}; rules {}", tests.chars().take(600).collect::<String>());
    }
    if let Some(learned) = of("autolearn") {
        meaning = format!("{meaning}; learning: {}", shown(learned));
    }
    match first_word(value).as_str() {
        "yes" => judged(format!("spam: {meaning}"), true),
        "no" => judged(format!("not spam: {meaning}"), false),
        _ => plain(meaning),
    }
}

/// Stars or, of cPanel, plus signs.
fn level(value: &str) -> Said {
    let stars = value.chars().filter(|c| matches!(c, '*' | '+' | 's' | 'x')).count();
    match value.trim() {
        "" | "/" => plain("below 1 point"),
        v if v.starts_with('-') => plain("below 0 points"),
        _ if stars > 0 => plain(format!("at least {stars} points")),
        _ => plain(format!("level {}", shown(value))),
    }
}

/// `12.1`, or `3.9 (+++)` of Exim, or `5.1 / 8.0`.
fn score(value: &str) -> Said {
    let Some(score) = number(value) else { return plain(format!("score {}", shown(value))) };
    match value.split_once('/').and_then(|(_, level)| number(level)) {
        Some(level) if level > 0.0 => against(score, level, "score"),
        _ => plain(format!(
            "score {score}: compare with the level of whoever wrote it, 5 by default"
        )),
    }
}
