//! The reason of a failing or held delivery: signature, layer, side, grade.

use super::Judge;
use crate::knowledge::{Failure, classify_cached};
use crate::model::message::Stamps;
use crate::model::{Delivery, Grade, Layer, Outcome, Placement, Side, Signature, Status, Verdict};
use std::sync::Arc;

/// Signatures of rows that give no reason: symptoms, named as such.
#[derive(Debug)]
pub(super) struct Fixed {
    failed: Arc<Signature>,
    pending: Arc<Signature>,
    dropped: Arc<Signature>,
    quarantined: Arc<Signature>,
    filtered: Arc<Signature>,
    junk: Arc<Signature>,
}

impl Default for Fixed {
    fn default() -> Self {
        let symptom = |text: &str, layer, cause: &str| {
            Arc::new(Signature {
                issuer: "exchange_online".into(),
                code: String::new(),
                text: text.into(),
                layer,
                cause: cause.into(),
                side: Side::Unknown,
            })
        };
        Self {
            failed: symptom(
                "Status Failed (this export holds no reason)",
                Layer::Unknown,
                "no_reason_in_export",
            ),
            pending: symptom(
                "Status Pending beyond the export's lag (this export holds no reason)",
                Layer::Unknown,
                "no_reason_in_export",
            ),
            dropped: symptom("Dropped without a bounce", Layer::Unknown, "dropped"),
            quarantined: symptom("Status Quarantined", Layer::AntiSpam, "quarantined"),
            filtered: symptom("Status FilteredAsSpam", Layer::AntiSpam, "filtered_as_spam"),
            junk: symptom("Delivered to Junk Email", Layer::AntiSpam, "delivered_to_junk"),
        }
    }
}

impl Judge {
    /// Fills in why a failing or held delivery is so.
    pub(super) fn explain(&mut self, d: &Delivery<'_>, verdict: &mut Verdict) {
        let signature = if verdict.failing {
            let classified = self.bounce_signature(d, verdict);
            if classified.is_none() && d.status != Status::Absent {
                verdict.grade = Grade::Heuristic;
            }
            classified.unwrap_or_else(|| match verdict.outcome {
                Outcome::Pending => self.fixed.pending.clone(),
                Outcome::Dropped => self.fixed.dropped.clone(),
                _ => self.fixed.failed.clone(),
            })
        } else {
            let plain = match verdict.outcome {
                Outcome::Quarantined => &self.fixed.quarantined,
                Outcome::Filtered => &self.fixed.filtered,
                _ => &self.fixed.junk,
            };
            let stamps = d.stamps().find(|s| s.trusted);
            stamps.and_then(|s| stamped_signature(s, verdict, plain)).unwrap_or(plain.clone())
        };
        verdict.layer = signature.layer;
        verdict.side = signature.side;
        verdict.signature = Some(signature);
    }

    /// The signature of the bounce that says most: one whose layer is known before one whose is
    /// not, in the order of the records.
    fn bounce_signature(&mut self, d: &Delivery<'_>, verdict: &Verdict) -> Option<Arc<Signature>> {
        let mut best: Option<Arc<Signature>> = None;
        for bounce in d.bounces().filter(|b| !matches!(b.action.as_str(), "delivered" | "relayed"))
        {
            let failure = Failure {
                text: &bounce.diagnostic,
                code: &bounce.status,
                remote_host: &bounce.remote_mta,
                direction: verdict.direction,
            };
            let signature = classify_cached(&mut self.cache, &failure);
            let better = best
                .as_ref()
                .is_none_or(|b| b.layer == Layer::Unknown && signature.layer != Layer::Unknown);
            if better {
                best = Some(signature);
            }
        }
        best
    }
}

/// What trusted stamps say about a held delivery; `None` where they say no more than the status.
fn stamped_signature(
    stamps: &Stamps,
    verdict: &Verdict,
    plain: &Signature,
) -> Option<Arc<Signature>> {
    let sfv = stamps.sfv.as_deref().unwrap_or("");
    let cat = stamps.cat.as_deref().unwrap_or("");
    if sfv.is_empty() && cat.is_empty() {
        return None;
    }
    let authentication = stamps.dmarc.as_deref() == Some("fail")
        || stamps.compauth.as_deref() == Some("fail") && cat == "SPOOF";
    let (layer, cause) = match (sfv, cat) {
        ("BLK", _) => (Layer::MailboxRule, "blocked_by_user"),
        ("SKS" | "SKB", _) => (Layer::TransportRule, "spam_by_rule"),
        _ if authentication => (Layer::DnsAuth, "sender_authentication_failed"),
        (_, "MALW" | "AMP") => (Layer::Message, "malware"),
        _ => (plain.layer, plain.cause.as_str()),
    };
    let where_to = match verdict.placement {
        Placement::Junk => "Junk Email",
        Placement::Quarantine => "quarantine",
        _ => plain.text.as_str(),
    };
    Some(Arc::new(Signature {
        issuer: plain.issuer.clone(),
        code: String::new(),
        text: format!("{where_to}: SFV:{sfv} CAT:{cat}"),
        layer,
        cause: cause.into(),
        side: plain.side,
    }))
}
