//! The filter's verdict against where the message lies: the rules of Microsoft's Message Header
//! Analyzer, with all verdicts.
//!
//! Sources: microsoft/MHA (rules); the tables `forefront` and `microsoft_antispam`.

use super::case::Case;
use super::{Check, Said};
use crate::model::Weight;
use crate::model::message::Stamps;

pub(super) const CHECK: Check = Check {
    name: "placement",
    remarks: &[
        "clean_but_junk",
        "spam_but_inbox",
        "moved_by_rule",
        "passed_filter",
        "blocked_by_list",
    ],
    run,
};

const SOURCE: &str = "microsoft/MHA (rules); Microsoft Learn: Anti-spam message headers";

fn run(case: &Case<'_>, out: &mut Said) {
    let stamps = &case.examined.written.stamps;
    let detail = values(stamps);
    let claimed = case.claimed();
    let dest = stamps.dest.as_deref().unwrap_or("");
    let verdict = verdict(stamps);
    let ofr = stamps.ofr.as_deref().unwrap_or("");
    match (verdict, dest) {
        (Some(false), "J") => {
            let why = match ofr {
                "SpamFilterAuthJ" => {
                    "the mailbox followed a spam verdict that these stamps do not show: look for zero-hour auto purge or a second scan"
                }
                "CustomRules" => "a rule of the mailbox moved it",
                "ExclusiveSettings" => "the mailbox takes mail of its safe senders only",
                _ => {
                    "a rule, a blocked sender, the mailbox's junk settings or Outlook itself moved it"
                }
            };
            let headline =
                format!("The filter found it clean, and it lies in Junk: {why}{claimed}");
            out.say("clean_but_junk", Weight::Notice, headline, detail.clone(), SOURCE);
        }
        (Some(true), "I") => {
            let why = match ofr {
                "TrustedSenderList" => "the sender is on the recipient's list of safe senders",
                "SenderInAddressBook" => "the sender is in the recipient's address book",
                "CustomRules" => "a rule of the mailbox put it there",
                "SpamFilterPass" => "the mailbox's own settings let it pass",
                _ => "a safe sender, a rule, or the action of the policy let it through",
            };
            let headline =
                format!("The filter found spam, and it lies in the inbox: {why}{claimed}");
            out.say("spam_but_inbox", Weight::Alarm, headline, detail.clone(), SOURCE);
        }
        (_, "C" | "F" | "D") => {
            let headline = format!("A rule of the mailbox chose its folder{claimed}");
            out.say("moved_by_rule", Weight::Notice, headline, detail.clone(), SOURCE);
        }
        _ => {}
    }
    let sfv = stamps.sfv.as_deref().unwrap_or("");
    let cal = stamps.ipv.as_deref() == Some("CAL");
    let internal =
        stamps.dir.as_deref() == Some("INT") || stamps.auth_as.as_deref() == Some("Internal");
    let passed = match sfv {
        "SFE" => "the recipient's list of safe senders",
        "SKA" => "an allow list of the anti-spam policy",
        "SKN" => "a mail flow rule (SCL -1)",
        "SKI" if cal => "the IP allow list",
        "SKI" if !internal => "an exemption (SKI)",
        _ if cal && stamps.dir.as_deref() != Some("OUT") => "the IP allow list",
        _ => "",
    };
    if !passed.is_empty() {
        let headline = format!("It passed the filter unchecked by {passed}{claimed}");
        out.say("passed_filter", Weight::Notice, headline, detail.clone(), SOURCE);
    }
    let blocked = match sfv {
        "BLK" => "the recipient's list of blocked senders",
        "SKB" => "a block list of the anti-spam policy",
        "SKS" => "a mail flow rule, or a verdict on-premises, before the filter ran",
        _ => return,
    };
    let headline = format!("It is held for spam by {blocked}, not by its content{claimed}");
    out.say("blocked_by_list", Weight::Notice, headline, detail, SOURCE);
}

/// The filter's own word: spam or not; `None` where it says nothing.
fn verdict(stamps: &Stamps) -> Option<bool> {
    match stamps.sfv.as_deref() {
        Some("SPM" | "SKS" | "SKB" | "BLK") => return Some(true),
        Some("NSPM" | "SFE" | "SKA" | "SKN" | "SKI" | "SKQ") => return Some(false),
        _ => {}
    }
    match stamps.cat.as_deref() {
        Some("NONE" | "") | None => {}
        Some(_) => return Some(true),
    }
    stamps.scl.map(|scl| scl >= 5)
}

fn values(stamps: &Stamps) -> String {
    let mut parts = Vec::new();
    let mut part = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            parts.push(format!("{key}:{value}"));
        }
    };
    part("SFV", stamps.sfv.clone());
    part("CAT", stamps.cat.clone());
    part("SCL", stamps.scl.map(|n| n.to_string()));
    part("BCL", stamps.bcl.map(|n| n.to_string()));
    part("IPV", stamps.ipv.clone());
    part("dest", stamps.dest.clone());
    part("OFR", stamps.ofr.clone());
    parts.join(" ")
}
