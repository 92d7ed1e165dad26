//! Mail that names a domain of ours as its sender is held when it comes in: it fails the
//! authentication of our own domain, as a service does that sends for us without SPF or DKIM.
//!
//! Where stamps show which mechanism fails, the cause is named after it, so that the rise of
//! refusals elsewhere and this one are told as one problem.

use super::{Clues, Naming};
use crate::model::{Entity, EntityType, Grade, Layer, Side};
use crate::tally::SpfFlaw;

/// Part of the held mail whose stamps must show a mechanism fail.
const MOSTLY: f64 = 0.5;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let domain = clues.own_sender().filter(|_| !clues.failing())?;
    let (cause, shown, stated) = shown(clues, domain);
    Some(Naming {
        layer: Layer::DnsAuth,
        cause: cause.into(),
        side: Side::Ours,
        grade: if stated > 0 { Grade::Correlated } else { Grade::Heuristic },
        purity: 1.0,
        stated,
        entity: Some(Entity { kind: EntityType::SenderDomain, value: domain.to_owned() }),
        title: format!("Mail that says it is from {domain} is held when it comes in{shown}"),
    })
}

/// The mechanism that fails, by the stamps of the held mail itself, else by those of all message
/// files of the domain.
fn shown(clues: &Clues<'_>, domain: &str) -> (&'static str, &'static str, u64) {
    let count = |share: f64| (share * clues.size() as f64).round() as u64;
    let spf = clues.share(|c| c.flaws.spf == SpfFlaw::Fail);
    let permerror = clues.share(|c| c.flaws.spf == SpfFlaw::Permerror);
    let dkim = clues.share(|c| c.flaws.dkim);
    if permerror >= MOSTLY && permerror > spf {
        return ("spf_permerror", "; SPF cannot be evaluated (permerror)", count(permerror));
    }
    if dkim >= MOSTLY && dkim >= spf {
        return ("dkim_broken", "; DKIM fails", count(dkim));
    }
    if spf >= MOSTLY {
        return ("spf_missing_source", "; SPF fails", count(spf));
    }
    let auth = clues.auth(domain).filter(|a| a.dmarc.fail > 0);
    match auth {
        Some(a) if a.dkim.fail >= a.spf.fail.max(1) => {
            ("dkim_broken", "; DKIM fails", a.dmarc.fail)
        }
        Some(a) if a.spf.fail > 0 => ("spf_missing_source", "; SPF fails", a.dmarc.fail),
        _ => ("own_mail_unauthenticated", "", 0),
    }
}
