//! Columns.

use super::read::{Reading, note};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::CatalogueRows;
use crate::dialect::sqlserver::defaults;
use crate::dialect::sqlserver::expression::from_catalogue;
use crate::dialect::sqlserver::inspect::full_type;
use crate::dialect::sqlserver::read_type::read_type;
use crate::error::Result;
use crate::schema::{Column, ColumnType, Generated};

/// Adds the columns to their tables, in order.
pub(super) fn read(reading: &mut Reading, rows: &CatalogueRows) -> Result<()> {
    for row in rows.about("columns")? {
        let Some(place) = reading.place(row)? else { continue };
        let column = column(reading, row)?;
        let name = format!("{}.{}", reading.database.tables[place].name, column.name);
        note(&mut reading.database, &name, "column", row)?;
        note_numbers(reading, &name, &column, row)?;
        if row.is_true("computed")? && column.generated.is_none() {
            let reason = "the expression that it is computed by may not be read";
            reading.database.leave_out(name, reason);
        }
        reading.database.tables[place].columns.push(column);
    }
    Ok(())
}

fn column(reading: &Reading, row: Row<'_>) -> Result<Column> {
    let mut column = Column::new(row.required("name")?, ColumnType::Computed);
    column.nullable = Some(row.is_true("nullable")?);
    column.comment = row.text("comment")?.filter(|comment| !comment.is_empty());
    if let Some(expression) = row.text("expression")? {
        let (expression, stored) = (from_catalogue(&expression), row.is_true("stored")?);
        column.generated = Some(Generated { expression, is_path: false, stored });
        return Ok(column);
    }
    read_type(&spelled(reading, row)?, &mut column);
    column.auto_increment = row.is_true("numbered")? && column.column_type.is_integer();
    if column.auto_increment {
        column.starting_value = row.number("start")?.filter(|start| *start != 1);
    }
    column.collation =
        row.text("collation")?.filter(|name| Some(name) != reading.database.storage.collation.as_ref());
    if let Some(definition) = row.text("default")? {
        column.default = defaults::from_catalogue(&definition, &column);
    }
    Ok(column)
}

/// The name of a type. One that users made is quoted, in its namespace where that is not the current
/// one.
fn spelled(reading: &Reading, row: Row<'_>) -> Result<String> {
    if !row.is_true("own_type")? {
        return full_type(row);
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (schema, name) = (row.required("type_schema")?, row.required("type_name")?);
    if reading.database.namespace.as_ref() == Some(&schema) {
        return Ok(quoted(&name));
    }
    Ok(format!("{}.{}", quoted(&schema), quoted(&name)))
}

/// What cannot be said about how rows are numbered.
fn note_numbers(reading: &mut Reading, name: &str, column: &Column, row: Row<'_>) -> Result<()> {
    if !row.is_true("numbered")? {
        return Ok(());
    }
    if !column.auto_increment {
        reading.database.leave_out(name, "only integers can be said to number the rows");
    } else if let Some(step) = row.number::<i64>("step")?.filter(|step| *step != 1) {
        reading.database.leave_out(name, format!("that it counts by {step} cannot be said"));
    }
    Ok(())
}
