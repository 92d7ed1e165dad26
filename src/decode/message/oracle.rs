//! Agreement with independent readers over a corpus of real messages, where it is at hand.
//!
//! The corpus is not part of the project: where the folder is absent the tests say so and pass.

use super::decode;
use crate::model::message::MessageClass;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Agreement per field.
#[derive(Default)]
struct Table {
    fields: BTreeMap<&'static str, (usize, usize, Vec<String>)>,
}

impl Table {
    fn check(
        &mut self,
        file: &str,
        field: &'static str,
        ours: impl Into<Option<String>>,
        theirs: &Value,
    ) {
        let ours = ours.into();
        let theirs = match theirs {
            Value::Null => return,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let entry = self.fields.entry(field).or_default();
        entry.1 += 1;
        if ours.as_deref() == Some(&theirs) {
            entry.0 += 1;
        } else {
            entry.2.push(format!("{file}: ours {ours:?}, theirs {theirs:?}"));
        }
    }

    fn finish(&self, thresholds: &[(&str, f64)]) {
        println!("{:<24} {:>5} {:>5}  share", "field", "agree", "of");
        for (field, (good, all, misses)) in &self.fields {
            println!("{field:<24} {good:>5} {all:>5}  {:.4}", *good as f64 / *all as f64);
            if std::env::var_os("ORACLE_MISSES").is_some() {
                for miss in misses {
                    println!("    {miss}");
                }
            }
        }
        for (field, least) in thresholds {
            let (good, all, _) = &self.fields[field];
            let share = *good as f64 / *all as f64;
            assert!(share >= *least, "{field}: {share:.4} is below {least}");
        }
    }
}

fn corpus(part: &str) -> Option<Vec<(String, Vec<u8>, Value)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(part);
    let Ok(lines) = std::fs::read_to_string(folder.join("expected.jsonl")) else {
        println!("corpus absent, skipped");
        return None;
    };
    let rows = lines.lines().map(|line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let file = row["file"].as_str().unwrap().to_owned();
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        (file, bytes, row)
    });
    Some(rows.collect())
}

fn time(t: Option<crate::model::Instant>) -> Option<String> {
    t.map(crate::model::Instant::rfc3339)
}

#[test]
fn eml() {
    let Some(rows) = corpus("eml") else { return };
    let mut table = Table::default();
    for (file, bytes, row) in &rows {
        let facts = decode(bytes, bytes.len() as u64).unwrap_or_default();
        let s = &facts.stamps;
        let mut check = |field, ours: Option<String>, theirs: &Value| {
            table.check(file, field, ours, theirs);
        };
        check("scl", s.scl.map(|v| v.to_string()), &row["scl"]);
        check("bcl", s.bcl.map(|v| v.to_string()), &row["bcl"]);
        let f = &row["forefront"];
        if !f.is_null() && row["scl"].is_null() {
            check("forefront.SCL", s.scl.map(|v| v.to_string()), &f["SCL"]);
        }
        for (key, ours) in [
            ("SFV", &s.sfv),
            ("CAT", &s.cat),
            ("IPV", &s.ipv),
            ("SFTY", &s.sfty),
            ("DIR", &s.dir),
            ("CTRY", &s.country),
            ("CIP", &s.cip),
        ] {
            if f[key] != "" {
                check(key, ours.clone(), &f[key]);
            }
        }
        let a = &row["auth"];
        check("auth.spf", s.spf.clone(), &a["spf"]);
        if let Some(results) = a["dkim"].as_array() {
            let theirs: Vec<_> = results.iter().filter_map(Value::as_str).collect();
            let ours: Vec<_> = s.dkim.iter().map(|(r, _)| r.as_str()).collect();
            check("auth.dkim", Some(ours.join(" ")), &Value::String(theirs.join(" ")));
        }
        check("auth.dmarc", s.dmarc.clone(), &a["dmarc"]);
        check("auth.action", s.dmarc_action.clone(), &a["action"]);
        check("auth.compauth", s.compauth.clone(), &a["compauth"]);
        check("auth.compauth_reason", s.compauth_reason.clone(), &a["compauth_reason"]);
        check("auth.mailfrom", s.mailfrom_domain.clone(), &lower(&a["mailfrom"]));
        check("auth.header_from", s.header_from.clone(), &lower(&a["header_from"]));
        check("auth_as", s.auth_as.clone(), &row["auth_as"]);
        let id = facts.network_message_id.map(crate::model::delivery::dashed);
        check("network_message_id", id, &lower(&row["network_message_id"]));
        check("message_id", facts.message_id.clone(), &row["message_id"]);
        check("date_utc", time(facts.date), &row["date_utc"]);
        check("subject", facts.subject.clone(), &row["subject"]);
        check("from", facts.from.clone(), &lower(&row["from"]));
        check("from_angle", facts.from.clone(), &lower(&row["from_angle"]));
        let path = facts.return_path.clone().map(|p| if p == "<>" { String::new() } else { p });
        check("return_path", path, &lower(&row["return_path"]));
        let hops = super::headers::HeaderList::read(bytes).all("Received").count();
        check("received_count", Some(hops.to_string()), &row["received_count"]);
        let fields = super::headers::HeaderList::read(bytes).len();
        check("header_count", Some(fields.to_string()), &row["header_count"]);
        if let Some(last) = row["hop_times"].as_array().and_then(|t| t.last()) {
            check("received", time(facts.received), last);
        }
        if let (Some(to), Some(cc)) = (row["to_count"].as_u64(), row["cc_count"].as_u64()) {
            check("to_count", Some(facts.to.len().to_string()), &Value::from(to + cc));
        }
        let judged = super::headers::HeaderList::read(bytes)
            .first("X-MS-Exchange-Organization-AuthSource")
            .is_some();
        let mail = facts.class == MessageClass::Mail;
        check("class.mail", Some(mail.to_string()), &Value::from(true));
        if judged {
            check("trusted", Some(s.trusted.to_string()), &Value::from(true));
        }
    }
    table.finish(&[
        ("scl", 1.0),
        ("bcl", 1.0),
        ("SFV", 1.0),
        ("CAT", 1.0),
        ("DIR", 1.0),
        ("CIP", 1.0),
        ("auth.spf", 1.0),
        // One value is an encoded word that the other reader left alone.
        ("auth.dkim", 0.99),
        ("auth.dmarc", 1.0),
        ("auth.compauth", 1.0),
        ("auth.compauth_reason", 1.0),
        ("auth.header_from", 1.0),
        ("auth.mailfrom", 0.99),
        ("auth_as", 1.0),
        // Two ids were damaged by the corpus' publisher.
        ("network_message_id", 0.99),
        ("message_id", 1.0),
        ("date_utc", 1.0),
        ("received", 1.0),
        ("subject", 1.0),
        ("from", 1.0),
        ("from_angle", 1.0),
        ("return_path", 1.0),
        ("to_count", 1.0),
        ("received_count", 1.0),
        ("header_count", 1.0),
        ("class.mail", 0.99),
        ("trusted", 0.99),
    ]);
}

fn lower(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.to_lowercase()),
        other => other.clone(),
    }
}

#[test]
fn bounces() {
    let Some(rows) = corpus("bounce") else { return };
    let mut table = Table::default();
    for (file, bytes, row) in &rows {
        let facts = decode(bytes, bytes.len() as u64).unwrap_or_default();
        let dsn = row["dsn"]["recipients"].as_array();
        if let Some(recipients) = dsn {
            for (at, r) in recipients.iter().enumerate() {
                let ours = facts.bounce.get(at).cloned().unwrap_or_default();
                if let Some(status) = r["status"].as_str().and_then(super::oracle::enhanced) {
                    table.check(
                        file,
                        "dsn.status",
                        Some(ours.status.clone()),
                        &Value::from(status),
                    );
                }
                if let Some(action) = r["action"].as_str() {
                    let word = action.to_lowercase();
                    let word = word.split([' ', '(']).next().unwrap_or_default();
                    table.check(file, "dsn.action", Some(ours.action.clone()), &Value::from(word));
                }
                let theirs = r["final-recipient"].as_str().or(r["original-recipient"].as_str());
                if let Some(theirs) = theirs {
                    let bare = theirs.split_once(';').map_or(theirs, |(_, v)| v);
                    let bare = bare.trim().trim_matches(['<', '>']).to_lowercase();
                    table.check(
                        file,
                        "dsn.recipient",
                        Some(ours.recipient.clone()),
                        &Value::from(bare),
                    );
                }
            }
            table.check(
                file,
                "dsn.count",
                Some(facts.bounce.len().to_string()),
                &Value::from(recipients.len()),
            );
        }
        let Some(results) = row["results"].as_array() else {
            continue;
        };
        let feedback = results.iter().any(|r| r["reason"] == "feedback");
        if feedback || results.iter().any(|r| r["reason"] == "vacation") {
            table.check(
                file,
                "class.no_bounce",
                Some((facts.class != MessageClass::Ndr).to_string()),
                &Value::from(true),
            );
            continue;
        }
        if results.is_empty() {
            continue;
        }
        table.check(
            file,
            "class.ndr",
            Some((facts.class == MessageClass::Ndr).to_string()),
            &Value::from(true),
        );
        let with = |dsn_name, text_name| if dsn.is_some() { dsn_name } else { text_name };
        for r in results {
            let has =
                |f: &dyn Fn(&crate::model::BounceRecipient) -> bool| facts.bounce.iter().any(f);
            let who = r["recipient"].as_str().unwrap_or_default().to_lowercase();
            let ours = if has(&|b| b.recipient == who) {
                who.clone()
            } else {
                facts.bounce.first().map(|b| b.recipient.clone()).unwrap_or_default()
            };
            table.check(
                file,
                with("recipient", "text.recipient"),
                Some(ours),
                &Value::from(who.clone()),
            );
            let same = facts
                .bounce
                .iter()
                .find(|b| b.recipient == who)
                .or(facts.bounce.first())
                .cloned()
                .unwrap_or_default();
            table.check(file, with("status", "text.status"), Some(same.status), &r["status"]);
            table.check(
                file,
                with("reply_code", "text.reply_code"),
                Some(same.smtp_code.to_string()),
                &r["reply_code"],
            );
        }
        let o = &row["original"];
        let original = facts.original.clone().unwrap_or_default();
        table.check(file, "original.message_id", original.message_id, &o["message_id"]);
        table.check(file, "original.from", original.sender, &lower(&o["from_address"]));
    }
    table.finish(&[
        // A status that says little gives way to the one of the reply.
        ("dsn.status", 0.95),
        ("dsn.action", 1.0),
        ("dsn.recipient", 0.98),
        ("dsn.count", 0.99),
        ("original.message_id", 0.97),
        ("original.from", 0.97),
        ("recipient", 0.98),
        ("class.ndr", 0.98),
        ("class.no_bounce", 1.0),
        ("text.recipient", 0.90),
        ("text.reply_code", 0.90),
        ("text.status", 0.90),
    ]);
}

/// The code within a Status field as written (comments may stand behind it).
fn enhanced(text: &str) -> Option<&str> {
    text.split([' ', '(']).find(|w| w.split('.').count() == 3)
}

#[test]
fn outlook_messages() {
    let Some(files) = corpus("msg") else { return };
    let mut table = Table::default();
    for (file, bytes, expected) in &files {
        let read = crate::decode::msg::read(bytes);
        let ours = |good: bool| Some(good.to_string());
        table.check(file, "readable", ours(read.is_ok()), &expected["readable"]);
        let Ok(got) = read else { continue };
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        table.check(file, "class", text(&got.class), &expected["class"]);
        table.check(file, "subject", text(&got.subject), &expected["subject"]);
        table.check(file, "sender_name", text(&got.sender_name), &expected["sender_name"]);
        table.check(file, "sender_email", text(&got.sender_email), &expected["sender_email"]);
        table.check(file, "sender_smtp", text(&got.sender_smtp), &expected["sender_smtp"]);
        table.check(file, "display_to", text(&got.display_to), &expected["display_to"]);
        table.check(file, "message_id", text(&got.message_id), &expected["message_id"]);
        for (field, ours) in [
            ("recipient_count", got.recipients.len()),
            ("attachments", got.attachments.len()),
            ("embedded", got.embedded.len()),
        ] {
            table.check(file, field, Some(ours.to_string()), &expected[field]);
        }
        let time = |time: Option<crate::model::Instant>| time.map(crate::model::Instant::rfc3339);
        let whole = |text: Option<String>| {
            text.map(|t| t.split_once('.').map_or(t.clone(), |(t, _)| format!("{t}Z")))
        };
        table.check(file, "submit_time", whole(time(got.submitted)), &expected["submit_time"]);
        table.check(file, "delivery_time", whole(time(got.delivered)), &expected["delivery_time"]);
        let headers = got.headers.replace("\r\n", "\n");
        table.check(file, "headers", text(&headers), &expected["headers"]);
    }
    table.finish(&[("readable", 1.0), ("class", 1.0), ("headers", 1.0), ("recipient_count", 1.0)]);
}
