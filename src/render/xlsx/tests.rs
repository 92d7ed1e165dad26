use super::*;
use crate::model::Report;
use crate::render::sample;
use calamine::{Data, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

fn book(report: &Report) -> Vec<u8> {
    of(Answer::new(report))
}

fn of(answer: Answer<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(answer, &mut bytes).unwrap();
    bytes
}

/// The parts of the package, by name.
pub(in crate::render) fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let data_at = entry.data_start().unwrap() as usize;
        let packed = &bytes[data_at..data_at + entry.compressed_size() as usize];
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text).unwrap();
        parts.insert(name, text);
    }
    parts
}

fn sheets(bytes: &[u8]) -> BTreeMap<String, Vec<Vec<Data>>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = workbook.sheet_names();
    let rows = |range: calamine::Range<Data>| range.rows().map(<[Data]>::to_vec).collect();
    names.into_iter().map(|n| (n.clone(), rows(workbook.worksheet_range(&n).unwrap()))).collect()
}

/// Every part is well-formed, without a character that XML cannot hold.
fn well_formed(parts: &BTreeMap<String, String>) {
    for (name, text) in parts {
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
        let bad = text.chars().find(|c| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'));
        assert_eq!(bad, None, "{name}");
    }
}

#[test]
fn the_awkward_report_is_a_whole_workbook() {
    for (what, report) in [
        ("empty", sample::empty()),
        ("one row", sample::one_row()),
        ("rich", sample::rich()),
        ("awkward", sample::awkward()),
    ] {
        let bytes = book(&report);
        assert_eq!(bytes, book(&report), "{what}: equal reports are equal bytes");
        let parts = parts(&bytes);
        well_formed(&parts);
        let sheets = sheets(&bytes);
        for name in [
            "Summary",
            "Layers",
            "Findings",
            "Signatures",
            "Timeline",
            "Domains",
            "Connectors",
            "Authentication",
            "Stamps",
            "Totals",
            "Sources",
            "Affected",
        ] {
            assert!(sheets.contains_key(name), "{what}: no sheet {name}");
        }
        assert_eq!(
            parts.keys().filter(|n| n.starts_with("xl/tables/")).count(),
            sheets.len() - 1,
            "{what}"
        );
        let charts = parts.keys().filter(|n| n.starts_with("xl/charts/chart")).count();
        // The layers are there in every report; time and domains only where there was mail.
        let least = if report.tables.is_empty() { 2 } else { 4 };
        assert!(charts >= least, "{what}: {charts} charts");
        let cells: usize = sheets.values().flatten().map(Vec::len).sum();
        assert!(cells > 50, "{what}");
    }
}

#[test]
fn a_strangers_text_is_never_more_than_text() {
    let bytes = book(&sample::awkward());
    for (name, part) in parts(&bytes) {
        if name.starts_with("xl/worksheets/sheet") {
            // Conditional formats have <formula>; cells with formulas would have <f>.
            assert!(!part.contains("<f>") && !part.contains("<f "), "{name}: a formula");
        }
        if name.starts_with("xl/worksheets/_rels") {
            assert!(!part.contains("TargetMode=\"External\""), "{name}: a link to elsewhere");
        }
        let strange = ["alert(1)", "cmd|"].iter().any(|s| part.contains(s));
        // Charts keep the names of their bars.
        let kept = name == "xl/sharedStrings.xml" || name.starts_with("xl/charts/");
        assert!(!strange || kept, "{name} holds a stranger's text");
    }
    let texts: Vec<String> = sheets(&bytes)
        .into_values()
        .flatten()
        .flatten()
        .filter_map(|cell| match cell {
            Data::String(text) => Some(text),
            _ => None,
        })
        .collect();
    for nasty in sample::nasty() {
        let shown = crate::render::safety::workbook_cell(&nasty).into_owned();
        assert!(
            texts.contains(&shown),
            "lost or changed: {:?}",
            shown.chars().take(40).collect::<String>()
        );
    }
    assert!(texts.iter().all(|t| t.encode_utf16().count() <= crate::render::safety::CELL_LIMIT));
}

#[test]
fn numbers_and_times_are_numbers_and_times() {
    let report = sample::rich();
    let sheets = sheets(&book(&report));
    let rows = &sheets["Timeline"];
    let data = &rows[grid::HEADER as usize + 1..];
    assert_eq!(data.len(), report.tables[0].rows.len());
    // 2026-11-16, a Monday.
    let monday = matches!(&data[0][0], Data::DateTime(d) if (d.as_f64() - 46_342.0).abs() < 1e-9);
    assert!(monday, "{:?}", data[0][0]);
    assert_eq!(data[0][1], Data::Float(40.0));
    let findings = &sheets["Findings"];
    let at = |header: &str| {
        findings[grid::HEADER as usize]
            .iter()
            .position(|c| c == &Data::String(header.into()))
            .unwrap()
    };
    let first = &findings[grid::HEADER as usize + 1];
    assert_eq!(first[at("Deliveries")], Data::Float(1234.0));
    assert_eq!(first[at("Confidence")], Data::Float(0.97));
    assert_eq!(first[at("Key")], Data::String("0123456789abcdef".into()));
}

#[derive(Debug)]
struct Later;

impl Clock for Later {
    fn zone(&self) -> String {
        "Later/Zone".into()
    }

    fn shows(&self, at: Instant) -> i64 {
        at.0 + 2 * crate::model::time::HOUR
    }
}

#[test]
fn local_times_stand_beside_utc() {
    let report = sample::rich();
    let bytes = of(Answer { zone: Some(&Later), ..Answer::new(&report) });
    let rows = &sheets(&bytes)["Timeline"];
    let header = &rows[grid::HEADER as usize];
    assert_eq!(header[0], Data::String("Bucket (UTC)".into()));
    assert_eq!(header[1], Data::String("Bucket (Later/Zone)".into()));
    let day = |cell: &Data| match cell {
        Data::DateTime(d) => d.as_f64(),
        other => panic!("{other:?}"),
    };
    let row = &rows[grid::HEADER as usize + 1];
    assert!((day(&row[1]) - day(&row[0]) - 2.0 / 24.0).abs() < 1e-9);
}

#[test]
fn affected_deliveries_are_bounded_unless_all_are_asked_for() {
    let report = sample::large(1500);
    let rows = |bytes: &[u8]| {
        let sheets = sheets(bytes);
        let rows = sheets["Affected"].clone();
        let Data::String(note) = &rows[1][0] else { panic!("no note") };
        (rows.len() - grid::HEADER as usize - 1, note.clone())
    };
    let (some, note) = rows(&book(&report));
    assert_eq!(some, affected::FIRST);
    assert!(note.contains("1,000 of 1,500") && note.contains("--all-rows"), "{note}");
    let (all, note) = rows(&of(Answer { all_rows: true, ..Answer::new(&report) }));
    assert_eq!(all, 1500);
    assert!(!note.contains("--all-rows"), "{note}");
    let thinned = Report { listed_one_in: 4, ..sample::large(3) };
    let (_, note) = rows(&of(Answer { all_rows: true, ..Answer::new(&thinned) }));
    assert!(note.contains("one in 4 was kept"), "{note}");
}

#[test]
fn what_failed_is_listed_before_what_arrived() {
    use crate::model::Fate;
    let mut report = sample::large(2000);
    for affected in &mut report.findings[0].affected {
        let late = affected.line < 1500;
        affected.fate = if late { Fate::Late } else { Fate::Lost };
    }
    let sheets = sheets(&book(&report));
    let fates: Vec<&Data> = sheets["Affected"][4..].iter().map(|row| &row[1]).collect();
    let count = |word: &str| fates.iter().filter(|f| ***f == Data::String(word.into())).count();
    assert_eq!((count("lost"), count("late")), (500, 500));
}

#[test]
fn large_reports_go_row_by_row_and_are_whole() {
    let report = sample::large(100_000);
    let parts = parts(&of(Answer { all_rows: true, ..Answer::new(&report) }));
    let table = |name: &str| {
        let table = parts.values().find(|p| p.contains(&format!("displayName=\"{name}\"")));
        let (_, from) = table.unwrap().split_once(" ref=\"").unwrap();
        from.split('"').next().unwrap().to_owned()
    };
    let recipients = report.tables[2].rows.len();
    assert_eq!(table("domains"), format!("A4:G{}", 4 + 100_000 + recipients));
    assert_eq!(table("affected"), "A4:R100004");
    // Title, what a row is, and the header stand above the rows.
    let rows = |part: &String| memchr::memmem::find_iter(part.as_bytes(), "<row r=").count();
    let sheets: Vec<usize> = parts
        .iter()
        .filter(|(n, _)| n.starts_with("xl/worksheets/sheet"))
        .map(|(_, p)| rows(p))
        .collect();
    assert!(sheets.contains(&100_003) && sheets.contains(&(100_003 + recipients)), "{sheets:?}");
}
