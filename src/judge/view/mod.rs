//! The view of one message: what its headers mean, in words that the page prints.
//!
//! The verdict is the judge's; this only puts it into words, with the evidence beside it. Where no
//! stamp is believed, the words say so and speak of what the message claims.

mod auth;
mod compare;
mod decider;
mod exchange;
mod fields;
mod sentence;
mod stamps;
mod steps;

use crate::model::view::{Leg, StampLine, Told, View};
use crate::model::{Layer, Outcome, Placement, Seen, Side, Stamps};

pub use compare::{Side as ComparedSide, compare};

/// What became of a message, by stamps that are believed or by its own word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling<'a> {
    /// Outcome.
    pub outcome: Outcome,
    /// Placement.
    pub placement: Placement,
    /// Layer of the fault, where there is one.
    pub layer: Option<Layer>,
    /// Its cause.
    pub cause: Option<&'a str>,
    /// Whose fault.
    pub side: Option<Side>,
    /// The stamps it rests on.
    pub stamps: &'a Stamps,
    /// They are not believed.
    pub claimed: bool,
}

impl<'a> Ruling<'a> {
    /// The ruling that a message's trusted stamps, or a bounce, led to.
    pub fn of(seen: &'a Seen) -> Self {
        Self {
            outcome: seen.outcome,
            placement: seen.placement,
            layer: seen.layer,
            cause: seen.cause.as_deref(),
            side: seen.side,
            stamps: &seen.examined.facts.stamps,
            claimed: false,
        }
    }
}

/// The view. `items` are the items of the stamps and `legs` the hops, as they were decoded;
/// `ruling` is that of the trusted stamps, else what the message claims.
pub fn view(seen: &Seen, ruling: &Ruling<'_>, items: Vec<StampLine>, legs: Vec<Leg>) -> View {
    let (decider, why) = decider::decided(seen, ruling);
    View {
        sentence: sentence::sentence(seen, ruling, &decider, &why),
        by_its_own_word: ruling.claimed,
        decider,
        stamps: stamps::explained(items),
        exchange: exchange::lines(seen),
        auth: auth::lines(&seen.examined),
        next_steps: steps::steps(seen, ruling, &legs),
        fields: fields::lines(&seen.examined.fields),
        legs,
    }
}

/// The verdict in short. `ruling` as for [`view`].
pub fn told(seen: &Seen, ruling: &Ruling<'_>) -> Told {
    Told {
        outcome: ruling.outcome,
        placement: ruling.placement,
        claimed: ruling.claimed,
        decider: decider::decided(seen, ruling).0,
    }
}

/// What a table says of a value, as a reading.
fn reading(entry: &crate::knowledge::tables::Entry) -> crate::model::view::Reading {
    crate::model::view::Reading {
        meaning: entry.meaning.to_string(),
        source: entry.source.to_string(),
        confidence: entry.confidence.as_str(),
    }
}

#[cfg(test)]
mod tests;
