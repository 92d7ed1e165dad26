//! Encryption on the way: hops without, and versions that nobody should use.
//!
//! Sources: RFC 8996 (TLS 1.0 and 1.1 are deprecated); RFC 3848 (`ESMTPS`).

use super::case::Case;
use super::domain::same;
use super::received::is_private;
use super::{Check, Said};
use crate::model::Weight;
use crate::model::message::Hop;

pub(super) const CHECK: Check =
    Check { name: "tls", remarks: &["tls_downgrade", "tls_none", "tls_old"], run };

fn run(case: &Case<'_>, out: &mut Said) {
    let hops = &case.examined.hops;
    let shown = |hop: &Hop| {
        let or = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
        format!("{} -> {}", or(&hop.from), or(&hop.by))
    };
    if let Some(old) = hops.iter().find(|hop| hop.tls.as_deref().is_some_and(is_old)) {
        let version = old.tls.as_deref().unwrap_or("");
        let headline = format!("A hop used {version}, which is deprecated");
        out.say("tls_old", Weight::Notice, headline, shown(old), "RFC 8996");
    }
    // Oldest first: a plain hop between two organisations, after an encrypted one or not.
    let crossing: Vec<&Hop> = hops.iter().rev().filter(|hop| crosses(hop)).collect();
    let Some(at) = crossing.iter().position(|hop| is_plain(hop)) else { return };
    let Some(plain) = crossing.get(at) else { return };
    let before = crossing.iter().take(at).any(|hop| is_encrypted(hop));
    if before {
        let headline = "It was encrypted on its way and then sent on in the clear";
        out.say("tls_downgrade", Weight::Notice, headline, shown(plain), "RFC 3848");
    } else {
        let headline = "A hop between two organisations was not encrypted";
        out.say("tls_none", Weight::Info, headline, shown(plain), "RFC 3848");
    }
}

fn is_old(version: &str) -> bool {
    let lower = version.to_lowercase().replace(['_', '.'], "");
    lower.starts_with("ssl")
        || matches!(lower.as_str(), "tls1" | "tls10" | "tls11" | "tlsv1" | "tlsv10" | "tlsv11")
}

/// A hop from one organisation to another, over the internet.
fn crosses(hop: &Hop) -> bool {
    let (Some(from), Some(by)) = (&hop.from, &hop.by) else { return false };
    let public = hop.address.is_some_and(|address| !is_private(address) && !address.is_loopback());
    public
        && from.contains('.')
        && by.contains('.')
        && !same(&from.to_lowercase(), &by.to_lowercase())
}

fn is_encrypted(hop: &Hop) -> bool {
    let protocol = hop.protocol.as_deref().unwrap_or("").to_uppercase();
    hop.tls.is_some()
        || matches!(
            protocol.as_str(),
            "ESMTPS" | "ESMTPSA" | "SMTPS" | "LMTPS" | "UTF8SMTPS" | "HTTPS"
        )
}

/// The line says by its protocol that nothing was encrypted. `SMTP` alone says nothing: many
/// systems always write it.
fn is_plain(hop: &Hop) -> bool {
    let protocol = hop.protocol.as_deref().unwrap_or("").to_uppercase();
    !is_encrypted(hop)
        && matches!(protocol.as_str(), "ESMTP" | "ESMTPA" | "MICROSOFT SMTP SERVER" | "UTF8SMTP")
}
