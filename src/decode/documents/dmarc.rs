//! DMARC aggregate reports (RFC 7489 appendix C, RFC 9990): XML, leniently.
//!
//! Elements are known by their local names and those of their parents; what stands elsewhere is
//! passed over. Tags that are not closed, stray angle brackets in values and bytes that are no
//! UTF-8 occur in real reports: what can be made out counts, and it is said that some was not.

use crate::model::Instant;
use crate::model::documents::{DmarcReport, DmarcRow};
use crate::model::time::SECOND;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Rows kept of one report.
const MOST_ROWS: usize = 200_000;
/// Elements open at once.
const DEEPEST: usize = 64;
/// Longest value kept, bytes.
const LONGEST: usize = 1000;

/// Reads a report; also what the user should know.
pub(super) fn read(bytes: &[u8]) -> Result<(DmarcReport, Vec<String>), String> {
    let text = String::from_utf8_lossy(bytes);
    let mut notes = Vec::new();
    if matches!(text, std::borrow::Cow::Owned(_)) {
        notes.push("bytes that are no UTF-8 are left out of its values".to_owned());
    }
    let mut walk = Walk::default();
    let broken = walk.run(&text);
    let Walk { report, rows, seen, .. } = walk;
    if !seen || report.domain.is_empty() && report.rows.is_empty() {
        let why = broken.unwrap_or_else(|| "no policy and no records in it".to_owned());
        return Err(format!("a DMARC report that cannot be read: {why}"));
    }
    if let Some(why) = broken {
        notes.push(format!("broken XML ({why}); what can be made out counts"));
    }
    if rows > MOST_ROWS {
        notes.push(format!("{rows} rows, of which {MOST_ROWS} are kept"));
    }
    Ok((report, notes))
}

#[derive(Default)]
struct Walk {
    report: DmarcReport,
    rows: usize,
    row: DmarcRow,
    /// The result that is being read: domain, selector or scope, result.
    result: (String, String, String),
    reason: String,
    /// A `feedback` element was opened.
    seen: bool,
    open: Vec<String>,
    text: String,
}

impl Walk {
    /// Reads to the end, or to where it is no XML any more: then why.
    fn run(&mut self, text: &str) -> Option<String> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut odd = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => self.start(tag.local_name().as_ref()),
                Ok(Event::Empty(tag)) => {
                    self.start(tag.local_name().as_ref());
                    self.end(tag.local_name().as_ref());
                }
                Ok(Event::End(tag)) => {
                    if !self.end(tag.local_name().as_ref()) {
                        odd = Some("tags that do not match".to_owned());
                    }
                }
                Ok(Event::Text(part)) => self.add(&part.xml10_content()),
                Ok(Event::CData(part)) => self.add(&part.xml10_content()),
                Ok(Event::GeneralRef(part)) => {
                    let known = match part.resolve_char_ref() {
                        Ok(Some(c)) => Some(c),
                        _ => match part.as_ref() {
                            "amp" => Some('&'),
                            "lt" => Some('<'),
                            "gt" => Some('>'),
                            "quot" => Some('"'),
                            "apos" => Some('\''),
                            _ => None,
                        },
                    };
                    if let Some(c) = known {
                        self.add(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => {
                    odd = Some(error.to_string());
                    break;
                }
            }
        }
        let unclosed = self.open.first().map(|name| format!("<{name}> is not closed"));
        odd.or(unclosed)
    }

    fn add(&mut self, part: &str) {
        let left = LONGEST.saturating_sub(self.text.len());
        self.text.push_str(&part[..part.floor_char_boundary(left)]);
    }

    fn start(&mut self, name: &str) {
        self.text.clear();
        if self.open.len() == DEEPEST {
            return;
        }
        self.seen |= name == "feedback";
        match name {
            "record" => self.row = DmarcRow::default(),
            "dkim" | "spf" => self.result = Default::default(),
            "reason" => self.reason.clear(),
            _ => {}
        }
        self.open.push(name.to_owned());
    }

    /// False where nothing of this name is open.
    fn end(&mut self, name: &str) -> bool {
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return false };
        let whole = at + 1 == self.open.len();
        self.open.truncate(at);
        let text = std::mem::take(&mut self.text);
        self.value(name, text.trim());
        whole
    }

    /// The element `name` ended with this text in it.
    fn value(&mut self, name: &str, text: &str) {
        let parent = self.open.last().map_or("", String::as_str);
        let grand = self.open.len().checked_sub(2).map_or("", |at| self.open[at].as_str());
        let lower = || text.to_lowercase();
        let report = &mut self.report;
        let row = &mut self.row;
        match (parent, name) {
            ("report_metadata", "org_name") => text.clone_into(&mut report.org_name),
            ("report_metadata", "email") => text.clone_into(&mut report.email),
            ("report_metadata", "report_id") => text.clone_into(&mut report.report_id),
            ("date_range", "begin") => report.begin = epoch(text),
            ("date_range", "end") => report.end = epoch(text),
            ("policy_published", _) => {
                if name == "domain" {
                    report.domain = lower();
                }
                if report.policy.len() < 32 {
                    report.policy.push((name.to_owned(), lower()));
                }
            }
            ("row", "source_ip") => text.clone_into(&mut row.ip),
            ("row", "count") => row.count = text.parse().unwrap_or(0),
            ("policy_evaluated", "disposition") => row.disposition = lower(),
            ("policy_evaluated", "dkim") => row.dkim = lower(),
            ("policy_evaluated", "spf") => row.spf = lower(),
            ("policy_evaluated", "reason") => {
                let reason = std::mem::take(&mut self.reason);
                if !reason.is_empty() && row.reasons.len() < 32 {
                    row.reasons.push(reason);
                }
            }
            ("reason", "type") => self.reason = lower(),
            ("identifiers" | "identities", "header_from") => row.header_from = lower(),
            ("identifiers" | "identities", "envelope_from") => row.envelope_from = lower(),
            ("identifiers" | "identities", "envelope_to") => row.envelope_to = lower(),
            ("dkim" | "spf", "domain") => self.result.0 = lower(),
            ("dkim" | "spf", "selector" | "scope") => text.clone_into(&mut self.result.1),
            ("dkim" | "spf", "result") => self.result.2 = lower(),
            ("auth_results", "dkim") if row.auth_dkim.len() < 100 => {
                row.auth_dkim.push(std::mem::take(&mut self.result));
            }
            ("auth_results", "spf") if row.auth_spf.len() < 100 => {
                row.auth_spf.push(std::mem::take(&mut self.result));
            }
            (_, "record") if parent == "feedback" || grand == "feedback" || parent.is_empty() => {
                self.rows += 1;
                if self.rows <= MOST_ROWS {
                    report.rows.push(std::mem::take(row));
                }
            }
            _ => {}
        }
    }
}

/// Seconds since 1970.
fn epoch(text: &str) -> Option<Instant> {
    let seconds: i64 = text.split('.').next()?.trim().parse().ok()?;
    (0..1 << 40).contains(&seconds).then(|| Instant(seconds * SECOND))
}
