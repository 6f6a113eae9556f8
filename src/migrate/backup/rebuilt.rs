//! [`rebuilt`]: SQLite alters most things by a copy that takes the table's name. The `drop table` in it loses
//! nothing but what the copy does not take over.

use super::destruction::{Destruction, Loss, Retyped, table_name};
use crate::config::DriverName;
use crate::migrate::sql::{Action, Cursor, Statement, tokens};
use crate::migrate::sql_statement::SqlStatement;
use crate::schema::TableName;

/// The tables that the statements replace by a copy.
pub(super) fn rebuilt(statements: &[SqlStatement], driver: DriverName) -> Vec<Destruction> {
    let all: Vec<_> = statements.iter().map(|it| (it.sql.as_str(), tokens(&it.sql, driver))).collect();
    let cursors: Vec<_> = all.iter().map(|(sql, tokens)| Cursor::new(sql, tokens, driver)).collect();
    let read: Vec<_> = cursors.iter().map(|cursor| Statement::read(*cursor)).collect();
    let fills: Vec<_> = cursors.iter().filter_map(|cursor| filled(*cursor)).collect();
    read.iter().filter_map(renamed).filter_map(|(copy, table)| copied(&read, &fills, &copy, table)).collect()
}

/// `alter table copy rename to table`.
fn renamed(statement: &Statement<'_>) -> Option<(TableName, TableName)> {
    let Statement::AlterTable { table, actions, .. } = statement else { return None };
    let [Action::RenameTable(to)] = actions.as_slice() else { return None };
    let copy = table_name(table.clone());
    let schema = copy.schema.clone();
    Some((copy, TableName { schema, name: to.name.clone() }))
}

/// `insert into copy (a, b) …`
fn filled(cursor: Cursor<'_, '_>) -> Option<(TableName, Vec<String>)> {
    let mut cursor = cursor;
    let into = cursor.take("insert into").then(|| cursor.name())??;
    let columns = cursor.group()?.list().filter_map(|mut part| part.part()).collect();
    Some((table_name(into), columns))
}

fn copied(
    read: &[Statement<'_>],
    fills: &[(TableName, Vec<String>)],
    copy: &TableName,
    table: TableName,
) -> Option<Destruction> {
    let is_dropped = read.iter().any(|statement| {
        matches!(statement, Statement::DropTables { tables, .. }
            if tables.iter().any(|dropped| table_name(dropped.clone()) == table))
    });
    is_dropped.then_some(())?;
    let made = read.iter().find_map(|statement| match statement {
        Statement::CreateTable(made) if table_name(made.name.clone()) == *copy => Some(made),
        _ => None,
    })?;
    let (_, kept) = fills.iter().find(|(into, _)| into == copy)?;
    let retyped = made.columns.iter().map(|column| Retyped::of(&column.name, column));
    let retyped = retyped.filter(|it| kept.contains(&it.column)).collect();
    Some(Destruction { table, loss: Loss::Copied { kept: kept.clone(), retyped } })
}
