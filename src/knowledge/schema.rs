//! The tables and their columns: one entry per file.

/// One table: its name and its text, as compiled in.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// File name without `.csv`.
    pub name: &'static str,
    /// The CSV text: RFC 4180, UTF-8, LF.
    pub csv: &'static str,
    /// Columns, in order.
    pub columns: &'static [&'static str],
    /// Columns that name a row.
    pub key: &'static [&'static str],
}

/// Every table of this room. A new table is one file and one entry.
pub const TABLES: &[Table] = &[
    Table {
        name: "ndr_codes",
        csv: include_str!("tables/ndr_codes.csv"),
        columns: &[
            "code",
            "smtp_reply",
            "text_pattern",
            "meaning",
            "direction",
            "layer",
            "cause",
            "side",
            "admin_action",
            "issuer",
            "priority",
            "source",
            "confidence",
        ],
        key: &["code", "issuer", "text_pattern"],
    },
    Table {
        name: "speaker_codes",
        csv: include_str!("tables/speaker_codes.csv"),
        columns: &[
            "code",
            "text_pattern",
            "speaker",
            "meaning",
            "direction",
            "layer",
            "cause",
            "side",
            "admin_action",
            "issuer",
            "priority",
            "source",
            "confidence",
        ],
        key: &["code", "text_pattern", "speaker"],
    },
    Table {
        name: "trace_status",
        csv: include_str!("tables/trace_status.csv"),
        columns: &[
            "surface",
            "status",
            "meaning",
            "class",
            "layer",
            "admin_action",
            "source",
            "confidence",
        ],
        key: &["surface", "status"],
    },
    Table {
        name: "trace_detail_patterns",
        csv: include_str!("tables/trace_detail_patterns.csv"),
        columns: &["pattern", "meaning", "layer", "admin_action", "source", "confidence"],
        key: &["pattern"],
    },
    Table {
        name: "forefront",
        csv: include_str!("tables/forefront.csv"),
        columns: &[
            "field",
            "value",
            "kind",
            "meaning",
            "admin_action",
            "layer",
            "source",
            "confidence",
        ],
        key: &["field", "value", "kind"],
    },
    Table {
        name: "scl",
        csv: include_str!("tables/scl.csv"),
        columns: &["scl", "verdict", "meaning", "default_action", "note", "source", "confidence"],
        key: &["scl"],
    },
    Table {
        name: "bcl",
        csv: include_str!("tables/bcl.csv"),
        columns: &["bcl", "class", "meaning", "default_action", "source", "confidence"],
        key: &["bcl"],
    },
    Table {
        name: "auth_results",
        csv: include_str!("tables/auth_results.csv"),
        columns: &[
            "method",
            "value",
            "detail",
            "meaning",
            "layer",
            "admin_action",
            "source",
            "confidence",
        ],
        key: &["method", "value", "detail"],
    },
    Table {
        name: "events",
        csv: include_str!("tables/events.csv"),
        columns: &["kind", "name", "meaning", "class", "layer", "source", "confidence"],
        key: &["kind", "name"],
    },
    Table {
        name: "microsoft_antispam",
        csv: include_str!("tables/microsoft_antispam.csv"),
        columns: &["header", "field", "value", "meaning", "diagnostic_use", "source", "confidence"],
        key: &["header", "field", "value"],
    },
    Table {
        name: "exchange_headers",
        csv: include_str!("tables/exchange_headers.csv"),
        columns: &[
            "header",
            "category",
            "value",
            "meaning",
            "diagnostic_use",
            "trust",
            "source",
            "confidence",
        ],
        key: &["header", "value"],
    },
    Table {
        name: "pcl",
        csv: include_str!("tables/pcl.csv"),
        columns: &["pcl", "verdict", "meaning", "default_action", "source", "confidence"],
        key: &["pcl"],
    },
    Table {
        name: "other_vendors",
        csv: include_str!("tables/other_vendors.csv"),
        columns: &[
            "vendor",
            "header",
            "format",
            "meaning",
            "verdict_rule",
            "trust",
            "source",
            "confidence",
        ],
        key: &["header"],
    },
];
