//! Views, triggers and routines: what is kept as text.

use std::collections::HashMap;

use crate::dialect::catalogue::CatalogueRows;
use crate::error::Result;
use crate::schema::{Database, Definition, View};

/// Kind, schema and name: a function and a procedure may share theirs.
type Routine = (String, String, String);

/// Adds the views.
pub(super) fn views(database: &mut Database, rows: &CatalogueRows) -> Result<()> {
    for row in rows.about("views")? {
        let name = database.named(row.required("schema")?, row.required("name")?);
        let Some(name) = name else { continue };
        let definition = row.text("definition")?.filter(|sql| !sql.is_empty());
        database.views.push(View { name, definition, materialized: false });
    }
    database.views.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(())
}

/// Adds the triggers, each as the statement that makes it.
pub(super) fn triggers(database: &mut Database, rows: &CatalogueRows) -> Result<()> {
    for row in rows.about("triggers")? {
        let (schema, bare) = (row.required("schema")?, row.required("name")?);
        let on = row.required("table")?;
        let Some(name) = database.named(schema.clone(), bare.clone()) else { continue };
        let Some(table) = database.named(schema, on.clone()) else { continue };
        let (timing, event) = (row.required("timing")?.to_lowercase(), row.required("event")?.to_lowercase());
        let definition = row.text("body")?.map(|body| {
            format!("create trigger {} {timing} {event} on {} for each row {body}", quote(&bare), quote(&on))
        });
        database.triggers.push(Definition { name, table: Some(table), definition });
    }
    database.triggers.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(())
}

/// Adds the functions and procedures, each as the statement that makes it. Events are left out.
pub(super) fn routines(database: &mut Database, rows: &CatalogueRows) -> Result<()> {
    let mut inputs: HashMap<Routine, Vec<(Option<u32>, String)>> = HashMap::new();
    for row in rows.about("inputs")? {
        let routine = (row.required("kind")?, row.required("schema")?, row.required("name")?);
        let (input, of_type) = (row.text("input")?.unwrap_or_default(), row.required("type")?);
        let mode = if routine.0 == "PROCEDURE" { row.text("mode")? } else { None };
        let mode = mode.map_or_else(String::new, |mode| format!("{} ", mode.to_lowercase()));
        let text = format!("{mode}{} {of_type}", quote(&input));
        inputs.entry(routine).or_default().push((row.number("position")?, text));
    }
    for row in rows.about("routines")? {
        let (kind, schema, bare) = (row.required("kind")?, row.required("schema")?, row.required("name")?);
        let Some(name) = database.named(schema.clone(), bare.clone()) else { continue };
        if kind == "EVENT" {
            database.leave_out(name, "events are not read");
            continue;
        }
        let mut takes = inputs.remove(&(kind.clone(), schema, bare.clone())).unwrap_or_default();
        takes.sort();
        let takes: Vec<_> = takes.into_iter().map(|(_, text)| text).collect();
        let mut head = format!("create {} {}({})", kind.to_lowercase(), quote(&bare), takes.join(", "));
        if let Some(of_type) = row.text("returns")?.filter(|_| kind == "FUNCTION") {
            head = format!("{head} returns {of_type}");
        }
        if row.is_true("deterministic")? {
            head.push_str(" deterministic");
        }
        head = format!("{head} {}", row.required("access")?.to_lowercase());
        if row.required("security")? == "INVOKER" {
            head.push_str(" sql security invoker");
        }
        if let Some(comment) = row.text("comment")?.filter(|comment| !comment.is_empty()) {
            head = format!("{head} comment '{}'", comment.replace('\\', "\\\\").replace('\'', "''"));
        }
        let definition = row.text("body")?.map(|body| format!("{} {body}", head.trim_end()));
        database.routines.push(Definition { name, table: None, definition });
    }
    database.routines.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(())
}

fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
