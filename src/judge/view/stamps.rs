//! Meanings of the items of the filter's stamps.

use super::reading;
use crate::knowledge::stamps::stamp;
use crate::model::view::{Reading, StampLine, Standing};

/// Items that are pieces of engines' bookkeeping: many numbers, no published meaning.
const NUMBERS: &[&str] = &["SFS", "ENG", "ARA", "RULEID", "LAT"];
/// Bulk level from which the standard and default thresholds act (6 and 7).
const BULK: i64 = 7;
/// Spam level from which mail is spam.
const SPAM: i64 = 5;

/// The items with their meanings.
pub(super) fn explained(mut items: Vec<StampLine>) -> Vec<StampLine> {
    for item in &mut items {
        let header = plain(&item.header);
        match stamp(header, &item.key, &item.value) {
            Some(entry) => item.reading = reading(entry),
            None if is_numbers(item) => item.reading = numbers(),
            None => item.unknown = true,
        }
        item.bad = if item.standing == Standing::Renamed { None } else { bad(item) };
    }
    items
}

fn plain(header: &str) -> &str {
    let ends = ["-Untrusted", "-Original"];
    let cut = ends.iter().find_map(|end| {
        let at = header.len().checked_sub(end.len())?;
        header.get(at..)?.eq_ignore_ascii_case(end).then(|| header.get(..at)).flatten()
    });
    cut.unwrap_or(header)
}

fn is_numbers(item: &StampLine) -> bool {
    NUMBERS.iter().any(|key| item.key.eq_ignore_ascii_case(key))
}

fn numbers() -> Reading {
    Reading {
        meaning: "Numbers of filter rules that matched; what they mean is not published".to_owned(),
        source: "inferred from their form".to_owned(),
        confidence: "inferred",
    }
}

/// Whether an item speaks against the message or for it.
fn bad(item: &StampLine) -> Option<bool> {
    let key = item.key.to_ascii_uppercase();
    let header = item.header.to_ascii_uppercase();
    let number = || item.value.parse::<i64>().ok();
    let scl = key == "SCL" || key.is_empty() && header.ends_with("-SCL");
    match (key.as_str(), item.value.as_str()) {
        _ if scl => match number()? {
            SPAM.. => Some(true),
            0.. => Some(false),
            _ => None,
        },
        ("BCL", _) => (number()? >= BULK).then_some(true),
        ("SFV", "NSPM") | ("CAT", "NONE") | ("DEST", "I") => Some(false),
        ("SFV", "SPM" | "SKB" | "SKS" | "BLK")
        | ("CAT", _)
        | ("DEST", "J")
        | ("SRV", "BULK")
        | ("JMR" | "UCF", "1")
        | ("OFR", "SpamFilterAuthJ" | "ExclusiveSettings") => Some(true),
        ("SFTY", value) => (value != "9.25").then_some(true),
        _ if header == "X-CUSTOMSPAM" => Some(true),
        _ => None,
    }
}
