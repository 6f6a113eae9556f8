//! Rows, sub-selects, conflicts, `returning`.

use super::operand::{operand, selected, separated};
use super::select::select;
use super::update::assignments;
use crate::ast::{Conflict, InsertQuery, Operand, Rows};
use crate::dialect::SqlWriter;
use crate::error::{Error, Result};

/// Writes a whole insert.
///
/// # Errors
/// `Unsupported` for what the database lacks; `Internal` for rows that do not fit their columns.
pub fn insert(query: &InsertQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    let dialect = sql.dialect();
    sql.push(dialect.insert_verb(query)).table(&query.into)?;
    if !query.columns.is_empty() {
        sql.push(" (");
        columns(&query.columns, sql)?;
        sql.push(")");
    }
    dialect.insert_output(query, sql)?;
    match &query.rows {
        Rows::Query { query: found } => {
            sql.push(" ");
            select(found, sql)?;
        }
        Rows::Values { rows, .. } if query.columns.is_empty() => empty_rows(*rows as usize, sql)?,
        Rows::Cells { rows } if query.columns.is_empty() => empty_rows(rows.len(), sql)?,
        Rows::Values { first, rows: count } => {
            let place = (*first, *count);
            sql.rows_of_values(place, |sql| rows(query, sql.push(" values ")))?;
        }
        Rows::Cells { .. } => rows(query, sql.push(" values "))?,
    }
    if let Some(conflict) = &query.conflict {
        dialect.conflict(query, conflict, sql)?;
    }
    dialect.returning(&answered(query, dialect.capabilities().reports_insert_id), sql)
}

/// The columns that an insert answers as rows.
#[must_use]
pub fn answered(query: &InsertQuery, reports_insert_id: bool) -> Vec<Operand> {
    match &query.key {
        Some(key) if query.returning.is_empty() && !reports_insert_id => vec![Operand::Column(key.clone())],
        _ => query.returning.clone(),
    }
}

/// Writes names of columns with commas between them.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn columns(names: &[String], sql: &mut SqlWriter<'_>) -> Result<()> {
    separated(names, sql, |name, sql| sql.plain_column(name).map(|_| ()))
}

/// Writes `(?, ?), (?, ?)`.
///
/// # Errors
/// `Unsupported` for a default where the database has none for a cell.
pub fn rows(query: &InsertQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    let width = query.columns.len();
    match &query.rows {
        Rows::Values { first, rows } => {
            let mut index = *first;
            for row in 0..*rows {
                sql.push(if row == 0 { "(" } else { ", (" });
                for cell in 0..width {
                    if cell > 0 {
                        sql.push(", ");
                    }
                    sql.bind(index);
                    index += 1;
                }
                sql.push(")");
            }
            Ok(())
        }
        Rows::Cells { rows } => separated(rows, sql, |row, sql| {
            if row.len() != width {
                return Err(Error::internal("a row of an insert does not fit its columns"));
            }
            sql.push("(");
            separated(row, sql, cell)?;
            sql.push(")");
            Ok(())
        }),
        Rows::Query { .. } => Err(Error::internal("the rows of a query are not written as values")),
    }
}

fn cell(cell: &Operand, sql: &mut SqlWriter<'_>) -> Result<()> {
    if *cell != Operand::Default {
        return operand(cell, sql);
    }
    if !sql.dialect().capabilities().default_cells {
        return Err(sql
            .dialect()
            .lacks("`default` for a single cell: insert rows with different columns one group at a time"));
    }
    sql.push("default");
    Ok(())
}

fn empty_rows(count: usize, sql: &mut SqlWriter<'_>) -> Result<()> {
    if count != 1 {
        return Err(Error::invalid("rows without any column can only be inserted one at a time"));
    }
    sql.push(sql.dialect().empty_row());
    Ok(())
}

/// ` on conflict ("email") do update set "name" = "excluded"."name"`
///
/// # Errors
/// Those of its parts.
pub fn on_conflict(conflict: &Conflict, sql: &mut SqlWriter<'_>) -> Result<()> {
    let (Conflict::Ignore { target } | Conflict::Update { target, .. }) = conflict;
    sql.push(" on conflict");
    if !target.is_empty() {
        sql.push(" (");
        columns(target, sql)?;
        sql.push(")");
    }
    match conflict {
        Conflict::Ignore { .. } => {
            sql.push(" do nothing");
        }
        Conflict::Update { set, .. } => {
            sql.push(" do update set ");
            assignments(set, sql, |column, sql| {
                sql.name("excluded")?.push(".").name(column)?;
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// ` returning "id"`
///
/// # Errors
/// Those of the columns.
pub fn returning(columns: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    sql.push(" returning ");
    selected(columns, sql)
}
