//! Does it hold when it is checked anew?
//!
//! Comes in: a message as bytes, and a snapshot of DNS records that somebody saved. Goes out: what
//! came of each signature. Deliberately absent: look-ups (what the snapshot does not hold is not
//! known, nothing is asked on the network), the clock (a signature is over or not by the time the
//! message arrived), and what it means for the message (that is `judge`).
//!
//! Canonicalisation and cryptography are mail-auth's; its resolver is not used.

mod signatures;
mod snapshot;

pub use signatures::signatures;
pub use snapshot::Snapshot;
