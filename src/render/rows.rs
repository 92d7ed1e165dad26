//! Answers of a query: a table for people, JSON, JSON Lines, CSV.

use super::safety;
use crate::model::answer::{Rows, Value};
use serde_json::{Map, Number, Value as Json};
use std::io::{self, Write};

/// Widest column of the table for people, characters.
const WIDEST: usize = 60;

/// A table for people: columns aligned, numbers to the right, long texts cut.
///
/// # Errors
/// Where it cannot be written.
pub fn text(answer: &Rows, out: &mut impl Write) -> io::Result<()> {
    let cells: Vec<Vec<String>> = answer
        .rows
        .iter()
        .map(|row| row.iter().map(|value| cut(&safety::terminal(&plain(value)))).collect())
        .collect();
    let names: Vec<String> = answer.columns.iter().map(|n| cut(&safety::terminal(n))).collect();
    let widths: Vec<usize> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells = cells.iter().filter_map(|row| row.get(at)).map(|c| width(c));
            cells.max().unwrap_or(0).max(width(name))
        })
        .collect();
    let numeric = |at: usize| {
        let is = |row: &Vec<Value>| {
            matches!(row.get(at), Some(Value::Integer(_) | Value::Float(_) | Value::Null))
        };
        !answer.rows.is_empty() && answer.rows.iter().all(is)
    };
    let right: Vec<bool> = (0..names.len()).map(numeric).collect();
    let rule: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
    for row in [&names, &rule].into_iter().chain(&cells) {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let room = widths.get(at).copied().unwrap_or(0).saturating_sub(width(cell));
            let (before, behind) = if right.get(at) == Some(&true) { (room, 0) } else { (0, room) };
            line.push_str(if at == 0 { "" } else { "  " });
            line.extend(std::iter::repeat_n(' ', before));
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', behind));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    let n = answer.rows.len();
    writeln!(out, "({n} row{})", if n == 1 { "" } else { "s" })
}

/// An array of objects.
///
/// # Errors
/// Where it cannot be written.
pub fn json(answer: &Rows, out: &mut impl Write) -> io::Result<()> {
    let all: Vec<Json> = answer.rows.iter().map(|row| object(answer, row)).collect();
    serde_json::to_writer_pretty(&mut *out, &all)?;
    writeln!(out)
}

/// One object per line.
///
/// # Errors
/// Where it cannot be written.
pub fn jsonl(answer: &Rows, out: &mut impl Write) -> io::Result<()> {
    for row in &answer.rows {
        serde_json::to_writer(&mut *out, &object(answer, row))?;
        writeln!(out)?;
    }
    Ok(())
}

/// CSV as the tables of a report have it.
///
/// # Errors
/// Where it cannot be written.
pub fn csv(answer: &Rows, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\xef\xbb\xbf")?;
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    writer.write_record(answer.columns.iter().map(|n| safety::csv_cell(n).into_owned()))?;
    for row in &answer.rows {
        writer.write_record(row.iter().map(|value| match value {
            Value::Text(_) | Value::List(_) => safety::csv_cell(&plain(value)).into_owned(),
            value => plain(value),
        }))?;
    }
    writer.flush()
}

fn object(answer: &Rows, row: &[Value]) -> Json {
    let pairs = answer.columns.iter().zip(row);
    Json::Object(pairs.map(|(name, value)| (name.clone(), encoded(value))).collect::<Map<_, _>>())
}

fn encoded(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Text(text) => Json::String(text.clone()),
        Value::Integer(n) => Json::Number((*n).into()),
        Value::Float(x) => Number::from_f64(rounded(*x)).map_or(Json::Null, Json::Number),
        Value::Time(at) => Json::String(at.rfc3339()),
        Value::List(items) => Json::Array(items.iter().map(encoded).collect()),
    }
}

/// Six digits behind the point, as everywhere in the report.
fn rounded(x: f64) -> f64 {
    let scaled = x * 1e6;
    if scaled.is_finite() { scaled.round() / 1e6 } else { x }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(b) => b.to_string(),
        Value::Text(text) => text.clone(),
        Value::Integer(n) => n.to_string(),
        Value::Float(x) => rounded(*x).to_string(),
        Value::Time(at) => at.rfc3339(),
        Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(";"),
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn cut(text: &str) -> String {
    if width(text) <= WIDEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(WIDEST - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Instant;

    fn sample() -> Rows {
        Rows {
            columns: vec!["who".into(), "n".into(), "at".into(), "share".into()],
            rows: vec![
                vec![
                    Value::Text("=a@b\u{1b}[31m".into()),
                    Value::Integer(7),
                    Value::Time(Instant(0)),
                    Value::Float(1.0 / 3.0),
                ],
                vec![Value::Null, Value::Integer(12345), Value::Null, Value::Float(f64::NAN)],
            ],
        }
    }

    fn of(write: fn(&Rows, &mut Vec<u8>) -> io::Result<()>, rows: &Rows) -> String {
        let mut out = Vec::new();
        write(rows, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn for_people() {
        let page = of(text, &sample());
        assert!(page.contains("\\u{1b}") && !page.contains('\u{1b}'), "{page}");
        let lines: Vec<&str> = page.lines().collect();
        assert!(lines[2].contains("     7  1970-01-01T00:00:00Z  0.333333"), "{page}");
        assert_eq!(lines.last(), Some(&"(2 rows)"));
        assert_eq!(of(text, &Rows::default()).lines().last(), Some("(0 rows)"));
        let long =
            Rows { columns: vec!["x".into()], rows: vec![vec![Value::Text("y".repeat(500))]] };
        assert!(of(text, &long).lines().all(|line| line.chars().count() <= WIDEST));
    }

    #[test]
    fn for_machines() {
        let all: Json = serde_json::from_str(&of(json, &sample())).unwrap();
        assert_eq!(all[0]["share"], 0.333_333);
        assert_eq!(all[1]["who"], Json::Null);
        assert_eq!(of(jsonl, &sample()).lines().count(), 2);
        let table = of(csv, &sample());
        assert!(table.starts_with("\u{feff}who,n,at,share\r\n'=a@b"), "{table}");
        assert_eq!(of(json, &Rows::default()).trim(), "[]");
    }
}
