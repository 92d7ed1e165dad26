//! Trend Micro: InterScan (IMSS, IMSVA), ScanMail, Hosted Email Security, the anti-spam engine
//! TMASE.
//!
//! Sources: Trend Micro's pages on Hosted Email Security; list archives; mgeeky/decode-spam-headers.

use super::parts::against;
use super::parts::{base64_text, by_words, number, shown, yes_or_no};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Trend Micro",
    stamps: &[
        reads("x-tm-as-result", result),
        reads("x-imss-scan-details", result),
        reads("x-tmase-result", result),
        reads("x-tm-as-product-ver", version),
        reads("x-tmase-version", version),
        reads("x-tm-as-user-approved-sender", |v| {
            approval(
                v,
                "the sender is on the approved list",
                "the sender is not on the approved list",
                false,
            )
        }),
        reads("x-tm-as-user-blocked-sender", |v| {
            approval(
                v,
                "the sender is on the blocked list",
                "the sender is not on the blocked list",
                true,
            )
        }),
        reads("x-imss-dkim-white-list", |v| {
            approval(
                v,
                "the signer is on the white list",
                "the signer is not on the white list",
                false,
            )
        }),
        reads("x-tmase-snap-result", snap),
        reads("x-tm-snap-result", snap),
        says("x-tmase-matchedrid", "rules that matched, encoded"),
        reads("x-tm-as-matchedid", |v| {
            plain(format!("ids of the rules that matched, known to Trend Micro only: {}", shown(v)))
        }),
        reads("x-tm-as-result-xfilter", |v| by_words("content filter", v)),
        reads("x-tm-as-smtp", smtp),
        reads("x-tm-authentication-results", |v| {
            by_words("authentication as Trend Micro saw it", v)
        }),
        reads("x-tm-received-spf", |v| by_words("SPF as Trend Micro saw it", v)),
        reads("x-tm-deliver-signature", |v| plain(format!("signature of delivery: {}", shown(v)))),
        says("x-tm-addin-auth", "mark of Trend Micro's own add-in"),
        says("x-tm-addin-productcode", "mark of Trend Micro's own add-in"),
        says("x-tmn", "id that Outlook.com wrote, no verdict"),
        says("x-tm-as-gconf", "configuration of the engine"),
        reads("x-tm-as-*", |v| plain(format!("of the engine, not further known: {}", shown(v)))),
        reads("x-tmase-*", |v| plain(format!("of the engine, not further known: {}", shown(v)))),
        reads("x-imss-*", |v| plain(format!("of InterScan, not further known: {}", shown(v)))),
    ],
    source: "public mailing-list archives; mgeeky/decode-spam-headers",
};

/// `No-10--12.345-5.000000-10`, `10--8.069400-10.000000`, `No--8.069-5.0-31-10`, older
/// `No-1.360000-8.000000-10`: a word, perhaps a type, the score, the threshold.
fn result(value: &str) -> Said {
    let word = value.split('-').next().unwrap_or("");
    let spoken = word.eq_ignore_ascii_case("yes") || word.eq_ignore_ascii_case("no");
    let rest = if spoken { value.get(word.len() + 1..).unwrap_or("") } else { value };
    let numbers = dashed(rest);
    // A number without a point before the score is the type.
    let at = usize::from(numbers.len() > 2 && !numbers.first().is_some_and(|n| n.contains('.')));
    let of = |at: usize| numbers.get(at).and_then(|n| number(n));
    let scored = of(at).zip(of(at + 1)).map(|(score, level)| against(score, level, "score"));
    match (spoken, scored) {
        (true, scored) => {
            let why = scored.map(|s| format!(": {}", s.meaning)).unwrap_or_default();
            let spam = word.eq_ignore_ascii_case("yes");
            judged(format!("{}{why}", if spam { "spam" } else { "not spam" }), spam)
        }
        (false, Some(scored)) => scored,
        (false, None) => plain(format!("result {}", shown(value))),
    }
}

/// Numbers parted by a dash, each with a sign of its own (`10--12.3-8.0`).
fn dashed(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while out.len() < 8 && !rest.is_empty() {
        let sign = usize::from(rest.starts_with('-'));
        let end = rest.get(sign..).and_then(|r| r.find('-')).map_or(rest.len(), |at| at + sign);
        out.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or("");
    }
    out
}

/// `IMSVA-9.1.0.1600-9.0.1002-28004.004`
fn version(value: &str) -> Said {
    let mut parts = value.split('-');
    let next = |part: Option<&str>| part.map_or("?", shown).to_owned();
    plain(format!(
        "product {} {}, engine {}, pattern {}",
        next(parts.next()),
        next(parts.next()),
        next(parts.next()),
        next(parts.next())
    ))
}

fn approval(value: &str, yes: &str, no: &str, bad: bool) -> Said {
    let said = yes_or_no(value, yes, no);
    match said.bad {
        // Off the list says nothing of the message.
        Some(false) | None => plain(said.meaning),
        Some(true) => judged(said.meaning, bad),
    }
}

/// `1.821001.0001-0-1-22:0,33:0,34:0-0`
fn snap(value: &str) -> Said {
    let hits: Vec<&str> = value
        .split(['-', ','])
        .filter(|item| item.split_once(':').is_some_and(|(_, n)| n.trim() != "0"))
        .take(16)
        .collect();
    plain(if hits.is_empty() {
        "newsletter and short-lived patterns: none matched".to_owned()
    } else {
        format!("newsletter and short-lived patterns that matched: {}", hits.join(", "))
    })
}

/// `1.0 <base64> <base64>`
fn smtp(value: &str) -> Said {
    let decoded: Vec<String> =
        value.split_whitespace().skip(1).take(4).filter_map(base64_text).collect();
    plain(if decoded.is_empty() {
        format!("SMTP data: {}", shown(value))
    } else {
        format!("SMTP data: {}", shown(&decoded.join(", ")))
    })
}
