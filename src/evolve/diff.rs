//! [`diff`]: the changes that make one structure another.

use super::order::referred_first;
use super::table_diff::{TableDiff, lost_keys};
use crate::config::DriverName;
use crate::dialect::schema::PlanOptions;
use crate::error::Result;
use crate::schema::{Change, Database, ForeignKey, Storage, Table};

/// What happens before what (migrations.md 4.3). Keys come after indexes: they refer to unique ones.
/// Computed columns go before and come after the columns that they read are altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    DropKeys,
    DropChecks,
    DropIndexes,
    DropComputed,
    DropPrimary,
    CreateTables,
    AddColumns,
    ChangeColumns,
    AddComputed,
    DropColumns,
    DropTables,
    AddPrimary,
    AddIndexes,
    AddChecks,
    AddKeys,
    Comments,
}

/// The changes that make `current` what `wanted` says, in an order in which they can be applied.
///
/// Both say everything themselves: see [`Database::apply`]. A name that is only in one of them is a
/// new or a dropped thing, never a renamed one. Compared are tables; views, types, sequences,
/// triggers, routines and extensions are not. The order of columns matters on MySQL only, and only
/// for new ones.
///
/// The changes are compiled without the connection's prefix, which the names have already.
///
/// # Errors
/// `Unsupported` for what no change can make of a table that is there, naming it.
pub fn diff(
    current: &Database,
    wanted: &Database,
    driver: DriverName,
    options: &PlanOptions,
) -> Result<Vec<Change>> {
    // Whichever of them was read from a server knows how it stores what a blueprint leaves open.
    let storage = if current.storage == Storage::default() { &wanted.storage } else { &current.storage };
    let options = &PlanOptions { storage: storage.clone(), ..options.clone() };
    let namespace = current.namespace.as_ref().or(wanted.namespace.as_ref());
    let (current, wanted) = (&in_namespace(current, namespace), &in_namespace(wanted, namespace));
    let mut changes: Vec<(Phase, Change)> = Vec::new();
    let is_new = |table: &&Table| current.table(&table.name).is_none();
    let is_gone = |table: &&Table| wanted.table(&table.name).is_none();
    let new: Vec<_> = wanted.tables.iter().filter(is_new).collect();
    for table in referred_first(&new) {
        create(table, driver, &mut changes);
    }
    let gone: Vec<_> = current.tables.iter().filter(is_gone).collect();
    for table in referred_first(&gone).into_iter().rev() {
        if driver != DriverName::Sqlite {
            changes.extend(table.foreign_keys.iter().map(|key| drop_key(&table.name, key)));
        }
        changes.push((Phase::DropTables, Change::DropTable { table: table.name.clone(), if_exists: false }));
    }
    let kept = wanted.tables.iter().filter_map(|table| Some((current.table(&table.name)?, table)));
    let diffs: Vec<_> =
        kept.map(|(before, after)| TableDiff::new(before, after, driver, options)).collect::<Result<_>>()?;
    let lost = lost_keys(current, &diffs);
    for diff in &diffs {
        changes.extend(diff.changes(&lost)?);
    }
    if driver == DriverName::Sqlite {
        // One after the other, so that all changes of a table are one rebuild of it.
        let place = |name: &str| wanted.tables.iter().position(|table| table.name == name);
        let is_whole =
            |change: &Change| matches!(change, Change::CreateTable { .. } | Change::DropTable { .. });
        changes.sort_by_key(|(phase, change)| {
            let whole = is_whole(change).then_some(*phase);
            (
                whole.is_none() || whole == Some(Phase::DropTables),
                whole.is_some(),
                change.table().and_then(place),
            )
        });
    } else {
        changes.sort_by_key(|(phase, _)| *phase);
    }
    Ok(changes.into_iter().map(|(_, change)| change).collect())
}

/// The database with names that leave the current namespace out.
fn in_namespace(database: &Database, namespace: Option<&String>) -> Database {
    let mut named = Database { namespace: namespace.cloned(), ..database.clone() };
    let mut tables = std::mem::take(&mut named.tables);
    for table in &mut tables {
        named.shorten(&mut table.name);
        table.foreign_keys.iter_mut().for_each(|key| named.shorten(&mut key.on));
    }
    Database { tables, ..named }
}

/// A new table. Its keys come when all tables are there, but on SQLite, where they are part of it.
fn create(table: &Table, driver: DriverName, changes: &mut Vec<(Phase, Change)>) {
    let mut table = table.clone();
    if driver != DriverName::Sqlite {
        for foreign_key in std::mem::take(&mut table.foreign_keys) {
            changes.push((Phase::AddKeys, Change::AddForeignKey { table: table.name.clone(), foreign_key }));
        }
    }
    changes.push((Phase::CreateTables, Change::CreateTable { table }));
}

pub(super) fn drop_key(table: &str, foreign_key: &ForeignKey) -> (Phase, Change) {
    let change = Change::DropForeignKey { table: table.to_owned(), foreign_key: foreign_key.clone() };
    (Phase::DropKeys, change)
}
