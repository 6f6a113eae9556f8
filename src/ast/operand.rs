//! [`Operand`]: either side of a condition, a cell of an insert, a column of a select.

use serde::Deserialize;

use super::SelectQuery;
use super::tagged::read_as_tagged;

/// Something that has a value in SQL.
///
/// In JSON a string is a column, a number is a bound value, anything else is an object:
/// `"users.id"`, `0`, `{"kind":"raw","sql":"now()"}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub enum Operand {
    /// SQL as the user wrote it.
    Raw(Raw),
    /// A sub-query, in parentheses.
    Query(SubQuery),
    /// The column's default: a cell of an insert that its row does not give.
    Default,
    /// The value at this place of the list of values.
    #[serde(rename = "number")]
    Value(u32),
    /// A column: `name`, `table.name`, `*`, or a JSON path such as `meta->lang`. In a list of
    /// selected columns also `name as alias`.
    #[serde(rename = "text")]
    Column(String),
}

read_as_tagged!(Operand);

/// SQL as the user wrote it, with one value for each `?`; `??` is a literal `?`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    /// The text. Never quoted, never escaped.
    pub sql: String,
    /// The places of its values.
    #[serde(default)]
    pub values: Vec<u32>,
}

/// A query inside of a query.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubQuery {
    /// The inner query.
    pub query: Box<SelectQuery>,
    /// What its result is called, where it needs a name.
    pub alias: Option<String>,
}
