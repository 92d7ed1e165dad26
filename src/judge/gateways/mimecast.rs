//! Mimecast: spam score, signatures, impersonation checks.
//!
//! Sources: community header references, list archives. Scores reach from 0 to 28; policies act
//! from 3 (aggressive), 5 (moderate) or 7 (relaxed).

use super::parts::{number, shown, yes_or_no};
use super::{Family, Said, judged, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Mimecast",
    stamps: &[
        reads("x-mimecast-spam-score", score),
        reads("x-mimecast-spam-signature", |v| {
            hit(v, "matches a known spam signature", "matches no spam signature")
        }),
        reads("x-mimecast-bulk-signature", |v| {
            hit(v, "matches a signature of bulk mail", "matches no signature of bulk mail")
        }),
        reads("x-mimecast-impersonation-protect", impersonation),
        reads("x-mimecast-spam-info", |v| plain(format!("spam details: {}", shown(v)))),
        says("x-mimecast-originator", "domain of the Mimecast customer who sent it"),
        says("x-mimecast-mfc-proc-id", "id of the message for Mimecast's support"),
        says("x-mc-unique", "id of the message for Mimecast's support"),
        reads("x-mimecast-*", |v| plain(format!("of Mimecast, not further known: {}", shown(v)))),
    ],
    source: "community header references; public mailing-list archives",
};

fn score(value: &str) -> Said {
    let Some(score) = number(value) else { return plain(format!("spam score {}", shown(value))) };
    let level = match score {
        s if s >= 7.0 => "every usual policy acts on it (relaxed acts from 7)",
        s if s >= 5.0 => "moderate (from 5) and aggressive (from 3) policies act on it",
        s if s >= 3.0 => "only aggressive policies (from 3) act on it",
        _ => "no usual policy acts on it (aggressive acts from 3)",
    };
    let meaning = format!("spam score {score} of 28: {level}");
    match score {
        s if s >= 7.0 => judged(meaning, true),
        s if s < 3.0 => judged(meaning, false),
        _ => plain(meaning),
    }
}

fn hit(value: &str, bad: &str, good: &str) -> Said {
    if value.len() > 5 {
        // The id of the signature that matched.
        return judged(format!("{bad} ({})", shown(value)), true);
    }
    yes_or_no(value, bad, good)
}

/// `Policy=Default Impersonation;Similar Internal Domain=false;Reply Address Mismatch=true;...`
fn impersonation(value: &str) -> Said {
    let (mut policy, mut hits, mut checks) = ("", Vec::new(), 0usize);
    for item in value.split(';') {
        let Some((key, said)) = item.split_once('=') else { continue };
        let (key, said) = (key.trim(), said.trim());
        if key.eq_ignore_ascii_case("policy") {
            policy = said;
        } else {
            checks += 1;
            if said.eq_ignore_ascii_case("true") && hits.len() < 16 {
                hits.push(shown(key));
            }
        }
    }
    let by = if policy.is_empty() { String::new() } else { format!(" (policy {})", shown(policy)) };
    if !hits.is_empty() {
        return judged(format!("impersonation checks that hit{by}: {}", hits.join(", ")), true);
    }
    if checks == 0 {
        return plain(format!("impersonation checks{by}: {}", shown(value)));
    }
    judged(format!("none of {checks} impersonation checks hit{by}"), false)
}
