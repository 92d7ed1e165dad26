//! One message to one recipient: the grain of every number we print.

use super::block::Extra;
use super::bounce::BounceRecipient;
use super::event::Path;
use super::fact::Told;
use super::input::InputId;
use super::message::Stamps;
use super::status::Status;
use super::time::Instant;

/// One message to one recipient, all records that speak of it merged. Borrows from the blocks of
/// its partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery<'a> {
    /// Message key.
    pub key: u128,
    /// The key is a network message id (else derived from a Message-ID or a file).
    pub key_is_network_id: bool,
    /// Recipient address, lower case; empty where unknown.
    pub recipient: &'a str,
    /// Where the recipient's domain is named: (block, id among its names).
    pub recipient_domain: (u32, u32),
    /// Envelope sender, lower case; `<>` for the null sender; empty where unknown.
    pub sender: &'a str,
    /// Where the sender's domain is named.
    pub sender_domain: (u32, u32),
    /// First time a record states.
    pub time: Instant,
    /// Last time a record states.
    pub time_final: Instant,
    /// First status stated by a row (a final one before a provisional one).
    pub status_first: Status,
    /// Status after superseding.
    pub status: Status,
    /// Records merged, duplicates left out.
    pub records: u32,
    /// The record that owns `source` and `line`: the least (input, line).
    pub input: InputId,
    /// Its line.
    pub line: u32,
    /// Stamps and bounces that speak of this delivery, in (input, line) order.
    pub extras: Vec<&'a Extra>,
    /// Size in bytes; `u32::MAX` where unknown.
    pub size: u32,
    /// What only facts show; `None` unless they are wanted.
    pub told: Option<Box<Told<'a>>>,
    /// What its records say of the way it took; `None` where none says more than a status.
    pub path: Option<Box<Path<'a>>>,
}

impl<'a> Delivery<'a> {
    /// Stamps of message files, in order.
    pub fn stamps(&self) -> impl Iterator<Item = &'a Stamps> {
        self.extras.iter().filter_map(|e| match e {
            Extra::Stamps(s) => Some(&**s),
            Extra::Bounce(_) => None,
        })
    }

    /// Bounces that name this delivery, in order.
    pub fn bounces(&self) -> impl Iterator<Item = &'a BounceRecipient> {
        self.extras.iter().filter_map(|e| match e {
            Extra::Bounce(b) => Some(&**b),
            Extra::Stamps(_) => None,
        })
    }
}

/// The domain of an address: what stands behind the last `@`; the whole text where there is none
/// (`<>`, X.500 addresses).
pub fn domain_of(address: &str) -> &str {
    match memchr::memrchr(b'@', address.as_bytes()) {
        Some(at) => &address[at + 1..],
        None => address,
    }
}

/// Dashed spelling of a network message id.
pub fn dashed(key: u128) -> String {
    let h = format!("{key:032x}");
    format!("{}-{}-{}-{}-{}", &h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..])
}
