//! The columns of tables.

use super::reader::Reader;
use super::sequences::Counting;
use crate::dialect::ansi::inspect::Row;
use crate::dialect::postgres::read_type::read_type;
use crate::error::Result;
use crate::schema::expression::bare;
use crate::schema::{Column, ColumnType, DefaultValue, Generated, Identity};

pub(super) fn read(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for &row in rows {
        let Some(table) = reader.table(row, "id")? else { continue };
        let (mut column, notes) = column(row)?;
        let is_visible = row.is_true("collation_is_visible")?;
        let (seen, hidden) =
            if is_visible { (row.text("collation")?, None) } else { (None, row.text("collation")?) };
        column.collation = seen;
        let place = format!("{}.{}", table.name, column.name);
        table.columns.push(column);
        for note in notes {
            reader.leave_out(&place, note);
        }
        if let Some(collation) = hidden {
            reader.leave_out(&place, format!("its collation {collation} is in another namespace"));
        }
        if row.is_true("is_stored_otherwise")? {
            reader.leave_out(&place, "how its values are stored");
        }
    }
    Ok(())
}

/// A column, and what cannot be said of it.
fn column(row: Row<'_>) -> Result<(Column, Vec<&'static str>)> {
    let mut notes = Vec::new();
    let mut column = Column::new(row.required("name")?, ColumnType::Text);
    read_type(&row.required("type")?, &mut column);
    column.nullable = Some(row.is_true("nullable")?);
    column.comment = row.text("comment")?;
    let expression = row.text("expression")?;
    let counting = Counting::read(row)?;
    let identity = row.text("identity")?.filter(|identity| !identity.is_empty());
    match (row.text("generated")?.as_deref(), expression) {
        (Some(when @ ("s" | "v")), Some(expression)) => {
            let expression = bare(&expression).to_owned();
            column.generated = Some(Generated { expression, is_path: false, stored: when == "s" });
        }
        (_, Some(sql))
            if sql.starts_with("nextval(") && column.column_type.is_integer() && counting.is_some() =>
        {
            column.auto_increment = true;
            let counts = row.text("counts")?.unwrap_or_default();
            let own = counting.clone().map(|counting| counting.without_defaults(&column.column_type));
            if own.and_then(|counting| counting.options()).is_some() || counts != row.required("type")? {
                notes.push("its sequence counts otherwise than that of a new serial");
            }
        }
        (_, Some(sql)) => column.default = Some(DefaultValue::Raw { sql }),
        (_, None) => {}
    }
    if let Some(identity) = identity {
        let counting = counting.unwrap_or_default().without_defaults(&column.column_type);
        column.auto_increment = true;
        column.identity = Some(Identity { always: identity == "a", options: counting.options() });
    }
    Ok((column, notes))
}
