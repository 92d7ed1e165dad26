//! Symantec: Brightmail, Email Security.cloud (MessageLabs).
//!
//! Sources: real messages; list archives.

use super::parts::{first_word, number, shown, value_of, yes_or_no};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Symantec",
    stamps: &[
        reads("x-brightmail-tracker", tracker),
        reads("x-brightmailfiltered", |v| {
            plain(if v.eq_ignore_ascii_case("true") {
                "Brightmail scanned it: no verdict"
            } else {
                "Brightmail did not scan it"
            })
        }),
        reads("x-brightmail-verdict", |v| super::parts::by_words("Brightmail's verdict", v)),
        says(
            "x-symc-ess-client-auth",
            "the sender is a customer of Email Security.cloud: check of the sender's side",
        ),
        says("x-starscan-received", "passed Email Security.cloud (MessageLabs)"),
        reads("x-starscan-version", |v| plain(format!("version {}", shown(v)))),
        reads("x-viruschecked", |v| {
            plain(format!("virus scan of Email Security.cloud: {}", shown(v)))
        }),
        reads("x-spam-reason", reason),
        reads("x-spamreason", reason),
        reads("x-spaminfo", |v| plain(format!("details: {}", shown(v)))),
        reads("x-spamwhitelisted", |v| {
            let said = yes_or_no(
                v,
                "the sender is on the customer's list of approved senders",
                "the sender is on no list",
            );
            plain(said.meaning)
        }),
        says("x-msg-ref", "number of the message at Email Security.cloud"),
        reads("x-env-sender", |v| plain(format!("envelope sender: {}", shown(v)))),
        reads("x-originating-ip-messagelabs", |v| {
            plain(format!("address that connected: {}", shown(v)))
        }),
    ],
    source: "real messages (rf-peixoto/phishing_pot); public mailing-list archives",
};

fn tracker(value: &str) -> Said {
    match value.trim() {
        "AAAAAA==" | "AAAAAQAAAAA=" => judged("Brightmail matched nothing", false),
        _ => plain("Brightmail's tracker: rules that were looked at, opaque, no verdict"),
    }
}

/// `No, hits=0.0 required=7.0 tests=...`
fn reason(value: &str) -> Said {
    let of = |key: &str| value_of(value, &[' ', '\t', ','], key).and_then(number);
    let points = of("hits").zip(of("required"));
    let points = points.map(|(h, r)| format!(": {h} points of {r} required")).unwrap_or_default();
    match first_word(value).as_str() {
        "yes" => judged(format!("spam{points}"), true),
        "no" => judged(format!("not spam{points}"), false),
        _ => plain(format!("reason: {}", shown(value))),
    }
}
