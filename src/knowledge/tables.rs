//! The tables as typed rows, parsed on first use and never again.

pub use super::schema::{TABLES, Table};

use super::speaker::Speaker;
use crate::model::{Direction, Layer, Side};
use std::sync::OnceLock;

/// How well a row is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A vendor page, a standard or an official repository states it.
    Documented,
    /// Counted in real messages.
    Observed,
    /// Forums, third-party tools, list archives: plausible, unconfirmed.
    Community,
    /// Our reading of a pattern; to be shown as a guess.
    Inferred,
}

impl Confidence {
    /// Spelling in the tables and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed-in-corpus",
            Self::Community => "community",
            Self::Inferred => "inferred",
        }
    }

    /// The confidence spelled `text`, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Documented, Self::Observed, Self::Community, Self::Inferred]
            .into_iter()
            .find(|c| c.as_str() == text)
    }
}

/// Records of a table, header line left out; fields by column name through [`Record::get`].
pub fn records(name: &str) -> Vec<Record> {
    let Some(table) = TABLES.iter().find(|t| t.name == name) else {
        return Vec::new();
    };
    csv::Reader::from_reader(table.csv.as_bytes())
        .into_records()
        .filter_map(Result::ok)
        .map(|fields| Record { table, fields })
        .collect()
}

/// One record of a table.
#[derive(Clone, Debug)]
pub struct Record {
    table: &'static Table,
    fields: csv::StringRecord,
}

impl Record {
    /// Field of a column; empty where the table has no such column.
    pub fn get(&self, column: &str) -> &str {
        self.table
            .columns
            .iter()
            .position(|c| *c == column)
            .and_then(|i| self.fields.get(i))
            .unwrap_or("")
    }

    fn text(&self, column: &str) -> Box<str> {
        self.get(column).into()
    }

    fn layer(&self) -> Option<Layer> {
        Layer::parse(self.get("layer"))
    }

    fn confidence(&self) -> Option<Confidence> {
        Confidence::parse(self.get("confidence"))
    }
}

/// Which way the messages of a row travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A fixed direction.
    Fixed(Direction),
    /// Client submission: our own user or device hands a message in.
    Submission,
    /// Any.
    Any,
}

/// A row of `ndr_codes.csv` or `speaker_codes.csv`: what a status code and a wording of one issuer
/// mean.
#[derive(Debug)]
pub struct NdrRow {
    /// Code, range (`5.7.606-5.7.649`), `(none)`, or `x.y.z` with any first digit.
    pub code: Box<str>,
    /// Regular expression over lower-cased text; empty where the digits alone are meant.
    pub pattern: Box<str>,
    /// Plain words.
    pub meaning: Box<str>,
    /// Direction.
    pub way: Way,
    /// Layer.
    pub layer: Layer,
    /// Cause, one of [`super::causes::CAUSES`].
    pub cause: &'static str,
    /// Whose fault, as a role: `sender` and `recipient` are the two ends of the message's way,
    /// whichever of them is us; `ours` is the organisation whose evidence this is, in any
    /// direction.
    pub side: Side,
    /// What an administrator does.
    pub admin_action: Box<str>,
    /// Who speaks: `exchange_online`, `gmail`, ..., `any`, `iana`.
    pub issuer: Box<str>,
    /// Who must be stated to speak; empty where the row holds for everybody.
    pub speakers: Box<[Speaker]>,
    /// Lower wins among rows of equal rank.
    pub priority: u8,
    /// Where it is known from.
    pub source: Box<str>,
    /// How well.
    pub confidence: Confidence,
}

/// Rows of `ndr_codes.csv`, then of `speaker_codes.csv`, in file order.
pub fn ndr_rows() -> &'static [NdrRow] {
    static ROWS: OnceLock<Vec<NdrRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let tables = ["ndr_codes", "speaker_codes"];
        tables.iter().flat_map(|name| records(name)).filter_map(|r| ndr_row(&r)).collect()
    })
}

/// `None` for a row outside the vocabularies; a test keeps the table free of such rows.
fn ndr_row(r: &Record) -> Option<NdrRow> {
    Some(NdrRow {
        code: r.text("code"),
        pattern: r.text("text_pattern"),
        meaning: r.text("meaning"),
        way: match r.get("direction") {
            "any" => Way::Any,
            "submission" => Way::Submission,
            word => Way::Fixed(Direction::parse(word)?),
        },
        layer: r.layer()?,
        cause: super::causes::cause(r.get("cause"))?.name,
        side: Side::parse(r.get("side"))?,
        admin_action: r.text("admin_action"),
        issuer: r.text("issuer"),
        speakers: match r.get("speaker") {
            "" => Box::default(),
            words => words.split('|').map(Speaker::parse).collect::<Option<_>>()?,
        },
        priority: match r.get("priority") {
            "" => 0,
            digits => digits.parse().ok()?,
        },
        source: r.text("source"),
        confidence: r.confidence()?,
    })
}

/// A row of a dictionary table (`trace_status`, `trace_detail_patterns`, `forefront`,
/// `auth_results`, `scl`, `bcl`): a value and what it means.
#[derive(Debug)]
pub struct Entry {
    /// What the value belongs to: a field (`CAT`), a method (`dmarc`), a surface; the table's name
    /// where there is only one.
    pub subject: Box<str>,
    /// The value, or the pattern of `trace_detail_patterns`.
    pub value: Box<str>,
    /// Narrower kind: `kind`, `detail`, `class` or `verdict` of the table.
    pub kind: Box<str>,
    /// Plain words.
    pub meaning: Box<str>,
    /// Layer; `None` where the table names none.
    pub layer: Option<Layer>,
    /// What an administrator does, or what the service does by default (`scl`, `bcl`).
    pub action: Box<str>,
    /// Where it is known from.
    pub source: Box<str>,
    /// How well.
    pub confidence: Confidence,
}

/// Names the columns of a dictionary table: (table, subject, value, kind, action); an empty
/// subject stands for the table's name.
const DICTIONARIES: &[(&str, &str, &str, &str, &str)] = &[
    ("trace_status", "surface", "status", "class", "admin_action"),
    ("trace_detail_patterns", "", "pattern", "", "admin_action"),
    ("forefront", "field", "value", "kind", "admin_action"),
    ("scl", "", "scl", "verdict", "default_action"),
    ("bcl", "", "bcl", "class", "default_action"),
    ("auth_results", "method", "value", "detail", "admin_action"),
    ("events", "kind", "name", "class", ""),
    ("microsoft_antispam", "field", "value", "header", "diagnostic_use"),
    ("exchange_headers", "header", "value", "category", "diagnostic_use"),
    ("pcl", "", "pcl", "verdict", "default_action"),
    ("other_vendors", "header", "", "vendor", ""),
];

/// Entries of a dictionary table, in file order; empty for a name that is none.
pub fn entries(table: &str) -> &'static [Entry] {
    static ALL: OnceLock<Vec<(&'static str, Vec<Entry>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let load = |d: &(&'static str, &str, &str, &str, &str)| {
            (d.0, records(d.0).iter().filter_map(|r| entry(r, *d)).collect())
        };
        DICTIONARIES.iter().map(load).collect()
    })
    .iter()
    .find(|(name, _)| *name == table)
    .map_or(&[], |(_, entries)| entries)
}

fn entry(r: &Record, columns: (&str, &str, &str, &str, &str)) -> Option<Entry> {
    let (table, subject, value, kind, action) = columns;
    Some(Entry {
        subject: if subject.is_empty() { table.into() } else { r.text(subject) },
        value: r.text(value),
        kind: r.text(kind),
        meaning: match r.get("vendor") {
            "" => r.text("meaning"),
            // Of a gateway's header: who writes it, how to read it, whom to believe.
            vendor => {
                let (meaning, rule) = (r.get("meaning"), r.get("verdict_rule"));
                format!("{vendor}: {meaning} ({rule}; {})", r.get("trust")).into()
            }
        },
        layer: r.layer(),
        action: r.text(action),
        source: r.text("source"),
        confidence: r.confidence()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_of_every_table() {
        for table in TABLES {
            let name = table.name;
            assert!(!table.csv.contains('\r'), "{name}: LF only");
            let mut reader = csv::Reader::from_reader(table.csv.as_bytes());
            assert_eq!(reader.headers().unwrap(), table.columns, "{name}");
            let rows = records(name);
            assert_eq!(rows.len(), reader.records().count(), "{name}: every row parses");
            assert!(!rows.is_empty(), "{name}");
            let mut keys: Vec<Vec<&str>> =
                rows.iter().map(|r| table.key.iter().map(|k| r.get(k)).collect()).collect();
            if ["ndr_codes", "speaker_codes"].contains(&name) {
                assert!(keys.is_sorted(), "{name}: sorted by key");
            }
            keys.sort();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{name}: keys are unique");
            for row in &rows {
                let at = format!("{name}: {:?}", row.fields);
                assert!(!row.get("source").is_empty(), "{at}");
                assert!(row.confidence().is_some(), "{at}");
                if table.columns.contains(&"layer") {
                    assert!(row.layer().is_some() || row.get("layer").is_empty(), "{at}");
                }
                for column in ["pattern", "text_pattern"] {
                    assert!(regex::Regex::new(row.get(column)).is_ok(), "{at}");
                }
            }
        }
    }

    #[test]
    fn no_row_is_lost_on_the_way_to_types() {
        let typed = records("ndr_codes").len() + records("speaker_codes").len();
        assert_eq!(ndr_rows().len(), typed);
        for (name, ..) in DICTIONARIES {
            assert_eq!(entries(name).len(), records(name).len(), "{name}");
        }
        assert!(entries("no_such_table").is_empty());
    }

    #[test]
    fn ndr_patterns_are_lower_case_and_rows_have_an_action() {
        for row in ndr_rows() {
            // Perl classes such as \S would be upper case; the patterns need none.
            assert_eq!(&*row.pattern, row.pattern.to_lowercase(), "{}", row.code);
            assert!(!row.meaning.is_empty() && !row.admin_action.is_empty(), "{}", row.code);
            let registered = &*row.issuer == "iana";
            let spoken = !row.speakers.is_empty();
            assert!(!row.pattern.is_empty() || registered || spoken, "{}", row.code);
        }
    }

    #[test]
    fn causes_of_the_table_match_their_usual_layer_or_say_why() {
        // Causes whose layer depends on who speaks.
        let several = [
            "tls_failed",
            "tls_required",
            "certificate_expired",
            "certificate_mismatch",
            "loop_detected",
            "rule_rejected",
            "helo_invalid",
        ];
        for row in ndr_rows() {
            let usual = super::super::causes::cause(row.cause).unwrap().layer;
            assert!(
                row.layer == usual || several.contains(&row.cause),
                "{} {}: {} is {}, usually {usual}",
                row.code,
                row.issuer,
                row.cause,
                row.layer,
            );
        }
    }
}
