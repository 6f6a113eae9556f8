//! Assignments, and updates of rows that a sub-query finds.

use super::operand::{operand, separated};
use super::predicate;
use super::select::{select, table_expressions};
use super::source::{source, target};
use crate::ast::{Assigned, Assignment, Operand, SelectQuery, UpdateQuery};
use crate::dialect::{JsonAssignments, JsonChange, JsonPath, SqlWriter};
use crate::error::{Error, Result};

/// Writes `a = ?, b = b + 1`. `excluded` writes the value that an insert wanted to give a column.
///
/// # Errors
/// Those of the operands; `InvalidArgument` for an amount that is no number.
pub fn assignments<'a>(
    set: &[Assignment],
    sql: &mut SqlWriter<'a>,
    mut excluded: impl FnMut(&str, &mut SqlWriter<'a>) -> Result<()>,
) -> Result<()> {
    if set.is_empty() {
        return Err(Error::invalid("there is nothing to change: no column was given"));
    }
    let pieces = pieces(set, sql.dialect().json_assignments())?;
    separated(&pieces, sql, |piece, sql| match piece {
        Piece::Json { column, changes } => {
            assigned(column, sql)?;
            sql.dialect().json_changed(changes, sql)
        }
        Piece::Whole(Assignment::Set(Assigned { column, value })) => {
            assigned(column, sql)?;
            operand(value, sql)
        }
        Piece::Whole(Assignment::Increment { column, amount }) => changed(column, " + ", amount, sql),
        Piece::Whole(Assignment::Decrement { column, amount }) => changed(column, " - ", amount, sql),
        Piece::Whole(Assignment::Excluded { column }) => {
            assigned(column, sql)?;
            excluded(column, sql)
        }
        Piece::Whole(Assignment::Json { .. }) => {
            Err(Error::internal("a JSON change stands among its column's"))
        }
    })
}

/// What stands between two commas of `set`.
enum Piece<'a> {
    Whole(&'a Assignment),
    /// Changes inside of one JSON column.
    Json {
        column: &'a str,
        changes: Vec<JsonChange<'a>>,
    },
}

/// Gathers the changes inside of each JSON column.
fn pieces(set: &[Assignment], placing: JsonAssignments) -> Result<Vec<Piece<'_>>> {
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(set.len());
    let mut last: Vec<Piece<'_>> = Vec::new();
    for item in set {
        let Assignment::Json { column, value, patch } = item else {
            pieces.push(Piece::Whole(item));
            continue;
        };
        let change = JsonChange { path: JsonPath::of(column)?, value, patch: *patch };
        let target = if placing == JsonAssignments::AtEnd { &mut last } else { &mut pieces };
        let known = target.iter_mut().find_map(|piece| match piece {
            Piece::Json { column, changes } if *column == change.path.column => Some(changes),
            _ => None,
        });
        match known {
            Some(changes) if placing != JsonAssignments::Each => changes.push(change),
            _ => target.push(Piece::Json { column: change.path.column, changes: vec![change] }),
        }
    }
    // A column that is assigned as a whole too takes the later assignment, as SQLite reads it.
    pieces.retain(|piece| !matches!(piece, Piece::Whole(Assignment::Set(Assigned { column, .. })) if last.iter().any(|json| matches!(json, Piece::Json { column: changed, .. } if changed == column))));
    pieces.append(&mut last);
    Ok(pieces)
}

/// Writes `column = `.
fn assigned(column: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    target_column(column, sql)?;
    sql.push(" = ");
    Ok(())
}

/// Writes a column of the changed table, as assignments name it.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn target_column(column: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    if sql.dialect().sets_bare_columns() {
        sql.name(column.rsplit('.').next().unwrap_or(column))?;
    } else {
        sql.plain_column(column)?;
    }
    Ok(())
}

/// Writes `column = column + amount`.
fn changed(column: &str, operator: &str, amount: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    if !is_number(amount) {
        return Err(Error::invalid(format!("the amount by which {column} changes is no number")));
    }
    assigned(column, sql)?;
    sql.plain_column(column)?.push(operator).push(amount);
    Ok(())
}

/// Whether a text is a number as SQL writes it: `-12.5e3`.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    [whole, fraction, exponent]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Refuses a value of an insert that never was.
///
/// # Errors
/// Always `Internal`.
pub fn no_excluded(_: &str, _: &mut SqlWriter<'_>) -> Result<()> {
    Err(Error::internal("`excluded` stands only in the conflict of an insert"))
}

/// Writes an update whose rows, when they depend on joins or a limit, are found by the sub-query
/// of a row's own address (`ctid`, `rowid`).
///
/// # Errors
/// Those of its parts.
pub fn by_row_address(query: &UpdateQuery, address: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    target(query.rows.from.as_ref())?;
    table_expressions(&query.rows.expressions, sql)?;
    sql.push("update ");
    if let Some(from) = &query.rows.from {
        source(from, sql)?;
    }
    sql.push(" set ");
    assignments(&query.set, sql, no_excluded)?;
    rows_by_address(&query.rows, address, sql)?;
    sql.dialect().returning(&query.returning, sql)
}

/// Writes the `where` of an update or a delete.
///
/// # Errors
/// Those of the conditions.
pub fn rows_by_address(rows: &SelectQuery, address: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    if rows.joins.is_empty() && rows.limit.is_none() && rows.offset.is_none() {
        return predicate::clause(" where ", &rows.wheres, sql);
    }
    let (_, alias) = target(rows.from.as_ref())?;
    let found = SelectQuery {
        columns: vec![Operand::Column(format!("{alias}.{address}"))],
        // They stand in front of the whole statement.
        expressions: Vec::new(),
        ..rows.clone()
    };
    sql.push(" where ").name(address)?.push(" in (");
    select(&found, sql)?;
    sql.push(")");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_number;

    #[test]
    fn amounts_are_numbers_and_nothing_else() {
        for number in ["1", "-1", "12.50", "1e21", "1.5e-7", "99999999999999999999"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["", "-", "1, a = 2", "NaN", "Infinity", ".", "1.", "e5", "1e", "--1", "1 ", "0x10"] {
            assert!(!is_number(other), "{other}");
        }
    }
}
