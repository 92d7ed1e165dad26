//! Dates of header fields (RFC 5322, with the obsolete and the wrong forms that are met).
//!
//! A date that does not exist (31 February, 24:00, zone +9900) is no date. A time without a zone,
//! or with a zone name nobody knows, is read as UTC (RFC 5322, 4.3).

use crate::model::Instant;
use crate::model::time::MINUTE;

/// The instant a date text names.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let mut parts = Parts::default();
    for token in tokens(text) {
        parts.take(token)?;
    }
    parts.instant()
}

/// Words of the date, comments left out.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    text.split(move |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => return depth > 0 || c == ',' || c.is_ascii_whitespace(),
        }
        true
    })
    .filter(|token| !token.is_empty())
    .take(16)
}

#[derive(Default)]
struct Parts {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<(u32, u32, u32)>,
    /// Minutes east of UTC.
    zone: Option<i64>,
    afternoon: Option<bool>,
}

impl Parts {
    /// Takes one word; `None` where it cannot belong to a date.
    fn take(&mut self, token: &str) -> Option<()> {
        let first = *token.as_bytes().first()?;
        if matches!(first, b'+' | b'-') && self.time.is_some() {
            self.zone = Some(numeric_zone(token)?);
        } else if first.is_ascii_digit() {
            self.number(token)?;
        } else if first.is_ascii_alphabetic() {
            self.word(token)?;
        } else {
            return None;
        }
        Some(())
    }

    fn number(&mut self, token: &str) -> Option<()> {
        if let Some((date, time)) = token.split_once('T')
            && date.contains('-')
        {
            self.number(date)?;
            return self.number(time);
        }
        if token.contains(':') {
            return self.clock(token);
        }
        if token.contains('-') {
            return self.dashed(token);
        }
        let digits = token.strip_suffix('.').unwrap_or(token);
        let digits = digits
            .trim_end_matches("st")
            .trim_end_matches("nd")
            .trim_end_matches("rd")
            .trim_end_matches("th");
        let value: u32 = number(digits)?;
        if digits.len() <= 2 && self.day.is_none() {
            self.day = Some(value);
        } else if self.year.is_none() {
            self.year = Some(full_year(value, digits.len())?);
        } else {
            return None;
        }
        Some(())
    }

    /// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.fff`, a zone glued behind it.
    fn clock(&mut self, token: &str) -> Option<()> {
        let end = token
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
            .unwrap_or(token.len());
        let (clock, zone) = token.split_at_checked(end)?;
        let mut fields = clock.split(':');
        let hour = number(fields.next()?)?;
        let minute = number(fields.next()?)?;
        let second = match fields.next() {
            Some(text) => number(text.split('.').next()?)?,
            None => 0,
        };
        if fields.next().is_some() || self.time.is_some() {
            return None;
        }
        self.time = Some((hour, minute, second));
        if zone.is_empty() { Some(()) } else { self.take(zone) }
    }

    /// `1-Jul-2026` and `2026-07-01`.
    fn dashed(&mut self, token: &str) -> Option<()> {
        let mut fields = token.split('-');
        let (a, b, c) = (fields.next()?, fields.next()?, fields.next()?);
        if fields.next().is_some() || self.day.is_some() {
            return None;
        }
        if a.len() == 4 {
            self.year = Some(number(a)? as i32);
            self.month = Some(number(b)?);
            self.day = Some(number(c)?);
        } else {
            self.day = Some(number(a)?);
            self.month = Some(month(b)?);
            self.year = Some(full_year(number(c)?, c.len())?);
        }
        Some(())
    }

    fn word(&mut self, token: &str) -> Option<()> {
        if self.month.is_none()
            && let Some(month) = month(token)
        {
            self.month = Some(month);
        } else if self.time.is_some() {
            match token.to_ascii_uppercase().as_str() {
                "AM" => self.afternoon = Some(false),
                "PM" => self.afternoon = Some(true),
                _ if self.zone.is_none() => self.zone = Some(named_zone(token)?),
                // `+0200 CEST`: the numbers have said it.
                _ => {}
            }
        } else if !is_weekday(token) {
            return None;
        }
        Some(())
    }

    fn instant(&self) -> Option<Instant> {
        let (mut hour, minute, second) = self.time?;
        if let Some(afternoon) = self.afternoon {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if afternoon { 12 } else { 0 };
        }
        let local =
            Instant::from_civil(self.year?, self.month?, self.day?, hour, minute, second, 0)?;
        Some(Instant(local.0 - self.zone.unwrap_or(0) * MINUTE))
    }
}

/// At most nine ASCII digits.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// RFC 5322, 4.3: two digits are 2000 to 2049 and 1950 to 1999, three count from 1900.
fn full_year(value: u32, digits: usize) -> Option<i32> {
    let year = match digits {
        2 if value < 50 => value + 2000,
        2 | 3 => value + 1900,
        4 => value,
        _ => return None,
    };
    Some(year as i32)
}

/// Month of a name, short or long.
fn month(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if text.len() < 3 || !text.is_ascii() {
        return None;
    }
    let text = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let text = if text == "sept" { "sep" } else { &text };
    let at = MONTHS.iter().position(|m| *m == text || m.get(..3) == Some(text))?;
    Some(at as u32 + 1)
}

/// True for names of days; anything that begins like one will do.
fn is_weekday(text: &str) -> bool {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let head = text.get(..3).unwrap_or_default().to_ascii_lowercase();
    DAYS.contains(&head.as_str())
}

/// Zone of a signed number, minutes east; at most 14 hours.
fn numeric_zone(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, text.get(1..)?),
        b'-' => (-1, text.get(1..)?),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let value = i64::from(number(&digits)?);
    let (hours, minutes) = match digits.len() {
        1 | 2 => (value, 0),
        3 | 4 => (value / 100, value % 100),
        _ => return None,
    };
    let known = hours <= 14 && minutes < 60;
    known.then_some(sign * (hours * 60 + minutes))
}

/// Zone of a name: those of RFC 5322, and the commonest others. `GMT+0200` is read as well.
fn named_zone(text: &str) -> Option<i64> {
    if !text.is_ascii() {
        return None;
    }
    let at = text.find(['+', '-']).unwrap_or(text.len());
    let (name, offset) = text.split_at_checked(at)?;
    if !offset.is_empty() {
        return numeric_zone(offset);
    }
    Some(match name.to_ascii_uppercase().as_str() {
        "EDT" => -4 * 60,
        "EST" | "CDT" => -5 * 60,
        "CST" | "MDT" => -6 * 60,
        "MST" | "PDT" => -7 * 60,
        "PST" => -8 * 60,
        "BST" | "CET" | "MEZ" | "MET" | "WEST" => 60,
        "CEST" | "EET" | "MESZ" | "MEST" => 2 * 60,
        "EEST" | "MSK" => 3 * 60,
        "JST" | "KST" => 9 * 60,
        "AEST" => 10 * 60,
        "AEDT" => 11 * 60,
        // UT, GMT, UTC, Z, military letters (whose signs were once published the wrong way
        // round), and names nobody knows.
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        for (text, expected) in [
            ("Tue, 1 Jul 2025 10:52:37 +0200", "2025-07-01T08:52:37Z"),
            ("1 Jul 25 10:52 EST", "2025-07-01T15:52:00Z"),
            ("Tue, 01 Jul 2025 10:52:37 GMT (comment (nested) +0900)", "2025-07-01T10:52:37Z"),
            ("Tue Jul  1 10:52:37 2025", "2025-07-01T10:52:37Z"),
            ("Tue Jul  1 10:52:37 CEST 2025", "2025-07-01T08:52:37Z"),
            ("1 Jul 99 10:52:37 -0000", "1999-07-01T10:52:37Z"),
            ("1 Jul 125 10:52:37 Z", "2025-07-01T10:52:37Z"),
            ("1 July 2025 10:52:37 -0330", "2025-07-01T14:22:37Z"),
            ("2025-07-01T10:52:37+02:00", "2025-07-01T08:52:37Z"),
            ("2025-07-01 10:52:37.123 +0000", "2025-07-01T10:52:37Z"),
            ("Tue,1-Jul-2025 10:52:37 +0000", "2025-07-01T10:52:37Z"),
            ("Tue, 1 Jul 2025 10:52:37 +0200 CEST", "2025-07-01T08:52:37Z"),
            ("Tue, 1 Jul 2025 10:52:37 GMT+0200", "2025-07-01T08:52:37Z"),
            ("Tue, 1 Jul 2025 23:59:60 +0000", "2025-07-01T23:59:59Z"),
            ("Tue, 1 Jul 2025 12:05:00 AM +0000", "2025-07-01T00:05:00Z"),
        ] {
            assert_eq!(parse(text).map(Instant::rfc3339).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn no_dates() {
        for text in [
            "",
            "Tue, 99 Aug 2023 45:20:12 +0000",
            "Fri, 31 Feb 2025 10:00:00 +0000",
            "Tue, 1 Jul 2025",
            "10:52:37",
            "Tue, 1 Jul 2025 10:52:37 +9900",
            "1 Foo 2025 10:52:37 +0000",
            "1 Jul 12345 10:52:37",
            "(Tue, 1 Jul 2025 10:52:37 +0000",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn written_dates_come_back(us in 0i64..4_000_000_000, zone in -14i64 * 60..=14 * 60) {
            let seconds = Instant(us * 1_000_000);
            let local = Instant(seconds.0 + zone * MINUTE);
            let (y, mo, d, h, mi, s, _) = local.civil();
            let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                "Nov", "Dec"][mo as usize - 1];
            let sign = if zone < 0 { '-' } else { '+' };
            let (zh, zm) = (zone.abs() / 60, zone.abs() % 60);
            let text = format!("{d} {name} {y} {h:02}:{mi:02}:{s:02} {sign}{zh:02}{zm:02}");
            proptest::prop_assert_eq!(parse(&text), Some(seconds), "{}", text);
        }
    }
}
