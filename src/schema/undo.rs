//! [`undo`]: the changes that undo a list of changes, found from what was there before.

use super::{Change, Database, Irreversible, Position, Table, reverse};

/// The changes that bring `before` back after `changes` were applied to it, in order. Rows and values
/// that went are not brought back: only the structure is.
///
/// The changes say everything themselves, as for [`Database::apply`].
///
/// # Errors
/// The first change that cannot be undone, and why; or that cannot be applied to `before`.
pub fn undo<'c>(changes: &'c [Change], before: &Database) -> Result<Vec<Change>, (&'c Change, String)> {
    let mut now = before.clone();
    let mut undone: Vec<Vec<Change>> = Vec::new();
    for change in changes {
        undone.push(undo_one(change, &now).map_err(|why| (change, why.reason().to_owned()))?);
        now.apply(change).map_err(|error| (change, error.message))?;
    }
    undone.reverse();
    Ok(undone.into_iter().flatten().collect())
}

fn undo_one(change: &Change, before: &Database) -> Result<Vec<Change>, Irreversible> {
    let table = change.table().and_then(|name| before.table(name));
    Ok(match (change, table) {
        (Change::DropTable { if_exists: true, .. }, None) => Vec::new(),
        (Change::DropTable { .. }, Some(table)) => vec![Change::CreateTable { table: table.clone() }],
        (Change::CommentTable { table: name, .. }, Some(table)) => {
            let comment = table.comment.clone().unwrap_or_default();
            vec![Change::CommentTable { table: name.clone(), comment }]
        }
        (Change::ChangeColumn { table: name, column }, Some(table)) => {
            let found = table.column(&column.name).ok_or(Irreversible::Replaced)?;
            let mut old = found.clone();
            if column.position.is_some() {
                old.position = Some(position_of(&old.name, table));
            }
            vec![Change::ChangeColumn { table: name.clone(), column: old }]
        }
        (Change::DropColumns { table: name, columns, .. }, Some(table)) => dropped(name, columns, table),
        (Change::DropIndex { table: name, index }, Some(table)) => {
            let is_it = |other: &&super::Index| other.kind == index.kind && other.name == index.name;
            let found = table.indexes.iter().find(is_it).unwrap_or(index);
            if found.is_empty() {
                return Err(Irreversible::Forgotten);
            }
            vec![Change::AddIndex { table: name.clone(), index: found.clone() }]
        }
        (Change::DropForeignKey { table: name, foreign_key }, Some(table)) => {
            let found = table.foreign_keys.iter().find(|other| other.name == foreign_key.name);
            let foreign_key = found.ok_or(Irreversible::Forgotten)?.clone();
            vec![Change::AddForeignKey { table: name.clone(), foreign_key }]
        }
        (Change::DropCheck { table: name, check }, Some(table)) => {
            let found = table.checks.iter().find(|other| other.name == check.name);
            let check = found.ok_or(Irreversible::Forgotten)?.clone();
            vec![Change::AddCheck { table: name.clone(), check }]
        }
        (Change::CreateExtension { name }, _) if before.extensions.contains(name) => Vec::new(),
        _ => vec![reverse(change)?],
    })
}

/// The columns, each where it stood, and what went with them.
fn dropped(name: &str, columns: &[String], table: &Table) -> Vec<Change> {
    let mut changes = Vec::new();
    for column in table.columns.iter().filter(|column| columns.contains(&column.name)) {
        let mut column = column.clone();
        column.position = Some(position_of(&column.name, table));
        changes.push(Change::AddColumn { table: name.to_owned(), column });
    }
    let mut after = Database { tables: vec![table.clone()], ..Database::default() };
    let change =
        Change::DropColumns { table: name.to_owned(), columns: columns.to_vec(), instant: false, lock: None };
    let Ok(()) = after.apply(&change) else { return changes };
    let after = after.tables.remove(0);
    let gone = |table: &str| table.to_owned();
    for index in table.indexes.iter().filter(|index| !after.indexes.contains(index)) {
        changes.push(Change::AddIndex { table: gone(name), index: index.clone() });
    }
    for check in table.checks.iter().filter(|check| !after.checks.contains(check)) {
        changes.push(Change::AddCheck { table: gone(name), check: check.clone() });
    }
    for key in table.foreign_keys.iter().filter(|key| !after.foreign_keys.contains(key)) {
        changes.push(Change::AddForeignKey { table: gone(name), foreign_key: key.clone() });
    }
    changes
}

fn position_of(column: &str, table: &Table) -> Position {
    let at = table.columns.iter().position(|other| other.name == column).unwrap_or_default();
    at.checked_sub(1)
        .map_or(Position::First, |before| Position::After { column: table.columns[before].name.clone() })
}
