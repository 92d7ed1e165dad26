//! A whole report with its rejects.

use super::Redactor;
use super::run;
use super::tables;
use super::text::{Known, Writer};
use crate::model::report::{Report, SignatureReport};
use crate::model::{Affected, Entity, Finding, Reject, RejectReason, SourceEntry};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Shape of an unreadable cell that is shown, in characters.
const SHAPE: usize = 40;

/// What the parts of a report share.
struct Shared {
    known: Known,
    /// Pseudonyms by path.
    paths: BTreeMap<String, String>,
    /// Texts that come again and again.
    reasons: BTreeMap<Arc<str>, Arc<str>>,
}

impl Redactor {
    /// Replaces every name in the report and its rejects. Hashes of the inputs go as well: they
    /// would prove to whoever has one of the files that it is among them.
    pub fn report(&self, report: &mut Report, rejects: &mut [Reject]) {
        let mut shared = self.shared(report);
        report.arguments = self.arguments(&report.arguments, &shared.known);
        for text in &mut report.assumptions {
            *text = self.text(text, Writer::Ours, &shared.known);
        }
        report.assumptions.push(self.statement());
        for source in &mut report.input.sources {
            self.source(source, &shared);
        }
        for finding in &mut report.findings {
            self.finding(finding, &mut shared);
        }
        for signature in &mut report.signatures {
            self.signature(signature, &shared);
        }
        for table in &mut report.tables {
            self.table(table, &shared.known, &shared.paths);
        }
        for reject in rejects {
            self.reject(&mut reject.reason, &shared);
        }
    }

    fn shared(&self, report: &Report) -> Shared {
        let sources: Vec<&str> = report.input.sources.iter().map(|s| s.path.as_str()).collect();
        let numbered = run::paths(&sources);
        let mut names = BTreeMap::new();
        for finding in &report.findings {
            for entity in std::iter::once(&finding.entity).chain(&finding.scope) {
                let pseudonym = self.entity(entity.kind.as_str(), &entity.value);
                names.entry(entity.value.clone()).or_insert(pseudonym);
            }
        }
        for table in &report.tables {
            tables::gather(table, self, &mut names);
        }
        let paths: BTreeMap<String, String> =
            sources.iter().map(|path| (*path).to_owned()).zip(numbered).collect();
        names.extend(paths.clone());
        Shared { known: Known::new(names), paths, reasons: BTreeMap::new() }
    }

    /// What the reader of the report must know of it.
    fn statement(&self) -> String {
        let key = self.key.fingerprint();
        if self.key.is_lasting() {
            return format!(
                "Names are pseudonyms under the key {key}: the same name has the same pseudonym in all \
                 reports of this key."
            );
        }
        format!(
            "Names are pseudonyms under a key of this run alone ({key}): they can be joined with no \
             other run."
        )
    }

    /// The key of a finding is a plain hash of a name: whoever guesses the name could prove it.
    pub(super) fn finding_key(&self, key: &str) -> String {
        let wide = self.key.wide("finding", key.as_bytes());
        if key.is_empty() { String::new() } else { format!("{:016x}", (wide >> 64) as u64) }
    }

    /// The value of an entity, by the spelling of its type.
    pub(super) fn entity(&self, kind: &str, value: &str) -> String {
        match kind {
            "sender_domain" | "recipient_domain" => self.domain(value),
            "sender" | "recipient" => self.address(value),
            "client_ip" | "network" | "server" | "remote_provider" => self.host(value),
            // Mostly words of ours: a direction, a cause.
            "tenant" if self.text(value, Writer::Machine, &Known::default()) == value => {
                value.into()
            }
            "tenant" => self.tenant(value),
            "connector" => self.name("connector", value),
            "rule" => self.name("rule", value),
            "policy" => self.name("policy", value),
            "group" if value.contains('@') => self.address(value),
            _ => self.name("name", value),
        }
    }

    fn source(&self, source: &mut SourceEntry, shared: &Shared) {
        source.path = path(&source.path, shared);
        source.sha256 = None;
        for text in source.warnings.iter_mut().chain(&mut source.filter) {
            *text = self.text(text, Writer::Ours, &shared.known);
        }
    }

    fn finding(&self, f: &mut Finding, shared: &mut Shared) {
        // In the finding's own sentences its name is replaced even where it is a plain word.
        let own = f.entity.value.clone();
        for entity in std::iter::once(&mut f.entity).chain(&mut f.scope) {
            let Entity { kind, value } = entity;
            *value = self.entity(kind.as_str(), value);
        }
        let about = (own.as_str(), f.entity.value.as_str());
        let sentence = |text: &String| self.text_about(text, Writer::Ours, &shared.known, about);
        let title = sentence(&f.title);
        f.next_steps = f.next_steps.iter().map(sentence).collect();
        f.title = title;
        f.key = self.finding_key(&f.key);
        for text in f.codes.iter_mut().chain(&mut f.signatures) {
            *text = self.text(text, Writer::Machine, &shared.known);
        }
        if let Some(change) = &mut f.change {
            change.what = self.text(&change.what, Writer::Person, &shared.known);
        }
        for evidence in &mut f.evidence {
            evidence.network_message_id = self.name("id", &evidence.network_message_id);
            evidence.source = path(&evidence.source, shared);
            evidence.text = self.text(&evidence.text, Writer::Machine, &shared.known);
        }
        for affected in &mut f.affected {
            self.affected(affected, shared);
        }
        f.affected.sort();
    }

    fn affected(&self, a: &mut Affected, shared: &mut Shared) {
        a.network_message_id = self.name("id", &a.network_message_id).into();
        a.recipient = self.address(&a.recipient).into();
        a.sender = self.address(&a.sender).into();
        let known = &shared.known;
        for text in [&mut a.code, &mut a.reason] {
            let new = shared
                .reasons
                .entry(text.clone())
                .or_insert_with_key(|text| self.text(text, Writer::Machine, known).into());
            *text = new.clone();
        }
        a.connector = self.name("connector", &a.connector).into();
        a.server = self.host(&a.server).into();
        a.tenant = self.tenant(&a.tenant).into();
        a.source = path(&a.source, shared).into();
    }

    fn signature(&self, s: &mut SignatureReport, shared: &Shared) {
        for text in [&mut s.signature, &mut s.code, &mut s.issuer] {
            *text = self.text(text, Writer::Machine, &shared.known);
        }
        for (domain, _) in &mut s.top_sender_domains {
            *domain = self.domain(domain);
        }
        s.top_sender_domains.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        s.sample.0 = path(&s.sample.0, shared);
    }

    fn reject(&self, reason: &mut RejectReason, shared: &Shared) {
        match reason {
            RejectReason::Time(raw) | RejectReason::MessageId(raw) => *raw = shape(raw),
            RejectReason::Other(text) => *text = self.text(text, Writer::Machine, &shared.known),
            RejectReason::FieldCount { .. }
            | RejectReason::TornQuote
            | RejectReason::TooLong(_)
            | RejectReason::NoHeaders => {}
        }
    }
}

fn path(path: &str, shared: &Shared) -> String {
    shared.paths.get(path).cloned().unwrap_or_default()
}

/// What an unreadable cell looked like: digits are 0, letters a.
fn shape(raw: &str) -> String {
    let sign = |c: char| match c {
        '0'..='9' => '0',
        c if c.is_ascii() && !c.is_ascii_alphabetic() => c,
        _ => 'a',
    };
    raw.chars().take(SHAPE).map(sign).collect()
}
