//! JSON of PostgreSQL: paths, conditions, changes.

use crate::ast::JsonCell;
use crate::dialect::ansi::operand::operand;
use crate::dialect::ansi::update::target_column;
use crate::dialect::json_path::JsonStep;
use crate::dialect::{JsonChange, JsonPath, SqlWriter};
use crate::error::{Error, Result};

/// Writes `"meta"->'a'->0`, the last step with `last_arrow`.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn arrows(path: &JsonPath<'_>, last_arrow: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.plain_column(path.column)?;
    let last = path.steps.len().saturating_sub(1);
    for (at, step) in path.steps.iter().enumerate() {
        sql.push(if at == last { last_arrow } else { "->" });
        // A number is the place in an array.
        match step.index() {
            Some(index) => sql.push(&index.to_string()),
            None => sql.literal(step.text()),
        };
    }
    Ok(())
}

/// Writes what is at a path as `jsonb`: `("meta"->'a')::jsonb`.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn document(path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push("(");
    arrows(path, "->", sql)?;
    sql.push(")::jsonb");
    Ok(())
}

/// `coalesce(("meta")::jsonb ? 'a', false)`; for the place in an array, whether it is long enough.
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
    let Some(index) = last.index() else {
        sql.push("coalesce(");
        document(&before, sql)?;
        sql.push(" ? ").literal(last.text()).push(", false)");
        return Ok(());
    };
    let needed = if index < 0 { index.unsigned_abs() } else { index.unsigned_abs() + 1 };
    sql.push("case when jsonb_typeof(");
    document(&before, sql)?;
    sql.push(") = 'array' then jsonb_array_length(");
    document(&before, sql)?;
    sql.push(") >= ").number(needed).push(" else false end");
    Ok(())
}

/// `jsonb_set("meta"::jsonb, '{"a",0}', ?)`, one around the other for several changes.
///
/// # Errors
/// Those of the new values.
pub fn changed(changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
    for _ in changes {
        sql.push("jsonb_set(");
    }
    for (at, change) in changes.iter().enumerate() {
        if at == 0 {
            target_column(change.path.column, sql)?;
            sql.push("::jsonb");
        }
        sql.push(", ").literal(&path_array(&change.path)).push(", ");
        match change.value {
            JsonCell::Value(value) => {
                sql.bind(value.json);
            }
            JsonCell::Operand(value) => operand(value, sql)?,
        }
        sql.push(")");
    }
    Ok(())
}

/// `{"a",0}`: a path as the text of an array.
fn path_array(path: &JsonPath<'_>) -> String {
    let steps = path.steps.iter().map(|step| match step.index() {
        Some(index) if matches!(step, JsonStep::Index(_)) => index.to_string(),
        _ => format!("\"{}\"", step.text().replace('\\', "\\\\").replace('"', "\\\"")),
    });
    format!("{{{}}}", steps.collect::<Vec<_>>().join(","))
}
