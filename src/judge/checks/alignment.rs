//! What SPF and DKIM passed for, and whether it is the domain that people see.
//!
//! Sources: RFC 7489, 3.1 (strict: the same domain; relaxed: the same organisational domain).

use super::case::Case;
use super::domain::same;
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check = Check {
    name: "alignment",
    remarks: &["nothing_aligned", "spf_alone_aligned", "dkim_alone_aligned", "nothing_passed"],
    run,
};

const SOURCE: &str = "RFC 7489, 3.1";

fn run(case: &Case<'_>, out: &mut Said) {
    let stamps = case.stamps();
    let Some(from) = case.author_domain().or(stamps.header_from.as_deref()) else { return };
    let Some(spf) = stamps.spf.as_deref() else { return };
    let claimed = case.claimed();
    let path = stamps.mailfrom_domain.as_deref().unwrap_or("");
    let path = path.rsplit('@').next().unwrap_or("");
    let spf_passed = spf == "pass" && !path.is_empty();
    let by_spf = how(path, from).filter(|_| spf_passed);
    let passed: Vec<&str> = stamps
        .dkim
        .iter()
        .filter(|(r, d)| r == "pass" && !d.is_empty())
        .map(|(_, d)| d.as_str())
        .collect();
    let by_dkim = passed
        .iter()
        .filter_map(|signer| Some((*signer, how(signer, from)?)))
        .min_by_key(|(_, how)| *how != "strict");
    let signed = !stamps.dkim.is_empty() && stamps.dkim.iter().any(|(r, _)| r != "none");
    let mut detail =
        format!("From: {from}; spf={spf} for {}", if path.is_empty() { "-" } else { path });
    for (result, signer) in stamps.dkim.iter().take(8) {
        detail = format!("{detail}; dkim={result} {signer}");
    }
    match (by_spf, by_dkim) {
        (None, None) if spf_passed || !passed.is_empty() => {
            let mut whom: Vec<&str> = passed.clone();
            if spf_passed {
                whom.push(path);
            }
            whom.sort_unstable();
            whom.dedup();
            whom.truncate(3);
            let headline = format!(
                "SPF or DKIM passed for {}, neither for {from}, the domain people see{claimed}",
                whom.join(", ")
            );
            out.say("nothing_aligned", Weight::Notice, headline, detail, SOURCE);
        }
        (None, None) => {
            let headline =
                format!("Neither SPF nor DKIM passed: nobody vouches for {from}{claimed}");
            out.say("nothing_passed", Weight::Notice, headline, detail, SOURCE);
        }
        (Some(how), None) => {
            let why =
                if signed { "its signature failed or is another's" } else { "it is not signed" };
            let headline = format!(
                "Only SPF vouches for {from} ({how} alignment), {why}: forwarding breaks that{claimed}"
            );
            out.say("spf_alone_aligned", Weight::Info, headline, detail, SOURCE);
        }
        (None, Some((signer, how))) => {
            let headline = format!(
                "Only DKIM vouches for {from} (signed by {signer}, {how} alignment){claimed}"
            );
            out.say("dkim_alone_aligned", Weight::Info, headline, detail, SOURCE);
        }
        (Some(_), Some(_)) => {}
    }
}

/// How a domain aligns with the one people see; `None` where it does not.
fn how(domain: &str, from: &str) -> Option<&'static str> {
    if domain.is_empty() {
        None
    } else if domain == from {
        Some("strict")
    } else if same(domain, from) {
        Some("relaxed")
    } else {
        None
    }
}
