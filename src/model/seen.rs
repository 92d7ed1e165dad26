//! One message as it is shown: what its headers say, and what that means.

use super::auth::DkimCheck;
use super::message::Examined;
use super::remark::{GatewayStamp, Remark};
use super::vocab::{Layer, Outcome, Placement, Side};

/// What the headers of one message say, and what became of it by their word.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Name of the file, as given; `-` for standard input.
    pub file: String,
    /// The headers.
    pub examined: Examined,
    /// Outcome by trusted stamps, or by the bounce.
    pub outcome: Outcome,
    /// Placement.
    pub placement: Placement,
    /// Layer of the fault, where something is wrong.
    pub layer: Option<Layer>,
    /// Its cause.
    pub cause: Option<String>,
    /// Whose fault.
    pub side: Option<Side>,
    /// By recipient of a bounce, in its order.
    pub refusals: Vec<Refusal>,
    /// What is worth saying beyond the stamps, weightiest first.
    pub remarks: Vec<Remark>,
    /// What other gateways and mail systems wrote, and what Exchange Online wrote beside the typed
    /// stamps (product `Exchange Online`), in header order, topmost first. At most 256.
    pub gateways: Vec<GatewayStamp>,
    /// The signatures verified anew, topmost first; `None` where nobody asked for it (`--dns`).
    pub verified: Option<Vec<DkimCheck>>,
}

/// What a bounce's word for one recipient means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Layer.
    pub layer: Layer,
    /// Cause.
    pub cause: &'static str,
    /// Meaning in plain words; empty where nothing is known.
    pub reason: &'static str,
    /// Side.
    pub side: Side,
    /// The address or its domain will never take mail again as it is: stop sending.
    pub hard: bool,
}
