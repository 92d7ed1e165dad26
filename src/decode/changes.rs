//! Change logs: time, what, who. Recognised by their columns when they lie among the inputs.

use super::dates::DateOrder;
use super::rows::excerpt;
use super::time;
use super::zone::Zone;
use crate::model::{Change, ColumnRole, Dialect, RawRecord, RejectReason};

/// Longest text kept of a cell, in bytes.
const LONGEST: usize = 500;

/// Decodes one entry of a change log; `zone` is for times that state none. Also yields whether the
/// clocks of the zone showed its time twice, or skipped it.
///
/// # Errors
/// [`RejectReason::Time`] where the time cannot be read.
pub fn decode(
    dialect: &Dialect,
    order: DateOrder,
    zone: &Zone,
    record: &RawRecord<'_>,
) -> Result<(Change, bool), RejectReason> {
    let mut scratch = Vec::new();
    let mut cell = |role| match dialect.column(role) {
        Some(column) => record.field(column, &mut scratch).to_vec(),
        None => Vec::new(),
    };
    let when = cell(ColumnRole::Time);
    let Some(placed) = time::parse(&when).and_then(|w| w.instant_in(order, zone)) else {
        return Err(RejectReason::Time(excerpt(&when)));
    };
    let text = |mut bytes: Vec<u8>| {
        bytes.truncate(LONGEST);
        String::from_utf8_lossy(&bytes).trim().to_owned()
    };
    let what = text(cell(ColumnRole::What));
    let who = text(cell(ColumnRole::Who));
    let change = Change { time: placed.instant, what, who, origin: record.origin };
    Ok((change, placed.ambiguous))
}
