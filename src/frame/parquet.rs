//! Facts as Parquet: zstd, dictionaries, statistics, row groups in order of time.

use crate::model::fact::COLUMNS;
use crate::model::{Fact, FactKind, FactValue, FactWriter};
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column, DataFrame, DataType, Field, IntoColumn, IntoSeries, ListBuilderTrait,
    ListStringChunkedBuilder, NamedFrom, ParquetCompression, ParquetWriter, PolarsError, Schema,
    Series, TimeUnit,
};
use std::io::{self, Write};

/// Rows of a group at most: with all their texts some tens of megabytes.
const GROUP: usize = 1 << 16;
/// Bytes of text of a group at most.
const GROUP_BYTES: usize = 24 << 20;

/// One column of the open row group.
enum Values {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
    Time(Vec<Option<i64>>),
    List(Vec<Option<Vec<String>>>),
}

impl Values {
    fn new(kind: FactKind) -> Self {
        match kind {
            FactKind::Text => Self::Text(Vec::new()),
            FactKind::Integer => Self::Integer(Vec::new()),
            FactKind::Time => Self::Time(Vec::new()),
            FactKind::List => Self::List(Vec::new()),
        }
    }

    /// Appends a value; says how many bytes of text it has.
    fn push(&mut self, value: FactValue<'_>) -> usize {
        match (self, value) {
            (Self::Text(all), FactValue::Text(text)) => {
                let bytes = text.len();
                all.push(Some(text.into_owned()));
                return bytes;
            }
            (Self::List(all), FactValue::List(items)) => {
                let items: Vec<String> = items.into_iter().map(Into::into).collect();
                let bytes = items.iter().map(String::len).sum();
                all.push(Some(items));
                return bytes;
            }
            (Self::Integer(all), FactValue::Integer(n)) => all.push(Some(n)),
            (Self::Time(all), FactValue::Time(at)) => all.push(Some(at)),
            (Self::Text(all), _) => all.push(None),
            (Self::List(all), _) => all.push(None),
            (Self::Integer(all) | Self::Time(all), _) => all.push(None),
        }
        0
    }

    /// The column, emptied for the next group.
    fn take(&mut self, name: &str) -> Result<Column, PolarsError> {
        let series = match self {
            Self::Text(all) => Series::new(name.into(), std::mem::take(all)),
            Self::Integer(all) => Series::new(name.into(), std::mem::take(all)),
            Self::Time(all) => {
                let plain = Series::new(name.into(), std::mem::take(all));
                plain.cast(&data_type(FactKind::Time))?
            }
            Self::List(all) => {
                let mut lists = ListStringChunkedBuilder::new(name.into(), all.len(), all.len());
                for items in std::mem::take(all) {
                    match items {
                        Some(items) => lists.append_values_iter(items.iter().map(String::as_str)),
                        None => lists.append_null(),
                    }
                }
                lists.finish().into_series()
            }
        };
        Ok(series.into_column())
    }
}

fn data_type(kind: FactKind) -> DataType {
    match kind {
        FactKind::Text => DataType::String,
        FactKind::Integer => DataType::Int64,
        FactKind::Time => {
            DataType::Datetime(TimeUnit::Microseconds, Some(polars::prelude::TimeZone::UTC))
        }
        FactKind::List => DataType::List(Box::new(DataType::String)),
    }
}

/// Writes Parquet.
pub struct ParquetFacts<W: Write> {
    writer: BatchedWriter<W>,
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> ParquetFacts<W> {
    /// Writes the head of the file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn new(out: W) -> io::Result<Self> {
        let fields = COLUMNS.iter().map(|c| Field::new(c.name.into(), data_type(c.kind)));
        let schema: Schema = fields.collect();
        let writer = ParquetWriter::new(out)
            .with_compression(ParquetCompression::Zstd(None))
            .with_row_group_size(Some(GROUP))
            .batched(&schema)
            .map_err(plain)?;
        let columns = COLUMNS.iter().map(|c| Values::new(c.kind)).collect();
        Ok(Self { writer, columns, rows: 0, bytes: 0 })
    }

    fn group(&mut self) -> io::Result<()> {
        let columns = COLUMNS.iter().zip(&mut self.columns).map(|(c, values)| values.take(c.name));
        let columns = columns.collect::<Result<Vec<_>, _>>().map_err(plain)?;
        let frame = DataFrame::new(self.rows, columns).map_err(plain)?;
        (self.rows, self.bytes) = (0, 0);
        self.writer.write_batch(&frame).map_err(plain)
    }
}

impl<W: Write + Send> FactWriter for ParquetFacts<W> {
    fn row(&mut self, fact: &Fact<'_>) -> io::Result<()> {
        for (column, values) in COLUMNS.iter().zip(&mut self.columns) {
            self.bytes += values.push((column.get)(fact));
        }
        self.rows += 1;
        if self.rows >= GROUP || self.bytes >= GROUP_BYTES {
            self.group()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.group()?;
        }
        self.writer.finish().map_err(plain)?;
        Ok(())
    }
}

/// The system's own error where there is one.
fn plain(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other.to_string()),
    }
}
