//! What to do about one message: commands with its own names in them, then the general advice for
//! the cause.

use super::Ruling;
use crate::knowledge::cause;
use crate::model::delivery::{dashed, domain_of};
use crate::model::view::{Leg, Phase};
use crate::model::{Outcome, Placement, Seen, Stamps};

/// Most steps shown.
const MOST: usize = 7;

/// The steps, most useful first.
pub(super) fn steps(seen: &Seen, ruling: &Ruling<'_>, legs: &[Leg]) -> Vec<String> {
    let facts = &seen.examined.facts;
    let names = Names::of(seen);
    let mut out = Vec::new();
    if !facts.bounce.is_empty() && !ruling.claimed {
        for refusal in &seen.refusals {
            add_cause(&mut out, refusal.cause);
        }
        out.truncate(MOST);
        return out;
    }
    if !ruling.stamps.trusted {
        out.push(
            "Get the copy with all its headers before trusting any of this: download it from the \
             mailbox it lies in (Outlook on the web: Download), or Get-QuarantineMessageHeader; a \
             copy that was forwarded or exported elsewhere lacks or forges stamps."
                .to_owned(),
        );
    }
    match ruling.placement {
        Placement::Quarantine => out.push(format!(
            "Get-QuarantineMessage -MessageId {} | Format-List Type,PolicyName,Expires,ReleaseStatus \
             says which policy holds it and for how long.",
            names.message_id
        )),
        Placement::Junk => held(&mut out, ruling, &names, in_front(seen, legs).as_ref()),
        Placement::Folder => out.push(format!(
            "Get-InboxRule -Mailbox {} | Format-List Name,Enabled,MoveToFolder,Description shows the \
             rule that moved it.",
            names.recipient
        )),
        _ if matches!(ruling.outcome, Outcome::Delivered) => let_pass(&mut out, ruling, &names),
        _ => {}
    }
    let own = usize::from(!ruling.stamps.trusted);
    if let Some(name) = ruling.cause.filter(|_| out.len() < own + 2) {
        add_cause(&mut out, name);
    }
    if out.is_empty() && ruling.outcome == Outcome::Unknown {
        out.push(format!(
            "Get-MessageTraceV2 -MessageId {} | Get-MessageTraceDetailV2 says what became of it.",
            names.message_id
        ));
    }
    out.truncate(MOST);
    out
}

/// The general advice for a cause, what is there already left out.
fn add_cause(out: &mut Vec<String>, name: &str) {
    for step in cause(name).map_or(&[][..], |c| c.next_steps) {
        // The commands above say the same with names in them.
        let command = step.split([' ', ':']).next().filter(|w| w.starts_with("Get-"));
        let there = |done: &String| done == step || command.is_some_and(|c| done.starts_with(c));
        if !out.iter().any(there) {
            out.push((*step).to_owned());
        }
    }
}

fn held(out: &mut Vec<String>, ruling: &Ruling<'_>, names: &Names, front: Option<&Front>) {
    let submit = format!(
        "If it is wanted mail: submit it in the Defender portal (Actions & submissions > Submissions, \
         \"I've confirmed it's clean\"{}); Microsoft learns from that, and an allow entry can come \
         with it.",
        names.network_id
    );
    match ruling.cause.unwrap_or_default() {
        "spoof_filtered" => {
            let from = &names.from_domain;
            let own = ruling.stamps.dkim.iter().any(|(result, domain)| {
                result != "pass" && super::auth::aligned(domain, from) == Some(true)
            });
            if let Some(front) = front {
                out.push(format!(
                    "SPF was checked against your gateway ({}), not against the server that sent it{}: \
                     turn on Enhanced Filtering for the connector of the gateway (Set-InboundConnector \
                     -EFSkipLastIP $true, or -EFSkipIPs), so that the true sender is judged.",
                    front.product, front.sender
                ));
            }
            if own {
                out.push(format!(
                    "A signature of {from} is there and does not verify: its key is missing in DNS, or \
                     the message was altered on the way (a gateway's footer or rewritten links, a list). \
                     The first is for {from} to mend, the second for whoever alters it."
                ));
            } else if authentic_elsewhere(ruling.stamps) {
                out.push(format!(
                    "Whoever runs {from} should sign with DKIM d={from}, or send with an envelope \
                     domain of {from}: another domain passes for this mail, so the sending service is \
                     not set up for it."
                ));
            }
            // Behind a gateway the pair would allow whatever comes through it.
            if front.is_none() {
            out.push(format!(
                "Until then, if the sender is known: New-TenantAllowBlockListSpoofItems -Identity \
                 Default -Action Allow -SpoofedUser {from} -SendingInfrastructure {} -SpoofType \
                 External (Internal for a domain of yours). It allows this pair only, unlike a safe \
                 sender entry.",
                names.infrastructure
            ));
            }
            out.push(submit);
        }
        "mailbox_list_junked" => out.push(format!(
            "Get-MailboxJunkEmailConfiguration -Identity {} | Format-List \
             Enabled,TrustedListsOnly,BlockedSendersAndDomains shows the entry; \
             Set-MailboxJunkEmailConfiguration -BlockedSendersAndDomains @{{Remove='{}'}} removes it.",
            names.recipient, names.from
        )),
        "rule_quarantined" => out.push(
            "Get-TransportRule | Where-Object {$_.SetSCL -or $_.Quarantine} | Format-List \
             Name,State,Priority,SetSCL,Description shows the rules that can do this."
                .to_owned(),
        ),
        "blocked_by_list" => out.push(
            "Get-HostedContentFilterPolicy | Format-List Name,BlockedSenders,BlockedSenderDomains and \
             Get-TenantAllowBlockListItems -ListType Sender -Block show the entry."
                .to_owned(),
        ),
        "bulk_filtered" => {
            out.push(
                "Get-HostedContentFilterPolicy | Format-List Name,BulkThreshold,BulkSpamAction: a \
                 threshold above the message's BCL lets such mail pass, for everybody."
                    .to_owned(),
            );
            out.push(allow(names));
        }
        "spam_filtered" | "phishing_filtered" | "bypass_overridden" => {
            out.push(submit);
            if ruling.cause == Some("spam_filtered") {
                out.push(allow(names));
            }
        }
        _ => out.push(submit),
    }
}

fn allow(names: &Names) -> String {
    format!(
        "For a sender you know: New-TenantAllowBlockListItems -ListType Sender -Allow -Entries '{}' \
         -ExpirationDate (Get-Date).AddDays(30). Not the allowed senders of the anti-spam policy, \
         nor SCL -1: these let forgeries pass as well.",
        names.from
    )
}

fn let_pass(out: &mut Vec<String>, ruling: &Ruling<'_>, names: &Names) {
    let s = ruling.stamps;
    let is = |value: &Option<String>, word: &str| value.as_deref() == Some(word);
    if is(&s.ipv, "CAL") {
        out.push(
            "Get-HostedConnectionFilterPolicy | Format-List IPAllowList shows the entry; whatever \
             comes from there is not filtered."
                .to_owned(),
        );
    }
    if is(&s.sfv, "SKN") {
        out.push(
            "Get-TransportRule | Where-Object {$_.SetSCL -eq -1} | Format-List Name,State,Description \
             shows rules that skip filtering; narrow them to what can be proved (connector, \
             certificate, a passing DMARC)."
                .to_owned(),
        );
    }
    if is(&s.sfv, "SKA") {
        out.push(
            "Get-HostedContentFilterPolicy | Format-List Name,AllowedSenders,AllowedSenderDomains \
             shows the entry; it lets forgeries of that sender pass as well."
                .to_owned(),
        );
    }
    if is(&s.sfv, "SFE") || is(&s.ofr, "TrustedSenderList") {
        out.push(format!(
            "Get-MailboxJunkEmailConfiguration -Identity {} | Format-List TrustedSendersAndDomains \
             shows the entry.",
            names.recipient
        ));
    }
    if is(&s.sfv, "NSPM") {
        out.push(format!(
            "If it should not have arrived: submit it in the Defender portal (Actions & submissions > \
             Submissions{}) as phishing or spam.",
            names.network_id
        ));
    }
}

/// A filtering service between the sender and the border.
struct Front {
    product: &'static str,
    /// The address behind it, in words; empty where it is not known.
    sender: String,
}

/// The gateway that handed the message to the border.
fn in_front(seen: &Seen, legs: &[Leg]) -> Option<Front> {
    let border = legs.iter().position(|leg| leg.phase == Phase::Border)?;
    let leg = legs.get(border + 1).filter(|leg| leg.phase == Phase::Gateway)?;
    // The oldest hop of the gateway took it from the sender.
    let last = legs.iter().rposition(|leg| leg.phase == Phase::Gateway)?;
    let address = seen.examined.hops.get(last).and_then(|hop| hop.address);
    let sender = address.map(|ip| format!(" ({ip})")).unwrap_or_default();
    Some(Front { product: leg.product, sender })
}

/// Another domain than the author's is proved.
fn authentic_elsewhere(s: &Stamps) -> bool {
    s.spf.as_deref() == Some("pass") || s.dkim.iter().any(|(result, _)| result == "pass")
}

/// Names of this message for commands. A stranger's text goes into a command only where it can
/// mean nothing to a shell.
struct Names {
    message_id: String,
    network_id: String,
    recipient: String,
    from: String,
    from_domain: String,
    infrastructure: String,
}

impl Names {
    fn of(seen: &Seen) -> Self {
        let facts = &seen.examined.facts;
        let from = facts.from.as_deref();
        let domain = from.map(domain_of);
        let plain = |text: Option<&str>, instead: &str| {
            text.filter(|text| harmless(text)).unwrap_or(instead).to_owned()
        };
        // Whose copy it is says more than whom the author wrote to.
        let recipient = match (seen.examined.delivered_to.as_slice(), facts.to.as_slice()) {
            ([only], _) | ([], [only]) => Some(only.as_str()),
            _ => None,
        };
        let infrastructure = seen.examined.written.ptr.as_deref().filter(|p| harmless(p));
        let infrastructure = infrastructure.map(|ptr| super::auth::registered(ptr).to_owned());
        Self {
            message_id: match facts.message_id.as_deref().filter(|id| quotable(id)) {
                Some(id) => format!("'<{id}>'"),
                None => "MESSAGE-ID".to_owned(),
            },
            network_id: facts
                .network_message_id
                .map(|id| format!(", network message id {}", dashed(id)))
                .unwrap_or_default(),
            recipient: plain(recipient, "RECIPIENT"),
            from: plain(from, "SENDER"),
            from_domain: plain(domain, "the From domain"),
            infrastructure: infrastructure
                .or_else(|| seen.examined.written.stamps.cip.clone().filter(|ip| harmless(ip)))
                .unwrap_or_else(|| "SENDING-DOMAIN-OR-IP".to_owned()),
        }
    }
}

/// Letters, digits and the signs of addresses that no shell acts upon.
fn harmless(text: &str) -> bool {
    let fine =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'@' | b'_' | b'-' | b'+' | b'=');
    // A leading hyphen would be an option.
    (1..=254).contains(&text.len()) && text.bytes().all(fine) && !text.starts_with(['-', '@'])
}

/// Signs that mean nothing within single quotes, as ids are full of.
fn quotable(text: &str) -> bool {
    let fine = |b: u8| b.is_ascii_alphanumeric() || b"!#$%*+-./=?@^_{}~[]:".contains(&b);
    (1..=254).contains(&text.len()) && text.bytes().all(fine)
}
