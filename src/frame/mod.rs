//! Give me the rows: Parquet and SQL, by Polars.
//!
//! Comes in: facts, one after another, or a report and saved facts with a question in SQL. Goes
//! out: a Parquet file, or [`Rows`](crate::model::answer::Rows). Deliberately absent: any count of
//! our own. It is an independent engine: tests ask it for the numbers of the report. Only this
//! room names Polars.

mod parquet;
mod query;
mod tables;

pub use parquet::ParquetFacts;
pub use query::{QueryError, query};
