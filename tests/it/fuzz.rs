//! Hostile bytes on a stable toolchain: seeds are damaged at random (from a fixed start) and given to
//! every parser. Not part of the ordinary run:
//!
//! ```text
//! MAILTRIAGE_FUZZ_SECONDS=600 cargo test --release --no-default-features --features cli --test it \
//!     fuzz -- --ignored --nocapture
//! ```

use mailtriage::decode::cells::{custom_data, data_xml, detail, latency, led, recipient_status};
use mailtriage::decode::rows::RowDecoder;
use mailtriage::decode::{DateEvidence, DateOrder, Zone, message};
use mailtriage::detect::{Head, detect};
use mailtriage::knowledge;
use mailtriage::model::{Detail, Form, RawRecord, Reject, Row};
use mailtriage::pipeline;
use mailtriage::read::{ChunkReader, Sink};
use std::path::Path;
use std::time::{Duration, Instant};

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

struct Rows(Option<RowDecoder>, u64);

impl Sink for Rows {
    fn record(&mut self, record: RawRecord<'_>) {
        self.1 += 1;
        if let Some(decoder) = &mut self.0 {
            let mut emit = |row: &Row<'_>, detail: Option<&Detail<'_>>| {
                assert!(
                    row.recipient.len() < 1 << 24 && detail.is_none_or(|d| d.event.len() < 1 << 24)
                );
            };
            let _ = decoder.decode(&record, &mut emit);
        }
    }

    fn reject(&mut self, _: Reject) {
        self.1 += 1;
    }
}

/// Any bytes as a file: the records do not depend on the size of the chunks.
fn file(bytes: &[u8]) {
    let head = Head::read(bytes, bytes.len() as u64, "fuzz").expect("memory reads");
    let Ok(found) = detect(&head) else { return };
    if found.dialect.form != Form::Csv {
        message::decode(bytes, 0);
        return;
    }
    let mut counts = Vec::new();
    for size in [97, 1 << 20] {
        let decoder = RowDecoder::new(&found.dialect, DateOrder::Mdy, &Zone::Utc);
        let mut rows = Rows(decoder, 0);
        let Ok(reader) = ChunkReader::new(bytes, &found.dialect) else { return };
        let mut reader = reader.with_size(size);
        let splitter = reader.splitter();
        let mut ends = Vec::new();
        while let Ok(Some(chunk)) = reader.next_chunk() {
            splitter.split(&chunk, 0, &mut ends, &mut rows);
        }
        counts.push(rows.1);
    }
    assert_eq!(counts[0], counts[1], "records depend on the chunk size");
}

fn cells(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for record in led::all(&text) {
        led::groups(record.reply).for_each(drop);
        led::trailer(record.reply);
    }
    for item in custom_data::items(&text) {
        custom_data::spam(&item);
        custom_data::malware(&item);
        custom_data::rule(&item);
        custom_data::policy(&item);
    }
    recipient_status::entries(&text).for_each(|entry| assert!(entry.last().len() <= text.len()));
    recipient_status::statuses(&text, 3);
    latency::segments(&text).for_each(|s| latency::walk(s.parts).for_each(drop));
    data_xml::meps(&text).for_each(drop);
    detail::parse(&text);
    let mut dates = DateEvidence::default();
    text.split([',', '\n']).take(50).for_each(|cell| dates.observe(cell.as_bytes()));
    dates.settle();
}

fn messages(bytes: &[u8]) {
    message::decode(bytes, 0);
    message::examine(bytes, 0);
}

fn dictionary(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    pipeline::explain(&text);
    knowledge::normalise(&text);
}

/// Name and parser.
type Target = (&'static str, fn(&[u8]));

const TARGETS: &[Target] =
    &[("file", file), ("cells", cells), ("messages", messages), ("dictionary", dictionary)];

fn seeds() -> Vec<Vec<u8>> {
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
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"), &mut out);
    out
}

#[test]
#[ignore = "runs as long as it is told to"]
fn hostile_bytes() {
    let seconds = std::env::var("MAILTRIAGE_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let seeds = seeds();
    for (name, target) in TARGETS {
        let mut random = Random(0x2545_F491_4F6C_DD1D);
        let (start, mut runs, mut slowest) = (Instant::now(), 0u64, Duration::ZERO);
        while start.elapsed() < Duration::from_secs(seconds.unwrap_or(5)) {
            let bytes = damaged(&seeds, &mut random);
            let begun = Instant::now();
            target(&bytes);
            slowest = slowest.max(begun.elapsed());
            runs += 1;
            assert!(begun.elapsed() < Duration::from_secs(5), "{name}: run {runs} hangs");
        }
        println!("{name}: {runs} runs, slowest {slowest:?}");
    }
}
