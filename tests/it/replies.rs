//! What systems answer, and the one incident each answer leads to.

use crate::namings::{ONSET, incidents, ours, ours_fail};
use crate::traffic::{Way, week, write_report};

/// Replies that other systems and the service give to what we send, and the layer they name. Codes
/// and texts: src/knowledge/tables. DANE and MTA-STS are promises made in the DNS.
const REPLIES: &[(&str, &str)] = &[
    ("550 5.7.26 This mail has been blocked because the sender is unauthenticated", "dns_auth"),
    (
        "550 5.7.509 Access denied, sending domain contoso.com does not pass DMARC verification",
        "dns_auth",
    ),
    (
        "550 5.7.515 Access denied, sending domain contoso.com does not meet the required authentication level",
        "dns_auth",
    ),
    (
        "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
        "dns_auth",
    ),
    ("550 5.7.24 SPF record of contoso.com has too many lookups (permerror)", "dns_auth"),
    ("550 5.4.310 DNS domain partner.example does not exist", "dns_auth"),
    ("550 5.4.312 Message expired, DNS query failed (ServerFailure)", "dns_auth"),
    ("550 5.7.321 starttls-not-supported: destination mail server must support TLS", "dns_auth"),
    (
        "550 5.7.322 certificate-expired: destination mail server's certificate is expired",
        "dns_auth",
    ),
    ("550 5.7.323 tlsa-invalid: the domain failed DANE validation", "dns_auth"),
    ("550 5.7.64 TenantAttribution; Relay Access Denied", "connector"),
    ("550 5.4.316 Message expired, connection refused(Socket error code 10061)", "connector"),
    ("550 5.4.317 Message expired, cannot connect to remote server", "connector"),
    (
        "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
        "sender_reputation",
    ),
    ("550 5.7.705 Access denied, tenant has exceeded threshold", "sender_reputation"),
    (
        "550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains",
        "sender_reputation",
    ),
    ("550 5.7.501 Access denied, spam abuse detected", "sender_reputation"),
    ("550 5.7.606 Access denied, banned sending IP [192.0.2.1]", "sender_reputation"),
    (
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150)",
        "sender_reputation",
    ),
    ("550 5.1.8 Access denied, bad outbound sender AS(42004)", "sender_reputation"),
    (
        "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
        "sender_reputation",
    ),
    (
        "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients (tenant external recipient rate limit)",
        "sender_reputation",
    ),
    (
        "550 5.7.520 Access denied, Your organization does not allow external forwarding",
        "anti_spam",
    ),
    (
        "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy",
        "transport_rule",
    ),
    ("554 5.2.2 mailbox full", "recipient"),
    ("550 5.1.1 User unknown", "recipient"),
    (
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "recipient",
    ),
    ("552 5.3.4 Message size exceeds fixed maximum message size", "message"),
];

#[test]
fn replies_lead_to_their_layer() {
    let mut wrong = Vec::new();
    for (reply, layer) in REPLIES {
        let folder = tempfile::tempdir().unwrap();
        let mut rows = week();
        ours_fail(&mut rows);
        write_report(folder.path(), &rows, |r| match r.status {
            "Failed" if r.hour >= ONSET && ours(&r.sender) => Way { reply, ..Way::default() },
            _ => Way::default(),
        });
        let found = incidents(folder.path());
        if found.first().is_none_or(|(id, _)| !id.starts_with(layer)) || found.len() != 1 {
            wrong.push(format!("{reply}: expected {layer}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
