//! Why an input is not read, in words that name what was seen and the mend.

use std::fmt;

/// Why an input is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Miss {
    /// No bytes at all.
    Empty,
    /// Nothing but white space.
    Blank,
    /// No text.
    Binary,
    /// A kind of file that is told by its first bytes.
    Kind {
        /// What it is.
        what: &'static str,
        /// What to do.
        mend: &'static str,
    },
    /// An export that is known and not read by this version.
    Known {
        /// What it is.
        what: &'static str,
        /// What to do.
        mend: &'static str,
        /// Column names as written.
        columns: Vec<String>,
    },
    /// No whole first line, or one that leaves a quote open.
    NoHeader,
    /// Several dialects fit equally well.
    Tie {
        /// Their names.
        dialects: Vec<&'static str>,
        /// Column names as written.
        columns: Vec<String>,
    },
    /// A header line of no known dialect.
    Unknown {
        /// Column names as written.
        columns: Vec<String>,
        /// How many columns there are.
        count: usize,
        /// The nearest dialect and what it lacks.
        nearest: Option<(&'static str, Vec<&'static str>)>,
    },
}

impl Miss {
    /// Text of no known kind: it may hold headers all the same, pasted badly.
    pub fn may_be_pasted(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::NoHeader | Self::Tie { .. })
    }

    /// A stable word for the kind, for scripts.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Empty | Self::Blank => "empty",
            Self::Binary => "binary",
            Self::Kind { .. } => "other_kind",
            Self::Known { .. } => "known_export",
            Self::NoHeader => "no_header",
            Self::Tie { .. } => "tie",
            Self::Unknown { .. } => "unknown",
        }
    }
}

impl std::error::Error for Miss {}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty; export it again"),
            Self::Blank => f.write_str("nothing but white space in it; export it again"),
            Self::Binary => {
                f.write_str("binary data, no text export; give the CSV or the .eml file")
            }
            Self::Kind { what, mend } => write!(f, "this is {what}, which is not read: {mend}"),
            Self::Known { what, mend, columns } => {
                write!(f, "recognised as {what}, which this version does not read: {mend}")?;
                if columns.is_empty() {
                    return Ok(());
                }
                write!(f, " (columns seen: {})", list(columns))
            }
            Self::NoHeader => f.write_str(
                "no header line with column names and no message headers at the start (a line of \
                 more than 64 KiB, an open quote, or line ends of both kinds mixed); give \
                 the file as it was exported",
            ),
            Self::Tie { dialects, columns } => write!(
                f,
                "fits {} equally well (columns seen: {}); remove the columns that belong to the \
                 other one",
                dialects.join(" and "),
                list(columns)
            ),
            Self::Unknown { columns, count, nearest } => {
                write!(f, "no known export; {count} columns seen: {}", list(columns))?;
                match nearest {
                    Some((name, missing)) => write!(
                        f,
                        "; nearest is {name}, which also needs {}. Export it again with all columns",
                        missing.join(", ")
                    ),
                    None => f.write_str("; see `mailtriage analyze --help` for what is read"),
                }
            }
        }
    }
}

/// The first twelve names, each shortened and with everything unprintable escaped.
fn list(columns: &[String]) -> String {
    const SHOWN: usize = 12;
    const LENGTH: usize = 40;
    let mut text = String::new();
    for (index, column) in columns.iter().take(SHOWN).enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        if column.is_empty() {
            text.push_str("\"\"");
        }
        for c in column.chars().take(LENGTH) {
            // `escape_debug` leaves marks that turn the reading direction; they are no columns'.
            if c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric() {
                text.push(c);
            } else {
                text.extend(c.escape_unicode());
            }
        }
        if column.chars().nth(LENGTH).is_some() {
            text.push_str("...");
        }
    }
    if columns.len() > SHOWN {
        text.push_str(" and ");
        text.push_str(&(columns.len() - SHOWN).to_string());
        text.push_str(" more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn names_are_tamed() {
        let names = ["a\u{1b}[31m", "b\u{202e}", "größe", ""].map(str::to_owned);
        assert_eq!(list(&names), r#"a\u{1b}[31m, b\u{202e}, größe, """#);
        let many: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        assert!(list(&many).ends_with("11 and 8 more"));
        assert!(list(&["x".repeat(500)]).len() < 60);
    }
}
