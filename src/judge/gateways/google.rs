//! Google: Gmail, Workspace, Groups.
//!
//! Source: real messages.

use super::parts::{shown, yes_or_no};
use super::{Family, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Google",
    stamps: &[
        reads("x-gm-spam", |v| {
            yes_or_no(v, "Gmail holds it for spam", "Gmail does not hold it for spam")
        }),
        reads("x-gm-phishy", |v| {
            yes_or_no(v, "Gmail holds it for phishing", "Gmail does not hold it for phishing")
        }),
        says("x-gm-message-state", "Gmail's own state, opaque: sent through Gmail"),
        says("x-gm-features", "Gmail's own record, opaque"),
        says("x-gm-gg", "Gmail's own record, opaque"),
        says("x-gm-original-to", "recipient before Workspace routed it"),
        says("x-google-smtp-source", "Gmail's own record, opaque: handed to Gmail by SMTP"),
        says(
            "x-google-dkim-signature",
            "Google's own signature (1e100.net), for Google only: no proof of the sender",
        ),
        says(
            "x-google-original-from",
            "From before Gmail replaced it: the account did not own that address",
        ),
        says("x-gm-original-from", "From before Gmail replaced it"),
        says("x-google-sender-delegation", "sent by somebody to whom the mailbox is delegated"),
        reads("x-google-group-id", |v| {
            plain(format!("came through a group of Google ({})", shown(v)))
        }),
        says(
            "x-spam-checked-in-group",
            "came through a group of Google, which checked it for spam",
        ),
        says("x-received", "a hop inside of Google"),
        says("x-google-sender-auth", "Gmail's own record, opaque"),
        reads("x-google-*", |v| plain(format!("of Google, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};
