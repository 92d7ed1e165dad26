//! What documents beside the mail add to a finding: a step that names the thing at fault. They add
//! words and never weight: a certificate that ran out is no proof that mail failed for it.

use super::Facts;
use crate::model::documents::{Content, DmarcReport, Setting, SettingKind};
use crate::model::time::{DAY, HOUR};
use crate::model::{EntityType, Finding, FindingStatus, Instant, Layer};

/// Steps that one finding gets at most.
const MOST: usize = 4;

/// Adds what the documents say to the findings they are about.
pub(super) fn add(findings: &mut [Finding], facts: &Facts) {
    if facts.documents.is_empty() {
        return;
    }
    for finding in findings.iter_mut().filter(|f| f.status != FindingStatus::InsufficientData) {
        let mut steps = Vec::new();
        for document in &facts.documents {
            if let Content::Setting(setting) = &document.content {
                steps.extend(of_setting(finding, setting));
            }
        }
        steps.extend(of_sessions(finding, facts));
        steps.dedup();
        steps.truncate(MOST);
        // What names the thing at fault comes before advice that could be for anybody.
        finding.next_steps.splice(0..0, steps);
        finding.next_steps.extend(of_reports(finding, facts));
    }
}

fn of_setting(finding: &Finding, setting: &Setting) -> Option<String> {
    let name = &setting.name;
    match setting.kind {
        SettingKind::HealthIssue => of_issue(finding, setting),
        SettingKind::Certificate => {
            let layer = matches!(finding.layer, Layer::Connector | Layer::DnsAuth);
            let about = finding.cause.contains("cert") || finding.cause.contains("tls");
            let (onset, until) = (finding.onset?, setting.until?);
            let near = until.0 <= onset.0 + DAY && until.0 >= onset.0 - 14 * DAY;
            let expired = setting.state == "expired" || near;
            (layer && expired && (about || near)).then(|| {
                format!(
                    "The certificate {name} ran out at {}: renew it and assign it to the connector",
                    until.rfc3339()
                )
            })
        }
        SettingKind::TransportRule => {
            let named = finding.entity.kind == EntityType::Rule
                && (finding.entity.value == setting.id
                    || finding.entity.value.eq_ignore_ascii_case(name));
            named.then(|| {
                format!(
                    "The rule is \"{name}\" ({}, {}): Get-TransportRule -Identity \"{name}\" | fl",
                    setting.state,
                    setting.get("Mode")
                )
            })
        }
        SettingKind::InboundConnector | SettingKind::OutboundConnector => {
            let named = finding.entity.kind == EntityType::Connector
                && finding.entity.value.eq_ignore_ascii_case(name);
            let fault = match () {
                () if setting.state == "disabled" => "is disabled",
                () if setting.get("IsValidated").eq_ignore_ascii_case("false") => {
                    "was never validated"
                }
                () => return None,
            };
            named.then(|| format!("The connector \"{name}\" {fault} in the export of connectors"))
        }
        SettingKind::ConnectorTest => {
            let failed = finding.layer == Layer::Connector && setting.state == "failed";
            failed.then(|| {
                format!("Validate-OutboundConnector: {name} failed: {}", setting.get("Errors"))
            })
        }
        SettingKind::FilterPolicy => {
            let allowed = finding.cause.contains("allow") || finding.id.contains("allow");
            let lists = [setting.get("AllowedSenderDomains"), setting.get("AllowedSenders")];
            let domain = finding.entity.value.rsplit('@').next().unwrap_or_default();
            let listed = !domain.is_empty()
                && lists.iter().any(|list| {
                    list.split(';').any(|entry| entry.trim().eq_ignore_ascii_case(domain))
                });
            (allowed && listed).then(|| {
                format!("The policy \"{name}\" allows {domain}: take it off AllowedSenderDomains")
            })
        }
    }
}

/// An issue of the service that was open around the onset.
fn of_issue(finding: &Finding, issue: &Setting) -> Option<String> {
    if !matches!(finding.layer, Layer::Service | Layer::Unknown | Layer::Connector) {
        return None;
    }
    let (onset, since) = (finding.onset?, issue.since?);
    let until = issue.until.unwrap_or(Instant(i64::MAX));
    let mail = issue.get("service").is_empty() || issue.get("service").contains("Exchange");
    let open = since.0 - 6 * HOUR <= onset.0 && onset.0 <= until.0;
    (mail && open).then(|| {
        format!(
            "Service health {} ({}) was open then: {}",
            issue.id.to_uppercase(),
            issue.get("classification"),
            issue.name
        )
    })
}

/// Sessions of a server's log that failed on the connector a finding is about.
fn of_sessions(finding: &Finding, facts: &Facts) -> Option<String> {
    if finding.entity.kind != EntityType::Connector {
        return None;
    }
    let sessions = facts.documents.iter().filter_map(|document| match &document.content {
        Content::Session(s) if s.connector.eq_ignore_ascii_case(&finding.entity.value) => Some(s),
        _ => None,
    });
    let (mut all, mut failed, mut example) = (0_u64, 0_u64, "");
    for session in sessions {
        all += 1;
        if !session.failure.is_empty() {
            failed += 1;
            example = if example.is_empty() { &session.failure } else { example };
        }
    }
    (failed > 0).then(|| {
        format!("SMTP logs: {failed} of {all} sessions of this connector failed, such as {example}")
    })
}

/// What receivers report of the domain a finding is about.
fn of_reports(finding: &Finding, facts: &Facts) -> Option<String> {
    if finding.layer != Layer::DnsAuth || finding.entity.kind != EntityType::SenderDomain {
        return None;
    }
    let domain = &finding.entity.value;
    let reports: Vec<&DmarcReport> = facts
        .documents
        .iter()
        .filter_map(|document| match &document.content {
            Content::Dmarc(report) if report.domain == *domain => Some(&**report),
            _ => None,
        })
        .collect();
    let all: u64 = reports.iter().map(|r| r.messages(|_| true)).sum();
    let failed: u64 = reports.iter().map(|r| r.messages(|row| !row.passes())).sum();
    (failed > 0).then(|| {
        format!(
            "In {} DMARC report{} {failed} of {all} messages as {domain} fail: the table \
             dmarc_sources names who sends them",
            reports.len(),
            if reports.len() == 1 { "" } else { "s" }
        )
    })
}
