//! Ids by which complaints find their way back to the sender.
//!
//! Sources: Google's page on the Feedback Loop (`Feedback-ID: a:b:c:sender`); real messages.

use super::parts::{base64_text, shown};
use super::{Family, Said, plain, reads, says};

pub(super) const FAMILY: Family = Family {
    product: "Feedback loop",
    stamps: &[
        reads("feedback-id", feedback),
        reads("x-feedback-id", feedback),
        reads("x-msfbl", coded),
        reads("x-fbl", coded),
        reads("x-csa-complaints", |v| {
            plain(format!(
                "complaints go to {}: the sender takes part in the Certified Senders Alliance",
                shown(v)
            ))
        }),
        says("x-csa-compliance-source", "sent by a member of the Certified Senders Alliance"),
        reads("x-complaints-to", |v| plain(format!("complaints go to {}", shown(v)))),
        reads("x-abuse", |v| plain(format!("complaints go to {}", shown(v)))),
        reads("x-report-abuse", |v| plain(format!("complaints go to {}", shown(v)))),
        reads("x-abuse-reports-to", |v| plain(format!("complaints go to {}", shown(v)))),
        reads("cfbl-address", |v| plain(format!("complaints go to {} (RFC 9477)", shown(v)))),
        reads("cfbl-feedback-id", |v| plain(format!("id for complaints (RFC 9477): {}", shown(v)))),
    ],
    source: "Google: Feedback Loop; RFC 9477; real messages (rf-peixoto/phishing_pot)",
};

/// `campaign:customer:other:sender`, the last one required.
fn feedback(value: &str) -> Said {
    let parts: Vec<&str> = value.split(':').map(str::trim).collect();
    match parts.as_slice() {
        [rest @ .., sender] if !rest.is_empty() => {
            let ids: Vec<&str> =
                rest.iter().filter(|id| !id.is_empty()).map(|id| shown(id)).take(3).collect();
            plain(format!(
                "bulk mail: sender id {}, campaign and customer ids {}",
                shown(sender),
                ids.join(", ")
            ))
        }
        _ => plain(format!("bulk mail: id {}", shown(value))),
    }
}

/// Base64, sometimes a checksum and a bar before it.
fn coded(value: &str) -> Said {
    let data = value.rsplit('|').next().unwrap_or(value);
    plain(match base64_text(data) {
        Some(text) => format!("id for complaints, decoded: {}", shown(&text)),
        None => "id for complaints, opaque".to_owned(),
    })
}
