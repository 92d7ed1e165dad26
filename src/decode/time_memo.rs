//! Times of neighbouring records mostly share their date: only the clock need be read again.

use super::dates::DateOrder;
use super::time;
use super::zone::Zone;
use crate::model::time::SECOND;

/// A time cell, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Microseconds UTC.
    pub time: i64,
    /// Written with fractions of a second.
    pub subsecond: bool,
    /// The clocks of its zone showed this time twice, or skipped it.
    pub ambiguous: bool,
}

/// Reads time cells of one input and remembers the last date.
#[derive(Clone, Debug)]
pub struct Times {
    order: DateOrder,
    zone: Zone,
    /// The last date as it was written, up to its clock.
    date: Vec<u8>,
    /// Midnight of that date, microseconds UTC, and how its clock was written.
    midnight: i64,
    style: Style,
}

/// What of a clock bears upon the date before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Style {
    twelve_hours: bool,
    /// `Z` stands behind it.
    utc: bool,
}

impl Times {
    /// For times of this order, a clock of `zone` where they state none.
    pub fn new(order: DateOrder, zone: &Zone) -> Self {
        let (date, style) = (Vec::new(), Style::default());
        Self { order, zone: zone.clone(), date, midnight: 0, style }
    }

    /// The time of a cell; `None` where it is none.
    #[inline]
    pub fn read(&mut self, cell: &[u8]) -> Option<Read> {
        if !self.date.is_empty()
            && let Some((date, rest)) = cell.split_at_checked(self.date.len())
            && date == self.date
            && let Some((clock, subsecond, style)) = clock(rest)
            && style == self.style
        {
            return Some(Read { time: self.midnight + clock, subsecond, ambiguous: false });
        }
        self.read_anew(cell)
    }

    fn read_anew(&mut self, cell: &[u8]) -> Option<Read> {
        self.date.clear();
        let written = time::parse(cell)?;
        let placed = written.instant_in(self.order, &self.zone)?;
        let read = Read {
            time: placed.instant.0,
            subsecond: written.subsecond,
            ambiguous: placed.ambiguous,
        };
        let end = cell.iter().position(|b| matches!(b, b'T' | b' ')).map_or(cell.len(), |n| n + 1);
        let (date, rest) = cell.split_at(end);
        // A clock of another zone may be turned within the day.
        if let Some((clock, _, style)) = clock(rest)
            && (style.utc || self.zone.is_utc())
        {
            self.date.extend_from_slice(date);
            self.midnight = read.time - clock;
            self.style = style;
        }
        Some(read)
    }
}

/// Reads a clock as most exports write it (`8:14`, `08:14:02.048Z`, `8:14:02 AM`), in microseconds
/// since midnight, whether it has fractions, and how it is written. `None` for any other.
#[inline]
fn clock(text: &[u8]) -> Option<(i64, bool, Style)> {
    fixed_clock(text).or_else(|| free_clock(text))
}

/// A clock of two digits each, with up to seven behind the point: what ISO 8601 looks like.
#[inline]
fn fixed_clock(text: &[u8]) -> Option<(i64, bool, Style)> {
    let (clock, rest) = text.split_first_chunk::<8>()?;
    let (rest, utc) = rest.strip_suffix(b"Z").map_or((rest, false), |rest| (rest, true));
    let digit = |at: usize| u32::from(clock[at].wrapping_sub(b'0'));
    let two = |at: usize| digit(at) * 10 + digit(at + 1);
    let good = |at: usize| digit(at) < 10 && digit(at + 1) < 10;
    let (hour, minute, second) = (two(0), two(3), two(6));
    if !(good(0) && good(3) && good(6)) || [clock[2], clock[5]] != *b"::" {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let micros = match rest {
        [] => 0,
        [b'.', fraction @ ..] if (1..=7).contains(&fraction.len()) => {
            let (mut value, mut odd, mut scale) = (0, false, 1_000_000);
            for byte in fraction.iter().take(6) {
                let digit = byte.wrapping_sub(b'0');
                odd |= digit > 9;
                scale /= 10;
                value += i64::from(digit) * scale;
            }
            if odd || !fraction[fraction.len() - 1].is_ascii_digit() {
                return None;
            }
            value
        }
        _ => return None,
    };
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59));
    Some((seconds * SECOND + micros, !rest.is_empty(), Style { utc, ..Style::default() }))
}

fn free_clock(text: &[u8]) -> Option<(i64, bool, Style)> {
    let (hour, rest) = number(text)?;
    let (minute, rest) = number(rest.strip_prefix(b":")?)?;
    let (second, mut rest) = match rest {
        [b':', rest @ ..] => number(rest)?,
        _ => (0, rest),
    };
    let mut micros = 0;
    let subsecond = matches!(rest, [b'.', ..]);
    if let [b'.', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 12 {
            return None;
        }
        let (digits, behind) = fraction.split_at(digits);
        micros = digits.iter().take(6).fold(0, |n, b| n * 10 + i64::from(b - b'0'));
        for _ in digits.len()..6 {
            micros *= 10;
        }
        rest = behind;
    }
    let (hour, style) = match rest {
        [] => (hour, Style::default()),
        [b'Z'] => (hour, Style { utc: true, ..Style::default() }),
        [b' ', half @ (b'A' | b'P'), b'M'] if hour <= 12 => {
            let hour = hour % 12 + if *half == b'P' { 12 } else { 0 };
            (hour, Style { twelve_hours: true, ..Style::default() })
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.min(59));
    Some((seconds * SECOND + micros, subsecond, style))
}

/// A number of one or two digits, and what follows it.
#[inline]
fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let digit = |b: u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
    let (first, rest) = text.split_first()?;
    let tens = digit(*first)?;
    match rest.split_first() {
        Some((&second, behind)) if second.is_ascii_digit() => {
            Some((tens * 10 + u32::from(second - b'0'), behind))
        }
        _ => Some((tens, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DATES: &[&str] = &[
        "2026-11-16T",
        "2026-11-16 ",
        "11/8/2026 ",
        "8/11/2026 ",
        "13/11/2026 ",
        "08.11.2026 ",
        "08-11-2026 ",
        "8. 11. 2026 ",
        "16-Nov-2026 ",
        " 2026-11-17T",
        "2026-11-16, ",
        "2026-02-30T",
        "",
    ];
    const CLOCKS: &[&str] = &[
        "8:14",
        "08:14:02",
        "23:59:60Z",
        "08:14:02.048Z",
        "08:14:02.0480001",
        "8:14:02 AM",
        "12:14:02 PM",
        "13:14:02 PM",
        "0:14 AM",
        "24:00:00",
        "08:14:02+02:00",
        "08:14:02 Z",
        "08:14:02,5",
        "08.14.02",
        "08:14:02.",
        "8:1:2",
        "02:30:00",
        "008:14",
        "",
    ];

    fn plain(cell: &[u8], order: DateOrder, zone: &Zone) -> Option<Read> {
        let written = time::parse(cell)?;
        let placed = written.instant_in(order, zone)?;
        let (time, subsecond) = (placed.instant.0, written.subsecond);
        Some(Read { time, subsecond, ambiguous: placed.ambiguous })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        /// What was read before changes nothing.
        #[test]
        fn remembering_changes_nothing(
            cells in proptest::collection::vec((0..DATES.len(), 0..CLOCKS.len()), 1..12),
            order in 0usize..4,
            zone in 0usize..2,
        ) {
            let mut evidence = crate::decode::DateEvidence::default();
            for (date, clock) in &cells {
                evidence.observe(format!("{}{}", DATES[*date], CLOCKS[*clock]).as_bytes());
            }
            let settled = evidence.settle().order;
            let order = [DateOrder::Mdy, DateOrder::Dmy, DateOrder::Ymd, settled][order];
            let zone = [Zone::Utc, Zone::parse("Europe/Berlin").unwrap()][zone].clone();
            let mut times = Times::new(order, &zone);
            for (date, clock) in cells {
                let cell = format!("{}{}", DATES[date], CLOCKS[clock]);
                let cell = cell.as_bytes();
                prop_assert_eq!(times.read(cell), plain(cell, order, &zone));
            }
        }
    }
}
