//! Times as exports write them: ISO 8601, and the culture text of PowerShell's Export-Csv.

use super::dates::DateOrder;
use crate::model::Instant;
use crate::model::time::{MINUTE, SECOND};

/// A time as written, before its day/month order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The three numbers of the date, in written order.
    pub date: [u32; 3],
    /// What stands between them.
    pub separator: u8,
    /// Microseconds since midnight, as written.
    pub clock: i64,
    /// Written with fractions of a second.
    pub subsecond: bool,
    /// Offset from UTC in minutes, where one is written (`Z` is 0).
    pub offset: Option<i32>,
}

impl Written {
    /// The year stands first: the order is no question.
    pub fn year_first(&self) -> bool {
        self.date[0] > 31
    }

    /// The instant under a date order; zone-less text is UTC (message traces are, whatever the
    /// culture of their text: Microsoft, Get-MessageTraceV2). `None` where there is no such date.
    pub fn instant(&self, order: DateOrder) -> Option<Instant> {
        let [a, b, c] = self.date;
        let (year, month, day) = if self.year_first() || order == DateOrder::Ymd {
            (a, b, c)
        } else if order == DateOrder::Dmy {
            (c, b, a)
        } else {
            (c, a, b)
        };
        let year = if year < 100 { year + 2000 } else { year };
        let midnight = Instant::from_civil(year as i32, month, day, 0, 0, 0, 0)?;
        Some(Instant(midnight.0 + self.clock - i64::from(self.offset.unwrap_or(0)) * MINUTE))
    }
}

/// Reads a time cell. `None` where it is no time; white space around it is ignored.
pub fn parse(cell: &[u8]) -> Option<Written> {
    let mut s = Scan { rest: cell.trim_ascii() };
    let a = s.number(4)?;
    let separator = s.one_of(b"-/.")?;
    s.spaces(); // Czech, Slovak: `8. 11. 2026`
    let b = s.number(2)?;
    s.exactly(separator)?;
    s.spaces();
    let c = s.number(4)?;
    let mut written =
        Written { date: [a, b, c], separator, clock: 0, subsecond: false, offset: None };
    if separator == b'.' {
        s.optional(b'.'); // Hungarian: `2026. 11. 08. 9:15`
    }
    s.optional(b',');
    if s.rest.is_empty() {
        return Some(written);
    }
    if s.optional(b'T').is_none() {
        s.spaces_required()?;
    }
    let hour = s.number(2)?;
    let mark = s.one_of(b":.")?; // `.`: Danish, Finnish, Italian cultures
    let minute = s.number(2)?;
    let mut second = 0;
    if s.optional(mark).is_some() {
        second = s.number(2)?;
        if s.optional(b'.').or_else(|| s.optional(b',')).is_some() {
            written.subsecond = true;
            written.clock = s.fraction()?;
        }
    }
    let hour = s.half_day(hour)?;
    if !s.ended() {
        written.offset = Some(s.offset()?);
    }
    if !s.rest.is_empty() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59));
    written.clock += seconds * SECOND;
    Some(written)
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn number(&mut self, most: usize) -> Option<u32> {
        let digits = self.rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some(number.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    }

    fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        set.contains(&first).then(|| {
            self.rest = rest;
            first
        })
    }

    fn exactly(&mut self, byte: u8) -> Option<u8> {
        self.one_of(&[byte])
    }

    fn optional(&mut self, byte: u8) -> Option<u8> {
        self.one_of(&[byte])
    }

    /// Skips blanks: space, no-break space U+00A0, narrow no-break space U+202F (ICU builds of
    /// PowerShell 7 put it before AM/PM).
    fn spaces(&mut self) -> bool {
        let before = self.rest.len();
        loop {
            self.rest = match self.rest {
                [b' ', rest @ ..] | [0xC2, 0xA0, rest @ ..] | [0xE2, 0x80, 0xAF, rest @ ..] => rest,
                _ => break,
            };
        }
        self.rest.len() < before
    }

    fn spaces_required(&mut self) -> Option<()> {
        self.spaces().then_some(())
    }

    /// Digits behind the decimal mark, as microseconds; digits past the sixth are cut.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 12 {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some((0..6).fold(0, |n, i| n * 10 + number.get(i).map_or(0, |b| i64::from(b - b'0'))))
    }

    /// Applies `AM`/`PM` (`a.m.`, `p. m.`) to an hour.
    fn half_day(&mut self, hour: u32) -> Option<u32> {
        let saved = self.rest;
        self.spaces();
        let Some(half) = self.one_of(b"AaPp") else {
            self.rest = saved;
            return Some(hour);
        };
        self.optional(b'.');
        self.spaces();
        self.one_of(b"Mm")?;
        self.optional(b'.');
        if !(1..=12).contains(&hour) {
            return None;
        }
        Some(hour % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 })
    }

    /// Nothing but blanks is left.
    fn ended(&mut self) -> bool {
        self.spaces();
        self.rest.is_empty()
    }

    /// `Z`, `UTC`, `+hh:mm`, `+hhmm`, in minutes.
    fn offset(&mut self) -> Option<i32> {
        if matches!(self.rest, b"Z" | b"z" | b"UTC" | b"GMT") {
            self.rest = &[];
            return Some(0);
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.number(2)? as i32;
        self.optional(b':');
        let minutes = self.number(2).unwrap_or(0) as i32;
        if hours > 14 || minutes > 59 {
            return None;
        }
        Some(sign * (hours * 60 + minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: DateOrder) -> Option<String> {
        parse(text.as_bytes())?.instant(order).map(Instant::rfc3339)
    }

    #[test]
    fn forms_in_the_wild() {
        for (text, order, want) in [
            ("2026-11-16T12:44:18.0480000Z", DateOrder::Mdy, "2026-11-16T12:44:18.048Z"),
            ("2026-11-16 12:44:18", DateOrder::Dmy, "2026-11-16T12:44:18Z"),
            ("2026-11-16T12:44:18+02:00", DateOrder::Mdy, "2026-11-16T10:44:18Z"),
            ("11/8/2026 11:41:59 PM", DateOrder::Mdy, "2026-11-08T23:41:59Z"),
            ("11/8/2026 12:00:01 AM", DateOrder::Mdy, "2026-11-08T00:00:01Z"),
            ("11/8/2026 12:00:01\u{202f}PM", DateOrder::Mdy, "2026-11-08T12:00:01Z"),
            ("08.11.2026 23:57:32", DateOrder::Dmy, "2026-11-08T23:57:32Z"),
            ("08/11/2026 11:57:32 p. m.", DateOrder::Dmy, "2026-11-08T23:57:32Z"),
            ("8. 11. 2026 9:15:10", DateOrder::Dmy, "2026-11-08T09:15:10Z"),
            ("2026. 11. 08. 9:15:10", DateOrder::Dmy, "2026-11-08T09:15:10Z"),
            ("2026/11/08 9:15", DateOrder::Mdy, "2026-11-08T09:15:00Z"),
            ("08-11-2026 09.15.10", DateOrder::Dmy, "2026-11-08T09:15:10Z"),
            ("  11/8/26 9:15:10 AM ", DateOrder::Mdy, "2026-11-08T09:15:10Z"),
            ("2026-11-16", DateOrder::Mdy, "2026-11-16T00:00:00Z"),
        ] {
            assert_eq!(read(text, order).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn no_times() {
        for text in [
            "",
            "\0\0\0",
            "11/8/2026 13:00:00 PM",
            "31.02.2026 10:00:00",
            "2026-11-16T25:00:00",
            "11/8",
            "yesterday",
            "2026-11-16T12:44:18 nonsense",
            "2026-11-16T12:44:18.",
        ] {
            assert_eq!(read(text, DateOrder::Dmy), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            if let Some(written) = parse(&bytes) {
                written.instant(DateOrder::Mdy);
                written.instant(DateOrder::Dmy);
            }
        }

        #[test]
        fn every_style_reads_the_same(us in 0i64..4_000_000_000) {
            let t = Instant(us * SECOND);
            let (y, mo, d, h, mi, s, _) = t.civil();
            let (half, h12) = (if h < 12 { "AM" } else { "PM" }, (h + 11) % 12 + 1);
            for (text, order) in [
                (format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}.0000000Z"), DateOrder::Mdy),
                (format!("{mo}/{d}/{y:04} {h12}:{mi:02}:{s:02} {half}"), DateOrder::Mdy),
                (format!("{d:02}.{mo:02}.{y:04} {h:02}:{mi:02}:{s:02}"), DateOrder::Dmy),
            ] {
                let read = parse(text.as_bytes()).and_then(|w| w.instant(order));
                proptest::prop_assert_eq!(read, Some(t));
            }
        }
    }
}
