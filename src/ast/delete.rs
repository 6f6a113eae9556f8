//! [`DeleteQuery`] and [`TruncateQuery`]: rows to remove.

use serde::Deserialize;

use super::{Operand, SelectQuery};

/// Rows to remove.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteQuery {
    /// Which rows: its source, joins, conditions, order and limit.
    pub rows: Box<SelectQuery>,
    /// Columns of the removed rows to answer.
    #[serde(default)]
    pub returning: Vec<Operand>,
}

/// A table to empty, its counters included.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TruncateQuery {
    /// The table: `users`, `public.users`.
    pub table: String,
    /// The place of its name, by which SQLite finds its counter.
    pub name: Option<u32>,
}
