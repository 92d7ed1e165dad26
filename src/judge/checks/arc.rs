//! The ARC chain: whether it is whole, and whether it saved the message from DMARC.
//!
//! Sources: RFC 8617; Microsoft Learn: trusted ARC sealers (reason 130).

use super::case::Case;
use super::{Check, Said};
use crate::model::Weight;
use crate::model::auth::ArcFault;

pub(super) const CHECK: Check =
    Check { name: "arc", remarks: &["arc_saved", "arc_broken", "arc_changed"], run };

fn run(case: &Case<'_>, out: &mut Said) {
    let examined = case.examined;
    let stamps = case.stamps();
    let sealers: Vec<&str> = examined
        .arc
        .iter()
        .filter_map(|set| set.seal.as_ref()?.domain.as_deref())
        .take(5)
        .collect();
    let detail = format!("sealed by {}", sealers.join(", "));
    if stamps.compauth_reason.as_deref() == Some("130") {
        let headline = format!(
            "DMARC failed, and the seal of a trusted sealer saved the message{}",
            case.claimed()
        );
        out.say(
            "arc_saved",
            Weight::Notice,
            headline,
            &detail,
            "Microsoft Learn: trusted ARC sealers",
        );
    }
    if !examined.arc_faults.is_empty() {
        let failed = examined.arc_faults.iter().any(|f| matches!(f, ArcFault::Failed { .. }));
        let headline = if failed {
            "An intermediary found the ARC chain broken (cv=fail): it proves nothing"
        } else {
            "The ARC chain has holes: it proves nothing"
        };
        out.say("arc_broken", Weight::Info, headline, &detail, "RFC 8617, 5.2");
    } else if let (Some(first), Some(now)) = (examined.arc.last(), stamps.dmarc.as_deref()) {
        // What the first intermediary found, against what the last receiver finds.
        let then = first.results.as_ref().and_then(|results| results.dmarc.as_deref());
        if then == Some("pass") && now == "fail" {
            let headline = format!(
                "DMARC passed at {} and fails now: an intermediary changed or forwarded it{}",
                first
                    .results
                    .as_ref()
                    .and_then(|r| r.authority.as_deref())
                    .unwrap_or("the first sealer"),
                case.claimed()
            );
            out.say("arc_changed", Weight::Notice, headline, &detail, "RFC 8617, 1");
        }
    }
}
