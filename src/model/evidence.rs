//! Evidence that is not mail: typed values the diagnosis may name, never count.

use super::input::Origin;
use super::time::Instant;

/// One entry of a change log. A change is never evidence by itself; an onset names the last
/// change before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// When, UTC.
    pub time: Instant,
    /// What was changed, as written.
    pub what: String,
    /// Who changed it, as written; empty where the log does not say.
    pub who: String,
    /// Where the entry stands.
    pub origin: Origin,
}
