//! [`UpdateQuery`]: rows to change.

use serde::Deserialize;

use super::{JsonCell, Operand, SelectQuery};
use crate::json::tagged;

/// Rows to change.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateQuery {
    /// Which rows: its source, joins, conditions, order and limit.
    pub rows: Box<SelectQuery>,
    /// What becomes of them.
    pub set: Vec<Assignment>,
    /// Whether the joined sources stand behind `from`, so that values may be taken from them
    /// (PostgreSQL).
    #[serde(default)]
    pub from_joins: bool,
    /// Columns of the changed rows to answer.
    #[serde(default)]
    pub returning: Vec<Operand>,
}

/// What becomes of one column. In JSON a list is a new value: `["name",0]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Assignment {
    /// `column = value`.
    Set(Assigned),
    /// `column = column + amount`.
    Increment {
        /// The column.
        column: String,
        /// A number in decimal digits. Part of the SQL text, so that the database computes with
        /// its type instead of the column's.
        amount: String,
    },
    /// `column = column - amount`.
    Decrement {
        /// The column.
        column: String,
        /// As for [`Assignment::Increment`].
        amount: String,
    },
    /// What stands at a path inside of JSON: `meta->lang`.
    Json {
        /// The path.
        column: String,
        /// What it becomes.
        value: JsonCell,
        /// The place of the JSON text of all changes of this column, as SQLite merges them. Given
        /// with the last one.
        #[serde(default)]
        patch: Option<u32>,
    },
    /// The value that the insert wanted to give the column (`excluded`). Only in a conflict.
    Excluded {
        /// The column.
        column: String,
    },
}

tagged!(Assignment, "kind", list: Self::Set);

/// A column and its new value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// The column.
    pub column: String,
    /// Its new value.
    pub value: Operand,
}
