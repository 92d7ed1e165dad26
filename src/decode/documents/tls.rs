//! SMTP TLS reports (RFC 8460, JSON).

use super::super::{DateOrder, time};
use crate::model::Instant;
use crate::model::documents::{TlsPolicy, TlsReport};
use serde_json::Value;

/// Policies and failures kept.
const MOST: usize = 10_000;

/// Reads a report.
pub(super) fn read(bytes: &[u8]) -> Result<TlsReport, String> {
    let report: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("no valid JSON: {error}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
    let Some(policies) = report["policies"].as_array() else {
        return Err("a TLS report without policies".to_owned());
    };
    let range = &report["date-range"];
    Ok(TlsReport {
        org_name: text(&report["organization-name"]),
        report_id: text(&report["report-id"]),
        begin: instant(&range["start-datetime"]),
        end: instant(&range["end-datetime"]),
        policies: policies.iter().take(MOST).map(policy).collect(),
    })
}

fn policy(value: &Value) -> TlsPolicy {
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
    let failures = value["failure-details"].as_array().map_or(&[][..], Vec::as_slice);
    TlsPolicy {
        domain: text(&value["policy"]["policy-domain"]).to_lowercase(),
        kind: text(&value["policy"]["policy-type"]),
        successful: number(&value["summary"]["total-successful-session-count"]),
        failed: number(&value["summary"]["total-failure-session-count"]),
        failures: failures
            .iter()
            .take(MOST)
            .map(|f| {
                let host = text(&f["receiving-mx-hostname"]).to_lowercase();
                (text(&f["result-type"]), host, number(&f["failed-session-count"]))
            })
            .collect(),
    }
}

/// A count, as a number or as text.
fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()).unwrap_or(0)
}

fn instant(value: &Value) -> Option<Instant> {
    time::parse(value.as_str()?.as_bytes())?.instant(DateOrder::Ymd)
}
