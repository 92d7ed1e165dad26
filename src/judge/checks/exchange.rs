//! What Exchange Online says of the way and of the organisation behind it.
//!
//! Sources: Microsoft Learn: enhanced filtering for connectors; Demystifying hybrid mail flow (when
//! is a message internal); Exchange Server build numbers; the table `exchange_headers`.

use super::case::{Case, quoted, span};
use super::domain::same;
use super::{Check, Said};
use crate::knowledge::names::exchange_build;
use crate::model::Weight;

pub(super) const CHECK: Check = Check {
    name: "exchange",
    remarks: &[
        "original_source",
        "hybrid_lost",
        "tenant_to_tenant",
        "attributed_relay",
        "internal_by_claim",
        "first_contact",
        "focused_inbox_bypass",
        "safe_links_skipped",
        "purged_later",
        "exchange_unsupported",
        "exchange_server",
        "slow_service",
        "from_not_compliant",
        "message_id_by_service",
    ],
    run,
};

fn run(case: &Case<'_>, out: &mut Said) {
    source(case, out);
    attribution(case, out);
    settings(case, out);
    service(case, out);
    builds(case, out);
}

/// Who was behind the gateway.
fn source(case: &Case<'_>, out: &mut Said) {
    let learn = "Microsoft Learn: Enhanced filtering for connectors";
    let used = case.field("X-MS-Exchange-ExternalOriginalInternetSender");
    let found = case.field("X-MS-Exchange-SkipListedInternetSender");
    let Some(value) = used.or(found) else { return };
    let ip = value.split_once("ip=").map(|(_, rest)| rest.split(';').next().unwrap_or(""));
    let ip = ip.unwrap_or(value).trim().trim_matches(['[', ']']);
    let headline = if used.is_some() {
        format!("It came through a gateway; the filter judged the source behind it, {}", quoted(ip))
    } else {
        format!(
            "It came through a gateway; its source is {}, and the filter did not judge by it (only looked)",
            quoted(ip)
        )
    };
    out.say("original_source", Weight::Notice, headline, value, learn);
}

/// Whose mail the service took it for.
fn attribution(case: &Case<'_>, out: &mut Said) {
    let source = "Microsoft: hybrid mail flow; table exchange_headers";
    let stamps = &case.examined.written.stamps;
    let auth_as = stamps.auth_as.as_deref().unwrap_or("");
    let entity = case.field("X-MS-Exchange-CrossTenant-FromEntityHeader").unwrap_or("");
    let origin = case.field("X-OriginatorOrg").unwrap_or("").trim().to_lowercase();
    let detail = format!(
        "AuthAs: {auth_as}; FromEntityHeader: {entity}; X-OriginatorOrg: {}",
        quoted(&origin)
    );
    if entity.eq_ignore_ascii_case("HybridOnPrem") && auth_as.eq_ignore_ascii_case("Anonymous") {
        let headline = "It came from the organisation's own servers by a connector and counts as anonymous: hybrid attribution is lost (certificate, connector or headers)";
        out.say("hybrid_lost", Weight::Notice, headline, &detail, source);
    }
    let promoted = ["Stripped", "Promoted"].iter().any(|end| {
        case.field(&format!("X-MS-Exchange-Transport-CrossTenantHeaders{end}")).is_some()
    });
    if promoted || case.field("X-Microsoft-Antispam-Message-Info-Original").is_some() {
        let of = if origin.is_empty() { "another organisation".to_owned() } else { origin.clone() };
        let headline = format!("It came from another Microsoft 365 tenant, {of}");
        out.say("tenant_to_tenant", Weight::Info, headline, &detail, source);
    }
    if let Some(relay) =
        case.field("X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp")
    {
        let from = case.author_domain().unwrap_or("");
        let foreign = !origin.is_empty() && !from.is_empty() && !same(&origin, from);
        let weight = if foreign { Weight::Notice } else { Weight::Info };
        let headline = if foreign {
            format!("A server outside relayed it through the tenant of {origin}, From is {from}")
        } else {
            "A server outside handed it to the sender's tenant by a connector".to_owned()
        };
        out.say("attributed_relay", weight, headline, relay, source);
    }
    if auth_as.eq_ignore_ascii_case("Internal") && !case.trusted() {
        let headline = "It says to be internal (AuthAs Internal), and nothing proves that: the border is not there";
        out.say("internal_by_claim", Weight::Notice, headline, &detail, source);
    }
}

/// What rules and settings did.
fn settings(case: &Case<'_>, out: &mut Said) {
    let stamps = &case.examined.written.stamps;
    let asked = case.field("X-MS-Exchange-EnableFirstContactSafetyTip");
    if stamps.sfty.as_deref() == Some("9.25") || asked.is_some() {
        let headline = "The recipient does not often get mail from this sender: the first contact tip is shown";
        let detail = stamps.sfty.as_deref().map_or_else(String::new, |s| format!("SFTY:{s}"));
        out.say(
            "first_contact",
            Weight::Info,
            headline,
            detail,
            "Microsoft Learn: first contact safety tip",
        );
    }
    let on = |name: &str| {
        case.field(name).filter(|v| matches!(v.trim().to_lowercase().as_str(), "true" | "1"))
    };
    if let Some(value) = on("X-MS-Exchange-Organization-BypassFocusedInbox") {
        let headline = "A mail flow rule keeps it in the focused inbox";
        out.say(
            "focused_inbox_bypass",
            Weight::Info,
            headline,
            value,
            "Microsoft Learn: mail flow rules",
        );
    }
    let skipped: Vec<&str> = [
        ("X-MS-Exchange-Organization-SkipSafeLinksProcessing", "Safe Links"),
        ("X-MS-Exchange-Organization-SkipSafeAttachmentProcessing", "Safe Attachments"),
    ]
    .into_iter()
    .filter(|(name, _)| on(name).is_some())
    .map(|(_, what)| what)
    .collect();
    if !skipped.is_empty() {
        let headline = format!(
            "A mail flow rule skips {}: links or attachments are not checked",
            skipped.join(" and ")
        );
        out.say(
            "safe_links_skipped",
            Weight::Notice,
            headline,
            "",
            "Microsoft Learn: mail flow rules",
        );
    }
    if case.field("X-Microsoft-Antispam-ZAP-Message-Info").is_some() {
        let headline = "Zero-hour auto purge touched it after delivery";
        out.say("purged_later", Weight::Notice, headline, "", "inferred; real messages");
    }
}

/// What the service had to mend, and how long it took.
fn service(case: &Case<'_>, out: &mut Said) {
    let source = "real messages (rf-peixoto/phishing_pot)";
    if case
        .field("X-MS-Office365-Filtering-P2NotCompliant")
        .is_some_and(|v| v.contains("true") || v.contains("True"))
    {
        let headline = "The service found its From header against the rules (RFC 5322)";
        out.say(
            "from_not_compliant",
            Weight::Notice,
            headline,
            case.field("From").unwrap_or(""),
            source,
        );
    }
    if case.examined.facts.message_id.as_deref().is_some_and(|id| id.contains("SMTPIN_ADDED")) {
        let headline =
            "The service gave it a Message-ID, since the sender gave none or a broken one";
        let detail = case.field("X-Microsoft-Original-Message-ID").map(quoted).unwrap_or_default();
        out.say("message_id_by_service", Weight::Notice, headline, detail, source);
    }
    let latency = case.field("X-MS-Exchange-Transport-EndToEndLatency").and_then(seconds);
    if let Some(seconds) = latency.filter(|s| *s > 120) {
        let headline = format!("Exchange Online took {} from entry to delivery", span(seconds));
        out.say(
            "slow_service",
            Weight::Notice,
            headline,
            "X-MS-Exchange-Transport-EndToEndLatency",
            source,
        );
    }
}

/// `00:02:03.456` in seconds, days before a dot.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (days, rest) = match text.split_once('.') {
        Some((days, rest)) if !days.contains(':') => (days.parse::<i64>().ok()?, rest),
        _ => (0, text),
    };
    let mut parts = rest.split(':').map(|p| p.split('.').next().unwrap_or("").parse::<i64>());
    let (h, m, s) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let sane = |n: i64, most: i64| (0..=most).contains(&n);
    let fine = sane(days, 365) && sane(h, 23) && sane(m, 59) && sane(s, 59);
    fine.then_some(days * 86_400 + h * 3600 + m * 60 + s)
}

/// Exchange servers of one's own or the sender's on the way, and whether they are supported.
fn builds(case: &Case<'_>, out: &mut Said) {
    let (mut fine, mut over): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let newest = case.newest().map(crate::model::Instant::rfc3339);
    for hop in &case.examined.hops {
        let exchange = hop.protocol.as_deref() == Some("Microsoft SMTP Server");
        let Some(build) = hop.id.as_deref().filter(|_| exchange) else { continue };
        let Some(known) = exchange_build(build).filter(|b| b.product != "Exchange Online") else {
            continue;
        };
        let host = hop.by.as_deref().unwrap_or("a server");
        // By the time of the message: what is out of support today may not have been then.
        let ended = known
            .support_ended
            .as_deref()
            .filter(|ended| newest.as_deref().is_some_and(|newest| newest > *ended));
        let (list, line) = match ended {
            Some(ended) => {
                let line = format!("{host}: {} ({build}), support ended {ended}", known.product);
                (&mut over, line)
            }
            None => (&mut fine, format!("{host}: {} ({build})", known.product)),
        };
        if list.len() < 4 && !list.contains(&line) {
            list.push(line);
        }
    }
    let source = "Microsoft Learn: Exchange Server build numbers";
    if let Some(first) = over.first() {
        let headline = format!("It passed an Exchange server without support: {first}");
        out.say("exchange_unsupported", Weight::Notice, headline, over.join("; "), source);
    }
    if let Some(first) = fine.first() {
        let headline = format!("It passed an Exchange server: {first}");
        out.say("exchange_server", Weight::Info, headline, fine.join("; "), source);
    }
}
