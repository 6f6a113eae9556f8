//! JSON of SQL Server: paths, conditions, changes.

use crate::ast::{JsonCell, JsonKind};
use crate::dialect::ansi::operand::operand;
use crate::dialect::{JsonChange, JsonPath, JsonSearch, JsonStep, SqlWriter};
use crate::error::{Error, Result};

/// Writes `function([meta], '$."lang"')`, without a path for a whole column.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn call(function: &str, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push(function).push("(").plain_column(path.column)?;
    if !path.steps.is_empty() {
        let text = dollar_path(path, sql)?;
        sql.push(", ").literal(&text);
    }
    sql.push(")");
    Ok(())
}

/// The path; SQL Server knows no places counted from the end.
fn dollar_path(path: &JsonPath<'_>, sql: &SqlWriter<'_>) -> Result<String> {
    if path.counts_from_end() {
        return Err(sql.dialect().lacks("places in JSON arrays counted from their end"));
    }
    Ok(path.dollar_path(ToOwned::to_owned))
}

/// `? in (select [value] from openjson([meta]))`, for each element of an array.
///
/// # Errors
/// `Unsupported` for an element that is an array or an object, and for an empty array.
pub fn contains(path: &JsonPath<'_>, search: JsonSearch<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    let is_composite =
        |item: &JsonCell| matches!(item, JsonCell::Value(value) if value.kind == JsonKind::Composite);
    if search.items.is_empty() || search.items.iter().any(is_composite) {
        return Err(sql.dialect().lacks("search for arrays or objects inside of JSON"));
    }
    let is_list = search.items.len() > 1;
    sql.push(if is_list { "(" } else { "" });
    for (at, item) in search.items.iter().enumerate() {
        sql.push(if at == 0 { "" } else { " and " });
        match item {
            // `openjson` answers text: `true`, not 1.
            JsonCell::Value(value) if matches!(value.kind, JsonKind::True | JsonKind::False) => {
                sql.bind(value.json);
            }
            JsonCell::Value(value) => {
                sql.bind(value.value);
            }
            JsonCell::Operand(value) => operand(value, sql)?,
        }
        sql.push(" in (select [value] from ");
        call("openjson", path, sql)?;
        sql.push(")");
    }
    sql.push(if is_list { ")" } else { "" });
    Ok(())
}

/// `'lang' in (select [key] from openjson([meta]))`
///
/// # Errors
/// `InvalidArgument` for a column without a path, or a name that cannot be quoted.
pub fn contains_key(path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    let Some((before, last)) = path.split_last() else {
        return Err(Error::invalid(format!(
            "{} is a column, not a JSON path such as meta->lang: a key is looked for inside of it",
            path.column
        )));
    };
    match last {
        JsonStep::Index(_) if path.counts_from_end() => {
            return Err(sql.dialect().lacks("places in JSON arrays counted from their end"));
        }
        JsonStep::Index(index) => sql.push(index),
        JsonStep::Key(key) => sql.literal(key),
    };
    sql.push(" in (select [key] from ");
    call("openjson", &before, sql)?;
    sql.push(")");
    Ok(())
}

/// `json_modify([meta], '$."lang"', ?)`, one around the other for several changes.
///
/// # Errors
/// Those of the new values.
pub fn changed(changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
    for _ in changes {
        sql.push("json_modify(");
    }
    for (at, change) in changes.iter().enumerate() {
        if at == 0 {
            sql.plain_column(change.path.column)?;
        }
        let path = dollar_path(&change.path, sql)?;
        sql.push(", ").literal(&path).push(", ");
        cell(change.value, sql)?;
        sql.push(")");
    }
    Ok(())
}

/// Writes a new value, so that `json_modify` knows what it is.
fn cell(cell: &JsonCell, sql: &mut SqlWriter<'_>) -> Result<()> {
    let value = match cell {
        JsonCell::Operand(value) => return operand(value, sql),
        JsonCell::Value(value) => value,
    };
    match value.kind {
        JsonKind::True => sql.push("cast(1 as bit)"),
        JsonKind::False => sql.push("cast(0 as bit)"),
        JsonKind::Composite => sql.push("json_query(").bind(value.json).push(")"),
        JsonKind::Scalar | JsonKind::Null => sql.bind(value.value),
    };
    Ok(())
}
