//! Our mail is refused for authentication, and message files show its DKIM signature failing.

use super::{Clues, Naming};

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    let domain = clues.own_sender().filter(|_| clues.failing())?;
    let auth = clues.auth(domain)?;
    if auth.dkim.fail == 0 || auth.dmarc.fail == 0 || auth.dkim.fail < auth.spf.fail {
        return None;
    }
    let agreed = clues.refused_unauthenticated(&auth.dkim)?;
    let title = format!(
        "Mail from {domain} is refused for authentication; its DKIM signatures fail ({} of {} message files)",
        auth.dkim.fail,
        auth.dkim.fail + auth.dkim.pass
    );
    Some(agreed.naming("dkim_broken", title))
}
