//! Authentication of the sender and how it aligns with the From domain.

use super::reading;
use crate::knowledge::stamps::authentication;
use crate::model::delivery::domain_of;
use crate::model::message::Examined;
use crate::model::view::{AuthLine, Reading, Standing};

/// The results of the topmost Authentication-Results.
pub(super) fn lines(examined: &Examined) -> Vec<AuthLine> {
    let said = &examined.written.stamps;
    let believed = &examined.facts.stamps;
    // Only results at or above the border are among the facts.
    let own = examined.facts.stamps.trusted
        && (believed.spf.is_some()
            || believed.dmarc.is_some()
            || believed.compauth.is_some()
            || !believed.dkim.is_empty());
    let standing = if own { Standing::Own } else { Standing::Claim };
    let from = examined.facts.from.as_deref().map(domain_of).unwrap_or_default();
    let line = |method, result: &str, domain: &str, detail: &str| AuthLine {
        method,
        result: result.to_owned(),
        domain: domain.to_owned(),
        detail: detail.to_owned(),
        standing,
        ..AuthLine::default()
    };
    let mut out = Vec::new();
    if let Some(result) = &said.spf {
        let domain = said.mailfrom_domain.as_deref().map(domain_of).unwrap_or_default();
        let mut spf = line("SPF", result, domain, "");
        spf.aligned = aligned(domain, from);
        spf.readings = known("spf", result);
        out.push(spf);
    }
    for (result, domain) in &said.dkim {
        let mut dkim = line("DKIM", result, domain, "");
        dkim.aligned = aligned(domain, from);
        dkim.readings = known("dkim", result);
        out.push(dkim);
    }
    if let Some(result) = &said.dmarc {
        let action = said.dmarc_action.as_deref().unwrap_or_default();
        let domain = said.header_from.as_deref().unwrap_or(from);
        let mut dmarc = line("DMARC", result, domain, action);
        dmarc.readings = known("dmarc", result);
        if action != "none" {
            dmarc.readings.extend(known("dmarc.action", action));
        }
        out.push(dmarc);
    }
    if let Some(result) = &said.compauth {
        let reason = said.compauth_reason.as_deref().unwrap_or_default();
        let mut compauth = line("compauth", result, "", reason);
        compauth.readings = known("compauth.reason", reason);
        if compauth.readings.is_empty() {
            compauth.readings = known("compauth", result);
        }
        out.push(compauth);
    }
    out
}

fn known(method: &str, value: &str) -> Vec<Reading> {
    if value.is_empty() {
        return Vec::new();
    }
    authentication(method, value).map(reading).into_iter().collect()
}

/// Relaxed alignment (RFC 7489, 3.1): both are of the same registered domain.
pub(super) fn aligned(domain: &str, from: &str) -> Option<bool> {
    if domain.is_empty() || from.is_empty() {
        return None;
    }
    let (domain, from) = (domain.to_ascii_lowercase(), from.to_ascii_lowercase());
    Some(registered(&domain) == registered(&from))
}

/// The part of a domain that is registered (Public Suffix List); the domain itself where it has
/// none.
pub(super) fn registered(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}
