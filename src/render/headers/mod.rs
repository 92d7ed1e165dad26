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
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes one message as one line of JSON: flat keys, null where the message does not say.
///
/// # Errors
/// Where the writer fails.
pub fn jsonl(seen: &Seen, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Line(seen))?;
    out.write_all(b"\n")
}

/// One message as a JSON object.
pub fn object(seen: &Seen) -> Value {
    serde_json::to_value(Line(seen)).unwrap_or_default()
}

/// A message as its keys are written: straight from what is known, without a tree in between.
struct Line<'a>(&'a Seen);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seen = self.0;
        let facts = &seen.examined.facts;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("file", &seen.file)?;
        map.serialize_entry("network_message_id", &facts.network_message_id.map(dashed))?;
        map.serialize_entry("message_id", &facts.message_id)?;
        map.serialize_entry("date_utc", &facts.date.map(Instant::rfc3339))?;
        map.serialize_entry("from", &facts.from)?;
        map.serialize_entry("from_domain", &facts.from.as_deref().map(domain_of))?;
        map.serialize_entry("return_path", &facts.return_path)?;
        map.serialize_entry("subject", &facts.subject)?;
        for (key, value) in stamp_keys(&seen.examined.written) {
            map.serialize_entry(key, &value)?;
        }
        let written = &seen.examined.written.stamps;
        map.serialize_entry("auth_as", &written.auth_as)?;
        map.serialize_entry("auth_source", &written.auth_source)?;
        map.serialize_entry("trusted", &facts.stamps.trusted)?;
        map.serialize_entry("hops", &Many(&seen.examined.hops, hop))?;
        map.serialize_entry("delay_seconds", &seen.examined.delay_seconds)?;
        map.serialize_entry("outcome", seen.outcome.as_str())?;
        map.serialize_entry("placement", seen.placement.as_str())?;
        map.serialize_entry("layer", &seen.layer.map(Layer::as_str))?;
        map.serialize_entry("cause", &seen.cause)?;
        map.serialize_entry("side", &seen.side.map(Side::as_str))?;
        map.serialize_entry("untrusted", &seen.examined.untrusted.as_ref().map(renamed))?;
        map.serialize_entry("unknown", &written.unknown)?;
        if !facts.bounce.is_empty() {
            map.serialize_entry("bounce", &bounce(seen))?;
        }
        map.serialize_entry("remarks", &Many(&seen.remarks, remark))?;
        map.serialize_entry("gateways", &Many(&seen.gateways, gateway))?;
        if let Some(checks) = &seen.verified {
            map.serialize_entry("dkim_verified", &Many(checks, verified))?;
        }
        map.end()
    }
}

/// A list, and how a member of it is written.
struct Many<'a, T, U>(&'a [T], fn(&'a T) -> U);

impl<T, U: Serialize> Serialize for Many<'_, T, U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(self.1))
    }
}

/// A value of a stamp.
#[derive(Serialize)]
#[serde(untagged)]
enum Cell<'a> {
    Level(Option<i64>),
    Text(Option<&'a str>),
    List(Vec<&'a str>),
}

impl Cell<'_> {
    fn is_null(&self) -> bool {
        matches!(self, Self::Level(None) | Self::Text(None))
    }
}

/// The stamp keys, in their order.
fn stamp_keys(copies: &Copies) -> [(&'static str, Cell<'_>); 20] {
    let s = &copies.stamps;
    let level = |n: Option<i8>| Cell::Level(n.map(i64::from));
    // Results without one of DKIM are an empty list; no results at all are no statement.
    let judged = s.spf.is_some() || s.dmarc.is_some() || s.compauth.is_some();
    let dkim: Vec<&str> = s.dkim.iter().map(|(result, _)| result.as_str()).collect();
    [
        ("scl", level(s.scl)),
        ("bcl", Cell::Level(s.bcl.map(i64::from))),
        ("pcl", level(copies.pcl)),
        ("sfv", Cell::Text(s.sfv.as_deref())),
        ("cat", Cell::Text(s.cat.as_deref())),
        ("ipv", Cell::Text(s.ipv.as_deref())),
        ("sfty", Cell::Text(s.sfty.as_deref())),
        ("dir", Cell::Text(s.dir.as_deref())),
        ("country", Cell::Text(s.country.as_deref())),
        ("lang", Cell::Text(copies.lang.as_deref())),
        ("cip", Cell::Text(s.cip.as_deref())),
        ("ptr", Cell::Text(copies.ptr.as_deref())),
        ("helo", Cell::Text(copies.helo.as_deref())),
        ("spf", Cell::Text(s.spf.as_deref())),
        ("dkim", if dkim.is_empty() && !judged { Cell::Text(None) } else { Cell::List(dkim) }),
        ("dmarc", Cell::Text(s.dmarc.as_deref())),
        ("compauth", Cell::Text(s.compauth.as_deref())),
        ("compauth_reason", Cell::Text(s.compauth_reason.as_deref())),
        ("dest", Cell::Text(s.dest.as_deref())),
        ("ofr", Cell::Text(s.ofr.as_deref())),
    ]
}

/// Renamed copies: the keys that they hold.
fn renamed(copies: &Copies) -> Value {
    let mut map = Map::new();
    for (key, value) in stamp_keys(copies) {
        if !value.is_null() {
            map.insert(key.to_owned(), json!(value));
        }
    }
    Value::Object(map)
}

#[derive(Serialize)]
struct HopKeys<'a> {
    by: Option<&'a str>,
    from: Option<&'a str>,
    time: Option<String>,
    delay_seconds: Option<i64>,
    tls: Option<&'a str>,
    trusted: bool,
}

fn hop(hop: &Hop) -> HopKeys<'_> {
    HopKeys {
        by: hop.by.as_deref(),
        from: hop.from.as_deref(),
        time: hop.time.map(Instant::rfc3339),
        delay_seconds: hop.delay_seconds,
        tls: hop.tls.as_deref(),
        trusted: hop.trusted,
    }
}

#[derive(Serialize)]
struct RemarkKeys<'a> {
    id: &'a str,
    weight: &'a str,
    headline: &'a str,
    detail: Option<&'a str>,
    source: &'a str,
}

fn remark(remark: &Remark) -> RemarkKeys<'_> {
    RemarkKeys {
        id: remark.id,
        weight: remark.weight.as_str(),
        headline: &remark.headline,
        detail: given(&remark.detail),
        source: remark.source,
    }
}

#[derive(Serialize)]
struct GatewayKeys<'a> {
    product: &'a str,
    header: &'a str,
    value: &'a str,
    meaning: Option<&'a str>,
    bad: Option<bool>,
    source: &'a str,
}

fn gateway(stamp: &GatewayStamp) -> GatewayKeys<'_> {
    GatewayKeys {
        product: &stamp.product,
        header: &stamp.header,
        value: &stamp.value,
        meaning: given(&stamp.meaning),
        bad: stamp.bad,
        source: &stamp.source,
    }
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
fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
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
