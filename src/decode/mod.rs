//! What does this text say?
//!
//! Comes in: records and message bytes. Goes out: typed values and columnar observations.
//! Deliberately absent: meaning (that is `knowledge` and `judge`) and I/O.

pub mod address;
pub mod cells;
pub mod changes;
pub mod context;
pub mod dates;
pub mod documents;
pub mod guid;
pub mod message;
pub mod msg;
pub mod observe;
pub mod rows;
pub mod status;
pub mod time;
pub mod time_memo;
mod time_words;
pub mod zone;
mod zone_names;

pub use dates::{DateEvidence, DateOrder, Settled};
pub use zone::Zone;
