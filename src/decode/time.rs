//! Times as exports write them: ISO 8601, and the culture text of PowerShell's Export-Csv.

use super::dates::DateOrder;
use super::time_words as words;
use super::zone::{Placed, Zone};
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
    /// Written with a clock of twelve hours.
    pub twelve_hours: bool,
    /// Offset from UTC in minutes, where one is written (`Z` is 0).
    pub offset: Option<i32>,
}

impl Written {
    fn midnight(date: [u32; 3], separator: u8) -> Self {
        Self { date, separator, clock: 0, subsecond: false, twelve_hours: false, offset: None }
    }

    /// The year stands first: the order is no question.
    pub fn year_first(&self) -> bool {
        self.date[0] > 31
    }

    /// What the clock showed, in microseconds since 1970-01-01T00:00:00 of that clock, under a
    /// date order. `None` where there is no such date, or the order does not cover this way of
    /// writing.
    fn local(&self, order: DateOrder) -> Option<i64> {
        let [a, b, c] = self.date;
        let (year, month, day) = if self.year_first() {
            (a, b, c)
        } else {
            match order {
                DateOrder::Ymd => (a, b, c),
                DateOrder::Dmy => (c, b, a),
                DateOrder::ByStyle(orders) if orders.day_first(self)? => (c, b, a),
                DateOrder::ByStyle(_) | DateOrder::Mdy | DateOrder::Auto => (c, a, b),
            }
        };
        let year = if year < 100 { year + 2000 } else { year };
        let midnight = Instant::from_civil(year as i32, month, day, 0, 0, 0, 0)?;
        Some(midnight.0 + self.clock)
    }

    /// The instant under a date order; zone-less text is UTC (message traces are, whatever the
    /// culture of their text: Microsoft, Get-MessageTraceV2). `None` where there is no such date.
    pub fn instant(&self, order: DateOrder) -> Option<Instant> {
        let offset = i64::from(self.offset.unwrap_or(0)) * MINUTE;
        Some(Instant(self.local(order)? - offset))
    }

    /// The instant under a date order; zone-less text is a clock of `zone`. An offset that is
    /// written wins. `None` where there is no such date.
    #[inline]
    pub fn instant_in(&self, order: DateOrder, zone: &Zone) -> Option<Placed> {
        if zone.is_utc() || self.offset.is_some() {
            return Some(Placed { instant: self.instant(order)?, ambiguous: false });
        }
        Some(zone.instant(self.local(order)?))
    }
}

/// Reads a time cell. `None` where it is no time; white space around it is ignored.
pub fn parse(cell: &[u8]) -> Option<Written> {
    if let Some(milliseconds) = cell.trim_ascii().strip_prefix(b"/Date(") {
        return of_json(milliseconds);
    }
    let mut s = Scan { rest: cell.trim_ascii() };
    let mut written = if let Some(written) = s.numbers() {
        written
    } else {
        s.rest = cell.trim_ascii();
        s.worded()?
    };
    s.optional(b',');
    if s.rest.is_empty() {
        return Some(written);
    }
    let mut afternoon = None;
    if s.optional(b'T').is_none() {
        s.spaces_required()?;
        if !s.rest.first()?.is_ascii_digit() {
            s.rest = words::skip_filler(s.rest);
            s.spaces();
            afternoon = s.half_word();
            s.spaces();
            if s.rest.is_empty() && afternoon.is_none() {
                return Some(written); // Bulgarian: `8.11.2026 г.`
            }
        }
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
    let afternoon = afternoon.or_else(|| s.half_day());
    let hour = match afternoon {
        None => hour,
        Some(afternoon) if hour <= 12 => hour % 12 + if afternoon { 12 } else { 0 },
        Some(_) => return None,
    };
    written.twelve_hours = afternoon.is_some();
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

/// `/Date(1760428200000)/`: milliseconds since 1970, UTC, as OData 2 and Windows PowerShell's
/// ConvertTo-Json write times. An offset that may follow is only how it was shown.
#[cold]
fn of_json(text: &[u8]) -> Option<Written> {
    let end = text.iter().position(|b| !b.is_ascii_digit() && *b != b'-').unwrap_or(0);
    let (number, rest) = text.split_at_checked(end)?;
    let shown = rest.strip_suffix(b")/")?;
    if !(shown.is_empty()
        || matches!(shown, [b'+', digits @ ..] if digits.iter().all(u8::is_ascii_digit)))
    {
        return None;
    }
    let milliseconds: i64 = std::str::from_utf8(number).ok()?.parse().ok()?;
    let instant = Instant(milliseconds.checked_mul(1000)?);
    let (year, month, day, ..) = instant.civil();
    let date = [full_year(u32::try_from(year).ok()?)?, month, day];
    Some(Written {
        clock: instant.0.rem_euclid(24 * 3600 * SECOND),
        subsecond: milliseconds % 1000 != 0,
        offset: Some(0),
        ..Written::midnight(date, b'-')
    })
}

/// A year of four digits: of the Buddhist calendar (Thai cultures, 543 years ahead) where it is
/// far in the future. `None` before 1900: other calendars, and the zero of .NET (`1/1/0001`).
fn full_year(year: u32) -> Option<u32> {
    match year {
        1900..2443 => Some(year),
        2443..2743 => Some(year - 543),
        _ => None,
    }
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    /// A date of three numbers.
    #[inline]
    fn numbers(&mut self) -> Option<Written> {
        let (mut a, first) = self.digits(4)?;
        let separator = self.one_of(b"-/.")?;
        self.spaces(); // Czech, Slovak: `8. 11. 2026`
        let b = self.number(2)?;
        self.exactly(separator)?;
        self.spaces();
        let (mut c, last) = self.digits(4)?;
        match (first, last) {
            (4, 1 | 2) => a = full_year(a)?,
            (1 | 2, 4) => c = full_year(c)?,
            (1 | 2, 1 | 2) => {}
            _ => return None,
        }
        if separator == b'.' {
            self.optional(b'.'); // Hungarian: `2026. 11. 08. 9:15`
        }
        Some(Written::midnight([a, b, c], separator))
    }

    /// A date whose month is a word: `16-Nov-2026`, `Monday, November 16, 2026`. It is kept with
    /// the year first, because its order is no question.
    #[cold]
    fn worded(&mut self) -> Option<Written> {
        let (mut month, mut numbers) = (None, [(0, 0); 2]);
        let (mut count, mut begun) = (0, false);
        while month.is_none() || count < 2 {
            self.spaces();
            if self.rest.first()?.is_ascii_digit() {
                *numbers.get_mut(count)? = self.digits(4)?;
                count += 1;
                begun = true;
            } else {
                let word = self.word();
                match words::month(word) {
                    Some(m) if month.is_none() => {
                        month = Some(m);
                        begun = true;
                    }
                    _ if words::is_weekday(word) && !begun => {}
                    _ => return None,
                }
            }
            if month.is_none() || count < 2 {
                self.optional(b'.');
                self.one_of(b"-/,");
            }
        }
        let (year, day) = match numbers {
            [(year, 4), (day, 1 | 2)] | [(day, 1 | 2), (year, 4)] => (full_year(year)?, day),
            [(day, 1 | 2), (year, 2)] => (year + 2000, day),
            _ => return None,
        };
        Some(Written::midnight([year, month?, day], b'-'))
    }

    /// Letters, ASCII or not.
    fn word(&mut self) -> &[u8] {
        let letter = |b: &&u8| b.is_ascii_alphabetic() || **b >= 0x80;
        let length = self.rest.iter().take_while(letter).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    fn number(&mut self, most: usize) -> Option<u32> {
        self.digits(most).map(|(number, _)| number)
    }

    /// A number, and how many digits it has.
    #[inline]
    fn digits(&mut self, most: usize) -> Option<(u32, usize)> {
        let digits = self.rest.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        Some((number.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')), digits))
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

    /// `AM`, `PM` (`a.m.`, `p. m.`, and in other languages) behind a clock; `true` for the second
    /// half of the day.
    #[inline]
    fn half_day(&mut self) -> Option<bool> {
        if matches!(self.rest.first(), None | Some(b'Z' | b'+' | b'-')) {
            return None;
        }
        self.half_day_behind()
    }

    fn half_day_behind(&mut self) -> Option<bool> {
        // What en-US writes, at a glance.
        if let [b' ', half @ (b'A' | b'P'), b'M'] = self.rest {
            self.rest = &[];
            return Some(*half == b'P');
        }
        let saved = self.rest;
        self.spaces();
        let half = self.half_word();
        if half.is_none() {
            self.rest = words::skip_filler(saved);
        }
        half
    }

    #[cold]
    fn half_word(&mut self) -> Option<bool> {
        if let Some((afternoon, rest)) = words::latin_half(self.rest) {
            self.rest = rest;
            return Some(afternoon);
        }
        let (afternoon, rest) = words::half(self.rest)?;
        self.rest = rest;
        Some(afternoon)
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
#[path = "time_tests.rs"]
mod tests;
