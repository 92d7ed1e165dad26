//! Received lines that do not fit: names that are not those of the address, times that run back,
//! a way that begins inside.
//!
//! Sources: RFC 5321, 4.4 and 4.1.1.1 (HELO); RFC 1918 and 6598 (private addresses).

use super::case::{Case, span};
use super::domain::{is_domain, same};
use super::{Check, Said};
use crate::model::Weight;
use crate::model::message::Hop;
use std::net::IpAddr;

pub(super) const CHECK: Check = Check {
    name: "received",
    remarks: &[
        "received_none",
        "received_backwards",
        "received_unreadable",
        "helo_elsewhere",
        "helo_literal",
        "no_reverse_name",
        "private_only",
    ],
    run,
};

fn run(case: &Case<'_>, out: &mut Said) {
    let hops = &case.examined.hops;
    if hops.is_empty() {
        // A pasted part of the headers has none, and no From either.
        if case.field("From").is_some() {
            let headline =
                "No Received line: a draft, a message never sent, or its way was cut off";
            out.say("received_none", Weight::Notice, headline, "", "RFC 5321, 4.4");
        }
        return;
    }
    order(case, out);
    let unreadable = hops.iter().filter(|hop| hop.by.is_none() && hop.from.is_none()).count();
    if unreadable > 0 {
        let headline =
            format!("{unreadable} Received lines name no host: written by hand or damaged");
        out.say("received_unreadable", Weight::Notice, headline, "", "RFC 5321, 4.4");
    }
    entry(case, out);
    let addresses: Vec<IpAddr> = hops.iter().filter_map(|hop| hop.address).collect();
    if addresses.len() > 1 && addresses.iter().all(|a| is_private(*a)) {
        let headline =
            "Only private addresses are on its way: it never was outside, or the lines are made up";
        out.say("private_only", Weight::Info, headline, "", "RFC 1918");
    }
}

/// A line that says to be written long after the one above it.
fn order(case: &Case<'_>, out: &mut Said) {
    let back = case.examined.hops.iter().filter(|hop| hop.delay_seconds.is_some_and(|s| s < -300));
    if let Some(worst) = back.min_by_key(|hop| hop.delay_seconds) {
        let seconds = worst.delay_seconds.unwrap_or(0);
        let far = seconds < -7200;
        let weight = if far { Weight::Notice } else { Weight::Info };
        let by = worst.by.as_deref().unwrap_or("a host that is not named");
        let headline = format!(
            "Time runs back by {} at {by}: {}",
            span(seconds),
            if far {
                "a clock or a zone is wrong, or the line below is made up"
            } else {
                "a clock is wrong"
            }
        );
        out.say("received_backwards", weight, headline, "", "RFC 5321, 4.4");
    }
}

/// The hop by which the message came in from outside: that of the border, else the newest one from
/// a public address.
fn entry(case: &Case<'_>, out: &mut Said) {
    let hops = &case.examined.hops;
    let public = |hop: &&Hop| hop.address.is_some_and(|a| !is_private(a));
    let border = hops.iter().rposition(|hop| hop.trusted).and_then(|at| hops.get(at));
    let Some(hop) = border.filter(public).or_else(|| hops.iter().find(public)) else { return };
    let Some(address) = hop.address else { return };
    let helo = hop.from.as_deref().unwrap_or("").to_lowercase();
    let detail = format!(
        "from {} ({} [{address}]) by {}",
        if helo.is_empty() { "-" } else { &helo },
        hop.resolved.as_deref().unwrap_or("-"),
        hop.by.as_deref().unwrap_or("-")
    );
    let stamped = case.examined.written.ptr.as_deref();
    let name = hop.resolved.as_deref().or(stamped).map(str::to_lowercase);
    let inner = helo.trim_matches(['[', ']']);
    if inner.trim_start_matches("ipv6:").parse::<IpAddr>().is_ok() {
        let headline =
            format!("The sending host {address} gave an address instead of a name (HELO)");
        out.say("helo_literal", Weight::Notice, headline, detail, "RFC 5321, 4.1.1.1");
        return;
    }
    if !helo.is_empty() && !is_domain(&helo) {
        let headline = format!(
            "The sending host {address} called itself {helo}, which is no name on the internet"
        );
        out.say("helo_literal", Weight::Notice, headline, detail, "RFC 5321, 4.1.1.1");
        return;
    }
    match name {
        Some(name) if !helo.is_empty() && name.contains('.') && !same(&name, &helo) => {
            let headline =
                format!("The sending host called itself {helo}, its address is named {name}");
            out.say("helo_elsewhere", Weight::Info, headline, detail, "RFC 5321, 4.1.4");
        }
        // Where the border's own stamp looked the name up and found none.
        None if case.examined.written.stamps.cip.is_some()
            && case.examined.written.helo.is_some() =>
        {
            let headline = format!("The sending address {address} has no name (PTR)");
            out.say("no_reverse_name", Weight::Notice, headline, detail, "RFC 1912, 2.1");
        }
        _ => {}
    }
}

/// An address that cannot come from the internet.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_private(IpAddr::V4(v4));
            }
            let first = v6.segments()[0];
            v6.is_loopback()
                || v6.is_unspecified()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
        }
    }
}
