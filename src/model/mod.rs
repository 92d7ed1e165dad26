//! The nouns: plain data that every room speaks of.
//!
//! Comes in: nothing. Goes out: types. Deliberately absent: I/O, meaning, statistics, and any
//! import of another room.

pub mod answer;
pub mod auth;
pub mod block;
pub mod bounce;
pub mod catalogue;
mod catalogue_documents;
mod catalogue_messages;
pub mod context;
pub mod delivery;
pub mod details;
pub mod dialect;
pub mod documents;
pub mod event;
pub mod evidence;
pub mod explanation;
pub mod fact;
pub mod field;
pub mod finding;
pub mod hash;
pub mod input;
pub mod inspection;
pub mod interner;
pub mod lane;
pub mod message;
pub mod pages;
pub mod record;
pub mod remark;
pub mod report;
mod sayings;
pub mod seen;
pub mod status;
pub mod time;
pub mod trail;
pub mod verdict;
pub mod verification;
pub mod view;
pub mod vocab;

pub use block::{Block, BlockBuilder, Extra, Row};
pub use bounce::BounceRecipient;
pub use context::Context;
pub use delivery::Delivery;
pub use dialect::{Dialect, Encoding, Form, Grain, Role as ColumnRole, windows_1252};
pub use event::{Detail, Path, Reply, Stated};
pub use evidence::Change;
pub use explanation::Explanation;
pub use fact::{Fact, FactColumn, FactKind, FactValue, FactWriter, Told};
pub use field::Field;
pub use finding::{Affected, Entity, Evidence, Fate, Finding};
pub use input::{Input, InputRole, Origin, Packing, Reject, RejectReason, SourceEntry};
pub use inspection::{FormatLine, Inspection};
pub use interner::Interner;
pub use lane::LaneBuilder;
pub use message::Stamps;
pub use record::RawRecord;
pub use remark::{GatewayStamp, Remark, Weight};
pub use report::{Cell, Column, ColumnKind, Report, Table};
pub use seen::{Refusal, Seen};
pub use status::Status;
pub use time::{Clock, Instant};
pub use verdict::{Signature, Verdict};
pub use verification::{FormerFinding, Repair, Verification};
pub use view::View;
pub use vocab::{
    Direction, EntityType, FindingState, FindingStatus, Grade, Layer, LayerState, Outcome,
    Placement, Risk, Side,
};
