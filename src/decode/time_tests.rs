//! Times as they are written in the wild.

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
        ("2026-11-16 12:44:18 +00:00", DateOrder::Mdy, "2026-11-16T12:44:18Z"),
        ("2026-11-16 12:44:18.5 UTC", DateOrder::Mdy, "2026-11-16T12:44:18.5Z"),
        ("16-11-2026 08:14", DateOrder::Dmy, "2026-11-16T08:14:00Z"),
        ("16-Nov-2026", DateOrder::Mdy, "2026-11-16T00:00:00Z"),
        ("16 Nov 2026 08:14:02", DateOrder::Mdy, "2026-11-16T08:14:02Z"),
        ("16-nov.-26 08:14", DateOrder::Mdy, "2026-11-16T08:14:00Z"),
        ("16. März 2026 08:14 Uhr", DateOrder::Mdy, "2026-03-16T08:14:00Z"),
        ("Nov 16, 2026, 8:14 PM", DateOrder::Dmy, "2026-11-16T20:14:00Z"),
        ("Monday, November 16, 2026 8:14:02 AM", DateOrder::Dmy, "2026-11-16T08:14:02Z"),
        ("November 16, 2026 at 8:14 AM", DateOrder::Dmy, "2026-11-16T08:14:00Z"),
        ("8.11.2026 8:14:02 nachm.", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
        ("8/11/2026 12:14:02 πμ", DateOrder::Dmy, "2026-11-08T00:14:02Z"),
        ("8/11/2026 8:14:02 μ.μ.", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
        ("2026/11/8 上午 08:14:02", DateOrder::Dmy, "2026-11-08T08:14:02Z"),
        ("2026/11/8 下午8:14:02", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
        ("2026/11/8 8:14:02 下午", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
        ("2026. 11. 8. 오후 8:14:02", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
        ("2026-11-08 오전 12:14:02", DateOrder::Dmy, "2026-11-08T00:14:02Z"),
        ("8.11.2026 г. 20:14:02 ч.", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
        ("8.11.2026 г.", DateOrder::Dmy, "2026-11-08T00:00:00Z"),
        ("8/11/2569 20:14:02", DateOrder::Dmy, "2026-11-08T20:14:02Z"),
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
        "1/1/0001 12:00:00 AM", // the zero of .NET
        "1448-06-06 10:00:00",  // of the Islamic calendar
        "202-11-16",
        "16 Nov Nov 2026",
        "16 16 2026",
        "Nov 2026",
        "8/11/2026 下午 上午 8:14",
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
    fn never_panics_on_what_looks_like_a_time(
        text in "([0-9]{1,4}[-/. ]? ?){1,4}[T ]?([0-9]{1,2}[:.]?){0,4} ?[APapm.ZNov上午г+]{0,6}",
    ) {
        let _ = parse(text.as_bytes()).and_then(|w| w.instant(DateOrder::Auto));
    }

    #[test]
    fn every_style_reads_the_same(us in 0i64..4_000_000_000) {
        let t = Instant(us * SECOND);
        for (text, order) in styles(t) {
            let read = parse(text.as_bytes()).and_then(|w| w.instant(order));
            proptest::prop_assert_eq!(read, Some(t), "{}", text);
        }
    }

    #[test]
    fn a_zone_is_for_text_without_one(us in 0i64..4_000_000_000, east in -14i32 * 60..=840) {
        let t = Instant(us * SECOND);
        let zone = Zone::Fixed(east);
        for (text, order) in styles(t) {
            let written = parse(text.as_bytes()).unwrap();
            let shift = if written.offset.is_some() { 0 } else { i64::from(east) * MINUTE };
            let placed = written.instant_in(order, &zone).unwrap();
            proptest::prop_assert_eq!(placed.instant, Instant(t.0 - shift), "{}", text);
        }
    }
}

/// A time as cultures and scripts write it.
fn styles(t: Instant) -> Vec<(String, DateOrder)> {
    use DateOrder::{Auto, Dmy, Mdy, Ymd};
    let (y, mo, d, h, mi, sec, _) = t.civil();
    let (half, h12) = (usize::from(h >= 12), (h + 11) % 12 + 1);
    let month =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            [mo as usize - 1];
    let clock = format!("{h:02}:{mi:02}:{sec:02}");
    let twelve = format!("{h12}:{mi:02}:{sec:02}");
    let mut all = vec![
        (format!("{y:04}-{mo:02}-{d:02}T{clock}.0000000Z"), Auto),
        (format!("{y:04}-{mo:02}-{d:02} {clock} +00:00"), Ymd),
        (format!("{y:04}/{mo:02}/{d:02} {clock}"), Mdy),
        (format!("{y:04}. {mo:02}. {d:02}. {clock}"), Dmy),
        (format!("{mo:02}/{d:02}/{y:04} {clock}"), Mdy),
        (format!("{d:02}.{mo:02}.{y:04} {clock}"), Dmy),
        (format!("{d}. {mo}. {y:04} {clock}"), Dmy),
        (format!("{d:02}-{mo:02}-{y:04} {h:02}.{mi:02}.{sec:02}"), Dmy),
        (format!("{d}/{mo}/{y:04}, {clock}"), Dmy),
        (format!("{d}-{month}-{y:04} {clock}"), Auto),
        (format!("{month} {d}, {y:04} {clock}"), Auto),
    ];
    if (2000..2100).contains(&y) {
        all.push((format!("{d:02}.{mo:02}.{:02} {clock}", y % 100), Dmy));
        all.push((format!("{mo}/{d}/{:02} {clock}", y % 100), Mdy));
    }
    for halves in [["AM", "PM"], ["a.m.", "p. m."], ["vorm.", "nachm."], ["πμ", "μμ"]] {
        all.push((format!("{mo}/{d}/{y:04} {twelve} {}", halves[half]), Mdy));
    }
    for halves in [["上午", "下午"], ["오전", "오후"]] {
        all.push((format!("{y:04}/{mo}/{d} {} {twelve}", halves[half]), Dmy));
        all.push((format!("{y:04}-{mo}-{d} {twelve}{}", halves[half]), Dmy));
    }
    all
}
