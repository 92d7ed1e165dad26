//! What is worth saying about one message beyond its stamps: one file per check and one line in
//! [`CHECKS`].
//!
//! Checks see decoded headers only, ask nobody, and run where messages are looked at one by one,
//! never while evidence is read in bulk. A remark is a hint for a reader, no verdict.

mod alignment;
mod anomalies;
mod arc;
mod bulk;
mod case;
mod client;
mod dates;
mod display_name;
mod dkim;
mod dmarc;
mod domain;
mod encoded;
mod exchange;
mod identities;
mod kits;
mod lookalike;
mod mailer;
mod placement;
mod received;
mod route;
mod script;
mod subject;
#[cfg(test)]
mod tests;
mod tls;
mod unusual;
mod verified;

use crate::model::{Remark, Seen, Weight};
use case::Case;
use std::collections::HashSet;

/// A check and the remarks it may make.
pub struct Check {
    /// Name, that of its file.
    pub name: &'static str,
    /// Ids of its remarks.
    pub remarks: &'static [&'static str],
    run: fn(&Case<'_>, &mut Said),
}

/// Every check, in the order in which their remarks of one weight stand.
pub const CHECKS: &[Check] = &[
    display_name::CHECK,
    lookalike::CHECK,
    script::CHECK,
    kits::CHECK,
    identities::CHECK,
    subject::CHECK,
    placement::CHECK,
    dmarc::CHECK,
    alignment::CHECK,
    dkim::CHECK,
    verified::CHECK,
    arc::CHECK,
    exchange::CHECK,
    received::CHECK,
    tls::CHECK,
    route::CHECK,
    dates::CHECK,
    encoded::CHECK,
    anomalies::CHECK,
    mailer::CHECK,
    bulk::CHECK,
    client::CHECK,
    unusual::CHECK,
];

/// Longest headline, bytes.
const HEADLINE_LIMIT: usize = 400;
/// Longest detail, bytes.
const DETAIL_LIMIT: usize = 1200;

/// Remarks as they are made.
#[derive(Default)]
struct Said {
    remarks: Vec<Remark>,
}

impl Said {
    /// Makes a remark.
    fn say(
        &mut self,
        id: &'static str,
        weight: Weight,
        headline: impl AsRef<str>,
        detail: impl AsRef<str>,
        source: &'static str,
    ) {
        let clipped = |text: &str, limit: usize| {
            text[..text.floor_char_boundary(limit.min(text.len()))].to_owned()
        };
        self.remarks.push(Remark {
            id,
            weight,
            headline: clipped(headline.as_ref(), HEADLINE_LIMIT),
            detail: clipped(detail.as_ref(), DETAIL_LIMIT),
            source,
        });
    }
}

/// Looks at one message, whose verdict and verified signatures are there already; `own` are the
/// organisation's domains, lower case, as far as the user names them. Weightiest first.
pub fn remarks(seen: &Seen, own: &[String]) -> Vec<Remark> {
    let case = Case::new(seen, own);
    let mut said = Said::default();
    for check in CHECKS {
        (check.run)(&case, &mut said);
    }
    let mut remarks = said.remarks;
    // Two signatures of one signer with one weakness are one remark.
    let mut seen_already: HashSet<(&'static str, String)> = HashSet::new();
    remarks.retain(|remark| seen_already.insert((remark.id, remark.headline.clone())));
    remarks.sort_by_key(|remark| remark.weight);
    remarks
}
