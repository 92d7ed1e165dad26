//! Connectors, policies, rules, certificates, connector tests and service issues.
//!
//! Sources: the cmdlets' references (property names), live exports of 2026, Microsoft Graph
//! "serviceHealthIssue". PowerShell writes dates as text of its culture, as ISO, or as `/Date(ms)/`.

use super::super::{DateOrder, time};
use crate::model::Instant;
use crate::model::documents::{Setting, SettingKind};
use serde_json::{Map, Value};

/// Longest value kept, bytes.
const LONGEST: usize = 2000;

type Object = Map<String, Value>;

/// What matters of each kind: property, and the name it has here.
const FACTS: &[(SettingKind, &[&str])] = &[
    (
        SettingKind::InboundConnector,
        &[
            "ConnectorType",
            "ConnectorSource",
            "SenderDomains",
            "SenderIPAddresses",
            "RequireTls",
            "RestrictDomainsToIPAddresses",
            "RestrictDomainsToCertificate",
            "TlsSenderCertificateName",
            "CloudServicesMailEnabled",
            "TreatMessagesAsInternal",
            "EFSkipLastIP",
            "EFSkipIPs",
            "Comment",
        ],
    ),
    (
        SettingKind::OutboundConnector,
        &[
            "ConnectorType",
            "ConnectorSource",
            "RecipientDomains",
            "SmartHosts",
            "TlsDomain",
            "TlsSettings",
            "UseMXRecord",
            "IsTransportRuleScoped",
            "RouteAllMessagesViaOnPremises",
            "CloudServicesMailEnabled",
            "IsValidated",
            "LastValidationTimestamp",
            "Comment",
        ],
    ),
    (
        SettingKind::FilterPolicy,
        &[
            "IsDefault",
            "SpamAction",
            "HighConfidenceSpamAction",
            "PhishSpamAction",
            "HighConfidencePhishAction",
            "BulkSpamAction",
            "BulkThreshold",
            "AllowedSenders",
            "AllowedSenderDomains",
            "BlockedSenders",
            "BlockedSenderDomains",
            "ZapEnabled",
        ],
    ),
    (
        SettingKind::TransportRule,
        &["Priority", "Mode", "Description", "Conditions", "Exceptions", "Actions", "Comments"],
    ),
    (
        SettingKind::Certificate,
        &["Services", "CertificateDomains", "Issuer", "IsSelfSigned", "Status"],
    ),
    (SettingKind::ConnectorTest, &["IsTaskSuccessful", "Errors"]),
    (
        SettingKind::HealthIssue,
        &["classification", "service", "feature", "impactDescription", "isResolved"],
    ),
];

/// Reads one object; `None` where it names nothing.
pub(super) fn read(kind: SettingKind, object: &Object) -> Option<Setting> {
    let text = |name: &str| get(object, name);
    let first = |names: &[&str]| names.iter().map(|n| text(n)).find(|t| !t.is_empty());
    let name = match kind {
        SettingKind::Certificate => first(&["Subject", "FriendlyName", "Thumbprint"]),
        SettingKind::ConnectorTest => first(&["TaskName", "Task"]),
        SettingKind::HealthIssue => first(&["title", "id"]),
        _ => first(&["Name", "Identity"]),
    }?;
    let id = first(&["Guid", "Thumbprint", "id"]).unwrap_or_default().to_lowercase();
    let facts = FACTS.iter().find(|(known, _)| *known == kind).map_or(&[][..], |(_, names)| names);
    let facts: Vec<(&'static str, String)> =
        facts.iter().map(|name| (*name, text(name))).filter(|(_, v)| !v.is_empty()).collect();
    let when = |names: &[&str]| first(names).and_then(|text| instant(&text));
    let mut setting =
        Setting { kind, name, id, state: state(kind, object), since: None, until: None, facts };
    match kind {
        SettingKind::Certificate => {
            setting.since = when(&["NotBefore"]);
            setting.until = when(&["NotAfter"]);
        }
        SettingKind::HealthIssue => {
            setting.since = when(&["startDateTime"]);
            setting.until = when(&["endDateTime"]);
        }
        _ => setting.since = when(&["WhenChangedUTC", "WhenChanged", "LastValidationTimestamp"]),
    }
    Some(setting)
}

fn state(kind: SettingKind, object: &Object) -> String {
    let text = |name: &str| get(object, name);
    let truth = |name: &str| text(name).parse::<Truth>().ok().map(|t| t.0);
    match kind {
        SettingKind::Certificate => match text("Status").as_str() {
            "" => String::new(),
            "DateInvalid" => "expired".to_owned(),
            other => other.to_lowercase(),
        },
        SettingKind::ConnectorTest => match truth("IsTaskSuccessful") {
            Some(true) => "passed".to_owned(),
            Some(false) => "failed".to_owned(),
            None => text("Result").to_lowercase(),
        },
        SettingKind::HealthIssue => text("status"),
        SettingKind::TransportRule => text("State").to_lowercase(),
        _ => match truth("Enabled") {
            Some(true) => "enabled".to_owned(),
            Some(false) => "disabled".to_owned(),
            None => String::new(),
        },
    }
}

struct Truth(bool);

impl std::str::FromStr for Truth {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            t if t.eq_ignore_ascii_case("true") => Ok(Self(true)),
            t if t.eq_ignore_ascii_case("false") => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

/// A property as text, its name compared without case; lists joined by `;`. Empty where it is
/// absent, null, or lost by the export.
fn get(object: &Object, name: &str) -> String {
    let found = object.get(name).or_else(|| {
        object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    });
    let mut text = found.map(plain).unwrap_or_default();
    if super::super::cells::text::lost_array(text.as_bytes()) {
        text.clear();
    }
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

/// A time as these exports write it; one without zone is taken for UTC, a date of three numbers for
/// month, day, year.
fn instant(text: &str) -> Option<Instant> {
    time::parse(text.as_bytes())?.instant(DateOrder::Mdy)
}
