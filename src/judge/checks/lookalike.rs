//! Domains made to be mistaken for ours, the recipient's or a brand's.
//!
//! Sources: UTS 39 (confusable letters), RFC 3492 (punycode); the table of brands.

use super::case::Case;
use super::domain::{is_tenants, label, looks, organization, readable};
use super::{Check, Said};
use crate::knowledge::names::{Brand, brands};
use crate::model::Weight;
use std::collections::HashMap;
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
    let long = targets().long.iter();
    let found =
        long.filter_map(|target| Some((*target, near(mine, label(target), SHORTEST, false)?)));
    found.map(|(target, how)| (target.to_owned(), how)).next()
}

fn near(mine: &str, theirs: &str, shortest: usize, ours: bool) -> Option<&'static str> {
    let (a, b) = (mine.chars().count(), theirs.chars().count());
    if a.min(b) < shortest || a.abs_diff(b) > 2 || mine.len() > 64 {
        return None;
    }
    match strsim::osa_distance(mine, theirs) {
        1 => Some("one letter differs"),
        2 if ours && b >= 10 => Some("two letters differ"),
        _ => None,
    }
}

/// Domains of brands, by what they look like and as they are.
struct Targets {
    by_form: HashMap<String, &'static str>,
    long: Vec<&'static str>,
    all: Vec<&'static str>,
}

fn targets() -> &'static Targets {
    static TARGETS: OnceLock<Targets> = OnceLock::new();
    TARGETS.get_or_init(|| {
        let mut targets = Targets { by_form: HashMap::new(), long: Vec::new(), all: Vec::new() };
        for brand in brands() {
            for domain in &brand.domains {
                let name = label(domain);
                targets.all.push(domain);
                // Names of a few letters look like many others.
                if name.len() >= 4 {
                    targets.by_form.entry(looks(name)).or_insert(domain);
                }
                // The brand's own name, not each of its marketing domains.
                if name.len() >= SHORTEST && name == brand.name.replace(' ', "") {
                    targets.long.push(domain);
                }
            }
        }
        targets
    })
}

fn is_brands(org: &str) -> bool {
    // The same label with another ending is a subsidiary as often as a fake: `holds_name` tells.
    targets().all.contains(&org)
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
    let named = |brand: &&Brand| brand.alone && within(&brand.name.replace(' ', ""));
    brands().iter().find(named).map(|brand| brand.name.clone())
}
