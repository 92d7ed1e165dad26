//! Bounces that Amazon SES reports by mail through SNS: a notification in JSON, perhaps wrapped in
//! another. Source: Amazon SES Developer Guide, "Notification contents".

use super::{MOST_RECIPIENTS, reply};
use crate::model::message::OriginalMessage;
use crate::model::{BounceRecipient, Instant};
use serde_json::Value;

/// Reads the recipients of a notification; the message it speaks of, where it is one.
pub(super) fn read(body: &str, out: &mut Vec<BounceRecipient>) -> Option<OriginalMessage> {
    let start = body.find('{')?;
    let parse = |text: &str| -> Option<Value> {
        serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
    };
    let text = body.get(start..)?;
    // Relays break lines of more than 998 bytes, in the middle of a string.
    let first = parse(text).or_else(|| parse(&text.replace("\n ", "")))?;
    let inner = first["Message"].as_str().and_then(|text| serde_json::from_str(text).ok());
    let notice: Value = inner.unwrap_or(first);
    let kind = notice["notificationType"].as_str().or(notice["eventType"].as_str())?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match kind {
        "Bounce" => {
            let all = notice["bounce"]["bouncedRecipients"].as_array()?;
            for recipient in all.iter().take(MOST_RECIPIENTS) {
                let diagnostic = text(&recipient["diagnosticCode"]);
                let diagnostic = diagnostic.split_once(';').map_or(&*diagnostic, |(_, d)| d);
                out.push(BounceRecipient {
                    recipient: text(&recipient["emailAddress"]).to_lowercase(),
                    action: text(&recipient["action"]).to_lowercase(),
                    status: text(&recipient["status"]),
                    smtp_code: reply::code(diagnostic),
                    diagnostic: reply::join(diagnostic),
                    ..BounceRecipient::default()
                });
            }
        }
        "Delivery" => {
            let reply = text(&notice["delivery"]["smtpResponse"]);
            let all = notice["delivery"]["recipients"].as_array()?;
            for recipient in all.iter().take(MOST_RECIPIENTS).filter_map(Value::as_str) {
                out.push(BounceRecipient {
                    recipient: recipient.to_lowercase(),
                    action: "delivered".to_owned(),
                    status: second(&reply),
                    smtp_code: reply.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0),
                    diagnostic: reply::join(&reply),
                    ..BounceRecipient::default()
                });
            }
        }
        _ => return None,
    }
    let mail = &notice["mail"];
    let headers = &mail["commonHeaders"];
    let id = text(&headers["messageId"]);
    let id = id.trim_matches(['<', '>', ' ']).to_owned();
    Some(OriginalMessage {
        message_id: (!id.is_empty()).then_some(id),
        sender: mail["source"].as_str().map(str::to_lowercase),
        date: mail["timestamp"].as_str().and_then(time),
        ..OriginalMessage::default()
    })
}

/// The enhanced code of a positive reply.
fn second(reply: &str) -> String {
    let word = reply.split(' ').nth(1).unwrap_or_default();
    let digits = word.split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if digits && word.split('.').count() == 3 { word.to_owned() } else { String::new() }
}

fn time(text: &str) -> Option<Instant> {
    let written = crate::decode::time::parse(text.as_bytes())?;
    written.instant(crate::decode::DateOrder::Ymd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_within_another() {
        let inner = r#"{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"Gone@fabrikam.com","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"timestamp":"2026-10-13T08:00:00.000Z","source":"ann@contoso.com","commonHeaders":{"messageId":"<1@contoso.com>"}}}"#;
        let outer = serde_json::json!({"Type": "Notification", "Message": inner}).to_string();
        for body in [inner.to_owned(), format!("\n{outer}\n--\nUnsubscribe here")] {
            let mut out = Vec::new();
            let original = read(&body, &mut out).unwrap();
            assert_eq!(
                (out[0].recipient.as_str(), out[0].status.as_str(), out[0].smtp_code),
                ("gone@fabrikam.com", "5.1.1", 550)
            );
            assert_eq!(original.message_id.as_deref(), Some("1@contoso.com"));
            assert!(original.date.is_some());
        }
        for body in ["", "{", "{}", "{\"Message\":\"{\"}", "[1]"] {
            assert!(read(body, &mut Vec::new()).is_none());
        }
    }
}
