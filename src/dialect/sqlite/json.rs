//! JSON of SQLite: paths, conditions, changes.

use crate::ast::{JsonCell, JsonKind};
use crate::dialect::ansi::operand::operand;
use crate::dialect::ansi::update::target_column;
use crate::dialect::json_path::JsonStep;
use crate::dialect::{JsonChange, JsonPath, JsonSearch, SqlWriter};
use crate::error::{Error, Result};

/// Writes `function("meta", '$."lang"')`, without a path for a whole column.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn call(function: &str, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push(function).push("(").plain_column(path.column)?;
    if !path.steps.is_empty() {
        sql.push(", ").literal(&path.dollar_path(hash_minus));
    }
    sql.push(")");
    Ok(())
}

/// Writes a condition on the elements of an array, of which each has to be there.
///
/// # Errors
/// `Unsupported` for an element that is an array or an object: SQLite compares scalars.
pub fn contains(path: &JsonPath<'_>, search: JsonSearch<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    if search.items.is_empty() {
        // Every array holds nothing.
        return holds_array(path, sql);
    }
    let is_list = search.items.len() > 1;
    sql.push(if is_list { "(" } else { "" });
    for (at, item) in search.items.iter().enumerate() {
        if matches!(item, JsonCell::Value(value) if value.kind == JsonKind::Composite) {
            return Err(sql.dialect().lacks("search for arrays or objects inside of JSON"));
        }
        sql.push(if at == 0 { "exists (select 1 from " } else { " and exists (select 1 from " });
        call("json_each", path, sql)?;
        sql.push(" where \"json_each\".\"value\" is ");
        match item {
            JsonCell::Value(value) => {
                sql.bind(value.value);
            }
            JsonCell::Operand(value) => operand(value, sql)?,
        }
        sql.push(")");
    }
    sql.push(if is_list { ")" } else { "" });
    Ok(())
}

fn holds_array(path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    call("json_type", path, sql)?;
    sql.push(" = 'array'");
    Ok(())
}

/// `json_type("meta", '$."lang"') is not null`
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn contains_key(path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    call("json_type", path, sql)?;
    sql.push(" is not null");
    Ok(())
}

/// `json_patch(ifnull("meta", json('{}')), json(?))`. A patch can neither change an element of an
/// array, nor set `null`, nor take what SQL computes; `json_set` can.
///
/// # Errors
/// Those of the new values.
pub fn changed(changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
    let Some(last) = changes.last() else {
        return Err(Error::internal("a JSON column without changes is assigned"));
    };
    let document = |sql: &mut SqlWriter<'_>| -> Result<()> {
        sql.push("ifnull(");
        target_column(last.path.column, sql)?;
        sql.push(", json('{}'))");
        Ok(())
    };
    if let (Some(patch), true) = (last.patch, changes.iter().all(can_be_patched)) {
        sql.push("json_patch(");
        document(sql)?;
        sql.push(", json(").bind(patch).push("))");
        return Ok(());
    }
    sql.push("json_set(");
    document(sql)?;
    for change in changes {
        sql.push(", ").literal(&change.path.dollar_path(hash_minus)).push(", ");
        match change.value {
            JsonCell::Value(value) => {
                sql.push("json(").bind(value.json).push(")");
            }
            JsonCell::Operand(value) => operand(value, sql)?,
        }
    }
    sql.push(")");
    Ok(())
}

fn can_be_patched(change: &JsonChange<'_>) -> bool {
    let has_index = change.path.steps.iter().any(|step| matches!(step, JsonStep::Index(_)));
    !has_index && matches!(change.value, JsonCell::Value(value) if value.kind != JsonKind::Null)
}

/// SQLite counts from the number of elements: `#-1`.
fn hash_minus(place: &str) -> String {
    format!("#-{place}")
}
