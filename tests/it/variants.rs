//! The same rows in other clothes give the same diagnosis: order of columns, more of them, quotes,
//! line ends, encoding, byte order mark, delimiter, culture of the dates.

use crate::harness::{files, root, run_in};
use proptest::prelude::*;
use serde_json::Value;
use std::path::Path;
use std::sync::OnceLock;

/// How an export is written.
#[derive(Clone, Debug)]
struct Clothes {
    columns: Vec<usize>,
    more: Vec<usize>,
    quoted: bool,
    crlf: bool,
    mark: bool,
    encoding: Encoding,
    delimiter: u8,
    dates: Dates,
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

#[derive(Clone, Copy, Debug)]
enum Dates {
    Iso,
    Us,
    German,
}

fn clothes() -> impl Strategy<Value = Clothes> {
    (
        Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
        proptest::collection::vec(0usize..10, 0..3),
        any::<[bool; 3]>(),
        proptest::sample::select(vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be]),
        proptest::sample::select(vec![b',', b';', b'\t']),
        proptest::sample::select(vec![Dates::Iso, Dates::Us, Dates::German]),
    )
        .prop_map(|(columns, more, [quoted, crlf, mark], encoding, delimiter, dates)| {
            Clothes { columns, more, quoted, crlf, mark, encoding, delimiter, dates }
        })
}

/// Header and rows of the samples' earlier export, dates in ISO, and of the later one.
fn rows() -> &'static Vec<Vec<String>> {
    static ROWS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for name in ["MessageTrace.csv", "MessageTrace-earlier.csv"] {
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_path(root().join("samples").join(name))
                .unwrap();
            if rows.is_empty() {
                rows.push(reader.headers().unwrap().iter().map(str::to_owned).collect());
            }
            for record in reader.records() {
                let mut row: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
                if row.len() == 10 {
                    row[2] = iso(&row[2]);
                    rows.push(row);
                }
            }
        }
        rows
    })
}

/// `10/14/2026 11:49:47 PM` as `2026-10-14T23:49:47Z`; ISO stays.
fn iso(text: &str) -> String {
    let Some((date, time)) = text.split_once(' ') else { return text.to_owned() };
    let parts: Vec<u32> = date.split('/').map(|p| p.parse().unwrap()).collect();
    let (clock, half) = time.split_once(' ').unwrap();
    let (hour, rest) = clock.split_once(':').unwrap();
    let hour = hour.parse::<u32>().unwrap() % 12 + if half == "PM" { 12 } else { 0 };
    format!("{}-{:02}-{:02}T{hour:02}:{rest}Z", parts[2], parts[0], parts[1])
}

fn written(time: &str, dates: Dates) -> String {
    let (date, clock) = time.trim_end_matches('Z').split_once('T').unwrap();
    let (year, month_day) = date.split_once('-').unwrap();
    let (month, day) = month_day.split_once('-').unwrap();
    match dates {
        Dates::Iso => time.to_owned(),
        Dates::German => format!("{day}.{month}.{year} {clock}"),
        Dates::Us => {
            let (hour, rest) = clock.split_once(':').unwrap();
            let hour: u32 = hour.parse().unwrap();
            let half = if hour < 12 { "AM" } else { "PM" };
            let (month, day) = (month.trim_start_matches('0'), day.trim_start_matches('0'));
            format!("{month}/{day}/{year} {}:{rest} {half}", (hour + 11) % 12 + 1)
        }
    }
}

fn write(folder: &Path, clothes: &Clothes) {
    let mut out = if clothes.mark { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(clothes.delimiter)
        .terminator(if clothes.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
        .quote_style(if clothes.quoted {
            csv::QuoteStyle::Always
        } else {
            csv::QuoteStyle::Necessary
        })
        .from_writer(&mut out);
    for (n, row) in rows().iter().enumerate() {
        let mut cells: Vec<String> =
            clothes
                .columns
                .iter()
                .map(|c| {
                    if n > 0 && *c == 2 { written(&row[2], clothes.dates) } else { row[*c].clone() }
                })
                .collect();
        for (extra, at) in clothes.more.iter().enumerate() {
            let cell = if n == 0 { format!("Ticket {extra}") } else { format!("\"{n}\"; a, b") };
            cells.insert((*at).min(cells.len()), cell);
        }
        writer.write_record(&cells).unwrap();
    }
    drop(writer);
    let text = std::str::from_utf8(&out).unwrap();
    let bytes = match clothes.encoding {
        Encoding::Utf8 => out,
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    };
    std::fs::write(folder.join("export.csv"), bytes).unwrap();
}

/// What must not depend on the clothes: everything but how the input looked.
fn answer(clothes: &Clothes) -> Value {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), clothes);
    let run = run_in(folder.path(), &["analyze", "export.csv", "--format", "json"]);
    assert_eq!(run.code, 0, "{clothes:?}: {}", run.stderr);
    let mut report = run.json();
    report["tool"] = Value::Null;
    report["window"]["assumptions"] = Value::Null;
    report["input"]["bytes"] = Value::Null;
    report["input"]["sources"][0]["encoding"] = Value::Null;
    report["input"]["sources"][0]["bytes"] = Value::Null;
    report
}

/// Notepad saves a message as UTF-16 where one asks it to.
#[test]
fn messages_and_change_logs_may_be_utf16() {
    let mut answers = Vec::new();
    for wide in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let samples = root().join("samples");
        let messages = files(&samples.join("eml")).into_iter().chain(files(&samples.join("ndr")));
        let inputs =
            messages.chain([samples.join("MessageTrace.csv"), samples.join("changes.csv")]);
        for path in inputs {
            let mut bytes = std::fs::read(&path).unwrap();
            if let Some(text) = std::str::from_utf8(&bytes).ok().filter(|_| wide) {
                bytes =
                    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
            }
            std::fs::write(folder.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        let run = run_in(folder.path(), &["analyze", ".", "--format", "json"]);
        let mut report = run.json();
        report["input"]["bytes"] = Value::Null;
        let sources = report["input"]["sources"].as_array_mut().unwrap();
        assert!(sources.len() > 3);
        for source in sources {
            assert_eq!(source["encoding"] == "utf-16le", wide, "{source}");
            source["encoding"] = Value::Null;
            source["bytes"] = Value::Null;
        }
        answers.push(report);
    }
    assert_eq!(answers[0], answers[1]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clothes_make_no_difference(clothes in clothes()) {
        static PLAIN: OnceLock<Value> = OnceLock::new();
        let plain = PLAIN.get_or_init(|| {
            let plain = answer(&Clothes {
                columns: (0..10).collect(),
                more: Vec::new(),
                quoted: false,
                crlf: false,
                mark: false,
                encoding: Encoding::Utf8,
                delimiter: b',',
                dates: Dates::Iso,
            });
            assert!(plain["findings"][0]["status"] == "incident", "{}", plain["findings"]);
            plain
        });
        prop_assert_eq!(&answer(&clothes), plain);
    }
}
