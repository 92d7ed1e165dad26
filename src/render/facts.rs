//! Facts as CSV and as JSON Lines, row by row.
//!
//! CSV as the tables have it: UTF-8 with a byte order mark, CRLF, text that no spreadsheet takes
//! for a formula; instants in RFC 3339, lists joined by `;`, an unknown value empty. JSON Lines:
//! one object per line, every key in every line, unknown values null.

use super::safety;
use crate::model::fact::COLUMNS;
use crate::model::{Fact, FactValue, FactWriter, Instant};
use std::io::{self, Write};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A form of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// One JSON object per line.
    Jsonl,
    /// Apache Parquet; written by the room `frame`.
    Parquet,
}

impl Format {
    /// The form that a file's name asks for by its ending; `None` for any other ending.
    pub fn of(path: &std::path::Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Writes CSV.
pub struct Csv<W: Write> {
    out: ::csv::Writer<W>,
}

impl<W: Write> Csv<W> {
    /// Writes the header line.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(BOM)?;
        let mut out =
            ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
        out.write_record(COLUMNS.iter().map(|c| c.name)).map_err(plain)?;
        Ok(Self { out })
    }
}

impl<W: Write> FactWriter for Csv<W> {
    fn row(&mut self, fact: &Fact<'_>) -> io::Result<()> {
        for column in COLUMNS {
            let done = match (column.get)(fact) {
                FactValue::Null => self.out.write_field(""),
                FactValue::Text(text) => self.out.write_field(safety::csv_cell(&text).as_bytes()),
                FactValue::Time(at) => self.out.write_field(Instant(at).rfc3339()),
                FactValue::Integer(n) => self.out.write_field(n.to_string()),
                FactValue::List(items) => {
                    let joined = items.join(";");
                    self.out.write_field(safety::csv_cell(&joined).as_bytes())
                }
            };
            done.map_err(plain)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(plain)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The system's own error, so that a closed pipe is known as one.
fn plain(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Writes JSON Lines.
pub struct Jsonl<W: Write> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    /// There is no header line.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> FactWriter for Jsonl<W> {
    fn row(&mut self, fact: &Fact<'_>) -> io::Result<()> {
        let out = &mut self.out;
        for (at, column) in COLUMNS.iter().enumerate() {
            // The names are plain words: nothing in them needs an escape.
            write!(out, "{}\"{}\":", if at == 0 { '{' } else { ',' }, column.name)?;
            match (column.get)(fact) {
                FactValue::Null => out.write_all(b"null")?,
                FactValue::Text(text) => serde_json::to_writer(&mut *out, &*text)?,
                FactValue::Time(at) => serde_json::to_writer(&mut *out, &Instant(at).rfc3339())?,
                FactValue::Integer(n) => write!(out, "{n}")?,
                FactValue::List(items) => serde_json::to_writer(&mut *out, &items)?,
            }
        }
        out.write_all(b"}\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn awkward() -> Fact<'static> {
        Fact {
            time: 1_793_606_400_000_000,
            sender: "<>",
            recipient: "a@contoso.com",
            subject: "=cmd|' /C calc'!A0 \u{202e}\"x\", \n日本",
            rules: vec!["r1", "r2"],
            scl: Some(-1),
            source: "a.csv",
            line: 7,
            ..Fact::default()
        }
    }

    fn column(name: &str) -> usize {
        COLUMNS.iter().position(|c| c.name == name).unwrap()
    }

    #[test]
    fn comma_separated() {
        let mut bytes = Vec::new();
        let mut writer = Csv::new(&mut bytes).unwrap();
        writer.row(&awkward()).unwrap();
        writer.finish().unwrap();
        drop(writer);
        assert!(bytes.starts_with(BOM) && bytes.ends_with(b"\r\n"));
        let mut reader = ::csv::Reader::from_reader(&bytes[BOM.len()..]);
        assert_eq!(reader.headers().unwrap().len(), COLUMNS.len());
        let row = reader.records().next().unwrap().unwrap();
        assert!(row[column("subject")].starts_with("'=cmd"));
        assert_eq!(&row[column("time")], "2026-11-02T08:00:00Z");
        assert_eq!(&row[column("rules")], "r1;r2");
        assert_eq!(&row[column("scl")], "-1", "a number is no formula");
        assert_eq!(&row[column("dkim_selector")], "");
    }

    #[test]
    fn json_lines() {
        let mut bytes = Vec::new();
        let mut writer = Jsonl::new(&mut bytes);
        writer.row(&awkward()).unwrap();
        writer.row(&Fact::default()).unwrap();
        writer.finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), 2);
        let row: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(row["subject"], awkward().subject);
        assert_eq!(row["rules"], serde_json::json!(["r1", "r2"]));
        assert_eq!((&row["scl"], &row["dkim_selector"]), (&(-1).into(), &serde_json::Value::Null));
        assert_eq!(row.as_object().unwrap().len(), COLUMNS.len());
    }

    #[test]
    fn endings() {
        assert_eq!(Format::of(Path::new("a/b.CSV")), Some(Format::Csv));
        assert_eq!(Format::of(Path::new("b.ndjson")), Some(Format::Jsonl));
        assert_eq!(Format::of(Path::new("b.parquet")), Some(Format::Parquet));
        assert_eq!(Format::of(Path::new("csv")), None);
    }
}
