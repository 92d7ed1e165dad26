//! What do the small languages inside the cells of a trace export say?
//!
//! Comes in: the text of one cell. Goes out: slices of that text, cut where its grammar cuts.
//! Deliberately absent: meaning, memory of earlier cells, and any limit but the length of the
//! cell: every function here takes time in proportion to it, whatever it holds.

pub mod custom_data;
pub mod data_xml;
pub mod detail;
pub mod latency;
pub mod led;
pub mod recipient_status;
pub mod text;
pub mod vocabulary;
