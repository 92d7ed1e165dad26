//! The race: the lean build against DuckDB, Polars and plain Rust loops, in one alternating run.
//!
//! `cargo bench --no-default-features --features cli --bench race` generates its input once (T1: a
//! message trace; T2: an extended report; T3: message files), lets all peers of a task take turns
//! (A B C A B C ...), compares their answers, and prints medians and ratios to the first peer.
//! Options after `--`: `--only t1,t3`, `--turns N`, `--rows N`, `--texts N`, `--messages N`,
//! `--record` (writes `benches/record/<date>.md`). It needs GNU time, and Python with `duckdb` and
//! `polars` for those peers; what is missing is named and left out. All input is in the page cache.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a program to look at, not the library

mod board;
mod data;
mod peers;
#[allow(dead_code)] // shared with the benches of the rooms, which use other parts
#[path = "../traffic/mod.rs"]
mod traffic;

use board::{Board, Entrant};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const TRIAGE: &str = env!("CARGO_BIN_EXE_mailtriage");
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/race/peers.py");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/knowledge/tables/ndr_codes.csv");

struct Options {
    only: Vec<String>,
    turns: usize,
    rows: u64,
    texts: u64,
    messages: u64,
    record: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let done = match arguments.as_slice() {
        [word, peer, path] if word == "peer" => peers::run(peer, Path::new(path)),
        other => options(other).and_then(|options| race(&options)),
    };
    match done {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("race: {why}");
            ExitCode::FAILURE
        }
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        only: ["t1", "t2", "t3"].map(String::from).to_vec(),
        turns: 5,
        rows: 2_500_000,
        texts: 300_000,
        messages: 20_000,
        record: false,
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        if name == "--record" {
            options.record = true;
            continue;
        }
        let value = rest.next().ok_or_else(|| format!("{name} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{name}: no number: {value}"));
        match name.as_str() {
            "--only" => options.only = value.split(',').map(String::from).collect(),
            "--turns" => options.turns = number()?.max(1) as usize,
            "--rows" => options.rows = number()?,
            "--texts" => options.texts = number()?,
            "--messages" => options.messages = number()?,
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

fn race(options: &Options) -> Result<String, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("race");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut pages = Vec::new();
    for task in &options.only {
        let board = match task.as_str() {
            "t1" => trace(&folder, options)?,
            "t2" => texts(&folder, options)?,
            "t3" => headers(&folder, options)?,
            other => return Err(format!("no task {other}: t1, t2 or t3")),
        };
        let page = board.run(options.turns)?;
        eprintln!("{page}");
        pages.push(page);
    }
    let page = format!("{}\n{}", board::machine(), pages.join("\n"));
    if options.record {
        let date = jiff::Timestamp::now().to_string();
        let name = format!("{}.md", date.split('T').next().unwrap_or("today"));
        let record = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/record").join(name);
        std::fs::write(&record, &page).map_err(|e| format!("{}: {e}", record.display()))?;
    }
    Ok(page)
}

/// This program again, as one of its own peers.
fn own(peer: &str, path: &Path) -> Result<Vec<String>, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    Ok([&program.to_string_lossy(), "peer", peer, &path.to_string_lossy()].map(Into::into).to_vec())
}

fn python(peer: &str, path: &Path) -> Vec<String> {
    ["python3", PEERS, peer, &path.to_string_lossy(), TABLE].map(String::from).to_vec()
}

fn triage(path: &Path, words: &[&str]) -> Vec<String> {
    let (path, start) = (path.to_string_lossy().into_owned(), [TRIAGE, words[0]]);
    let all = start.into_iter().chain([path.as_str(), "--quiet"]).chain(words[1..].iter().copied());
    all.map(String::from).collect()
}

fn trace(folder: &Path, options: &Options) -> Result<Board, String> {
    let path = data::trace(folder, options.rows)?;
    let json = ["analyze", "--format", "json", "--jobs"];
    Ok(Board {
        title: format!(
            "T1: message trace, {} rows: status by day, domains, failing pairs, distinct ids; ours: everything",
            options.rows
        ),
        bytes: data::size(&path),
        entrants: vec![
            Entrant::new("DuckDB, group-bys", python("t1-duckdb", &path)),
            Entrant::new("Polars, group-bys", python("t1-polars", &path)),
            Entrant::new("csv crate, group-bys, 1 thread", own("t1-csv", &path)?),
            Entrant::new(
                "mailtriage analyze, 1 thread",
                triage(&path, &[&json[..], &["1"]].concat()),
            ),
            Entrant::new(
                "mailtriage analyze, 2 threads",
                triage(&path, &[&json[..], &["2"]].concat()),
            ),
        ],
    })
}

fn texts(folder: &Path, options: &Options) -> Result<Board, String> {
    let path = data::report(folder, options.texts)?;
    let json = ["analyze", "--format", "json", "--jobs"];
    Ok(Board {
        title: format!(
            "T2: extended report, {} rows: status code and class of every failure text; ours: everything",
            options.texts
        ),
        bytes: data::size(&path),
        entrants: vec![
            Entrant::new("DuckDB, code and class", python("t2-duckdb-class", &path)),
            Entrant::new("DuckDB, code only", python("t2-duckdb", &path)),
            Entrant::new("Polars, code only", python("t2-polars", &path)),
            Entrant::new("csv + regex, code only, 1 thread", own("t2-csv", &path)?),
            Entrant::new(
                "mailtriage analyze, 1 thread",
                triage(&path, &[&json[..], &["1"]].concat()),
            ),
            Entrant::new(
                "mailtriage analyze, 2 threads",
                triage(&path, &[&json[..], &["2"]].concat()),
            ),
        ],
    })
}

fn headers(folder: &Path, options: &Options) -> Result<Board, String> {
    let path = data::messages(folder, options.messages)?;
    Ok(Board {
        title: format!("T3: {} message files", options.messages),
        bytes: data::size(&path),
        entrants: vec![
            Entrant::new("open, read 16 KB (floor)", own("t3-floor", &path)?),
            Entrant::new("open, read whole (floor)", own("t3-whole", &path)?),
            Entrant::new("mail-parser, headers of 16 KB", own("t3-headers", &path)?),
            Entrant::new("mail-parser, whole messages", own("t3-messages", &path)?),
            Entrant::new(
                "mailtriage analyze, 1 thread",
                triage(&path, &["analyze", "--format", "json", "--jobs", "1"]),
            ),
            Entrant::new(
                "mailtriage headers jsonl, 1 thread",
                triage(&path, &["headers", "--format", "jsonl", "--jobs", "1"]),
            ),
            Entrant::new(
                "mailtriage headers csv, 1 thread",
                triage(&path, &["headers", "--format", "csv", "--jobs", "1"]),
            ),
            Entrant::new(
                "mailtriage headers table, 1 thread",
                triage(&path, &["headers", "--jobs", "1"]),
            ),
        ],
    })
}
