//! Benches of the rooms on generated input, in bytes per second:
//! `cargo bench --no-default-features --features cli --bench rooms`.

mod traffic;

use divan::Bencher;
use divan::counter::BytesCount;
use mailtriage::decode::{DateOrder, Zone, message, rows::RowDecoder};
use mailtriage::detect::{self, Detected, Head};
use mailtriage::model::{Detail, RawRecord, Reject, Row};
use mailtriage::pipeline::{self, Options};
use mailtriage::read::{Chunk, ChunkReader, Sink, Splitter};
use std::hint::black_box;
use std::path::PathBuf;

/// Rows of the generated trace: about 4 MB.
const ROWS: u32 = 20_000;
/// Messages decoded in one go.
const MESSAGES: u32 = 500;

fn main() {
    divan::main();
}

fn head(bytes: &[u8]) -> Head {
    Head::read(bytes, bytes.len() as u64, "bench").unwrap_or_default()
}

/// What a bench cannot go on without.
fn detected(bytes: &[u8]) -> Detected {
    match detect::detect(&head(bytes)) {
        Ok(detected) => detected,
        Err(miss) => panic!("the generated trace is not recognised: {miss}"),
    }
}

fn chunks(bytes: &[u8], detected: &Detected) -> (Vec<Chunk>, Splitter) {
    let mut reader = match ChunkReader::new(bytes, &detected.dialect) {
        Ok(reader) => reader,
        Err(error) => panic!("the generated trace cannot be read: {error}"),
    };
    let mut chunks = Vec::new();
    while let Ok(Some(chunk)) = reader.next_chunk() {
        chunks.push(chunk);
    }
    (chunks, reader.splitter())
}

/// Counts records, and decodes them where it has a decoder.
struct Counter {
    decoder: Option<RowDecoder>,
    records: u64,
}

impl Sink for Counter {
    fn record(&mut self, record: RawRecord<'_>) {
        if let Some(decoder) = &mut self.decoder {
            let mut emit = |row: &Row<'_>, _: Option<&Detail<'_>>| {
                black_box(row);
            };
            self.records += u64::from(decoder.decode(&record, &mut emit).is_ok());
        } else {
            self.records += u64::from(!black_box(&record).is_empty());
        }
    }

    fn reject(&mut self, reject: Reject) {
        panic!("the generated trace is well formed: {reject:?}");
    }
}

fn split_all(chunks: &[Chunk], splitter: &Splitter, decoder: Option<RowDecoder>) {
    let mut counter = Counter { decoder, records: 0 };
    let mut ends = Vec::new();
    for chunk in chunks {
        splitter.split(chunk, 0, &mut ends, &mut counter);
    }
    assert_eq!(counter.records, u64::from(ROWS));
}

#[divan::bench]
fn detect_head(bencher: Bencher<'_, '_>) {
    let bytes = traffic::trace(ROWS);
    let head = head(&bytes);
    bencher.counter(BytesCount::new(head.bytes.len())).bench(|| detect::detect(black_box(&head)));
}

#[divan::bench]
fn cut_chunks(bencher: Bencher<'_, '_>) {
    let bytes = traffic::trace(ROWS);
    let detected = detected(&bytes);
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| chunks(black_box(&bytes), &detected).0.len());
}

#[divan::bench]
fn split_records(bencher: Bencher<'_, '_>) {
    let bytes = traffic::trace(ROWS);
    let (chunks, splitter) = chunks(&bytes, &detected(&bytes));
    bencher.counter(BytesCount::new(bytes.len())).bench(|| split_all(&chunks, &splitter, None));
}

#[divan::bench]
fn split_and_decode(bencher: Bencher<'_, '_>) {
    let bytes = traffic::trace(ROWS);
    let detected = detected(&bytes);
    let (chunks, splitter) = chunks(&bytes, &detected);
    bencher.counter(BytesCount::new(bytes.len())).bench(|| {
        let decoder = RowDecoder::new(&detected.dialect, DateOrder::Mdy, &Zone::Utc);
        split_all(&chunks, &splitter, decoder);
    });
}

#[divan::bench]
fn decode_messages(bencher: Bencher<'_, '_>) {
    let messages: Vec<Vec<u8>> = (0..MESSAGES).map(traffic::message).collect();
    let bytes: usize = messages.iter().map(Vec::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let read = messages.iter().filter(|m| message::decode(m, m.len() as u64).is_some());
        assert_eq!(read.count(), MESSAGES as usize);
    });
}

/// The whole run, from the file to the report.
#[divan::bench(args = [1, 2])]
fn analyze(bencher: Bencher<'_, '_>, jobs: usize) {
    let bytes = traffic::trace(ROWS);
    let (folder, path) = match write(&bytes) {
        Ok(written) => written,
        Err(error) => panic!("no temporary file: {error}"),
    };
    let options = Options { jobs, ..Options::default() };
    bencher.counter(BytesCount::new(bytes.len())).bench(|| {
        match pipeline::analyze(std::slice::from_ref(&path), &options, &()) {
            Ok(outcome) => assert_eq!(outcome.report.input.rows, u64::from(ROWS)),
            Err(error) => panic!("{error}"),
        }
    });
    drop(folder);
}

fn write(bytes: &[u8]) -> std::io::Result<(tempfile::TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("trace.csv");
    std::fs::write(&path, bytes)?;
    Ok((folder, path))
}
