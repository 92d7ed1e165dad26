//! Our mail is refused for authentication, and message files show it leave from a source that our
//! SPF record does not list.

use super::{Clues, Naming};

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let domain = clues.own_sender().filter(|_| clues.failing())?;
    let auth = clues.auth(domain)?;
    if auth.spf.fail == 0 || auth.dmarc.fail == 0 {
        return None;
    }
    let agreed = clues.refused_unauthenticated(&auth.spf)?;
    let title = format!(
        "Mail from {domain} is refused for authentication; SPF fails for its source ({} of {} message files)",
        auth.spf.fail,
        auth.spf.fail + auth.spf.pass
    );
    Some(agreed.naming("spf_missing_source", title))
}
