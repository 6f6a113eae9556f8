//! Changes of columns on which something stands.
//!
//! The server alters no column that an index, a key or a check needs, except for a text that grows,
//! and drops none ("ALTER TABLE", `ALTER COLUMN` and `DROP COLUMN`). Where the table is known, they go
//! first, and come back after a change. Foreign keys of other tables are not: there the server refuses.

use super::schema::{SqlServer, described, drop_defaults, drop_nameless_checks, table_of};
use super::types::current;
use crate::dialect::ansi::table::{Group, Scope};
use crate::dialect::schema::SchemaDialect;
use crate::error::Result;
use crate::schema::expression::names_column;
use crate::schema::{Change, Column, ColumnType, Database, Table};

/// Whether a change needs to know what stands on a column.
pub fn touches_column(change: &Change) -> bool {
    matches!(change, Change::ChangeColumn { .. } | Change::DropColumns { .. })
}

/// The statements of the changes of one table; `database` is changed with them, where it has the table.
///
/// # Errors
/// As `SchemaDialect::statements`.
pub fn plan(
    dialect: &SqlServer,
    group: &Group,
    scope: &Scope<'_>,
    mut database: Option<&mut Database>,
) -> Result<Vec<String>> {
    let mut statements = Vec::new();
    for change in &group.changes {
        let table = database.as_ref().and_then(|database| database.table(&group.table));
        statements.extend(match table {
            Some(table) => around(dialect, change, table, group, scope)?,
            None => dialect.statements(change, group, scope)?,
        });
        if let Some(database) = database.as_mut() {
            // A change of what is not there is for the server to refuse.
            let _ = database.apply(change);
        }
    }
    for (column, changed) in group.columns() {
        statements.extend(dialect.after_column(&group.table, column, changed, scope));
    }
    Ok(statements)
}

/// The statements of one change, between those that make room for it and those that undo that.
fn around(
    dialect: &SqlServer,
    change: &Change,
    table: &Table,
    group: &Group,
    scope: &Scope<'_>,
) -> Result<Vec<String>> {
    let (freed, comes_back) = match change {
        Change::ChangeColumn { column, .. } => {
            let Some(before) = table.column(&column.name) else {
                return dialect.statements(change, group, scope);
            };
            if before.generated.is_none() && column.generated.is_none() {
                if described(&table.name, before, scope)? == described(&table.name, column, scope)? {
                    // Refused or not, as the statement that is left out would be.
                    scope.default_value(&table.name, column, current(&column.column_type))?;
                    let on = table_of(group, scope);
                    return Ok(vec![drop_defaults(&on, std::slice::from_ref(&column.name), scope)]);
                }
                if only_grows(before, column, scope) {
                    return dialect.statements(change, group, scope);
                }
            }
            (vec![column.name.clone()], true)
        }
        Change::DropColumns { columns, .. } => (columns.clone(), false),
        _ => return dialect.statements(change, group, scope),
    };
    let (mut statements, mut after) = (Vec::new(), Vec::new());
    for (drop, add) in standing_on(table, &freed) {
        statements.extend(dialect.statements(&drop, group, scope)?);
        if comes_back {
            after.push(add);
        }
    }
    // Keys refer to indexes, perhaps to one of this table.
    after.sort_by_key(|add| !matches!(add, Change::AddIndex { .. }));
    let becomes_enumeration = matches!(change, Change::ChangeColumn { column, .. }
        if matches!(column.column_type, ColumnType::Enum { .. }));
    for name in freed.iter().filter(|_| !becomes_enumeration) {
        let is_enumeration = |column: &Column| matches!(column.column_type, ColumnType::Enum { .. });
        if table.column(name).is_some_and(is_enumeration) {
            statements.push(drop_nameless_checks(&table_of(group, scope), name, scope));
        }
    }
    statements.extend(dialect.statements(change, group, scope)?);
    for add in after {
        statements.extend(dialect.statements(&add, group, scope)?);
    }
    Ok(statements)
}

/// Whether a text or bytes of the same kind only get longer.
fn only_grows(before: &Column, after: &Column, scope: &Scope<'_>) -> bool {
    let longer = match (&before.column_type, &after.column_type) {
        (ColumnType::String { length: before }, ColumnType::String { length: after }) => {
            after.unwrap_or(255) >= before.unwrap_or(255)
        }
        (
            ColumnType::Binary { length: Some(before), fixed: false },
            ColumnType::Binary { length: Some(after), fixed: false },
        ) => after >= before,
        _ => false,
    };
    longer && before.collation == after.collation && scope.is_nullable(before) == scope.is_nullable(after)
}

/// What stands on columns, as the change that removes it and the one that makes it: keys, checks,
/// indexes.
fn standing_on(table: &Table, columns: &[String]) -> Vec<(Change, Change)> {
    let name = || table.name.clone();
    let is_one = |column: &String| columns.contains(column);
    let reads = |sql: &String| columns.iter().any(|column| names_column(sql, column));
    let mut all = Vec::new();
    for key in table.foreign_keys.iter().filter(|key| key.columns.iter().any(is_one)) {
        let foreign_key = key.clone();
        all.push((
            Change::DropForeignKey { table: name(), foreign_key: foreign_key.clone() },
            Change::AddForeignKey { table: name(), foreign_key },
        ));
    }
    for check in table.checks.iter().filter(|check| reads(&check.expression)) {
        all.push((
            Change::DropCheck { table: name(), check: check.clone() },
            Change::AddCheck { table: name(), check: check.clone() },
        ));
    }
    for index in &table.indexes {
        let mut expressions = index.expression.iter().chain(&index.predicate);
        if columns.iter().any(|column| index.has_column(column)) || expressions.any(reads) {
            all.push((
                Change::DropIndex { table: name(), index: index.clone() },
                Change::AddIndex { table: name(), index: index.clone() },
            ));
        }
    }
    all
}
