//! The same records in other clothes are the same observations, for every dialect of rows: order of
//! columns, more of them, quotes, line ends, encoding, byte order mark, delimiter, preamble,
//! spelling of the names, culture of the times.

mod clothes;
mod columns;
mod export;

use clothes::{Clothes, Culture, PLAIN, clothes, latin, write};
use columns::EXPORTS;
use export::{Cell, Export, export};
use mailtriage::decode::rows::{Notes, RowDecoder};
use mailtriage::decode::{DateEvidence, Zone};
use mailtriage::detect::{self, Head};
use mailtriage::model::{ColumnRole, Detail, Encoding, Grain, RawRecord, Reject, Row};
use mailtriage::read::{ChunkReader, Sink};
use proptest::prelude::*;

/// Everything that a file says, places counted from its header line.
#[derive(Debug, Default, PartialEq)]
struct Said {
    rows: Vec<String>,
    rejects: Vec<String>,
    notes: Notes,
}

struct Decode {
    decoder: RowDecoder,
    header_lines: u64,
    said: Said,
}

impl Sink for Decode {
    fn record(&mut self, record: RawRecord<'_>) {
        let (said, lines) = (&mut self.said, self.header_lines);
        let mut take = |row: &Row<'_>, detail: Option<&Detail<'_>>| {
            let line = u64::from(row.line) - lines;
            said.rows.push(format!("{:?} {detail:?}", Row { line: line as u32, ..*row }));
        };
        if let Err(reason) = self.decoder.decode(&record, &mut take) {
            said.rejects.push(format!("{} {reason}", record.origin.line - lines));
        }
    }

    fn reject(&mut self, reject: Reject) {
        let line = reject.origin.line - self.header_lines;
        self.said.rejects.push(format!("{line} {}", reject.reason));
    }
}

struct Dates(usize, DateEvidence);

impl Sink for Dates {
    fn record(&mut self, record: RawRecord<'_>) {
        self.1.observe(record.bare(self.0));
    }
    fn reject(&mut self, _: Reject) {}
}

/// Detects, settles the dates, decodes.
fn read(bytes: &[u8], name: &str) -> Said {
    let head = Head::read(bytes, bytes.len() as u64, "export.csv").unwrap();
    let dialect = detect::detect(&head).unwrap_or_else(|miss| panic!("{miss}")).dialect;
    assert_eq!(dialect.name, name);
    let mut reader = ChunkReader::new(bytes, &dialect).unwrap();
    let splitter = reader.splitter();
    let (mut chunks, mut ends) = (Vec::new(), Vec::new());
    while let Some(chunk) = reader.next_chunk().unwrap() {
        chunks.push(chunk);
    }
    let column = dialect.column(ColumnRole::Time).unwrap();
    let mut dates = Dates(column, DateEvidence::default());
    for chunk in &chunks {
        splitter.split(chunk, 0, &mut ends, &mut dates);
    }
    let order = dates.1.settle().order;
    let decoder = RowDecoder::new(&dialect, order, &Zone::Utc).unwrap();
    let mut decode = Decode { decoder, header_lines: dialect.data_line, said: Said::default() };
    for chunk in &chunks {
        splitter.split(chunk, 0, &mut ends, &mut decode);
    }
    decode.said.notes = decode.decoder.notes;
    decode.said
}

fn same(mut export: Export, clothes: &Clothes) -> Result<(), TestCaseError> {
    let name = EXPORTS[export.number].0;
    for cell in export.records.iter_mut().flatten() {
        match cell {
            Cell::Text(text) if clothes.encoding == Encoding::Windows1252 => *text = latin(text),
            Cell::Time(micros) if clothes.culture != Culture::Fine => {
                *micros -= *micros % 1_000_000;
            }
            _ => {}
        }
    }
    let fine = if clothes.culture == Culture::Fine { Culture::Fine } else { Culture::Iso };
    let plain = read(&write(&export, &Clothes { culture: fine, ..PLAIN }), name);
    prop_assert_eq!(&plain.rejects, &Vec::<String>::new());
    prop_assert!(plain.rows.len() >= export.records.len());
    let bytes = write(&export, clothes);
    let other = read(&bytes, name);
    prop_assert_eq!(other, plain, "{:?}", String::from_utf8_lossy(&bytes));
    Ok(())
}

#[test]
fn every_dialect_of_rows_is_tried() {
    for rule in detect::rules() {
        let rows = !matches!(
            rule.grain,
            Grain::Change | Grain::Message | Grain::Headers | Grain::Document
        );
        assert_eq!(EXPORTS.iter().any(|e| e.0 == rule.name), rows, "{}", rule.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clothes_do_not_change_what_records_say(
        export in (0..EXPORTS.len()).prop_flat_map(export),
        clothes in clothes(),
    ) {
        same(export, &clothes)?;
    }

    #[test]
    fn nor_do_they_where_times_have_fractions(
        export in (0..EXPORTS.len()).prop_flat_map(export),
        clothes in clothes(),
    ) {
        same(export, &Clothes { culture: Culture::Fine, ..clothes })?;
    }
}
