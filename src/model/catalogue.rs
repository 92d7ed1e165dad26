//! The tables of a report folder: what a row is, and what each column means. `docs/tables.md` is
//! written from this list, and a test holds the tables of real runs against it.

use super::report::ColumnKind::{self, Count, Id, Instant, Share, Text};

/// A table that every report folder holds, with its header where there are no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSpec {
    /// Stable name: `tables/NAME.csv`.
    pub name: &'static str,
    /// What a row is, and in which order rows stand.
    pub row: &'static str,
    /// When there are no rows.
    pub empty: &'static str,
    /// Columns, in order.
    pub columns: &'static [ColumnSpec],
}

/// A column of such a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Stable name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Unit, where the kind leaves it open.
    pub unit: Option<&'static str>,
    /// Meaning.
    pub meaning: &'static str,
    /// When a cell is empty.
    pub missing: &'static str,
}

/// When a cell is empty: never.
pub(super) const NEVER: &str = "never";
/// When a cell is empty: where the input does not say.
pub(super) const UNSTATED: &str = "the input does not say";
/// Never empty rows.
const HAS_MAIL: &str = "no mail was counted";

pub(super) const fn col(name: &'static str, kind: ColumnKind, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit: None, meaning, missing: NEVER }
}

pub(super) const fn opt(
    name: &'static str,
    kind: ColumnKind,
    meaning: &'static str,
    missing: &'static str,
) -> ColumnSpec {
    ColumnSpec { name, kind, unit: None, meaning, missing }
}

const fn seconds(name: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind: Count, unit: Some("s"), meaning, missing: NEVER }
}

const DELIVERIES: ColumnSpec =
    col("deliveries", Count, "Deliveries: one message to one recipient.");
const FAILING: ColumnSpec =
    col("failing", Count, "Of these failing: failed, dropped, or pending beyond the export's lag.");
const HELD: ColumnSpec =
    col("held", Count, "Of these held: quarantined, filtered, or delivered to Junk.");

const DOMAINS: &[ColumnSpec] = &[
    col(
        "domain",
        Text,
        "Domain behind the last `@` of the address; the whole text where it has none.",
    ),
    DELIVERIES,
    FAILING,
    HELD,
    col("failing_share", Share, "Failing part of the deliveries."),
    col("held_share", Share, "Held part of the deliveries."),
];

/// All tables, in the order of the documentation. [`super::Report::tables`] holds those of them
/// that the run filled; `totals`, `layers`, `sources`, `affected` are drawn from the report itself.
pub const TABLES: &[TableSpec] = &[
    TableSpec {
        name: "totals",
        row: "One number of the run: deliveries by outcome, placement and direction, failing, held, \
              and the ledger of the input",
        empty: NEVER,
        columns: &[
            col("group", Text, "`outcome`, `placement`, `direction`, `judgement` or `input`."),
            col(
                "name",
                Text,
                "Value of that vocabulary, or what is counted. Every value is there, 0 included.",
            ),
            col("count", Count, "How many."),
            opt(
                "share",
                Share,
                "Part of all deliveries; of `failing` and `held` the part of those that are \
                 neither expanded nor redirected.",
                "group `input`",
            ),
        ],
    },
    TableSpec {
        name: "layers",
        row: "One layer, in runbook order",
        empty: NEVER,
        columns: &[
            col("layer", Text, "The layer."),
            col(
                "state",
                Text,
                "`failing`, `risk`, `clear`, `not_observable` or `insufficient_data`.",
            ),
            col("deliveries", Count, "Failing and held deliveries of this layer."),
            col("share", Share, "Their part of all failing and held deliveries."),
            opt(
                "seen_by",
                Text,
                "Formats among the inputs that could show a fault of it, joined by `; `.",
                "none could",
            ),
            opt(
                "needs",
                Text,
                "Exports that could and are not there, joined by `; `.",
                "none is missing",
            ),
        ],
    },
    TableSpec {
        name: "findings",
        row: "One finding: incidents first, by confidence, then share",
        empty: "nothing was found",
        columns: &[
            col("id", Id, "Stable id, `layer.cause`."),
            col(
                "key",
                Id,
                "Stable hash of id and entity: the same problem has the same key tomorrow.",
            ),
            col("status", Text, "`incident`, `chronic`, `risk`, `info` or `insufficient_data`."),
            col("state", Text, "`ongoing`, `recovering`, `ended` or `unknown`."),
            col("layer", Text, "Layer."),
            col("cause", Text, "Cause, a stable word."),
            col(
                "side",
                Text,
                "On whose side: `ours`, `microsoft`, `sender`, `recipient`, `gateway` or `unknown`.",
            ),
            col("entity_type", Text, "Kind of what it is about."),
            col("entity", Text, "What it is about; empty for the whole organisation."),
            opt(
                "onset",
                Instant,
                "Best estimate of when it began.",
                "it was there from the start, or nothing tells",
            ),
            opt("end", Instant, "When it was over.", "it is not over"),
            col("deliveries", Count, "Deliveries hit; an estimate where cases were sampled."),
            col("messages", Count, "Messages hit."),
            col("share", Share, "Part of all failing and held deliveries."),
            col(
                "confidence",
                Share,
                "How sure, from the kind of evidence, its support and contradiction.",
            ),
            col("codes", Text, "Enhanced status codes seen, joined by `; `."),
            col("title", Text, "One sentence."),
        ],
    },
    TableSpec {
        name: "signatures",
        row: "One failure text with its variable parts removed, most frequent first, at most `--top`",
        empty: "nothing failed or was held",
        columns: &[
            col(
                "signature",
                Text,
                "The text; addresses, domains, ids, hosts and times are masked.",
            ),
            col("code", Id, "Enhanced status code; empty where there is none."),
            col("issuer", Text, "Who speaks; empty where unknown."),
            col("layer", Text, "Layer."),
            col("cause", Text, "Cause, a stable word."),
            DELIVERIES,
            col("first_seen", Instant, "First such delivery."),
            col("last_seen", Instant, "Last such delivery."),
            col(
                "top_sender_domains",
                Text,
                "Most frequent sender domains, at most 5, joined by `; `.",
            ),
        ],
    },
    TableSpec {
        name: "outcome_by_bucket",
        row: "One time bucket in which there was mail, in order of time",
        empty: HAS_MAIL,
        columns: &[
            col("bucket", Instant, "Start of the bucket."),
            col("delivered", Count, "Delivered."),
            col("relayed", Count, "Outbound, taken by the next hop."),
            col("quarantined", Count, "In quarantine."),
            col("filtered", Count, "Filtered as spam; no record says where it went."),
            col("failed", Count, "Failed."),
            col("pending", Count, "Not final yet."),
            col("dropped", Count, "Dropped without a word to the sender."),
            col("redirected", Count, "Went on to another address."),
            col("expanded", Count, "A group's address, made into its members."),
            col("recalled", Count, "Recalled by the sender."),
            col("unknown", Count, "No record tells the outcome."),
            DELIVERIES,
            FAILING,
            HELD,
        ],
    },
    TableSpec {
        name: "sender_domains",
        row: "One domain of senders, most failing and held first, at most `--top`",
        empty: HAS_MAIL,
        columns: DOMAINS,
    },
    TableSpec {
        name: "recipient_domains",
        row: "One domain of recipients, most failing and held first, at most `--top`",
        empty: HAS_MAIL,
        columns: DOMAINS,
    },
    TableSpec {
        name: "authentication",
        row: "One domain of the From header, most failing first, at most `--top`; trusted stamps of message files only",
        empty: "no message file with trusted stamps is there",
        columns: &[
            col("from_domain", Text, "Domain of the From header."),
            col("spf_pass", Count, "Messages whose SPF passes."),
            col("spf_fail", Count, "Messages whose SPF fails."),
            col("dkim_pass", Count, "Messages with a DKIM signature that passes."),
            col("dkim_fail", Count, "Messages with none that passes and one that fails."),
            col("dmarc_pass", Count, "Messages that pass DMARC."),
            col("dmarc_fail", Count, "Messages that fail DMARC."),
        ],
    },
    TableSpec {
        name: "connectors",
        row: "One connector, most deliveries first, at most `--top`",
        empty: "no input names a connector",
        columns: &[
            col("connector", Text, "Name of the connector."),
            col("direction", Text, "Direction of most of its deliveries."),
            DELIVERIES,
            FAILING,
            HELD,
            col("deferred", Count, "Deliveries that were deferred at least once."),
            col("first", Instant, "First delivery."),
            col("last", Instant, "Last delivery."),
        ],
    },
    TableSpec {
        name: "latency",
        row: "One time bucket and direction, in order of time",
        empty: "no input states or shows a latency",
        columns: &[
            col("bucket", Instant, "Start of the bucket."),
            col("direction", Text, "`inbound`, `outbound`, `internal` or `unknown`."),
            col("deliveries", Count, "Deliveries whose latency is known."),
            seconds("p50_seconds", "Half of them took at most so long."),
            seconds("p95_seconds", "95 of 100 took at most so long."),
            seconds("p99_seconds", "99 of 100 took at most so long."),
        ],
    },
    super::catalogue_messages::STAMPS,
    super::catalogue_messages::STAMP_PAIRS,
    super::catalogue_messages::TLS_CONNECTIONS,
    super::catalogue_messages::TLS_REMOTES,
    super::catalogue_messages::HOP_DELAYS,
    super::catalogue_messages::RULE_IDS,
    TableSpec {
        name: "quarantine",
        row: "Deliveries that were quarantined first, by reason, policy and what was done since; most first, at most `--top`",
        empty: "nothing was quarantined",
        columns: &[
            col("layer", Text, "Layer that held them."),
            col("cause", Text, "Why, a stable word."),
            opt("policy", Text, "Policy that acted, as named.", UNSTATED),
            opt(
                "action_since",
                Text,
                "What was done since: `released`, `zapped`, `moved` or `recalled`.",
                "nothing, or no input says",
            ),
            col("direction", Text, "Direction."),
            DELIVERIES,
            col(
                "in_quarantine",
                Count,
                "Of these still in quarantine, as far as the inputs reach.",
            ),
            col("first", Instant, "First of them."),
            col("last", Instant, "Last of them."),
        ],
    },
    TableSpec {
        name: "changes",
        row: "One change of the change log, in order of time",
        empty: "no change log is among the inputs",
        columns: &[
            col("time", Instant, "When."),
            opt("what", Text, "What, as written.", UNSTATED),
            opt("who", Text, "Who, as written.", UNSTATED),
            opt(
                "finding",
                Id,
                "Id of the incident that names it as the last relevant change before its onset.",
                "none does",
            ),
            opt("finding_key", Id, "Key of that incident.", "none does"),
            ColumnSpec {
                name: "minutes_to_onset",
                kind: Count,
                unit: None,
                meaning: "Minutes from the change to that onset.",
                missing: "none does",
            },
            col("effect", Text, "The same in words."),
        ],
    },
    super::catalogue_documents::FINDING_BY_BUCKET,
    super::catalogue_documents::DMARC_REPORTS,
    super::catalogue_documents::DMARC_SOURCES,
    super::catalogue_documents::TLS_REPORTS,
    super::catalogue_documents::FEEDBACK_REPORTS,
    super::catalogue_documents::SETTINGS,
    super::catalogue_documents::SMTP_SESSIONS,
    TableSpec {
        name: "sources",
        row: "One input, skipped ones included, in path order",
        empty: NEVER,
        columns: &[
            col("path", Text, "As given; a member of an archive is `ARCHIVE/member`."),
            col("role", Text, "`mail` or `evidence`."),
            opt("format", Text, "How it was read.", "it was skipped; `warnings` says why"),
            opt("encoding", Text, "Encoding.", "it was not settled"),
            ColumnSpec {
                name: "bytes",
                kind: Count,
                unit: Some("bytes"),
                meaning: "Size.",
                missing: NEVER,
            },
            col("rows", Count, "Records, rejected ones included."),
            col("rejected", Count, "Records that could not be read; each is in `rejected.csv`."),
            col("duplicates", Count, "Exact duplicates; they count once."),
            opt("first", Instant, "Earliest time of an accepted record.", "it has none"),
            opt("last", Instant, "Latest time of an accepted record.", "it has none"),
            opt(
                "cap_hit",
                Count,
                "The export's own limit, where the input stands exactly at it: it is probably not whole.",
                "no limit was met",
            ),
            opt("filter", Text, "The filter the export was made with.", "none shows"),
            opt(
                "sha256",
                Id,
                "SHA-256 of the file, 64 hex digits.",
                "a member of an archive, or the file could not be read again",
            ),
            opt("warnings", Text, "What to know about it, joined by `; `.", "nothing"),
        ],
    },
    TableSpec {
        name: "affected",
        row: "One delivery that a finding is about, by finding and time",
        empty: "no finding lists deliveries",
        columns: super::catalogue_documents::AFFECTED,
    },
];

/// The table of this name.
pub fn table(name: &str) -> Option<&'static TableSpec> {
    TABLES.iter().find(|t| t.name == name)
}
