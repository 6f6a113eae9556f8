//! What is kept as text: views, sequences, triggers, routines; extensions and enumerated types; and
//! the notes about everything else.

use super::reader::Reader;
use crate::dialect::ansi::inspect::Row;
use crate::error::Result;
use crate::schema::{Definition, Enumeration, TableName, View};

pub(super) fn read_enumerations(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for rows in rows.chunk_by(|one, next| one.cell("id").ok() == next.cell("id").ok()) {
        let Some(&row) = rows.first() else { continue };
        let Some(name) = reader.name(row.text("namespace")?, &row.required("name")?) else { continue };
        let values = rows.iter().filter_map(|row| row.text("value").transpose()).collect::<Result<_>>()?;
        reader.database.enums.push(Enumeration { name, values });
    }
    Ok(())
}

pub(super) fn read(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for &row in rows {
        let (kind, bare_name) = (row.required("kind")?, row.required("name")?);
        let definition = row.text("definition")?;
        if kind == "extension" {
            reader.database.extensions.push(bare_name);
            continue;
        }
        let namespace = row.text("namespace")?;
        if kind == "trigger" {
            let entry = TableName { schema: namespace, name: row.required("table_name")? };
            let table = Some(reader.database.name_of(&entry));
            reader.database.triggers.push(Definition { name: bare_name, table, definition });
            continue;
        }
        let Some(mut name) = reader.name(namespace, &bare_name) else { continue };
        if let Some(types) = row.text("overload")? {
            name = format!("{name}({types})");
        }
        let database = &mut reader.database;
        match kind.as_str() {
            "view" | "stored view" => {
                database.views.push(View { name, definition, materialized: kind != "view" });
            }
            "sequence" => database.sequences.push(Definition { name, table: None, definition }),
            _ => database.routines.push(Definition { name, table: None, definition }),
        }
    }
    reader.database.views.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(())
}

pub(super) fn read_left_out(reader: &mut Reader, rows: &[Row<'_>]) -> Result<()> {
    for &row in rows {
        let entry = TableName { schema: row.text("namespace")?, name: row.required("name")? };
        let name = reader.database.name_of(&entry);
        let name = row.text("part")?.map_or_else(|| name.clone(), |part| format!("{name}.{part}"));
        reader.leave_out(name, row.required("reason")?);
    }
    Ok(())
}
