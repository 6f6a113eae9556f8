//! What is kept as text: views, triggers, routines and sequences. And what is not kept.

use super::read::note;
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::CatalogueRows;
use crate::error::Result;
use crate::schema::{Database, Definition, View};

/// Adds everything that is no table.
pub(super) fn read(database: &mut Database, rows: &CatalogueRows) -> Result<()> {
    for row in rows.about("views")? {
        let Some(name) = name_of(database, row)? else { continue };
        note(database, &name, "view", row)?;
        database.views.push(View { name, definition: row.text("definition")?, materialized: false });
    }
    for row in rows.about("triggers")? {
        let Some(name) = name_of(database, row)? else { continue };
        let table = database.named(row.required("schema")?, row.required("table")?);
        note(database, &name, "trigger", row)?;
        database.triggers.push(Definition { name, table, definition: row.text("definition")? });
    }
    for row in rows.about("routines")? {
        let Some(name) = name_of(database, row)? else { continue };
        database.routines.push(Definition { name, table: None, definition: row.text("definition")? });
    }
    for row in rows.about("sequences")? {
        let Some(name) = name_of(database, row)? else { continue };
        let definition = Some(sequence(row)?);
        database.sequences.push(Definition { name, table: None, definition });
    }
    for row in rows.about("others")? {
        let Some(name) = name_of(database, row)? else { continue };
        database.leave_out(name, row.required("reason")?);
    }
    database.views.sort_by(|one, other| one.name.cmp(&other.name));
    for list in [&mut database.triggers, &mut database.routines, &mut database.sequences] {
        list.sort_by(|one, other| one.name.cmp(&other.name));
    }
    Ok(())
}

fn name_of(database: &mut Database, row: Row<'_>) -> Result<Option<String>> {
    Ok(database.named(row.required("schema")?, row.required("name")?))
}

/// The statement that makes a sequence ("CREATE SEQUENCE"). It is in no namespace but its own.
fn sequence(row: Row<'_>) -> Result<String> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let cycle = if row.is_true("cycles")? { "cycle" } else { "no cycle" };
    let cache = match (row.is_true("cached")?, row.text("cache")?) {
        (false, _) => " no cache".to_owned(),
        (true, Some(size)) => format!(" cache {size}"),
        (true, None) => String::new(), // as many as the server likes
    };
    Ok(format!(
        "create sequence {}.{} as {} start with {} increment by {} minvalue {} maxvalue {} {cycle}{cache}",
        quoted(&row.required("schema")?),
        quoted(&row.required("name")?),
        row.required("type")?,
        row.required("start")?,
        row.required("step")?,
        row.required("least")?,
        row.required("greatest")?,
    ))
}
