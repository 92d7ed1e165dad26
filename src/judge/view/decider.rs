//! Who decided what became of a message, and on what grounds.

use super::Ruling;
use crate::model::{Outcome, Placement, Seen};

/// Who decided, and on what grounds; each empty where nothing says.
pub(super) fn decided(seen: &Seen, ruling: &Ruling<'_>) -> (String, String) {
    if !seen.examined.facts.bounce.is_empty() && !ruling.claimed {
        return refused(seen);
    }
    let (who, why) = match ruling.placement {
        Placement::Junk | Placement::Quarantine => held(ruling),
        Placement::Folder => folder(ruling),
        _ if matches!(ruling.outcome, Outcome::Delivered | Outcome::Relayed) => let_pass(ruling),
        _ => ("", String::new()),
    };
    (who.to_owned(), why)
}

/// Of a bounce: the host that refused, and its reason.
fn refused(seen: &Seen) -> (String, String) {
    let (Some(said), Some(means)) = (seen.examined.facts.bounce.first(), seen.refusals.first())
    else {
        return (String::new(), String::new());
    };
    let who = if said.remote_mta.is_empty() {
        "the system that wrote the bounce".to_owned()
    } else {
        said.remote_mta.clone()
    };
    (who, means.reason.to_owned())
}

/// Who held it, by the cause that the judge found.
fn held(ruling: &Ruling<'_>) -> (&'static str, String) {
    let shown = evidence(ruling);
    let s = ruling.stamps;
    let is = |value: &Option<String>, word: &str| value.as_deref() == Some(word);
    match ruling.cause.unwrap_or_default() {
        "spam_filtered" if is(&s.cat, "OSPM") => (
            "Microsoft's outbound spam filter",
            format!("it judged the message, sent from the organisation, spam{shown}"),
        ),
        "spam_filtered" if is(&s.cat, "HSPM") => (
            "Microsoft's spam filter",
            format!("it judged the message spam with high confidence{shown}"),
        ),
        "spam_filtered" => {
            ("Microsoft's spam filter", format!("it judged the message spam{shown}"))
        }
        "bulk_filtered" => (
            "the bulk threshold of your anti-spam policy",
            format!("the sender's bulk complaint level reached it{shown}"),
        ),
        "phishing_filtered" => ("Microsoft's phishing filter", phishing(ruling, &shown)),
        "spoof_filtered" => ("Microsoft's spoof protection", spoof(ruling, &shown)),
        "malware" => ("Microsoft's malware filter", format!("it found malware{shown}")),
        "attachment_rejected" => (
            "the attachment filter of your anti-malware policy",
            format!("the type of an attachment is on its list{shown}"),
        ),
        "rule_quarantined" => (
            "a mail flow rule of yours",
            format!("it marked the message as spam before the filter looked{shown}"),
        ),
        "blocked_by_list" => (
            "a block list of yours",
            format!("the sender stands on the block list of an anti-spam policy{shown}"),
        ),
        "mailbox_list_junked" => ("the recipient's own mailbox settings", mailbox(ruling, &shown)),
        "bypass_overridden" => (
            "Microsoft's filter, against a bypass of yours",
            format!("a rule or list asked to skip filtering, and the verdict was too bad{shown}"),
        ),
        _ => ("", format!("no stamp says which filter or rule it was{shown}")),
    }
}

fn phishing(ruling: &Ruling<'_>, shown: &str) -> String {
    let what = match ruling.stamps.cat.as_deref().unwrap_or_default() {
        "HPHSH" | "HPHISH" => "it judged the message phishing with high confidence",
        "UIMP" => "the sender's name resembles that of a protected user",
        "DIMP" => "the sender's domain resembles a protected one",
        "GIMP" => "the sender resembles somebody the recipient writes with",
        "BIMP" => "the message imitates a known brand",
        "INTOS" => "a message from within the organisation looks like phishing",
        _ => "it judged the message phishing",
    };
    format!("{what}{shown}")
}

fn spoof(ruling: &Ruling<'_>, shown: &str) -> String {
    let s = ruling.stamps;
    let from = s.header_from.as_deref().unwrap_or("the From domain");
    let dmarc = match (s.dmarc.as_deref(), s.compauth.as_deref()) {
        (Some("fail"), _) => format!("the message says it is from {from}, and DMARC fails"),
        (_, Some("fail")) => {
            format!("the message says it is from {from}, and nothing proves that")
        }
        _ => format!("the message says it is from {from}, and the filter takes that for forged"),
    };
    format!("{dmarc}{shown}")
}

fn mailbox(ruling: &Ruling<'_>, shown: &str) -> String {
    let s = ruling.stamps;
    if s.sfv.as_deref() == Some("BLK") {
        return format!("the sender is on the recipient's blocked senders list{shown}");
    }
    match s.ofr.as_deref() {
        Some("ExclusiveSettings") => {
            format!("the mailbox takes mail of trusted senders alone{shown}")
        }
        _ => format!("the filter had let the message pass, the mailbox put it into Junk{shown}"),
    }
}

fn folder(ruling: &Ruling<'_>) -> (&'static str, String) {
    let shown = evidence(ruling);
    ("a rule of the recipient's mailbox", format!("it moved the message{shown}"))
}

/// Who let it pass.
fn let_pass(ruling: &Ruling<'_>) -> (&'static str, String) {
    let s = ruling.stamps;
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    let (sfv, ofr, cat) = (word(&s.sfv), word(&s.ofr), word(&s.cat));
    let shown = evidence(ruling);
    let spam = sfv == "SPM" || s.scl.is_some_and(|scl| scl >= 5) || !matches!(&*cat, "" | "NONE");
    let yet = if spam { ", although the filter speaks against it" } else { "" };
    match (sfv.as_str(), ofr.as_str()) {
        _ if word(&s.ipv) == "CAL" => (
            "the IP Allow List of your connection filter",
            format!("the connecting address is on it, so filtering was skipped{yet}{shown}"),
        ),
        ("SKN", _) => (
            "a mail flow rule or connector of yours",
            format!("it asked for filtering to be skipped{yet}{shown}"),
        ),
        ("SKA", _) => (
            "an allow list of an anti-spam policy of yours",
            format!("the sender is on it, so filtering was skipped{yet}{shown}"),
        ),
        ("SKQ", _) => ("whoever released it from quarantine", format!("it had been held{shown}")),
        ("SFE", _) | (_, "TrustedSenderList") => {
            ("the recipient's own safe senders list", format!("the sender is on it{yet}{shown}"))
        }
        (_, "SenderInAddressBook") => {
            ("the recipient's own contacts", format!("the sender is among them{yet}{shown}"))
        }
        ("SKI", _) => (
            "nobody: mail within the organisation is not filtered",
            format!("its origin was trusted{yet}{shown}"),
        ),
        _ if s.auth_as.as_deref() == Some("Internal") && s.scl.is_none_or(|scl| scl < 0) => (
            "nobody: mail within the organisation is not filtered",
            format!("its origin was trusted{yet}{shown}"),
        ),
        _ if s.scl == Some(-1) => (
            "a rule, list or connector of yours",
            format!("it asked for filtering to be skipped{yet}{shown}"),
        ),
        _ if spam => ("", format!("the filter speaks against it, and yet it arrived{shown}")),
        ("NSPM", _) => ("Microsoft's filter", format!("it found nothing against it{shown}")),
        _ if s.scl.is_some() => ("Microsoft's filter", format!("it took it for clean{shown}")),
        _ => ("", String::new()),
    }
}

/// The stamps a decision rests on, in brackets; empty where there are none.
fn evidence(ruling: &Ruling<'_>) -> String {
    let s = ruling.stamps;
    let mut parts = Vec::new();
    let mut add = |key: &str, value: Option<&String>| {
        if let Some(value) = value.filter(|v| !v.is_empty()) {
            parts.push(format!("{key}{value}"));
        }
    };
    add("SFV:", s.sfv.as_ref());
    add("CAT:", s.cat.as_ref().filter(|cat| *cat != "NONE"));
    add("SCL ", s.scl.map(|n| n.to_string()).as_ref());
    if ruling.cause == Some("bulk_filtered") {
        add("BCL ", s.bcl.map(|n| n.to_string()).as_ref());
    }
    add("IPV:", s.ipv.as_ref().filter(|ipv| *ipv == "CAL"));
    if ruling.cause == Some("spoof_filtered") {
        add("DMARC ", s.dmarc.as_ref());
        let reason = s.compauth_reason.as_ref().map(|r| format!(" reason {r}")).unwrap_or_default();
        add("compauth ", s.compauth.as_ref().map(|c| format!("{c}{reason}")).as_ref());
    }
    add("OFR:", s.ofr.as_ref());
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
