//! Rows of any shape: what a query answers.

use super::time::Instant;

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Unknown.
    Null,
    /// True or false.
    Bool(bool),
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A point in time.
    Time(Instant),
    /// Values.
    List(Vec<Value>),
}

/// Named columns and rows, each as long as the names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}
