//! The reason of a failing or held delivery: signature, layer, side, grade.

use super::Judge;
use crate::knowledge::{Failure, classify_cached};
use crate::model::message::Stamps;
use crate::model::{
    Delivery, Grade, Layer, Outcome, Path, Placement, Side, Signature, Status, Verdict,
};
use std::sync::Arc;

/// Signatures of rows that give no reason: symptoms, named as such.
#[derive(Debug)]
pub(super) struct Fixed {
    failed: Arc<Signature>,
    failed_or_held: Arc<Signature>,
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
            failed_or_held: symptom(
                "Fail in the enhanced summary (failed or held; it holds no reason)",
                Layer::Unknown,
                "failed_or_held",
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
            let classified = self.path_signature(d, verdict);
            let classified = self.bounce_signature(d, verdict, classified);
            if classified.is_none() && d.status != Status::Absent {
                verdict.grade = Grade::Heuristic;
            }
            let summary = d.path.as_ref().is_some_and(|p| p.summary_only);
            classified.unwrap_or_else(|| match verdict.outcome {
                Outcome::Pending => self.fixed.pending.clone(),
                Outcome::Dropped => self.fixed.dropped.clone(),
                _ if summary => self.fixed.failed_or_held.clone(),
                _ => self.fixed.failed.clone(),
            })
        } else {
            let plain = match verdict.outcome {
                Outcome::Quarantined => &self.fixed.quarantined,
                Outcome::Filtered => &self.fixed.filtered,
                _ => &self.fixed.junk,
            };
            let stamps = d.stamps().find(|s| s.trusted);
            stamps
                .and_then(|s| held_signature(&Said::stamps(s), verdict, plain))
                .or_else(|| held_signature(&Said::path(d.path.as_deref()?), verdict, plain))
                .unwrap_or(plain.clone())
        };
        verdict.layer = signature.layer;
        verdict.side = signature.side;
        verdict.signature = Some(signature);
    }

    /// The signature of the failing event: of a deferral where it is still being tried.
    fn path_signature(&mut self, d: &Delivery<'_>, verdict: &Verdict) -> Option<Arc<Signature>> {
        let path = d.path.as_deref()?;
        let reply = match verdict.outcome {
            Outcome::Failed => path.failure,
            _ => path.deferral,
        };
        let reply = reply.filter(|r| !r.text.is_empty())?;
        let failure = Failure {
            text: reply.text,
            code: "",
            remote_host: reply.remote_host,
            direction: verdict.direction,
        };
        Some(classify_cached(&mut self.cache, &failure))
    }

    /// The signature of the bounce that says most, where it says more than `best`: one whose layer
    /// is known before one whose is not, in the order of the records.
    fn bounce_signature(
        &mut self,
        d: &Delivery<'_>,
        verdict: &Verdict,
        mut best: Option<Arc<Signature>>,
    ) -> Option<Arc<Signature>> {
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

/// What the service said of a held delivery, in a message's stamps or in events.
struct Said<'a> {
    sfv: &'a str,
    cat: &'a str,
    unauthenticated: bool,
    malware: bool,
    rule_action: &'a str,
}

impl<'a> Said<'a> {
    fn stamps(stamps: &'a Stamps) -> Self {
        let cat = stamps.cat.as_deref().unwrap_or("");
        Self {
            sfv: stamps.sfv.as_deref().unwrap_or(""),
            cat,
            unauthenticated: stamps.dmarc.as_deref() == Some("fail")
                || stamps.compauth.as_deref() == Some("fail") && cat == "SPOOF",
            malware: matches!(cat, "MALW" | "AMP"),
            rule_action: "",
        }
    }

    fn path(path: &'a Path<'a>) -> Self {
        Self {
            sfv: path.spam.sfv,
            cat: "",
            unauthenticated: false,
            malware: path.malware,
            rule_action: path.rule_action,
        }
    }
}

/// The signature of a held delivery; `None` where nothing says more than the status.
fn held_signature(said: &Said<'_>, verdict: &Verdict, plain: &Signature) -> Option<Arc<Signature>> {
    let by_rule = matches!(said.rule_action, "Quarantine" | "SetScl" | "SetSCL");
    if said.sfv.is_empty() && said.cat.is_empty() && !said.malware && !by_rule {
        return None;
    }
    let (layer, cause) = match said.sfv {
        _ if said.malware => (Layer::Message, "malware"),
        "BLK" => (Layer::MailboxRule, "blocked_by_user"),
        "SKS" | "SKB" => (Layer::TransportRule, "spam_by_rule"),
        _ if by_rule => (Layer::TransportRule, "spam_by_rule"),
        _ if said.unauthenticated => (Layer::DnsAuth, "sender_authentication_failed"),
        _ => (plain.layer, plain.cause.as_str()),
    };
    let where_to = match verdict.placement {
        Placement::Junk => "Junk Email",
        Placement::Quarantine => "quarantine",
        _ => plain.text.as_str(),
    };
    let mut text = format!("{where_to}: SFV:{}", said.sfv);
    if !said.cat.is_empty() {
        text = format!("{text} CAT:{}", said.cat);
    }
    Some(Arc::new(Signature {
        issuer: plain.issuer.clone(),
        code: String::new(),
        text,
        layer,
        cause: cause.into(),
        side: plain.side,
    }))
}
