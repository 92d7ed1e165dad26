//! One instant type: microseconds since 1970-01-01T00:00:00Z, always UTC.

/// An instant in UTC, in microseconds since the Unix epoch.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    Default,
)]
pub struct Instant(pub i64);

/// A clock on the wall somewhere: what it shows at an instant.
pub trait Clock: std::fmt::Debug + Sync {
    /// Name of its zone, for people.
    fn zone(&self) -> String;

    /// What it shows, in microseconds since 1970-01-01T00:00:00 of that clock.
    fn shows(&self, at: Instant) -> i64;
}

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day.
pub const DAY: i64 = 24 * HOUR;

impl Instant {
    /// The instant of a civil UTC date and time, or `None` where there is no such date or time
    /// (31 February, 24:00; a leap second is read as the second before it).
    pub fn from_civil(
        year: i32,
        month: u32,
        day: u32,
        hour: u32,
        minute: u32,
        second: u32,
        micro: u32,
    ) -> Option<Self> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 60 || micro > 999_999 {
            return None;
        }
        let seconds = days_from_civil(year, month, day) * 86_400
            + i64::from(hour) * 3600
            + i64::from(minute) * 60
            + i64::from(second.min(59));
        Some(Self(seconds * SECOND + i64::from(micro)))
    }

    /// Civil UTC `(year, month, day, hour, minute, second, microsecond)`.
    pub fn civil(self) -> (i32, u32, u32, u32, u32, u32, u32) {
        let days = self.0.div_euclid(DAY);
        let rest = self.0.rem_euclid(DAY);
        let (year, month, day) = civil_from_days(days);
        (
            year,
            month,
            day,
            (rest / HOUR) as u32,
            (rest / MINUTE % 60) as u32,
            (rest / SECOND % 60) as u32,
            (rest % SECOND) as u32,
        )
    }

    /// RFC 3339 in UTC with `Z`; fractions only where there are any, without trailing zeros.
    pub fn rfc3339(self) -> String {
        let (y, mo, d, h, mi, s, us) = self.civil();
        let mut text = format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}");
        if us != 0 {
            let fraction = format!(".{us:06}");
            text.push_str(fraction.trim_end_matches('0'));
        }
        text.push('Z');
        text
    }

    /// Day number since 1970-01-01 (UTC).
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// `YYYY-MM-DD` of the UTC day.
    pub fn date(self) -> String {
        let (y, m, d, ..) = self.civil();
        format!("{y:04}-{m:02}-{d:02}")
    }
}

/// Days in a month of the proleptic Gregorian calendar.
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
pub fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let y = i64::from(year) - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = i64::from((153 * ((month + 9) % 12) + 2) / 5 + day - 1);
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Civil date of a day number since 1970-01-01; the inverse of [`days_from_civil`].
pub fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    ((yoe + era * 400) as i32 + i32::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants() {
        let t = Instant::from_civil(2026, 11, 16, 8, 14, 2, 48_000).unwrap();
        assert_eq!(t.0, 1_794_816_842_048_000);
        assert_eq!(t.rfc3339(), "2026-11-16T08:14:02.048Z");
        assert_eq!(Instant(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Instant(-1).rfc3339(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn no_such_date() {
        assert!(Instant::from_civil(2026, 2, 31, 0, 0, 0, 0).is_none());
        assert!(Instant::from_civil(2025, 2, 29, 0, 0, 0, 0).is_none());
        assert!(Instant::from_civil(2024, 2, 29, 0, 0, 0, 0).is_some());
        assert!(Instant::from_civil(2026, 1, 1, 24, 0, 0, 0).is_none());
    }

    proptest::proptest! {
        #[test]
        fn civil_round_trip(us in -60_000_000_000_000_000i64..250_000_000_000_000_000) {
            let t = Instant(us);
            let (y, mo, d, h, mi, s, f) = t.civil();
            proptest::prop_assert_eq!(Instant::from_civil(y, mo, d, h, mi, s, f), Some(t));
        }
    }
}
