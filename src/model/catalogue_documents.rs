//! The part of the catalogue that documents beside the mail fill, and the columns of affected
//! deliveries.

use super::catalogue::{ColumnSpec, NEVER, TableSpec, UNSTATED, col, opt};
use super::report::ColumnKind::{self, Count, Id, Instant, Text};

const fn n(name: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind: Count, unit: None, meaning, missing: "never" }
}

const fn t(name: &'static str, kind: ColumnKind, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit: None, meaning, missing: "the document does not say" }
}

const SOURCE: ColumnSpec = t("source", Text, "Path of the input.");

pub(super) const FINDING_BY_BUCKET: TableSpec = TableSpec {
    name: "finding_by_bucket",
    row: "One finding and time bucket, by finding and time: its deliveries as far as they were kept one by one",
    empty: "no finding lists deliveries",
    columns: &[
        col("finding_key", Id, "Key of the finding."),
        col("finding", Id, "Id of the finding."),
        col("bucket", Instant, "Start of the bucket."),
        n(
            "deliveries",
            "Deliveries of the finding; where cases were sampled, those of the sample.",
        ),
    ],
};

pub(super) const DMARC_REPORTS: TableSpec = TableSpec {
    name: "dmarc_reports",
    row: "One DMARC aggregate report",
    empty: "no DMARC report is among the inputs",
    columns: &[
        t("org_name", Text, "Who reports."),
        t("email", Text, "Address of who reports."),
        t("report_id", Id, "Id of the report."),
        t("begin", Instant, "Begin of its time."),
        t("end", Instant, "End of its time."),
        t("domain", Text, "Domain it is about."),
        t("p", Text, "Policy of the domain."),
        t("sp", Text, "Policy of its subdomains."),
        t("pct", Text, "Part of the mail that the policy is for, per cent."),
        t("adkim", Text, "Alignment of DKIM: `r` or `s`."),
        t("aspf", Text, "Alignment of SPF: `r` or `s`."),
        n("records", "Records of the report."),
        n("messages", "Messages in them."),
        n("dkim_pass", "Messages whose DKIM passes, aligned."),
        n("spf_pass", "Messages whose SPF passes, aligned."),
        n("dmarc_pass", "Messages that pass."),
        n("dmarc_fail", "Messages that fail."),
        n("none", "Messages with which nothing was done."),
        n("quarantine", "Messages that were treated as suspicious."),
        n("reject", "Messages that were refused."),
        n("ips", "Distinct sending addresses."),
        SOURCE,
    ],
};

pub(super) const DMARC_SOURCES: TableSpec = TableSpec {
    name: "dmarc_sources",
    row: "One domain and sending address in DMARC reports, most failing first, at most `--top`",
    empty: "no DMARC report is among the inputs",
    columns: &[
        t("header_from", Text, "Domain of the From header."),
        t("ip", Text, "Sending address."),
        n("messages", "Messages."),
        n("dmarc_fail", "Messages that fail."),
        n("dkim_pass", "Messages whose DKIM passes, aligned."),
        n("spf_pass", "Messages whose SPF passes, aligned."),
    ],
};

pub(super) const TLS_REPORTS: TableSpec = TableSpec {
    name: "tls_reports",
    row: "One policy of one SMTP TLS report",
    empty: "no TLS report is among the inputs",
    columns: &[
        t("org_name", Text, "Who reports."),
        t("report_id", Id, "Id of the report."),
        t("begin", Instant, "Begin of its time."),
        t("end", Instant, "End of its time."),
        t("domain", Text, "Domain it is about."),
        t("policy", Text, "Kind of policy: `sts`, `tlsa` or `no-policy-found`."),
        n("successful", "Sessions encrypted as the policy asks."),
        n("failed", "Sessions that were not."),
        t("failures", Text, "Why, by host, with sessions, joined by `; `."),
        SOURCE,
    ],
};

pub(super) const FEEDBACK_REPORTS: TableSpec = TableSpec {
    name: "feedback_reports",
    row: "One feedback report (ARF): a complaint or an authentication failure",
    empty: "no feedback report is among the inputs",
    columns: &[
        t("feedback_type", Text, "Kind, such as `abuse` or `auth-failure`."),
        t("mail_from", Text, "Envelope sender of the reported message."),
        t("rcpt_to", Text, "Its recipient."),
        t("source_ip", Text, "Its sending address."),
        t("reported_domain", Text, "Domain it is about."),
        t("auth_failure", Text, "What failed."),
        SOURCE,
    ],
};

pub(super) const SETTINGS: TableSpec = TableSpec {
    name: "settings",
    row: "One connector, policy, rule, certificate, connector test or service issue as exported",
    empty: "no export of settings is among the inputs",
    columns: &[
        t("kind", Text, "Kind."),
        t("name", Text, "Name."),
        t("id", Id, "Id."),
        t("state", Text, "State, as exported."),
        t("since", Instant, "Valid or begun since."),
        t("until", Instant, "Valid until, or ended."),
        t("details", Text, "Other settings, `name=value`, joined by `; `."),
        SOURCE,
    ],
};

pub(super) const SMTP_SESSIONS: TableSpec = TableSpec {
    name: "smtp_sessions",
    row: "SMTP sessions of server logs by connector, other side and failure; failing first, at most `--top`",
    empty: "no server log is among the inputs",
    columns: &[
        t("log", Text, "Kind of log."),
        t("connector", Text, "Connector."),
        t("remote", Text, "The other side."),
        t("failure", Text, "What went wrong, its variable parts masked; empty where nothing did."),
        n("sessions", "Sessions."),
        n("messages", "Messages in them."),
        n("with_tls", "Sessions with TLS."),
        n_time("first", "First of them."),
        n_time("last", "Last of them."),
    ],
};

const fn n_time(name: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind: Instant, unit: None, meaning, missing: "never" }
}

/// Columns of `affected`.
pub(super) const AFFECTED: &[ColumnSpec] = &[
    col("finding", Id, "Id of the finding."),
    col("finding_key", Id, "Key of the finding."),
    col("fate", Text, "`lost`, `retrying`, `held`, `late`, `filed` or `let_pass`."),
    opt(
        "tell",
        Text,
        "The address of ours: the sender of outgoing mail, else the recipient.",
        UNSTATED,
    ),
    col("time", Instant, "First time a record states."),
    opt("network_message_id", Id, "Network message id, dashed.", "the records have none"),
    opt("sender", Text, "Envelope sender; `<>` for the null sender.", UNSTATED),
    opt("recipient", Text, "Recipient.", UNSTATED),
    col("direction", Text, "Direction."),
    opt(
        "retry_until",
        Instant,
        "24 hours after the message came in, when the service gives up unless set otherwise.",
        "fate is not `retrying`",
    ),
    opt("code", Id, "Enhanced status code.", UNSTATED),
    opt("reason", Text, "Failure text, its variable parts masked.", UNSTATED),
    opt("connector", Text, "Connector.", UNSTATED),
    opt("server", Text, "Host that gave the reply.", UNSTATED),
    opt("tenant", Id, "Tenant.", UNSTATED),
    col("source", Text, "Path of the input."),
    ColumnSpec {
        name: "line",
        kind: Count,
        unit: None,
        meaning: "Physical line in it.",
        missing: NEVER,
    },
    col("next", Text, "What to do about this delivery."),
];
