//! mailtriage turns bulk Exchange Online evidence into a diagnosis: which layer failed, since
//! when, for whom, and what to do next.
//!
//! Data goes one way through the rooms below; only [`pipeline`] sees them all. See
//! `ARCHITECTURE.md` for the picture and the import plan that a test holds.
//!
//! The library never prints, never exits and never reads the clock.

#[cfg(feature = "live")]
pub mod check;
pub mod compare;
pub mod decode;
pub mod detect;
pub mod diagnose;
pub mod discover;
pub mod fold;
#[cfg(feature = "frame")]
pub mod frame;
pub mod judge;
pub mod knowledge;
pub mod model;
pub mod pipeline;
pub mod read;
pub mod redact;
pub mod render;
pub mod stats;
pub mod tally;
