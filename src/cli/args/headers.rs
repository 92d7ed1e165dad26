//! Arguments of `headers`.

use super::super::parse;
use super::Colour;
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

pub(super) const HEADERS_EXAMPLES: &str = "\
Examples:
  mailtriage headers message.eml
      One message, or a pasted header block, as a page: verdict, who decided, what to do, way with
      the border of trust, every stamp explained
  mailtriage headers message.eml --all
      Every header as well, grouped and explained
  mailtriage headers quarantine/
      Several messages as a table, one line each
  mailtriage headers quarantine/ --format csv > stamps.csv
      Flat keys for a spreadsheet; jsonl and json hold the lists as well, html is a page to pass on
  mailtriage headers --compare junked.eml arrived.eml
      Two messages side by side: what differs, and why one was junked
  pbpaste | mailtriage headers -

Exit codes: 0 all were read; 1 some were skipped; 2 wrong usage; 3 none could be read.";

/// Arguments of `headers`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Headers {
    /// Messages, pasted header blocks, folders (read whole), globs; - is standard input
    #[arg(required = true, value_name = "PATH")]
    pub(in crate::cli) paths: Vec<PathBuf>,

    /// What to print on stdout; text is a page for one message and a table for several
    #[arg(long, value_enum, default_value_t = HeadersFormat::Text)]
    pub(in crate::cli) format: HeadersFormat,

    /// A domain of our own (repeatable): look-alikes of it are searched for among the senders
    #[arg(long = "tenant-domain", value_name = "DOMAIN", value_parser = parse::domain)]
    pub(in crate::cli) tenant_domains: Vec<String>,

    /// Verify DKIM signatures anew with the keys in this snapshot of DNS: zone lines, output of
    /// dig, nslookup or Resolve-DnsName, or JSON (needs the full build)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) dns: Option<PathBuf>,

    /// Every header, grouped and explained, and nothing shortened; of several messages as text one
    /// page each (text and html)
    #[arg(long)]
    pub(in crate::cli) all: bool,

    /// Put two messages side by side: what differs, and why one was held (text and json)
    #[arg(long, conflicts_with = "all")]
    pub(in crate::cli) compare: bool,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(in crate::cli) color: Colour,

    /// Worker threads [default: the processors, at most 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(in crate::cli) jobs: Option<u16>,

    /// No notes on stderr about what was skipped
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
}

/// What `headers` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum HeadersFormat {
    /// For people
    Text,
    /// One object per line
    Jsonl,
    /// One array of objects
    Json,
    /// One line per message for spreadsheets: UTF-8 with a byte order mark
    Csv,
    /// A page for a browser that loads nothing: one message whole, several as lines that unfold
    Html,
}
