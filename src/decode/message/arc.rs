//! ARC (RFC 8617): what each intermediary found and sealed, and what breaks the chain.
//!
//! Deliberately absent: verification of seals, which needs keys from DNS.

use super::headers::{Field, HeaderList};
use super::tags::{self, Tags};
use super::{auth_results, tags::kept};
use crate::model::auth::{ArcFault, ArcMember, ArcResults, ArcSeal, ArcSet, ArcSignature};
use crate::model::message::Stamps;
use std::collections::BTreeMap;

/// Highest instance (RFC 8617, 4.2.1).
const HIGHEST: u8 = 50;
/// Most headers of one name that are read: repeated ones included.
const MOST: usize = 100;

const MEMBERS: [ArcMember; 3] = [ArcMember::Results, ArcMember::Signature, ArcMember::Seal];

/// The sets, newest first, and what breaks the chain.
pub(super) fn chain(
    headers: &HeaderList<'_>,
    border: Option<usize>,
) -> (Vec<ArcSet>, Vec<ArcFault>) {
    let mut sets: BTreeMap<u8, Found> = BTreeMap::new();
    let mut stray = Vec::new();
    for member in MEMBERS {
        for field in headers.all(member.header()).take(MOST) {
            let text = tags::text(&field);
            let bare = tags::uncommented(&text);
            let tags = Tags::read(&bare);
            let Some(instance) = instance(&tags) else {
                stray.push(member);
                continue;
            };
            let found = sets.entry(instance).or_default();
            found.take(member, &field, border, || Read::new(member, &text, &bare, &tags));
        }
    }
    stray.dedup();
    let mut faults = faults(&sets);
    faults.extend(stray.into_iter().map(|member| ArcFault::NoInstance { member }));
    let newest_first = sets.into_iter().rev();
    let sets = newest_first.map(|(instance, found)| ArcSet { instance, ..found.set }).collect();
    (sets, faults)
}

fn instance(tags: &Tags<'_>) -> Option<u8> {
    let number: u8 = tags.raw("i")?.parse().ok()?;
    (1..=HIGHEST).contains(&number).then_some(number)
}

/// A set as far as it was read.
struct Found {
    set: ArcSet,
    /// Members that stand more than once.
    repeated: Vec<ArcMember>,
}

impl Default for Found {
    fn default() -> Self {
        Self { set: ArcSet { trusted: true, ..ArcSet::default() }, repeated: Vec::new() }
    }
}

impl Found {
    /// Takes the topmost header of a kind.
    fn take(
        &mut self,
        member: ArcMember,
        field: &Field<'_>,
        border: Option<usize>,
        read: impl FnOnce() -> Read,
    ) {
        self.set.trusted &= border.is_some_and(|border| field.index <= border);
        if has(&self.set, member) {
            if !self.repeated.contains(&member) {
                self.repeated.push(member);
            }
            return;
        }
        match read() {
            Read::Results(results) => self.set.results = Some(results),
            Read::Signature(signature) => self.set.signature = Some(signature),
            Read::Seal(seal) => self.set.seal = Some(seal),
        }
    }
}

fn has(set: &ArcSet, member: ArcMember) -> bool {
    match member {
        ArcMember::Results => set.results.is_some(),
        ArcMember::Signature => set.signature.is_some(),
        ArcMember::Seal => set.seal.is_some(),
    }
}

/// One header, read.
enum Read {
    Results(ArcResults),
    Signature(ArcSignature),
    Seal(ArcSeal),
}

impl Read {
    fn new(member: ArcMember, text: &str, bare: &str, tags: &Tags<'_>) -> Self {
        let (domain, selector, algorithm) = (tags.lower("d"), tags.word("s"), tags.lower("a"));
        match member {
            ArcMember::Results => Self::Results(results(text, bare)),
            ArcMember::Signature => Self::Signature(ArcSignature { domain, selector, algorithm }),
            ArcMember::Seal => Self::Seal(ArcSeal {
                validation: tags.lower("cv"),
                domain,
                selector,
                algorithm,
                sealed_at: tags.time("t"),
            }),
        }
    }
}

fn results(text: &str, bare: &str) -> ArcResults {
    let mut found = Stamps::default();
    auth_results::read(text, &mut found);
    let plain = |value: Option<String>| value.as_deref().and_then(kept);
    // `i=1; mx.example 1; spf=..`: the word behind the instance.
    let authority = bare.split(';').nth(1).and_then(|item| item.split_ascii_whitespace().next());
    ArcResults {
        authority: authority.filter(|word| !word.contains('=')).and_then(kept),
        arc: plain(auth_results::result(text, "arc")),
        spf: plain(found.spf),
        mailfrom: plain(found.mailfrom_domain),
        dkim: found
            .dkim
            .iter()
            .map(|(result, domain)| {
                (kept(result).unwrap_or_default(), kept(domain).unwrap_or_default())
            })
            .collect(),
        dmarc: plain(found.dmarc),
        header_from: plain(found.header_from),
    }
}

fn faults(sets: &BTreeMap<u8, Found>) -> Vec<ArcFault> {
    let mut out = Vec::new();
    // The instance expected next, going down.
    let mut next = None;
    for (&instance, found) in sets.iter().rev() {
        gap(instance, next, &mut out);
        next = Some(instance - 1);
        let set = &found.set;
        let missing = MEMBERS.into_iter().filter(|member| !has(set, *member));
        out.extend(missing.map(|member| ArcFault::Missing { instance, member }));
        let twice = found.repeated.iter().copied();
        out.extend(twice.map(|member| ArcFault::Repeated { instance, member }));
        let Some(seal) = &set.seal else { continue };
        match seal.validation.as_deref() {
            Some("fail") => out.push(ArcFault::Failed { instance }),
            Some("none") if instance == 1 => {}
            Some("pass") if instance > 1 => {}
            _ => out.push(ArcFault::Impossible { instance }),
        }
    }
    gap(0, next, &mut out);
    out
}

/// Notes the instances above `instance` up to the expected one.
fn gap(instance: u8, expected: Option<u8>, out: &mut Vec<ArcFault>) {
    if let Some(to) = expected.filter(|to| *to > instance) {
        out.push(ArcFault::Gap { from: instance + 1, to });
    }
}

#[cfg(test)]
mod tests {
    use super::super::pairs::LIMIT;
    use super::*;

    fn set(instance: u8, cv: &str) -> String {
        format!(
            "ARC-Seal: i={instance}; a=rsa-sha256; s=arc{instance}; d=Contoso.com; cv={cv};\r\n \
             t=1793520000; b=AAAA\r\n\
             ARC-Message-Signature: i={instance}; a=rsa-sha256; c=relaxed/relaxed; d=contoso.com;\r\n \
             s=arc{instance}; h=From:Date; bh=BBBB; b=CCCC\r\n\
             ARC-Authentication-Results: i={instance}; mx.contoso.com 1; spf=pass (sender ip is\r\n \
             192.0.2.9) smtp.rcpttodomain=x.example smtp.mailfrom=News.Fabrikam.com; dmarc=pass\r\n \
             (p=none sp=none pct=100) action=none header.from=fabrikam.com; dkim=pass (signature was\r\n \
             verified) header.d=fabrikam.com; arc=none (0)\r\n"
        )
    }

    fn read(block: &str) -> (Vec<ArcSet>, Vec<ArcFault>) {
        chain(&HeaderList::read(block.as_bytes()), Some(2))
    }

    #[test]
    fn a_sound_chain() {
        let (sets, faults) = read(&format!("{}{}", set(2, "pass"), set(1, "none")));
        assert_eq!(faults, []);
        let shown: Vec<_> = sets.iter().map(|s| (s.instance, s.trusted)).collect();
        assert_eq!(shown, [(2, true), (1, false)]);
        let results = sets[0].results.as_ref().unwrap();
        assert_eq!(results.authority.as_deref(), Some("mx.contoso.com"));
        assert_eq!(results.spf.as_deref(), Some("pass"));
        assert_eq!(results.mailfrom.as_deref(), Some("news.fabrikam.com"));
        assert_eq!(results.dkim, [("pass".to_owned(), "fabrikam.com".to_owned())]);
        assert_eq!(results.dmarc.as_deref(), Some("pass"));
        assert_eq!(results.header_from.as_deref(), Some("fabrikam.com"));
        assert_eq!(results.arc.as_deref(), Some("none"));
        let signature = sets[0].signature.as_ref().unwrap();
        assert_eq!(signature.selector.as_deref(), Some("arc2"));
        let seal = sets[1].seal.as_ref().unwrap();
        assert_eq!(seal.validation.as_deref(), Some("none"));
        assert_eq!(seal.domain.as_deref(), Some("contoso.com"));
        assert_eq!(seal.sealed_at.unwrap().rfc3339(), "2026-11-01T08:00:00Z");
    }

    #[test]
    fn what_breaks_a_chain() {
        use ArcFault::*;
        use ArcMember::*;
        let (_, faults) = read(&set(4, "pass"));
        assert_eq!(faults, [Gap { from: 1, to: 3 }]);
        let (_, faults) = read(&format!("{}{}", set(3, "fail"), set(1, "none")));
        assert_eq!(faults, [Failed { instance: 3 }, Gap { from: 2, to: 2 }]);
        let (_, faults) = read(&set(1, "pass"));
        assert_eq!(faults, [Impossible { instance: 1 }]);
        let twice =
            format!("ARC-Seal: i=1 (x); cv=none; d=a.example\nARC-Seal: i=51\n{}", set(1, "none"));
        let (sets, faults) = read(&twice);
        assert_eq!(faults, [Repeated { instance: 1, member: Seal }, NoInstance { member: Seal }]);
        assert_eq!(sets[0].seal.as_ref().unwrap().domain.as_deref(), Some("a.example"));
        let (_, faults) = read("ARC-Seal: cv=none; i=1\nARC-Message-Signature: x\n");
        let missing = |member| Missing { instance: 1, member };
        let stray = NoInstance { member: Signature };
        assert_eq!(faults, [missing(Results), missing(Signature), stray]);
        assert_eq!(read("From: a\n"), (Vec::new(), Vec::new()));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_chain(
            fields in proptest::collection::vec((0usize..3, 0u8..60, "[\\PC\u{1}\u{130}]{0,80}"), 0..20),
            tail in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        ) {
            let mut block = Vec::new();
            for (member, instance, rest) in fields {
                let name = MEMBERS[member].header();
                block.extend_from_slice(format!("{name}: i={instance}; {rest}\n").as_bytes());
            }
            block.extend_from_slice(&tail);
            let (sets, _) = chain(&HeaderList::read(&block), None);
            proptest::prop_assert!(sets.is_sorted_by(|a, b| a.instance > b.instance));
            for set in sets {
                proptest::prop_assert!((1..=HIGHEST).contains(&set.instance) && !set.trusted);
                let seal = set.seal.unwrap_or_default();
                let results = set.results.unwrap_or_default();
                let kept = [seal.domain, seal.selector, results.authority, results.spf, results.arc];
                for value in kept.into_iter().flatten() {
                    proptest::prop_assert!(value.len() <= LIMIT && !value.contains(char::is_control));
                }
            }
        }
    }
}
