//! What holds of reading, for any input and any chunk size.

use super::{Chunk, ChunkReader, Sink, Split};
use crate::model::{
    ColumnRole, Dialect, Encoding, Form, Grain, RawRecord, Reject, RejectReason, record::unquote,
};
use proptest::prelude::*;
use std::io::{self, Read};

/// Everything that came out, in order.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) records: Vec<(u64, u64, Vec<Vec<u8>>)>,
    pub(super) rejects: Vec<(u64, u64, RejectReason)>,
    order: Vec<u64>,
}

impl Sink for Seen {
    fn record(&mut self, record: RawRecord<'_>) {
        let mut scratch = Vec::new();
        let cells = (0..record.len()).map(|i| record.field(i, &mut scratch).to_vec()).collect();
        (self.records).push((record.origin.line, record.origin.byte, cells));
        self.order.push(record.origin.byte);
    }
    fn reject(&mut self, reject: Reject) {
        let origin = reject.origin;
        (self.rejects).push((origin.line, origin.byte, reject.reason));
        self.order.push(origin.byte);
    }
}

pub(super) fn dialect(text: &str, delimiter: u8) -> Dialect {
    let header = text.lines().next().unwrap_or("");
    Dialect {
        name: "test",
        form: Form::Csv,
        grain: Grain::Recipient,
        encoding: Encoding::Utf8,
        delimiter,
        data_start: text.find('\n').map_or(text.len(), |n| n + 1) as u64,
        data_line: 1,
        columns: [None; ColumnRole::COUNT],
        width: header.split(char::from(delimiter)).count() as u16,
        keys: Vec::new(),
    }
}

/// The definition: the splitter over the whole input in one piece.
fn whole(text: &str, delimiter: u8, limit: usize) -> (Seen, Split) {
    let dialect = dialect(text, delimiter);
    let reader = ChunkReader::new(text.as_bytes(), &dialect).unwrap();
    let chunk = Chunk {
        bytes: text.as_bytes()[dialect.data_start as usize..].to_vec(),
        first_line: 2,
        first_byte: dialect.data_start,
        last: true,
        ..Chunk::default()
    };
    let mut seen = Seen::default();
    let splitter = reader.splitter().with_limit(limit);
    let split = splitter.split(&chunk, 0, &mut Vec::new(), &mut seen);
    (seen, split)
}

/// Hands out a few bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = self.1.min(buffer.len());
        self.0.read(&mut buffer[..wanted])
    }
}

fn in_chunks(text: &str, delimiter: u8, limit: usize, size: usize) -> (Seen, Split) {
    bytes_in_chunks(text.as_bytes(), &dialect(text, delimiter), limit, size)
}

pub(super) fn bytes_in_chunks(
    bytes: &[u8],
    dialect: &Dialect,
    limit: usize,
    size: usize,
) -> (Seen, Split) {
    let mut reader = ChunkReader::new(Drip(bytes, size / 2 + 1), dialect)
        .unwrap()
        .expect_bytes(bytes.len() as u64)
        .with_size(size)
        .with_limit(limit);
    let splitter = reader.splitter();
    let (mut seen, mut sum) = (Seen::default(), Split::default());
    let (mut ends, mut over, mut count) = (Vec::new(), false, 0);
    let mut place = dialect.data_start;
    while let Some(chunk) = reader.next_chunk().unwrap() {
        assert!(!over, "a chunk after the last one");
        assert_eq!(chunk.sequence, count);
        assert_eq!(chunk.first_byte, place);
        assert!(chunk.bytes.len() <= size + 4 * limit + 8, "memory is bounded");
        assert!(chunk.too_long == chunk.bytes.is_empty());
        (over, count) = (chunk.last, count + 1);
        place = chunk.first_byte + chunk.source_bytes;
        let split = splitter.split(&chunk, 0, &mut ends, &mut seen);
        sum.records += split.records;
        sum.rejects += split.rejects;
        sum.repeated_headers += split.repeated_headers;
        reader.recycle(chunk);
    }
    assert!(over || count == 0, "the last chunk says so");
    assert_eq!(place, bytes.len() as u64);
    (seen, sum)
}

fn lines(rejects: &[(u64, u64, RejectReason)]) -> Vec<(u64, &'static str)> {
    (rejects.iter()).map(|(line, _, reason)| (*line, reason.kind())).collect()
}

#[test]
fn damage_stays_where_it_is() {
    let text = concat!(
        "a,b,c\n",                     // 1
        "1,2,3\r\n",                   // 2
        "1,2\n",                       // 3 too few
        "\"1\",\"2,\"3\"\n",           // 4 torn on its own line
        "\"1\",\"2\",\"3\n",           // 5 last quote missing
        "\"1\",\"x\ny\",\"3\"\n",      // 6, 7 good, two lines
        "  \r\n",                      // 8 blank
        "\"A\",\"B\",\"C\"\n",         // 9 header again
        "\u{feff}\"a\",\"b\",\"c\"\n", // 10 and again
        "\u{feff}#TYPE x.y\n",         // 11
        "1,\"x\ny\"\n",                // 12, 13 two lines, too few cells: one reject
        "1,\"2\n",                     // 14 stray quote, ends at 16
        "7,8,9\n",                     // 15 good
        "4,5\",6,7\n",                 // 16 too many
        "5\" disk,2,3\n",              // 17 a quote is text
        "x\",\"2\",\"3\"\n",           // 18 first quote missing
        "\"1\" ,2,\"3\"  ",            // 19 blanks behind quotes, no line end
    );
    let (seen, split) = whole(text, b',', 1000);
    let rejects = [
        (3, "field_count"),
        (4, "torn_quote"),
        (5, "torn_quote"),
        (12, "field_count"),
        (14, "field_count"),
        (16, "field_count"),
        (18, "torn_quote"),
    ];
    assert_eq!(lines(&seen.rejects), rejects);
    let good: Vec<u64> = seen.records.iter().map(|r| r.0).collect();
    assert_eq!(good, [2, 6, 15, 17, 19]);
    assert_eq!(seen.records[4].2, [b"1", b"2", b"3"]);
    assert_eq!(split.repeated_headers, 3);
    for size in 1..80 {
        assert_eq!(in_chunks(text, b',', 1000, size), whole(text, b',', 1000));
    }
}

#[test]
fn long_lines_are_skipped() {
    let long = "x".repeat(5000);
    let text = format!("a,b\n1,2\n{long}\n3,4\n\"{long}");
    for size in [1, 64, 1000, 100_000] {
        let (seen, _) = in_chunks(&text, b',', 100, size);
        assert_eq!(lines(&seen.rejects), [(3, "too_long"), (5, "too_long")]);
        assert_eq!(seen.records.len(), 2);
    }
    assert_eq!(in_chunks(&text, b',', 100, 64), whole(&text, b',', 100));
}

#[test]
fn an_open_quote_does_not_swallow_the_file() {
    let mut text = "a,b\n1,\"2\n".to_owned();
    for n in 0..5000 {
        text += &n.to_string();
        text += ",y\n";
    }
    for limit in [50, 1 << 20] {
        let (seen, _) = in_chunks(&text, b',', limit, 700);
        assert_eq!(lines(&seen.rejects), [(2, "torn_quote")]);
        assert_eq!(seen.records.len(), 5000);
        assert_eq!(
            (seen, Split { records: 5000, rejects: 1, repeated_headers: 0 }),
            whole(&text, b',', limit)
        );
    }
}

/// Every line leaves a quote open whether one was open before or not.
#[test]
fn hostile_quotes_take_linear_time() {
    let text = "a,b,c\n".to_owned() + &"a\",b\"c,\"\n".repeat(200_000);
    let (seen, _) = in_chunks(&text, b',', 1 << 20, 1 << 16);
    assert_eq!(seen.records.len() + seen.rejects.len(), 200_000);
}

#[test]
fn errors_name_the_place() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::NotFound, "gone"))
        }
    }
    let text = "a,b\n1,2\n";
    let source = text.as_bytes().chain(Broken);
    let mut reader = ChunkReader::new(source, &dialect(text, b',')).unwrap();
    // What was read before it counts.
    assert_eq!(reader.next_chunk().unwrap().map(|chunk| chunk.bytes), Some(b"1,2\n".to_vec()));
    let error = reader.next_chunk().unwrap_err().to_string();
    assert!(error.contains("byte 8") && error.contains("gone"), "{error}");
    assert!(matches!(reader.next_chunk(), Ok(None)));

    let reader = ChunkReader::new(text.as_bytes(), &dialect(text, b',')).unwrap();
    let mut reader = reader.expect_bytes(9);
    assert!(reader.next_chunk().is_ok());
    let error = reader.next_chunk().unwrap_err().to_string();
    assert!(error.contains("byte 8 of 9"), "{error}");

    assert!(ChunkReader::new(&b"a"[..], &dialect(text, b',')).is_err());
}

#[test]
fn header_only() {
    for text in ["a,b", "a,b\n", "a,b\r\n"] {
        assert_eq!(in_chunks(text, b',', 100, 64), (Seen::default(), Split::default()));
    }
}

/// A cell as text, and how writers put it down.
fn written(cell: &str, always: bool, delimiter: char) -> String {
    if always || cell.contains(['"', '\n', '\r', delimiter]) || cell.starts_with(' ') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn table(rows: &[[String; 4]], always: bool, delimiter: char, end: &str) -> String {
    let delimiters = delimiter.to_string();
    let mut text = ["id", "b", "c", "d"].join(&delimiters) + end;
    for (n, row) in rows.iter().enumerate() {
        let cells = row.iter().map(|cell| written(cell, always, delimiter));
        let cells: Vec<String> = std::iter::once(written(&n.to_string(), always, delimiter))
            .chain(cells.skip(1))
            .collect();
        text += &(cells.join(&delimiters) + end);
    }
    text
}

fn rows(cell: &'static str) -> impl Strategy<Value = Vec<[String; 4]>> {
    prop::collection::vec(prop::array::uniform4(cell), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn chunk_size_does_not_matter(
        text in "[a\",\n]{0,120}", limit in 1usize..80, size in 1usize..100
    ) {
        let text = format!("x,y\n{text}");
        prop_assert_eq!(in_chunks(&text, b',', limit, size), whole(&text, b',', limit));
    }

    #[test]
    fn nor_with_longer_pieces(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "1,2,3\n", "\"1\",\"2\",\"3\"\r\n", "a\",b\"c,\"\n", "\"", "\n", ",", "x", "\r\n",
                "\"a\nb\",2,3\n", "1,\"2\n", "\",", ",\"", "\"\"", "a,b,c\n", " ", "\"1,2\n3\",4\n",
                "1,2,\"3\n", "\u{feff}", "#TYPE a\n", "\"1\",\"2\r\n\",\"\"\"3\"\n",
                "\"a cell, and more\",\"that is longer than the blocks read at once,\",\"64 bytes\"\n",
                "\"1\",\"a line\nand another one,\r\n\"\"quoted\"\"\",\"3\"\r\n",
            ]),
            0..60,
        ),
        limit in 5usize..150,
        size in 1usize..400,
    ) {
        let text = format!("a,b,c\n{}", pieces.concat());
        prop_assert_eq!(in_chunks(&text, b',', limit, size), whole(&text, b',', limit));
    }

    #[test]
    fn order_and_lines_are_true(text in "[a\",\n]{0,120}") {
        let text = format!("x,y\n{text}");
        let (seen, _) = whole(&text, b',', 1000);
        prop_assert!(seen.order.windows(2).all(|pair| pair[0] < pair[1]));
        let places = (seen.records.iter().map(|r| (r.0, r.1)))
            .chain(seen.rejects.iter().map(|r| (r.0, r.1)));
        for (line, byte) in places {
            let before = &text[..byte as usize];
            prop_assert!(before.ends_with('\n'));
            prop_assert_eq!(before.matches('\n').count() as u64 + 1, line);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn well_formed_rows_read_as_csv_does(
        rows in rows("[a-c\",;\t\n é]{0,6}"), always: bool,
        delimiter in prop::sample::select(vec![',', ';', '\t']),
        end in prop::sample::select(vec!["\n", "\r\n"]), size in 1usize..300,
    ) {
        let text = table(&rows, always, delimiter, end);
        let (seen, _) = in_chunks(&text, delimiter as u8, 1000, size);
        prop_assert_eq!(&seen.rejects, &vec![]);
        let mut oracle = csv::ReaderBuilder::new()
            .delimiter(delimiter as u8)
            .from_reader(text.as_bytes());
        let expected: Vec<Vec<Vec<u8>>> = oracle
            .byte_records()
            .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
            .collect();
        let records: Vec<Vec<Vec<u8>>> = seen.records.into_iter().map(|r| r.2).collect();
        prop_assert_eq!(records, expected);
    }

    #[test]
    fn one_lost_quote_costs_one_record(
        rows in rows("[a-c,; é]{0,6}"), which: prop::sample::Index, quote: prop::sample::Index,
        end in prop::sample::select(vec!["\n", "\r\n"]), size in 1usize..300,
    ) {
        let text = table(&rows, true, ',', end);
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let at = 1 + which.index(rows.len());
        let quotes: Vec<usize> = lines[at].match_indices('"').map(|(n, _)| n).collect();
        lines[at].remove(quotes[quote.index(quotes.len())]);
        let (seen, _) = in_chunks(&lines.concat(), b',', 1000, size);
        let rejected: Vec<u64> = seen.rejects.iter().map(|r| r.0).collect();
        prop_assert_eq!(rejected, vec![at as u64 + 1]);
        prop_assert_eq!(seen.records.len(), rows.len() - 1);
    }

    #[test]
    fn unquoting_undoes_quoting(cell in "[a\" ,]{0,8}") {
        let raw = format!("\"{}\"", cell.replace('"', "\"\""));
        let mut scratch = Vec::new();
        prop_assert_eq!(unquote(raw.as_bytes(), &mut scratch), cell.as_bytes());
    }
}
