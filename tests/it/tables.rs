//! The tables of a report folder: always the same files and columns, as documented.

use crate::harness::{blessing, files, root, run};
use crate::traffic::{week, write_quarantine, write_trace};
use mailtriage::model::catalogue::{TABLES, TableSpec};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// `docs/tables.md`, from the catalogue.
fn documentation() -> String {
    let mut text = "\
# Tables: `tables/*.csv`

`mailtriage analyze ... -o DIR` writes every table below into `DIR/tables/`, in every run: a table without rows is its
header alone, so that a scheduled import or a query never misses a file. Names and columns are stable; new columns are
added at the end. `report.xlsx` holds the same tables under the same names (`data_NAME` is the name of the range), `report.json`
those that have rows.

- UTF-8 with a byte order mark, CRLF, comma, quotes where needed: spreadsheets and Power Query open it without asking.
- Times are UTC, RFC 3339. Shares are parts of 1 with six digits. Unknown is empty, never 0.
- Text that a spreadsheet would take for a formula begins with `'`; a cell beyond 32,767 characters is cut and says so.
- Kinds: `text`, `id` (text that looks like a number at times: import it as text), `count`, `share`, `instant`.
- `--top` bounds the ranked tables; a scheduled import should set it high enough to have all.
- Beside them lies `rejected.csv`: one record that could not be read, with `source`, `line`, `byte`, `reason` and `detail`.
"
    .to_owned();
    for table in TABLES {
        let cell = |text: &str| text.replace('|', "\\|");
        write!(
            text,
            "\n## `{}`\n\n{}. Empty when: {}.\n\n| column | kind | unit | meaning | empty when |\n|---|---|---|---|---|\n",
            table.name, table.row, table.empty
        )
        .unwrap();
        for c in table.columns {
            let unit = c.unit.unwrap_or("");
            let (kind, meaning) = (c.kind.as_str(), cell(c.meaning));
            writeln!(text, "| `{}` | {kind} | {unit} | {meaning} | {} |", c.name, c.missing)
                .unwrap();
        }
    }
    text
}

#[test]
fn the_tables_are_documented() {
    let path = root().join("docs/tables.md");
    if blessing() {
        std::fs::write(&path, documentation()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, documentation(), "docs/tables.md differs: run with MAILTRIAGE_BLESS=1");
}

/// Runs with a report folder; its tables by name, as text.
fn tables_of(inputs: &[&str]) -> (Value, BTreeMap<String, String>) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let run = run(&[&["analyze", "-q", "-o", out.to_str().unwrap()], inputs].concat());
    assert!(run.code <= 1, "{}", run.stderr);
    let json = std::fs::read(out.join("report.json")).unwrap();
    let read = |file: &Path| {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, String::from_utf8(std::fs::read(file).unwrap()).unwrap())
    };
    let tables = files(&out.join("tables")).iter().map(|f| read(f)).collect();
    (serde_json::from_slice(&json).unwrap(), tables)
}

/// Every table is there, as the catalogue says; names of those that have rows.
fn as_documented(json: &Value, tables: &BTreeMap<String, String>) -> BTreeSet<String> {
    let names: BTreeSet<&str> = tables.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = TABLES.iter().map(|t| t.name).collect();
    assert_eq!(names, known, "files and catalogue part");
    let spec = |name: &str| TABLES.iter().find(|t| t.name == name).unwrap();
    let mut filled = BTreeSet::new();
    for (name, text) in tables {
        let text = text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("{name}: no mark"));
        assert!(text.ends_with("\r\n"), "{name}");
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let columns: Vec<&str> = spec(name).columns.iter().map(|c| c.name).collect();
        assert_eq!(header, columns, "{name}");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records() {
            let row = row.unwrap();
            never_missing(spec(name), &row);
            filled.insert(name.clone());
        }
    }
    for (name, table) in json["tables"].as_object().unwrap() {
        let columns = table["columns"].as_array().unwrap();
        let spec = spec(name);
        assert_eq!(columns.len(), spec.columns.len(), "{name}");
        for (column, known) in columns.iter().zip(spec.columns) {
            assert_eq!(column["name"], known.name, "{name}");
            assert_eq!(column["kind"], known.kind.as_str(), "{name}.{}", known.name);
            assert_eq!(column["unit"].as_str(), known.unit, "{name}.{}", known.name);
        }
    }
    filled
}

/// What is never missing is there: numbers and times of columns without a reason to be empty.
fn never_missing(spec: &TableSpec, row: &csv::StringRecord) {
    for (column, cell) in spec.columns.iter().zip(row) {
        let text = matches!(column.kind.as_str(), "text" | "id");
        assert!(
            column.missing != "never" || text || !cell.is_empty(),
            "{}.{}: {row:?}",
            spec.name,
            column.name
        );
    }
}

const FEEDBACK: &str = "From: fbl@reports.example\r\nTo: abuse@contoso.com\r\nSubject: complaint\r\n\
    Date: Mon, 12 Oct 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n\
    --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\
    Original-Mail-From: <news@contoso.com>\r\nSource-IP: 192.0.2.1\r\nReported-Domain: contoso.com\r\n\r\n\
    --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: news@contoso.com\r\nSubject: x\r\n\r\n--b--\r\n";

#[test]
fn every_run_has_every_table_as_documented() {
    let temp = tempfile::tempdir().unwrap();
    let part = |name: &str| {
        let path = temp.path().join(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    };
    let mut rows = week();
    write_trace(&part("trace"), &rows);
    rows.truncate(300);
    write_quarantine(&part("held"), &rows, |_| "Strict");
    std::fs::write(part("feedback").join("complaint.eml"), FEEDBACK).unwrap();
    write_trace(&part("feedback"), &rows);
    crate::corpus_view::fill(&part("messages"));
    let mut filled = BTreeSet::new();
    for inputs in ["trace", "held", "feedback", "messages"] {
        let (json, tables) = tables_of(&[temp.path().join(inputs).to_str().unwrap()]);
        filled.extend(as_documented(&json, &tables));
    }
    let (json, tables) = tables_of(&["samples"]);
    filled.extend(as_documented(&json, &tables));
    for table in TABLES {
        assert!(
            filled.contains(table.name),
            "{} has a row in no run: is it still written?",
            table.name
        );
    }
}
