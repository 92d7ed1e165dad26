//! Signatures verified anew against what the receiver found.
//!
//! Source: RFC 6376; the verification of this file with the keys of a snapshot of DNS.

use super::case::Case;
use super::{Check, Said};
use crate::model::Weight;
use crate::model::auth::DkimResult;

pub(super) const CHECK: Check = Check {
    name: "verified",
    remarks: &["dkim_verified", "dkim_altered", "dkim_key_unusable"],
    run,
};

const SOURCE: &str = "RFC 6376, 6.1";

fn run(case: &Case<'_>, out: &mut Said) {
    for check in case.seen.verified.iter().flatten().take(8) {
        let domain = check.domain.as_deref().unwrap_or("nobody");
        let passed = case.stamps().dkim.iter().any(|(r, d)| r == "pass" && d == domain);
        match check.result {
            DkimResult::Pass => {
                let headline =
                    format!("The signature of {domain} verifies with the key of the snapshot");
                out.say("dkim_verified", Weight::Info, headline, &check.detail, SOURCE);
            }
            DkimResult::BodyAltered | DkimResult::Broken => {
                let then = if passed {
                    ", though it passed on arrival: the file was changed since, or the key is another"
                } else {
                    ""
                };
                let headline = format!("The signature of {domain} does not verify{then}");
                out.say("dkim_altered", Weight::Notice, headline, &check.detail, SOURCE);
            }
            DkimResult::KeyUnusable => {
                let headline = format!("The key of {domain} cannot be used");
                out.say("dkim_key_unusable", Weight::Notice, headline, &check.detail, SOURCE);
            }
            DkimResult::Expired
            | DkimResult::Invalid
            | DkimResult::NoKey
            | DkimResult::NotWhole => {}
        }
    }
}
