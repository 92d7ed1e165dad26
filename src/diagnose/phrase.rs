//! Sentences of findings.

use crate::knowledge;
use crate::model::delivery::domain_of;
use crate::model::{Entity, EntityType};

/// "Mail to example.org fails: the domain cannot be resolved".
pub(super) fn failing(entity: &Entity, cause: &str) -> String {
    let what = match entity.kind {
        EntityType::SenderDomain | EntityType::Sender => format!("Mail from {}", entity.value),
        EntityType::RecipientDomain | EntityType::Recipient => format!("Mail to {}", entity.value),
        _ if entity.value.is_empty() => "Mail".to_owned(),
        _ => format!("Mail of {}", entity.value),
    };
    match knowledge::cause(cause) {
        Some(known) => format!("{what} fails: {}", known.plain),
        None => format!("{what} fails: the export gives no reason"),
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
        .collect()
}
