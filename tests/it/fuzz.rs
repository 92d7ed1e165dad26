//! Hostile bytes on a stable toolchain: seeds are damaged at random (from a fixed start) and given to
//! every parser, one test each. Not part of the ordinary run; the name of a target runs it alone:
//!
//! ```text
//! MAILTRIAGE_FUZZ_SECONDS=600 cargo test --release --no-default-features --features cli --test it \
//!     fuzz -- --ignored --nocapture
//! ```

mod depth;
mod messages;
mod parsers;
mod stamps;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds for each target where nobody says how many.
const SECONDS: u64 = 5;
/// A single run that takes longer hangs.
const HANGS: Duration = Duration::from_secs(5);

/// Tests by target: name, seeds, parser.
macro_rules! targets {
    ($($name:ident: $seeds:expr => $parser:path;)*) => {$(
        #[test]
        #[ignore = "runs as long as it is told to"]
        fn $name() {
            hammer(stringify!($name), &$seeds, $parser);
        }
    )*};
}

targets! {
    file: samples("") => parsers::file;
    cells: samples("") => parsers::cells;
    dictionary: samples("") => parsers::dictionary;
    forefront: values(stamps::FOREFRONT) => stamps::forefront;
    microsoft_antispam: values(stamps::ANTISPAM) => stamps::antispam;
    mailbox_delivery: values(stamps::MAILBOX_DELIVERY) => stamps::mailbox_delivery;
    organization: values(stamps::ORGANIZATION) => stamps::organization;
    authentication_results: values(stamps::RESULTS) => stamps::authentication_results;
    received_spf: values(stamps::RECEIVED_SPF) => stamps::received_spf;
    arc: values(stamps::ARC) => stamps::arc;
    dkim_signature: values(stamps::DKIM) => stamps::dkim_signature;
    received: values(messages::RECEIVED) => messages::received;
    pasted_blocks: values(messages::PASTED) => messages::pasted;
    bounces: samples("ndr") => messages::bounce;
    whole_message: [samples("eml"), samples("ndr")].concat() => messages::whole;
    mbox: [samples("formats"), samples("ndr")].concat() => messages::mbox;
    outlook: samples("formats") => messages::outlook;
    gateways: values(depth::GATEWAYS) => depth::gateways;
    identities: values(depth::IDENTITIES) => depth::identities;
    page: [samples("eml"), samples("ndr"), values(messages::PASTED)].concat() => messages::page;
}

#[cfg(feature = "live")]
targets! {
    signed: values(depth::SIGNED) => depth::signed;
}

/// Words of the formats, to be put in anywhere.
const WORDS: &[&str] = &[
    "\"",
    "\"\"",
    ",",
    ";",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\u{feff}",
    "##",
    "{LED=",
    "};{MSG=",
    "}]",
    "[",
    "]",
    "S:SFA=SUM|",
    "'S:",
    "|SCL=",
    "<MEP Name=\"",
    "\"/>",
    "&#x41;",
    "Received: ",
    "by ",
    "from ",
    "Authentication-Results: ",
    "dkim=",
    "=?utf-8?B?",
    "?=",
    "(",
    ")",
    "TOTAL-HUB=",
    "SRV=",
    ":",
    "-",
    "Mon, 2 Nov 2026 08:00:00 +0000",
    "2026-11-02T08:00:00.1234567Z",
    "11/2/2026 8:00:00 AM",
    "5.7.1",
    "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n",
    "\u{202f}",
    "i=1; ",
    "i=50; ",
    "cv=fail; ",
    "l=",
    "h=",
    "t=253402300799; x=253402300800; ",
    "domain of ",
    "envelope-from=\"",
    "\r\n\t",
    "\r\nReceived: from a by b; ",
    "> ",
    "\u{130}",
    "ÿ",
    "\u{10ffff}",
];

struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below.max(1)
    }
}

/// One seed, damaged.
fn damaged(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.next(seeds.len())].clone();
    for _ in 0..=random.next(6) {
        let at = random.next(bytes.len() + 1);
        let end = (at + random.next(40)).min(bytes.len());
        match random.next(7) {
            0 if at < bytes.len() => bytes[at] = random.next(256) as u8,
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                let word = WORDS[random.next(WORDS.len())].as_bytes();
                bytes.splice(at..at, word.iter().copied());
            }
            4 => {
                let other = &seeds[random.next(seeds.len())];
                let from = random.next(other.len() + 1);
                let to = (from + random.next(400)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            5 => {
                let piece = bytes[at..end].repeat(1 + random.next(300));
                bytes.splice(at..at, piece);
            }
            _ => bytes.iter_mut().skip(at).step_by(7).take(3).for_each(|b| *b ^= 0x20),
        }
    }
    bytes.truncate(1 << 20);
    bytes
}

fn values(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The samples below a folder of theirs, their beginnings.
fn samples(folder: &str) -> Vec<Vec<u8>> {
    fn walk(folder: &Path, out: &mut Vec<Vec<u8>>) {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .expect("samples")
            .map(|e| e.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                walk(&path, out);
            } else {
                let mut bytes = std::fs::read(path).expect("a sample");
                bytes.truncate(6000);
                out.push(bytes);
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(folder), &mut out);
    assert!(!out.is_empty(), "samples/{folder} is empty");
    out
}

/// Gives damaged seeds to a parser for as long as it is told to; what it dies of is shown.
fn hammer(name: &str, seeds: &[Vec<u8>], parser: fn(&[u8])) {
    let seconds = std::env::var("MAILTRIAGE_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    // Seeds as they are come first: a law that does not hold for them is no law.
    let mut whole = seeds.iter().cloned();
    let (start, mut runs, mut slowest) = (Instant::now(), 0u64, Duration::ZERO);
    while start.elapsed() < Duration::from_secs(seconds.unwrap_or(SECONDS)) {
        let bytes = whole.next().unwrap_or_else(|| damaged(seeds, &mut random));
        let begun = Instant::now();
        let done = catch_unwind(AssertUnwindSafe(|| parser(&bytes)));
        let taken = begun.elapsed();
        runs += 1;
        if done.is_err() || taken > HANGS {
            let shown = &bytes[..bytes.len().min(8192)];
            eprintln!(
                "{name}: run {runs}, {taken:?}, of {} bytes: {}",
                bytes.len(),
                shown.escape_ascii()
            );
        }
        if let Err(panic) = done {
            resume_unwind(panic);
        }
        assert!(taken < HANGS, "{name}: run {runs} hangs");
        slowest = slowest.max(taken);
    }
    eprintln!("{name}: {runs} runs, slowest {slowest:?}");
}
