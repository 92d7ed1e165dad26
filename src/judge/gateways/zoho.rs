//! Zoho Mail and ZeptoMail.
//!
//! Source: real messages.

use super::parts::{by_words, shown};
use super::{Family, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Zoho",
    stamps: &[
        says("x-zohomailclient", "written in Zoho Mail"),
        says("x-zohocnmailclient", "written in Zoho Mail"),
        reads("x-zoho-virus-status", |v| by_words("virus scan, 1 is found", v)),
        reads("x-zoho-rid", |_| plain("id of the message at Zoho")),
        reads("x-zmail-transid", |_| plain("id of the message at Zoho")),
        reads("x-zoho-spam*", |v| by_words("spam verdict of Zoho", v)),
        says("tm-mail-jid", "id of the message at ZeptoMail"),
        reads("x-zoho-*", |v| plain(format!("of Zoho, not further known: {}", shown(v)))),
    ],
    source: "real messages (rf-peixoto/phishing_pot)",
};
