//! Amazon SES and WorkMail.
//!
//! Source: Amazon SES developer guide; real messages.

use super::parts::{by_words, shown};
use super::{Family, Said, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Amazon SES",
    stamps: &[
        reads("x-ses-outgoing", outgoing),
        says("x-ses-receipt", "receipt of Amazon SES, opaque"),
        says("x-ses-dkim-signature", "signature for Amazon's own use"),
        reads("x-ses-spam-verdict", |v| by_words("spam verdict of the receiving side", v)),
        reads("x-ses-virus-verdict", |v| by_words("virus verdict of the receiving side", v)),
        reads("x-ses-configuration-set", |v| {
            plain(format!("configuration of the sender: {}", shown(v)))
        }),
        reads("x-ses-message-tags", |v| plain(format!("tags of the sender: {}", shown(v)))),
        says("x-ses-source-arn", "identity that was allowed to send"),
        says("x-ses-source-tenant", "tenant of the sender"),
        reads("x-aws-*", |v| plain(format!("of Amazon, not further known: {}", shown(v)))),
    ],
    source: "Amazon SES developer guide; real messages (rf-peixoto/phishing_pot)",
};

/// `2023.08.05-54.240.9.16`
fn outgoing(value: &str) -> Said {
    match value.split_once('-') {
        Some((day, address)) => plain(format!(
            "sent by Amazon SES on {} from {}",
            shown(&day.replace('.', "-")),
            shown(address)
        )),
        None => plain(format!("sent by Amazon SES: {}", shown(value))),
    }
}
