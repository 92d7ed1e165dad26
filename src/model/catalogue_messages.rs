//! The part of the catalogue that message files fill: their stamps together, their way.

use super::catalogue::{ColumnSpec, TableSpec};
use super::report::ColumnKind::{self, Count, Id, Share, Text};

const fn col(name: &'static str, kind: ColumnKind, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit: None, meaning, missing: "never" }
}

const fn opt(name: &'static str, meaning: &'static str, missing: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind: Text, unit: None, meaning, missing }
}

const fn seconds(name: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind: Count, unit: Some("s"), meaning, missing: "never" }
}

/// When these tables have no rows.
const NO_FILES: &str = "no message file with a genuine border of trust is among the inputs";

pub(super) const STAMPS: TableSpec = TableSpec {
    name: "stamps",
    row: "One value of one stamp of the service, by stamp, most frequent first",
    empty: "no input holds stamps or verdicts",
    columns: &[
        col(
            "field",
            Text,
            "The stamp: SCL, BCL, SFV, CAT, SPF, DKIM, DMARC, compauth, placement or risk.",
        ),
        col("value", Text, "Its value."),
        col("deliveries", Count, "Deliveries with it."),
        col(
            "failing",
            Count,
            "Of these failing: failed, dropped, or pending beyond the export's lag.",
        ),
        col("held", Count, "Of these held: quarantined, filtered, or delivered to Junk."),
    ],
};

pub(super) const STAMP_PAIRS: TableSpec = TableSpec {
    name: "stamp_pairs",
    row: "Values of several stamps that stand together on message files, by set of stamps, most frequent first",
    empty: NO_FILES,
    columns: &[
        col("fields", Text, "The stamps, with blanks between."),
        col(
            "values",
            Text,
            "Their values in the same order; `-` where one is not stated, `(other)` for one of more \
             than 24 characters.",
        ),
        col("deliveries", Count, "Deliveries with all of these."),
        col("held", Count, "Of these held: quarantined, filtered, or delivered to Junk."),
        col("held_share", Share, "Held part of the deliveries."),
    ],
};

pub(super) const TLS_CONNECTIONS: TableSpec = TableSpec {
    name: "tls_connections",
    row: "Connections of message files of one stretch, TLS version and (at the border) cipher, in order of the way",
    empty: NO_FILES,
    columns: &[
        col(
            "stretch",
            Text,
            "`sender`, `gateway` (by the names of its hosts), `border` (into the organisation), \
             `organisation` or `mailbox`. What lies before the border is the word of strangers.",
        ),
        col(
            "tls",
            Text,
            "`1.3`, `1.2`, `older`, `other`, or `unstated`: the line names none, which not all \
             servers do.",
        ),
        opt("cipher", "Cipher as written.", "another stretch than the border, or none is named"),
        col("connections", Count, "Received lines."),
    ],
};

pub(super) const TLS_REMOTES: TableSpec = TableSpec {
    name: "tls_remotes",
    row: "One domain whose servers came to the border with TLS before 1.2 or with none stated, worst first, at \
          most `--top`",
    empty: "all connections at the border state TLS 1.2 or later",
    columns: &[
        opt(
            "remote_domain",
            "Registered domain of the host, as it calls itself.",
            "it gives an address or no name",
        ),
        col("connections", Count, "Its connections to the border."),
        col("older", Count, "Of these with TLS 1.1 or earlier, or SSL."),
        col("unstated", Count, "Of these with no TLS stated."),
    ],
};

pub(super) const HOP_DELAYS: TableSpec = TableSpec {
    name: "hop_delays",
    row: "One stretch of the way of message files, in order of the way",
    empty: NO_FILES,
    columns: &[
        col("stretch", Text, "As in `tls_connections`."),
        col("deliveries", Count, "Deliveries whose clocks agree on it."),
        seconds("p50_seconds", "Half of them took at most so long, a fifth off at most."),
        seconds("p90_seconds", "90 of 100 took at most so long."),
        seconds("p95_seconds", "95 of 100 took at most so long."),
        seconds("p99_seconds", "99 of 100 took at most so long."),
    ],
};

pub(super) const RULE_IDS: TableSpec = TableSpec {
    name: "rule_ids",
    row: "One number of a filter rule that stands on held mail of proved senders more often than chance allows, \
          clearest first, at most `--top`. Numbers are undocumented and rules fire together: a clue, no cause",
    empty: "none stands out, or too little mail of proved senders was held",
    columns: &[
        col("kind", Text, "`filter` (SFS, ARA) or `engine` (ENG)."),
        col("number", Id, "The number."),
        col("held", Count, "Held deliveries of proved senders with it."),
        col("deliveries", Count, "All deliveries of proved senders with it."),
        col("held_share", Share, "Held part of these."),
        col("held_share_without", Share, "Held part of those without it."),
        col(
            "p_adjusted",
            Text,
            "Fisher's exact test, one-sided, adjusted for the numbers tested (Benjamini and Hochberg).",
        ),
    ],
};
