//! Alterations of a table that is known: natively where `alter table` can, else by a copy.
//!
//! Neighbouring changes that need a copy share one; what can be done natively stays so, in the
//! order of the changes.

use super::altered::{constraint, copy, keep, keep_inlined};
use super::legality::{can_be_added, is_held, reads};
use super::rebuild::rebuild;
use super::schema::{Sqlite, add_index, drop_index};
use crate::dialect::ansi::table::{Group, Scope};
use crate::dialect::rebuild::Step;
use crate::dialect::schema::SchemaDialect;
use crate::error::{Error, ErrorCode, Result};
use crate::schema::{Change, Database, Index, IndexKind, Table};

/// Whether the changes of a table can only be planned knowing it.
#[must_use]
pub fn needs_current(group: &Group) -> bool {
    !group.is_new
        && group.changes.iter().any(|change| match change {
            Change::AddColumn { column, .. } => !can_be_added(column),
            Change::AddIndex { index, .. } => index.kind == IndexKind::Primary,
            Change::DropIndex { index, .. } => matches!(index.kind, IndexKind::Primary | IndexKind::Unique),
            Change::DropColumns { .. } | Change::RenameIndex { .. } => true,
            change => always_copies(change),
        })
}

fn always_copies(change: &Change) -> bool {
    matches!(
        change,
        Change::ChangeColumn { .. }
            | Change::AddForeignKey { .. }
            | Change::DropForeignKey { .. }
            | Change::AddCheck { .. }
            | Change::DropCheck { .. }
    )
}

/// The steps of the changes of one table; `now` becomes what the database is after them.
///
/// # Errors
/// `Unsupported` for what cannot be done or would lose something, `InvalidArgument` for a change of
/// something that is missing.
pub fn steps(dialect: &Sqlite, group: &Group, scope: &Scope<'_>, now: &mut Database) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut before: Option<Table> = None;
    // A table without columns is not known: what `add column` may refuse is left to it.
    let is_known = now.table(&group.table).is_some_and(|table| !table.columns.is_empty());
    for change in &group.changes {
        let change = without_position(change.clone());
        let way = match now.table(&group.table) {
            Some(_) if matches!(change, Change::AddColumn { .. }) && !is_known => Way::Native,
            Some(table) => way(&change, table, scope)?,
            None if always_copies(&change) && !group.is_new => return Err(missing(&group.table)),
            None => Way::Native,
        };
        if matches!(way, Way::Copy) {
            let table = now.table(&group.table).ok_or_else(|| missing(&group.table))?;
            before.get_or_insert_with(|| table.clone());
            copy(&change, &group.table, now)?;
            continue;
        }
        if let Some(before) = before.take() {
            steps.push(Step::Rebuild(Box::new(rebuild(&before, now, &group.table, scope)?)));
        }
        let statements = match way {
            Way::Statements(statements) => statements,
            _ => dialect.statements(&change, group, scope)?,
        };
        steps.extend(statements.into_iter().map(Step::Send));
        keep(change, now);
    }
    if let Some(before) = before.take() {
        steps.push(Step::Rebuild(Box::new(rebuild(&before, now, &group.table, scope)?)));
    }
    keep_inlined(group, now);
    Ok(steps)
}

/// How a change is made.
enum Way {
    /// By the statement for it.
    Native,
    /// By these statements.
    Statements(Vec<String>),
    /// By a copy of the table.
    Copy,
}

fn way(change: &Change, table: &Table, scope: &Scope<'_>) -> Result<Way> {
    Ok(match change {
        change if always_copies(change) => Way::Copy,
        Change::AddColumn { column, .. } if !can_be_added(column) => Way::Copy,
        Change::AddIndex { index, .. } | Change::DropIndex { index, .. }
            if index.kind == IndexKind::Primary =>
        {
            refuse_numbered(table, scope)?;
            Way::Copy
        }
        Change::DropIndex { index, .. } if constraint(table, index.name.as_deref()).is_some() => Way::Copy,
        Change::RenameIndex { index, .. } if constraint(table, Some(index)).is_some() => Way::Copy,
        Change::RenameIndex { table: name, index, to } => {
            let found = table.indexes.iter().find(|other| other.name.as_ref() == Some(index));
            let found = found.ok_or_else(|| Error::invalid(format!("{name} has no index {index}")))?;
            let renamed = Index { name: Some(to.clone()), ..found.clone() };
            Way::Statements(vec![drop_index(name, found, scope)?, add_index(name, &renamed, false, scope)?])
        }
        Change::DropColumns { table: name, columns, .. } => {
            if columns.iter().any(|column| is_held(column, table)) {
                return Ok(Way::Copy);
            }
            let mut statements = Vec::new();
            let gone = |index: &&Index| columns.iter().any(|column| reads(index, column));
            for index in table.indexes.iter().filter(gone) {
                statements.push(drop_index(name, index, scope)?);
            }
            for column in columns {
                statements.push(format!(
                    "alter table {} drop column {}",
                    scope.table(name),
                    scope.quote(column)
                ));
            }
            Way::Statements(statements)
        }
        _ => Way::Native,
    })
}

/// A table that is numbered by its primary key keeps it: no other column could number it.
fn refuse_numbered(table: &Table, scope: &Scope<'_>) -> Result<()> {
    match table.columns.iter().find(|column| column.numbers_rows()) {
        None => Ok(()),
        Some(column) => Err(scope.refuse(
            "other primary key than the column that numbers the rows: change() that column first",
            &table.name,
            Some(&column.name),
        )),
    }
}

/// A column stands where it stands: SQLite has no other places.
fn without_position(mut change: Change) -> Change {
    if let Change::AddColumn { column, .. } | Change::ChangeColumn { column, .. } = &mut change {
        column.position = None;
    }
    change
}

fn missing(table: &str) -> Error {
    let mut error = Error::new(ErrorCode::Query, format!("no such table: {table}"));
    error.detail.table = Some(table.to_owned());
    error
}
