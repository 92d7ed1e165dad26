//! The guides: what they name exists, and what they hold is made from the columns.

use crate::harness::{blessing, files, root, run};
use mailtriage::model::catalogue::TABLES;
use mailtriage::model::fact::COLUMNS;
use mailtriage::model::{ColumnKind, FactKind};
use regex::Regex;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Facts to the Elastic Common Schema.
const ECS: &[(&str, &str)] = &[
    ("time", "@timestamp"),
    ("sender", "email.sender.address"),
    ("header_from", "email.from.address"),
    ("recipient", "email.to.address"),
    ("subject", "email.subject"),
    ("message_id", "email.message_id"),
    ("network_message_id", "email.local_id"),
    ("direction", "email.direction"),
    ("client_ip", "source.ip"),
    ("remote_host", "destination.address"),
    ("tenant", "organization.id"),
    ("outcome", "event.action"),
    ("cause", "event.reason"),
    ("enhanced_code", "event.code"),
    ("rules", "rule.id"),
];

/// Facts to the data model Email of Splunk's Common Information Model.
const CIM: &[(&str, &str)] = &[
    ("outcome", "action"),
    ("remote_host", "dest"),
    ("message_id", "message_id"),
    ("network_message_id", "internal_message_id"),
    ("recipient", "recipient"),
    ("recipient_domain", "recipient_domain"),
    ("status_raw", "recipient_status"),
    ("size_bytes", "size"),
    ("client_ip", "src"),
    ("sender", "src_user"),
    ("sender_domain", "src_user_domain"),
    ("smtp_code", "status_code"),
    ("subject", "subject"),
    ("cause", "signature"),
];

const fn m_type(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Time => "type datetimezone",
        FactKind::Integer => "Int64.Type",
        FactKind::Text | FactKind::List => "type text",
    }
}

const fn m_cell(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Instant => "type datetimezone",
        ColumnKind::Count => "Int64.Type",
        ColumnKind::Share => "type number",
        ColumnKind::Text | ColumnKind::Id => "type text",
    }
}

fn kql_type(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Time => "datetime",
        FactKind::Integer => "long",
        FactKind::Text => "string",
        FactKind::List => "dynamic",
    }
}

fn m(path: &str, types: &[(&str, &str)]) -> String {
    let list: Vec<String> =
        types.iter().map(|(name, kind)| format!("        {{\"{name}\", {kind}}}")).collect();
    format!(
        "let\n    Path = \"C:\\mailtriage\\{path}\",\n    Source = Csv.Document(File.Contents(Path), [Delimiter = \",\", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),\n    Headers = Table.PromoteHeaders(Source, [PromoteAllScalars = true]),\n    Nulls = Table.ReplaceValue(Headers, \"\", null, Replacer.ReplaceValue, Table.ColumnNames(Headers)),\n    Typed = Table.TransformColumnTypes(Nulls, {{\n{}\n    }}, \"en-US\")\nin\n    Typed\n",
        list.join(",\n")
    )
}

/// A block by its name: what stands in the fence, or the lines of a table.
fn block(name: &str) -> String {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap() + "\n";
    match name {
        "m-table" => {
            let spec = TABLES.iter().find(|t| t.name == "findings").unwrap();
            let types: Vec<_> = spec.columns.iter().map(|c| (c.name, m_cell(c.kind))).collect();
            m("report\\tables\\findings.csv", &types)
        }
        "m-facts" => {
            let types: Vec<_> = COLUMNS.iter().map(|c| (c.name, m_type(c.kind))).collect();
            m("facts.csv", &types)
        }
        "cim" => {
            let mut text = "[mailtriage:facts]\n".to_owned();
            for (column, field) in CIM.iter().filter(|(column, field)| column != field) {
                writeln!(text, "FIELDALIAS-{field} = {column} AS {field}").unwrap();
            }
            text.push_str("EVAL-delay = latency_ms / 1000\nEVAL-vendor_product = \"mailtriage\"\nEVAL-protocol = \"smtp\"\n");
            text
        }
        "kql-table" => format!(".create table MailTriage (\n{}\n)\n", kql_columns()),
        "kql-externaldata" => format!(
            "externaldata (\n{}\n)\n[ h@\"https://ACCOUNT.blob.core.windows.net/CONTAINER/facts.jsonl;SAS\" ]\nwith (format = \"json\")\n| where isnotempty(layer)\n| summarize count() by cause, bin(['time'], 1h)\n",
            kql_columns()
        ),
        "adx-mapping" => {
            let one = |c: &mailtriage::model::FactColumn| json!({"column": c.name, "Properties": {"Path": format!("$.{}", c.name)}});
            pretty(&Value::Array(COLUMNS.iter().map(one).collect()))
        }
        "email-events" => {
            let mut text = "| facts | EmailEvents |\n|---|---|\n".to_owned();
            for c in COLUMNS.iter().filter(|c| !c.email_events.is_empty()) {
                writeln!(text, "| `{}` | {} |", c.name, c.email_events).unwrap();
            }
            text
        }
        "elastic-template" => {
            let mut fields = serde_json::Map::new();
            for c in COLUMNS {
                let kind = match c.kind {
                    FactKind::Time => "date_nanos",
                    FactKind::Integer => "long",
                    FactKind::Text | FactKind::List => "keyword",
                };
                let long = matches!(c.name, "subject" | "signature");
                let field = if long {
                    json!({"type": "keyword", "ignore_above": 8191, "fields": {"text": {"type": "text"}}})
                } else {
                    json!({ "type": kind })
                };
                fields.insert(c.name.to_owned(), field);
            }
            pretty(&json!({
                "index_patterns": ["mailtriage-*"],
                "template": {"mappings": {"properties": {
                    "@timestamp": {"type": "date"},
                    "mailtriage": {"properties": fields}
                }}}
            }))
        }
        "elastic-pipeline" => {
            let mut steps = Vec::new();
            for c in COLUMNS {
                steps.push(json!({"rename": {"field": c.name, "target_field": format!("mailtriage.{}", c.name), "ignore_missing": true}}));
            }
            for (column, field) in ECS {
                steps.push(json!({"set": {"field": field, "copy_from": format!("mailtriage.{column}"), "ignore_empty_value": true, "override": true}}));
            }
            steps.push(json!({"set": {"field": "event.kind", "value": "event"}}));
            steps.push(json!({"set": {"field": "event.category", "value": ["email"]}}));
            steps.push(json!({"set": {"field": "event.dataset", "value": "mailtriage.facts"}}));
            pretty(&json!({"description": "mailtriage facts to ECS", "processors": steps}))
        }
        other => panic!("no block {other}"),
    }
}

fn kql_columns() -> String {
    let all: Vec<String> =
        COLUMNS.iter().map(|c| format!("    ['{}']: {}", c.name, kql_type(c.kind))).collect();
    all.join(",\n")
}

/// The guide with its blocks made anew.
fn remade(text: &str) -> String {
    const MARK: &str = "<!-- made from the code: ";
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let (name, tail) =
            tail[MARK.len()..].split_once(" -->\n\n").expect("an empty line behind the mark");
        write!(out, "{MARK}{name} -->\n\n").unwrap();
        rest = if let Some(fenced) = tail.strip_prefix("```") {
            let (kind, behind) = fenced.split_once('\n').unwrap();
            let end = if behind.starts_with("```") { 0 } else { behind.find("\n```").unwrap() + 1 };
            write!(out, "```{kind}\n{}", block(name)).unwrap();
            &behind[end..]
        } else {
            out.push_str(&block(name));
            let lines: usize =
                tail.split_inclusive('\n').take_while(|l| l.starts_with('|')).map(str::len).sum();
            let tail = &tail[lines..];
            if !tail.starts_with('\n') {
                out.push('\n');
            }
            tail
        };
    }
    out + rest
}

#[test]
fn blocks_are_made_from_the_columns() {
    let guides = files(&root().join("docs/guides"));
    assert!(guides.len() >= 5);
    let mut blocks = 0;
    for path in guides {
        let text = std::fs::read_to_string(&path).unwrap();
        blocks += text.matches("<!-- made from the code: ").count();
        let expected = remade(&text);
        if blessing() {
            std::fs::write(&path, expected).unwrap();
            continue;
        }
        assert!(
            text == expected,
            "{} is not what the code makes: run with MAILTRIAGE_BLESS=1",
            path.display()
        );
    }
    assert_eq!(blocks, 10);
}

/// Names in the mappings and in what the guides say by hand exist.
#[test]
fn every_field_exists() {
    let facts: BTreeSet<&str> = COLUMNS.iter().map(|c| c.name).collect();
    let mut known = facts.clone();
    for table in TABLES {
        known.insert(table.name);
        known.extend(table.columns.iter().map(|c| c.name));
    }
    for (column, field) in ECS.iter().chain(CIM) {
        assert!(facts.contains(column), "{column} ({field})");
    }
    let code = Regex::new(r"`([a-z]+(?:_[a-z0-9]+)+)`").unwrap();
    let used =
        Regex::new(r"(?:facts\[|\$left\.|mailtriage\.|isnotempty\()([a-z]+(?:_[a-z]+)*)").unwrap();
    let file = Regex::new(r"tables/([a-z_]+)\.csv").unwrap();
    let mut seen = 0;
    for path in files(&root().join("docs/guides")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let names = [&code, &used, &file].into_iter().flat_map(|r| r.captures_iter(&text));
        for name in names.map(|c| c.get(1).unwrap().as_str().to_owned()) {
            seen += 1;
            let fine = known.contains(name.as_str()) || matches!(name.as_str(), "facts");
            assert!(fine, "{}: {name} is no column and no table", path.display());
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn json_in_the_guides_is_json() {
    let fence = Regex::new(r"(?s)```json\n(.*?)```").unwrap();
    let mut seen = 0;
    for path in files(&root().join("docs/guides")) {
        for hit in fence.captures_iter(&std::fs::read_to_string(&path).unwrap()) {
            serde_json::from_str::<Value>(&hit[1])
                .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            seen += 1;
        }
    }
    assert!(seen >= 3, "{seen}");
}

/// What the guides declare as a type is what stands in the files.
#[test]
fn values_are_of_the_types_declared() {
    let csv = run(&["facts", "samples", "--quiet"]).stdout;
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(names, COLUMNS.iter().map(|c| c.name).collect::<Vec<_>>());
    let time = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$").unwrap();
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        rows += 1;
        for (column, cell) in COLUMNS.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty()) {
            let fits = match column.kind {
                FactKind::Time => time.is_match(cell),
                FactKind::Integer => cell.parse::<i64>().is_ok(),
                FactKind::Text | FactKind::List => true,
            };
            assert!(fits, "{}: {cell}", column.name);
        }
    }
    assert!(rows > 1000);
}
