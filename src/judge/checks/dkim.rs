//! Signatures that prove less than they seem to.
//!
//! Sources: RFC 6376, 5.4 (which fields to sign), 8.2 (`l`), 8.15 (fields added); RFC 8301.

use super::case::Case;
use super::domain::same;
use super::{Check, Said};
use crate::model::Weight;
use crate::model::auth::{DkimFault, DkimSignature};

pub(super) const CHECK: Check = Check {
    name: "dkim",
    remarks: &["dkim_weak", "dkim_expired", "dkim_invalid", "dkim_gaps", "dkim_old_style"],
    run,
};

/// Fields that a signature should cover where they are there.
const WANTED: &[&str] = &["subject", "date", "to", "reply-to", "cc", "message-id"];

fn run(case: &Case<'_>, out: &mut Said) {
    for sign in case.examined.dkim_signatures.iter().take(8) {
        let domain = sign.domain.as_deref().unwrap_or("nobody");
        let detail = format!(
            "d={domain} s={} a={} h={}",
            sign.selector.as_deref().unwrap_or("-"),
            sign.algorithm.as_deref().unwrap_or("-"),
            sign.signed.join(":")
        );
        let (mut weak, mut invalid) = (Vec::new(), Vec::new());
        for fault in &sign.faults {
            match fault {
                DkimFault::LengthLimited => {
                    weak.push("only the beginning of the body is signed (l=)");
                }
                DkimFault::Sha1 => invalid.push("it uses rsa-sha1"),
                DkimFault::Expired => {
                    let headline =
                        format!("The signature of {domain} was over when the message arrived");
                    out.say("dkim_expired", Weight::Notice, headline, &detail, "RFC 6376, 3.5");
                }
                DkimFault::ExpiresBeforeSigned => invalid.push("it ends before it begins"),
                DkimFault::FromNotSigned => invalid.push("From is not signed"),
                DkimFault::IdentityElsewhere => invalid.push("i= is not of its domain"),
                DkimFault::TagMissing(_) => invalid.push("a tag is missing"),
                DkimFault::TagRepeated => invalid.push("a tag stands twice"),
                DkimFault::UnknownVersion => invalid.push("its version is unknown"),
            }
        }
        // An RSA signature of less than 1024 bits is shorter than 172 characters.
        let rsa = sign.algorithm.as_deref().is_some_and(|a| a.starts_with("rsa"));
        if rsa && (1..172).contains(&sign.signature_length) {
            weak.push("its key has less than 1024 bits: verifiers refuse it");
        } else if rsa && (172..=173).contains(&sign.signature_length) {
            weak.push("its key has 1024 bits, 2048 is the rule today");
        }
        if !invalid.is_empty() {
            let headline =
                format!("Verifiers refuse the signature of {domain}: {}", invalid.join(", "));
            out.say("dkim_invalid", Weight::Notice, headline, &detail, "RFC 6376, 6.1.1; RFC 8301");
        }
        if !weak.is_empty() {
            let short = weak.iter().any(|w| !w.contains("2048"));
            let weight = if short { Weight::Notice } else { Weight::Info };
            let headline = format!("The signature of {domain} is weak: {}", weak.join(", "));
            out.say("dkim_weak", weight, headline, &detail, "RFC 6376, 8.2; RFC 8301");
        }
        gaps(case, sign, domain, &detail, out);
    }
    let signed = !case.examined.dkim_signatures.is_empty();
    if let Some(old) = case.field("DomainKey-Signature").filter(|_| !signed) {
        let headline = "It is signed by DomainKeys only, which nobody verifies any more";
        out.say("dkim_old_style", Weight::Info, headline, old, "RFC 4870 (historic)");
    }
}

/// Fields that can be changed or added without breaking the signature of the sender's domain.
fn gaps(case: &Case<'_>, sign: &DkimSignature, domain: &str, detail: &str, out: &mut Said) {
    let aligned = case.author_domain().is_some_and(|from| same(domain, from));
    if !aligned || sign.signed.is_empty() {
        return;
    }
    let covers = |name: &str| sign.signed.iter().any(|signed| signed == name);
    let open: Vec<&str> =
        WANTED.iter().copied().filter(|name| !covers(name) && case.field(name).is_some()).collect();
    // Subject is what people read; the others matter less.
    if open.contains(&"subject") || open.contains(&"reply-to") {
        let headline = format!(
            "The signature of {domain} leaves open what can be changed unseen: {}",
            open.join(", ")
        );
        out.say("dkim_gaps", Weight::Info, headline, detail, "RFC 6376, 5.4 and 8.15");
    }
}
