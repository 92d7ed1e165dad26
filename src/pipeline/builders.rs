//! Open blocks by partition: where the rows of scattered messages are brought together.

use super::partitions::Partitions;
use crate::fold::partition_of;
use crate::model::block::{BlockBuilder, Row};
use crate::model::{Block, Detail, Extra, Told};
use std::io;

/// Memory of a row in a builder, about, in bytes.
pub(super) const ROW: usize = 110;

/// One worker's open blocks, one per partition; a full one is sealed and goes to the store.
pub(super) struct Builders<'a> {
    store: &'a Partitions,
    open: Vec<BlockBuilder>,
    /// Rows of a builder before it is sealed.
    rows: usize,
}

/// What stands beside a row.
pub(super) enum Beside<'a> {
    Nothing,
    Extra(Extra),
    Detail(&'a Detail<'a>),
}

impl Beside<'_> {
    pub(super) fn push(self, builder: &mut BlockBuilder, row: &Row<'_>, told: Option<&Told<'_>>) {
        match self {
            Self::Nothing => builder.push(row, None),
            Self::Extra(extra) => builder.push(row, Some(extra)),
            Self::Detail(detail) => builder.push_detail(row, detail),
        }
        if let Some(told) = told {
            builder.tell(told);
        }
    }
}

impl<'a> Builders<'a> {
    pub(super) fn new(store: &'a Partitions, rows: usize) -> Self {
        let mut open = Vec::new();
        open.resize_with(store.len(), BlockBuilder::default);
        Self { store, open, rows }
    }

    /// Rows of a builder before it is sealed.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Takes a row to the partition of its message; a block that is full goes through `sealed`
    /// before it is stored.
    pub(super) fn push(
        &mut self,
        row: &Row<'_>,
        beside: Beside<'_>,
        told: Option<&Told<'_>>,
        sealed: impl FnOnce(&Block),
    ) -> io::Result<()> {
        let partition = partition_of(row.key, self.open.len());
        let builder = &mut self.open[partition];
        beside.push(builder, row, told);
        if is_full(builder.len(), builder.side_bytes(), self.rows) {
            let block = builder.seal();
            sealed(&block);
            self.store.push(partition, block)?;
        }
        Ok(())
    }

    /// Seals what is open.
    pub(super) fn finish(mut self, mut sealed: impl FnMut(&Block)) -> io::Result<()> {
        for (partition, builder) in self.open.iter_mut().enumerate() {
            if !builder.is_empty() {
                let block = builder.seal();
                sealed(&block);
                self.store.push(partition, block)?;
            }
        }
        Ok(())
    }
}

/// A builder is full with its share of rows, or with as many bytes of what only they say.
pub(super) fn is_full(open: usize, side_bytes: usize, rows: usize) -> bool {
    open >= rows || side_bytes >= rows * ROW
}
