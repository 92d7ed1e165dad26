//! A finding of a saved report, by its key.

use crate::model::{Entity, EntityType, FormerFinding, Instant};
use serde_json::Value;

/// Why no finding could be taken from a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormerError {
    /// It is not JSON.
    #[error("is no report: {0}; name the report.json, or the folder, of a former analyze -o")]
    NotJson(String),
    /// It is JSON, and no report of a shape that is known.
    #[error(
        "is no report of schema version 1; name the report.json, or the folder, of a former analyze -o"
    )]
    NotReport,
    /// No finding has this key.
    #[error("holds no finding {key}; it holds:\n{known}")]
    NoSuchKey {
        /// As asked for.
        key: String,
        /// Keys and titles that are there.
        known: String,
    },
    /// More than one finding's key begins so.
    #[error("{0} is the begin of more than one key; name more of it")]
    Ambiguous(String),
}

/// Least characters of a key that name it.
const LEAST: usize = 4;

/// The finding with this key, or with the only key that begins so.
///
/// # Errors
/// Where the text is no report, or no single finding is meant.
pub fn finding(report: &[u8], key: &str) -> Result<FormerFinding, FormerError> {
    let report: Value =
        serde_json::from_slice(report).map_err(|e| FormerError::NotJson(e.to_string()))?;
    let list = report.get("findings").and_then(Value::as_array);
    let (Some(1), Some(list)) = (report.get("schema_version").and_then(Value::as_u64), list) else {
        return Err(FormerError::NotReport);
    };
    let text = |v: &Value, name: &str| v[name].as_str().unwrap_or_default().to_owned();
    let wanted = key.trim().to_ascii_lowercase();
    let meant = |f: &&Value| {
        let key = text(f, "key");
        key == wanted || wanted.len() >= LEAST && key.starts_with(&wanted)
    };
    let mut found = list.iter().filter(meant);
    let Some(finding) = found.next() else {
        let known: Vec<String> = list
            .iter()
            .map(|f| format!("  {}  {}  {}", text(f, "key"), text(f, "id"), text(f, "title")))
            .collect();
        return Err(FormerError::NoSuchKey { key: key.to_owned(), known: known.join("\n") });
    };
    if found.next().is_some() {
        return Err(FormerError::Ambiguous(key.to_owned()));
    }
    let time = |v: &Value| {
        let stamp: jiff::Timestamp = v.as_str()?.parse().ok()?;
        Some(Instant(stamp.as_microsecond()))
    };
    let kind = text(&finding["entity"], "type");
    let kind = EntityType::ALL.iter().find(|k| k.as_str() == kind);
    let report_end = time(&report["window"]["last"]);
    Ok(FormerFinding {
        key: text(finding, "key"),
        id: text(finding, "id"),
        layer: text(finding, "layer"),
        cause: text(finding, "cause"),
        title: text(finding, "title"),
        entity: Entity {
            kind: *kind.ok_or(FormerError::NotReport)?,
            value: text(&finding["entity"], "value"),
        },
        deliveries: finding["deliveries"].as_u64().unwrap_or(0),
        onset: time(&finding["onset"]),
        last_bad: time(&finding["last_bad"]).or(report_end),
        report_end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"schema_version": 1, "window": {"last": "2026-09-12T00:00:00Z"},
        "findings": [{"key": "00aa11bb22cc33dd", "id": "recipient.mailbox_full", "layer": "recipient",
        "cause": "mailbox_full", "title": "Full", "deliveries": 40, "onset": "2026-09-10T09:00:00Z",
        "last_bad": "2026-09-11T23:00:00Z", "entity": {"type": "recipient", "value": "a@b.example"}},
        {"key": "00aa9900000000ff", "id": "x.y", "title": "Other",
        "entity": {"type": "tenant", "value": ""}}]}"#;

    #[test]
    fn by_key_and_by_its_begin() {
        for key in ["00aa11bb22cc33dd", "00AA11", " 00aa1 "] {
            let found = finding(REPORT.as_bytes(), key).unwrap();
            assert_eq!((found.deliveries, found.entity.kind), (40, EntityType::Recipient));
            assert_eq!(found.report_end.unwrap().rfc3339(), "2026-09-12T00:00:00Z");
        }
        let other = finding(REPORT.as_bytes(), "00aa9900000000ff").unwrap();
        assert_eq!(other.last_bad, other.report_end);
    }

    #[test]
    fn errors_name_the_mend() {
        let error = |text: &str, key: &str| finding(text.as_bytes(), key).unwrap_err().to_string();
        assert!(error("Received,Status", "00aa").contains("report.json"));
        assert!(error("{}", "00aa").contains("schema version 1"));
        assert!(error(REPORT, "ffff").contains("00aa11bb22cc33dd  recipient.mailbox_full  Full"));
        assert!(error(REPORT, "00aa").contains("more than one"));
        assert!(error(REPORT, "00").contains("holds no finding"));
    }
}
