//! SQL over facts, findings and signatures.

use super::tables;
use crate::model::answer::{Rows, Value};
use crate::model::fact::COLUMNS;
use crate::model::{Instant, Report};
use polars::prelude::{
    AnyValue, DataFrame, Engine, IntoLazy, LazyFrame, PlRefPath, PolarsError, ScanArgsParquet,
    ScanSources, TimeUnit,
};
use polars::sql::SQLContext;
use std::path::PathBuf;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The question names a column that is not there.
    #[error("no column {column:?}; {hint}")]
    Column {
        /// As written.
        column: String,
        /// The nearest ones, or all.
        hint: String,
    },
    /// The question names a table that is not there.
    #[error("{0}; the tables are {tables}", tables = .1.join(", "))]
    Table(String, Vec<&'static str>),
    /// The question is no SQL, or asks for what cannot be.
    #[error("the SQL cannot be answered: {0}")]
    Sql(String),
    /// Saved facts cannot be read.
    #[error("the facts cannot be read: {0}")]
    Facts(String),
}

/// Answers a question in SQL. `facts` are Parquet files with the columns of the schema: the table
/// `deliveries`; `report` gives the tables `findings` and `signatures`.
///
/// # Errors
/// See [`QueryError`].
pub fn query(sql: &str, facts: &[PathBuf], report: Option<&Report>) -> Result<Rows, QueryError> {
    let unreadable = |error: PolarsError| QueryError::Facts(error.to_string());
    let paths = facts.iter().map(|path| PlRefPath::try_from_path(path));
    let paths = paths.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    let sources = ScanSources::Paths(paths.into_iter().collect());
    let deliveries = LazyFrame::scan_parquet_sources(sources, ScanArgsParquet::default());
    let mut context = SQLContext::new();
    context.register("deliveries", deliveries.map_err(unreadable)?);
    let mut names = vec!["deliveries"];
    if let Some(report) = report {
        context.register("findings", tables::findings(report).map_err(unreadable)?.lazy());
        context.register("signatures", tables::signatures(report).map_err(unreadable)?.lazy());
        names.extend(["findings", "signatures"]);
    }
    let explain = |error| explain(&error, &names);
    let frame = context.execute(sql).map_err(explain)?;
    let result = frame.collect_with_engine(Engine::Streaming).map_err(explain)?;
    Ok(rows(&result.unwrap_single()))
}

/// An error of the engine in our words.
fn explain(error: &PolarsError, names: &[&'static str]) -> QueryError {
    let text = error.to_string();
    // What is missing stands in quotes of one kind or another.
    let named = |text: &str| {
        let mut parts = text.split(['"', '\'', '`']);
        parts.nth(1).map(str::to_owned).filter(|name| !name.is_empty())
    };
    let missing = match error {
        PolarsError::ColumnNotFound(_) => named(&text).or_else(|| {
            text.split_once("not found: ")
                .map(|(_, name)| name.lines().next().unwrap_or(name).trim().to_owned())
        }),
        _ if text.contains("unable to find column") || text.contains("not found: column") => {
            named(&text)
        }
        _ => None,
    };
    if let Some(column) = missing {
        let hint = nearest(&column);
        return QueryError::Column { column, hint };
    }
    if text.contains("relation") && text.contains("not found") {
        let line = text.lines().next().unwrap_or_default().to_owned();
        return QueryError::Table(line, names.to_vec());
    }
    QueryError::Sql(text.lines().next().unwrap_or_default().to_owned())
}

/// The columns whose names are spelled almost like this one, best first.
fn nearest(wanted: &str) -> String {
    let wanted = wanted.to_lowercase();
    let names = COLUMNS.iter().map(|c| c.name);
    let names = names.chain(tables::FINDINGS.iter().chain(tables::SIGNATURES).copied());
    let mut near: Vec<(usize, &str)> = names
        .map(|name| (distance(&wanted, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3 || name.contains(&wanted))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    if near.is_empty() {
        return "docs/schema.md lists them".to_owned();
    }
    let names: Vec<&str> = near.into_iter().map(|(_, name)| name).collect();
    format!("did you mean {}?", names.join(", "))
}

/// Edits (Levenshtein) between two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.iter().enumerate() {
            let (above, left) = (row.get(j + 1).copied(), row.get(j).copied());
            let change = diagonal + usize::from(x != *y);
            diagonal = above.unwrap_or(diagonal);
            if let Some(slot) = row.get_mut(j + 1) {
                *slot = change.min(diagonal + 1).min(left.unwrap_or(change) + 1);
            }
        }
    }
    row.last().copied().unwrap_or(0)
}

fn rows(frame: &DataFrame) -> Rows {
    let columns = frame.columns();
    let names = columns.iter().map(|c| c.name().to_string()).collect();
    let row = |at: usize| columns.iter().map(move |c| c.get(at).map_or(Value::Null, |v| value(&v)));
    Rows { columns: names, rows: (0..frame.height()).map(|at| row(at).collect()).collect() }
}

fn value(any: &AnyValue<'_>) -> Value {
    let micros = |n: i64, unit: TimeUnit| match unit {
        TimeUnit::Nanoseconds => n.div_euclid(1000),
        TimeUnit::Microseconds => n,
        TimeUnit::Milliseconds => n.saturating_mul(1000),
    };
    match any {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(b) => Value::Bool(*b),
        AnyValue::String(text) => Value::Text((*text).to_owned()),
        AnyValue::StringOwned(text) => Value::Text(text.to_string()),
        AnyValue::Datetime(n, unit, _) | AnyValue::DatetimeOwned(n, unit, _) => {
            Value::Time(Instant(micros(*n, *unit)))
        }
        AnyValue::Float32(x) => Value::Float(f64::from(*x)),
        AnyValue::Float64(x) => Value::Float(*x),
        AnyValue::List(items) => Value::List(items.iter().map(|item| value(&item)).collect()),
        other if other.is_integer() => {
            other.try_extract::<i64>().map_or(Value::Null, Value::Integer)
        }
        other => Value::Text(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ParquetFacts;
    use super::*;
    use crate::model::{Fact, FactWriter};

    /// Facts in a file.
    fn saved() -> tempfile::NamedTempFile {
        let mut file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        let mut writer = ParquetFacts::new(&mut file).unwrap();
        for n in 0..1000_i64 {
            let fact = Fact {
                time: n * 1_000_000,
                recipient: "a@contoso.com",
                outcome: if n % 4 == 0 { "failed" } else { "delivered" },
                rules: if n % 10 == 0 { vec!["r1", "r2"] } else { Vec::new() },
                scl: (n % 2 == 0).then_some(-1),
                ..Fact::default()
            };
            writer.row(&fact).unwrap();
        }
        writer.finish().unwrap();
        drop(writer);
        file
    }

    fn ask(sql: &str) -> Result<Rows, QueryError> {
        query(sql, &[saved().path().to_owned()], Some(&Report::default()))
    }

    #[test]
    fn answers() {
        let counts = ask(
            "SELECT outcome, COUNT(*) AS n, SUM(scl) AS s FROM deliveries GROUP BY outcome ORDER BY n",
        )
        .unwrap();
        assert_eq!(counts.columns, ["outcome", "n", "s"]);
        let text = |t: &str| Value::Text(t.to_owned());
        let int = Value::Integer;
        assert_eq!(counts.rows[0], [text("failed"), int(250), int(-250)]);
        assert_eq!(counts.rows[1], [text("delivered"), int(750), int(-250)]);
        let row =
            ask("SELECT time, rules, policy, recipient_domain FROM deliveries LIMIT 1").unwrap();
        let rules = Value::List(vec![text("r1"), text("r2")]);
        assert_eq!(
            row.rows,
            [vec![Value::Time(Instant(0)), rules, Value::Null, text("contoso.com")]]
        );
        let findings = ask("SELECT id, confidence, onset FROM findings").unwrap();
        assert_eq!((findings.columns.len(), findings.rows.len()), (3, 0));
        assert!(ask("SELECT * FROM signatures").unwrap().rows.is_empty());
    }

    #[test]
    fn errors_help() {
        let column = ask("SELECT outcom FROM deliveries").unwrap_err().to_string();
        assert!(column.contains("\"outcom\"") && column.contains("outcome"), "{column}");
        let table = ask("SELECT * FROM mails").unwrap_err().to_string();
        assert!(table.contains("mails") && table.contains("deliveries, findings"), "{table}");
        let sql = ask("SELEKT 1").unwrap_err().to_string();
        assert!(sql.starts_with("the SQL"), "{sql}");
        let none = query("SELECT 1 FROM deliveries", &["/no/such.parquet".into()], None);
        assert!(none.is_err());
        assert_eq!(
            (distance("sender", "sendr"), distance("", "ab"), distance("ab", "ab")),
            (1, 2, 0)
        );
    }
}
