//! Encoded words used to hide: one in another, plain text in base64.
//!
//! Source: RFC 2047.

use super::case::{Case, quoted};
use super::{Check, Said};
use crate::model::Weight;

pub(super) const CHECK: Check =
    Check { name: "encoded", remarks: &["encoded_nested", "encoded_needlessly"], run };

fn run(case: &Case<'_>, out: &mut Said) {
    let fields = &case.examined.fields;
    let of = |at: usize| fields.get(at).map(|(name, value)| (name.as_str(), value.as_str()));
    let read: Vec<(&str, &str, &str)> = case
        .examined
        .decoded
        .iter()
        .filter_map(|(at, text)| of(*at).map(|(name, value)| (name, value, text.as_str())))
        .filter(|(name, ..)| {
            ["From", "Subject", "Reply-To", "Sender", "To"]
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n))
        })
        .collect();
    // Only what decodes to an encoded word is a trick; words that were not decoded stay as they are.
    let nested = read.iter().find(|(_, value, text)| {
        let inner = |t: &str| t.to_lowercase().contains("?b?") || t.to_lowercase().contains("?q?");
        text.contains("=?")
            && inner(text)
            && !value.contains(text)
            && text.matches("=?").count() < value.matches("=?").count().max(1) + 1
            && !left_over(value, text)
    });
    if let Some((name, _, text)) = nested {
        let headline = format!("{name} hides an encoded word in an encoded word");
        out.say("encoded_nested", Weight::Alarm, headline, quoted(text), "RFC 2047, 5");
    }
    let needless = read.iter().find(|(name, value, text)| {
        let base64 = value.to_lowercase().contains("?b?");
        let plain = text.is_ascii()
            && !text.contains(|c: char| {
                c.is_control() || "\"<>,;:()@".contains(c) && !name.eq_ignore_ascii_case("subject")
            });
        base64 && plain && name.eq_ignore_ascii_case("subject")
    });
    if let Some((name, _, text)) = needless {
        let headline = format!(
            "{name} is plain text, written in base64: filters that read headers as they stand do not see it"
        );
        out.say("encoded_needlessly", Weight::Info, headline, quoted(text), "RFC 2047, 2");
    }
}

/// Every encoded word of the text stands in the value as well: it was never decoded.
fn left_over(value: &str, text: &str) -> bool {
    text.split("=?").skip(1).all(|piece| {
        let word = piece.split("?=").next().unwrap_or(piece);
        value.contains(word)
    })
}
