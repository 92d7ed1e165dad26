//! Ids that mailers of bulk mail write. Which mailer it was is a remark of its own
//! (`bulk_sender`), since most are known by more than a header.
//!
//! Source: real messages; the mailers' own documentation.

use super::parts::{base64_text, shown};
use super::{Family, Said, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Bulk mailer",
    stamps: &[
        says("x-sg-eid", "SendGrid's id of the event, opaque"),
        says("x-sg-id", "SendGrid's id, opaque"),
        says("x-entity-id", "id of the account at SendGrid, opaque"),
        says("x-smtpapi", "SendGrid's instructions of the sender"),
        reads("x-mailgun-sid", |_| plain("Mailgun's id of the message, opaque")),
        reads("x-mailgun-sending-ip", |v| plain(format!("sent by Mailgun from {}", shown(v)))),
        says("x-mailgun-batch-id", "Mailgun's id of the batch"),
        reads("x-mailgun-*", |v| plain(format!("of Mailgun: {}", shown(v)))),
        says("x-mc-user", "Mailchimp's id of the account"),
        says("x-mandrill-user", "Mandrill's id of the account"),
        says("x-mc-metadata", "Mandrill's data of the sender"),
        says("x-msys-api", "SparkPost's instructions of the sender"),
        reads("x-mailin-tag", |v| plain(format!("Brevo's tag: {}", shown(v)))),
        says("x-mailin-eid", "Brevo's id of the event, opaque"),
        says("x-sib-id", "Brevo's id of the message, opaque"),
        reads("x-mailin-client", |v| plain(format!("Brevo's id of the account: {}", shown(v)))),
        says("x-sfmc-stack", "sent by Salesforce Marketing Cloud"),
        says("x-sfdc-lk", "Salesforce's id of the organisation"),
        says("x-sfdc-user", "Salesforce's id of the user"),
        says("x-roving-id", "Constant Contact's id"),
        says("x-roving-campaignid", "Constant Contact's id of the campaign"),
        says("x-ctct-id", "Constant Contact's id"),
        says("x-mailer-lid", "list id of a mailer"),
        says("x-mailer-recptid", "recipient id of a mailer"),
        says("x-mailer-sid", "id of a mailing"),
        reads("x-mailer-sent-by", |v| plain(format!("account of the mailer: {}", shown(v)))),
        says("x-mj-mid", "Mailjet's id of the message"),
        says("x-mj-sid", "Mailjet's id of the sender"),
        reads("x-campaign*", |v| plain(format!("id of the campaign: {}", shown(v)))),
        says("x-kmail-account", "Klaviyo's id of the account"),
        says("x-kmail-message", "Klaviyo's id of the message"),
        says("x-kmail-ops", "Klaviyo's record, opaque"),
        says("x-pm-message-stream", "Postmark's stream"),
        says("x-hubspot-*", "of HubSpot"),
        says("x-hs-*", "of HubSpot"),
        says("x-cmail*", "of Campaign Monitor"),
        reads("x-smtp2go-*", |v| plain(format!("of SMTP2GO: {}", shown(v)))),
        says("x-elasticemail-*", "of Elastic Email"),
        says("x-250ok-cid", "Validity's id of the campaign"),
        reads("x-job", coded),
        reads("x-virtual-mta", |v| plain(format!("sending lane of a bulk mailer: {}", shown(v)))),
        says("x-virtualservergroup", "sending lane of a bulk mailer"),
        says("x-destination-id", "recipient as a bulk mailer knows it"),
    ],
    source: "real messages (rf-peixoto/phishing_pot); documentation of the mailers",
};

fn coded(value: &str) -> Said {
    plain(match base64_text(value) {
        Some(text) if value.len() > 12 => format!("id of the mailing, decoded: {}", shown(&text)),
        _ => format!("id of the mailing: {}", shown(value)),
    })
}
