//! Barracuda: spam status with its own levels, score, report, Bayes, real-time system.
//!
//! Sources: list archives, community header references. An appliance acts from its levels, which
//! stand in the status header; without it the appliance's own defaults are named (tag 3.5 or off,
//! quarantine off or 5, block from 9 today, 7 formerly): only 9 and more is bad for sure.

use super::parts::{first_word, number, shown, value_of, yes_or_no};
use super::{Family, Said, judged, plain, reads, says};
use crate::model::Instant;
use crate::model::time::SECOND;

pub(super) const FAMILY: Family = Family {
    product: "Barracuda",
    stamps: &[
        reads("x-barracuda-spam-status", status),
        reads("x-bess-spam-status", status),
        reads("x-barracuda-spam-score", score),
        reads("x-bess-spam-score", score),
        reads("x-barracuda-spam-report", |v| plain(format!("rules and points: {}", shown(v)))),
        reads("x-bess-spam-report", |v| plain(format!("rules and points: {}", shown(v)))),
        reads("x-barracuda-spam-flag", |v| yes_or_no(v, "marked as spam", "not marked as spam")),
        reads("x-barracuda-bayes", bayes),
        reads("x-barracuda-start-time", start),
        reads("x-bess-brts-status", realtime),
        reads("x-bess-parts", |v| plain(format!("parts of the message: {}", shown(v)))),
        says("x-bess-id", "id of the message for Barracuda's support"),
        says("x-bess-ver", "version of the scanner"),
        says("x-bess-apparent-source-ip", "address that the message seems to come from"),
        says("x-bess-outbound-spam-status", "scan of the sender's side"),
        reads("x-barracuda-brts-status", realtime),
        says("x-barracuda-brts-evidence", "what the real-time system matched"),
        reads("x-barracuda-connect", |v| plain(format!("address that connected: {}", shown(v)))),
        reads("x-barracuda-envelope-from", |v| plain(format!("envelope sender: {}", shown(v)))),
        reads("x-barracuda-effective-source-ip", |v| {
            plain(format!("address judged: {}", shown(v)))
        }),
        reads("x-barracuda-apparent-source-ip", |v| {
            plain(format!("address that it seems to come from: {}", shown(v)))
        }),
        says("x-barracuda-encrypted", "how the connection was encrypted"),
        says("x-barracuda-url", "address of the appliance's own page"),
        says("x-barracuda-scan-msg-size", "bytes that were scanned"),
        says("x-barracuda-rbl-trusted-forwarder", "a trusted forwarder, looked behind"),
        says("x-asg-debug-id", "id of the message on the appliance"),
        says("x-asg-orig-subj", "the subject before it was tagged"),
        reads("x-barracuda-*", |v| plain(format!("of Barracuda, not further known: {}", shown(v)))),
    ],
    source: "public mailing-list archives; community header references",
};

/// `No, SCORE=0.00 using global scores of TAG_LEVEL=1000.0 QUARANTINE_LEVEL=1000.0 KILL_LEVEL=9.0`
fn status(value: &str) -> Said {
    let by = [' ', '\t', ','];
    let of = |key: &str| value_of(value, &by, key).and_then(number);
    let spam = first_word(value);
    let mut meaning = match of("SCORE") {
        Some(score) => format!("score {score}"),
        None => shown(value).to_owned(),
    };
    let mut reached = None;
    for (key, does) in
        [("TAG_LEVEL", "tag"), ("QUARANTINE_LEVEL", "quarantine"), ("KILL_LEVEL", "block")]
    {
        // 1000 is how a level is switched off.
        let Some(level) = of(key).filter(|level| *level < 900.0) else { continue };
        meaning = format!("{meaning}, {does} from {level}");
        if of("SCORE").is_some_and(|score| score >= level) {
            reached = Some(does);
        }
    }
    if let Some(does) = reached {
        meaning = format!("{meaning}: reaches {does}");
    }
    match spam.as_str() {
        "yes" => judged(format!("spam: {meaning}"), true),
        "no" => judged(format!("not spam: {meaning}"), reached.is_some()),
        _ => Said { meaning, bad: reached.map(|_| true) },
    }
}

fn score(value: &str) -> Said {
    match number(value) {
        Some(score) if score >= 9.0 => judged(format!("score {score}: blocked by default"), true),
        Some(score) if score < 2.0 => {
            judged(format!("score {score}: no default level reached"), false)
        }
        Some(score) => plain(format!("score {score}: compare with the levels of the appliance")),
        None => plain(format!("score {}", shown(value))),
    }
}

/// `INNOCENT GLOBAL 0.0000 1.0000 -2.0210`
fn bayes(value: &str) -> Said {
    let meaning = format!("Bayes part of the score: {}", shown(value).to_lowercase());
    match first_word(value).as_str() {
        "innocent" => judged(meaning, false),
        "spam" => judged(meaning, true),
        _ => plain(meaning),
    }
}

fn start(value: &str) -> Said {
    let seconds = value.trim().parse::<i64>().ok().filter(|s| (0..253_402_300_800).contains(s));
    plain(match seconds {
        Some(seconds) => format!("scan began at {}", Instant(seconds * SECOND).rfc3339()),
        None => format!("scan began at {}", shown(value)),
    })
}

fn realtime(value: &str) -> Said {
    match value.trim() {
        "1" => plain("the real-time system was asked (a hit needs evidence beside it)"),
        "0" => plain("the real-time system was not asked"),
        _ => plain(format!("real-time system: {}", shown(value))),
    }
}
