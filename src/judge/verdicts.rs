//! The reason of a failing or held delivery: signature, layer, side, grade.

use super::Judge;
use super::held::{Reason, Said};
use crate::knowledge::{Failure, Speaker, classify_cached};
use crate::model::event::Reply;
use crate::model::{
    Delivery, Direction, Grade, Layer, Outcome, Path, Placement, Side, Signature, Status, Verdict,
};
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// Signatures of rows that give no reason: symptoms, named as such.
#[derive(Debug)]
pub(super) struct Fixed {
    failed: Arc<Signature>,
    failed_or_held: Arc<Signature>,
    refused: Arc<Signature>,
    pending: Arc<Signature>,
    dropped: Arc<Signature>,
    deleted: Arc<Signature>,
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
            refused: symptom("Failed", Layer::Unknown, "no_reason_in_export"),
            pending: symptom(
                "Status Pending beyond the export's lag (this export holds no reason)",
                Layer::Unknown,
                "no_reason_in_export",
            ),
            dropped: symptom("Dropped without a bounce", Layer::Unknown, "dropped"),
            deleted: Arc::new(Signature {
                side: Side::Ours,
                ..(*symptom("Deleted by a mail flow rule", Layer::TransportRule, "rule_deleted"))
                    .clone()
            }),
            quarantined: symptom("Status Quarantined", Layer::AntiSpam, "quarantined"),
            filtered: symptom("Status FilteredAsSpam", Layer::AntiSpam, "filtered_as_spam"),
            junk: symptom("Delivered to Junk Email", Layer::AntiSpam, "delivered_to_junk"),
        }
    }
}

/// Signatures of held deliveries by what was said of them; bounded.
#[derive(Debug, Default)]
pub(super) struct HeldCache(HashMap<u128, Arc<Signature>>);

impl HeldCache {
    /// Far above the number of verdicts there are; foreign spellings must not grow it.
    const CAPACITY: usize = 4096;

    fn get(&mut self, key: u128, make: impl FnOnce() -> Signature) -> Arc<Signature> {
        if let Some(known) = self.0.get(&key) {
            return Arc::clone(known);
        }
        if self.0.len() >= Self::CAPACITY {
            self.0.clear();
        }
        let made = Arc::new(make());
        self.0.insert(key, Arc::clone(&made));
        made
    }
}

impl Judge {
    /// Fills in why a failing or held delivery is so.
    pub(super) fn explain(
        &mut self,
        d: &Delivery<'_>,
        said: Option<&Said<'_>>,
        verdict: &mut Verdict,
    ) {
        let signature = if verdict.failing {
            self.failing_signature(d, said, verdict)
        } else {
            self.held_signature(said, verdict)
        };
        verdict.layer = signature.layer;
        verdict.side = signature.side;
        verdict.signature = Some(signature);
    }

    fn failing_signature(
        &mut self,
        d: &Delivery<'_>,
        said: Option<&Said<'_>>,
        verdict: &mut Verdict,
    ) -> Arc<Signature> {
        let deletes = |p: &Path<'_>| p.rule_action == "DeleteMessage";
        if verdict.outcome == Outcome::Dropped && d.path.as_deref().is_some_and(deletes) {
            return self.fixed.deleted.clone();
        }
        let classified = self.path_signature(d, verdict);
        let classified = self.bounce_signature(d, verdict.direction, classified);
        if let Some(signature) = classified {
            return signature;
        }
        if d.status != Status::Absent {
            verdict.grade = Grade::Heuristic;
        }
        // Refused without a reply at hand: the verdict that stands beside it is the likely reason.
        if let Some(said) = said
            && verdict.outcome == Outcome::Failed
            && let Some(reason) = said.reason(verdict)
        {
            let key = held_key(said, Some(reason), "Failed");
            let plain = &self.fixed.refused;
            return self.held.get(key, || held_signature(said, Some(reason), "Failed", plain));
        }
        let summary = d.path.as_ref().is_some_and(|p| p.summary_only);
        match verdict.outcome {
            Outcome::Pending => self.fixed.pending.clone(),
            Outcome::Dropped => self.fixed.dropped.clone(),
            _ if summary => self.fixed.failed_or_held.clone(),
            _ => self.fixed.failed.clone(),
        }
    }

    /// The signature of the failing event: of a deferral where it is still being tried, and where
    /// the failure only says that trying came to an end.
    fn path_signature(
        &mut self,
        d: &Delivery<'_>,
        verdict: &mut Verdict,
    ) -> Option<Arc<Signature>> {
        let path = d.path.as_deref()?;
        let direction = verdict.direction;
        let failure = match verdict.outcome {
            Outcome::Failed => self.reply_signature(path, path.failure.as_ref(), direction),
            _ => None,
        };
        if failure.as_deref().is_some_and(|f| !says_little(f)) {
            return failure;
        }
        // Given up after deferrals: these said why, the last word only that it took too long.
        let expired = failure.as_deref().is_none_or(|f| f.cause == "expired");
        let tried = matches!(verdict.outcome, Outcome::Failed | Outcome::Pending);
        let deferral = match &path.deferral {
            Some(_) if expired && tried => {
                self.reply_signature(path, path.deferral.as_ref(), direction)
            }
            _ => None,
        };
        match (failure, deferral) {
            (Some(failure), Some(deferral)) if says_little(&deferral) => Some(failure),
            (Some(_), Some(deferral)) => {
                verdict.grade = Grade::Correlated;
                Some(deferral)
            }
            (failure, deferral) => failure.or(deferral),
        }
    }

    fn reply_signature(
        &mut self,
        path: &Path<'_>,
        reply: Option<&Reply<'_>>,
        direction: Direction,
    ) -> Option<Arc<Signature>> {
        let reply = reply.filter(|r| !r.text.is_empty())?;
        let failure = Failure {
            text: reply.text,
            code: "",
            remote_host: reply.remote_host,
            direction,
            speaker: speaker(path, reply),
        };
        Some(classify_cached(&mut self.cache, &failure))
    }

    /// The signature of the bounce that says most, where it says more than `best`: one that names
    /// a reason before one that does not, in the order of the records.
    fn bounce_signature(
        &mut self,
        d: &Delivery<'_>,
        direction: Direction,
        mut best: Option<Arc<Signature>>,
    ) -> Option<Arc<Signature>> {
        for bounce in d.bounces().filter(|b| !matches!(b.action.as_str(), "delivered" | "relayed"))
        {
            let failure = Failure {
                text: &bounce.diagnostic,
                code: &bounce.status,
                remote_host: &bounce.remote_mta,
                direction,
                // A report names the host it tried, not who speaks.
                speaker: Speaker::Unknown,
            };
            let signature = classify_cached(&mut self.cache, &failure);
            let better = best.as_ref().is_none_or(|b| {
                b.layer == Layer::Unknown && signature.layer != Layer::Unknown
                    || says_little(b) && !says_little(&signature)
            });
            if better {
                best = Some(signature);
            }
        }
        best
    }

    /// The signature of a held delivery: the symptom's where nothing says more.
    fn held_signature(&mut self, said: Option<&Said<'_>>, verdict: &mut Verdict) -> Arc<Signature> {
        let plain = match verdict.outcome {
            Outcome::Quarantined => &self.fixed.quarantined,
            Outcome::Filtered => &self.fixed.filtered,
            _ => &self.fixed.junk,
        };
        let Some(said) = said else { return plain.clone() };
        let reason = said.reason(verdict);
        if reason.is_none() && said.sfv.is_empty() && said.cat.is_empty() {
            return plain.clone();
        }
        verdict.grade = reason.map_or(verdict.grade, |r| r.grade);
        let where_to = match verdict.placement {
            Placement::Junk => "Junk Email",
            Placement::Quarantine => "quarantine",
            _ => plain.text.as_str(),
        };
        let key = held_key(said, reason, where_to);
        self.held.get(key, || held_signature(said, reason, where_to, plain))
    }
}

/// Who gave this reply, as the records state it.
fn speaker(path: &Path<'_>, reply: &Reply<'_>) -> Speaker {
    let refuses = |action: &str| ["RejectMessage", "DeleteMessage", "Disconnect"].contains(&action);
    // A trace detail names the rule alone, and only where it made the message fail.
    let named =
        !reply.rule.is_empty() && (reply.rule_action.is_empty() || refuses(reply.rule_action));
    let earlier = !path.rule.is_empty() && refuses(path.rule_action);
    Speaker::of(reply.source, reply.external, named || earlier)
}

/// Says that it failed, or that it took too long, and not why.
fn says_little(signature: &Signature) -> bool {
    signature.layer == Layer::Unknown || signature.cause == "expired"
}

fn held_key(said: &Said<'_>, reason: Option<Reason>, where_to: &str) -> u128 {
    let mut hash = Xxh3::new();
    let cause = reason.map_or("", |r| r.cause);
    for part in [said.sfv, said.cat, where_to, cause] {
        hash.update(part.as_bytes());
        hash.update(&[0xff]); // in no UTF-8 text
    }
    let layer = reason.map_or(u8::MAX, |r| r.layer as u8);
    let side = reason.and_then(|r| r.side).map_or(u8::MAX, |s| s as u8);
    hash.update(&[layer, side]);
    hash.digest128()
}

fn held_signature(
    said: &Said<'_>,
    reason: Option<Reason>,
    where_to: &str,
    plain: &Signature,
) -> Signature {
    let mut parts: Vec<String> = Vec::new();
    for (name, value) in [("SFV", said.sfv), ("CAT", said.cat)] {
        if !value.is_empty() {
            parts.push(format!("{name}:{value}"));
        }
    }
    let where_to = if parts.is_empty() { plain.text.as_str() } else { where_to };
    let mut text = format!("{where_to}: {}", parts.join(" "));
    if let Some(decided) = reason.and_then(|r| decided_by(r.cause, said)) {
        text = format!("{}{decided}", if parts.is_empty() { text } else { text + ", " });
    }
    Signature {
        issuer: plain.issuer.clone(),
        code: String::new(),
        text,
        layer: reason.map_or(plain.layer, |r| r.layer),
        cause: reason.map_or(plain.cause.as_str(), |r| r.cause).to_owned(),
        side: reason.and_then(|r| r.side).unwrap_or(plain.side),
    }
}

/// What decided beside SFV and CAT: the same two values with another reason are another signature.
fn decided_by(cause: &str, said: &Said<'_>) -> Option<&'static str> {
    match cause {
        "spoof_filtered" if said.cat != "SPOOF" => Some("sender not authenticated"),
        "bypass_overridden" => Some("bypass overridden"),
        "rule_quarantined" if said.sfv != "SKS" => Some("by a mail flow rule"),
        "mailbox_list_junked" if said.sfv != "BLK" => Some("by the mailbox"),
        "malware" if said.cat.is_empty() => Some("malware"),
        "spam_filtered" if said.sfv != "SPM" => Some("spam by SCL"),
        _ => None,
    }
}
