//! Findings and signatures of a report as tables of SQL.

use crate::model::{Instant, Report};
use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsError, Series, TimeUnit, TimeZone,
};

/// Columns of `findings`, in order.
pub(super) const FINDINGS: &[&str] = &[
    "id",
    "key",
    "layer",
    "cause",
    "side",
    "status",
    "state",
    "grade",
    "confidence",
    "title",
    "onset",
    "end",
    "last_bad",
    "last_good",
    "entity_type",
    "entity",
    "messages",
    "deliveries",
    "share",
    "codes",
];

/// Columns of `signatures`, in order.
pub(super) const SIGNATURES: &[&str] = &[
    "signature",
    "code",
    "issuer",
    "layer",
    "cause",
    "deliveries",
    "first_seen",
    "last_seen",
    "source",
    "line",
];

fn text<T: AsRef<str>>(name: &str, values: impl Iterator<Item = T>) -> Column {
    let values = values.map(|v| Some(v.as_ref().to_owned()).filter(|v| !v.is_empty()));
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn count(name: &str, values: impl Iterator<Item = u64>) -> Column {
    let values = values.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn part(name: &str, values: impl Iterator<Item = f64>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn time(name: &str, values: impl Iterator<Item = Option<Instant>>) -> Result<Column, PolarsError> {
    let micros: Vec<Option<i64>> = values.map(|at| at.map(|at| at.0)).collect();
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    Ok(Series::new(name.into(), micros).cast(&utc)?.into_column())
}

pub(super) fn findings(report: &Report) -> Result<DataFrame, PolarsError> {
    let all = || report.findings.iter();
    DataFrame::new(
        report.findings.len(),
        vec![
            text("id", all().map(|f| &f.id)),
            text("key", all().map(|f| &f.key)),
            text("layer", all().map(|f| f.layer.as_str())),
            text("cause", all().map(|f| &f.cause)),
            text("side", all().map(|f| f.side.as_str())),
            text("status", all().map(|f| f.status.as_str())),
            text("state", all().map(|f| f.state.as_str())),
            text("grade", all().map(|f| f.grade.as_str())),
            part("confidence", all().map(|f| f.confidence)),
            text("title", all().map(|f| &f.title)),
            time("onset", all().map(|f| f.onset))?,
            time("end", all().map(|f| f.end))?,
            time("last_bad", all().map(|f| f.last_bad))?,
            time("last_good", all().map(|f| f.last_good))?,
            text("entity_type", all().map(|f| f.entity.kind.as_str())),
            text("entity", all().map(|f| &f.entity.value)),
            count("messages", all().map(|f| f.messages)),
            count("deliveries", all().map(|f| f.deliveries)),
            part("share", all().map(|f| f.share)),
            text("codes", all().map(|f| f.codes.join(";"))),
        ],
    )
}

pub(super) fn signatures(report: &Report) -> Result<DataFrame, PolarsError> {
    let all = || report.signatures.iter();
    DataFrame::new(
        report.signatures.len(),
        vec![
            text("signature", all().map(|s| &s.signature)),
            text("code", all().map(|s| &s.code)),
            text("issuer", all().map(|s| &s.issuer)),
            text("layer", all().map(|s| s.layer.as_str())),
            text("cause", all().map(|s| &s.cause)),
            count("deliveries", all().map(|s| s.deliveries)),
            time("first_seen", all().map(|s| Some(s.first_seen)))?,
            time("last_seen", all().map(|s| Some(s.last_seen)))?,
            text("source", all().map(|s| &s.sample.0)),
            count("line", all().map(|s| s.sample.1)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_listed() {
        let report = Report::default();
        for (frame, names) in
            [(findings(&report).unwrap(), FINDINGS), (signatures(&report).unwrap(), SIGNATURES)]
        {
            let found: Vec<&str> = frame.get_column_names().iter().map(|n| n.as_str()).collect();
            assert_eq!(found, names);
            assert_eq!(frame.height(), 0);
        }
    }
}
