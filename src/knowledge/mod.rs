//! What does this code mean?
//!
//! Comes in: failure text, status codes, stamp values, as written by some mail system. Goes out:
//! meanings: layer, cause, side, plain words, next steps, each with source and confidence.
//! Deliberately absent: decoding of records (that is `decode`), judgement of a delivery (`judge`),
//! I/O, the network, and any work before the first question is asked.
//!
//! The knowledge itself is in the CSV tables beside this file; see `tables/README.md`.

pub mod causes;
pub mod classify;
pub mod evidence_needs;
pub mod explain;
mod issuer;
mod literals;
mod mask;
pub mod names;
mod rules;
mod schema;
pub mod signature;
mod speaker;
pub mod stamps;
pub mod status;
pub mod tables;
mod text;
mod token;

pub use causes::{CAUSES, Cause, cause};
pub use classify::{Failure, Meaning, classify};
pub use evidence_needs::needs;
pub use explain::{explain, near};
pub use signature::{Cache, classify_cached, normalise};
pub use speaker::Speaker;
pub use status::{StatusClass, StatusMeaning, status_meaning};
pub use tables::{Confidence, TABLES};

/// Date of the tables; changes whenever a row does.
pub const VERSION: &str = "2026-11-29";
