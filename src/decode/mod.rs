//! What does this text say?
//!
//! Comes in: records and message bytes. Goes out: typed values and columnar observations.
//! Deliberately absent: meaning (that is `knowledge` and `judge`) and I/O.

pub mod address;
pub mod changes;
pub mod context;
pub mod dates;
pub mod guid;
pub mod message;
pub mod observe;
pub mod status;
pub mod time;
pub mod trace;

pub use dates::{DateEvidence, DateOrder, Settled};
