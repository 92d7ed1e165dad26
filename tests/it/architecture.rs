//! The import plan, held: which room may look into which, and who may name which outside crate.
//!
//! The plan is ARCHITECTURE.md's; a folder under `src/` that it does not know fails. The scanner
//! reads tokens, not lines: comments are gone, a string is one token, use trees are spread out, `super` is
//! counted up to the crate's root. A second test feeds it every form of import, so that the guard
//! is guarded.

mod scanner;

use crate::harness::{root, rust_files};
use scanner::{paths, tokens};
use std::collections::BTreeSet;
use std::path::Path;

/// `(room, rooms it may look into)`, itself aside. Rooms appear when they are needed.
const PLAN: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("knowledge", &["model"]),
    ("discover", &["model"]),
    ("detect", &["model"]),
    ("decode", &["model"]),
    ("frame", &["model"]),
    ("store", &["model"]),
    ("redact", &["model"]),
    ("check", &["model"]),
    ("render", &["model"]),
    ("read", &["model", "detect"]),
    ("fold", &["model", "knowledge"]),
    ("judge", &["model", "knowledge"]),
    ("tally", &["model"]),
    ("stats", &[]),
    ("diagnose", &["model", "tally", "knowledge", "stats"]),
    ("triage", &["model", "tally", "knowledge", "stats"]),
    ("compare", &["model", "tally", "knowledge", "stats"]),
    ("wire", &["model", "tally"]),
    ("pipeline", &["*"]),
    ("cli", &[]),
];

/// `(outside crate, the only room that names it)`.
const GUESTS: &[(&str, &str)] = &[
    ("polars", "frame"),
    ("clap", "cli"),
    ("indicatif", "cli"),
    ("rayon", "pipeline"),
    ("arrow", "wire"),
    ("rusqlite", "store"),
    ("redb", "store"),
    ("fjall", "store"),
    ("tokio", "check"),
    ("hickory_resolver", "check"),
    ("rustls", "check"),
    ("mail_auth", "check"),
];

/// What of `std::net` opens no socket.
const ADDRESSES: &[&str] = &["IpAddr", "Ipv4Addr", "Ipv6Addr", "AddrParseError"];

#[test]
fn rooms_import_only_what_the_plan_allows() {
    let src = root().join("src");
    let mut faults = Vec::new();
    let mut rooms = BTreeSet::new();
    for entry in std::fs::read_dir(&src).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            rooms.insert(name);
        } else if !matches!(name.as_str(), "lib.rs" | "main.rs") {
            faults.push(format!("src/{name}: only lib.rs and main.rs stand outside the rooms"));
        }
    }
    for room in &rooms {
        let Some((_, allowed)) = PLAN.iter().find(|(name, _)| name == room) else {
            faults.push(format!(
                "src/{room}/ is not in the plan: add it to PLAN and ARCHITECTURE.md"
            ));
            continue;
        };
        for file in rust_files(&src.join(room)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let depth = module_depth(file.strip_prefix(&src).unwrap());
            for fault in faults_of(room, allowed, depth, &text) {
                faults.push(format!("{}: {fault}", file.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(rooms.len() > 10, "the scan found only {rooms:?}");
}

#[test]
fn the_front_door_is_thin() {
    let text = std::fs::read_to_string(root().join("src/main.rs")).unwrap();
    let names: BTreeSet<String> =
        paths(&tokens(&text)).into_iter().map(|p| p.segments[0].clone()).collect();
    let expected: BTreeSet<String> = ["cli", "std"].into_iter().map(str::to_owned).collect();
    assert_eq!(names, expected, "main.rs only hands over to cli");
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert!(!lib.contains("mod cli"), "cli belongs to the binary: it sees the public API only");
}

#[test]
fn the_documented_plan_is_this_plan() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (room, allowed) in PLAN {
        let row = text
            .lines()
            .find(|l| l.starts_with(&format!("| `{room}` |")))
            .unwrap_or_else(|| panic!("ARCHITECTURE.md has no row for `{room}`"));
        let cell = row.split('|').nth(2).unwrap().trim();
        let expected = match *allowed {
            [] if *room == "cli" => "the library's public API".to_owned(),
            [] => "nothing".to_owned(),
            ["*"] => "all rooms of the library".to_owned(),
            names => names.join(", "),
        };
        assert_eq!(cell, expected, "ARCHITECTURE.md, import plan of `{room}`");
    }
}

#[test]
fn the_scanner_sees_every_form_of_import() {
    let seen =
        |depth: usize, text: &str| -> Vec<String> { faults_of("read", &["model"], depth, text) };
    let forbidden: &[(usize, &str)] = &[
        (2, "use crate::decode;"),
        (2, "use crate::decode::trace::TraceDecoder;"),
        (2, "pub use crate::decode as d;"),
        (2, "use crate::{model::Block, decode};"),
        (2, "use crate::{model::{Block, Row}, decode::{self, time}};"),
        (2, "use { std::fs, crate::decode::X };"),
        (2, "use crate::{model, {tally, stats}};"),
        (2, "fn f() -> crate::decode::X { todo!() }"),
        (2, "fn f() { let _ = crate :: decode :: f(); }"),
        (2, "macro_rules! m { () => { $crate::decode::f() } }"),
        (2, "impl From<crate::decode::Y> for X {}"),
        (2, "use crate /* model */ :: // model\n decode::f;"),
        (2, "use crate::*;"),
        (2, "use crate as root;"),
        (2, "use crate::{self as root};"),
        (2, "use super::super::decode;"),
        (2, "use super::super as root;"),
        (2, "use super::{super::decode::f, x};"),
        (2, "use self::super::super::decode;"),
        (1, "use super::decode;"),
        (1, "mod tests { use super::super::decode; }"),
        (1, "mod a { mod b { fn f() { super::super::super::decode::f() } } }"),
        (2, "use mailtriage::decode;"),
        (2, "extern crate rayon;"),
        (2, "extern crate self as me;"),
        (2, "use rayon::prelude::*;"),
        (2, "use ::rayon::join;"),
        (2, "use {rayon, csv};"),
        (2, "fn f() { rayon::join(a, b); }"),
        (2, "use std::net::TcpStream;"),
        (2, "use std::{io, net::{IpAddr, UdpSocket}};"),
        (2, "use std::net;"),
        (2, "use std::net::*;"),
        (2, "#[path = \"../decode/mod.rs\"] mod decode;"),
        (2, "include!(\"../decode/time.rs\");"),
    ];
    for (depth, text) in forbidden {
        assert!(!seen(*depth, text).is_empty(), "not seen: {text}");
    }
    let fine: &[(usize, &str)] = &[
        (2, "use crate::model::{self, Block};"),
        (2, "use crate::{model::Block, read::Chunk};"),
        (2, "// use crate::decode;\n/* crate::decode /* nested */ crate::decode */"),
        (2, "/// See [`crate::decode`].\nfn f() {}"),
        (2, "const A: &str = \"crate::decode \\\" crate::decode\";"),
        (2, "const A: &str = r#\"crate::decode \" \"#; const B: &[u8] = b\"rayon::\";"),
        (2, "const A: char = '\"'; const B: char = '\\''; fn f<'a>(x: &'a str) {}"),
        (2, "pub(crate) fn f() {} pub(in crate::read) fn g() {}"),
        (2, "use super::chunk; use super::Splitter;"),
        (3, "use super::super::chunk;"),
        (1, "mod tests { use super::*; use super::chunk; }"),
        (2, "fn f() { let rayon = 1; let arrow = rayon; }"),
        (2, "use std::net::{IpAddr, Ipv6Addr};"),
        (2, "#[cfg(test)] #[path = \"chunk_tests.rs\"] mod tests;"),
        (2, "fn f() { model::rayon::x(); include_str!(\"../x.csv\"); }"),
    ];
    for (depth, text) in fine {
        assert_eq!(seen(*depth, text), Vec::<String>::new(), "wrongly refused: {text}");
    }
    assert!(
        faults_of("cli", &[], 2, "use mailtriage::model::Report; use clap::Parser;").is_empty()
    );
    assert!(!faults_of("cli", &[], 2, "use crate::model::Report;").is_empty());
    assert!(
        faults_of("pipeline", &["*"], 1, "use crate::{decode, tally}; use rayon::join;").is_empty()
    );
    assert!(!faults_of("pipeline", &["*"], 1, "use crate::cli::Plan;").is_empty());
}

/// Modules above the file's own content: 1 for `read/mod.rs`, 2 for `read/chunk.rs`.
fn module_depth(file: &Path) -> usize {
    let parts = file.components().count();
    if file.file_name().is_some_and(|n| n == "mod.rs") { parts - 1 } else { parts }
}

fn faults_of(room: &str, allowed: &[&str], depth: usize, text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut faults = Vec::new();
    for path in paths(&tokens) {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        let (head, rest) = segments.split_first().unwrap();
        match *head {
            "crate" => faults.extend(enters(room, allowed, rest.first().copied())),
            "super" | "self" => {
                let supers = segments.iter().filter(|s| **s == "super").count();
                if supers >= depth + path.inline {
                    let target = segments.iter().find(|s| !matches!(**s, "super" | "self"));
                    faults.extend(enters(room, allowed, target.copied()));
                }
            }
            "mailtriage" if room != "cli" => {
                faults.push("names the library from outside".to_owned());
            }
            "std" | "core" if rest.first() == Some(&"net") && room != "check" => {
                if !rest.get(1).is_some_and(|name| ADDRESSES.contains(name)) {
                    faults
                        .push(format!("{} may open sockets: only check does", segments.join("::")));
                }
            }
            guest => {
                if let Some((_, owner)) = GUESTS.iter().find(|(name, _)| *name == guest)
                    && *owner != room
                {
                    faults.push(format!("names {guest}: only {owner} does"));
                }
            }
        }
    }
    for at in 0..tokens.len() {
        let words: Vec<&str> = tokens[at..].iter().take(5).map(String::as_str).collect();
        match words.as_slice() {
            ["extern", "crate", ..] => {
                faults.push("extern crate hides where names come from".into());
            }
            ["#", "[", "path", "=", file] if file.contains(['/', '\\']) => {
                faults.push(format!("#[path = {file}] goes round the plan"));
            }
            ["include", "!", ..] => faults.push("include! goes round the plan".into()),
            _ => {}
        }
    }
    faults
}

/// The fault, if any, of looking from `room` into what stands at the crate's root.
fn enters(room: &str, allowed: &[&str], target: Option<&str>) -> Option<String> {
    match target {
        None | Some("self" | "*") => Some("takes the whole crate: name the room".to_owned()),
        Some(other) if other == room || allowed.contains(&other) => None,
        Some(other) if allowed == ["*"] && other != "cli" => None,
        Some(other) => Some(format!("{room} must not import {other}")),
    }
}
