//! The same text in any encoding is the same records, and places are those of the file.

use super::ChunkReader;
use super::laws::{Seen, bytes_in_chunks, dialect};
use crate::model::{Dialect, Encoding, RejectReason};
use proptest::prelude::*;
use std::io::{self, Read};

const MARK: char = '\u{feff}';

/// The text in an encoding, and its dialect.
fn written(text: &str, encoding: Encoding, marked: bool) -> (Vec<u8>, Dialect) {
    let turn = |text: &str| -> Vec<u8> {
        match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => text.as_bytes().to_vec(),
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => text.chars().map(|c| c as u8).collect(),
        }
    };
    let mut dialect = dialect(text, b',');
    let mut bytes = if marked { turn(&MARK.to_string()) } else { Vec::new() };
    let start = bytes.len() + turn(&text[..dialect.data_start as usize]).len();
    bytes.extend(turn(text));
    (dialect.encoding, dialect.data_start) = (encoding, start as u64);
    (bytes, dialect)
}

const FORMS: &[(Encoding, bool)] = &[
    (Encoding::Utf8Bom, true),
    (Encoding::Utf16Le, false),
    (Encoding::Utf16Le, true),
    (Encoding::Utf16Be, false),
    (Encoding::Utf16Be, true),
];

/// What does not depend on the encoding.
type Lines = (Vec<(u64, Vec<Vec<u8>>)>, Vec<(u64, RejectReason)>);

fn lines(seen: &Seen) -> Lines {
    (
        seen.records.iter().map(|(line, _, cells)| (*line, cells.clone())).collect(),
        seen.rejects.iter().map(|(line, _, reason)| (*line, reason.clone())).collect(),
    )
}

/// The text from each place on, as far as the file goes, is the text from that line on.
fn places_are_true(text: &str, bytes: &[u8], encoding: Encoding, seen: &Seen) {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let places =
        (seen.records.iter().map(|r| (r.0, r.1))).chain(seen.rejects.iter().map(|r| (r.0, r.1)));
    for (line, byte) in places {
        let here = encoding.decode(&bytes[byte as usize..]);
        assert_eq!(here, &text.as_bytes()[starts[line as usize - 1]..], "line {line}");
    }
}

fn same_everywhere(text: &str, limit: usize, size: usize, forms: &[(Encoding, bool)]) {
    let (plain, plain_split) =
        bytes_in_chunks(text.as_bytes(), &dialect(text, b','), limit, 1 << 16);
    for &(encoding, marked) in forms {
        let (bytes, dialect) = written(text, encoding, marked);
        let (seen, split) = bytes_in_chunks(&bytes, &dialect, limit, size);
        assert_eq!((lines(&seen), split), (lines(&plain), plain_split), "{encoding:?}");
        places_are_true(text, &bytes, encoding, &seen);
    }
}

#[test]
fn appended_files() {
    let text = format!(
        "id,näme,c\r\n1,2,3\r\n{MARK}id,näme,C\r\n{MARK}\"id\",\"näme\",\"c\"\r\n\
         {MARK}\"id\",näme,c\r\n{MARK}#TYPE x\r\n4,\"ü\n\u{1F600}\",6\r\n1,2\r\n7,8,9"
    );
    same_everywhere(&text, 1000, 50, FORMS);
    let (bytes, dialect) = written(&text, Encoding::Utf16Le, true);
    let (seen, split) = bytes_in_chunks(&bytes, &dialect, 1000, 50);
    assert_eq!((seen.records.len(), seen.rejects.len(), split.repeated_headers), (3, 1, 4));
}

#[test]
fn damage_is_no_error() {
    let (mut bytes, dialect) = written("a,b\n1,x\n2,y", Encoding::Utf16Le, false);
    // A lone surrogate in place of the x, and an odd last byte.
    bytes[12..14].copy_from_slice(&[0x00, 0xD8]);
    bytes.push(b'z');
    let mut reader = ChunkReader::new(&bytes[..], &dialect).unwrap();
    let chunk = reader.next_chunk().unwrap().unwrap();
    assert_eq!(chunk.bytes, "1,\u{FFFD}\n2,y\u{FFFD}".as_bytes());
    assert!(chunk.last);
}

#[test]
fn old_mac_line_ends() {
    let text = "#TYPE x\ra,b\r1,\"x\ry\"\r\r2,ü\ra,b\r3,z";
    for &(encoding, marked) in FORMS {
        let (mut bytes, mut dialect) = written(&text.replacen('\r', "\n", 2), encoding, marked);
        for byte in bytes.iter_mut().filter(|byte| **byte == b'\n') {
            *byte = b'\r';
        }
        // The preamble is two lines.
        dialect.data_start += 4 * encoding.unit();
        (dialect.data_line, dialect.width) = (2, 2);
        for size in 1..40 {
            let (seen, split) = bytes_in_chunks(&bytes, &dialect, 100, size);
            let lines: Vec<u64> = seen.records.iter().map(|record| record.0).collect();
            assert_eq!((lines, seen.rejects.len()), (vec![3, 6, 8], 0), "{encoding:?}");
            assert_eq!((&*seen.records[0].2[1], split.repeated_headers), (&b"x\ny"[..], 1));
        }
    }
}

#[test]
fn errors_name_bytes_of_the_file() {
    let (bytes, dialect) = written("a,b\n1,ü\n2,y", Encoding::Utf16Be, true);
    let total = bytes.len() as u64;
    let reader = ChunkReader::new(&bytes[..], &dialect).unwrap();
    let mut reader = reader.expect_bytes(total + 1);
    assert_eq!(reader.next_chunk().unwrap().map(|chunk| chunk.last), Some(false));
    let error = reader.next_chunk().unwrap_err().to_string();
    assert!(error.contains(&format!("byte {total} of {}", total + 1)), "{error}");
    let reader = ChunkReader::new(&bytes[..], &dialect).unwrap();
    assert!(reader.expect_bytes(total).next_chunk().is_ok());
    assert!(ChunkReader::new(&bytes[..5], &dialect).is_err());
}

/// A line without end, made as it is read.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = out.len().min(usize::try_from(self.0).unwrap());
        for (n, byte) in out[..got].iter_mut().enumerate() {
            *byte = if (self.0 - n as u64).is_multiple_of(2) { b'x' } else { 0 };
        }
        self.0 -= got as u64;
        Ok(got)
    }
}

#[test]
fn a_line_without_end_takes_no_memory() {
    let (head, dialect) = written("a,b\n1,2\n", Encoding::Utf16Le, false);
    let (tail, _) = written("\n3,4\n", Encoding::Utf16Le, false);
    let length = 64 << 20;
    let source = head.chain(Endless(length)).chain(&tail[..]);
    let mut reader =
        ChunkReader::new(source, &dialect).unwrap().with_size(1 << 12).with_limit(1 << 16);
    let mut chunks = Vec::new();
    while let Some(chunk) = reader.next_chunk().unwrap() {
        assert!(reader.held() < 1 << 19, "{}", reader.held());
        chunks.push((chunk.first_line, chunk.first_byte, chunk.too_long, chunk.bytes));
    }
    assert_eq!(
        chunks,
        [
            (2, 8, false, b"1,2\n".to_vec()),
            (3, 16, true, Vec::new()),
            (4, 16 + length + 2, false, b"3,4\n".to_vec()),
        ]
    );
}

fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1,2,3\n",
        "\"1\",\"2\",\"3\"\r\n",
        "a\",b\"c,\"\n",
        "\"",
        "\n",
        ",",
        "x",
        "\r\n",
        "\"ä\nb\",2,3\n",
        "1,\"\u{1F600}\n",
        "\",",
        ",\"",
        "\"\"",
        "a,b,c\n",
        "é",
        "\u{4EF6},\u{1F600},\n",
        "\u{feff}",
        "\0",
        "größe,und,eine längere Zeile ohne alles weitere als ein paar Umlaute\n",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| format!("a,b,c\n{}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn encodings_do_not_matter(text in pieces(), limit in 5usize..300, size in 1usize..300) {
        same_everywhere(&text, limit, size, FORMS);
    }

    #[test]
    fn nor_does_the_code_page(text in "([a-z0-9]{0,9}[\",;\n éßäöü\u{a0}\u{ff}]{0,3}){0,20}",
        size in 1usize..300,
    ) {
        let text = format!("a,b,c\n{text}");
        same_everywhere(&text, 1000, size, &[(Encoding::Windows1252, false)]);
    }
}
