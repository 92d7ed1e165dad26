//! What DMARC said, what the domain asks for, and what was done.
//!
//! Sources: RFC 7489; Microsoft Learn: Anti-spam message headers (`action=`).

use super::case::Case;
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check = Check {
    name: "dmarc",
    remarks: &["dmarc_failed", "dmarc_overridden", "dmarc_unprotected", "spoofed_own"],
    run,
};

const SOURCE: &str = "RFC 7489; Microsoft Learn: Anti-spam message headers";

fn run(case: &Case<'_>, out: &mut Said) {
    let stamps = case.stamps();
    let from = stamps.header_from.as_deref().or(case.author_domain()).unwrap_or("its domain");
    let result = stamps.dmarc.as_deref().unwrap_or("");
    let action = stamps.dmarc_action.as_deref().unwrap_or("");
    let claimed = case.claimed();
    let spf = stamps.spf.as_deref().unwrap_or("-");
    let compauth = stamps.compauth.as_deref().unwrap_or("-");
    let reason = stamps.compauth_reason.as_deref().unwrap_or("-");
    let detail =
        format!("dmarc={result} action={action} spf={spf} compauth={compauth} reason={reason}");
    match result {
        "fail" => {
            let (id, done) = match action {
                "oreject" | "o.reject" => (
                    "dmarc_overridden",
                    "the domain asks to refuse it, the receiver marked it as spam instead",
                ),
                "pct.reject" | "pct.quarantine" | "opctreject" => (
                    "dmarc_overridden",
                    "the policy holds for a share of the mail, and this one was spared",
                ),
                "reject" => ("dmarc_failed", "the domain asks to refuse it"),
                "quarantine" => {
                    ("dmarc_failed", "the domain asks to put it into Junk or quarantine")
                }
                "permerror" | "temperror" => ("dmarc_failed", "the record could not be read"),
                "none" => ("dmarc_failed", "the domain asks for nothing to be done (p=none)"),
                _ => ("dmarc_failed", "what the domain asks for is not stated"),
            };
            let headline = format!("DMARC failed for {from}: {done}{claimed}");
            out.say(id, Weight::Alarm, headline, detail.clone(), SOURCE);
        }
        "none" | "bestguesspass" => {
            let headline =
                format!("{from} publishes no DMARC record: anybody can write its name{claimed}");
            out.say("dmarc_unprotected", Weight::Info, headline, detail.clone(), SOURCE);
        }
        _ => {}
    }
    let own = case.author_domain().filter(|domain| case.is_own(domain));
    let outside = stamps.auth_as.as_deref() == Some("Anonymous");
    if let Some(own) = own
        && outside
        && result != "pass"
        && case.trusted()
    {
        let headline =
            format!("It says to be from our domain {own}, came from outside and did not prove it");
        out.say(
            "spoofed_own",
            Weight::Alarm,
            headline,
            detail,
            "Microsoft Learn: spoof intelligence",
        );
    }
}
