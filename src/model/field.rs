//! Four kinds of "no value" kept apart: unknown is never zero.

/// A cell of an export, or a field of a stamp.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The export has no such column.
    #[default]
    Absent,
    /// The column is there, the cell is blank.
    Empty,
    /// The cell holds something that cannot be read as `T`; kept as written.
    Unreadable(String),
    /// A value.
    Value(T),
}

impl<T> Field<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(v) => Some(v),
            _ => None,
        }
    }
}
