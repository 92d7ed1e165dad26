//! What became of this delivery and why?
//!
//! Comes in: a delivery and the policy of the run (whose domains are ours, what is too recent to
//! judge). Goes out: a verdict. Deliberately absent: counting, and opinions about the corpus as a
//! whole. Meanings come from `knowledge`, looked up once per distinct failure text.

pub mod checks;
mod domains;
pub mod gateways;
mod held;
mod verdicts;
pub mod view;

pub use domains::{OwnDomains, own_domains};

use crate::knowledge::Cache;
use crate::model::delivery::domain_of;
use crate::model::{
    Delivery, Direction, Grade, Layer, Outcome, Placement, Side, Stated, Status, Verdict,
};
use held::Said;
use std::sync::Arc;
use verdicts::{Fixed, HeldCache};

/// What must be settled before any delivery is judged.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Our accepted domains, lower case.
    pub own: Vec<String>,
    /// The user named them, so that a domain that is not among them is not ours.
    pub own_given: bool,
    /// By input: rows later than this (microseconds UTC) may still change, so that a pending one
    /// is no failure yet.
    pub settled_until: Vec<i64>,
}

/// Judges deliveries. Holds a cache: one per worker.
#[derive(Debug)]
pub struct Judge {
    policy: Arc<Policy>,
    fixed: Fixed,
    cache: Cache,
    held: HeldCache,
}

impl Judge {
    /// A judge under this policy.
    pub fn new(policy: Arc<Policy>) -> Self {
        Self {
            policy,
            fixed: Fixed::default(),
            cache: Cache::default(),
            held: HeldCache::default(),
        }
    }

    /// The verdict on one delivery.
    pub fn judge(&mut self, d: &Delivery<'_>) -> Verdict {
        let direction = self.direction(d);
        let stated = |status| outcome_of(status, direction);
        let mut verdict = Verdict {
            direction,
            outcome_first: stated(d.status_first),
            outcome: stated(d.status),
            placement: Placement::Unknown,
            failing: false,
            held: false,
            layer: Layer::Unknown,
            side: Side::Unknown,
            grade: Grade::Direct,
            signature: None,
            risk: None,
        };
        if !d.extras.is_empty() {
            weigh_extras(d, self.is_stray(d), &mut verdict);
        }
        if let Some(path) = &d.path
            && verdict.outcome == Outcome::Delivered
            && !path.folder.is_empty()
        {
            verdict.placement = placement_in(path.folder);
        }
        if verdict.placement == Placement::Unknown {
            verdict.placement = placement_of(verdict.outcome);
        }
        verdict.failing = match verdict.outcome {
            Outcome::Failed | Outcome::Dropped => true,
            Outcome::Pending => {
                let settled = self.policy.settled_until.get(d.input as usize);
                d.time.0 < settled.copied().unwrap_or(i64::MAX)
            }
            _ => false,
        };
        verdict.held = matches!(verdict.outcome, Outcome::Quarantined | Outcome::Filtered)
            || verdict.placement == Placement::Junk;
        let said = match (d.extras.is_empty(), &d.path) {
            (true, None) => None,
            _ => Said::of(d, direction),
        };
        if verdict.failing || verdict.held {
            self.explain(d, said.as_ref(), &mut verdict);
        } else if verdict.placement == Placement::Folder {
            // Nothing but a rule of the mailbox puts mail into a folder of its own.
            (verdict.layer, verdict.side) = (Layer::MailboxRule, Side::Ours);
        }
        verdict.risk = said.and_then(|said| said.risk(&verdict));
        verdict
    }

    /// A bounce that nothing else speaks of, for mail between others or of a system (bounces and
    /// automatic replies are sent by nobody): it came here by mistake or by forgery, and is no
    /// failure of ours. Only where the user named our domains: inferred ones may lack a small one.
    fn is_stray(&self, d: &Delivery<'_>) -> bool {
        let alone = d.status == Status::Absent && d.path.is_none();
        alone
            && self.policy.own_given
            && !d.sender.is_empty()
            && !self.is_own(d.sender)
            && !self.is_own(d.recipient)
    }

    /// Whether this is one of our domains.
    pub fn owns(&self, domain: &str) -> bool {
        self.policy.own.iter().any(|o| o == domain)
    }

    fn is_own(&self, address: &str) -> bool {
        self.owns(domain_of(address))
    }

    fn direction(&self, d: &Delivery<'_>) -> Direction {
        let own = |address: &str| self.is_own(address);
        // What the export states comes first; of mail from inside only the recipient tells where to.
        let stated = d.path.as_ref().map_or(Stated::Nothing, |p| p.stated);
        match stated {
            Stated::Incoming => return Direction::Inbound,
            Stated::Originating if own(d.recipient) => return Direction::Internal,
            Stated::Originating if !d.recipient.is_empty() => return Direction::Outbound,
            Stated::Originating | Stated::Nothing => {}
        }
        // The null sender is a system: its own notices count as coming from outside unless the
        // recipient is outside, too.
        match (own(d.sender), own(d.recipient)) {
            (true, true) => Direction::Internal,
            (true, false) if d.recipient.is_empty() => Direction::Unknown,
            (true, false) => Direction::Outbound,
            (false, true) => Direction::Inbound,
            (false, false) if d.sender == "<>" && !self.policy.own.is_empty() => {
                Direction::Outbound
            }
            (false, false) => stamped_direction(d),
        }
    }
}

/// Lets bounces and stamps add to what the rows say. A `stray` bounce adds nothing.
fn weigh_extras(d: &Delivery<'_>, stray: bool, verdict: &mut Verdict) {
    let mut failed = false;
    let mut delayed = false;
    for bounce in d.bounces().filter(|_| !stray) {
        failed |= bounce.action == "failed" || bounce.action.is_empty();
        delayed |= bounce.action == "delayed";
    }
    // The next hop took it and gave it back later, or only the bounce speaks of it.
    let open = matches!(
        verdict.outcome,
        Outcome::Relayed | Outcome::Delivered | Outcome::Pending | Outcome::Unknown
    );
    if failed && open {
        if verdict.outcome_first == Outcome::Unknown {
            verdict.outcome_first = Outcome::Failed;
        }
        verdict.outcome = Outcome::Failed;
    } else if delayed && verdict.outcome == Outcome::Unknown {
        verdict.outcome = Outcome::Pending;
        verdict.outcome_first = Outcome::Pending;
    }
    for stamps in d.stamps().filter(|s| s.trusted) {
        if verdict.outcome == Outcome::Unknown {
            verdict.outcome = outcome_of(Status::Delivered, verdict.direction);
            verdict.outcome_first = verdict.outcome;
        }
        // Released: what the filter held at first and lies in a mailbox now.
        if verdict.outcome == Outcome::Delivered && stamps.sfv.as_deref() == Some("SKQ") {
            verdict.outcome_first = Outcome::Quarantined;
        }
        // FilteredAsSpam does not say where it went; a copy that bears the mailbox's own stamp does.
        let landed = matches!(stamps.dest.as_deref(), Some("I" | "J" | "C" | "F"));
        if verdict.outcome == Outcome::Filtered && landed {
            verdict.outcome = Outcome::Delivered;
        }
        if verdict.outcome == Outcome::Delivered {
            verdict.placement = match stamps.dest.as_deref() {
                Some("I") => Placement::Inbox,
                Some("J") => Placement::Junk,
                Some("C" | "F") => Placement::Folder,
                _ => verdict.placement,
            };
        }
    }
}

/// The direction trusted stamps state, where no address is known to be ours.
fn stamped_direction(d: &Delivery<'_>) -> Direction {
    let mut stated = d.stamps().filter(|s| s.trusted).filter_map(|s| s.directionality.as_deref());
    match stated.next() {
        Some("Incoming") => Direction::Inbound,
        Some("Originating") => Direction::Outbound,
        _ => Direction::Unknown,
    }
}

/// What a status word means for a delivery of this direction. "Delivered" of an outbound delivery
/// only says that the next hop took it (Microsoft, Get-MessageTraceV2).
fn outcome_of(status: Status, direction: Direction) -> Outcome {
    match status {
        Status::Delivered if direction == Direction::Outbound => Outcome::Relayed,
        Status::Delivered => Outcome::Delivered,
        Status::Failed => Outcome::Failed,
        Status::Pending | Status::GettingStatus => Outcome::Pending,
        Status::Expanded => Outcome::Expanded,
        Status::Quarantined => Outcome::Quarantined,
        Status::FilteredAsSpam => Outcome::Filtered,
        Status::Resolved => Outcome::Redirected,
        Status::Sent => Outcome::Relayed,
        Status::Dropped => Outcome::Dropped,
        Status::Recalled => Outcome::Recalled,
        Status::Absent | Status::Unknown => Outcome::Unknown,
    }
}

/// Where the folder that the store names lies. Default folders are named by their type
/// (`DefaultFolderType:JunkEmail`) in every language, the user's own by their name.
fn placement_in(folder: &str) -> Placement {
    let is = |name: &str| folder.rsplit(':').next().is_some_and(|f| f.eq_ignore_ascii_case(name));
    if is("Inbox") {
        Placement::Inbox
    } else if is("JunkEmail") || is("Junk Email") {
        Placement::Junk
    } else {
        Placement::Folder
    }
}

/// Where a delivery with this outcome lies, as far as the outcome alone tells.
fn placement_of(outcome: Outcome) -> Placement {
    match outcome {
        Outcome::Relayed => Placement::External,
        Outcome::Quarantined => Placement::Quarantine,
        // Rejected or sent to Junk: the word does not say which.
        Outcome::Delivered | Outcome::Filtered | Outcome::Unknown => Placement::Unknown,
        Outcome::Failed
        | Outcome::Pending
        | Outcome::Dropped
        | Outcome::Redirected
        | Outcome::Expanded
        | Outcome::Recalled => Placement::None,
    }
}

#[cfg(test)]
mod reasons_tests;
#[cfg(test)]
mod tests;
