//! Real bounces against the judgement of an independent program, where they are at hand: who was
//! not reached, by which code, for good or not, and why. They are not part of the project.
//!
//! The other program has a vocabulary of its own; [`REASONS`] says which of our causes mean the
//! same. Where it sees something else in the same words (a filter in "user unknown" behind the end
//! of the message), the difference counts against us.

use crate::harness::{root, run};
use serde_json::Value;
use std::collections::BTreeMap;

/// Its reason, and our causes (or whole layers) that mean the same.
const REASONS: &[(&str, &[&str])] = &[
    ("userunknown", &["recipient_unknown", "recipient_moved", "address_syntax", "null_mx"]),
    ("mailboxfull", &["mailbox_full"]),
    // Refused by the recipient's own settings behind the end of the message.
    (
        "filtered",
        &["recipient_unknown", "policy_rejected", "mailbox_unavailable", "remote_rejected"],
    ),
    ("expired", &["connector"]),
    ("blocked", &["sender_reputation", "ptr_missing", "connection_refused", "remote_rejected"]),
    ("authfailure", &["dns_auth"]),
    ("rejected", &["sender_rejected", "sender_domain_unresolvable", "remote_rejected"]),
    ("hostunknown", &["mx_unresolvable"]),
    ("networkerror", &["connector", "mx_unresolvable", "dns_failure"]),
    ("toomanyconn", &["sender_reputation"]),
    ("notaccept", &["null_mx", "mx_unresolvable", "dns_failure"]),
    (
        "securityerror",
        &["remote_rejected", "anti_spam", "connector", "dns_auth", "sender_reputation"],
    ),
    ("spamdetected", &["sender_reputation", "anti_spam"]),
    ("virusdetected", &["malware", "content_rejected_spam"]),
    ("systemerror", &["remote_server_error", "connector"]),
    ("suspend", &["mailbox_disabled"]),
    ("notcompliantrfc", &["message"]),
    ("contenterror", &["message"]),
    ("mesgtoobig", &["message_too_large"]),
    ("exceedlimit", &["message_too_large"]),
    ("policyviolation", &["message", "anti_spam", "dns_auth"]),
    ("norelaying", &["relay_denied"]),
    ("requireptr", &["ptr_missing"]),
    ("hasmoved", &["recipient_moved"]),
    ("badreputation", &["sender_reputation"]),
    ("mailererror", &["mailbox_rule", "recipient"]),
    ("speeding", &["recipient_rate_limit", "rate_limited"]),
];

/// Agreement of one field: how many, of how many, and the others.
#[derive(Default)]
struct Field(usize, usize, Vec<String>);

impl Field {
    fn check(&mut self, same: bool, miss: impl FnOnce() -> String) {
        self.0 += usize::from(same);
        self.1 += 1;
        if !same {
            self.2.push(miss());
        }
    }
}

#[test]
fn an_independent_program_agrees() {
    let folder = root().join("../shared/corpus/bounce");
    let Ok(expected) = std::fs::read_to_string(folder.join("expected.jsonl")) else {
        eprintln!("skipped: no bounces at {}", folder.display());
        return;
    };
    let answer = run(&["headers", folder.to_str().unwrap(), "--format", "jsonl"]);
    let ours: BTreeMap<String, Value> = answer
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|seen| (seen["file"].as_str().unwrap().rsplit('/').next().unwrap().to_owned(), seen))
        .collect();
    let mut fields: BTreeMap<&str, Field> = BTreeMap::new();
    for line in expected.lines() {
        let known: Value = serde_json::from_str(line).unwrap();
        let file = known["file"].as_str().unwrap();
        let bounces = ours.get(file).and_then(|seen| seen["bounce"].as_array());
        let bounces = bounces.map_or(&[][..], Vec::as_slice);
        for (at, theirs) in known["results"].as_array().into_iter().flatten().enumerate() {
            // Complaints, automatic replies and reports of success are no failures.
            if matches!(theirs["reason"].as_str(), Some("feedback" | "vacation" | "delivered")) {
                continue;
            }
            compare(file, theirs, bounces, at, &mut fields);
        }
    }
    for (name, least) in [("recipient", 0.97), ("status", 0.97), ("hard", 0.92), ("reason", 0.92)] {
        let Field(good, all, misses) = &fields[name];
        let share = *good as f64 / *all as f64;
        println!("{name:<10} {good:>4} of {all:>4}  {share:.4}");
        for miss in misses {
            println!("    {miss}");
        }
        assert!(share >= least, "{name}: {share:.4} is below {least}");
    }
}

fn compare<'f>(
    file: &str,
    theirs: &Value,
    bounces: &[Value],
    at: usize,
    fields: &mut BTreeMap<&'f str, Field>,
) {
    let recipient = theirs["recipient"].as_str().map(str::to_lowercase);
    let named = |b: &&Value| b["recipient"].as_str() == recipient.as_deref();
    let ours = bounces.iter().find(named).or(bounces.get(at)).unwrap_or(&Value::Null);
    let mut check = |field: &'f str, same: bool, theirs: &Value, our: &Value| {
        let miss = || format!("{file}: theirs {theirs}, ours {our}: {}", ours["diagnostic"]);
        fields.entry(field).or_default().check(same, miss);
    };
    if let Some(recipient) = &recipient {
        check(
            "recipient",
            ours["recipient"] == **recipient,
            &theirs["recipient"],
            &ours["recipient"],
        );
    }
    for (field, key) in [("status", "status"), ("hard", "hard_bounce")] {
        if !theirs[key].is_null() {
            check(field, ours[field] == theirs[key], &theirs[key], &ours[field]);
        }
    }
    let reason = REASONS.iter().find(|(name, _)| theirs["reason"] == *name);
    if let Some((_, causes)) = reason {
        let is = |key: &str| ours[key].as_str().is_some_and(|word| causes.contains(&word));
        check("reason", is("cause") || is("layer"), &theirs["reason"], &ours["cause"]);
    }
}
