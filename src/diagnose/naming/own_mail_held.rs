//! Mail that names a domain of ours as its sender is held when it comes in: it fails the
//! authentication of our own domain, as a service does that sends for us without SPF or DKIM.
//!
//! Where message files show which mechanism fails, the cause is named after it, so that the rise
//! of refusals elsewhere and this one are told as one problem.

use super::{Clues, Naming};
use crate::model::{Grade, Layer, Side};

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let domain = clues.own_sender().filter(|_| !clues.failing())?;
    let auth = clues.auth(domain).filter(|a| a.dmarc.fail > 0);
    let (cause, shown) = match auth {
        Some(a) if a.dkim.fail >= a.spf.fail.max(1) => ("dkim_broken", "; DKIM fails"),
        Some(a) if a.spf.fail > 0 => ("spf_missing_source", "; SPF fails"),
        _ => ("own_mail_unauthenticated", ""),
    };
    Some(Naming {
        layer: Layer::DnsAuth,
        cause: cause.into(),
        side: Side::Ours,
        grade: if auth.is_some() { Grade::Correlated } else { Grade::Heuristic },
        purity: 1.0,
        stated: auth.map_or(0, |a| a.dmarc.fail),
        entity: None,
        title: format!("Mail that says it is from {domain} is held when it comes in{shown}"),
    })
}
