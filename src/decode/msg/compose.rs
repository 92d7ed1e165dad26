//! An Outlook message as an RFC 5322 message: its own internet headers where it has them, else a
//! header block made of its properties.

use super::{OutlookMessage, Recipient};
use std::fmt::Write;

/// Separates the parts of a report that is made here.
const BOUNDARY: &str = "mailtriage-part";

/// Headers that describe a body which is not the one that follows.
const OF_THE_BODY: &[&str] = &["content-type", "content-transfer-encoding", "mime-version"];

impl OutlookMessage {
    /// The message as bytes: the header block, and behind it a report where it is one. Values are
    /// a stranger's: none of them can begin a header line of its own.
    pub fn to_rfc5322(&self) -> Vec<u8> {
        let mut head = match own_headers(&self.headers) {
            Some(headers) => headers,
            None => self.made_headers(),
        };
        let report = self.class.to_ascii_uppercase().starts_with("REPORT.");
        if !report && !says_report(&head) {
            head.push_str("\r\n");
            return head.into_bytes();
        }
        let mut out = without(&head, OF_THE_BODY);
        let _ = write!(
            out,
            "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; \
             boundary=\"{BOUNDARY}\"\r\n\r\n--{BOUNDARY}\r\nContent-Type: text/plain; \
             charset=utf-8\r\n\r\n{}\r\n",
            inert(&self.body)
        );
        let told = |r: &&Recipient| !r.report.is_empty() || of_number(r.status).is_some();
        if self.recipients.iter().any(|r| told(&r)) {
            let _ = write!(
                out,
                "--{BOUNDARY}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; \
                 unknown\r\n"
            );
            for recipient in self.recipients.iter().filter(told) {
                status(recipient, &mut out);
            }
        }
        if let Some(original) = self.embedded.first() {
            let _ = write!(out, "--{BOUNDARY}\r\nContent-Type: message/rfc822\r\n\r\n");
            out.push_str(&inert(&String::from_utf8_lossy(&original.to_rfc5322())));
            out.push_str("\r\n");
        }
        let _ = write!(out, "--{BOUNDARY}--\r\n");
        out.into_bytes()
    }

    fn made_headers(&self) -> String {
        let mut out = String::new();
        let sender = [&self.sender_smtp, &self.sender_email];
        if let Some(address) = sender.into_iter().find(|a| a.contains('@')) {
            let _ = write!(out, "From: {}\r\n", mailbox(&self.sender_name, address));
        }
        for (name, kind) in [("To", 1), ("Cc", 2)] {
            let list: Vec<String> = self
                .recipients
                .iter()
                .filter(|r| r.kind == kind)
                .filter_map(|r| {
                    let address =
                        [&r.smtp, &r.email, &r.name].into_iter().find(|a| a.contains('@'))?;
                    Some(mailbox(&r.name, address))
                })
                .collect();
            if !list.is_empty() {
                let _ = write!(out, "{name}: {}\r\n", list.join(",\r\n "));
            }
        }
        if let Some(time) = self.submitted.or(self.delivered) {
            let _ = write!(out, "Date: {}\r\n", date(time));
        }
        for (name, value) in [
            ("Subject", &self.subject),
            ("Message-ID", &self.message_id),
            ("In-Reply-To", &self.in_reply_to),
        ] {
            if !value.is_empty() {
                let _ = write!(out, "{name}: {}\r\n", one_line(value));
            }
        }
        out
    }
}

/// A stranger's text in which no part of the report that is made here can begin.
fn inert(text: &str) -> String {
    text.replace(BOUNDARY, "mailtriage part")
}

/// Internet headers with a line end at their end, without the line that Outlook puts before them.
fn own_headers(headers: &str) -> Option<String> {
    let mut text = headers.trim_start_matches(['\u{feff}', '\r', '\n']);
    if text.starts_with("Microsoft Mail Internet Headers") {
        text = text.split_once('\n').map_or("", |(_, rest)| rest);
    }
    // A header block ends at its blank line; what follows is no header.
    let end = ["\r\n\r\n", "\n\n"].iter().filter_map(|blank| text.find(blank)).min();
    let text = text.get(..end.unwrap_or(text.len()))?.trim_end();
    text.contains(':').then(|| format!("{text}\r\n"))
}

/// The headers announce a report.
fn says_report(head: &str) -> bool {
    head.to_ascii_lowercase().contains("multipart/report")
}

/// A header block without the fields of these names, folded lines included.
fn without(head: &str, names: &[&str]) -> String {
    let mut out = String::with_capacity(head.len());
    let mut dropping = false;
    for line in head.split_inclusive('\n') {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
            dropping = names.contains(&name.as_str());
        }
        if !dropping {
            out.push_str(line);
        }
    }
    out
}

/// The block of one recipient (RFC 3464).
fn status(recipient: &Recipient, out: &mut String) {
    let address = [&recipient.smtp, &recipient.email, &recipient.name];
    let address = address.into_iter().find(|a| a.contains('@')).unwrap_or(&recipient.name);
    // Outlook stores the reply between marks: `#550 5.1.1 ...##`.
    let text = one_line(recipient.report.trim_matches(['#', '<', '>', ' ', '\r', '\n']));
    let _ = write!(out, "\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\n", one_line(address));
    if let Some(code) = enhanced(&text).or_else(|| of_number(recipient.status)) {
        let _ = write!(out, "Status: {code}\r\n");
    }
    if !text.is_empty() {
        let _ = write!(out, "Diagnostic-Code: smtp; {text}\r\n");
    }
}

/// The first enhanced status code in a text.
fn enhanced(text: &str) -> Option<String> {
    let word = |w: &&str| {
        let parts: Vec<&str> = w.split('.').collect();
        let digits = |p: &&str| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
        parts.len() == 3 && matches!(parts[0], "2" | "4" | "5") && parts.iter().all(digits)
    };
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find(word).map(str::to_owned)
}

/// `511` as `5.1.1`: how [MS-OXOMSG] packs a status.
fn of_number(status: i32) -> Option<String> {
    matches!(status, 400..600)
        .then(|| format!("{}.{}.{}", status / 100, status / 10 % 10, status % 10))
}

fn mailbox(name: &str, address: &str) -> String {
    let address = one_line(address.trim().trim_matches(['<', '>']));
    let address =
        address.split_once('<').map_or(address.as_str(), |(_, rest)| rest.trim_end_matches('>'));
    let name = one_line(name).replace(['"', '\\'], "");
    if name.is_empty() || name == address {
        address.to_owned()
    } else {
        format!("\"{name}\" <{address}>")
    }
}

/// A value without line ends or other control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// RFC 5322, UTC.
fn date(time: crate::model::Instant) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day, hour, minute, second, _) = time.civil();
    let month = MONTHS.get(month as usize - 1).copied().unwrap_or("Jan");
    format!("{day} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
}
