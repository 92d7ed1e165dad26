//! One row of facts.

use super::Redactor;
use super::text::{Known, Writer};
use crate::model::Fact;
use std::collections::HashMap;

/// Pseudonyms remembered of each kind; beyond that the memory begins anew.
const REMEMBERED: usize = 1 << 16;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Address,
    Domain,
    Host,
    Tenant,
    Connector,
    Rule,
    Policy,
    Text,
}

/// Columns of text, and lists, that are replaced. What is not here is a word of ours or a number.
#[derive(Debug, Default)]
struct Row {
    tenant: String,
    message_id: String,
    sender: String,
    header_from: String,
    header_from_domain: String,
    recipient: String,
    subject: String,
    client_ip: String,
    remote_host: String,
    connector: String,
    policy: String,
    dkim_domain: String,
    /// In the order of [`texts`].
    texts: [String; 17],
    rules: Vec<String>,
    dkim: Vec<String>,
}

/// Columns whose words are looked up one by one: vocabularies, as far as anybody knows.
fn texts<'f>(f: &Fact<'f>) -> [&'f str; 17] {
    [
        f.tls,
        f.post_action,
        f.status_raw,
        f.sfv,
        f.cat,
        f.ipv,
        f.sfty,
        f.spf,
        f.dmarc,
        f.compauth,
        f.compauth_reason,
        f.auth_as,
        f.enhanced_code,
        f.issuer,
        f.signature,
        f.cause,
        f.country,
    ]
}

/// Replaces rows one after another, for one worker.
#[derive(Debug)]
pub struct Masker<'r> {
    redactor: &'r Redactor,
    known: HashMap<(Kind, Box<str>), Box<str>>,
    row: Row,
}

impl Redactor {
    /// Replaces rows of facts.
    pub fn masker(&self) -> Masker<'_> {
        Masker { redactor: self, known: HashMap::new(), row: Row::default() }
    }
}

impl Masker<'_> {
    /// The row without names; its `source` must be a pseudonym already, see [`super::paths`].
    pub fn mask<'a>(&'a mut self, f: &Fact<'a>) -> Fact<'a> {
        let mut row = std::mem::take(&mut self.row);
        row.tenant = self.one(Kind::Tenant, f.tenant);
        row.message_id = self.one(Kind::Address, f.message_id);
        row.sender = self.one(Kind::Address, f.sender);
        row.header_from = self.one(Kind::Address, f.header_from);
        row.header_from_domain = self.one(Kind::Domain, f.header_from_domain);
        row.recipient = self.one(Kind::Address, f.recipient);
        row.subject = self.redactor.subject(f.subject);
        row.client_ip = self.one(Kind::Host, f.client_ip);
        row.remote_host = self.one(Kind::Host, f.remote_host);
        row.connector = self.one(Kind::Connector, f.connector);
        row.policy = self.one(Kind::Policy, f.policy);
        row.dkim_domain = self.one(Kind::Domain, f.dkim_domain);
        for (slot, text) in row.texts.iter_mut().zip(texts(f)) {
            *slot = self.one(Kind::Text, text);
        }
        if f.country.len() == 2 && f.country.bytes().all(|b| b.is_ascii_uppercase()) {
            f.country.clone_into(&mut row.texts[16]);
        }
        row.rules = f.rules.iter().map(|rule| self.one(Kind::Rule, rule)).collect();
        row.dkim = f.dkim.iter().map(|result| self.one(Kind::Text, result)).collect();
        self.row = row;
        let key = self.redactor.guid(f.key);
        self.row.fact(f, key)
    }

    fn one(&mut self, kind: Kind, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if let Some(known) = self.known.get(&(kind, Box::from(text))) {
            return known.to_string();
        }
        let r = self.redactor;
        let new = match kind {
            Kind::Address => r.address(text),
            Kind::Domain => r.domain(text),
            Kind::Host => r.host(text),
            Kind::Tenant => r.tenant(text),
            Kind::Connector => r.name("connector", text),
            Kind::Rule => r.name("rule", text),
            Kind::Policy => r.name("policy", text),
            Kind::Text => r.text(text, Writer::Machine, &Known::default()),
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert((kind, Box::from(text)), Box::from(new.as_str()));
        new
    }
}

impl Row {
    fn fact<'a>(&'a self, f: &Fact<'a>, key: u128) -> Fact<'a> {
        let [
            tls,
            post_action,
            status_raw,
            sfv,
            cat,
            ipv,
            sfty,
            spf,
            dmarc,
            compauth,
            compauth_reason,
            auth_as,
            enhanced_code,
            issuer,
            signature,
            cause,
            country,
        ] = &self.texts;
        Fact {
            key,
            tenant: &self.tenant,
            message_id: &self.message_id,
            sender: &self.sender,
            header_from: &self.header_from,
            header_from_domain: &self.header_from_domain,
            recipient: &self.recipient,
            subject: &self.subject,
            client_ip: &self.client_ip,
            remote_host: &self.remote_host,
            connector: &self.connector,
            policy: &self.policy,
            dkim_domain: &self.dkim_domain,
            rules: self.rules.iter().map(String::as_str).collect(),
            dkim: self.dkim.iter().map(String::as_str).collect(),
            tls,
            post_action,
            status_raw,
            sfv,
            cat,
            ipv,
            sfty,
            spf,
            dmarc,
            compauth,
            compauth_reason,
            auth_as,
            enhanced_code,
            issuer,
            signature,
            cause,
            country,
            ..f.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;
    use crate::model::FactValue;
    use crate::model::fact::COLUMNS;

    /// A row whose every text is a name.
    fn named() -> Fact<'static> {
        const NAME: &str = "zyxname";
        Fact {
            time: 5,
            key: 7,
            key_is_network_id: true,
            tenant: NAME,
            message_id: NAME,
            sender: "zyxname@zyxname.example",
            header_from: "zyxname@zyxname.example",
            header_from_domain: "zyxname.example",
            recipient: "zyxname@zyxname.example",
            subject: NAME,
            client_ip: NAME,
            remote_host: NAME,
            tls: NAME,
            connector: NAME,
            rules: vec![NAME],
            policy: NAME,
            post_action: NAME,
            status_raw: NAME,
            sfv: NAME,
            cat: NAME,
            ipv: NAME,
            sfty: NAME,
            country: NAME,
            spf: NAME,
            dkim: vec![NAME],
            dkim_domain: NAME,
            dmarc: NAME,
            compauth: NAME,
            compauth_reason: NAME,
            auth_as: NAME,
            enhanced_code: NAME,
            issuer: NAME,
            signature: NAME,
            cause: NAME,
            source: "input-001.csv",
            line: 3,
            ..Fact::default()
        }
    }

    #[test]
    fn no_column_lets_a_name_through() {
        let redactor = Redactor::new(Key::lasting(b"a key that is for tests").unwrap(), &[]);
        let mut masker = redactor.masker();
        let fact = named();
        let out = masker.mask(&fact);
        for column in COLUMNS {
            let text = match (column.get)(&out) {
                FactValue::Text(text) => text.into_owned(),
                FactValue::List(items) => items.join(";"),
                _ => continue,
            };
            assert!(!text.contains("zyxname"), "{}: {text}", column.name);
            let filled = !matches!((column.get)(&fact), FactValue::Null);
            assert!(!filled || !text.is_empty(), "{} vanished", column.name);
        }
        assert_ne!(out.key, fact.key);
        assert_eq!((out.time, out.line, out.source), (5, 3, "input-001.csv"));
        assert_eq!(out.sender, out.recipient, "equal in, equal out");
        assert!(out.sender.ends_with(out.header_from_domain));
        assert_eq!(Fact { ..masker.mask(&fact) }, redactor.masker().mask(&fact), "and again");
    }
}
