//! All numbers agree: `report.json` is the measure, and the workbook, the tables and the pages for
//! people say the same.

mod pages;

use crate::harness::run;
use crate::traffic::{week, write_bounce, write_trace};
use calamine::{Data, Reader, Xlsx};
use mailtriage::render;
use pages::{PAGES, missing_in};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of a table, cells by header.
type Rows = Vec<BTreeMap<String, Data>>;

/// A report folder, read back.
struct Folder {
    json: Value,
    sheets: BTreeMap<String, Rows>,
    /// Every number on the summary of the workbook.
    summary: Vec<f64>,
    tables: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// Pages for people, as far as this build writes them.
    pages: BTreeMap<&'static str, String>,
}

fn read(out: &Path) -> Folder {
    let json = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook(out.join("report.xlsx")).unwrap();
    let mut sheets = BTreeMap::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).unwrap();
        sheets.insert(name, range);
    }
    let numbers = |cell: &Data| match cell {
        Data::Float(n) => Some(*n),
        _ => None,
    };
    let summary = sheets.remove("Summary").unwrap();
    let summary = summary.used_cells().filter_map(|(_, _, cell)| numbers(cell)).collect();
    let below_header = |range: calamine::Range<Data>| -> Rows {
        // The title and what a row is stand above, then one empty row.
        let mut rows = range.rows().skip(3);
        let header: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
        rows.filter(|row| row.iter().any(|cell| *cell != Data::Empty))
            .map(|row| header.iter().cloned().zip(row.iter().cloned()).collect())
            .collect()
    };
    let mut tables = BTreeMap::new();
    for file in crate::harness::files(&out.join("tables")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows = reader.deserialize().map(Result::unwrap).collect();
        tables.insert(file.file_stem().unwrap().to_str().unwrap().to_owned(), rows);
    }
    let mut pages = BTreeMap::new();
    for (output, file, text) in PAGES {
        if render::OUTPUTS.iter().any(|o| o.name == *output) {
            pages.insert(*file, text(&std::fs::read_to_string(out.join(file)).unwrap()));
        }
    }
    let sheets = sheets.into_iter().map(|(name, range)| (name, below_header(range))).collect();
    Folder { json, sheets, summary, tables, pages }
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(n) => *n,
        other => panic!("no number: {other:?}"),
    }
}

fn text(cell: Option<&Data>) -> String {
    match cell {
        Some(Data::String(text)) => text.clone(),
        None | Some(Data::Empty) => String::new(),
        Some(other) => panic!("no text: {other:?}"),
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

/// A time of the workbook is that of the report, to the second.
fn same_time(cell: Option<&Data>, json: &Value) {
    match (cell, json.as_str()) {
        (Some(Data::DateTime(day)), Some(time)) => {
            let (y, mo, d, h, mi, s, ms) = day.to_ymd_hms_milli();
            let shown = format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}");
            assert!(time.starts_with(&shown) || ms > 500, "{shown} and {time}");
        }
        (None | Some(Data::Empty), None) => {}
        other => panic!("{other:?}"),
    }
}

impl Folder {
    fn rows(&self, pointer: &str) -> &[Value] {
        self.json.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn sheet(&self, name: &str) -> &Rows {
        self.sheets.get(name).unwrap_or_else(|| panic!("no sheet {name}"))
    }

    fn totals_agree(&self) {
        let (csv, sheet) = (&self.tables["totals"], self.sheet("Totals"));
        assert_eq!(csv.len(), sheet.len());
        let totals = &self.json["totals"];
        for (row, cells) in csv.iter().zip(sheet) {
            let (group, name) = (row["group"].as_str(), row["name"].as_str());
            let measure = match (group, name) {
                ("judgement", name) => &totals[name],
                ("input", "gaps") => &Value::from(self.rows("/input/gaps").len()),
                ("input", "bytes" | "files") => &self.json["input"][name],
                ("input", name) => &self.json["input"][name],
                (group, name) => &totals[group][name],
            };
            assert_eq!(row["count"], measure.to_string(), "{group} {name}");
            assert!(near(number(&cells["Count"]), measure.as_f64().unwrap()), "{group} {name}");
            assert_eq!(
                (text(cells.get("Group")), text(cells.get("Name"))),
                (group.into(), name.into())
            );
        }
        for key in ["failing", "held", "failing_share", "held_share"] {
            let n = totals[key].as_f64().unwrap();
            assert!(self.summary.iter().any(|shown| near(*shown, n)), "{key} on the summary");
        }
    }

    fn layers_agree(&self) {
        let layers = self.rows("/layers");
        let (csv, sheet) = (&self.tables["layers"], self.sheet("Layers"));
        assert_eq!((csv.len(), sheet.len()), (layers.len(), layers.len()));
        for ((layer, row), cells) in layers.iter().zip(csv).zip(sheet) {
            let name = layer["layer"].as_str().unwrap();
            assert_eq!((row["layer"].as_str(), text(cells.get("Layer"))), (name, name.to_owned()));
            let state = layer["state"].as_str().unwrap();
            assert_eq!(
                (row["state"].as_str(), text(cells.get("State"))),
                (state, state.to_owned())
            );
            assert_eq!(row["deliveries"], layer["deliveries"].to_string());
            assert!(near(number(&cells["Deliveries"]), layer["deliveries"].as_f64().unwrap()));
            let share = layer["share"].as_f64().unwrap();
            assert!(near(number(&cells["Share"]), share), "{name}");
            assert!(near(row["share"].parse().unwrap(), share), "{name}");
        }
    }

    fn findings_agree(&self) {
        let findings = self.rows("/findings");
        let (csv, sheet) = (&self.tables["findings"], self.sheet("Findings"));
        assert_eq!((csv.len(), sheet.len()), (findings.len(), findings.len()));
        for ((finding, row), cells) in findings.iter().zip(csv).zip(sheet) {
            let key = finding["key"].as_str().unwrap();
            assert_eq!((row["key"].as_str(), text(cells.get("Key"))), (key, key.to_owned()));
            assert_eq!(text(cells.get("ID")), finding["id"].as_str().unwrap());
            assert_eq!(text(cells.get("Finding")), finding["title"].as_str().unwrap());
            for (column, header) in [("deliveries", "Deliveries"), ("messages", "Messages")] {
                assert_eq!(row[column], finding[column].to_string(), "{key} {column}");
                assert!(near(number(&cells[header]), finding[column].as_f64().unwrap()), "{key}");
            }
            for (column, header) in [("share", "Share"), ("confidence", "Confidence")] {
                let part = finding[column].as_f64().unwrap();
                assert!(near(row[column].parse().unwrap(), part), "{key} {column}");
                assert!(near(number(&cells[header]), part), "{key} {column}");
            }
            assert_eq!(row["onset"], finding["onset"].as_str().unwrap_or(""));
            same_time(cells.get("Onset (UTC)"), &finding["onset"]);
        }
    }

    fn signatures_agree(&self) {
        let all = self.rows("/signatures");
        let sheet = self.sheet("Signatures");
        assert_eq!(sheet.len(), all.len(), "all signatures are in the workbook");
        for (signature, cells) in all.iter().zip(sheet) {
            assert_eq!(text(cells.get("Signature")), signature["signature"].as_str().unwrap());
            assert!(near(number(&cells["Deliveries"]), signature["deliveries"].as_f64().unwrap()));
        }
        for (signature, row) in all.iter().zip(&self.tables["signatures"]) {
            assert_eq!(row["deliveries"], signature["deliveries"].to_string());
        }
    }

    /// A table of the report, its CSV, and the rows of a sheet are the same, cell by cell.
    fn table_agrees(
        &self,
        name: &str,
        rows: &[&BTreeMap<String, Data>],
        header: impl Fn(&str) -> String,
    ) {
        let table = &self.json["tables"][name];
        let columns: Vec<&str> = table["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["name"].as_str().unwrap())
            .collect();
        let all = table["rows"].as_array().unwrap();
        assert_eq!((self.tables[name].len(), rows.len()), (all.len(), all.len()), "{name}");
        for ((row, csv), cells) in all.iter().zip(&self.tables[name]).zip(rows) {
            for (column, cell) in columns.iter().zip(row.as_array().unwrap()) {
                let shown = cells.get(&header(column));
                match cell {
                    Value::Number(n) => {
                        let n = n.as_f64().unwrap();
                        assert!(near(csv[*column].parse().unwrap(), n), "{name}.{column}");
                        assert!(shown.is_some_and(|c| near(number(c), n)), "{name}.{column}");
                    }
                    Value::String(word) => {
                        assert_eq!(
                            csv[*column].trim_start_matches('\''),
                            word.trim_start_matches('\'')
                        );
                        if matches!(shown, Some(Data::DateTime(_))) {
                            same_time(shown, cell);
                        } else {
                            assert_eq!(text(shown), *word, "{name}.{column}");
                        }
                    }
                    _ => assert_eq!(csv[*column], "", "{name}.{column}"),
                }
            }
        }
    }

    fn timeline_agrees(&self) {
        let title = |column: &str| match column {
            "bucket" => "Bucket (UTC)".to_owned(),
            name => format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        };
        let rows: Vec<_> = self.sheet("Timeline").iter().collect();
        self.table_agrees("outcome_by_bucket", &rows, title);
        let sum = |header: &str| rows.iter().map(|row| number(&row[header])).sum::<f64>();
        for key in ["failing", "held"] {
            assert!(near(sum(&title(key)), self.json["totals"][key].as_f64().unwrap()), "{key}");
        }
        assert!(near(sum("Deliveries"), self.json["input"]["deliveries"].as_f64().unwrap()));
    }

    fn domains_agree(&self) {
        for (role, table) in [("sender", "sender_domains"), ("recipient", "recipient_domains")] {
            let of = |row: &&BTreeMap<String, Data>| text(row.get("Role")) == role;
            let rows: Vec<_> = self.sheet("Domains").iter().filter(of).collect();
            self.table_agrees(table, &rows, |column| {
                let name = column.replace('_', " ");
                format!("{}{}", name[..1].to_uppercase(), &name[1..])
            });
        }
    }

    /// With `--all-rows` the workbook lists what `affected.csv` does.
    fn affected_agree(&self) {
        let (csv, sheet) = (&self.tables["affected"], self.sheet("Affected"));
        assert_eq!(csv.len(), sheet.len());
        let key = |id: &str, recipient: &str, line: f64| format!("{id} {recipient} {line}");
        let ours = csv.iter().map(|row| {
            key(&row["network_message_id"], &row["recipient"], row["line"].parse().unwrap())
        });
        let theirs = sheet.iter().map(|row| {
            let (id, recipient) = (row.get("Network message ID"), row.get("Recipient"));
            key(&text(id), &text(recipient), number(&row["Line"]))
        });
        assert!(ours.eq(theirs), "other deliveries, or in another order");
    }

    fn inputs_are_hashed(&self) {
        let sources = self.rows("/input/sources");
        let (csv, sheet) = (&self.tables["sources"], self.sheet("Sources"));
        assert_eq!((csv.len(), sheet.len()), (sources.len(), sources.len()));
        for ((source, row), cells) in sources.iter().zip(csv).zip(sheet) {
            let hash = source["sha256"].as_str().unwrap_or("");
            assert_eq!(
                (row["sha256"].as_str(), text(cells.get("SHA-256"))),
                (hash, hash.to_owned())
            );
            assert!(near(number(&cells["Rows"]), source["rows"].as_f64().unwrap()));
        }
        assert!(sources.iter().any(|s| s["sha256"].is_string()), "no input is hashed");
    }

    fn pages_agree(&self) {
        for (file, text) in &self.pages {
            let missing = missing_in(&self.json, text);
            assert!(missing.is_empty(), "{file} does not show {missing:?}");
        }
    }

    fn agrees(&self) {
        self.totals_agree();
        self.layers_agree();
        self.findings_agree();
        self.signatures_agree();
        self.timeline_agrees();
        self.domains_agree();
        self.affected_agree();
        self.inputs_are_hashed();
        self.pages_agree();
    }
}

fn folder_of(inputs: &[&str]) -> Folder {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("report");
    let flags = ["analyze", "--quiet", "--all-rows", "--top", "500", "-o", out.to_str().unwrap()];
    let run = run(&[&flags, inputs].concat());
    assert!(run.code <= 1, "{}", run.stderr);
    read(&out)
}

#[test]
fn numbers_of_the_samples_agree() {
    let folder = folder_of(&["samples"]);
    assert!(!folder.rows("/findings").is_empty());
    folder.agrees();
}

#[test]
fn numbers_of_a_week_with_a_fault_agree() {
    let temp = tempfile::tempdir().unwrap();
    let mut rows = week();
    for row in rows.iter_mut().filter(|r| r.hour >= 80 && r.sender.ends_with("@contoso.com")) {
        if row.number % 3 != 0 {
            row.status = "Failed";
        }
    }
    write_trace(temp.path(), &rows);
    let bounced = rows.iter().filter(|r| r.status == "Failed").take(20);
    for row in bounced {
        write_bounce(
            temp.path(),
            row,
            "5.7.705",
            "550 5.7.705 Access denied, tenant has exceeded threshold",
        );
    }
    let folder = folder_of(&[temp.path().to_str().unwrap()]);
    assert!(folder.rows("/findings").iter().any(|f| f["status"] == "incident"));
    assert!(folder.tables["affected"].len() > 100);
    folder.agrees();
}
