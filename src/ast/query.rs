//! [`Query`]: everything that can be compiled.

use serde::Deserialize;

use super::{DeleteQuery, InsertQuery, Operand, SelectQuery, Source, TruncateQuery, UpdateQuery};
use crate::json::tagged;

/// One statement, whatever the database.
///
/// ```json
/// {"kind":"select","query":{"from":"users","wheres":[["votes",">",0]],"orders":[["name","asc"]]}}
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub enum Query {
    /// Reads rows.
    Select {
        /// The rows.
        query: Box<SelectQuery>,
    },
    /// Asks whether there is any row: one row, one column named `exists`.
    Exists {
        /// The rows asked about.
        query: Box<SelectQuery>,
    },
    /// Asks how many rows a query has, whatever its groups: one row, one column named `aggregate`.
    Count {
        /// The rows.
        query: Box<SelectQuery>,
    },
    /// Asks how the rows would be read.
    Explain {
        /// The rows.
        query: Box<SelectQuery>,
        /// Whether they are read as well, to tell what that took.
        analyze: bool,
    },
    /// Adds rows.
    Insert(Box<InsertQuery>),
    /// Changes rows.
    Update(Box<UpdateQuery>),
    /// Removes rows.
    Delete(Box<DeleteQuery>),
    /// Empties a table.
    Truncate(TruncateQuery),
    /// No statement: how a piece of one is written.
    Fragment(Fragment),
}

/// A piece of SQL that is asked for by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Fragment {
    /// Columns, with commas between them.
    Columns {
        /// The columns.
        columns: Vec<Operand>,
    },
    /// A table.
    Table {
        /// The table.
        source: Source,
    },
    /// The statement that begins a transaction inside of another one.
    Savepoint {
        /// A plain word.
        name: String,
    },
    /// The statement that takes such a transaction back.
    SavepointRollBack {
        /// A plain word.
        name: String,
    },
    /// The statement that asks a server how many clients it has.
    ThreadCount {},
}

tagged!(Query, "kind");
tagged!(Fragment, "piece");
