//! Documents beside the mail: reports of others about our mail, and settings of the organisation.
//! The diagnosis may name them, never count them.

use super::input::InputId;
use super::time::Instant;

/// One document, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The input.
    pub input: InputId,
    /// What it says.
    pub content: Content,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// DMARC aggregate report.
    Dmarc(Box<DmarcReport>),
    /// SMTP TLS report.
    Tls(Box<TlsReport>),
    /// A complaint or an authentication failure report (ARF).
    Feedback(Box<Feedback>),
    /// A setting, a certificate, a test or a service issue.
    Setting(Box<Setting>),
    /// One SMTP session of a server's log.
    Session(Box<Session>),
}

/// DMARC aggregate report (RFC 7489, RFC 9990): what one receiver saw of a domain's mail. Texts are
/// as written, results in lower case; empty where the report does not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DmarcReport {
    /// Who reports.
    pub org_name: String,
    /// Its address.
    pub email: String,
    /// Its number of the report.
    pub report_id: String,
    /// Begin of the time it is about, UTC.
    pub begin: Option<Instant>,
    /// End of that time, UTC.
    pub end: Option<Instant>,
    /// The domain whose policy was published.
    pub domain: String,
    /// The policy as published: name and value (`adkim`, `aspf`, `p`, `sp`, `pct`, `np`, ...).
    pub policy: Vec<(String, String)>,
    /// One per address, disposition and set of results.
    pub rows: Vec<DmarcRow>,
}

/// One row of an aggregate report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DmarcRow {
    /// Address the mail came from.
    pub ip: String,
    /// Messages.
    pub count: u64,
    /// What was done: `none`, `quarantine`, `reject`, `pass`.
    pub disposition: String,
    /// DKIM, aligned: `pass` or `fail`.
    pub dkim: String,
    /// SPF, aligned.
    pub spf: String,
    /// Domain of the From header.
    pub header_from: String,
    /// Domain of the envelope sender.
    pub envelope_from: String,
    /// Domain of the recipients.
    pub envelope_to: String,
    /// Why another disposition than the policy's was chosen.
    pub reasons: Vec<String>,
    /// DKIM signatures: domain, selector, result.
    pub auth_dkim: Vec<(String, String, String)>,
    /// SPF checks: domain, scope, result.
    pub auth_spf: Vec<(String, String, String)>,
}

impl DmarcRow {
    /// The mail passed DMARC: one of the two aligned results did.
    pub fn passes(&self) -> bool {
        self.dkim == "pass" || self.spf == "pass"
    }
}

impl DmarcReport {
    /// Messages of the rows for which `which` holds.
    pub fn messages(&self, which: impl Fn(&DmarcRow) -> bool) -> u64 {
        self.rows.iter().filter(|row| which(row)).map(|row| row.count).sum()
    }
}

/// SMTP TLS report (RFC 8460).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsReport {
    /// Who reports.
    pub org_name: String,
    /// Its number of the report.
    pub report_id: String,
    /// Begin of the time it is about, UTC.
    pub begin: Option<Instant>,
    /// End of that time, UTC.
    pub end: Option<Instant>,
    /// One per policy.
    pub policies: Vec<TlsPolicy>,
}

/// What was seen under one policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsPolicy {
    /// Domain of the policy.
    pub domain: String,
    /// `sts`, `tlsa` or `no-policy-found`.
    pub kind: String,
    /// Sessions that were encrypted as the policy asks.
    pub successful: u64,
    /// Sessions that were not.
    pub failed: u64,
    /// Result type, receiving host, sessions.
    pub failures: Vec<(String, String, u64)>,
}

/// Fields of a feedback report (RFC 5965, RFC 6591), names in lower case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feedback {
    /// Name and value, in order.
    pub fields: Vec<(String, String)>,
}

impl Feedback {
    /// A field's value; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// Which log a session stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionLog {
    /// SMTP send or receive protocol log.
    #[default]
    Protocol,
    /// Connectivity log.
    Connectivity,
}

impl SessionLog {
    /// Spelling in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Connectivity => "connectivity",
        }
    }
}

/// One SMTP session, its lines put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// The log.
    pub log: SessionLog,
    /// Connector; in a connectivity log the component.
    pub connector: String,
    /// Session id: the one that tracking logs name in their source context.
    pub id: String,
    /// The other side: address, or destination domain.
    pub remote: String,
    /// First line, UTC.
    pub begin: Instant,
    /// Last line, UTC.
    pub end: Instant,
    /// Lines.
    pub lines: u64,
    /// Messages that were begun (MAIL FROM), or sent.
    pub messages: u64,
    /// TLS was begun.
    pub tls: bool,
    /// The first refusal with its command, or how the session broke; empty where it went well.
    pub failure: String,
}

/// What a setting is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingKind {
    /// Get-InboundConnector.
    InboundConnector,
    /// Get-OutboundConnector.
    OutboundConnector,
    /// Get-HostedContentFilterPolicy.
    FilterPolicy,
    /// Get-TransportRule.
    TransportRule,
    /// Get-ExchangeCertificate.
    Certificate,
    /// Validate-OutboundConnector.
    ConnectorTest,
    /// Service health issue.
    HealthIssue,
}

impl SettingKind {
    /// Spelling in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InboundConnector => "inbound_connector",
            Self::OutboundConnector => "outbound_connector",
            Self::FilterPolicy => "filter_policy",
            Self::TransportRule => "transport_rule",
            Self::Certificate => "certificate",
            Self::ConnectorTest => "connector_test",
            Self::HealthIssue => "health_issue",
        }
    }
}

/// One object of an export of settings. Texts are as written; empty where it does not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What it is.
    pub kind: SettingKind,
    /// Name people know it by; a certificate's subject, a test's task, an issue's title.
    pub name: String,
    /// Number that records name it by: GUID, thumbprint, issue id; lower case.
    pub id: String,
    /// State in one word: `enabled`, `disabled`, `expired`, `failed`, `serviceDegradation`, ...
    pub state: String,
    /// Since when, or from when on: begin of an issue, of a certificate, last change.
    pub since: Option<Instant>,
    /// Until when: end of an issue or of a certificate.
    pub until: Option<Instant>,
    /// The properties that matter, name and value; lists joined by `;`.
    pub facts: Vec<(&'static str, String)>,
}

impl Setting {
    /// A property's value; empty where it does not say.
    pub fn get(&self, name: &str) -> &str {
        self.facts.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}
