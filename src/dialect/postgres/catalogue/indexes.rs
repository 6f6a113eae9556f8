//! The primary keys, unique constraints and indexes of tables.

use super::reader::Reader;
use crate::dialect::ansi::inspect::Row;
use crate::dialect::postgres::index_forms::shorter;
use crate::error::Result;
use crate::schema::expression::bare;
use crate::schema::{Index, IndexColumn, IndexKind, NullsOrder, Table};

/// `indoption`: from the greatest to the least, and `NULL` first.
const DESCENDING: u8 = 1;
const NULLS_FIRST: u8 = 2;

pub(super) fn read(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for rows in rows.chunk_by(|one, next| one.cell("id").ok() == next.cell("id").ok()) {
        let Some(&row) = rows.first() else { continue };
        let Some(table) = reader.table(row, "table_id")? else { continue };
        if let Some(reason) = unsayable(rows)? {
            let place = format!("{}.{}", table.name, row.required("name")?);
            reader.leave_out(place, reason);
        } else {
            let index = index(rows, row, table)?;
            table.indexes.push(index);
        }
    }
    Ok(())
}

/// Why an index cannot be said.
fn unsayable(rows: &[Row<'_>]) -> Result<Option<String>> {
    for &row in rows {
        let reason = match () {
            () if row.text("constraint_type")?.as_deref() == Some("x") => "it is an exclusion constraint",
            () if !row.is_true("is_valid")? => "invalid",
            () if row.is_true("is_period")? => "it compares periods",
            () if !row.is_true("class_is_visible")? => "its operator class is in another namespace",
            () if !row.is_true("collation_is_visible")? => "its collation is in another namespace",
            () if row.text("class_options")?.is_some() => "its operator class has options",
            () => match row.text("options")? {
                Some(options) => return Ok(Some(format!("its storage parameters: {options}"))),
                None => continue,
            },
        };
        return Ok(Some(reason.to_owned()));
    }
    Ok(None)
}

fn index(rows: &[Row<'_>], row: Row<'_>, table: &Table) -> Result<Index> {
    let constraint = row.text("constraint_type")?;
    let kind = match () {
        () if row.is_true("is_primary")? => IndexKind::Primary,
        () if row.is_true("is_unique")? => IndexKind::Unique,
        () => IndexKind::Index,
    };
    let mut index = Index::new(kind, Vec::new());
    index.name = Some(row.required("name")?);
    index.without_constraint = kind == IndexKind::Unique && constraint.is_none();
    index.nulls_not_distinct = row.is_true("nulls_are_equal")?.then_some(true);
    index.deferrable = row.is_true("is_deferrable")?.then_some(true);
    index.initially_immediate = row.is_true("is_deferred")?.then_some(false);
    index.predicate = row.text("predicate")?.map(|sql| bare(&sql).to_owned());
    index.algorithm = row.text("method")?.filter(|method| method != "btree");
    for &row in rows {
        let column = row.text("column")?;
        if row.is_true("is_key")? {
            index.columns.push(part(column, row)?);
        } else {
            index.include.extend(column);
        }
    }
    Ok(shorter(index, table))
}

/// A column or expression.
fn part(column: Option<String>, row: Row<'_>) -> Result<IndexColumn> {
    let ordering: u8 = row.text("ordering")?.and_then(|bits| bits.parse().ok()).unwrap_or_default();
    let (descending, nulls_first) = (ordering & DESCENDING != 0, ordering & NULLS_FIRST != 0);
    let names_collation = row.is_true("names_collation")?;
    Ok(IndexColumn {
        column,
        expression: row.text("expression")?.map(|sql| bare(&sql).to_owned()),
        length: None,
        descending,
        nulls: (descending != nulls_first).then_some(if nulls_first {
            NullsOrder::First
        } else {
            NullsOrder::Last
        }),
        operator_class: row.text("class")?,
        collation: row.text("collation")?.filter(|_| names_collation),
    })
}
