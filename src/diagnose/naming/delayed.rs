//! Mail arrives, but late: of everybody (the service), or over one connector, to one domain, from
//! one sender.

use super::{Clues, Naming};
use crate::diagnose::excess::most_frequent;
use crate::diagnose::phrase;
use crate::diagnose::view::Slice;
use crate::knowledge::{Failure, Speaker, classify};
use crate::model::{Direction, Entity, EntityType, Grade, Layer, Side};
use crate::tally::delays::SEGMENTS;

/// Unrelated domains that must be late together, and the most that one of them may make up.
const UNRELATED: usize = 5;
const ONE_OF_MANY: f64 = 0.5;
/// Part of the late mail that must have taken one connector to blame it, and of its mail that must
/// be late.
const MOSTLY: f64 = 0.8;
const HIT: f64 = 0.3;
/// Deferrals that name a reason before it counts.
const STATED: u64 = 2;

pub(super) fn name(clues: &Clues<'_>) -> Option<Naming> {
    if !clues.late() {
        return None;
    }
    let reason = reason(clues);
    let grown =
        grown_segment(clues).map_or(String::new(), |s| format!("; the time is spent in {s}"));
    if is_wide(clues) {
        let stated = reason.as_ref().filter(|r| r.layer == Layer::Service);
        let value = clues.view.name(Slice::Tenant(Direction::Inbound));
        return Some(Naming {
            layer: Layer::Service,
            cause: "service_delay".into(),
            side: Side::Microsoft,
            grade: if stated.is_some() { Grade::Direct } else { Grade::Correlated },
            purity: 1.0,
            stated: clues.size(),
            entity: Some(Entity { kind: EntityType::Tenant, value }),
            title: format!("Mail from and to unrelated domains arrives late{grown}"),
        });
    }
    let connector = clues
        .main_connector()
        .filter(|(name, part)| *part >= MOSTLY && clues.part_of_connector(name) >= HIT);
    let entity = match connector {
        Some((name, _)) => Entity { kind: EntityType::Connector, value: name.to_owned() },
        None => clues.entity(),
    };
    let (layer, side, grade, stated) = match (&reason, entity.kind) {
        (Some(r), _) => (r.layer, r.side, Grade::Correlated, r.stated),
        (None, EntityType::Connector) => (Layer::Connector, Side::Unknown, Grade::Heuristic, 0),
        (None, EntityType::RecipientDomain | EntityType::Recipient) => {
            (Layer::Recipient, Side::Recipient, Grade::Heuristic, 0)
        }
        (None, _) => (Layer::Unknown, Side::Unknown, Grade::Heuristic, 0),
    };
    let who = phrase::mail(&entity);
    let said = reason.map_or(String::new(), |r| format!(" (deferred with {})", r.code));
    Some(Naming {
        layer,
        cause: "delayed".into(),
        side,
        grade,
        purity: 1.0,
        stated,
        title: format!("{who} arrives late{said}{grown}"),
        entity: Some(entity),
    })
}

/// What deferrals of the late mail say.
struct Reason {
    code: String,
    layer: Layer,
    side: Side,
    stated: u64,
}

fn reason(clues: &Clues<'_>) -> Option<Reason> {
    let cases = clues.excess.cases.iter().map(|&i| &clues.view.cases[i]);
    let codes = most_frequent(
        cases
            .filter(|c| c.deferral != 0)
            .map(|c| (clues.view.table.label(c.deferral), c.direction)),
    );
    let ((code, direction), stated) = codes.into_iter().find(|(_, n)| *n >= STATED)?;
    // With a reply class of its own, as the tables expect it.
    let text = if code.starts_with('4') { format!("451 {code}") } else { code.to_owned() };
    let speaker = Speaker::Unknown;
    let meaning = classify(&Failure { text: &text, code, remote_host: "", direction, speaker });
    (meaning.layer != Layer::Unknown).then(|| Reason {
        code: code.to_owned(),
        layer: meaning.layer,
        side: meaning.side,
        stated,
    })
}

/// Late for unrelated domains at the other end, and not just over one connector of many.
fn is_wide(clues: &Clues<'_>) -> bool {
    let whole = match clues.excess.slice {
        Slice::Tenant(_) => true,
        Slice::SenderDomain(id) | Slice::RecipientDomain(id) => {
            clues.view.facts.own.iter().any(|own| own == clues.domain(id))
        }
        _ => false,
    };
    let cases = || clues.excess.cases.iter().map(|&i| &clues.view.cases[i]);
    let peers = most_frequent(cases().map(|c| match c.direction {
        Direction::Outbound => (false, c.recipient_domain),
        // Inside there is one domain; the mailboxes are what is unrelated.
        Direction::Internal => (true, c.recipient),
        _ => (false, c.sender_domain),
    }));
    let top = peers.first().map_or(0, |(_, n)| *n) as f64;
    whole && peers.len() >= UNRELATED && top <= ONE_OF_MANY * clues.size() as f64
}

/// The segment whose mean time grew most between quiet buckets and those of the rise, if one stands
/// out: at least half of all growth.
fn grown_segment(clues: &Clues<'_>) -> Option<&'static str> {
    let view = clues.view;
    let buckets = || clues.excess.cases.iter().map(|&i| view.bucket(&view.cases[i]));
    let (first, last) = (buckets().min()?, buckets().max()?);
    let mut sums = [[(0u64, 0u64); SEGMENTS.len()]; 2];
    for (bucket, delay) in view.tally.delays.iter() {
        let inside = usize::from((first..=last).contains(&bucket));
        for (into, from) in sums[inside].iter_mut().zip(delay.segments) {
            into.0 = into.0.saturating_add(from.0);
            into.1 += from.1;
        }
    }
    let mean = |(sum, n): (u64, u64)| sum as f64 / n.max(1) as f64;
    let grown: Vec<f64> =
        sums[1].iter().zip(sums[0]).map(|(&new, old)| (mean(new) - mean(old)).max(0.0)).collect();
    let all: f64 = grown.iter().sum();
    let most = grown.iter().zip(SEGMENTS).max_by(|a, b| a.0.total_cmp(b.0))?;
    let words = match most.1 {
        "submission" => "submission from the sender's mailbox",
        "front_end" => "the front end",
        "hub" => "hub transport and its queues",
        _ => "delivery to the mailbox",
    };
    (all > 0.0 && *most.0 * 2.0 >= all).then_some(words)
}
