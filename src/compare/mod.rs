//! What is different now?
//!
//! Comes in: a former report, and the deliveries of a new export. Goes out: whether the repair of a
//! finding has held. Deliberately absent: reading files, and a diagnosis of its own.

pub mod former;
mod verify;

pub use verify::Verifier;
