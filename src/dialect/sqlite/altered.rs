//! What the data becomes when a table is altered: what the statements after it are made from.

use super::legality::is_constraint;
use crate::dialect::ansi::table::Group;
use crate::error::{Error, Result};
use crate::schema::index::default_name;
use crate::schema::{Change, Column, Database, Index, IndexKind, Table};

/// The unique constraint that a name means: its own, or the one that it would be given.
#[must_use]
pub fn constraint<'t>(table: &'t Table, name: Option<&str>) -> Option<&'t Index> {
    let name = name?;
    table.indexes.iter().filter(|index| is_constraint(index)).find(|index| match &index.name {
        Some(own) => own == name,
        None => default_name(&table.name, &index.column_names(), index.kind.suffix()) == name,
    })
}

/// Makes a change in the data that a copy of the table is made of.
///
/// # Errors
/// `InvalidArgument` for a change of something that is missing.
pub fn copy(change: &Change, name: &str, now: &mut Database) -> Result<()> {
    if let Some(table) = now.table_mut(name) {
        name_what_is_meant(change, table);
    }
    now.apply(change)?;
    let Some(table) = now.table_mut(name) else { return Ok(()) };
    match change {
        // Names of foreign keys mean nothing to SQLite; only those that were there stay.
        Change::AddForeignKey { .. } => {
            if let Some(key) = table.foreign_keys.last_mut() {
                key.name = None;
            }
        }
        Change::ChangeColumn { column, .. } | Change::AddColumn { column, .. } => number(table, column)?,
        _ => {}
    }
    Ok(())
}

/// Keys without names are found by the names that they would be given, or by their columns.
fn name_what_is_meant(change: &Change, table: &mut Table) {
    let name = table.name.clone();
    match change {
        Change::DropForeignKey { foreign_key: wanted, .. } => {
            let keys = &mut table.foreign_keys;
            let at = keys.iter().position(|key| key.name == wanted.name).or_else(|| {
                keys.iter().position(|key| {
                    key.columns == wanted.columns
                        || key.name.is_none()
                            && wanted.name.as_ref() == Some(&default_name(&name, &key.columns, "foreign"))
                })
            });
            if let Some(key) = at.and_then(|at| keys.get_mut(at)) {
                key.name.clone_from(&wanted.name);
            }
        }
        Change::DropIndex { index: Index { name: Some(wanted), .. }, .. }
        | Change::RenameIndex { index: wanted, .. } => {
            let found = constraint(table, Some(wanted)).cloned();
            let found = table.indexes.iter_mut().find(|index| Some(&**index) == found.as_ref());
            if let Some(index) = found {
                index.name = Some(wanted.clone());
            }
        }
        _ => {}
    }
}

/// The column that numbers the rows is the primary key.
fn number(table: &mut Table, column: &Column) -> Result<()> {
    if !column.numbers_rows() {
        return Ok(());
    }
    let own = Index::new(IndexKind::Primary, vec![column.name.clone()]);
    match table.primary_key() {
        None => table.indexes.push(own),
        Some(key) if key.column_names() == own.column_names() => {}
        Some(_) => {
            let message = "SQLite numbers rows by their primary key alone: drop the primary key first";
            return Err(Error::invalid(format!("{}.{}: {message}", table.name, column.name)));
        }
    }
    Ok(())
}

/// Makes a change in the data that was made natively. What SQLite will refuse is no change.
pub fn keep(change: Change, now: &mut Database) {
    let change = match change {
        Change::AddIndex { table, index } if index.kind == IndexKind::Unique => {
            Change::AddIndex { table, index: Index { deferrable: None, ..index } } // it is no constraint
        }
        change => change,
    };
    let _ = now.apply(&change);
}

/// The keys of a new table, which are part of its statement.
pub fn keep_inlined(group: &Group, now: &mut Database) {
    let Some(table) = now.table_mut(&group.table).filter(|_| group.is_new) else { return };
    table.indexes.extend(group.inline_primary.clone());
    table.foreign_keys.extend(group.inline_foreign.clone());
    table.checks.extend(group.inline_checks.clone());
    if table.primary_key().is_none()
        && let Some(column) = table.columns.iter().find(|column| column.numbers_rows())
    {
        table.indexes.push(Index::new(IndexKind::Primary, vec![column.name.clone()]));
    }
}
