//! Foreign keys and checks.

use super::read::{Reading, note};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::CatalogueRows;
use crate::dialect::sqlserver::expression::{from_catalogue, listed_values};
use crate::error::{Error, Result};
use crate::schema::{Check, ColumnType, ForeignKey, ReferentialAction, Table};

/// Adds the foreign keys to their tables.
pub(super) fn read_foreign_keys(reading: &mut Reading, rows: &CatalogueRows) -> Result<()> {
    let mut left_out: Option<(usize, String)> = None;
    for row in rows.about("keys")? {
        let Some(place) = reading.place(row)? else { continue };
        let name = row.required("name")?;
        let this = Some((place, name.clone()));
        if left_out == this {
            continue;
        }
        let (column, foreign_column) = (row.required("column")?, row.required("foreign_column")?);
        let keys = &mut reading.database.tables[place].foreign_keys;
        if let Some(key) = keys.last_mut().filter(|key| key.name.as_ref() == Some(&name)) {
            key.columns.push(column);
            key.references.push(foreign_column);
            continue;
        }
        let full = format!("{}.{name}", reading.database.tables[place].name);
        let foreign = (row.required("foreign_schema")?, row.required("foreign_table")?);
        let Some(on) = reading.database.named(foreign.0, foreign.1) else {
            reading.database.leave_out(full, "the name of the table that it refers to holds a dot");
            left_out = this;
            continue;
        };
        note(&mut reading.database, &full, "foreign key", row)?;
        let (on_delete, on_update) = (action(row, "on_delete")?, action(row, "on_update")?);
        let key = ForeignKey {
            columns: vec![column],
            on,
            references: vec![foreign_column],
            name: Some(name),
            on_delete,
            on_update,
            not_valid: row.is_true("untrusted")?,
            ..ForeignKey::default()
        };
        reading.database.tables[place].foreign_keys.push(key);
    }
    Ok(())
}

/// What happens; none for `NO_ACTION`, which is what an unsaid one is.
fn action(row: Row<'_>, column: &str) -> Result<Option<ReferentialAction>> {
    let text = row.required(column)?;
    Ok(match text.as_str() {
        "NO_ACTION" => None,
        "CASCADE" => Some(ReferentialAction::Cascade),
        "SET_NULL" => Some(ReferentialAction::SetNull),
        "SET_DEFAULT" => Some(ReferentialAction::SetDefault),
        _ => return Err(Error::internal(format!("{text} is no referential action"))),
    })
}

/// Adds the checks to their tables. The nameless one of a column that lists its values is the type of
/// the column: an enumeration.
pub(super) fn read_checks(reading: &mut Reading, rows: &CatalogueRows) -> Result<()> {
    for row in rows.about("checks")? {
        let Some(place) = reading.place(row)? else { continue };
        let name = row.required("name")?;
        let full = format!("{}.{name}", reading.database.tables[place].name);
        let Some(definition) = row.text("definition")? else {
            reading.database.leave_out(full, "its condition may not be read");
            continue;
        };
        let expression = from_catalogue(&definition);
        let is_enforced = row.text("more")?.is_none_or(|more| more.is_empty());
        let is_nameless = row.is_true("unnamed")? && is_enforced && !row.is_true("untrusted")?;
        if is_nameless && make_enumeration(&mut reading.database.tables[place], &expression) {
            continue;
        }
        note(&mut reading.database, &full, "check", row)?;
        let check = Check { name: Some(name), expression, not_valid: row.is_true("untrusted")? };
        reading.database.tables[place].checks.push(check);
    }
    Ok(())
}

/// Whether a column has become an enumeration. One that has is none a second time.
fn make_enumeration(table: &mut Table, condition: &str) -> bool {
    for column in &mut table.columns {
        if column.column_type == (ColumnType::String { length: Some(255) })
            && let Some(values) = listed_values(condition, &column.name)
        {
            column.column_type = ColumnType::Enum { values };
            return true;
        }
    }
    false
}
