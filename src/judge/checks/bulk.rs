//! Mail to many: lists, newsletters, and the provider that sent it.
//!
//! Sources: RFC 2369 and 2919 (List-*), RFC 8058 (one-click unsubscribe), RFC 3834
//! (Auto-Submitted); the table of mailers.

use super::case::{Case, quoted};
use super::domain::organization;
use super::{Check, Said};
use crate::knowledge::names::{mailer_by_domain, mailer_by_header};
use crate::model::Weight;
use crate::model::delivery::domain_of;

pub(super) const CHECK: Check =
    Check { name: "bulk", remarks: &["list_mail", "newsletter", "bulk_sender", "automatic"], run };

fn run(case: &Case<'_>, out: &mut Said) {
    let precedence = case.field("Precedence").map(str::to_lowercase).unwrap_or_default();
    let list = case.field("List-Id").or(case.field("List-Post")).or(case.field("Mailing-List"));
    if let Some(list) = list.filter(|_| case.field("List-Post").is_some() || precedence == "list") {
        let headline =
            "It came through a mailing list: SPF judges the list, and its changes break DKIM";
        out.say("list_mail", Weight::Info, headline, quoted(list), "RFC 2369; RFC 2919");
    } else if case.field("List-Unsubscribe").is_some() || precedence == "bulk" || list.is_some() {
        let click = case.field("List-Unsubscribe-Post").is_some();
        let how = if click { ", one click unsubscribes" } else { "" };
        let headline = format!("Mail to many (a newsletter or notice){how}");
        let detail = case.field("List-Unsubscribe").map(quoted).unwrap_or_default();
        out.say("newsletter", Weight::Info, headline, detail, "RFC 2369; RFC 8058");
    }
    if let Some((provider, by)) = provider(case) {
        let headline = format!("Sent through {provider}");
        out.say("bulk_sender", Weight::Info, headline, by, "table of mailers");
    }
    let auto = case.field("Auto-Submitted").filter(|v| !v.trim().to_lowercase().starts_with("no"));
    if let Some(auto) = auto {
        let headline = "No person sent it: it says to be automatic";
        out.say("automatic", Weight::Info, headline, quoted(auto), "RFC 3834");
    }
}

/// The provider of bulk mail, and by what it is known.
fn provider(case: &Case<'_>) -> Option<(&'static str, String)> {
    let examined = case.examined;
    let mut lower = String::new();
    let by_header = examined.fields.iter().find_map(|(name, _)| {
        lower.clear();
        lower.push_str(name);
        lower.make_ascii_lowercase();
        Some((mailer_by_header(&lower)?, format!("header {name}")))
    });
    let of = |what: &str, domain: &str| {
        let domain = domain.to_ascii_lowercase();
        Some((mailer_by_domain(organization(&domain))?, format!("{what} {domain}")))
    };
    by_header
        .or_else(|| {
            examined.dkim_signatures.iter().find_map(|s| of("signed by", s.domain.as_deref()?))
        })
        .or_else(|| of("Return-Path", case.domain_in("Return-Path")?))
        .or_else(|| examined.hops.iter().find_map(|hop| of("sent by", hop.from.as_deref()?)))
        .or_else(|| of("Message-ID", domain_of(examined.facts.message_id.as_deref()?)))
}
