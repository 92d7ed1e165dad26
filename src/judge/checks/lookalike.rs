//! Domains made to be mistaken for ours, the recipient's or a brand's.
//!
//! Sources: UTS 39 (confusable letters), RFC 3492 (punycode); the table of brands.

use super::case::Case;
use super::domain::{is_tenants, label, looks, organization, readable};
use super::{Check, Said};
use crate::knowledge::names::brands;
use crate::model::Weight;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

pub(super) const CHECK: Check = Check {
    name: "lookalike",
    remarks: &["lookalike_domain", "name_in_domain", "punycode_domain"],
    run,
};

/// Headers whose domains are looked at.
const LOOKED_AT: &[&str] = &["From", "Reply-To", "Sender", "Return-Path"];
/// Shortest label of which one wrong letter is told; short names differ by chance.
const SHORTEST: usize = 6;
const SHORTEST_OWN: usize = 5;
/// Longest label that is compared, bytes: no name is longer (RFC 1035, 2.3.4).
const LONGEST: usize = 64;

fn run(case: &Case<'_>, out: &mut Said) {
    let mut looked: Vec<&str> = Vec::new();
    for header in LOOKED_AT {
        let Some(domain) = case.domain_in(header) else { continue };
        let org = organization(domain);
        if looked.contains(&org) || looked.len() > 8 {
            continue;
        }
        looked.push(org);
        if case.is_own(domain) || case.recipients().iter().any(|r| organization(r) == org) {
            continue;
        }
        let shown = readable(domain);
        let detail = format!("{header}: {domain}");
        if shown != domain {
            let headline = format!("The domain {domain} is written {shown} by mail programs");
            out.say("punycode_domain", Weight::Notice, headline, &detail, "RFC 3492");
        }
        if let Some((target, how)) = mistaken_for(case, &shown) {
            let headline = format!("The domain {shown} looks like {target}: {how}");
            out.say("lookalike_domain", Weight::Alarm, headline, &detail, "UTS 39; edit distance");
        } else if let Some(name) = holds_name(case, &shown) {
            let headline =
                format!("The domain {shown} holds the name {name}, whose domain it is not");
            out.say("name_in_domain", Weight::Notice, headline, &detail, "inferred");
        }
    }
}

/// Whose domain this one may be mistaken for, and why.
fn mistaken_for(case: &Case<'_>, domain: &str) -> Option<(String, &'static str)> {
    let mine = label(domain);
    let form = looks(mine);
    let ours = case.own.iter().map(String::as_str).map(|d| (d, true));
    for (target, named) in ours.chain(case.recipients().into_iter().map(|d| (d, false))) {
        let theirs = label(target);
        if theirs == mine {
            // Another ending; of large providers of mail that is the rule, and each tenant has a
            // name at Microsoft.
            if named && !is_tenants(domain) && !is_tenants(target) {
                return Some((target.to_owned(), "the same name with another ending"));
            }
            continue;
        }
        if looks(theirs) == form {
            return Some((target.to_owned(), "letters that look alike"));
        }
        if let Some(how) = near(mine, theirs, SHORTEST_OWN, named) {
            return Some((target.to_owned(), how));
        }
    }
    let org = organization(domain);
    if is_brands(org) {
        return None;
    }
    if let Some(target) = targets().by_form.get(&form).filter(|target| label(target) != mine) {
        return Some(((*target).to_owned(), "letters that look alike"));
    }
    if mine.len() > LONGEST || mine.chars().count() < SHORTEST {
        return None;
    }
    let found = targets().long.iter().find(|(theirs, _)| one_apart(mine, theirs));
    found.map(|(_, target)| ((*target).to_owned(), "one letter differs"))
}

/// One letter is another, is too many or missing, or two neighbours are exchanged: the distance is
/// one. What both begin and end with is passed over, so that most names are told apart at once.
fn one_apart(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    let begin = a.chars().zip(b.chars()).take_while(|(x, y)| x == y);
    let begin: usize = begin.map(|(x, _)| x.len_utf8()).sum();
    let (a, b) = (&a[begin..], &b[begin..]);
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y);
    let end: usize = end.map(|(x, _)| x.len_utf8()).sum();
    let (mut a, mut b) = (a[..a.len() - end].chars(), b[..b.len() - end].chars());
    match ((a.next(), a.next(), a.next()), (b.next(), b.next(), b.next())) {
        ((Some(_), None, _), (_, None, _)) | ((None, ..), (Some(_), None, _)) => true,
        ((Some(a), Some(b), None), (Some(c), Some(d), None)) => (a, b) == (d, c),
        _ => false,
    }
}

fn near(mine: &str, theirs: &str, shortest: usize, ours: bool) -> Option<&'static str> {
    let (a, b) = (mine.chars().count(), theirs.chars().count());
    if a.min(b) < shortest || a.abs_diff(b) > 2 || mine.len() > LONGEST {
        return None;
    }
    match strsim::osa_distance(mine, theirs) {
        1 => Some("one letter differs"),
        2 if ours && b >= 10 => Some("two letters differ"),
        _ => None,
    }
}

/// Domains of brands, by what they look like and as they are.
#[derive(Default)]
struct Targets {
    by_form: HashMap<String, &'static str>,
    /// Labels of some length with their domains.
    long: Vec<(&'static str, &'static str)>,
    all: HashSet<&'static str>,
    /// Names that are enough to know the brand, without blanks, with the place in the table.
    names: HashMap<String, usize>,
}

fn targets() -> &'static Targets {
    static TARGETS: OnceLock<Targets> = OnceLock::new();
    TARGETS.get_or_init(|| {
        let mut targets = Targets::default();
        for (place, brand) in brands().iter().enumerate() {
            let compact = brand.name.replace(' ', "");
            for domain in &brand.domains {
                let name = label(domain);
                targets.all.insert(domain);
                // Names of a few letters look like many others.
                if name.len() >= 4 {
                    targets.by_form.entry(looks(name)).or_insert(domain);
                }
                // The brand's own name, not each of its marketing domains.
                if name.len() >= SHORTEST && name == compact {
                    targets.long.push((name, domain));
                }
            }
            if brand.alone {
                targets.names.entry(compact).or_insert(place);
            }
        }
        targets
    })
}

fn is_brands(org: &str) -> bool {
    // The same label with another ending is a subsidiary as often as a fake: `holds_name` tells.
    targets().all.contains(org)
}

/// The name of ours or of a brand that stands in a domain of somebody else, between dots and
/// hyphens.
fn holds_name(case: &Case<'_>, domain: &str) -> Option<String> {
    let org = organization(domain);
    if is_brands(org) {
        return None;
    }
    let suffix = org.split_once('.').map_or("", |(_, suffix)| suffix);
    let host = domain.strip_suffix(suffix).unwrap_or(domain);
    // The registered label alone is its owner's name.
    let parts: Vec<&str> = host.split(['.', '-']).filter(|p| p.len() >= SHORTEST_OWN).collect();
    let whole = label(domain);
    let within = |name: &str| parts.contains(&name) && whole != name;
    if let Some(own) = case.own.iter().find(|own| within(label(own))) {
        return Some(label(own).to_owned());
    }
    // Of several, the one that stands first in the table.
    let named = parts.iter().filter(|part| **part != whole);
    let place = named.filter_map(|part| targets().names.get(*part)).min()?;
    brands().get(*place).map(|brand| brand.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter() {
        for (a, b) in [
            ("fabrikam", "fabrikan"),
            ("fabrikam", "fabrkam"),
            ("fabrikam", "fabriikam"),
            ("fabrikam", "afbrikam"),
            ("fabrikam", "abrikam"),
            ("m\u{fc}nchen", "munchen"),
        ] {
            assert!(one_apart(a, b) && one_apart(b, a), "{a} {b}");
        }
        for (a, b) in [("fabrikam", "fabrikam"), ("fabrikam", "frabkiam"), ("aab", "baa"), ("", "")]
        {
            assert!(!one_apart(a, b), "{a} {b}");
        }
    }

    proptest::proptest! {
        #[test]
        fn as_the_distance_says(a in "[ab\u{fc}]{0,6}", b in "[ab\u{fc}]{0,6}") {
            proptest::prop_assert_eq!(one_apart(&a, &b), strsim::osa_distance(&a, &b) == 1);
        }
    }
}
