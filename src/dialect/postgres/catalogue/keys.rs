//! The foreign keys and checks of tables.

use super::reader::Reader;
use crate::dialect::ansi::inspect::Row;
use crate::error::Result;
use crate::schema::expression::bare;
use crate::schema::{Check, ForeignKey, ReferentialAction, TableName};

pub(super) fn read_foreign_keys(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for rows in rows.chunk_by(|one, next| one.cell("id").ok() == next.cell("id").ok()) {
        let Some(&row) = rows.first() else { continue };
        let Some(table) = reader.table(row, "table_id")? else { continue };
        let (place, name) = (table.name.clone(), row.required("name")?);
        let place = format!("{place}.{name}");
        let (namespace, on) = (row.text("on_namespace")?, row.required("on_table")?);
        let has_dot = on.contains('.') || namespace.as_ref().is_some_and(|name| name.contains('.'));
        let on = reader.database.name_of(&TableName { schema: namespace, name: on });
        let reason = match () {
            () if has_dot => Some("the name of the table that it refers to holds a dot"),
            () if row.is_true("is_full")? => Some("it is `match full`"),
            () if row.text("set_columns")?.is_some() => Some("its action sets some of its columns only"),
            () if row.is_true("is_period")? => Some("it compares periods"),
            () if !row.is_true("is_enforced")? => Some("it is not enforced"),
            () => None,
        };
        if let Some(reason) = reason {
            reader.leave_out(place, reason);
            continue;
        }
        let mut key = ForeignKey {
            on,
            name: Some(name),
            on_delete: action(row.text("on_delete")?.as_deref()),
            on_update: action(row.text("on_update")?.as_deref()),
            deferrable: row.is_true("is_deferrable")?.then_some(true),
            initially_immediate: row.is_true("is_deferred")?.then_some(false),
            not_valid: row.is_true("not_valid")?,
            ..ForeignKey::default()
        };
        for &row in rows {
            key.columns.push(row.required("column")?);
            key.references.push(row.required("on_column")?);
        }
        if let Some(table) = reader.table(row, "table_id")? {
            table.foreign_keys.push(key);
        }
    }
    Ok(())
}

/// `no action` is what is done without a word.
fn action(letter: Option<&str>) -> Option<ReferentialAction> {
    match letter? {
        "c" => Some(ReferentialAction::Cascade),
        "r" => Some(ReferentialAction::Restrict),
        "n" => Some(ReferentialAction::SetNull),
        "d" => Some(ReferentialAction::SetDefault),
        _ => None,
    }
}

pub(super) fn read_checks(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for &row in rows {
        let Some(table) = reader.table(row, "table_id")? else { continue };
        let name = row.required("name")?;
        let reason = match () {
            () if row.is_true("is_not_inherited")? => "it is not inherited",
            () if !row.is_true("is_enforced")? => "it is not enforced",
            () => {
                let expression = bare(&row.required("expression")?).to_owned();
                let not_valid = row.is_true("not_valid")?;
                table.checks.push(Check { name: Some(name), expression, not_valid });
                continue;
            }
        };
        let place = format!("{}.{name}", table.name);
        reader.leave_out(place, reason);
    }
    Ok(())
}
