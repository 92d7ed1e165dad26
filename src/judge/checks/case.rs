//! What a check may see, and what many of them ask for.

use super::domain::organization;
use crate::model::delivery::domain_of;
use crate::model::message::{Examined, Identity, Stamps};
use crate::model::{Instant, Seen};

/// One message as checks see it.
pub(super) struct Case<'a> {
    pub(super) seen: &'a Seen,
    pub(super) examined: &'a Examined,
    /// The organisation's domains, as far as the user names them.
    pub(super) own: &'a [String],
    /// The topmost From.
    pub(super) from: Option<&'a Identity>,
    /// [`mark`] of each field's name.
    marks: Vec<u32>,
}

/// Four bytes that tell most names apart, whatever their case: each message is asked for some two
/// hundred names.
fn mark(name: &str) -> u32 {
    let at = |place: usize| name.as_bytes().get(place).map_or(0, |b| b | 0x20);
    let (middle, last) = (name.len() * 2 / 3, name.len().wrapping_sub(1));
    u32::from_le_bytes([name.len() as u8, at(0), at(middle), at(last)])
}

impl<'a> Case<'a> {
    pub(super) fn new(seen: &'a Seen, own: &'a [String]) -> Self {
        let examined = &seen.examined;
        let from = examined.identities.iter().find(|i| i.header.eq_ignore_ascii_case("From"));
        let marks = examined.fields.iter().map(|(name, _)| mark(name)).collect();
        Self { seen, examined, own, from, marks }
    }

    /// The topmost field of this name.
    pub(super) fn field(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Every field of this name, topmost first.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.places(name).map(|at| self.examined.fields[at].1.as_str())
    }

    /// Places of the fields of this name.
    fn places(&self, name: &str) -> impl Iterator<Item = usize> {
        let wanted = mark(name);
        let fields = &self.examined.fields;
        let alike = self.marks.iter().zip(fields).enumerate();
        alike
            .filter(move |(_, (found, (n, _)))| **found == wanted && n.eq_ignore_ascii_case(name))
            .map(|(at, _)| at)
    }

    /// The topmost field of this name, encoded words decoded.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        let at = self.places(name).next()?;
        let decoded = self.examined.decoded.iter().find(|(place, _)| *place == at);
        decoded.map(|(_, text)| text.as_str()).or(Some(self.examined.fields[at].1.as_str()))
    }

    /// Domain of the From address, lower case.
    pub(super) fn author_domain(&self) -> Option<&'a str> {
        self.from.and_then(|from| from.address.as_deref()).map(domain_of).filter(|d| !d.is_empty())
    }

    /// Domain of the topmost address of a header.
    pub(super) fn domain_in(&self, header: &str) -> Option<&'a str> {
        let named = |i: &&Identity| i.header.eq_ignore_ascii_case(header);
        let identity = self.examined.identities.iter().find(named)?;
        identity.address.as_deref().map(domain_of).filter(|d| !d.is_empty())
    }

    /// The results of authentication that count: those of the organisation where there is a
    /// genuine border, else what is written.
    pub(super) fn stamps(&self) -> &'a Stamps {
        if self.trusted() { &self.examined.facts.stamps } else { &self.examined.written.stamps }
    }

    /// The stamps are the organisation's own.
    pub(super) fn trusted(&self) -> bool {
        self.examined.facts.stamps.trusted
    }

    /// What is said of results that anybody may have written.
    pub(super) fn claimed(&self) -> &'static str {
        if self.trusted() { "" } else { " (by results that anybody may have written)" }
    }

    /// When the newest hop took it.
    pub(super) fn newest(&self) -> Option<Instant> {
        self.examined.hops.iter().find_map(|hop| hop.time)
    }

    /// When the first hop that says so took it.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.examined.hops.iter().rev().find_map(|hop| hop.time)
    }

    /// A domain is one of the organisation's.
    pub(super) fn is_own(&self, domain: &str) -> bool {
        if self.own.is_empty() {
            return false;
        }
        let of = organization(domain);
        self.own.iter().any(|own| own == domain || organization(own) == of)
    }

    /// Domains of the recipients, each once: those of To and Cc, and of this copy.
    pub(super) fn recipients(&self) -> Vec<&'a str> {
        let mut out: Vec<&str> = Vec::new();
        let to = self.examined.facts.to.iter().take(16).chain(&self.examined.delivered_to);
        for domain in to.map(|a| domain_of(a)).filter(|d| d.contains('.')) {
            if !out.contains(&domain) {
                out.push(domain);
            }
        }
        out
    }
}

/// Text between quotes in a sentence, short.
pub(super) fn quoted(text: &str) -> String {
    let short = &text[..text.floor_char_boundary(120.min(text.len()))];
    format!("\"{}\"", short.trim())
}

/// Seconds in words: `90 s`, `4 min`, `3 h`, `2 days`.
pub(super) fn span(seconds: i64) -> String {
    match seconds.unsigned_abs() {
        s if s < 120 => format!("{s} s"),
        s if s < 7200 => format!("{} min", s / 60),
        s if s < 172_800 => format!("{} h", s / 3600),
        s => format!("{} days", s / 86_400),
    }
}

/// Seconds from one time to another.
pub(super) fn between(earlier: Instant, later: Instant) -> i64 {
    (later.0 - earlier.0).div_euclid(crate::model::time::SECOND)
}
