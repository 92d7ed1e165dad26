//! One message's headers: a flat JSON object for programs, a page for people.

#[cfg(feature = "cli")]
mod auth;
#[cfg(feature = "cli")]
mod compare;
mod csv;
#[cfg(feature = "cli")]
mod html;
#[cfg(feature = "cli")]
mod page;
#[cfg(feature = "cli")]
mod parts;
#[cfg(feature = "cli")]
mod stamps;
#[cfg(feature = "cli")]
mod table;
#[cfg(feature = "cli")]
mod text;
#[cfg(feature = "cli")]
mod verdict;
#[cfg(feature = "cli")]
mod way;

#[cfg(feature = "cli")]
pub use compare::{compared, compared_object};
pub use csv::Csv;
#[cfg(feature = "cli")]
pub use html::Html;
#[cfg(feature = "cli")]
pub use table::Table;
#[cfg(feature = "cli")]
pub use text::text;

use crate::model::auth::DkimCheck;
use crate::model::delivery::{dashed, domain_of};
use crate::model::message::{Copies, Hop};
use crate::model::{GatewayStamp, Instant, Layer, Remark, Seen, Side};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes one message as one line of JSON: flat keys, null where the message does not say.
///
/// # Errors
/// Where the writer fails.
pub fn jsonl(seen: &Seen, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &object(seen))?;
    out.write_all(b"\n")
}

/// One message as a JSON object.
pub fn object(seen: &Seen) -> Value {
    let facts = &seen.examined.facts;
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("file", json!(seen.file));
    put("network_message_id", json!(facts.network_message_id.map(dashed)));
    put("message_id", json!(facts.message_id));
    put("date_utc", json!(facts.date.map(Instant::rfc3339)));
    put("from", json!(facts.from));
    put("from_domain", json!(facts.from.as_deref().map(domain_of)));
    put("return_path", json!(facts.return_path));
    put("subject", json!(facts.subject));
    for (key, value) in stamp_keys(&seen.examined.written) {
        put(key, value);
    }
    let written = &seen.examined.written.stamps;
    put("auth_as", json!(written.auth_as));
    put("auth_source", json!(written.auth_source));
    put("trusted", json!(facts.stamps.trusted));
    put("hops", seen.examined.hops.iter().map(hop).collect());
    put("delay_seconds", json!(seen.examined.delay_seconds));
    put("outcome", json!(seen.outcome.as_str()));
    put("placement", json!(seen.placement.as_str()));
    put("layer", json!(seen.layer.map(Layer::as_str)));
    put("cause", json!(seen.cause));
    put("side", json!(seen.side.map(Side::as_str)));
    put("untrusted", seen.examined.untrusted.as_ref().map_or(Value::Null, renamed));
    put("unknown", json!(written.unknown));
    if !facts.bounce.is_empty() {
        put("bounce", bounce(seen));
    }
    put("remarks", seen.remarks.iter().map(remark).collect());
    put("gateways", seen.gateways.iter().map(gateway).collect());
    if let Some(checks) = &seen.verified {
        put("dkim_verified", checks.iter().map(verified).collect());
    }
    Value::Object(map)
}

/// The stamp keys, in their order.
fn stamp_keys(copies: &Copies) -> Vec<(&'static str, Value)> {
    let s = &copies.stamps;
    // Results without one of DKIM are an empty list; no results at all are no statement.
    let judged = s.spf.is_some() || s.dmarc.is_some() || s.compauth.is_some();
    let dkim: Vec<&str> = s.dkim.iter().map(|(result, _)| result.as_str()).collect();
    vec![
        ("scl", json!(s.scl)),
        ("bcl", json!(s.bcl)),
        ("pcl", json!(copies.pcl)),
        ("sfv", json!(s.sfv)),
        ("cat", json!(s.cat)),
        ("ipv", json!(s.ipv)),
        ("sfty", json!(s.sfty)),
        ("dir", json!(s.dir)),
        ("country", json!(s.country)),
        ("lang", json!(copies.lang)),
        ("cip", json!(s.cip)),
        ("ptr", json!(copies.ptr)),
        ("helo", json!(copies.helo)),
        ("spf", json!(s.spf)),
        ("dkim", if dkim.is_empty() && !judged { Value::Null } else { json!(dkim) }),
        ("dmarc", json!(s.dmarc)),
        ("compauth", json!(s.compauth)),
        ("compauth_reason", json!(s.compauth_reason)),
        ("dest", json!(s.dest)),
        ("ofr", json!(s.ofr)),
    ]
}

/// Renamed copies: the keys that they hold.
fn renamed(copies: &Copies) -> Value {
    let mut map = Map::new();
    for (key, value) in stamp_keys(copies) {
        if !value.is_null() {
            map.insert(key.to_owned(), value);
        }
    }
    Value::Object(map)
}

fn hop(hop: &Hop) -> Value {
    json!({
        "by": hop.by,
        "from": hop.from,
        "time": hop.time.map(Instant::rfc3339),
        "delay_seconds": hop.delay_seconds,
        "tls": hop.tls,
        "trusted": hop.trusted,
    })
}

fn remark(remark: &Remark) -> Value {
    json!({
        "id": remark.id,
        "weight": remark.weight.as_str(),
        "headline": remark.headline,
        "detail": given(&remark.detail),
        "source": remark.source,
    })
}

fn gateway(stamp: &GatewayStamp) -> Value {
    json!({
        "product": stamp.product,
        "header": stamp.header,
        "value": stamp.value,
        "meaning": given(&stamp.meaning),
        "bad": stamp.bad,
        "source": stamp.source,
    })
}

fn verified(check: &DkimCheck) -> Value {
    json!({
        "domain": check.domain,
        "selector": check.selector,
        "result": check.result.as_str(),
        "detail": check.detail,
    })
}

/// A text, null where it is empty.
fn given(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn bounce(seen: &Seen) -> Value {
    let pairs = seen.examined.facts.bounce.iter().zip(&seen.refusals);
    pairs
        .map(|(said, means)| {
            json!({
                "recipient": given(&said.recipient),
                "status": given(&said.status),
                "code": if said.smtp_code == 0 { Value::Null } else { json!(said.smtp_code) },
                "reason": given(means.reason),
                "action": given(&said.action),
                "remote_mta": given(&said.remote_mta),
                "diagnostic": given(&said.diagnostic),
                "layer": means.layer.as_str(),
                "cause": means.cause,
                "side": means.side.as_str(),
                "hard": means.hard,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::message::{Examined, MessageFacts};
    use crate::model::{BounceRecipient, Outcome, Placement, Refusal};

    pub(super) fn seen() -> Seen {
        let bounce = BounceRecipient {
            recipient: "gone@fabrikam.example".into(),
            status: "5.1.1".into(),
            smtp_code: 550,
            ..BounceRecipient::default()
        };
        let refusal = Refusal {
            layer: Layer::Recipient,
            cause: "recipient_unknown",
            reason: "No such mailbox",
            side: Side::Recipient,
            hard: true,
        };
        let mut examined = Examined {
            facts: MessageFacts {
                from: Some("a@contoso.com".into()),
                subject: Some("\u{1b}[31mred".into()),
                bounce: vec![bounce],
                ..MessageFacts::default()
            },
            hops: vec![Hop { by: Some("mx.contoso.com".into()), ..Hop::default() }],
            ..Examined::default()
        };
        examined.written.stamps.dkim = vec![("pass".into(), "contoso.com".into())];
        examined.untrusted = Some(Copies { lang: Some("de".into()), ..Copies::default() });
        Seen {
            file: "a.eml".into(),
            examined,
            outcome: Outcome::Failed,
            placement: Placement::None,
            layer: Some(Layer::Recipient),
            cause: Some("recipient_unknown".into()),
            side: Some(Side::Recipient),
            refusals: vec![refusal],
            remarks: Vec::new(),
            gateways: Vec::new(),
            verified: None,
        }
    }

    #[test]
    fn keys_stand_in_their_order_and_unknown_is_null() {
        let mut out = Vec::new();
        jsonl(&seen(), &mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert!(line.ends_with("}\n") && !line.contains('\u{1b}'));
        let value: Value = serde_json::from_str(&line).unwrap();
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys.join(" "),
            "file network_message_id message_id date_utc from from_domain return_path subject scl bcl \
             pcl sfv cat ipv sfty dir country lang cip ptr helo spf dkim dmarc compauth \
             compauth_reason dest ofr auth_as auth_source trusted hops delay_seconds outcome \
             placement layer cause side untrusted unknown bounce remarks gateways"
        );
        assert_eq!(value["from_domain"], "contoso.com");
        assert_eq!(value["scl"], Value::Null);
        assert_eq!(value["dkim"], json!(["pass"]));
        assert_eq!(value["untrusted"], json!({"lang": "de"}));
        assert_eq!(value["bounce"][0]["hard"], true);
        assert_eq!(value["hops"][0]["from"], Value::Null);
    }
}
