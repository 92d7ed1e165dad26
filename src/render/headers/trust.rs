//! Lines of the page about the stamps: which are the organisation's own, which are somebody's
//! claim, and why.

use super::stamps;
use crate::model::auth::Border;
use crate::model::message::{Examined, Stamps};
use serde_json::Value;

/// Stamps that Authentication-Results holds: position decides about them, not the name.
const BY_POSITION: &[&str] = &["spf", "dkim", "dmarc", "compauth", "compauth_reason"];

/// Name and text of each line, in the order of the page. Text is still a stranger's.
pub(super) fn lines(examined: &Examined) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    let mut add = |name, text: String| {
        if !text.is_empty() {
            out.push((name, text));
        }
    };
    let trusted = examined.facts.stamps.trusted;
    let written = stamps(&examined.written);
    let below = trusted && judged(&examined.written.stamps) && !judged(&examined.facts.stamps);
    let by_position = |key: &str| below && BY_POSITION.contains(&key);
    let (claimed, own): (Vec<_>, Vec<_>) =
        written.into_iter().partition(|(key, _)| !trusted || by_position(key));
    let (claimed, own) = (values(&claimed), values(&own));
    let reason = reason(&examined.border);
    if trusted {
        let believed = if own.is_empty() { String::new() } else { format!("believed: {reason}") };
        add("stamps", own);
        add("trust", believed);
        if !claimed.is_empty() {
            add(
                "claimed",
                format!(
                    "{claimed} (not believed: this Authentication-Results stands below the \
                     Received line by the AuthSource host, so it came in with the message)"
                ),
            );
        }
    } else if !claimed.is_empty() {
        add("claimed", claimed);
        add("trust", format!("stamps are not believed: {reason}"));
    }
    if let Some(other) = &examined.untrusted {
        let who = if trusted {
            "renamed because it came in with the message: another organisation's word, or a forgery"
        } else {
            "named as if it had come in with the message; anybody may have written it"
        };
        let values = values(&stamps(other));
        let values = if values.is_empty() { "no values" } else { &values };
        add("renamed", format!("{values} ({}; {who})", examined.renamed.join(", ")));
    }
    add("unknown", examined.written.stamps.unknown.join("; "));
    out
}

/// True where Authentication-Results says anything.
fn judged(stamps: &Stamps) -> bool {
    let results = [&stamps.spf, &stamps.dmarc, &stamps.compauth];
    results.iter().any(|result| result.is_some()) || !stamps.dkim.is_empty()
}

/// Why stamps are believed, or are not.
fn reason(border: &Border) -> String {
    match border {
        Border::Genuine { host } => {
            format!("came in through {host}, which judged it and wrote its Received line")
        }
        Border::NobodyJudged => {
            "no header names the server that judged the sender (AuthSource)".to_owned()
        }
        Border::Conflict { header } => format!("{header} stands twice with different values"),
        Border::NoLine { host } => {
            format!("no Received line by the AuthSource host {host}")
        }
        Border::Stranger { host, judge } => format!(
            "above the Received line by the AuthSource host {judge} the message passed {host}, \
             which is neither Microsoft's nor a server of that domain"
        ),
        Border::Unreadable { judge } => format!(
            "a Received line above that by the AuthSource host {judge} does not say who wrote it"
        ),
    }
}

/// `key value` of all that is stated.
fn values(pairs: &[(&'static str, Value)]) -> String {
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("+"),
        other => other.to_string(),
    };
    let stated = pairs.iter().filter(|(_, value)| match value {
        Value::Array(list) => !list.is_empty(),
        value => !value.is_null(),
    });
    stated.map(|(key, value)| format!("{key} {}", shown(value))).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::message::Copies;

    fn shown(examined: &Examined) -> Vec<String> {
        lines(examined).iter().map(|(name, text)| format!("{name}: {text}")).collect()
    }

    #[test]
    fn what_is_not_believed_says_why() {
        let mut examined = Examined::default();
        assert!(shown(&examined).is_empty());
        examined.written.stamps.scl = Some(-1);
        examined.written.stamps.spf = Some("pass".into());
        examined.border = Border::NoLine { host: "ex01.contoso.com".into() };
        let expected = [
            "claimed: scl -1 · spf pass",
            "trust: stamps are not believed: no Received line by the AuthSource host ex01.contoso.com",
        ];
        assert_eq!(shown(&examined), expected);
        examined.border = Border::NobodyJudged;
        assert!(shown(&examined)[1].contains("(AuthSource)"));
    }

    #[test]
    fn own_stamps_stand_apart_from_claims() {
        let mut examined = Examined::default();
        examined.facts.stamps.trusted = true;
        examined.border = Border::Genuine { host: "EX01.contoso.com".into() };
        examined.written.stamps.scl = Some(1);
        examined.written.stamps.spf = Some("pass".into());
        examined.written.stamps.unknown = vec!["A:1".into(), "B:2".into()];
        examined.untrusted = Some(Copies { lang: Some("de".into()), ..Copies::default() });
        examined.renamed = vec!["X-Forefront-Antispam-Report-Untrusted".into()];
        let page = shown(&examined);
        assert_eq!(page[0], "stamps: scl 1");
        assert!(page[1].starts_with("trust: believed: came in through EX01.contoso.com"));
        assert!(page[2].starts_with("claimed: spf pass (not believed: "), "{page:?}");
        assert!(page[3].starts_with("renamed: lang de (X-Forefront-Antispam-Report-Untrusted; "));
        assert_eq!(page[4], "unknown: A:1; B:2");
        examined.facts.stamps.spf = Some("pass".into());
        assert_eq!(shown(&examined)[0], "stamps: scl 1 · spf pass");
    }
}
