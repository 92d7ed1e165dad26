//! A way that is not straight: forwarded, sent on by a rule, in a circle, to somebody else.
//!
//! Sources: RFC 5321, 4.4 (`for`) and 6.3 (loops); RFC 5322, 3.6.6 (Resent-); real messages.

use super::case::{Case, quoted};
use super::domain::same;
use super::{Check, Said};
use crate::model::Weight;
use crate::model::delivery::domain_of;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    name: "route",
    remarks: &["forwarded", "forwarded_out", "sent_by_rule", "loop", "many_hops", "not_addressed"],
    run,
};

/// Hops from which on a way is long; servers give up between 30 and 100.
const LONG: usize = 25;

fn run(case: &Case<'_>, out: &mut Said) {
    forwarding(case, out);
    circle(case, out);
    // A copy for somebody whom neither To nor Cc names.
    let to = &case.examined.facts.to;
    let listed = case.field("List-Id").is_some() || case.field("Mailing-List").is_some();
    let copy = case.examined.delivered_to.first();
    if let Some(copy) = copy.filter(|copy| !listed && !to.is_empty() && !to.contains(copy)) {
        let elsewhere = to.iter().take(64).all(|t| !same(domain_of(t), domain_of(copy)));
        if elsewhere {
            let headline = format!(
                "Delivered to {copy}, whom To and Cc do not name: a blind copy, a list or a forward"
            );
            out.say("not_addressed", Weight::Info, headline, "", "RFC 5322, 3.6.3");
        }
    }
}

fn forwarding(case: &Case<'_>, out: &mut Said) {
    let resent =
        ["Resent-From", "Resent-To", "X-Forwarded-For", "X-Forwarded-To", "X-Forwarded-Encrypted"];
    if let Some((name, value)) = resent.iter().find_map(|name| Some((*name, case.field(name)?))) {
        out.say(
            "forwarded",
            Weight::Notice,
            "It was forwarded: SPF judges the forwarder, and a changed body breaks DKIM",
            format!("{name}: {}", quoted(value)),
            "RFC 5322, 3.6.6; real messages",
        );
    }
    if let Some(value) =
        case.field("X-LD-Processed").filter(|v| v.to_lowercase().contains("extfwd"))
    {
        let headline = "A mailbox of another tenant forwards its mail automatically to here";
        out.say("forwarded_out", Weight::Notice, headline, quoted(value), "real messages");
    }
    let rules = [
        ("X-MS-Exchange-Inbox-Rules-Loop", "A rule of a mailbox sent it on"),
        ("X-MS-Exchange-Transport-Rules-Loop", "A mail flow rule redirected it"),
        ("X-MS-Exchange-Generated-Message-Source", "A part of Exchange wrote it, no person"),
    ];
    for (name, headline) in rules {
        if let Some(value) = case.field(name) {
            out.say(
                "sent_by_rule",
                Weight::Notice,
                headline,
                format!("{name}: {}", quoted(value)),
                "table exchange_headers",
            );
        }
    }
}

fn circle(case: &Case<'_>, out: &mut Said) {
    let hops = &case.examined.hops;
    // The same host took it from the same host, and for the same recipient, again and again.
    let mut times: HashMap<(&str, &str), usize> = HashMap::new();
    for hop in hops {
        if let (Some(from), Some(by)) = (hop.from.as_deref(), hop.by.as_deref())
            && !from.eq_ignore_ascii_case(by)
            && by.contains('.')
            && from.contains('.')
        {
            *times.entry((from, by)).or_default() += 1;
        }
    }
    let most = times.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
    if let Some(((from, by), n)) = most.filter(|(_, n)| *n >= 3) {
        let headline = format!("It went in a circle: {n} times from {from} to {by}");
        out.say("loop", Weight::Alarm, headline, format!("{} hops", hops.len()), "RFC 5321, 6.3");
    } else if hops.len() >= LONG {
        let headline = format!("It took {} hops: servers give up at 30 to 100", hops.len());
        out.say("many_hops", Weight::Notice, headline, "", "RFC 5321, 6.3");
    }
}
