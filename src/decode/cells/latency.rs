//! `message_info`: a start time and a tree of latencies per server.
//!
//! `<UTC start>;SRV=<host>:TOTAL-HUB=0.504|CAT=0.297(CATRS-Some Agent=0.026(X=0.022)|..)|..;SRV=..`
//! in seconds, or short authentication codes (`0cI: `), which hold no latency.

use super::text::micros;
use memchr::{memchr, memchr3};

/// Where in the service time was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// `SUB`: submission from a mailbox.
    Submission,
    /// `FE`: front end.
    FrontEnd,
    /// `HUB`: transport.
    Hub,
    /// `DEL`: delivery to a mailbox.
    Delivery,
    /// A stage of no known name, or a segment that names none.
    Other,
}

/// `(name behind TOTAL-, stage)`.
const STAGES: &[(&str, Stage)] = &[
    ("SUB", Stage::Submission),
    ("FE", Stage::FrontEnd),
    ("HUB", Stage::Hub),
    ("DEL", Stage::Delivery),
];

/// What the total of a server is called, up to its stage.
const TOTAL: &str = "TOTAL-";
/// How the name of a component that was not finished ends.
const PENDING: &str = "-PEN";

/// What one server spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The stage that the total names.
    pub stage: Stage,
    /// Host name of the server.
    pub server: &'a str,
    /// Microseconds; 0 where the segment has no total or none that is a number.
    pub total: u64,
    /// True where the total or one of its direct parts was not finished (`-PEN`) when this was
    /// written.
    pub pending: bool,
    /// What the total consists of: for [`parts`] and [`walk`].
    pub parts: &'a str,
}

/// The start time (UTC, ISO 8601) that leads the cell, as written; `None` where it has none.
pub fn start(cell: &str) -> Option<&str> {
    let cell = unwrapped(cell);
    let end = memchr(b';', cell.as_bytes()).unwrap_or(cell.len());
    let text = cell[..end].trim();
    let bytes = text.as_bytes();
    let time = (19..=33).contains(&bytes.len())
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && bytes.get(4) == Some(&b'-')
        && bytes.get(10) == Some(&b'T');
    time.then_some(text)
}

/// The servers, in the order of the cell. `LSRV=` (on-premises) is read like `SRV=`.
pub fn segments(cell: &str) -> impl Iterator<Item = Segment<'_>> {
    unwrapped(cell).split(';').filter_map(segment)
}

/// A list cell that holds semicolons may stand in single quotes.
fn unwrapped(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('\'').and_then(|c| c.strip_suffix('\'')).unwrap_or(cell)
}

fn segment(text: &str) -> Option<Segment<'_>> {
    let text = text.trim();
    let text = text.strip_prefix("SRV=").or_else(|| text.strip_prefix("LSRV="))?;
    let (server, parts) = text.split_once(':').unwrap_or((text, ""));
    let mut out =
        Segment { stage: Stage::Other, server: server.trim(), total: 0, pending: false, parts };
    let mut rest = parts;
    if let Some((total, behind)) = part(parts)
        && let Some(name) = total.name.strip_prefix(TOTAL)
    {
        let name = name.strip_suffix(PENDING).inspect(|_| out.pending = true).unwrap_or(name);
        let stage = STAGES.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        out.stage = stage.map_or(Stage::Other, |(_, stage)| *stage);
        out.total = total.micros.unwrap_or(0);
        // A total with parts in parentheses instead of behind it keeps them.
        rest = if total.nested.is_empty() { behind } else { total.nested };
        out.parts = rest;
    }
    out.pending = out.pending || self::parts(rest).any(|p| p.name.ends_with(PENDING));
    Some(out)
}

/// One component of a latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Name; it may hold blanks.
    pub name: &'a str,
    /// Microseconds; `None` where it has no number.
    pub micros: Option<u64>,
    /// What it consists of, without its parentheses: for [`parts`] again; empty where it is one.
    pub nested: &'a str,
}

/// The components of one level, in order. To see all levels of one text, [`walk`] reads it once
/// instead of once per level.
pub fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (part, behind) = part(rest)?;
        rest = behind;
        Some(part)
    })
}

/// The first component, and what follows it.
fn part(text: &str) -> Option<(Part<'_>, &str)> {
    let text = text.trim_start_matches(['|', ' ', ')']);
    if text.is_empty() {
        return None;
    }
    let (head, close) = extent(text);
    let (name, value) = text[..head].split_once('=').unwrap_or((&text[..head], ""));
    let nested = text.get(head + 1..close).unwrap_or_default();
    let behind = text.get(close..).unwrap_or_default();
    // What stands between a closing parenthesis and the next bar belongs to nothing.
    let bar = memchr(b'|', behind.as_bytes()).map_or(behind.len(), |at| at + 1);
    Some((Part { name: name.trim(), micros: micros(value), nested }, &behind[bar..]))
}

/// Where `name=value` ends, and where what is nested behind it ends.
fn extent(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let head = memchr::memchr2(b'(', b'|', bytes).unwrap_or(bytes.len());
    if bytes.get(head) != Some(&b'(') {
        return (head, head);
    }
    let mut depth = 0usize;
    for at in memchr::memchr2_iter(b'(', b')', bytes) {
        if bytes.get(at) == Some(&b'(') {
            depth += 1;
        } else if at > head {
            depth -= 1;
            if depth == 0 {
                return (head, at);
            }
        }
    }
    (head, bytes.len())
}

/// All components of all levels, in the order of the text, as `(depth, name, microseconds)`;
/// the outermost depth is 0. The text is read once, however deep it nests.
pub fn walk(text: &str) -> impl Iterator<Item = (usize, &str, Option<u64>)> {
    let mut rest = text;
    let mut depth = 0usize;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let end = memchr3(b'|', b'(', b')', rest.as_bytes()).unwrap_or(rest.len());
            let (head, level) = (&rest[..end], depth);
            match rest.as_bytes().get(end) {
                Some(b'(') => depth += 1,
                Some(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            rest = rest.get(end + 1..).unwrap_or_default();
            if let Some((name, value)) = head.split_once('=') {
                return Some((level, name.trim(), micros(value)));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: &str = "2026-03-04T05:06:07.890Z;SRV=fe1.example.net:TOTAL-FE=0.210|SMR=0.120;\
        LSRV=hub1.example.net:TOTAL-HUB=12.5|CAT=0.297(CATRS-Some Rule Agent=0.026(X-E=0.022)|\
        CATRS-Other=0,106)|D-PEN=0.011;SRV=sub1:TOTAL-SUB-PEN=1|SA=x;SRV=new:TOTAL-ARC=2;SRV=bare;x=1";

    #[test]
    fn a_whole_cell() {
        assert_eq!(start(CELL), Some("2026-03-04T05:06:07.890Z"));
        let got: Vec<_> = segments(CELL).map(|s| (s.stage, s.server, s.total, s.pending)).collect();
        let expected = [
            (Stage::FrontEnd, "fe1.example.net", 210_000, false),
            (Stage::Hub, "hub1.example.net", 12_500_000, true),
            (Stage::Submission, "sub1", 1_000_000, true),
            (Stage::Other, "new", 2_000_000, false),
            (Stage::Other, "bare", 0, false),
        ];
        assert_eq!(got, expected);
        let hub = segments(CELL).nth(1).unwrap();
        let got: Vec<_> = parts(hub.parts).map(|p| (p.name, p.micros)).collect();
        assert_eq!(got, [("CAT", Some(297_000)), ("D-PEN", Some(11_000))]);
        let inner = parts(hub.parts).next().unwrap().nested;
        let got: Vec<_> = parts(inner).map(|p| (p.name, p.micros, p.nested)).collect();
        let expected = [
            ("CATRS-Some Rule Agent", Some(26_000), "X-E=0.022"),
            ("CATRS-Other", Some(106_000), ""),
        ];
        assert_eq!(got, expected);
        let got: Vec<_> = walk(hub.parts).map(|(depth, name, _)| (depth, name)).collect();
        let expected = [
            (0, "CAT"),
            (1, "CATRS-Some Rule Agent"),
            (2, "X-E"),
            (1, "CATRS-Other"),
            (0, "D-PEN"),
        ];
        assert_eq!(got, expected);
    }

    #[test]
    fn short_codes_hold_nothing() {
        for cell in ["0cI: ", "04I: ", "11a", "", "'", ";", "SRVX=a:b=1"] {
            assert_eq!((start(cell), segments(cell).count()), (None, 0), "{cell}");
        }
        assert_eq!(start("'2026-03-04T05:06:07Z;SRV=a:TOTAL-DEL=1'"), Some("2026-03-04T05:06:07Z"));
        assert_eq!(segments("SRV=a:X=1|TOTAL-HUB=2").next().unwrap().stage, Stage::Other);
    }

    #[test]
    fn broken_nesting() {
        let names = |t: &str| parts(t).map(|p| p.name.to_owned()).collect::<Vec<_>>();
        assert_eq!(names("A=1(B=2(C=3)|D=4"), ["A"]);
        assert_eq!(
            names("A=1)|B=2)(C=3)x|D=4"),
            ["A=1)", "B=2)", "D=4"].map(|n| n[..1].to_owned())
        );
        assert_eq!(parts("A=1)").next().unwrap().micros, None);
        assert_eq!(names("||( |A"), ["", "A"].map(str::to_owned)[..1]);
    }

    #[test]
    fn hostile_texts_are_read_once() {
        for piece in ["(", ")", "|", "A=1(", "A=1(B)|", ";", ";SRV=", "SRV=a:", "=", "()"] {
            let cell = format!("SRV=x:TOTAL-HUB=1|{}", piece.repeat(60_000));
            assert!(segments(&cell).map(|s| walk(s.parts).count()).sum::<usize>() <= cell.len());
            let first = segments(&cell).next().unwrap();
            assert!(parts(first.parts).count() <= cell.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in r"([|()=;:é. ]|SRV=|TOTAL-HUB|-PEN|[0-9A]{1,2}|\PC){0,40}") {
            let _ = start(&text);
            for segment in segments(&text) {
                let flat = walk(segment.parts).count();
                proptest::prop_assert!(flat <= text.len());
                let _ = parts(segment.parts).map(|p| parts(p.nested).count()).sum::<usize>();
            }
            let _ = (parts(&text).count(), walk(&text).count());
        }

        #[test]
        fn parts_come_back(list in proptest::collection::vec(("[A-Z][A-Z -]{0,6}[A-Z]", 0u64..99_000_000, "([A-Z]=1(\\([B]=2\\))?)?"), 1..6)) {
            let text: Vec<_> = list.iter().map(|(n, m, i)| {
                let nested = if i.is_empty() { String::new() } else { format!("({i})") };
                format!("{n}={}.{:06}{nested}", m / 1_000_000, m % 1_000_000)
            }).collect();
            let got: Vec<_> = parts(&text.join("|")).map(|p| (p.name.to_owned(), p.micros.unwrap(), p.nested.to_owned())).collect();
            proptest::prop_assert_eq!(got, list);
        }
    }
}
