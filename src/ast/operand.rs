//! [`Operand`]: either side of a condition, a cell of an insert, a column of a select.

use serde::Deserialize;

use super::SelectQuery;
use crate::json::{tagged, untagged};

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
    /// A random number, to sort by.
    Random {
        /// Makes the numbers the same each time, where the database can.
        seed: Option<i64>,
    },
    /// The place of a column's value in a list, counted from 0; after the list's end for any other
    /// value. To sort by.
    Position {
        /// The column.
        column: Box<Operand>,
        /// The list.
        values: Vec<Operand>,
    },
    /// How far a vector column is from a vector (cosine distance).
    VectorDistance {
        /// The column.
        column: String,
        /// The place of the vector, as the text of a list.
        vector: u32,
        /// What the distance is called, where it is read.
        alias: Option<String>,
    },
    /// The value at this place of the list of values.
    #[serde(skip)]
    Value(u32),
    /// A column: `name`, `table.name`, `*`, or a JSON path such as `meta->lang`. In a list of
    /// selected columns also `name as alias`.
    #[serde(skip)]
    Column(String),
}

tagged!(Operand, "kind", text: Self::Column, number: Self::Value);

/// Something that is looked for inside of JSON, or put there.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonCell {
    /// A value.
    Value(JsonValue),
    /// SQL, a column or a sub-query.
    Operand(Operand),
}

untagged!(JsonCell, |text| match serde_json::from_str(text) {
    Ok(value) => Ok(Self::Value(value)),
    Err(_) => serde_json::from_str(text).map(Self::Operand),
});

/// A value inside of JSON, in the forms that databases take it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonValue {
    /// The place of the value itself.
    pub value: u32,
    /// The place of its JSON text.
    pub json: u32,
    /// What it is.
    pub kind: JsonKind,
}

/// What a value is inside of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JsonKind {
    /// Text or a number.
    Scalar,
    /// `null`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// An array or an object.
    Composite,
}

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
