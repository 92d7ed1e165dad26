//! Why deliveries fail or are held: one table per question.

use super::tests::{delivery, judge};
use super::*;
use crate::knowledge::CAUSES;
use crate::model::event::{Reply, SpamFilter};
use crate::model::message::Stamps;
use crate::model::{BounceRecipient, Extra, Path, Risk};

const FROM: &str = "a@fabrikam.com";
const TO: &str = "b@contoso.com";

/// Stamps from `SFV SCL CAT dest OFR` and `key=value` for the rest; `-` for what is not stamped.
fn stamps(text: &str) -> Stamps {
    let word = |word: &str| (word != "-").then(|| word.to_owned());
    let mut out = Stamps { trusted: true, ..Stamps::default() };
    for (place, part) in text.split(' ').enumerate() {
        match (place, part.split_once('=')) {
            (0, None) => out.sfv = word(part),
            (1, None) => out.scl = part.parse().ok(),
            (2, None) => out.cat = word(part),
            (3, None) => out.dest = word(part),
            (4, None) => out.ofr = word(part),
            (_, Some(("ipv", value))) => out.ipv = word(value),
            (_, Some(("sfty", value))) => out.sfty = word(value),
            (_, Some(("spf", value))) => out.spf = word(value),
            (_, Some(("dkim", value))) => out.dkim = vec![(value.into(), "x.example".into())],
            (_, Some(("dmarc", value))) => out.dmarc = word(value),
            (_, Some(("compauth", value))) => out.compauth = word(value),
            (_, Some(("auth_as", value))) => out.auth_as = word(value),
            (_, Some(("dir", value))) => out.dir = word(value),
            other => panic!("{other:?}"),
        }
    }
    out
}

fn stamped(text: &str, status: Status) -> Verdict {
    let extra = Extra::Stamps(Box::new(stamps(text)));
    let mut d = delivery(FROM, TO, status);
    d.extras.push(&extra);
    judge().judge(&d)
}

/// Stamps, status; expected placement, layer, cause, side.
type Held = (&'static str, Status, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const HELD: &[Held] = &[
    // The content filter, by category.
    ("SPM 5 SPM J SpamFilterAuthJ", Status::Delivered, "junk", "anti_spam", "spam_filtered", "unknown"),
    ("SPM 9 HSPM", Status::Quarantined, "quarantine", "anti_spam", "spam_filtered", "unknown"),
    ("SPM 6 BULK J", Status::Delivered, "junk", "anti_spam", "bulk_filtered", "unknown"),
    ("SPM 8 HPHISH", Status::Quarantined, "quarantine", "anti_spam", "phishing_filtered", "unknown"),
    ("SPM 5 UIMP", Status::Quarantined, "quarantine", "anti_spam", "phishing_filtered", "unknown"),
    ("SPM 5 SPOOF J - compauth=fail", Status::Delivered, "junk", "dns_auth", "spoof_filtered", "unknown"),
    ("SPM 5 SPM J - dmarc=fail", Status::Delivered, "junk", "dns_auth", "spoof_filtered", "unknown"),
    ("NSPM 1 MALW", Status::Quarantined, "quarantine", "message", "malware", "unknown"),
    ("NSPM 1 FTBP", Status::Quarantined, "quarantine", "message", "attachment_rejected", "unknown"),
    ("- 5 - J", Status::Delivered, "junk", "anti_spam", "spam_filtered", "unknown"),
    ("- - XYZ", Status::Quarantined, "quarantine", "anti_spam", "quarantined", "unknown"),
    // A rule before the filter, a list of a policy, a list of the user.
    ("SKS 6 SPM J", Status::Delivered, "junk", "transport_rule", "rule_quarantined", "ours"),
    ("SKB 5 SPM J", Status::Delivered, "junk", "anti_spam", "blocked_by_list", "ours"),
    ("SKB 9 HSPM", Status::Quarantined, "quarantine", "anti_spam", "blocked_by_list", "ours"),
    ("BLK 5 NONE J", Status::Delivered, "junk", "mailbox_rule", "mailbox_list_junked", "ours"),
    // Junk although the filter let it pass: the mailbox's owner; not where the filter had its reasons.
    ("NSPM 1 NONE J", Status::Delivered, "junk", "mailbox_rule", "mailbox_list_junked", "ours"),
    ("SKN -1 NONE J", Status::Delivered, "junk", "mailbox_rule", "mailbox_list_junked", "ours"),
    ("SPM 5 SPM J ExclusiveSettings", Status::Delivered, "junk", "mailbox_rule", "mailbox_list_junked", "ours"),
    ("NSPM 1 NONE J SpamFilterAuthJ", Status::Delivered, "junk", "anti_spam", "delivered_to_junk", "unknown"),
    ("NSPM 1 NONE", Status::Quarantined, "quarantine", "anti_spam", "quarantined", "unknown"),
    // Asked to pass the filter by, and held all the same.
    ("SKN -1 HPHISH", Status::Quarantined, "quarantine", "anti_spam", "bypass_overridden", "ours"),
    ("SKA -1 MALW", Status::Quarantined, "quarantine", "anti_spam", "bypass_overridden", "ours"),
    ("SPM 9 HPHSH - - ipv=CAL", Status::Quarantined, "quarantine", "anti_spam", "bypass_overridden", "ours"),
    ("SPM 8 PHSH J - sfty=9.24", Status::Delivered, "junk", "anti_spam", "bypass_overridden", "ours"),
    ("SKN -1 NONE", Status::Quarantined, "quarantine", "anti_spam", "bypass_overridden", "ours"),
    // From inside the bypass is a matter of course, not a wish.
    ("SKI -1 MALW - - auth_as=Internal", Status::Quarantined, "quarantine", "message", "malware", "unknown"),
    ("SKN -1 HPHSH - - dir=INT", Status::Quarantined, "quarantine", "anti_spam", "phishing_filtered", "unknown"),
    ("SPM 9 OSPM - - dir=OUT", Status::Quarantined, "quarantine", "sender_reputation", "spam_filtered", "ours"),
];

#[test]
fn who_holds_mail() {
    let mut wrong = Vec::new();
    for (text, status, placement, layer, cause, side) in HELD {
        let v = stamped(text, *status);
        let s = v.signature.as_ref().unwrap();
        let got = (v.placement.as_str(), v.layer.as_str(), s.cause.as_str(), v.side.as_str());
        if got != (*placement, *layer, *cause, *side) || v.failing || !v.held {
            wrong.push(format!("{text}: {got:?}"));
        }
        assert!(CAUSES.iter().any(|c| c.name == s.cause), "{} is no cause", s.cause);
        assert_eq!(v.risk, None, "held: {text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Said by events instead of stamps.
#[test]
fn events_hold_mail_too() {
    let held = |sfv, scl, rule_action, malware, folder, status| {
        let spam = SpamFilter { sfv, scl, ..SpamFilter::default() };
        let path = Path { spam, rule_action, rule: "r1", malware, folder, ..Path::default() };
        let mut d = delivery(FROM, TO, status);
        d.path = Some(Box::new(path));
        let v = judge().judge(&d);
        let s = v.signature.clone().unwrap();
        (v.layer.as_str(), s.cause.clone(), v.grade)
    };
    let said = |layer, cause: &str, grade| (layer, cause.to_owned(), grade);
    let (junk, quarantine) = ("DefaultFolderType:JunkEmail", Status::Quarantined);
    let list = said("mailbox_rule", "mailbox_list_junked", Grade::Correlated);
    assert_eq!(held("NSPM", Some(1), "", false, junk, Status::Delivered), list);
    let spam = said("anti_spam", "spam_filtered", Grade::Direct);
    assert_eq!(held("SPM", Some(5), "", false, junk, Status::Delivered), spam);
    let rule = said("transport_rule", "rule_quarantined", Grade::Direct);
    assert_eq!(held("NSPM", Some(1), "Quarantine", false, "", quarantine), rule);
    assert_eq!(held("", None, "SetScl", false, junk, Status::Delivered), rule);
    assert_eq!(held("SPM", Some(5), "SetScl", false, junk, Status::Delivered), spam);
    let found = said("message", "malware", Grade::Direct);
    assert_eq!(held("", None, "", true, "", quarantine), found);
    let overridden = |grade| said("anti_spam", "bypass_overridden", grade);
    assert_eq!(held("SKN", Some(-1), "SetScl", true, "", quarantine), overridden(Grade::Direct));
    assert_eq!(held("SKN", Some(-1), "", false, "", quarantine), overridden(Grade::Heuristic));
    assert_eq!(held("SKN", Some(-1), "Quarantine", false, "", quarantine), rule);
}

#[test]
fn every_symptom_is_a_listed_cause() {
    for status in Status::ALL {
        for summary_only in [false, true] {
            let mut d = delivery(FROM, TO, *status);
            d.path = Some(Box::new(Path { summary_only, ..Path::default() }));
            if let Some(s) = judge().judge(&d).signature {
                assert!(CAUSES.iter().any(|c| c.name == s.cause), "{} is no cause", s.cause);
            }
        }
    }
}

#[test]
fn what_allow_lists_let_through_is_a_risk() {
    const VERDICT: Option<Risk> = Some(Risk::AllowedDespiteVerdict);
    const AUTH: Option<Risk> = Some(Risk::AllowedDespiteAuthFailure);
    for (text, risk) in [
        ("SKA -1 NONE I - dmarc=fail", AUTH),
        ("SKN -1 NONE - - spf=softfail dkim=none", AUTH),
        ("SKN -1 NONE I - compauth=fail", AUTH),
        ("SKN -1 PHSH I - dmarc=pass", VERDICT),
        ("SFE 5 SPM I TrustedSenderList", VERDICT),
        ("SPM 9 SPM I TrustedSenderList dmarc=fail", VERDICT),
        ("SKI -1 SPOOF I - ipv=CAL", VERDICT),
        // Allowed, and nothing was wrong; wrong, and nobody allowed it; ours; held.
        ("SKN -1 NONE I - spf=pass dkim=pass dmarc=pass", None),
        ("SKN -1 NONE I - spf=fail dkim=pass dmarc=pass", None),
        ("NSPM 1 NONE I - dmarc=fail", None),
        ("SKI -1 NONE I - auth_as=Internal dmarc=fail", None),
        ("SKA -1 NONE J - dmarc=fail", None),
    ] {
        let v = stamped(text, Status::Delivered);
        assert_eq!(v.risk, risk, "{text}");
    }
    // Untrusted stamps name no risk.
    let claim = Stamps { trusted: false, ..stamps("SKA -1 SPM I") };
    let claim = Extra::Stamps(Box::new(claim));
    let mut d = delivery(FROM, TO, Status::Delivered);
    d.extras.push(&claim);
    assert_eq!(judge().judge(&d).risk, None);
}

#[test]
fn a_folder_of_ones_own_is_a_mailbox_rules_work() {
    let v = stamped("NSPM 1 NONE C CustomRules", Status::Delivered);
    assert_eq!((v.placement, v.layer, v.side), (Placement::Folder, Layer::MailboxRule, Side::Ours));
    assert!(!v.held && !v.failing && v.signature.is_none());
    let v = stamped("NSPM 1 NONE I", Status::Delivered);
    assert_eq!((v.placement, v.layer), (Placement::Inbox, Layer::Unknown));
}

#[test]
fn released_from_quarantine_was_in_quarantine() {
    let v = stamped("SKQ 1 NONE I", Status::Absent);
    assert_eq!((v.outcome_first, v.outcome), (Outcome::Quarantined, Outcome::Delivered));
    let v = stamped("NSPM 1 NONE I", Status::Absent);
    assert_eq!(v.outcome_first, Outcome::Delivered);
}

fn failed(path: Path<'_>, status: Status) -> Verdict {
    let mut d = delivery("b@contoso.com", "k@fabrikam.com", status);
    d.path = Some(Box::new(path));
    judge().judge(&d)
}

fn reply<'a>(text: &'a str, source: &'a str, external: Option<bool>) -> Reply<'a> {
    Reply { text, source, external, ..Reply::default() }
}

#[test]
fn the_component_and_the_record_say_who_speaks() {
    let text = "550 5.7.1 Please send it another way";
    let of = |reply| {
        let v = failed(Path { failure: Some(reply), ..Path::default() }, Status::Failed);
        v.signature.unwrap().cause.clone()
    };
    assert_eq!(of(reply(text, "AGENT", Some(false))), "rule_rejected");
    assert_eq!(of(reply(text, "STOREDRIVER", None)), "restricted_recipient");
    assert_eq!(of(reply(text, "SMTP", Some(true))), "remote_rejected");
    assert_eq!(of(reply(text, "SMTP", None)), "unknown");
    let ruled = Reply { rule: "r1", rule_action: "RejectMessage", ..reply(text, "SMTP", None) };
    assert_eq!(of(ruled), "rule_rejected");
    let marked = Reply { rule: "r1", rule_action: "SetScl", ..reply(text, "SMTP", Some(true)) };
    assert_eq!(of(marked), "remote_rejected");
    // The rule may have spoken in an event before the failure.
    let path = Path {
        failure: Some(reply(text, "SMTP", None)),
        rule: "r1",
        rule_action: "RejectMessage",
        ..Path::default()
    };
    assert_eq!(failed(path, Status::Failed).layer, Layer::TransportRule);
}

#[test]
fn what_expired_has_the_cause_of_its_deferrals() {
    let expired = Some(reply("550 4.4.7 QUEUE.Expired; message expired", "QUEUE", None));
    let list = Some(reply("421 4.7.0 [TSS04] deferred, too many complaints", "SMTP", Some(true)));
    let path = |failure, deferral| Path { failure, deferral, deferrals: 1, ..Path::default() };
    let cause = |v: &Verdict| v.signature.as_ref().unwrap().cause.clone();
    let v = failed(path(expired, list), Status::Failed);
    assert_eq!((cause(&v).as_str(), v.grade), ("ip_reputation", Grade::Correlated));
    let v = failed(path(expired, None), Status::Failed);
    assert_eq!((cause(&v).as_str(), v.grade), ("expired", Grade::Direct));
    let v = failed(path(expired, Some(reply("450 zorp", "SMTP", None))), Status::Failed);
    assert_eq!(cause(&v), "expired", "words nobody knows say less");
    let v = failed(path(None, list), Status::Failed);
    assert_eq!(cause(&v), "ip_reputation", "a failure without words");
    // A refusal is a reason of its own, whatever came before.
    let refused = Some(reply("550 5.1.1 <k@fabrikam.com> user unknown", "SMTP", Some(true)));
    assert_eq!(cause(&failed(path(refused, list), Status::Failed)), "recipient_unknown");
    // Still tried; dropped for another reason.
    assert_eq!(cause(&failed(path(None, list), Status::Pending)), "ip_reputation");
    assert_eq!(cause(&failed(path(None, list), Status::Dropped)), "dropped");
    let deleted = Path { rule: "r1", rule_action: "DeleteMessage", ..Path::default() };
    assert_eq!(failed(deleted, Status::Dropped).layer, Layer::TransportRule);
    // A delay notice, then the bounce that gives up.
    let bounce = |action: &str, status: &str, text: &str| {
        Extra::Bounce(Box::new(BounceRecipient {
            action: action.into(),
            status: status.into(),
            diagnostic: text.into(),
            ..BounceRecipient::default()
        }))
    };
    let given_up = bounce("failed", "4.4.7", "550 4.4.7 QUEUE.Expired; message expired");
    let delayed = bounce("delayed", "4.7.0", "421 4.7.0 [TSS04] deferred, too many complaints");
    for extras in [[&given_up, &delayed], [&delayed, &given_up]] {
        let mut d = delivery("b@contoso.com", "k@fabrikam.com", Status::Absent);
        d.extras = extras.to_vec();
        let v = judge().judge(&d);
        assert_eq!((cause(&v).as_str(), v.outcome), ("ip_reputation", Outcome::Failed));
    }
}

#[test]
fn bounces_of_other_peoples_mail_are_no_failures_of_ours() {
    let bounce = Extra::Bounce(Box::new(BounceRecipient {
        action: "failed".into(),
        status: "5.1.1".into(),
        ..BounceRecipient::default()
    }));
    let outcome = |from, to, status, given| {
        let mut d = delivery(from, to, status);
        d.extras.push(&bounce);
        let policy =
            Policy { own: vec!["contoso.com".into()], own_given: given, settled_until: vec![1000] };
        let v = Judge::new(Arc::new(policy)).judge(&d);
        assert_eq!(v.failing, v.outcome == Outcome::Failed);
        v.outcome
    };
    let (other, another) = ("a@fabrikam.com", "k@northwindtraders.com");
    assert_eq!(outcome(other, another, Status::Absent, true), Outcome::Unknown);
    assert_eq!(outcome("<>", another, Status::Absent, true), Outcome::Unknown);
    // Ours, or to us, or claimed by a row, or nobody can say.
    assert_eq!(outcome("b@contoso.com", another, Status::Absent, true), Outcome::Failed);
    assert_eq!(outcome(other, "b@contoso.com", Status::Absent, true), Outcome::Failed);
    assert_eq!(outcome(other, another, Status::Failed, true), Outcome::Failed);
    assert_eq!(outcome("", another, Status::Absent, true), Outcome::Failed);
    assert_eq!(outcome(other, another, Status::Absent, false), Outcome::Failed);
}

/// A signature is who speaks, the code and the text: another cause must not hide behind the same.
#[test]
fn another_cause_is_another_text() {
    let mut seen: Vec<(String, String)> = Vec::new();
    for (text, status, ..) in HELD {
        let s = stamped(text, *status).signature.unwrap();
        seen.push((s.text.clone(), s.cause.clone()));
    }
    for (text, cause) in &seen {
        let other = seen.iter().find(|(t, c)| t == text && c != cause);
        assert_eq!(other, None, "{text} means {cause}, too");
    }
    let text = |stamps| stamped(stamps, Status::Delivered).signature.unwrap().text.clone();
    assert_eq!(text("SPM 5 SPM J"), "Junk Email: SFV:SPM CAT:SPM");
    assert_eq!(text("- 5 - J"), "Delivered to Junk Email: spam by SCL");
    assert_eq!(
        text("SPM 5 SPM J - dmarc=fail"),
        "Junk Email: SFV:SPM CAT:SPM, sender not authenticated"
    );
}
