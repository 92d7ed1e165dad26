//! The date the sender wrote, against the times of those who took the message.
//!
//! Source: RFC 5322, 3.6.1; RFC 5321, 4.4. The clock of this machine is not asked.

use super::case::{Case, between, span};
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check = Check {
    name: "dates",
    remarks: &["date_missing", "date_unreadable", "date_future", "date_old", "slow_way"],
    run,
};

/// Seconds by which clocks may differ.
const SKEW: i64 = 15 * 60;
/// Seconds after which a message that only now sets out is old.
const OLD: i64 = 86_400;
/// Seconds of a slow way.
const SLOW: i64 = 3600;

fn run(case: &Case<'_>, out: &mut Said) {
    let source = "RFC 5322, 3.6.1";
    let written = case.field("Date");
    if written.is_none() {
        if case.field("From").is_some() {
            let headline = "No Date: every mail program writes one";
            out.say("date_missing", Weight::Notice, headline, "", source);
        }
        return;
    }
    let detail = format!("Date: {}", written.unwrap_or(""));
    let Some(date) = case.examined.facts.date else {
        out.say("date_unreadable", Weight::Notice, "Its Date cannot be read", detail, source);
        return;
    };
    if let Some(first) = case.oldest() {
        let ahead = between(first, date);
        if ahead > SKEW {
            let headline = format!(
                "Its Date lies {} after the first server took it: a clock or a zone is wrong, or it was made up",
                span(ahead)
            );
            out.say("date_future", Weight::Notice, headline, detail, source);
        } else if -ahead > OLD {
            let headline = format!(
                "Its Date lies {} before the first server took it: kept back, sent again, or made up",
                span(ahead)
            );
            out.say("date_old", Weight::Notice, headline, detail, source);
        }
    }
    let slowest = case.examined.hops.iter().max_by_key(|hop| hop.delay_seconds.unwrap_or(0));
    if let Some(hop) = slowest.filter(|hop| hop.delay_seconds.unwrap_or(0) > SLOW) {
        let by = hop.by.as_deref().unwrap_or("a host that is not named");
        let headline = format!("It took {} to reach {by}", span(hop.delay_seconds.unwrap_or(0)));
        out.say("slow_way", Weight::Notice, headline, "", "RFC 5321, 4.4");
    }
}
