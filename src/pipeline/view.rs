//! The view of a message that was looked at: computed only where somebody will read it.

use super::headers::{a_judge, give_verdict};
use crate::decode::message::{legs, written};
use crate::judge::Judge;
use crate::judge::view::{ComparedSide, Ruling, compare, told, view as viewed};
use crate::model::message::Examined;
use crate::model::view::{Comparison, Told};
use crate::model::{Instant, Outcome, Placement, Seen, View};

/// Puts messages into words. Holds a judge: one per worker.
#[derive(Debug)]
pub struct Viewer {
    judge: Judge,
}

impl Default for Viewer {
    fn default() -> Self {
        Self { judge: a_judge() }
    }
}

impl Viewer {
    /// The view of a message: by its trusted stamps, else by what it claims.
    pub fn view(&mut self, seen: &Seen) -> View {
        let examined = &seen.examined;
        let items = written::items(&examined.fields, examined.facts.stamps.trusted);
        let legs = legs::legs(&examined.fields, &examined.hops);
        let claim = self.claim(seen);
        viewed(seen, &ruling(seen, claim.as_ref()), items, legs)
    }

    /// The verdict in short: by its trusted stamps, else by what it claims.
    pub fn told(&mut self, seen: &Seen) -> Told {
        let claim = self.claim(seen);
        told(seen, &ruling(seen, claim.as_ref()))
    }

    /// Two messages side by side.
    pub fn compare(&mut self, a: &Seen, b: &Seen) -> Comparison {
        let claims = [self.claim(a), self.claim(b)];
        let [of_a, of_b] = &claims;
        let (ruling_a, ruling_b) = (ruling(a, of_a.as_ref()), ruling(b, of_b.as_ref()));
        let legs = |seen: &Seen| legs::legs(&seen.examined.fields, &seen.examined.hops);
        let (legs_a, legs_b) = (legs(a), legs(b));
        compare(
            ComparedSide { seen: a, ruling: &ruling_a, legs: &legs_a },
            ComparedSide { seen: b, ruling: &ruling_b, legs: &legs_b },
        )
    }

    /// The same message as if its stamps were believed; `None` where they are, or where it would
    /// say no more.
    fn claim(&mut self, seen: &Seen) -> Option<Seen> {
        let facts = &seen.examined.facts;
        if facts.stamps.trusted || !facts.bounce.is_empty() {
            return None;
        }
        let mut facts = facts.clone();
        facts.stamps = seen.examined.written.stamps.clone();
        let s = &facts.stamps;
        let says = s.dest.is_some() || s.sfv.is_some() || s.scl.is_some() || s.cat.is_some();
        if !says {
            return None;
        }
        facts.stamps.trusted = true;
        // A pasted block may hold no time; none is needed for what it claims.
        facts.received = facts.received.or(facts.date).or(Some(Instant(0)));
        let mut claim = Seen {
            file: String::new(),
            examined: Examined { facts, ..Examined::default() },
            outcome: Outcome::Unknown,
            placement: Placement::Unknown,
            layer: None,
            cause: None,
            side: None,
            refusals: Vec::new(),
            remarks: Vec::new(),
            gateways: Vec::new(),
            verified: None,
        };
        give_verdict(&mut self.judge, &mut claim, b"");
        claim.examined.facts.stamps.trusted = false;
        (claim.outcome != Outcome::Unknown).then_some(claim)
    }
}

/// The ruling of what is claimed, where there is a claim.
fn ruling<'a>(seen: &'a Seen, claim: Option<&'a Seen>) -> Ruling<'a> {
    match claim {
        Some(claim) => Ruling { claimed: true, ..Ruling::of(claim) },
        None => Ruling::of(seen),
    }
}
