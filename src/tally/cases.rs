//! Failing and held deliveries one by one, and late, filed and risky ones, so that the diagnosis
//! may slice them as it needs.
//!
//! Bounded: above [`Cases::LIMIT`] cases the table keeps those whose fixed hash is small, half of
//! them at each step. That is a sample which does not depend on order, and it merges exactly.

use super::Observed;
use crate::model::event::{Path, Reply};
use crate::model::message::Stamps;
use crate::model::{Direction, Interner, Layer, Placement};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Small under test, so that the laws are tested on tables that had to thin out.
const LIMIT: usize = if cfg!(test) { 16 } else { 1 << 17 };

/// One failing, held or late delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// Message key.
    pub key: u128,
    /// Time, microseconds UTC.
    pub time: i64,
    /// Fixed hash of the delivery key, for sampling.
    hash: u64,
    /// Sender domain (id of the tally's names).
    pub sender_domain: u32,
    /// Recipient domain (id of the tally's names).
    pub recipient_domain: u32,
    /// Sender (id of [`Cases::addresses`]).
    pub sender: u32,
    /// Recipient (id of [`Cases::addresses`]).
    pub recipient: u32,
    /// Signature id; `u32::MAX` for none.
    pub signature: u32,
    /// Connector (id of [`Cases::label`]); 0 where none is known.
    pub connector: u32,
    /// The mail flow rule that stopped or held it (id of [`Cases::label`]); 0 where none did.
    pub rule: u32,
    /// Enhanced code of its last deferral (id of [`Cases::label`]); 0 where none is known.
    pub deferral: u32,
    /// What decided where it lies (id of [`Cases::label`]): the setting that let it pass, the
    /// folder it was filed to, else the policy that held it; 0 where none is known.
    pub setting: u32,
    /// Tenant id (id of [`Cases::label`]); 0 where none is stated.
    pub tenant: u32,
    /// Host that gave the last reply (id of [`Cases::label`]); 0 where none is known.
    pub server: u32,
    /// Domain of the From header (id of the tally's names), of the envelope where it is not known.
    pub from_domain: u32,
    /// Authentication results that are not a pass.
    pub flaws: Flaws,
    /// Latency in tenths of a second, where it is known.
    pub tenths: Option<u32>,
    /// Input.
    pub input: u32,
    /// Line.
    pub line: u32,
    /// Direction.
    pub direction: Direction,
    /// Failing (else held).
    pub failing: bool,
    /// The key is a network message id.
    pub network_id: bool,
}

/// What failed when the sender was authenticated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flaws {
    /// SPF: fails or softfails; `permerror` where the record cannot be evaluated.
    pub spf: SpfFlaw,
    /// No DKIM signature passes, and one fails.
    pub dkim: bool,
    /// DMARC fails.
    pub dmarc: bool,
}

/// What is wrong with SPF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpfFlaw {
    /// Nothing, or nothing is said.
    #[default]
    None,
    /// The address is not one of the domain's (fail, softfail).
    Fail,
    /// The record cannot be evaluated.
    Permerror,
}

impl Flaws {
    fn of(stamps: &Stamps) -> Self {
        let dkim = |wanted: &str| stamps.dkim.iter().any(|(result, _)| result == wanted);
        Self {
            spf: match stamps.spf.as_deref() {
                Some("fail" | "softfail") => SpfFlaw::Fail,
                Some("permerror") => SpfFlaw::Permerror,
                _ => SpfFlaw::None,
            },
            dkim: !dkim("pass") && !stamps.dkim.is_empty() && !dkim("none"),
            dmarc: stamps.dmarc.as_deref() == Some("fail"),
        }
    }
}

/// The case table.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    kept: Vec<Case>,
    addresses: Interner,
    labels: Interner,
    /// Only cases whose hash has this many leading zero bits are kept.
    level: u32,
}

impl Cases {
    /// Cases kept at most: about 30 MB with their addresses.
    pub const LIMIT: usize = LIMIT;

    pub(super) fn observe(&mut self, o: &Observed<'_>, signature: u32) {
        let d = o.delivery;
        let hash = xxh3_64_with_seed(d.recipient.as_bytes(), (d.key as u64) ^ (d.key >> 64) as u64);
        if hash.leading_zeros() < self.level {
            return;
        }
        let path = d.path.as_deref();
        let rule = path.filter(|p| o.verdict.layer == Layer::TransportRule || stops(p.rule_action));
        let stamps = d.stamps().find(|s| s.trusted);
        let code = path.and_then(|p| p.deferral).map_or("", |reply| enhanced_code(reply.text));
        let case = Case {
            key: d.key,
            time: d.time.0,
            hash,
            sender_domain: o.sender_domain,
            recipient_domain: o.recipient_domain,
            sender: self.addresses.intern(d.sender),
            recipient: self.addresses.intern(d.recipient),
            signature,
            connector: self.labels.intern(path.map_or("", |p| p.connector)),
            rule: self.labels.intern(rule.map_or("", |p| p.rule)),
            deferral: self.labels.intern(code),
            setting: self.labels.intern(setting(o, stamps)),
            tenant: self.labels.intern(path.map_or("", |p| p.tenant)),
            server: self.labels.intern(path.map_or("", server)),
            from_domain: o.from_domain,
            flaws: stamps.map_or_else(Flaws::default, Flaws::of),
            tenths: path.and_then(|p| p.latency).map(tenths),
            input: d.input,
            line: d.line,
            direction: o.verdict.direction,
            failing: o.verdict.failing,
            network_id: d.key_is_network_id,
        };
        self.push(case);
    }

    pub(super) fn merge(&mut self, other: Self, names: &[u32], signatures: &[u32]) {
        self.raise_to(other.level);
        for from in other.kept {
            if from.hash.leading_zeros() < self.level {
                continue;
            }
            let case = Case {
                sender_domain: names[from.sender_domain as usize],
                recipient_domain: names[from.recipient_domain as usize],
                // One by one: the table may thin out, and its addresses be numbered anew, on the way.
                sender: self.addresses.intern(other.addresses.text(from.sender)),
                recipient: self.addresses.intern(other.addresses.text(from.recipient)),
                connector: self.labels.intern(other.labels.text(from.connector)),
                rule: self.labels.intern(other.labels.text(from.rule)),
                deferral: self.labels.intern(other.labels.text(from.deferral)),
                setting: self.labels.intern(other.labels.text(from.setting)),
                tenant: self.labels.intern(other.labels.text(from.tenant)),
                server: self.labels.intern(other.labels.text(from.server)),
                from_domain: names[from.from_domain as usize],
                signature: signatures.get(from.signature as usize).copied().unwrap_or(u32::MAX),
                ..from
            };
            self.push(case);
        }
    }

    fn push(&mut self, case: Case) {
        // One more than the limit is the most it ever holds: it need not grow by doubling there.
        if self.kept.len() == self.kept.capacity() {
            let room = self.kept.len().max(64).min(LIMIT + 1 - self.kept.len());
            self.kept.reserve_exact(room);
        }
        self.kept.push(case);
        if self.kept.len() > LIMIT {
            self.raise_to(self.level + 1);
        }
    }

    fn raise_to(&mut self, level: u32) {
        if level <= self.level {
            return;
        }
        self.level = level;
        self.kept.retain(|c| c.hash.leading_zeros() >= level);
        let mut addresses = Interner::default();
        let mut labels = Interner::default();
        for case in &mut self.kept {
            for id in [
                &mut case.connector,
                &mut case.rule,
                &mut case.deferral,
                &mut case.setting,
                &mut case.tenant,
                &mut case.server,
            ] {
                *id = labels.intern(self.labels.text(*id));
            }
            case.sender = addresses.intern(self.addresses.text(case.sender));
            case.recipient = addresses.intern(self.addresses.text(case.recipient));
        }
        self.addresses = addresses;
        self.labels = labels;
    }

    /// Deliveries one kept case stands for (1 unless the table had to sample).
    pub fn weight(&self) -> u64 {
        1 << self.level
    }

    /// No case was observed.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The kept cases, in no order.
    pub fn kept(&self) -> impl Iterator<Item = &Case> {
        self.kept.iter()
    }

    /// The kept cases, least (time, key, recipient) first.
    pub fn sorted(&self) -> Vec<Case> {
        let mut cases = self.kept.clone();
        cases.sort_unstable_by(|a, b| {
            (a.time, a.key)
                .cmp(&(b.time, b.key))
                .then_with(|| self.address(a.recipient).cmp(self.address(b.recipient)))
        });
        cases
    }

    /// Number of address ids.
    pub fn addresses(&self) -> usize {
        self.addresses.len()
    }

    /// Text of an address id.
    pub fn address(&self, id: u32) -> &str {
        self.addresses.text(id)
    }

    /// Number of label ids.
    pub fn labels(&self) -> usize {
        self.labels.len()
    }

    /// Text of a label: a connector, a rule, a setting or a code.
    pub fn label(&self, id: u32) -> &str {
        self.labels.text(id)
    }
}

/// The host that gave the failure's reply, else the deferral's.
fn server<'a>(path: &Path<'a>) -> &'a str {
    let host = |reply: &Option<Reply<'a>>| reply.map_or("", |r| r.remote_host);
    match host(&path.failure) {
        "" => host(&path.deferral),
        host => host,
    }
}

/// What decided where the delivery lies.
fn setting<'a>(o: &Observed<'a>, stamps: Option<&'a Stamps>) -> &'a str {
    let path = o.delivery.path.as_deref();
    if o.verdict.risk.is_some() {
        return stamps.and_then(|s| s.allowed_by.as_deref()).unwrap_or("");
    }
    match o.verdict.placement {
        Placement::Folder => path.map_or("", |p| p.folder),
        _ => path.map_or("", |p| p.policy),
    }
}

/// Is this delivery late enough to be looked at, or was it deferred? Mail that takes less than a
/// minute is late for nobody.
pub(super) fn is_late(path: &Path<'_>) -> bool {
    path.deferrals > 0 || path.latency.is_some_and(|l| tenths(l) >= LATE_TENTHS)
}

/// A minute.
const LATE_TENTHS: u32 = 600;

fn tenths(latency: u64) -> u32 {
    u32::try_from(latency / 100_000).unwrap_or(u32::MAX)
}

/// Rule actions that keep a message from its inbox. A disclaimer is on all mail and stops none.
fn stops(action: &str) -> bool {
    const STOPPING: &[&str] =
        &["reject", "delete", "quarantine", "setscl", "moderate", "redirect", "disconnect"];
    let action = action.to_ascii_lowercase();
    STOPPING.iter().any(|stop| action.contains(stop))
}

/// The first enhanced status code of a reply; empty where there is none.
fn enhanced_code(reply: &str) -> &str {
    let is_code = |word: &&str| {
        let mut parts = word.split('.');
        let class = parts.next().is_some_and(|p| matches!(p, "4" | "5"));
        let number = |p: &str| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
        class
            && parts.next().is_some_and(number)
            && parts.next().is_some_and(number)
            && parts.next().is_none()
    };
    reply.split(|c: char| !c.is_ascii_digit() && c != '.').find(is_code).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_replies() {
        assert_eq!(enhanced_code("451 4.7.0 Try again"), "4.7.0");
        assert_eq!(enhanced_code("[{LED=450 4.4.317 Cannot connect to 192.0.2.1}]"), "4.4.317");
        assert_eq!(enhanced_code("220 mx.example.com 10.0.0.1"), "");
        assert_eq!(enhanced_code(""), "");
    }

    #[test]
    fn rules_that_stop() {
        assert!(stops("RejectMessage") && stops("Quarantine") && stops("SetScl"));
        assert!(!stops("ApplyHtmlDisclaimer") && !stops(""));
    }
}
