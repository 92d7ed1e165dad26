//! What the headers give away of the sender's side: the client's address, names of inner hosts.
//!
//! Sources: RFC 5321, 7.2 (trace information); RFC 6762 and common practice for inner names.

use super::case::{Case, quoted};
use super::received::is_private;
use super::{Check, Said};
use crate::model::Weight;
use std::net::IpAddr;

pub(super) const CHECK: Check =
    Check { name: "client", remarks: &["client_address", "inner_hosts"], run };

/// Headers in which servers write the client's address.
const CLIENTS: &[&str] = &[
    "X-Originating-IP",
    "X-ClientIP",
    "X-Client-IP",
    "X-ClientAddr",
    "X-Client-Addr",
    "X-Source-IP",
    "X-Remote-IP",
    "X-Real-IP",
    "X-Yahoo-Post-IP",
    "X-AOL-IP",
    "X-EIP",
    "X-Exchange-Client-IP",
    "X-MS-Exchange-Organization-OriginalClientIPAddress",
    "X-MS-Exchange-Organization-OriginalServerIPAddress",
    "X-Sender-Client-IP",
    "X-PHP-Script",
    "X-Webmail-IP",
    "X-Http-Client-IP",
    "X-Forwarded-IP",
];

/// Endings of names that exist inside only.
const INNER: &[&str] = &[
    ".local",
    ".lan",
    ".internal",
    ".intra",
    ".corp",
    ".home",
    ".localdomain",
    ".private",
    ".home.arpa",
];

fn run(case: &Case<'_>, out: &mut Said) {
    let found = CLIENTS.iter().find_map(|name| {
        let value = case.field(name)?;
        let parts = value
            .split(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | ',' | ';'));
        let address = parts.filter(|p| p.len() > 6).find_map(|p| p.parse::<IpAddr>().ok())?;
        Some((*name, value, address))
    });
    if let Some((name, value, address)) = found {
        let kind = if is_private(address) { " (a private address)" } else { "" };
        let headline = format!("The program that sent it was at {address}{kind}");
        out.say(
            "client_address",
            Weight::Info,
            headline,
            format!("{name}: {}", quoted(value)),
            "headers of the sending server",
        );
    }
    let mut inner: Vec<&str> = Vec::new();
    for hop in case.examined.hops.iter().filter(|hop| !hop.trusted) {
        for host in [hop.from.as_deref(), hop.by.as_deref()].into_iter().flatten() {
            let lower = host.to_ascii_lowercase();
            if INNER.iter().any(|end| lower.ends_with(end))
                && !inner.contains(&host)
                && inner.len() < 8
                && lower != "localhost.localdomain"
            {
                inner.push(host);
            }
        }
    }
    if let Some(first) = inner.first() {
        let headline = format!("Names of hosts inside the sender's network stand in it: {first}");
        out.say("inner_hosts", Weight::Info, headline, inner.join(", "), "RFC 5321, 7.2");
    }
}
