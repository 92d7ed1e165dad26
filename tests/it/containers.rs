//! Archives, compressed files and workbooks: read in place, and hostile ones refused by name.

#![allow(clippy::format_push_string)] // short tables

use crate::harness::{root, run_in};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const HEADER: &str = "MessageTraceId,Received,SenderAddress,RecipientAddress,Subject,Status";

fn trace(rows: u32) -> Vec<u8> {
    let mut text = format!("{HEADER}\r\n");
    for n in 0..rows {
        text.push_str(&format!(
            "5d2a7e10-0000-4000-8000-{n:012},2026-10-13T08:00:01Z,ann@fabrikam.com,\
             r{n}@contoso.com,Plan,Delivered\r\n"
        ));
    }
    text.into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A ZIP archive; members are stored as they are.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        out.start_file(*name, options).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        // Written by hand: the library refuses names that lead out.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        out.append(&header, *bytes).unwrap();
    }
    out.into_inner().unwrap()
}

/// Runs on files of these names and contents; exit code and report.
fn analyze(files: &[(&str, Vec<u8>)]) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join("in").join(name), bytes).unwrap();
    }
    in_folder(folder.path())
}

fn in_folder(folder: &Path) -> (i32, Value) {
    let run = run_in(folder, &["analyze", "in", "--format", "json", "--quiet"]);
    (run.code, run.json())
}

fn source<'a>(report: &'a Value, path: &str) -> &'a Value {
    let all = report["input"]["sources"].as_array().unwrap();
    let found = all.iter().find(|s| s["path"] == path);
    found.unwrap_or_else(|| panic!("{path} is not in the ledger: {all:#?}"))
}

fn refusal(report: &Value, path: &str) -> String {
    let source = source(report, path);
    assert!(source["format"].is_null(), "{source}");
    source["warnings"][0].as_str().unwrap().to_owned()
}

#[test]
fn one_trace_in_every_wrapping() {
    let text = trace(40);
    let inner = zip(&[("a/trace.csv", &text), ("packed.csv.gz", &gzip(&text))]);
    let zst = zstd::encode_all(text.as_slice(), 3).unwrap();
    let (code, report) = analyze(&[
        ("plain.csv", text.clone()),
        ("one.csv.gz", gzip(&text)),
        ("one.csv.zst", zst),
        ("all.zip", inner.clone()),
        ("all.tar", tar(&[("t/trace.csv", &text)])),
        ("all.tar.gz", gzip(&tar(&[("t/trace.csv", &text), ("u.csv", &text)]))),
        ("nested.zip", zip(&[("x.zip", &zip(&[("trace.csv", &text)]))])),
    ]);
    assert_eq!(code, 0, "{:#}", report["input"]["sources"]);
    for path in [
        "in/plain.csv",
        "in/one.csv.gz",
        "in/one.csv.zst",
        "in/all.zip/a/trace.csv",
        "in/all.zip/packed.csv.gz",
        "in/all.tar/t/trace.csv",
        "in/all.tar.gz/t/trace.csv",
        "in/all.tar.gz/u.csv",
        "in/nested.zip/x.zip/trace.csv",
    ] {
        let source = source(&report, path);
        assert_eq!((&source["format"], &source["rows"]), (&"messagetracev2".into(), &40.into()));
    }
    assert_eq!(source(&report, "in/all.zip")["format"], "zip");
    assert_eq!(
        (&report["input"]["deliveries"], &report["input"]["duplicates"]),
        (&40.into(), &320.into())
    );
}

#[test]
fn messages_in_archives() {
    let message = std::fs::read(root().join("samples/eml/message.eml")).unwrap();
    let wide: Vec<u8> =
        String::from_utf8_lossy(&message).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let many: Vec<(String, &[u8])> =
        (0..200).map(|n| (format!("m{n}.eml"), message.as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let (code, report) = analyze(&[
        ("mail.zip", zip(&many)),
        ("wide.tar.gz", gzip(&tar(&[("w.eml", &wide)]))),
        ("message.eml.gz", gzip(&message)),
    ]);
    assert_eq!(code, 0);
    assert_eq!(report["input"]["rows"], 202);
    assert_eq!(source(&report, "in/mail.zip/m77.eml")["format"], "eml");
    assert_eq!(source(&report, "in/wide.tar.gz/w.eml")["encoding"], "utf-16le");
}

#[test]
fn hostile_archives_cost_themselves() {
    let text = trace(40);
    let mut deep = zip(&[("trace.csv", &text)]);
    for n in 0..9 {
        deep = zip(&[(&*format!("level{n}.zip"), &deep)]);
    }
    let bomb = gzip(&vec![b'a'; 100 << 20]);
    let many: Vec<(String, &[u8])> = (0..60_000).map(|n| (n.to_string(), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let torn = zip(&[("trace.csv", &text)]);
    let mut flipped = torn.clone();
    flipped[200] ^= 1;
    let (code, report) = analyze(&[
        ("good.csv", text.clone()),
        ("deep.zip", deep),
        ("bomb.gz", bomb),
        ("many.zip", zip(&many)),
        ("torn.zip", torn[..torn.len() - 30].to_vec()),
        ("flipped.zip", flipped),
        ("cut.csv.gz", gzip(&trace(30_000))[..60_000].to_vec()),
        ("out.tar", tar(&[("../../evil.csv", &text), ("fine.csv", &text)])),
        ("out.zip", zip(&[("/etc/evil.csv", &text), ("C:\\evil.csv", &text)])),
    ]);
    assert_eq!(code, 1);
    assert_eq!(source(&report, "in/good.csv")["rows"], 40);
    assert_eq!(source(&report, "in/out.tar/fine.csv")["rows"], 40);
    for (path, words) in [
        ("in/deep.zip/level8.zip/level7.zip", "inside of 2 others"),
        ("in/many.zip", "60000 members"),
        ("in/torn.zip", "no whole ZIP"),
        ("in/out.tar/../../evil.csv", "leads out of the archive"),
        ("in/out.zip//etc/evil.csv", "leads out of the archive"),
        ("in/out.zip/C:/evil.csv", "leads out of the archive"),
    ] {
        let why = refusal(&report, path);
        assert!(why.contains(words), "{path}: {why}");
    }
    let flipped = &source(&report, "in/flipped.zip/trace.csv")["warnings"];
    assert!(flipped.to_string().contains("damaged"), "{flipped}");
    let cut = source(&report, "in/cut.csv.gz");
    assert!(cut["rows"].as_u64().unwrap() > 1000, "{cut}");
    assert!(cut["warnings"].to_string().contains("stopped early"), "{cut}");
    assert!(source(&report, "in/bomb.gz")["format"].is_null());
}

#[cfg(unix)]
#[test]
fn odd_entries_of_a_folder_have_a_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("in");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(inside.join("good.csv"), trace(3)).unwrap();
    std::os::unix::fs::symlink("nowhere.csv", inside.join("dangling.csv")).unwrap();
    std::os::unix::fs::symlink("loop.csv", inside.join("loop.csv")).unwrap();
    std::os::unix::fs::symlink("..", inside.join("up")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(inside.join("pipe")).status();
    let (code, report) = in_folder(folder.path());
    assert_eq!((code, &report["input"]["rows"]), (1, &3.into()));
    assert!(refusal(&report, "in/dangling.csv").contains("leads nowhere"));
    assert!(refusal(&report, "in/loop.csv").contains("leads nowhere"));
    assert!(refusal(&report, "in/up").contains("not followed"));
    if pipe.is_ok_and(|status| status.success()) {
        assert!(refusal(&report, "in/pipe").contains("neither a file nor a folder"));
    }
}

/// A workbook with the trace on its second sheet, times as numbers of days.
fn workbook(rows: u32) -> Vec<u8> {
    let text = |column: char, row: u32, text: &str| {
        format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let mut sheet = String::new();
    for (number, line) in String::from_utf8(trace(rows)).unwrap().lines().enumerate() {
        let row = number as u32 + 2; // a blank row above
        sheet += &format!("<row r=\"{row}\">");
        for (column, cell) in ('A'..).zip(line.split(',')) {
            sheet += &match (column, number) {
                ('B', 1..) => format!("<c r=\"B{row}\" s=\"1\"><v>46308.333344907405</v></c>"),
                _ => text(column, row, cell),
            };
        }
        sheet += "</row>";
    }
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let relations = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let worksheet =
        |data: &str| format!("<worksheet {main}><sheetData>{data}</sheetData></worksheet>");
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships {relations}><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook {main} xmlns:r=\"{kind}\"><sheets><sheet name=\"Notes\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"Trace\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships {relations}><Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r3\" Type=\"{kind}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet {main}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", worksheet("")),
        ("xl/worksheets/sheet2.xml", worksheet(&sheet)),
    ];
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    zip(&parts)
}

#[test]
fn a_workbook_is_read_sheet_by_sheet() {
    let (code, report) = analyze(&[("trace.xlsx", workbook(25))]);
    assert_eq!(code, 0, "{:#}", report["input"]["sources"]);
    assert_eq!(source(&report, "in/trace.xlsx")["format"], "xlsx");
    let sheet = source(&report, "in/trace.xlsx/Trace");
    assert_eq!((&sheet["format"], &sheet["rows"]), (&"messagetracev2".into(), &25.into()));
    assert_eq!(sheet["first"], "2026-10-13T08:00:01Z");
}

/// Takes files away when the run begins, and others when reading does.
struct Thief {
    first: std::path::PathBuf,
    later: std::path::PathBuf,
}

impl mailtriage::pipeline::Progress for Thief {
    fn start(&self, _: u64) {
        std::fs::remove_file(&self.first).unwrap();
    }
    fn advance(&self, _: u64) {
        // Messages are read when inputs are looked at, before the rows of any trace.
        let _ = std::fs::remove_file(&self.later);
    }
}

#[test]
fn files_that_vanish_leave_a_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["a.csv", "b.csv", "c.csv"] {
        std::fs::write(path(name), trace(3)).unwrap();
    }
    let mail =
        "From: ann@fabrikam.com\nTo: bo@contoso.com\nDate: Tue, 13 Oct 2026 08:00:00 +0000\n\n";
    std::fs::write(path("z.eml"), mail).unwrap();
    let thief = Thief { first: path("a.csv"), later: path("b.csv") };
    let options = mailtriage::pipeline::Options { jobs: 1, ..Default::default() };
    let paths = [folder.path().to_path_buf()];
    let report = mailtriage::pipeline::analyze(&paths, &options, &thief).unwrap().report;
    let said: Vec<(bool, u64, String)> = report
        .input
        .sources
        .iter()
        .map(|s| (s.format.is_some(), s.rows, s.warnings.join("; ")))
        .collect();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(!said[0].0 && said[0].2.contains("cannot be read"), "{said:?}");
    assert!(
        said[1].1 == 0 && said[1].2.contains("reading stopped early: No such file"),
        "{said:?}"
    );
    assert_eq!((said[2].1, said[2].2.as_str()), (3, ""));
}

#[test]
fn header_blocks_in_every_wrapping() {
    let block = "Received: from a.example by b.example; Tue, 13 Oct 2026 08:00:00 +0000\r\nFrom: \
                 ann@fabrikam.com\r\nTo: bo@contoso.com\r\nDate: Tue, 13 Oct 2026 08:00:00 \
                 +0000\r\nMessage-ID: <N@fabrikam.com>\r\nSubject: x\r\n";
    let listed = block.replace("\r\n", "\r\n         ");
    let json = serde_json::json!([
        { "Identity": "a", "Header": block.replace('N', "1") },
        { "Identity": "b", "Header": block.replace('N', "2") }
    ]);
    let (code, report) = analyze(&[
        ("headers.json", json.to_string().into_bytes()),
        ("listed.txt", format!("\r\nHeader : {}\r\n", listed.replace('N', "3")).into_bytes()),
        ("quoted.txt", format!("> {}", block.replace('N', "4").replace('\n', "\n> ")).into_bytes()),
    ]);
    assert_eq!(code, 0, "{:#}", report["input"]["sources"]);
    assert_eq!(source(&report, "in/headers.json")["rows"], 2);
    assert_eq!(report["input"]["deliveries"], 4);
}
