//! What is wrong with the mail flow?
//!
//! Comes in: the tally of the run and what was settled about its inputs. Goes out: findings,
//! ranked, and the state of every layer. Deliberately absent: statistics (room `stats`), and any
//! look at a single record that the tally did not keep.
//!
//! The walk: every entity's series is scanned for a rise (`candidates`); the clearest one that
//! survives the correction for the number of series is taken, its deliveries are set aside, and
//! the rest is scanned again (`excess`), so that one fault is reported once, at the smallest
//! entity that explains it. What was found is then named from the evidence (`naming`). Late mail is
//! walked in the same way; what only shows by its absence is looked for in `silence`.

mod affected;
mod candidates;
mod changes;
mod chronic;
mod context;
mod delays;
pub mod documents;
mod established;
mod excess;
mod expected;
mod findings;
mod gaps;
mod layers;
mod lost;
mod naming;
mod per_bucket;
mod phrase;
mod quiet;
mod risks;
mod rule_ids;
mod silence;
mod table;
mod view;

pub use changes::table as changes;
pub use gaps::gaps;
pub use layers::layers;
pub use naming::{Clues, NAMINGS, Name, Naming};
pub use rule_ids::table as rule_ids;
pub use table::{by_bucket, table};

use crate::model::documents::Document;
use crate::model::{Change, Finding, FindingStatus, Layer};
use crate::tally::Tally;
use view::View;

/// What was settled about the run before diagnosing.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Path of each input, by number.
    pub paths: Vec<String>,
    /// Change log entries, ascending by time.
    pub changes: Vec<Change>,
    /// Documents beside the mail, in order of their inputs.
    pub documents: Vec<Document>,
    /// Our domains.
    pub own: Vec<String>,
    /// Every export holds only one status, sender or recipient: shares mean nothing, volumes do.
    pub filtered: bool,
    /// Rows later than this (microseconds UTC) may still change.
    pub settled_until: i64,
    /// Dialects among the inputs with the layers whose faults they show.
    pub shows: Vec<(&'static str, &'static [Layer])>,
}

/// Rises told apart in one run at most; more would be no diagnosis.
const MOST_INCIDENTS: usize = 12;

/// All findings, in the order of the report: incidents first, by confidence, then share.
pub fn diagnose(tally: &Tally, facts: &Facts) -> Vec<Finding> {
    let mut view = View::new(tally, facts);
    let found = rises(&mut view);
    let mut all = findings::join_siblings(found, &facts.own);
    if !tally.delays.is_empty() && !facts.filtered {
        let mut late = View::late(tally, facts);
        for delay in findings::join_siblings(rises(&mut late), &facts.own) {
            delays::add(&mut all, delay);
        }
    }
    if facts.filtered {
        all.extend(rises(&mut View::by_policy(tally, facts)));
    }
    if !tally.filed.is_empty() {
        all.extend(findings::join_siblings(rises(&mut View::filed(tally, facts)), &facts.own));
    }
    if !tally.risky.is_empty() {
        let mut let_pass = View::let_pass(tally, facts);
        all.extend(findings::join_siblings(rises(&mut let_pass), &facts.own));
        all.extend(risks::findings(&let_pass, &all));
    }
    all.extend(silence::findings(tally, facts, &all));
    all.extend(chronic::findings(&view, &all));
    all.extend(findings::insufficient(tally, &all));
    rank(&mut all);
    context::add(&mut all, facts);
    affected::settle(&mut all);
    all
}

/// The rises of a view, one after another.
fn rises(view: &mut View<'_>) -> Vec<Finding> {
    let mut board = candidates::Board::new(view);
    let mut found = Vec::new();
    while found.len() < MOST_INCIDENTS
        && let Some(mut excess) = excess::next(view, &mut board)
    {
        let more = lost::add_companions(view, &mut excess);
        board.explained(view, &more);
        found.push(findings::incident(view, &excess));
    }
    if let Some(excess) = lost::next(view) {
        found.push(findings::incident(view, &excess));
    }
    found
}

fn rank(findings: &mut [Finding]) {
    let order =
        |f: &Finding| FindingStatus::ALL.iter().position(|s| *s == f.status).unwrap_or(usize::MAX);
    findings.sort_by(|a, b| {
        order(a)
            .cmp(&order(b))
            .then(b.confidence.total_cmp(&a.confidence))
            .then(b.share.total_cmp(&a.share))
            .then_with(|| a.key.cmp(&b.key))
    });
}
