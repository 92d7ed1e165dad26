//! Settings of the organisation and reports about it, as their cmdlets and services export them:
//! evidence beside the mail, never mail. CSV or JSON, known by the names that only they have.
//!
//! Sources: the cmdlets' references, Microsoft Graph "serviceHealthIssue", RFC 8460; names of live
//! exports of 2026.

use super::rule::{ColumnSpec, DialectRule, Recognition, ZoneRule};
use crate::model::{ColumnRole, Form, Grain, InputRole};

const fn name(names: &'static [&'static str]) -> ColumnSpec {
    ColumnSpec::needed(ColumnRole::Artefact, names)
}

pub(super) const INBOUND_CONNECTOR: DialectRule = DialectRule {
    name: "inbound_connector",
    title: "Get-InboundConnector",
    form: Form::Csv,
    grain: Grain::Document,
    role: InputRole::Evidence,
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["ConnectorType"]), name(&["SenderDomains"]), name(&["RequireTls"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with ConnectorType, SenderDomains and RequireTls.",
    shows: &[],
    zone: ZoneRule::Stated,
    lag_minutes: 0,
    caps: &[],
    message_caps: &[],
    byte_caps: &[],
    always_filtered: false,
    sample: "InboundConnector.json",
};

pub(super) const OUTBOUND_CONNECTOR: DialectRule = DialectRule {
    name: "outbound_connector",
    title: "Get-OutboundConnector",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["ConnectorType"]), name(&["SmartHosts"]), name(&["UseMXRecord"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with ConnectorType, SmartHosts and UseMXRecord.",
    sample: "OutboundConnector.json",
    ..INBOUND_CONNECTOR
};

pub(super) const FILTER_POLICY: DialectRule = DialectRule {
    name: "filter_policy",
    title: "Get-HostedContentFilterPolicy",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["Name"]), name(&["SpamAction"]), name(&["HighConfidenceSpamAction"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with Name, SpamAction and HighConfidenceSpamAction.",
    sample: "ContentFilterPolicy.json",
    ..INBOUND_CONNECTOR
};

pub(super) const TRANSPORT_RULE: DialectRule = DialectRule {
    name: "transport_rule",
    title: "Get-TransportRule",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["Name"]), name(&["State"]), name(&["Mode"]), name(&["Priority"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with Name, State, Mode and Priority.",
    sample: "TransportRule.json",
    ..INBOUND_CONNECTOR
};

pub(super) const CERTIFICATE: DialectRule = DialectRule {
    name: "certificate",
    title: "Get-ExchangeCertificate",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["Thumbprint"]), name(&["Subject"]), name(&["NotAfter"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with Thumbprint, Subject and NotAfter.",
    sample: "ExchangeCertificate.csv",
    ..INBOUND_CONNECTOR
};

pub(super) const CONNECTOR_TEST: DialectRule = DialectRule {
    name: "connector_test",
    title: "Validate-OutboundConnector",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["TaskName"]), name(&["IsTaskSuccessful"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with TaskName and IsTaskSuccessful.",
    sample: "ConnectorTest.csv",
    ..INBOUND_CONNECTOR
};

pub(super) const HEALTH_ISSUE: DialectRule = DialectRule {
    name: "health_issue",
    title: "service health issues of Microsoft Graph",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["service"]), name(&["status"]), name(&["classification", "issues"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with service, status and classification (or issues).",
    sample: "ServiceHealth.json",
    ..INBOUND_CONNECTOR
};

pub(super) const TLSRPT: DialectRule = DialectRule {
    name: "tlsrpt",
    title: "SMTP TLS report (JSON, RFC 8460)",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["organization-name"]), name(&["date-range"]), name(&["policies"])],
        veto: |_| None,
    },
    recognised: "A header line, or JSON records, with organization-name, date-range and policies.",
    sample: "tlsrpt.json",
    ..INBOUND_CONNECTOR
};

pub(super) const SMTP_LOG: DialectRule = DialectRule {
    name: "smtp_log",
    title: "SMTP send or receive protocol log of an Exchange server",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[name(&["session-id"]), name(&["connector-id"]), name(&["remote-endpoint"])],
        veto: |_| None,
    },
    recognised: "A #Fields line with session-id, connector-id and remote-endpoint; sessions are put \
        together by their id.",
    sample: "SEND.LOG",
    ..INBOUND_CONNECTOR
};

pub(super) const CONNECTIVITY_LOG: DialectRule = DialectRule {
    name: "connectivity_log",
    title: "connectivity log of an Exchange server",
    recognition: Recognition::Columns {
        base: 1000,
        specs: &[
            name(&["session"]),
            name(&["source"]),
            name(&["destination"]),
            name(&["direction"]),
            name(&["description"]),
        ],
        veto: |_| None,
    },
    recognised: "A #Fields line with session, source, Destination, direction and description.",
    sample: "CONNECTLOG.LOG",
    ..INBOUND_CONNECTOR
};
