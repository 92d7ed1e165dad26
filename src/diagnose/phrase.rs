//! Sentences of findings.

use crate::knowledge;
use crate::model::delivery::domain_of;
use crate::model::{Entity, EntityType};

/// "Mail to example.org fails: the domain cannot be resolved".
pub(super) fn failing(entity: &Entity, cause: &str) -> String {
    let what = mail(entity);
    match knowledge::cause(cause) {
        Some(known) => format!("{what} fails: {}", known.plain),
        None => format!("{what} fails: the export gives no reason"),
    }
}

/// "Mail to example.org".
pub(super) fn mail(entity: &Entity) -> String {
    match entity.kind {
        EntityType::SenderDomain | EntityType::Sender => format!("Mail from {}", entity.value),
        EntityType::RecipientDomain | EntityType::Recipient => format!("Mail to {}", entity.value),
        EntityType::Connector => format!("Mail over the connector {}", entity.value),
        EntityType::Rule => format!("Mail that the mail flow rule {} catches", entity.value),
        _ if entity.value.is_empty() => "Mail".to_owned(),
        _ => format!("Mail of {}", entity.value),
    }
}

/// What to do next about a cause; for causes without advice of their own, what to fetch.
pub(super) fn next_steps(cause: &str, entity: &Entity) -> Vec<String> {
    let known = knowledge::cause(cause).map_or(&[] as &[&str], |c| c.next_steps);
    let own: &[&str] = match cause {
        "legitimate_mail_held" => &[
            "Compare the anti-spam policies now with those before the onset: Get-HostedContentFilterPolicy | fl Name,BulkThreshold,*Action,WhenChangedUTC",
            "Release the mail that was held: Get-QuarantineMessage for these sender domains since the onset, then Release-QuarantineMessage",
            "Look at one message's X-Forefront-Antispam-Report (SFV, CAT, BCL) to see which verdict holds it; report false positives with New-TenantAllowBlockListItems or a submission",
        ],
        "policy_holds_more" => &[
            "Compare the policy now with its state before the onset: Get-HostedContentFilterPolicy | fl Name,BulkThreshold,*Action,WhenChangedUTC; Get-AntiPhishPolicy | fl Name,PhishThresholdLevel,*Action,WhenChangedUTC",
            "Look at who is held: Get-QuarantineMessage -PolicyName POLICY since the onset; release what is wanted with Release-QuarantineMessage",
            "Put a message trace of the same days beside this list (Get-MessageTraceV2): it shows whose mail normally arrives",
        ],
        "own_mail_unauthenticated" => &[
            "Look at one held message: Authentication-Results names the mechanism that fails, and the connecting address the service that sends",
            "Add the service to SPF or, better, have it sign with DKIM for DOMAIN; then DMARC passes",
        ],
        "backscatter" => &[
            "Check that SPF, DKIM and DMARC (p=reject) of the domain are in place, so that forgeries are refused elsewhere",
            "Turn on boundary-based backscatter filtering or a transport rule for bounces with foreign Message-IDs while it lasts",
        ],
        "dkim_broken" => &[
            "Get-DkimSigningConfig -Identity DOMAIN | fl Status,Selector1CNAME,Selector2CNAME and resolve both CNAMEs",
            "Undo or complete the last DNS or sender change before the onset; rotate keys only when the records resolve",
            "If a service sends as the domain, publish its DKIM key under a selector of the domain",
        ],
        "spf_missing_source" => &[
            "Add the sending address or its include to the SPF record of the domain (at most 10 DNS look-ups)",
            "Have the service sign with DKIM for the domain, so that DMARC passes without SPF",
        ],
        "connector_silent" => &[
            "Ask whoever runs the other side (relay, device, service, gateway): was it stopped, moved, or cut off by a firewall or route?",
            "Compare the connector now with its state before the onset: Get-InboundConnector and Get-OutboundConnector | fl Name,Enabled,ConnectorType,SenderDomains,SenderIPAddresses,TlsSenderCertificateName,SmartHosts,WhenChangedUTC",
            "Look for refusals that leave no trace row: the SMTP or send log of the other side, and the connector report of the admin center",
            "Send one test message through it in each direction (Validate-OutboundConnector for outbound ones) and follow it with Get-MessageTraceV2",
        ],
        "connector_replaced" => &[
            "Nothing is to be done if the move was meant; else compare Get-InboundConnector and Get-OutboundConnector | fl Name,Enabled,WhenChangedUTC",
        ],
        "service_delay" => &[
            "Open Health > Service health in the Microsoft 365 admin center and look for an Exchange Online incident in this window",
            "Wait for the retries, and tell users; nothing was lost. Give support three network message ids of the evidence below if no incident is shown",
        ],
        "forwarding_loop" => &[
            "Look for forwarding at the mailbox: Get-Mailbox NAME | fl ForwardingAddress,ForwardingSmtpAddress,DeliverToMailboxAndForward; Get-InboxRule -Mailbox NAME",
            "Read the Received lines of one bounce: the two systems that hand it to each other stand there in turn; end the forwarding at one of them",
        ],
        "held_all_the_time" => &[
            "Ask the recipients whether the mail is wanted; if not, the filter is right and nothing is to be done",
            "If it is wanted: have the sender repair SPF, DKIM and DMARC (Authentication-Results of one message) before any allow entry",
        ],
        "fails_all_the_time" => &[
            "Look at one bounce of this domain: its code names the layer",
            "Clean address lists and forwards that still name this domain",
        ],
        "no_reason_in_export" => &[
            "Fetch the reasons: Get-MessageTraceDetailV2 for the evidence below, or an extended report (Start-HistoricalSearch -ReportType MessageTraceDetail)",
            "Ask a sender for the bounce and put it beside the trace: its code names the layer",
        ],
        _ => &[],
    };
    let steps = if own.is_empty() { known } else { own };
    let domain = domain_of(&entity.value);
    steps
        .iter()
        .map(|s| s.replace("DOMAIN", if domain.is_empty() { "DOMAIN" } else { domain }))
        .map(|s| s.replace("Mailbox NAME", &format!("Mailbox {}", entity.value)))
        .collect()
}
