//! The folder after an incident: every kind at once, some of it damaged, some of it hostile.

use crate::harness::{root, run_in};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Messages of the folder.
const MESSAGES: usize = 200;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Every sample, each text also cut in the middle, each also packed, and what is none of ours.
/// Returns how many files there are.
fn lay(folder: &Path) -> usize {
    let samples = root().join("samples");
    let mut paths = Vec::new();
    files(&samples, &mut paths);
    paths.sort();
    for kind in ["whole", "torn", "packed", "mail"] {
        std::fs::create_dir(folder.join(kind)).unwrap();
    }
    for path in &paths {
        let name = path.strip_prefix(&samples).unwrap().to_str().unwrap().replace('/', "-");
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(folder.join("whole").join(&name), &bytes).unwrap();
        std::fs::write(folder.join("torn").join(&name), &bytes[..bytes.len() * 2 / 3]).unwrap();
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&bytes).unwrap();
        let packed = packed.finish().unwrap();
        std::fs::write(folder.join("packed").join(name + ".gz"), packed).unwrap();
    }
    for n in 0..MESSAGES {
        let text = format!(
            "Received: from a.example by b.example; Tue, 13 Oct 2026 08:{:02}:00 +0000\r\n\
             From: ann@fabrikam.com\r\nTo: r{n}@contoso.com\r\nSubject: =cmd|' /C calc'!A0 \x1b[2J{n}\r\n\
             Date: Tue, 13 Oct 2026 08:00:00 +0000\r\nMessage-ID: <m{n}@fabrikam.com>\r\n\r\nText\r\n",
            n % 60
        );
        std::fs::write(folder.join(format!("mail/{n}.eml")), text).unwrap();
    }
    let deep = vec![b'['; 100_000];
    let junk: [(&str, &[u8]); 6] = [
        ("empty.csv", b""),
        ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
        ("noise.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing"),
        ("false.zip", b"PK\x03\x04 no archive"),
        ("deep.json", &deep),
        ("entities.xml", b"<!DOCTYPE a [<!ENTITY b \"&b;&b;\">]><feedback>&b;</feedback>"),
    ];
    for (name, bytes) in junk {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    paths.len() * 3 + MESSAGES + junk.len()
}

/// Exit code and report, without the arguments it echoes.
fn analyze(folder: &Path, more: &[&str]) -> (i32, Value) {
    let mut arguments = vec!["analyze", "in", "--format", "json", "--quiet"];
    arguments.extend(more);
    let run = run_in(folder, &arguments);
    let mut report = run.json();
    report["tool"]["arguments"].take();
    (run.code, report)
}

#[test]
fn nothing_lost_whatever_lies_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    let count = lay(&folder.path().join("in"));
    assert!(count > 300);

    let (code, report) = analyze(folder.path(), &["--jobs", "1"]);
    assert_eq!(code, 1, "some of it is refused, the rest is read");
    for more in [&["--jobs", "4"][..], &["--jobs", "2", "--memory", "64M"]] {
        let other = analyze(folder.path(), more);
        assert!((code, &report) == (other.0, &other.1), "{more:?} changes the report");
    }

    let input = &report["input"];
    let sources = input["sources"].as_array().unwrap();
    let paths: BTreeSet<_> = sources.iter().map(|s| s["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), count, "each file has one line");
    // Rows of mail are counted apart from rows of evidence beside it.
    let mail: Vec<_> = sources.iter().filter(|s| s["role"] == "mail").collect();
    for key in ["rows", "rejected"] {
        let sum: u64 = mail.iter().map(|s| s[key].as_u64().unwrap()).sum();
        assert_eq!(input[key].as_u64(), Some(sum), "{key}");
    }
    for source in sources {
        let told = !source["warnings"].as_array().unwrap().is_empty();
        assert!(!source["format"].is_null() || told, "no word on {source}");
    }
    // A packed copy says what the plain one says.
    for whole in sources.iter().filter(|s| s["path"].as_str().unwrap().starts_with("in/whole/")) {
        let path = whole["path"].as_str().unwrap().replace("whole", "packed") + ".gz";
        let packed = sources.iter().find(|s| s["path"] == path.as_str()).unwrap();
        for key in ["format", "rows", "rejected", "first", "last"] {
            assert_eq!(whole[key], packed[key], "{path}: {key}");
        }
    }
    let text = run_in(folder.path(), &["analyze", "in", "--quiet"]);
    assert!(!text.stdout.contains('\x1b'), "escapes of the input reach the terminal");
}
