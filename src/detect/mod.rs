//! What is this input?
//!
//! Comes in: the [`Head`] of an input, its first 64 KiB. Goes out: [`Detected`] (the dialect with
//! its columns, and whether the input is mail or evidence), or a [`Miss`] that says what was seen
//! and what to do. Content alone decides; names and extensions never do. Deliberately absent:
//! reading on, opening files, the meaning of cells.
//!
//! Every rule of [`DIALECTS`] is asked and answers no, maybe or yes with a score; the best yes
//! wins, whatever the order of the list. A new dialect is one file and one line there.

mod changes;
mod dmarc;
mod emailevents;
mod emailpostdelivery;
mod eml;
mod encoding;
mod explorer;
mod graph_messagetrace;
mod graph_messagetracedetail;
mod header;
mod headers;
pub mod json;
mod known;
mod mbox;
mod messagetrace_v1;
mod messagetracedetail;
mod messagetracev2;
mod messagetrackinglog;
mod miss;
mod msg;
mod mtdetail;
mod mtsummary;
mod portal_summary;
mod quarantine;
mod quarantine_portal;
mod rule;
mod settings;
mod signature;
mod tracking_log;

#[cfg(test)]
mod tests;

pub use miss::Miss;
pub use rule::{Answer, ColumnSpec, DialectRule, Recognition, ZoneRule};

use crate::model::{ColumnRole, Dialect, Encoding, Form, InputRole};
use header::View;
use std::io::{self, Read};

/// Everything that can be read, in the order of the documentation.
pub const DIALECTS: &[DialectRule] = &[
    messagetracev2::RULE,
    messagetrace_v1::RULE,
    portal_summary::RULE,
    mtsummary::RULE,
    mtdetail::RULE,
    messagetracedetail::RULE,
    graph_messagetrace::RULE,
    graph_messagetracedetail::RULE,
    quarantine::RULE,
    quarantine_portal::RULE,
    emailevents::RULE,
    emailpostdelivery::RULE,
    explorer::RULE,
    tracking_log::RULE,
    messagetrackinglog::RULE,
    headers::RULE,
    changes::RULE,
    eml::RULE,
    mbox::RULE,
    msg::RULE,
    dmarc::RULE,
    settings::SMTP_LOG,
    settings::CONNECTIVITY_LOG,
    settings::TLSRPT,
    settings::INBOUND_CONNECTOR,
    settings::OUTBOUND_CONNECTOR,
    settings::FILTER_POLICY,
    settings::TRANSPORT_RULE,
    settings::CERTIFICATE,
    settings::CONNECTOR_TEST,
    settings::HEALTH_ISSUE,
];

/// Name of the dialect of message files.
pub const MESSAGE: &str = eml::RULE.name;

/// Bytes of an input that detection looks at.
pub const HEAD_BYTES: usize = 64 << 10;

/// More columns than this make no export of mail.
const MAX_COLUMNS: usize = 1000;

/// The begin of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The first [`HEAD_BYTES`] bytes, or all there are.
    pub bytes: Vec<u8>,
    /// Size of the whole input in bytes.
    pub total: u64,
    /// How the input is named to the user.
    pub name: String,
}

impl Head {
    /// Reads the head of an input of `total` bytes.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read.
    pub fn read(source: impl Read, total: u64, name: &str) -> io::Result<Self> {
        let mut bytes = Vec::with_capacity(total.min(HEAD_BYTES as u64) as usize + 1);
        source.take(HEAD_BYTES as u64).read_to_end(&mut bytes)?;
        Ok(Self { total: total.max(bytes.len() as u64), bytes, name: name.to_owned() })
    }

    /// The whole input is in `bytes`.
    fn is_whole(&self) -> bool {
        self.bytes.len() as u64 >= self.total
    }
}

/// What an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// How to read it.
    pub dialect: Dialect,
    /// What it is evidence of.
    pub role: InputRole,
    /// In which zone its times are: the dialect's rule, or what the time column's name says.
    pub zone: ZoneRule,
    /// What the user should know about the choice.
    pub notes: Vec<String>,
    /// Names of its columns as written, and whether they are read.
    pub columns: Vec<(String, bool)>,
}

/// The dialect rules, for `formats` and the report.
pub fn rules() -> &'static [DialectRule] {
    DIALECTS
}

/// The rule of a dialect by its name.
pub fn rule(name: &str) -> Option<&'static DialectRule> {
    DIALECTS.iter().find(|rule| rule.name == name)
}

/// Settles what an input is.
///
/// # Errors
///
/// A [`Miss`] where no dialect fits, where several fit equally, or where the input is of a known
/// kind that is not read.
pub fn detect(head: &Head) -> Result<Detected, Miss> {
    if head.bytes.is_empty() {
        return Err(Miss::Empty);
    }
    if let Some(rule) = DIALECTS.iter().find(|rule| rule.knows(&head.bytes)) {
        let dialect = plain(rule, Encoding::Utf8);
        return Ok(Detected {
            dialect,
            role: rule.role,
            zone: rule.zone,
            notes: Vec::new(),
            columns: Vec::new(),
        });
    }
    if let Some(miss) = signature::container(&head.bytes) {
        return Err(miss);
    }
    let whole = head.is_whole();
    let (encoding, mark) = encoding::sniff(&head.bytes, whole).ok_or(Miss::Binary)?;
    let body = head.bytes.get(mark..).unwrap_or_default();
    let text = encoding.decode(body);
    let mut detected = detect_text(&text, whole, encoding)?;
    let dialect = &mut detected.dialect;
    let preamble = text.get(..dialect.data_start as usize).unwrap_or(&text);
    let start = mark as u64 + encoding.source_bytes(preamble);
    // The odd last byte of a file that is no more than a header counts as one here.
    dialect.data_start = start.min(head.bytes.len() as u64);
    let message = matches!(dialect.form, Form::Message | Form::Mbox);
    if message && encoding == Encoding::Windows1252 {
        // The parts of a message name their encodings themselves.
        dialect.encoding = Encoding::Utf8;
    }
    Ok(detected)
}

/// True where the first bytes of an input are those of a message in ASCII or UTF-8 beyond doubt.
/// Messages come by the ten thousand: this spares them the questions that [`detect`] asks, and
/// never says otherwise than it would.
pub fn is_message(bytes: &[u8]) -> bool {
    eml::at_once(bytes)
}

/// The text encoding of an input; `None` for what is no text.
pub fn encoding(head: &Head) -> Option<Encoding> {
    encoding::sniff(&head.bytes, head.is_whole()).map(|(encoding, _)| encoding)
}

/// Detection on text without its byte order mark.
fn detect_text(text: &[u8], whole: bool, encoding: Encoding) -> Result<Detected, Miss> {
    if text.trim_ascii().is_empty() {
        return Err(Miss::Blank);
    }
    let view = View::of(text, whole);
    let rule = choose(&view).map_err(|miss| signature::markup(text).unwrap_or(miss))?;
    let mut notes = Vec::new();
    let mut zone = rule.zone;
    let mut columns = Vec::new();
    let mut dialect = plain(rule, encoding);
    if let (Recognition::Columns { specs, .. }, Some(header)) = (&rule.recognition, &view.header) {
        dialect.delimiter = header.delimiter;
        dialect.data_start = header.data_start;
        dialect.data_line = header.data_line;
        dialect.width = header.names.len() as u16;
        dialect.columns = rule::map_columns(specs, header, &mut notes);
        columns = rule::known_columns(specs, header);
        if view.json {
            dialect.form = Form::Json;
            dialect.keep_keys(&header.written);
        }
        match encoding {
            Encoding::Windows1252 => notes.push(encoding::ASSUMED.to_owned()),
            _ => encoding::note_other_bytes(text, whole, &mut notes),
        }
        let time = dialect.column(ColumnRole::Time).and_then(|at| header.names.get(at));
        if time.is_some_and(|name| name.contains("utc")) {
            zone = ZoneRule::Stated;
        }
    }
    Ok(Detected { dialect, role: rule.role, zone, notes, columns })
}

/// A dialect without columns.
fn plain(rule: &DialectRule, encoding: Encoding) -> Dialect {
    Dialect {
        name: rule.name,
        form: rule.form,
        grain: rule.grain,
        encoding,
        delimiter: b',',
        data_start: 0,
        data_line: 0,
        columns: [None; ColumnRole::COUNT],
        width: 0,
        keys: Vec::new(),
    }
}

/// Asks every rule; the best yes wins.
fn choose(view: &View<'_>) -> Result<&'static DialectRule, Miss> {
    let answers: Vec<_> = DIALECTS.iter().map(|rule| (rule, rule.ask(view))).collect();
    let score = |answer: &Answer| match answer {
        Answer::Yes(score) => Some(*score),
        _ => None,
    };
    let best = answers.iter().filter_map(|(_, answer)| score(answer)).max();
    let Some(best) = best else {
        return Err(explain(view, &answers));
    };
    let mut winners =
        (answers.iter()).filter(|(_, answer)| score(answer) == Some(best)).map(|(rule, _)| *rule);
    match (winners.next(), winners.next()) {
        (Some(rule), None) => Ok(rule),
        (first, second) => Err(Miss::Tie {
            dialects: first.into_iter().chain(second).map(|rule| rule.name).collect(),
            columns: view.columns_seen(),
        }),
    }
}

/// Why nothing fits.
fn explain(view: &View<'_>, answers: &[(&'static DialectRule, Answer)]) -> Miss {
    if let Some(miss) = known::recognise(view) {
        return miss;
    }
    if let (false, Some(miss)) = (view.json, signature::empty_json(view.text)) {
        return miss;
    }
    let Some(header) = &view.header else {
        return Miss::NoHeader;
    };
    let nearest = (answers.iter())
        .filter_map(|(rule, answer)| match answer {
            Answer::Maybe { score, missing } => Some((*score, rule.name, missing.clone())),
            _ => None,
        })
        .max_by_key(|(score, ..)| *score);
    Miss::Unknown {
        columns: view.columns_seen(),
        count: header.names.len(),
        nearest: nearest.map(|(_, name, missing)| (name, missing)),
    }
}
