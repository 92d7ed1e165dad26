//! Time zones of exports that state none: where a local clock stood, in UTC.
//!
//! Rules of zones come from the IANA database compiled in, so that a run does not depend on the
//! machine. Windows names are known as well, because exports and people use them.

use super::zone_names::{ABBREVIATIONS, WINDOWS};
use crate::model::time::{DAY, MINUTE, SECOND, civil_from_days};
use crate::model::{Clock, Instant};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use std::fmt;

/// Largest offset of a zone, in minutes (Pacific/Kiritimati, +14:00).
const MOST_MINUTES: i32 = 14 * 60;
/// Names suggested in an error at most.
const SUGGESTED: usize = 3;

/// A time zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// Coordinated universal time.
    #[default]
    Utc,
    /// A fixed offset, in minutes east of UTC.
    Fixed(i32),
    /// A zone of the IANA database, with its daylight time.
    Named(TimeZone),
}

/// Where a local time lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The instant in UTC.
    pub instant: Instant,
    /// The local clock showed this time twice, or skipped it: daylight time ended or began.
    pub ambiguous: bool,
}

impl Zone {
    /// Reads a zone as people write it: `UTC`, `Z`, `+02:00`, `-0530`, `UTC+2`, a name of the IANA
    /// database (`Europe/Berlin`) or of Windows (`W. Europe Standard Time`), in any case.
    ///
    /// # Errors
    /// A sentence that says what would do, with similar names.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if ["utc", "z", "gmt", "etc/utc"].iter().any(|utc| text.eq_ignore_ascii_case(utc)) {
            return Ok(Self::Utc);
        }
        if let Some(offset) = offset(text) {
            let minutes = offset?;
            return Ok(if minutes == 0 { Self::Utc } else { Self::Fixed(minutes) });
        }
        let windows = WINDOWS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        let name = windows.map_or(text, |(_, iana)| iana);
        match TimeZoneDatabase::bundled().get(name) {
            Ok(zone) if !zone.is_unknown() => Ok(Self::Named(zone)),
            _ => Err(unknown(text)),
        }
    }

    /// True for UTC itself.
    pub fn is_utc(&self) -> bool {
        matches!(self, Self::Utc)
    }

    /// The instant at which a clock of this zone showed a time, given in microseconds since
    /// 1970-01-01T00:00:00 of that clock. A time that the clock skipped is read as if the earlier
    /// offset still held; of a time that it showed twice the first is taken (daylight time).
    pub fn instant(&self, local: i64) -> Placed {
        let offset = match self {
            Self::Utc => 0,
            Self::Fixed(minutes) => i64::from(*minutes) * MINUTE,
            Self::Named(zone) => return named(zone, local),
        };
        Placed { instant: Instant(local.saturating_sub(offset)), ambiguous: false }
    }
}

impl Clock for Zone {
    fn zone(&self) -> String {
        self.to_string()
    }

    fn shows(&self, at: Instant) -> i64 {
        let offset = match self {
            Self::Utc => 0,
            Self::Fixed(minutes) => i64::from(*minutes) * MINUTE,
            // Beyond the years that the database counts in, UTC is as good as any other guess.
            Self::Named(zone) => Timestamp::from_microsecond(at.0)
                .map_or(0, |stamp| i64::from(zone.to_offset(stamp).seconds()) * SECOND),
        };
        at.0.saturating_add(offset)
    }
}

impl fmt::Display for Zone {
    /// The name as the database spells it, or the offset.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utc => f.write_str("UTC"),
            Self::Fixed(minutes) => {
                let sign = if *minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Self::Named(zone) => f.write_str(zone.iana_name().unwrap_or("a named zone")),
        }
    }
}

fn named(zone: &TimeZone, local: i64) -> Placed {
    let Some(civil) = civil(local) else {
        return Placed { instant: Instant(local), ambiguous: false };
    };
    let (offset, ambiguous) = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => (offset, false),
        AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => {
            (before, true)
        }
    };
    let instant = Instant(local.saturating_sub(i64::from(offset.seconds()) * SECOND));
    Placed { instant, ambiguous }
}

/// The same for the zone database; `None` beyond the year 9999.
fn civil(local: i64) -> Option<DateTime> {
    let (year, month, day) = civil_from_days(local.div_euclid(DAY));
    let rest = local.rem_euclid(DAY);
    let second = rest / SECOND;
    DateTime::new(
        i16::try_from(year).ok()?,
        month as i8,
        day as i8,
        (second / 3600) as i8,
        (second / 60 % 60) as i8,
        (second % 60) as i8,
        (rest % SECOND * 1000) as i32,
    )
    .ok()
}

/// Minutes of `+02:00`, `-0530`, `+2`, `UTC+2`; `None` where the text is no offset at all.
fn offset(text: &str) -> Option<Result<i32, String>> {
    let bare = ["UTC", "GMT"].iter().find_map(|name| {
        let head = text.get(..name.len())?;
        if head.eq_ignore_ascii_case(name) { text.get(name.len()..) } else { None }
    });
    let text = bare.unwrap_or(text).trim_start();
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix(['-', '\u{2212}'])?),
    };
    let plain = |t: &str| !t.is_empty() && t.len() <= 2 && t.bytes().all(|b| b.is_ascii_digit());
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "00"),
    };
    if !plain(hours) || !plain(minutes) {
        return Some(Err(format!("{text} is no offset; write it as +02:00 or -0530")));
    }
    let number = |t: &str| t.parse::<i32>().unwrap_or(i32::MAX / 100);
    let minutes = number(minutes);
    let all = number(hours) * 60 + minutes;
    if minutes > 59 || all > MOST_MINUTES {
        return Some(Err(format!("{text} is beyond the offsets in use (-14:00 to +14:00)")));
    }
    Some(Ok(sign * all))
}

/// The error for a name that nobody knows, with those that resemble it.
fn unknown(text: &str) -> String {
    const FORMS: &str = "write UTC, an offset (+02:00), or a name such as Europe/Berlin or \
                         \"W. Europe Standard Time\"";
    let short: String = text.chars().take(40).collect();
    let names = similar(&short);
    if names.is_empty() {
        return format!("no time zone is called {short:?}; {FORMS}");
    }
    format!("no time zone is called {short:?}; did you mean {}? Else {FORMS}", names.join(" or "))
}

/// Names that resemble a text, the nearest first.
fn similar(text: &str) -> Vec<String> {
    if let Some((_, name)) = ABBREVIATIONS.iter().find(|(a, _)| a.eq_ignore_ascii_case(text)) {
        return vec![(*name).to_owned()];
    }
    let wanted = fold(text);
    if wanted.len() < 3 {
        return Vec::new();
    }
    let database = TimeZoneDatabase::bundled();
    let iana = database.available().map(|name| name.as_str().to_owned());
    let windows = WINDOWS.iter().map(|(name, _)| (*name).to_owned());
    let mut near: Vec<(usize, String)> =
        iana.chain(windows).filter_map(|name| Some((distance(&wanted, &name)?, name))).collect();
    near.sort();
    near.truncate(SUGGESTED);
    near.into_iter().map(|(_, name)| name).collect()
}

/// How far a name is from a wanted text (folded); `None` where they have nothing in common.
fn distance(wanted: &str, name: &str) -> Option<usize> {
    let whole = fold(name);
    let place = fold(name.rsplit('/').next().unwrap_or(name));
    if place == wanted {
        return Some(0);
    }
    if whole.starts_with(wanted) || place.starts_with(wanted) {
        return Some(1);
    }
    let edits = edits(wanted, &whole).min(edits(wanted, &place));
    (edits <= wanted.chars().count() / 4).then_some(edits + 1)
}

/// Lower case, letters and digits alone: `new york`, `New_York` and `NewYork` are one.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Levenshtein's distance. Both texts are short.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(zone: &str, local: &str) -> (String, bool) {
        let written = crate::decode::time::parse(local.as_bytes()).unwrap();
        let local = written.instant(crate::decode::DateOrder::Ymd).unwrap();
        let placed = Zone::parse(zone).unwrap().instant(local.0);
        (placed.instant.rfc3339(), placed.ambiguous)
    }

    #[test]
    fn zones_as_people_write_them() {
        for (text, shown) in [
            ("UTC", "UTC"),
            (" z ", "UTC"),
            ("+00:00", "UTC"),
            ("+02:00", "UTC+02:00"),
            ("-0530", "UTC-05:30"),
            ("+2", "UTC+02:00"),
            ("UTC+2", "UTC+02:00"),
            ("gmt-03:30", "UTC-03:30"),
            ("utc-11", "UTC-11:00"),
            ("europe/berlin", "Europe/Berlin"),
            ("AMERICA/NEW_YORK", "America/New_York"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("eastern standard time", "America/New_York"),
            ("Etc/GMT+5", "Etc/GMT+5"),
        ] {
            assert_eq!(Zone::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn errors_name_the_mend() {
        for (text, words) in [
            ("Berlin", "did you mean Europe/Berlin?"),
            ("Europe/Berln", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("W Europe Standard Time", "W. Europe Standard Time"),
            ("CEST", "Europe/Berlin"),
            ("pst", "America/Los_Angeles"),
            ("+25:00", "beyond"),
            ("+1:2:3", "write it as +02:00"),
            ("+12345", "write it as +02:00"),
            ("", "write UTC"),
            ("Nowhere/Atall", "write UTC"),
            ("\u{2212}3x", "write it as"),
        ] {
            let error = Zone::parse(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn every_windows_name_leads_to_a_zone() {
        for (windows, iana) in WINDOWS {
            assert!(
                matches!(Zone::parse(windows), Ok(Zone::Named(_) | Zone::Fixed(_))),
                "{windows}"
            );
            assert_eq!(Zone::parse(iana).unwrap().to_string(), *iana);
        }
        for (short, iana) in ABBREVIATIONS {
            assert!(Zone::parse(short).is_err(), "{short}");
            assert!(Zone::parse(iana).is_ok(), "{iana}");
        }
        let mut names: Vec<String> = WINDOWS.iter().map(|(n, _)| n.to_lowercase()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), WINDOWS.len());
    }

    #[test]
    fn clocks_that_change() {
        let (winter, summer) = ("2026-01-15T12:00:00", "2026-07-15T12:00:00");
        assert_eq!(at("Europe/Berlin", winter), ("2026-01-15T11:00:00Z".into(), false));
        assert_eq!(at("Europe/Berlin", summer), ("2026-07-15T10:00:00Z".into(), false));
        assert_eq!(at("+05:30", summer), ("2026-07-15T06:30:00Z".into(), false));
        // 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00.
        let skipped = at("Europe/Berlin", "2026-03-29T02:30:00");
        assert_eq!(skipped, ("2026-03-29T01:30:00Z".into(), true));
        let twice = at("Europe/Berlin", "2026-10-25T02:30:00");
        assert_eq!(twice, ("2026-10-25T00:30:00Z".into(), true));
        assert_eq!(at("Europe/Berlin", "2026-10-25T03:00:00").0, "2026-10-25T02:00:00Z");
        assert!(!at("America/Phoenix", "2026-11-01T01:30:00").1);
        assert!(at("America/New_York", "2026-11-01T01:30:00").1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn never_panics(text in "\\PC{0,20}|[+-]?[0-9:]{0,8}", local: i64) {
            if let Ok(zone) = Zone::parse(&text) {
                zone.instant(local);
            }
        }

        #[test]
        fn any_clock_is_within_a_day(local: i64, zone in prop::sample::select(WINDOWS)) {
            let placed = Zone::parse(zone.1).unwrap().instant(local);
            prop_assert!(placed.instant.0.abs_diff(local) < DAY as u64);
        }

        #[test]
        fn offsets_come_back(minutes in -MOST_MINUTES..=MOST_MINUTES) {
            let zone = if minutes == 0 { Zone::Utc } else { Zone::Fixed(minutes) };
            prop_assert_eq!(Zone::parse(&zone.to_string()), Ok(zone));
        }
    }
}
