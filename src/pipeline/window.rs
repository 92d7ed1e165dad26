//! The part of the time that counts: `--since` and `--until`.

use crate::model::{Delivery, Instant};

/// A stretch of time, half open: `since` belongs to it, `until` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    since: Option<Instant>,
    until: Option<Instant>,
}

impl Window {
    /// `None` where neither end is given: everything counts.
    pub(super) fn new(since: Option<Instant>, until: Option<Instant>) -> Option<Self> {
        (since.is_some() || until.is_some()).then_some(Self { since, until })
    }

    /// True where mail received then counts.
    pub(super) fn holds(self, time: Instant) -> bool {
        self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until)
    }

    /// True where a span from `first` to `last` reaches into it.
    pub(super) fn meets(self, (first, last): (Instant, Instant)) -> bool {
        self.until.is_none_or(|until| first < until) && self.since.is_none_or(|since| last >= since)
    }

    /// The window in words.
    pub(super) fn words(self) -> String {
        let shown = |time: Instant| {
            let text = time.rfc3339().replace('T', " ");
            let text = text.trim_end_matches('Z');
            // Seconds only where there are any: `08:00:00` is long for a border.
            text.strip_suffix(":00").unwrap_or(text).to_owned()
        };
        match (self.since.map(shown), self.until.map(shown)) {
            (Some(since), Some(until)) => format!("from {since} until {until} (UTC)"),
            (Some(since), None) => format!("from {since} (UTC)"),
            (None, Some(until)) => format!("until {until} (UTC)"),
            (None, None) => "at any time".to_owned(),
        }
    }
}

/// What was found on both sides of the borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    /// Deliveries outside.
    pub(super) deliveries: u64,
    /// Messages that have such deliveries.
    pub(super) messages: u64,
    /// Bounces that speak of deliveries inside.
    pub(super) bounces_inside: u64,
    /// First and last time stated of deliveries inside, as far as it lies inside.
    pub(super) span: Option<(Instant, Instant)>,
}

impl Sides {
    /// Notes a delivery inside.
    pub(super) fn inside(&mut self, window: Window, delivery: &Delivery<'_>) {
        self.bounces_inside += delivery.bounces().count() as u64;
        let last = delivery.time_final;
        let last = if window.holds(last) { last.max(delivery.time) } else { delivery.time };
        self.widen((delivery.time, last));
    }

    /// Notes a message with so many deliveries outside.
    pub(super) fn message(&mut self, outside: u64) {
        self.deliveries += outside;
        self.messages += u64::from(outside > 0);
    }

    fn widen(&mut self, (first, last): (Instant, Instant)) {
        self.span = Some(match self.span {
            Some(span) => (span.0.min(first), span.1.max(last)),
            None => (first, last),
        });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.deliveries += other.deliveries;
        self.messages += other.messages;
        self.bounces_inside += other.bounces_inside;
        if let Some(span) = other.span {
            self.widen(span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_open() {
        let window = Window::new(Some(Instant(10)), Some(Instant(20))).unwrap();
        assert!(window.holds(Instant(10)) && window.holds(Instant(19)));
        assert!(!window.holds(Instant(9)) && !window.holds(Instant(20)));
        let open = Window::new(Some(Instant(10)), None).unwrap();
        assert!(open.holds(Instant(i64::MAX)) && !open.holds(Instant(9)));
        assert_eq!(Window::new(None, None), None);
        let meets = |first, last| window.meets((Instant(first), Instant(last)));
        assert!(!meets(0, 9) && !meets(20, 30));
        assert!(meets(0, 10) && meets(19, 30) && meets(0, 30) && meets(12, 15));
    }

    #[test]
    fn words() {
        let at = |h, s| Instant::from_civil(2026, 11, 16, h, 0, s, 0);
        let words = |since, until| Window::new(since, until).unwrap().words();
        assert_eq!(
            words(at(0, 0), at(8, 5)),
            "from 2026-11-16 00:00 until 2026-11-16 08:00:05 (UTC)"
        );
        assert_eq!(words(None, at(8, 0)), "until 2026-11-16 08:00 (UTC)");
    }
}
