//! [`Query`]: everything that can be compiled.

use serde::Deserialize;

use super::tagged::read_as_tagged;
use super::{DeleteQuery, InsertQuery, SelectQuery, TruncateQuery, UpdateQuery};

/// One statement, whatever the database.
///
/// ```json
/// {"kind":"select","query":{"from":"users","wheres":[
///   {"kind":"compare","join":"and","left":"votes","operator":">","right":0}]}}
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
    /// Adds rows.
    Insert(Box<InsertQuery>),
    /// Changes rows.
    Update(Box<UpdateQuery>),
    /// Removes rows.
    Delete(Box<DeleteQuery>),
    /// Empties a table.
    Truncate(TruncateQuery),
}

read_as_tagged!(Query);
