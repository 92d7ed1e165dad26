//! House rules that a compiler does not know: file lengths, headers, samples, names in test data.

use crate::harness::{files, root, rust_files};
use mailtriage::detect::{self, Head};
use mailtriage::model::Encoding;
use mailtriage::{diagnose, knowledge, render};
use regex::{Regex, bytes};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

/// No file is longer.
const LONGEST: usize = 700;
/// Longer files are looked at: each stands in [`REVIEWED`].
const REVIEW: usize = 400;
/// `(file, lines it may have)`. This list only shrinks.
const REVIEWED: &[(&str, usize)] = &[("src/render/json/mod.rs", 470)];

/// What stands at the top, dotfiles and tool settings aside.
const TOP: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "benches",
    "docs",
    "fuzz",
    "samples",
    "scale",
    "src",
    "tests",
];
const SETTINGS: &[&str] = &["clippy.toml", "rustfmt.toml", "deny.toml", "justfile"];

/// Domains that exist only in examples: RFC 2606, RFC 6761, and Microsoft's fictitious companies.
const INVENTED: &[&str] = &[
    "example",
    "test",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
    "contoso.com",
    "contoso.onmicrosoft.com",
    "fabrikam.com",
    "northwindtraders.com",
];

/// Hosts of services that stamps, bounces and Message-IDs name; without them a sample would not
/// be recognised for what it is. No mailbox has such an address.
const SERVICES: &[(&str, &str)] = &[
    ("prod.outlook.com", "servers of Exchange Online: Received, AuthSource, Message-ID, MTA names"),
    ("protection.outlook.com", "front ends of Exchange Online: border of trust, Received-SPF, MX"),
    ("outlook.office365.com", "the remote session that an export of Windows PowerShell names"),
    ("gmail-smtp-in.l.google.com", "Remote-MTA by which a bounce of Google is known"),
];

/// Ends of dotted words that are no domains: file names, field names of stamps, names of .NET types,
/// words of the service's replies.
const NO_DOMAIN: &[&str] = &[
    "csv",
    "eml",
    "json",
    "md",
    "from",
    "mailfrom",
    "d",
    "s",
    "i",
    "messagetrace",
    "pscustomobject",
    "psobject",
    "keyvaluepair",
    "object",
    "string",
    "type",
    "untyped",
    "context",
    "datetime",
    "exchangemessagetracedetail",
    "arraylist",
    "x509certificate2",
    "expanded",
    "recipientnotfound",
];

#[test]
fn files_are_short() {
    let mut faults = Vec::new();
    let folders = ["src", "tests", "benches", "fuzz/fuzz_targets"];
    for file in folders.iter().flat_map(|f| rust_files(&root().join(f))) {
        let name = shown(&file);
        let lines = std::fs::read_to_string(&file).unwrap().lines().count();
        let reviewed = REVIEWED.iter().find(|(n, _)| *n == name);
        match reviewed {
            _ if lines > LONGEST => faults.push(format!("{name}: {lines} lines, above {LONGEST}")),
            None if lines > REVIEW => {
                faults.push(format!("{name}: {lines} lines, above {REVIEW}: split it"));
            }
            Some((_, most)) if lines > *most => {
                faults.push(format!("{name}: {lines} lines, it had {most}: split it"));
            }
            Some(_) if lines <= REVIEW => {
                faults.push(format!("{name} is short again: take it off REVIEWED"));
            }
            _ => {}
        }
    }
    for (name, _) in REVIEWED {
        assert!(root().join(name).is_file(), "REVIEWED names {name}, which is not there");
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_room_says_what_it_is() {
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let room = entry.unwrap().path();
        if !room.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(room.join("mod.rs")).unwrap();
        assert!(text.starts_with("//! "), "{}/mod.rs begins with its header", shown(&room));
        let header: Vec<&str> =
            text.lines().map_while(|l| l.strip_prefix("//!")).map(str::trim).collect();
        let header = header.join(" ");
        for words in [["Comes in:", "In:"], ["Goes out:", "Out:"], ["eliberately absent", ""]] {
            let there = words.iter().any(|w| !w.is_empty() && header.contains(w));
            assert!(there, "{}/mod.rs: its header lacks {:?}", shown(&room), words[0]);
        }
    }
}

#[test]
fn every_dialect_has_a_sample_that_is_known_for_what_it_is() {
    let samples = files(&root().join("samples"));
    for rule in detect::rules() {
        let sample = samples.iter().find(|f| f.file_name().is_some_and(|n| n == rule.sample));
        let sample = sample.unwrap_or_else(|| {
            panic!("samples/ holds no {}, the sample of {}", rule.sample, rule.name)
        });
        let bytes = std::fs::read(sample).unwrap();
        let head = Head::read(&*bytes, bytes.len() as u64, rule.sample).unwrap();
        let detected = detect::detect(&head).unwrap();
        assert_eq!(detected.dialect.name, rule.name, "{}", sample.display());
    }
    for sample in samples {
        let bytes = std::fs::read(&sample).unwrap();
        let head = Head::read(&*bytes, bytes.len() as u64, "sample").unwrap();
        let known = detect::detect(&head);
        assert!(known.is_ok(), "{}: {known:?}: only inputs lie in samples/", sample.display());
    }
}

#[test]
fn every_naming_is_a_file_and_a_case() {
    let cases = std::fs::read_to_string(root().join("tests/it/namings.rs")).unwrap();
    for (name, _) in diagnose::NAMINGS {
        let file = format!("src/diagnose/naming/{name}.rs");
        assert!(root().join(&file).is_file(), "the naming {name} is not in {file}");
        assert!(
            cases.contains(&format!("naming: \"{name}\"")),
            "the naming {name} has no case in tests/it/namings.rs"
        );
    }
}

#[test]
fn every_output_is_in_the_documents() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for output in render::OUTPUTS {
        let word = match output.name {
            "tables" => "tables/",
            "affected" => "tables/affected.csv",
            "rejected" => "rejected.csv",
            "html" => "report.html",
            "markdown" => "report.md",
            "json" => "report.json",
            "xlsx" => "report.xlsx",
            other => panic!("say here by which file README.md names the output {other}"),
        };
        assert!(readme.contains(word), "README.md does not name {word}");
    }
}

#[test]
fn every_knowledge_table_is_listed_and_described() {
    let folder = root().join("src/knowledge/tables");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut on_disk: Vec<String> = files(&folder)
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "csv"))
        .map(|f| f.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    for table in knowledge::TABLES {
        assert!(readme.contains(table.name), "tables/README.md does not describe {}", table.name);
        on_disk.retain(|name| name != table.name);
    }
    assert!(on_disk.is_empty(), "not in TABLES: {on_disk:?}");
}

#[test]
fn every_test_file_is_compiled() {
    let main = std::fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    for entry in std::fs::read_dir(root().join("tests/it")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|e| e == "rs") && stem != "main" {
            assert!(main.contains(&format!("mod {stem};")), "main.rs does not declare {stem}");
        }
    }
}

#[test]
fn nothing_else_stands_at_the_top() {
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    for entry in std::fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = name.starts_with('.')
            || TOP.contains(&name.as_str())
            || SETTINGS.contains(&name.as_str())
            || ignored.lines().any(|l| l.trim_matches('/') == name)
            || Path::new(&name).extension().is_some_and(|e| e == "tmp");
        assert!(known, "{name} at the top: no folder or file stands there without need");
    }
}

#[test]
fn test_data_names_nobody() {
    let mut faults = Vec::new();
    let all = ["samples", "tests/data"];
    let all: Vec<PathBuf> = all.iter().flat_map(|f| files(&root().join(f))).collect();
    for file in &all {
        let mut bytes = std::fs::read(file).unwrap();
        if bytes.get(1) == Some(&0) {
            bytes = Encoding::Utf16Le.decode(&bytes).into_owned();
        }
        let text = String::from_utf8_lossy(&bytes).replace("=\r\n", "").replace("=\n", "");
        // Names of OData beside the data: no addresses.
        let text = text.replace("@odata.", "_").replace("@data.", "_");
        let mut found = strangers(&text);
        found.sort();
        found.dedup();
        faults.extend(found.into_iter().take(5).map(|f| format!("{}: {f}", shown(file))));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(all.len() > 10, "the scan found only {} files", all.len());
}

#[test]
fn strangers_are_seen() {
    for text in [
        "ann@gmail.com",
        "\"ann@mail.outlook.com\"",
        "<x@prod.outlook.com.evil.org>",
        "see https://www.microsoft.com/",
        "ANN@GMAIL.COM",
        "ip 8.8.8.8",
        "198.17.255.1;",
        "[2a01:111:f400::1]",
        "from mx.gmx.net (10.0.0.1)",
        "ann@contoso.com.de",
        "ann@notcontoso.com",
    ] {
        assert!(!strangers(text).is_empty(), "not seen: {text}");
    }
    for text in [
        "first.last@contoso.com at 12:38:15 and 2026-10-12T07:51:09.123Z",
        "a@b.example, c@sub.fabrikam.com; FR1PR01MB1.eurprd01.prod.outlook.com",
        "192.0.2.1 198.51.100.9 203.0.113.255 198.18.0.1 198.19.255.255 2001:db8:10::5%4",
        "id 15.20.9100.12, Server (version=TLS1_3), header.from=contoso.com",
        "9e943ce7-9fc8-436a-965c-08de00000005 ::: a::b report.json",
    ] {
        assert_eq!(strangers(text), Vec::<String>::new(), "wrongly refused: {text}");
    }
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    // Spelled in halves, so that this file passes, too.
    let paths =
        [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tm", "p/"), concat!("/ho", "me/")];
    let drive = bytes::Regex::new(r"\b[A-Z]:\\Users\\").unwrap();
    let ignored = ["target", "report", ".git", "node_modules"];
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        if ignored.iter().any(|i| path.file_name().is_some_and(|n| n == *i)) {
            continue;
        }
        let inside = if path.is_dir() { files(&path) } else { vec![path] };
        for file in inside.iter().filter(|f| !f.components().any(|c| c.as_os_str() == "target")) {
            let text = std::fs::read(file).unwrap();
            let names = |p: &str| memchr::memmem::find(&text, p.as_bytes()).is_some();
            if paths.iter().any(|p| names(p)) || drive.is_match(&text) {
                faults.push(shown(file));
            }
        }
    }
    assert!(faults.is_empty(), "absolute paths in {faults:?}");
}

/// Domains and addresses that may belong to somebody.
fn strangers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let dotted = Regex::new(r"(?i)[a-z0-9_](?:[a-z0-9_-]*\.)+[a-z][a-z0-9-]*").unwrap();
    for hit in dotted.find_iter(text) {
        let domain = hit.as_str().to_lowercase();
        let local_part = text[hit.end()..].starts_with('@');
        let mailbox = text[..hit.start()].ends_with('@');
        let last = domain.rsplit('.').next().unwrap();
        let within = |d: &str| domain == d || domain.ends_with(&format!(".{d}"));
        let fine = local_part
            || INVENTED.iter().any(|d| within(d))
            || SERVICES.iter().any(|(d, _)| within(d))
            || (!mailbox && NO_DOMAIN.contains(&last));
        if !fine {
            found.push(format!("{domain} is no reserved name"));
        }
    }
    let four = Regex::new(r"\d+(?:\.\d+){3,}").unwrap();
    for hit in four.find_iter(text) {
        let Ok(ip) = hit.as_str().parse::<Ipv4Addr>() else { continue };
        let fine = matches!(
            ip.octets(),
            [192, 0, 2, _]
                | [198, 51, 100, _]
                | [203, 0, 113, _]
                | [198, 18 | 19, ..]
                | [127, 0, 0, 1]
                | [255, 255, 255, 255]
        );
        if !fine {
            found.push(format!("{ip} is no documentation address"));
        }
    }
    let six = Regex::new(r"(?i)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}").unwrap();
    for hit in six.find_iter(text) {
        let Ok(ip) = hit.as_str().parse::<Ipv6Addr>() else { continue };
        let short = hit.as_str().len() < 5; // `a::b` is code
        if !short && ip.segments()[..2] != [0x2001, 0x0db8] {
            found.push(format!("{ip} is no documentation address"));
        }
    }
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
