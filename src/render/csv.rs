//! `tables/NAME.csv` and `rejected.csv`: UTF-8 with a byte order mark and CRLF line ends, which
//! is what spreadsheets open without asking.
//!
//! Shape: one header line with the stable column names, then one line per row. Instants are ISO
//! 8601 in UTC, shares have six digits, an unknown cell is empty (never 0). Text and identifiers
//! go through [`safety::csv_cell`]. CSV has no types: an identifier that looks like a number
//! stays as it is here.

use super::{Answer, OutputFile, safety, tables};
use crate::model::{Cell, Reject, SourceEntry, Table};
use std::io::{self, Write};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Columns of `rejected.csv`.
const REJECTED: [&str; 5] = ["source", "line", "byte", "reason", "detail"];

/// `tables/NAME.csv` for every table of the catalogue, with its header alone where it has no rows.
pub fn table_files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    tables::all(answer.report)
        .into_iter()
        .map(|t| OutputFile::new(format!("tables/{}.csv", t.name), move |out| table(&t, out)))
        .collect()
}

/// `rejected.csv`.
pub fn rejected_files(answer: Answer<'_>) -> Vec<OutputFile<'_>> {
    vec![OutputFile::new("rejected.csv", move |out| {
        let sources = &answer.report.input.sources;
        rejected(sources, answer.rejects, answer.rejects_omitted, out)
    })]
}

/// Writes one table.
pub fn table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = open(out)?;
    csv.write_record(table.columns.iter().map(|c| safety::csv_cell(c.name).into_owned()))?;
    for row in &table.rows {
        for cell in row {
            match cell {
                Cell::Text(text) => csv.write_field(safety::csv_cell(text).as_bytes())?,
                Cell::Count(n) => csv.write_field(n.to_string())?,
                Cell::Share(share) if share.is_finite() => {
                    csv.write_field(format!("{share:.6}"))?;
                }
                // A share that is no number is as unknown as no share.
                Cell::Null | Cell::Share(_) => csv.write_field("")?,
                Cell::Instant(at) => csv.write_field(at.rfc3339())?,
            }
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// Writes the reject ledger. `sources` is the ledger that the rejects' origins point into; if
/// `omitted` is not 0, a last line of reason `omitted` says how many rejects are not listed.
pub fn rejected(
    sources: &[SourceEntry],
    rejects: &[Reject],
    omitted: u64,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = open(out)?;
    csv.write_record(REJECTED)?;
    for reject in rejects {
        let origin = reject.origin;
        let source = sources.get(origin.input as usize).map_or("", |s| &s.path);
        let detail = reject.reason.to_string();
        csv.write_field(safety::csv_cell(source).as_bytes())?;
        csv.write_field(origin.line.to_string())?;
        csv.write_field(origin.byte.to_string())?;
        csv.write_field(reject.reason.kind())?;
        csv.write_field(safety::csv_cell(&detail).as_bytes())?;
        csv.write_record(None::<&[u8]>)?;
    }
    if omitted > 0 {
        let detail = format!("{omitted} more rejected records are counted but not listed");
        csv.write_record(["", "", "", "omitted", &detail])?;
    }
    csv.flush()
}

pub(super) fn open(out: &mut dyn Write) -> io::Result<::csv::Writer<&mut dyn Write>> {
    out.write_all(BOM)?;
    Ok(::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnKind, Instant, Origin, RejectReason};
    use crate::render::sample;

    fn column(name: &'static str, kind: ColumnKind) -> Column {
        Column { name, kind, unit: None }
    }

    fn text_of(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_kind_of_cell() {
        let t = Table {
            name: "t",
            title: "t",
            columns: vec![
                column("bucket", ColumnKind::Instant),
                column("text", ColumnKind::Text),
                column("id", ColumnKind::Id),
                column("n", ColumnKind::Count),
                column("part", ColumnKind::Share),
            ],
            rows: vec![
                vec![
                    Cell::Instant(Instant(1_794_816_842_000_000)),
                    Cell::Text("=cmd|'/c calc'!A1".into()),
                    Cell::Text("00123".into()),
                    Cell::Count(1234),
                    Cell::Share(1.0 / 3.0),
                ],
                vec![
                    Cell::Null,
                    Cell::Text("two\nlines, \"quoted\"".into()),
                    Cell::Null,
                    Cell::Count(0),
                    Cell::Share(f64::NAN),
                ],
            ],
        };
        assert_eq!(
            text_of(|out| table(&t, out)),
            "\u{feff}bucket,text,id,n,part\r\n\
             2026-11-16T08:14:02Z,'=cmd|'/c calc'!A1,00123,1234,0.333333\r\n\
             ,\"two\nlines, \"\"quoted\"\"\",,0,\r\n"
        );
    }

    #[test]
    fn rejects_name_their_place() {
        let sources = sample::rich().input.sources;
        let rejects = vec![
            Reject {
                origin: Origin { input: 0, line: 7, byte: 1200 },
                reason: RejectReason::FieldCount { seen: 3, expected: 9 },
            },
            Reject {
                origin: Origin { input: 99, line: 8, byte: 0 },
                reason: RejectReason::Other("=SUM(A1)".into()),
            },
        ];
        let text = text_of(|out| rejected(&sources, &rejects, 3, out));
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines[0], "\u{feff}source,line,byte,reason,detail");
        assert_eq!(
            lines[1],
            format!("{},7,1200,field_count,3 fields where the header line has 9", sources[0].path)
        );
        assert_eq!(lines[2], ",8,0,other,'=SUM(A1)");
        assert_eq!(lines[3], ",,,omitted,3 more rejected records are counted but not listed");
    }
}
