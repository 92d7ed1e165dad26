//! Rows whose cell is a whole header block.

use super::super::message::{self, cleaned};
use super::super::observe;
use super::{Emit, Notes};
use crate::model::{ColumnRole, Dialect, RawRecord, RejectReason};
use std::borrow::Cow;

#[derive(Debug)]
pub(super) struct Blocks {
    column: usize,
    cell: Vec<u8>,
}

impl Blocks {
    pub(super) fn new(dialect: &Dialect) -> Option<Self> {
        Some(Self { column: dialect.column(ColumnRole::Headers)?, cell: Vec::new() })
    }

    pub(super) fn decode(
        &mut self,
        record: &RawRecord<'_>,
        notes: &mut Notes,
        emit: &mut impl Emit,
    ) -> Result<(), RejectReason> {
        let cell = record.field(self.column, &mut self.cell);
        if cell.trim_ascii().is_empty() {
            notes.empty_headers += 1;
            return Ok(());
        }
        let block = cleaned(cell);
        // A cell that comes out of JSON has returns only.
        let block = if block.contains(&b'\n') { block } else { returns_as_lines(block) };
        let facts = message::decode(&block, block.len() as u64).ok_or(RejectReason::NoHeaders)?;
        observe::observations(facts, &block, record.origin, |row, extra| emit.extra(row, extra))
    }
}

fn returns_as_lines(mut block: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if block.contains(&b'\r') {
        block.to_mut().iter_mut().filter(|b| **b == b'\r').for_each(|b| *b = b'\n');
    }
    block
}
