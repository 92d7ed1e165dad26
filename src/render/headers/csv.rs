//! One line of CSV a message: the flat keys of the JSON objects, in their order.
//!
//! UTF-8 with a byte order mark and CRLF, as spreadsheets open it. Lists become one cell: results
//! and unknown items joined by `; `, renamed copies as `key value`, remarks by their ids, other
//! gateways by product; of hops the number stands (their list is in the JSON). What the message
//! does not say is an empty cell.

use super::object;
use crate::model::Seen;
use crate::render::safety;
use serde_json::Value;
use std::io::{self, Write};

/// A table of CSV under way.
#[derive(Debug, Default)]
pub struct Csv {
    columns: Vec<String>,
}

impl Csv {
    /// Writes one message, the header line before the first.
    ///
    /// # Errors
    /// Where the writer fails.
    pub fn row(&mut self, seen: &Seen, out: &mut dyn Write) -> io::Result<()> {
        let Value::Object(map) = object(seen) else { return Ok(()) };
        if self.columns.is_empty() {
            self.columns = map.keys().filter(|key| *key != BOUNCE).cloned().collect();
            self.columns.push(BOUNCE.to_owned());
            out.write_all(b"\xef\xbb\xbf")?;
            line(&self.columns, out)?;
        }
        let cells = self.columns.iter().map(|key| map.get(key).map(|v| safe(key, v)));
        let cells: Vec<String> = cells.map(Option::unwrap_or_default).collect();
        line(&cells, out)
    }
}

/// The key that only bounces have.
const BOUNCE: &str = "bounce";

fn line(cells: &[String], out: &mut dyn Write) -> io::Result<()> {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        if cell.contains([',', '"', '\r', '\n']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// A number is no formula, whatever its sign; all else may be.
fn safe(key: &str, value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        other => safety::csv_cell(&cell(key, other)).into_owned(),
    }
}

fn cell(key: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) if key == "hops" => list.len().to_string(),
        Value::Array(list) => {
            let mut cells: Vec<String> = list.iter().map(|item| member(key, item)).collect();
            // Of several stamps of one product, or remarks of one kind, one is enough here.
            cells.dedup();
            cells.join("; ")
        }
        Value::Object(map) => {
            let pairs = map.iter().map(|(key, value)| format!("{key} {}", cell(key, value)));
            pairs.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// A member of a list: what names it.
fn member(key: &str, item: &Value) -> String {
    let names: &[&str] = match key {
        "remarks" => &["id"],
        "gateways" => &["product"],
        BOUNCE => &["recipient", "status", "cause"],
        _ => return cell("", item),
    };
    let parts = names.iter().filter_map(|name| item.get(name)).map(|value| cell("", value));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::tests::seen;
    use super::*;

    #[test]
    fn a_row_has_every_key_and_runs_no_formula() {
        let mut csv = Csv::default();
        let mut out = Vec::new();
        let mut first = seen();
        first.examined.facts.subject = Some("=HYPERLINK(\"x\")".into());
        csv.row(&first, &mut out).unwrap();
        let mut second = seen();
        second.examined.facts.bounce.clear();
        second.examined.written.stamps.scl = Some(-1);
        second.examined.facts.subject = Some("a,\"b\"\r\nc".into());
        csv.row(&second, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("\u{feff}file,network_message_id,"), "{text}");
        let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let heads = reader.headers().unwrap().clone();
        let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(&rows[0][at("subject")], "'=HYPERLINK(\"x\")");
        assert_eq!(&rows[1][at("scl")], "-1", "a number is no formula");
        assert_eq!(&rows[1][at("subject")], "a,\"b\"\r\nc");
        assert_eq!(&rows[0][at("bounce")], "gone@fabrikam.example 5.1.1 recipient_unknown");
        assert_eq!((&rows[1][at("bounce")], &rows[0][at("hops")]), ("", "1"));
        assert_eq!(&rows[0][at("untrusted")], "lang de");
        assert!(text.contains("\r\n") && text.ends_with("\r\n"));
    }
}
