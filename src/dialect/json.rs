//! What the dialects are given of JSON: [`JsonUse`], [`JsonSearch`], [`JsonChange`].

use super::ansi;
use super::json_path::JsonPath;
use super::writer::SqlWriter;
use crate::ast::JsonCell;
use crate::error::Result;

/// What a JSON path is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonUse {
    /// As text or number, to be read or compared.
    Scalar,
    /// As JSON, to be compared with JSON's `true` and `false`.
    Boolean,
}

/// Something of JSON that is looked for.
#[derive(Debug, Clone, Copy)]
pub struct JsonSearch<'a> {
    /// The whole of it.
    pub value: &'a JsonCell,
    /// The elements of an array; otherwise the whole alone.
    pub items: &'a [JsonCell],
}

impl JsonSearch<'_> {
    /// Writes the whole of it as JSON text, or as the SQL that it is.
    ///
    /// # Errors
    /// Those of the SQL.
    pub fn document(self, sql: &mut SqlWriter<'_>) -> Result<()> {
        match self.value {
            JsonCell::Value(value) => {
                sql.bind(value.json);
                Ok(())
            }
            JsonCell::Operand(value) => ansi::operand::operand(value, sql),
        }
    }
}

/// Where changes inside of one JSON column stand among the other assignments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonAssignments {
    /// Each where it was given: the column may be assigned several times.
    Each,
    /// All together, where the first one was given.
    AtFirst,
    /// All together, after the assignments of other columns.
    AtEnd,
}

/// One change inside of a JSON column.
#[derive(Debug, Clone)]
pub struct JsonChange<'a> {
    /// Where.
    pub path: JsonPath<'a>,
    /// What it becomes.
    pub value: &'a JsonCell,
    /// The place of the JSON text of all changes of the column.
    pub patch: Option<u32>,
}
