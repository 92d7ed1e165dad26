//! What a code, a stamp value or a failure text means: an entry of the dictionary.

use super::vocab::{Layer, Side};

/// One meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained, as the tables spell it (`SFV:SKN`, `5.7.708`, `FAIL`).
    pub code: String,
    /// Kind of code: `smtp`, `enhanced_status`, `failure_text`, `stamp`, `authentication`,
    /// `event`, `status`, `header`.
    pub family: &'static str,
    /// Plain words.
    pub meaning: String,
    /// Layer it speaks of; `None` where it speaks of none.
    pub layer: Option<Layer>,
    /// Whose side; `None` where it does not say.
    pub side: Option<Side>,
    /// What to do, most useful first.
    pub next_steps: Vec<String>,
    /// Where it is known from.
    pub source: String,
    /// How well it is founded: `documented`, `observed-in-corpus`, `community`, `inferred`.
    pub confidence: &'static str,
}
