//! SMTP protocol logs and connectivity logs of an Exchange server: sessions put together from lines
//! that interleave.
//!
//! Source: Microsoft Learn, "Protocol logging" (events `+` connect, `-` disconnect, `>` sent, `<`
//! received, `*` information) and "Connectivity logging". Times are UTC.

use super::super::{DateOrder, time};
use super::Read;
use crate::model::Instant;
use crate::model::documents::{Content, Session, SessionLog};
use csv::{ReaderBuilder, StringRecord};
use std::collections::BTreeMap;

/// Sessions kept of one log.
const MOST: usize = 200_000;
/// Longest text kept, bytes.
const LONGEST: usize = 500;

/// Where the fields of a log stand.
#[derive(Clone, Copy)]
struct Columns {
    log: SessionLog,
    time: usize,
    session: usize,
    connector: usize,
    remote: usize,
    event: usize,
    data: usize,
    context: Option<usize>,
}

impl Columns {
    fn of(names: &StringRecord) -> Option<Self> {
        let at = |name: &str| {
            names
                .iter()
                .position(|n| n.trim().trim_start_matches("#Fields: ").eq_ignore_ascii_case(name))
        };
        let smtp = || {
            Some(Self {
                log: SessionLog::Protocol,
                time: at("date-time")?,
                session: at("session-id")?,
                connector: at("connector-id")?,
                remote: at("remote-endpoint")?,
                event: at("event")?,
                data: at("data")?,
                context: at("context"),
            })
        };
        let connectivity = || {
            Some(Self {
                log: SessionLog::Connectivity,
                time: at("date-time")?,
                session: at("session")?,
                connector: at("source")?,
                remote: at("destination")?,
                event: at("direction")?,
                data: at("description")?,
                context: None,
            })
        };
        smtp().or_else(connectivity)
    }
}

/// Reads a log.
pub(super) fn read(text: &[u8], out: &mut Read) {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut columns: Option<Columns> = None;
    let mut sessions: BTreeMap<(String, String), Building> = BTreeMap::new();
    for (number, record) in (1..).zip(reader.records()) {
        let Ok(record) = record else {
            out.rejects.push((number, "no line of a log".to_owned()));
            continue;
        };
        let first = record.get(0).unwrap_or_default();
        if first.starts_with("#Fields:") || columns.is_none() && !first.starts_with('#') {
            columns = Columns::of(&record).or(columns);
            continue;
        }
        if first.starts_with('#') {
            continue;
        }
        let Some(at) = columns else { continue };
        let get = |place: usize| record.get(place).unwrap_or_default().trim();
        let when = time::parse(get(at.time).as_bytes()).and_then(|w| w.instant(DateOrder::Ymd));
        let (Some(when), false) = (when, get(at.session).is_empty()) else {
            out.rejects.push((number, "no time or no session in it".to_owned()));
            continue;
        };
        // Session ids are unique on one server; connectors tell servers apart.
        let key = (get(at.connector).to_owned(), get(at.session).to_owned());
        if sessions.len() >= MOST && !sessions.contains_key(&key) {
            out.rejects.push((number, format!("more than {MOST} sessions in one log")));
            continue;
        }
        let session = sessions.entry(key).or_insert_with(|| Building::new(at.log, when));
        session.line(when, get(at.remote), get(at.event), get(at.data), at.context.map_or("", get));
    }
    for ((connector, id), building) in sessions {
        let Building { mut session, .. } = building;
        (session.connector, session.id) = (connector, id);
        out.documents.push(Content::Session(Box::new(session)));
    }
}

/// A session as far as its lines were read.
struct Building {
    session: Session,
    /// The command that waits for its reply.
    command: String,
}

impl Building {
    fn new(log: SessionLog, when: Instant) -> Self {
        let session = Session { log, begin: when, end: when, ..Session::default() };
        Self { session, command: String::new() }
    }

    fn line(&mut self, when: Instant, remote: &str, event: &str, data: &str, context: &str) {
        let s = &mut self.session;
        s.lines += 1;
        s.begin = s.begin.min(when);
        s.end = s.end.max(when);
        if s.remote.is_empty() {
            host(remote).clone_into(&mut s.remote);
        }
        match (s.log, event) {
            (SessionLog::Connectivity, _) => connectivity(s, event, data),
            (_, ">" | "<") => {
                if let Some(code) = reply(data) {
                    if (400..600).contains(&code) && s.failure.is_empty() {
                        s.failure = format!("{}{}", self.command, clipped(data));
                    }
                    s.tls |= code == 220 && self.command.starts_with("STARTTLS");
                    self.command.clear();
                } else {
                    let verb = data.split([' ', ':']).next().unwrap_or_default();
                    self.command = format!("{}: ", verb.to_ascii_uppercase());
                    s.messages += u64::from(verb.eq_ignore_ascii_case("MAIL"));
                }
            }
            (_, "-") => {
                let broken = context.contains("SocketError") || context.contains("Remote(");
                if broken && s.failure.is_empty() && s.messages == 0 {
                    s.failure = format!("closed by the other side: {}", clipped(context));
                }
            }
            (_, "*") => {
                let text = if context.is_empty() { data } else { context };
                let lower = text.to_ascii_lowercase();
                let bad = ["certificate validation failed", "tls negotiation failed", "failed"];
                if bad.iter().any(|word| lower.contains(word)) && s.failure.is_empty() {
                    clipped(text).clone_into(&mut s.failure);
                }
            }
            _ => {}
        }
    }
}

/// A connectivity log says in words what became of a connection.
fn connectivity(s: &mut Session, event: &str, data: &str) {
    if let Some(rest) = data.strip_prefix("Messages: ") {
        s.messages += rest.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    }
    let lower = data.to_ascii_lowercase();
    let words = ["fail", "error", "refused", "timed out", "unreachable", "not found"];
    let normal = lower.contains("closed normally");
    if (event == ">" || event == "-")
        && !normal
        && words.iter().any(|word| lower.contains(word))
        && s.failure.is_empty()
    {
        clipped(data).clone_into(&mut s.failure);
    }
}

/// The code of an SMTP reply.
fn reply(data: &str) -> Option<u16> {
    let code: u16 = data.get(..3)?.parse().ok()?;
    let ends = matches!(data.as_bytes().get(3), None | Some(b' ' | b'-'));
    (ends && (200..600).contains(&code)).then_some(code)
}

/// A host without its port.
fn host(endpoint: &str) -> &str {
    match endpoint.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => match endpoint.rsplit_once(':') {
            Some((address, port)) if port.bytes().all(|b| b.is_ascii_digit()) => address,
            _ => endpoint,
        },
    }
}

fn clipped(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}
