//! A display name that says something else than the address behind it. People see the name.
//!
//! Sources: Microsoft Learn on impersonation and spoofing; the table of brands.

use super::case::{Case, quoted};
use super::domain::{is_domain, label, looks, organization, same};
use super::{Check, Said};
use crate::knowledge::names::{Brand, brands};
use crate::model::Weight;
use crate::model::delivery::domain_of;
use aho_corasick::{AhoCorasick, Match};
use std::sync::OnceLock;

pub(super) const CHECK: Check = Check {
    name: "display_name",
    remarks: &[
        "display_name_address",
        "display_name_own",
        "display_name_brand",
        "display_name_domain",
    ],
    run,
};

/// What makes a brand of an ordinary word.
const SERVICES: &[&str] = &[
    "account",
    "accounts",
    "alert",
    "alerts",
    "bank",
    "billing",
    "card",
    "cloud",
    "customer",
    "delivery",
    "express",
    "fraud",
    "help",
    "id",
    "login",
    "notification",
    "online",
    "order",
    "parcel",
    "payment",
    "plus",
    "prime",
    "rewards",
    "security",
    "service",
    "services",
    "store",
    "support",
    "team",
    "tracking",
    "verification",
];

fn run(case: &Case<'_>, out: &mut Said) {
    let Some(from) = case.from else { return };
    let (Some(name), Some(address)) = (&from.name, &from.address) else { return };
    let domain = domain_of(address);
    let detail = format!("From: {} <{address}>", quoted(name));
    // A list or a service that writes on behalf of somebody says so.
    let on_behalf = name.to_lowercase().contains(" via ");
    if let Some(shown) = addresses(name).find(|shown| !same(domain_of(shown), domain)) {
        let weight = if on_behalf { Weight::Info } else { Weight::Alarm };
        let headline =
            format!("The display name shows the address {shown}, the mail is from {address}");
        out.say("display_name_address", weight, headline, detail, "Microsoft Learn: impersonation");
        return;
    }
    if !case.is_own(domain)
        && let Some(own) = case.own.iter().find(|own| names_own(name, own))
    {
        let headline = format!("The display name names {own}, the mail is from {domain}");
        out.say(
            "display_name_own",
            Weight::Alarm,
            headline,
            detail,
            "Microsoft Learn: impersonation",
        );
        return;
    }
    if let Some(brand) = brand_in(name).filter(|brand| !is_of(brand, domain)) {
        let weight = if on_behalf || !brand.alone { Weight::Notice } else { Weight::Alarm };
        let headline =
            format!("The display name is that of {}, the mail is from {domain}", brand.name);
        out.say("display_name_brand", weight, headline, detail, "inferred (table of brands)");
        return;
    }
    let foreign = words(name).find(|word| is_domain(word) && !same(word, domain));
    if let Some(shown) = foreign.filter(|shown| label(shown) != label(domain)) {
        let headline =
            format!("The display name shows the domain {shown}, the mail is from {domain}");
        out.say("display_name_domain", Weight::Notice, headline, detail, "inferred");
    }
}

fn words(name: &str) -> impl Iterator<Item = String> {
    let parts = name.split(|c: char| c.is_whitespace() || "<>()[]{}\"',;:|/".contains(c));
    parts.map(|word| word.trim_matches('.').to_lowercase()).filter(|word| !word.is_empty())
}

fn addresses(name: &str) -> impl Iterator<Item = String> {
    words(name).filter(|word| {
        let domain = domain_of(word);
        word.contains('@') && domain.contains('.') && is_domain(domain)
    })
}

/// A name holds one of our domains, or the label we are known by.
fn names_own(name: &str, own: &str) -> bool {
    let known_by = label(own);
    words(name).any(|word| word == own || word == organization(own))
        || known_by.len() >= 4 && has_word(&looks(name), &looks(known_by))
}

/// A word or several stand in a text, not as a part of longer words.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        edge(text[..at].chars().next_back()) && edge(text[at + word.len()..].chars().next())
    })
}

/// A word ends before this character, or begins behind it.
fn edge(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

/// The brand that a display name names.
fn brand_in(name: &str) -> Option<&'static Brand> {
    static FINDER: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let forms = || brands().iter().map(|brand| looks(&brand.name));
    let finder = FINDER.get_or_init(|| AhoCorasick::new(forms()).ok()).as_ref()?;
    let form = looks(name);
    let whole = |hit: &Match| {
        edge(form[..hit.start()].chars().next_back()) && edge(form[hit.end()..].chars().next())
    };
    let found = finder.find_overlapping_iter(&form).filter(whole).filter_map(|hit| {
        let place = hit.pattern().as_usize();
        let brand = brands().get(place)?;
        // A brand that is a word needs a second one, or stands alone.
        let told = brand.alone
            || hit.len() == form.len()
            || words(name).any(|word| SERVICES.contains(&word.as_str()));
        told.then_some((place, brand))
    });
    // Of several, the one that stands first in the table.
    found.min_by_key(|(place, _)| *place).map(|(_, brand)| brand)
}

/// A domain belongs to a brand: it is listed, or the brand's name is its label (a subsidiary in
/// another country).
fn is_of(brand: &Brand, domain: &str) -> bool {
    let org = organization(domain);
    brand.domains.iter().any(|d| d == org) || label(domain) == brand.name.replace(' ', "")
}
