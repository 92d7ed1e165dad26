//! One delivery as a row of facts, and what of a record only facts show.

use crate::decode::cells::text::cell_text;
use crate::model::{
    ColumnRole, Delivery, Dialect, Fact, Outcome, Path, RawRecord, Reply, Stamps, Told, Verdict,
};

/// Local part of the address Exchange sends its own notices from.
const EXCHANGE: &str = "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@";

/// Longest text kept of a cell, bytes.
const LONGEST: usize = 4096;

/// Reads what only facts show from the records of a table.
#[derive(Debug)]
pub(super) struct Teller {
    columns: [Option<usize>; 5],
    texts: [String; 5],
    scratch: Vec<u8>,
}

impl Teller {
    pub(super) fn new(dialect: &Dialect) -> Self {
        let column = |role| dialect.column(role);
        Self {
            columns: [
                column(ColumnRole::MessageId),
                column(ColumnRole::Subject),
                column(ColumnRole::Status)
                    .or_else(|| column(ColumnRole::Event))
                    .or_else(|| column(ColumnRole::RecipientStatus)),
                column(ColumnRole::FromIp),
                column(ColumnRole::ToIp),
            ],
            texts: Default::default(),
            scratch: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, record: &RawRecord<'_>) -> Told<'_> {
        for (column, text) in self.columns.iter().zip(&mut self.texts) {
            text.clear();
            if let Some(column) = column {
                let (cell, _) = cell_text(record.field(*column, &mut self.scratch));
                let cell = cell.trim();
                text.push_str(&cell[..cell.floor_char_boundary(LONGEST)]);
            }
        }
        let [message_id, subject, status, client_ip, remote_ip] = &self.texts;
        let message_id = message_id.strip_prefix('<').unwrap_or(message_id);
        Told {
            message_id: message_id.strip_suffix('>').unwrap_or(message_id),
            subject,
            status,
            client_ip,
            remote_ip,
            header_from: "",
        }
    }
}

/// The row of one delivery.
pub(super) fn fact<'a>(d: &'a Delivery<'_>, v: &'a Verdict, source: &'a str) -> Fact<'a> {
    let told = d.told.as_deref().copied().unwrap_or_default();
    let system = d.sender == "<>" || d.sender.starts_with(EXCHANGE);
    let mut fact = Fact {
        time: d.time.0,
        time_final: d.time_final.0.max(d.time.0),
        key: d.key,
        key_is_network_id: d.key_is_network_id,
        message_id: told.message_id,
        message_class: if system { "ndr" } else { "mail" },
        direction: v.direction.as_str(),
        sender: d.sender,
        header_from: told.header_from,
        header_from_domain: told.header_from.rsplit_once('@').map_or("", |(_, domain)| domain),
        recipient: d.recipient,
        subject: told.subject,
        size: (d.size != u32::MAX).then_some(d.size),
        client_ip: told.client_ip,
        remote_host: told.remote_ip,
        outcome_first: v.outcome_first.as_str(),
        outcome: v.outcome.as_str(),
        status_raw: told.status,
        post_action: post_action(d, v),
        placement: v.placement.as_str(),
        sources: d.records,
        input: d.input,
        source,
        line: d.line,
        ..Fact::default()
    };
    if let Some(path) = d.path.as_deref() {
        add_path(&mut fact, path);
    }
    if let Some(stamps) = d.stamps().find(|s| s.trusted) {
        add_stamps(&mut fact, stamps);
    }
    if v.failing || v.held {
        add_fault(&mut fact, d, v);
    }
    fact
}

/// What was done after the first outcome: as an export says, else as far as the outcomes tell.
fn post_action<'a>(d: &'a Delivery<'_>, v: &Verdict) -> &'a str {
    if let Some(path) = d.path.as_deref()
        && !path.post_action.is_empty()
    {
        return path.post_action;
    }
    match (v.outcome_first, v.outcome) {
        (_, Outcome::Recalled) => "recalled",
        (Outcome::Quarantined, Outcome::Delivered | Outcome::Relayed) => "released",
        _ => "",
    }
}

fn add_path<'a>(fact: &mut Fact<'a>, path: &'a Path<'_>) {
    fact.tenant = path.tenant;
    fact.tls = path.tls;
    fact.connector = path.connector;
    fact.policy = path.policy;
    fact.rules.extend((!path.rule.is_empty()).then_some(path.rule));
    fact.scl = path.spam.scl;
    fact.bcl = path.bcl;
    fact.sfv = path.spam.sfv;
    fact.ipv = path.spam.ipv;
    fact.country = path.spam.country;
    fact.latency = path.latency;
    fact.events = path.events;
    if !path.client_ip.is_empty() {
        fact.client_ip = path.client_ip;
    }
    if let Some(reply) = &path.failure
        && !reply.remote_host.is_empty()
    {
        fact.remote_host = reply.remote_host;
    }
}

/// Where trusted stamps are, they alone speak.
fn add_stamps<'a>(fact: &mut Fact<'a>, s: &'a Stamps) {
    (fact.sfv, fact.ipv, fact.country) = ("", "", "");
    let texts: [(&mut &'a str, &'a Option<String>); 12] = [
        (&mut fact.sfv, &s.sfv),
        (&mut fact.cat, &s.cat),
        (&mut fact.ipv, &s.ipv),
        (&mut fact.sfty, &s.sfty),
        (&mut fact.country, &s.country),
        (&mut fact.spf, &s.spf),
        (&mut fact.dmarc, &s.dmarc),
        (&mut fact.compauth, &s.compauth),
        (&mut fact.compauth_reason, &s.compauth_reason),
        (&mut fact.auth_as, &s.auth_as),
        (&mut fact.client_ip, &s.cip),
        (&mut fact.header_from_domain, &s.header_from),
    ];
    for (at, (slot, value)) in texts.into_iter().enumerate() {
        // Of the last two the record's own word counts first.
        if let Some(value) = value
            && (at < 10 || slot.is_empty())
        {
            *slot = value;
        }
    }
    (fact.scl, fact.bcl) = (s.scl, s.bcl);
    fact.dkim = s.dkim.iter().map(|(result, _)| result.as_str()).collect();
    fact.dkim_domain = s.dkim.first().map_or("", |(_, domain)| domain);
}

fn add_fault<'a>(fact: &mut Fact<'a>, d: &'a Delivery<'_>, v: &'a Verdict) {
    fact.layer = v.layer.as_str();
    fact.side = v.side.as_str();
    fact.grade = v.grade.as_str();
    if let Some(signature) = &v.signature {
        fact.enhanced_code = &signature.code;
        fact.issuer = &signature.issuer;
        fact.signature = &signature.text;
        fact.cause = &signature.cause;
    }
    let reply = |r: &Option<Reply<'a>>| r.as_ref().map_or("", |r| r.text);
    let path = d.path.as_deref();
    let text = match v.outcome {
        Outcome::Pending => path.map_or("", |p| reply(&p.deferral)),
        _ => path.map_or("", |p| reply(&p.failure)),
    };
    fact.smtp_code = reply_code(text).or_else(|| {
        d.bounces().find_map(|b| {
            (b.smtp_code > 0).then_some(b.smtp_code).or_else(|| reply_code(&b.diagnostic))
        })
    });
}

/// The reply code that a text begins with (RFC 5321, 4.2).
fn reply_code(text: &str) -> Option<u16> {
    let text = text.trim_start();
    let code: u16 = text.get(..3)?.parse().ok()?;
    let ends = !text.as_bytes().get(3).is_some_and(u8::is_ascii_alphanumeric);
    (ends && matches!(code, 200..600)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_codes() {
        assert_eq!(reply_code(" 550 5.1.1 no"), Some(550));
        assert_eq!(reply_code("421-4.7.0"), Some(421));
        for text in ["", "55", "5.1.1", "5501", "999 x", "ünï"] {
            assert_eq!(reply_code(text), None, "{text}");
        }
    }
}
