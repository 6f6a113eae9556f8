//! Deletes of rows that a sub-query finds.

use super::select::table_expressions;
use super::source::{source, target};
use super::update::rows_by_address;
use crate::ast::DeleteQuery;
use crate::dialect::SqlWriter;
use crate::error::Result;

/// Writes a delete whose rows, when they depend on joins or a limit, are found by the sub-query of
/// a row's own address (`ctid`, `rowid`).
///
/// # Errors
/// Those of its parts.
pub fn by_row_address(query: &DeleteQuery, address: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    target(query.rows.from.as_ref())?;
    table_expressions(&query.rows.expressions, sql)?;
    sql.push("delete from ");
    if let Some(from) = &query.rows.from {
        source(from, sql)?;
    }
    rows_by_address(&query.rows, address, sql)?;
    sql.dialect().returning(&query.returning, sql)
}
