//! Foreign keys and checks.

use std::collections::HashMap;

use super::columns::make_json;
use super::read::Found;
use crate::dialect::catalogue::CatalogueRows;
use crate::dialect::mysql::expression::{from_mysql, one_spelling};
use crate::error::{Error, Result};
use crate::schema::expression::{Token, bare, tokens};
use crate::schema::{Check, ColumnType, Database, ForeignKey, ReferentialAction, Table};

/// Adds the foreign keys to their tables.
pub(super) fn read_foreign_keys(
    found: &mut Found,
    database: &mut Database,
    rows: &CatalogueRows,
) -> Result<()> {
    let mut actions = HashMap::new();
    for row in rows.about("actions")? {
        let key = (row.required("schema")?, row.required("table")?, row.required("name")?);
        let rules = (row.required("on_delete")?, row.required("on_update")?);
        actions.insert(key, (action(&rules.0)?, action(&rules.1)?));
    }
    let mut parts = rows
        .about("keys")?
        .into_iter()
        .map(|row| Ok((row.number("position")?, row)))
        .collect::<Result<Vec<_>>>()?;
    parts.sort_by_key(|(position, _)| *position);
    for (position, row) in parts {
        let Some(table) = found.of(row)? else { continue };
        let name = row.required("name")?;
        let (column, foreign_column) = (row.required("column")?, row.required("foreign_column")?);
        if let Some(key) = table.foreign_keys.iter_mut().find(|key| key.name.as_ref() == Some(&name)) {
            key.columns.push(column);
            key.references.push(foreign_column);
            continue;
        }
        if position != Some(1) {
            continue; // the rest of a key that is left out
        }
        let place = format!("{}.{name}", table.name);
        let foreign = (row.required("foreign_schema")?, row.required("foreign_table")?);
        let Some(on) = database.named(foreign.0, foreign.1) else {
            database.leave_out(place, "the name of the table that it refers to holds a dot");
            continue;
        };
        let key = (row.required("schema")?, row.required("table")?, name.clone());
        let (on_delete, on_update) = actions.get(&key).copied().unwrap_or_default();
        table.foreign_keys.push(ForeignKey {
            columns: vec![column],
            on,
            references: vec![foreign_column],
            name: Some(name),
            on_delete,
            on_update,
            ..ForeignKey::default()
        });
    }
    Ok(())
}

fn action(rule: &str) -> Result<Option<ReferentialAction>> {
    Ok(match rule.to_uppercase().as_str() {
        "CASCADE" => Some(ReferentialAction::Cascade),
        "RESTRICT" => Some(ReferentialAction::Restrict),
        "SET NULL" => Some(ReferentialAction::SetNull),
        "SET DEFAULT" => Some(ReferentialAction::SetDefault),
        "NO ACTION" => Some(ReferentialAction::NoAction),
        _ => return Err(Error::internal(format!("a foreign key has the unknown action {rule}"))),
    })
}

/// Adds the checks to their tables. The one that is MariaDB's `json` makes its column that.
pub(super) fn read_checks(
    found: &mut Found,
    database: &mut Database,
    rows: &CatalogueRows,
    is_mariadb: bool,
) -> Result<()> {
    for row in rows.about("checks")? {
        let Some(table) = found.of(row)? else { continue };
        let name = row.required("name")?;
        let printed = row.required("expression")?;
        let expression = if is_mariadb { one_spelling(&printed) } else { from_mysql(&printed) };
        let expression = bare(&expression).to_owned();
        let place = format!("{}.{name}", table.name);
        if row.required("level")? == "Column" {
            if is_json(&expression, &name, table) {
                let collation = table.options.collation.clone();
                for column in table.columns.iter_mut().filter(|column| column.name == name) {
                    make_json(column, collation.as_deref());
                }
                continue;
            }
            let reason = "the check belongs to its column: only a change of the column drops it";
            database.leave_out(place, reason);
        } else if !row.is_true("enforced")? {
            database.leave_out(place, "that the check is not enforced cannot be said");
        }
        table.checks.push(Check { name: Some(name), expression, not_valid: false });
    }
    Ok(())
}

/// Whether the check of a column is the one that `json` stands for.
fn is_json(expression: &str, column: &str, table: &Table) -> bool {
    let is_text = table.column(column).is_some_and(|column| column.column_type == ColumnType::LongText);
    let all = tokens(expression);
    let [Token::Word(function), Token::Sign("("), name @ Token::Name(_), Token::Sign(")")] = all.as_slice()
    else {
        return false;
    };
    is_text && function.eq_ignore_ascii_case("json_valid") && name.name().as_deref() == Some(column)
}
