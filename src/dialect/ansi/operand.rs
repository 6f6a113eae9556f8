//! Columns, values, raw SQL, sub-queries.

use crate::ast::{Operand, SubQuery};
use crate::dialect::SqlWriter;
use crate::dialect::ansi::select::select;
use crate::error::{Error, Result};

/// Writes one operand.
///
/// # Errors
/// Those of its parts; `Internal` for the default of a cell outside of an insert.
pub fn operand(operand: &Operand, sql: &mut SqlWriter<'_>) -> Result<()> {
    match operand {
        Operand::Column(column) => {
            sql.column(column)?;
        }
        Operand::Value(index) => {
            sql.bind(*index);
        }
        Operand::Raw(raw) => {
            sql.raw(&raw.sql, &raw.values)?;
        }
        Operand::Query(query) => sub_query(query, sql)?,
        Operand::Random { seed } => sql.dialect().random(*seed, sql),
        Operand::Position { column, values } => position(column, values, sql)?,
        Operand::VectorDistance { column, vector, alias } => {
            sql.dialect().vector_distance(column, *vector, sql)?;
            if let Some(alias) = alias {
                sql.push(" as ").name(alias)?;
            }
        }
        Operand::Default => return Err(Error::internal("`default` stands only for a cell of an insert")),
    }
    Ok(())
}

/// `case when "status" = ? then 0 when "status" = ? then 1 else 2 end`
fn position(column: &Operand, values: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push("case");
    for (value, at) in values.iter().zip(0..) {
        sql.push(" when ");
        operand(column, sql)?;
        sql.push(" = ");
        operand(value, sql)?;
        sql.push(" then ").number(at);
    }
    sql.push(" else ").number(values.len() as u64).push(" end");
    Ok(())
}

/// Writes operands with commas between them.
///
/// # Errors
/// Those of the operands.
pub fn list(operands: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
    separated(operands, sql, operand)
}

/// Writes columns to be read, with their aliases.
///
/// # Errors
/// Those of the columns.
pub fn selected(operands: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
    separated(operands, sql, |item, sql| match item {
        Operand::Column(column) => sql.selected_column(column).map(|_| ()),
        _ => operand(item, sql),
    })
}

/// Writes a query in parentheses, with its name if it has one.
///
/// # Errors
/// Those of the query.
pub fn sub_query(query: &SubQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push("(");
    select(&query.query, sql)?;
    sql.push(")");
    if let Some(alias) = &query.alias {
        sql.push(" as ").name(alias)?;
    }
    Ok(())
}

/// Writes items with `, ` between them.
///
/// # Errors
/// The first error of `write`.
pub fn separated<'a, T>(
    items: &[T],
    sql: &mut SqlWriter<'a>,
    mut write: impl FnMut(&T, &mut SqlWriter<'a>) -> Result<()>,
) -> Result<()> {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            sql.push(", ");
        }
        write(item, sql)?;
    }
    Ok(())
}
