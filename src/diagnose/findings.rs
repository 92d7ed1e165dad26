//! From a rise to a finding.

use super::excess::{Excess, most_frequent};
use super::naming::{Clues, NAMINGS, Naming};
use super::phrase;
use super::view::{Slice, Trouble, View};
use super::{affected, changes};
use crate::model::delivery::{dashed, domain_of};
use crate::model::time::HOUR;
use crate::model::{
    Entity, EntityType, Evidence, Finding, FindingState, FindingStatus, Grade, Instant, Layer, Side,
};
use crate::tally::{Case, Tally};
use std::collections::BTreeSet;
use xxhash_rust::xxh3::xxh3_64;

/// Lines of proof with a finding.
const EVIDENCE: usize = 5;
/// Codes, signatures and scope entries named.
const NAMED: usize = 6;

/// The finding for a rise.
pub(super) fn incident(view: &View<'_>, excess: &Excess) -> Finding {
    let clues = Clues::new(view, excess);
    let naming = NAMINGS.iter().find_map(|(_, name)| name(&clues));
    let naming = naming.unwrap_or_else(|| unnamed(&clues));
    let entity = naming.entity.clone().unwrap_or_else(|| clues.entity());
    let id = format!("{}.{}", naming.layer, naming.cause);
    let shift = &excess.shift;
    let whole = |x: f64| x.max(0.0).round() as u64;
    // Every delivery counts, also those beyond the first of a message: scale the excess, which
    // counts messages, to deliveries.
    let deliveries_inside = excess.cases.len() as u64 * view.weight;
    let per_message = deliveries_inside as f64 / (shift.bad_during.max(1)) as f64;
    let deliveries = whole(shift.excess * per_message).min(deliveries_inside);
    let keys: BTreeSet<u128> = excess.cases.iter().map(|&i| view.cases[i].key).collect();
    let messages = whole(
        keys.len() as f64 * view.weight as f64 * shift.excess / shift.bad_during.max(1) as f64,
    );
    let cases: Vec<&Case> = excess.cases.iter().map(|&i| &view.cases[i]).collect();
    // What expires after a day seems to recover on the last one.
    // An unknown address is refused at once.
    let retried = match excess.end {
        None if naming.layer != Layer::Recipient => retrying(view, &cases, &entity),
        _ => Vec::new(),
    };
    let mut affected = affected::of_view(view, &cases);
    affected.extend(affected::retrying(view, &retried));
    let retried = retried.len() as u64 * view.tally.retrying.weight();
    let title = match retried {
        0 => naming.title.clone(),
        n => format!("{}; {n} more are being retried", naming.title),
    };
    let (codes, signatures) = reasons(view, &cases, naming.layer);
    let onset = onset(view, &cases, naming.layer);
    Finding {
        key: key(&id, &entity),
        layer: naming.layer,
        side: naming.side,
        status: FindingStatus::Incident,
        state: excess.state,
        grade: naming.grade,
        confidence: confidence(&naming, shift.p_value, deliveries),
        title,
        onset,
        onset_interval: excess.interval,
        end: excess.end,
        last_bad: cases.last().map(|c| Instant(c.time)),
        last_good: last_good(view, excess.slice),
        scope: scope(view, excess.slice, &cases, &entity),
        messages: messages + retried,
        deliveries: deliveries + retried,
        deliveries_interval: (
            whole(shift.excess_interval.0 * per_message) + retried,
            whole(shift.excess_interval.1 * per_message).min(deliveries_inside) + retried,
        ),
        // What is delivered is no part of the trouble that shares are taken of.
        share: if matches!(excess.trouble, Trouble::Filed | Trouble::LetPass) {
            0.0
        } else {
            deliveries as f64 / view.tally.totals.bad().max(1) as f64
        },
        codes,
        signatures,
        change: onset.and_then(|o| changes::before(view.facts, o, naming.layer, &entity)),
        evidence: evidence(view, &cases, naming.layer),
        affected,
        next_steps: phrase::next_steps(&naming.cause, &entity),
        cause: naming.cause,
        entity,
        id,
    }
}

/// Deliveries of the same entity that were deferred since the onset and may still arrive: too
/// recent to be failures, and hit all the same.
fn retrying<'a>(view: &View<'a>, cases: &[&Case], entity: &Entity) -> Vec<&'a Case> {
    let tally = view.tally;
    let Some(onset) = cases.first().map(|c| c.time) else { return Vec::new() };
    let hit = |c: &&Case| match entity.kind {
        EntityType::Connector => tally.retrying.label(c.connector) == entity.value,
        EntityType::RecipientDomain => tally.names.text(c.recipient_domain) == entity.value,
        _ => false,
    };
    tally.retrying.kept().filter(|c| c.time >= onset).filter(hit).collect()
}

fn unnamed(clues: &Clues<'_>) -> Naming {
    Naming {
        layer: Layer::Unknown,
        cause: "unknown".into(),
        side: Side::Unknown,
        grade: Grade::Heuristic,
        purity: 0.0,
        stated: 0,
        entity: None,
        title: phrase::failing(&clues.entity(), "unknown"),
    }
}

/// Stable hash of id and entity: the same problem has the same key in the next run.
pub(super) fn key(id: &str, entity: &Entity) -> String {
    format!("{:016x}", xxh3_64(format!("{id}\0{}\0{}", entity.kind, entity.value).as_bytes()))
}

/// Confidence, 0 to 1: how directly the reason is known, times how many deliveries say so, times
/// how far they agree, times how sure the rise itself is.
///
/// Grade: direct 0.97, correlated 0.9, heuristic 0.6. Support: n / (n + 2) of the deliveries with
/// a stated reason (of all, for a heuristic reading). Agreement: its part, halved at worst.
pub(super) fn confidence(naming: &Naming, p_value: f64, deliveries: u64) -> f64 {
    let grade = match naming.grade {
        Grade::Direct => 0.97,
        Grade::Correlated => 0.9,
        Grade::Heuristic => 0.6,
    };
    let n = if naming.stated > 0 { naming.stated } else { deliveries } as f64;
    let support = n / (n + 2.0);
    let agreement = 0.5 + 0.5 * naming.purity.clamp(0.0, 1.0);
    let rise = 1.0 - p_value.clamp(0.0, 1.0);
    (grade * support * agreement * rise).clamp(0.0, 1.0)
}

fn reasons(view: &View<'_>, cases: &[&Case], layer: Layer) -> (Vec<String>, Vec<String>) {
    let stated = || {
        cases.iter().filter_map(|c| view.tally.signatures.get(c.signature)).map(|s| &s.signature)
    };
    let codes = most_frequent(
        stated().filter(|s| s.layer == layer && !s.code.is_empty()).map(|s| s.code.clone()),
    );
    let texts = most_frequent(stated().map(|s| s.text.clone()));
    let top = |ranked: Vec<(String, u64)>| ranked.into_iter().take(NAMED).map(|(t, _)| t).collect();
    (top(codes), top(texts))
}

/// The entities that carry most of the rise, other than the one it is reported under.
fn scope(view: &View<'_>, slice: Slice, cases: &[&Case], entity: &Entity) -> Vec<Entity> {
    let domain = |id: u32| view.tally.names.text(id).to_owned();
    let address = |id: u32| view.table.address(id).to_owned();
    let mut all = Vec::new();
    let mut add = |kind: EntityType, ranked: Vec<(String, u64)>| {
        let named =
            ranked.into_iter().filter(|(v, n)| !v.is_empty() && n * 20 >= cases.len() as u64);
        all.extend(named.take(NAMED).map(|(value, _)| Entity { kind, value }));
    };
    if !matches!(slice, Slice::SenderDomain(_) | Slice::Sender(_)) {
        add(EntityType::SenderDomain, most_frequent(cases.iter().map(|c| domain(c.sender_domain))));
    }
    if !matches!(slice, Slice::RecipientDomain(_) | Slice::Recipient(_)) {
        add(
            EntityType::RecipientDomain,
            most_frequent(cases.iter().map(|c| domain(c.recipient_domain))),
        );
    }
    if !matches!(slice, Slice::Sender(_)) {
        add(EntityType::Sender, most_frequent(cases.iter().map(|c| address(c.sender))));
    }
    all.retain(|e| e != entity);
    all
}

/// The first delivery that was hit, as the best estimate of the onset; one that a system says
/// failed for another reason was not.
fn onset(view: &View<'_>, cases: &[&Case], layer: Layer) -> Option<Instant> {
    let other = |c: &&&Case| {
        let stat = view.tally.signatures.get(c.signature);
        stat.is_some_and(|s| s.signature.layer != layer && s.signature.layer != Layer::Unknown)
    };
    cases.iter().find(|c| !other(c)).or(cases.first()).map(|c| Instant(c.time))
}

/// Latest delivery of the entity that was not hit, where its volume is known.
fn last_good(view: &View<'_>, slice: Slice) -> Option<Instant> {
    let stat = match slice {
        Slice::SenderDomain(id) => view.tally.senders.get(id),
        Slice::RecipientDomain(id) => view.tally.recipients.get(id),
        _ => None,
    };
    stat.filter(|s| s.good() > 0).map(|s| Instant(s.last_good))
}

/// The least cases by (time, key, recipient), those with a stated reason of the named layer first.
pub(super) fn evidence(view: &View<'_>, cases: &[&Case], layer: Layer) -> Vec<Evidence> {
    let signature = |c: &Case| view.tally.signatures.get(c.signature).map(|s| s.signature.clone());
    let says = |c: &&&Case| signature(c).is_some_and(|s| s.layer == layer && !s.code.is_empty());
    let chosen = cases.iter().filter(says).chain(cases.iter().filter(|c| !says(c)));
    chosen
        .take(EVIDENCE)
        .map(|c| {
            let text = signature(c).map_or(String::new(), |s| match s.code.as_str() {
                "" => s.text.clone(),
                code if s.text.contains(code) => s.text.clone(),
                code => format!("{code} {}", s.text),
            });
            let (from, to) = (view.table.address(c.sender), view.table.address(c.recipient));
            Evidence {
                network_message_id: if c.network_id { dashed(c.key) } else { String::new() },
                source: view.facts.paths.get(c.input as usize).cloned().unwrap_or_default(),
                line: u64::from(c.line),
                text: format!("{} {from} -> {to}: {text}", Instant(c.time).rfc3339()),
            }
        })
        .collect()
}

/// Joins findings that are the same trouble at several entities. The first, clearest one names the
/// problem, the others are its scope.
pub(super) fn join_siblings(mut found: Vec<Finding>, own: &[String]) -> Vec<Finding> {
    // Those with a reason come first: they name what those without one belong to.
    found.sort_by_key(|f| f.layer == Layer::Unknown);
    let mut joined: Vec<Finding> = Vec::new();
    for finding in found {
        let twin = joined.iter_mut().find(|f| is_sibling(f, &finding, own));
        match twin {
            Some(twin) => absorb(twin, finding),
            None => joined.push(finding),
        }
    }
    joined
}

/// The same problem with onsets within a few hours: the same id, at entities of the same kind or
/// at the whole tenant and a part of it; a second domain of ours that fails at the same time
/// without a reason of its own; or one domain whose authentication fails in both directions.
fn is_sibling(first: &Finding, other: &Finding, own: &[String]) -> bool {
    let (a, b) = (&first.entity, &other.entity);
    let whole = a.kind == EntityType::Tenant || b.kind == EntityType::Tenant;
    // An address and its domain.
    let within = domain_of(&a.value) == b.value || domain_of(&b.value) == a.value;
    let same = first.id == other.id && (a.kind == b.kind || within || whole);
    let ours = |e: &Entity| own.iter().any(|own| own == domain_of(&e.value));
    let receives =
        |e: &Entity| matches!(e.kind, EntityType::RecipientDomain | EntityType::Recipient);
    let alike = a.kind == b.kind || receives(a) && receives(b) && first.layer != Layer::Unknown;
    let nameless = other.layer == Layer::Unknown && (a == b || alike && ours(a) && ours(b));
    // Our mail is refused elsewhere and held here: one signature is broken.
    let two_sides = a == b && first.layer == Layer::DnsAuth && other.layer == Layer::DnsAuth;
    let again = first.id == other.id && a == b && goes_on(first, other);
    // What fails for one address at one time is one fault, whatever the replies say.
    let address = a == b && matches!(a.kind, EntityType::Sender | EntityType::Recipient);
    // One cause, seen at who sends and at who refuses.
    let across = first.id == other.id && (first.scope.contains(b) || other.scope.contains(a));
    again
        || (same || nameless || two_sides || across || address) && near(first.onset, other.onset, 12 * HOUR)
        // A second domain of ours may be written to less often.
        || same && ours(a) && ours(b) && near(first.onset, other.onset, 36 * HOUR)
}

/// The other began while the first was still going on.
fn goes_on(first: &Finding, other: &Finding) -> bool {
    other.onset >= first.onset && first.end.is_none_or(|end| other.onset <= Some(end))
}

fn near(a: Option<Instant>, b: Option<Instant>, most: i64) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.0.abs_diff(b.0) <= most as u64)
}

fn absorb(into: &mut Finding, mut other: Finding) {
    // The larger part of one cause names it.
    if other.id == into.id && other.deliveries > into.deliveries {
        std::mem::swap(into, &mut other);
    }
    into.messages += other.messages;
    into.deliveries += other.deliveries;
    into.deliveries_interval.0 += other.deliveries_interval.0;
    into.deliveries_interval.1 += other.deliveries_interval.1;
    into.share += other.share;
    into.onset = into.onset.min(other.onset);
    into.last_bad = into.last_bad.max(other.last_bad);
    into.confidence = into.confidence.max(other.confidence);
    if other.state == FindingState::Ongoing {
        into.state = FindingState::Ongoing;
        into.end = None;
    }
    if other.entity != into.entity && !into.scope.contains(&other.entity) {
        into.scope.insert(0, other.entity);
    }
    into.scope.truncate(NAMED * 3);
    into.affected.extend(other.affected);
}

/// Deliveries and days below which the absence of incidents says little.
const FEW: u64 = 200;

/// "Not enough data" is a verdict of its own.
pub(super) fn insufficient(tally: &Tally, found: &[Finding]) -> Option<Finding> {
    let deliveries = tally.totals.deliveries();
    if !found.is_empty() || deliveries >= FEW {
        return None;
    }
    let entity = Entity { kind: EntityType::Tenant, value: String::new() };
    let id = "unknown.insufficient_data".to_owned();
    Some(Finding {
        key: key(&id, &entity),
        id,
        layer: Layer::Unknown,
        cause: "insufficient_data".into(),
        side: Side::Unknown,
        status: FindingStatus::InsufficientData,
        state: FindingState::Unknown,
        grade: Grade::Heuristic,
        confidence: 0.0,
        title: format!("{deliveries} deliveries are too few to tell an incident from chance"),
        onset: None,
        onset_interval: None,
        end: None,
        last_bad: None,
        last_good: None,
        entity,
        scope: Vec::new(),
        messages: 0,
        deliveries,
        deliveries_interval: (deliveries, deliveries),
        share: 0.0,
        codes: Vec::new(),
        signatures: Vec::new(),
        change: None,
        evidence: Vec::new(),
        affected: Vec::new(),
        next_steps: vec![
            "Export a longer window (10 days: Get-MessageTraceV2 -StartDate ... -EndDate ...) without a filter on sender, recipient or status".into(),
        ],
    })
}
