//! [`Scope::settle`]: changes in which everything is said: the prefix is part of the names, every
//! index and key has its name, and no column carries indexes of its own.

use super::table::Scope;
use crate::config::DriverName;
use crate::schema::index::default_name;
use crate::schema::{Change, Check, Column, ColumnType, ForeignKey, Index, IndexKind, Table};

impl Scope<'_> {
    /// The changes of one table in the order in which they are sent. What belongs to a new table
    /// follows it, and indexes that columns carry come last, but for references of the table to itself.
    #[must_use]
    pub fn settle(&self, changes: &[Change]) -> Vec<Change> {
        let mut flat = Vec::new();
        let mut of_columns = Vec::new();
        for change in changes {
            let mut change = change.clone();
            match &mut change {
                Change::CreateTable { table } => {
                    let name = table.name.clone();
                    for column in &mut table.columns {
                        of_columns.extend(indexes_of(&name, column));
                    }
                    let parts = parts_of(table);
                    flat.push(change);
                    flat.extend(parts);
                }
                Change::AddColumn { table, column } | Change::ChangeColumn { table, column } => {
                    let table = table.clone();
                    of_columns.extend(indexes_of(&table, column));
                    flat.push(change);
                }
                _ => flat.push(change),
            }
        }
        flat.extend(of_columns);
        self_references_last(&mut flat);
        for change in &mut flat {
            self.name(change);
        }
        flat
    }

    /// Says the names of one change in full.
    fn name(&self, change: &mut Change) {
        match change {
            Change::AddIndex { table, index } => {
                index.name = match index.kind {
                    IndexKind::Primary => self.primary_name(table, index),
                    _ => self.index_name(table, index),
                };
            }
            Change::DropIndex { table, index } => {
                index.name = match index.kind {
                    // PostgreSQL gives the name, not the user: one alone says nothing.
                    IndexKind::Primary if self.driver == DriverName::Postgres && index.is_empty() => {
                        self.primary_name(table, index)
                    }
                    IndexKind::Primary if self.driver == DriverName::Postgres => {
                        index.name.take().or_else(|| self.primary_name(table, index))
                    }
                    IndexKind::Primary if index.is_empty() => index.name.take(),
                    IndexKind::Primary => self.primary_name(table, index),
                    _ if index.is_empty() => index.name.take(),
                    _ => self.index_name(table, index),
                };
            }
            Change::AddForeignKey { table, foreign_key } => {
                foreign_key.name = Some(self.foreign_key_name(table, foreign_key));
            }
            Change::DropForeignKey { table, foreign_key }
                if foreign_key.name.is_some() || !foreign_key.columns.is_empty() =>
            {
                foreign_key.name = Some(self.foreign_key_name(table, foreign_key));
            }
            _ => {}
        }
        change.rename_tables(|name| *name = self.full_name(name));
    }

    /// A table's name with the prefix, in its namespace.
    fn full_name(&self, table: &str) -> String {
        let (namespace, name) = self.split(table);
        namespace.map_or(name.clone(), |namespace| format!("{namespace}.{name}"))
    }

    /// An index's name: its own, or one made from table and columns. Expressions make none.
    fn index_name(&self, table: &str, index: &Index) -> Option<String> {
        let columns = index.column_names();
        let made = || (!columns.is_empty()).then(|| self.made_name(table, &columns, index.kind.suffix()));
        index.name.clone().or_else(made)
    }

    /// The name of a primary key. MySQL calls each `PRIMARY`, SQLite keeps none, and PostgreSQL makes
    /// one, which `primary(…, name)` does not change.
    fn primary_name(&self, table: &str, index: &Index) -> Option<String> {
        match self.driver {
            DriverName::Postgres => Some(format!("{}_pkey", self.split(table).1)),
            DriverName::MySql | DriverName::MariaDb | DriverName::Sqlite => None,
            DriverName::SqlServer => self.index_name(table, index),
        }
    }

    /// A foreign key's name: its own, or one made from table and columns.
    fn foreign_key_name(&self, table: &str, foreign_key: &ForeignKey) -> String {
        foreign_key.name.clone().unwrap_or_else(|| self.made_name(table, &foreign_key.columns, "foreign"))
    }

    fn made_name(&self, table: &str, columns: &[String], suffix: &str) -> String {
        if !self.options.prefix_indexes {
            return default_name(table, columns, suffix);
        }
        default_name(&self.full_name(table), columns, suffix)
    }
}

/// What belongs to a new table, as changes of their own.
fn parts_of(table: &mut Table) -> Vec<Change> {
    let name = || table.name.clone();
    let mut parts = Vec::new();
    parts.extend(
        std::mem::take(&mut table.indexes).into_iter().map(|index| Change::AddIndex { table: name(), index }),
    );
    let keys = std::mem::take(&mut table.foreign_keys).into_iter();
    parts.extend(keys.map(|foreign_key| Change::AddForeignKey { table: name(), foreign_key }));
    let checks = std::mem::take(&mut table.checks).into_iter();
    parts.extend(checks.map(|check: Check| Change::AddCheck { table: name(), check }));
    parts.extend(table.comment.take().map(|comment| Change::CommentTable { table: name(), comment }));
    parts
}

/// The indexes that a column carries, as changes of their own.
fn indexes_of(table: &str, column: &mut Column) -> Vec<Change> {
    let mut indexes = std::mem::take(&mut column.indexes);
    if matches!(column.column_type, ColumnType::Vector { .. }) {
        for index in indexes.iter_mut().filter(|index| index.kind == IndexKind::Index) {
            index.kind = IndexKind::Vector; // an ordered index on vectors finds nothing
        }
    }
    indexes.sort_by_key(|index| index.kind);
    if indexes.iter().any(|index| index.kind == IndexKind::Primary) && column.nullable.is_none() {
        column.nullable = Some(false);
    }
    indexes
        .into_iter()
        .map(|index| Change::AddIndex {
            table: table.to_owned(),
            index: Index { name: index.name, ..Index::new(index.kind, vec![column.name.clone()]) },
        })
        .collect()
}

/// Moves references of a table to itself behind the key that they name: a server refuses one whose key
/// is not there yet. All others stay where they were said.
fn self_references_last(changes: &mut [Change]) {
    for at in (0..changes.len()).rev() {
        let Change::AddForeignKey { table, foreign_key } = &changes[at] else { continue };
        if foreign_key.on != *table {
            continue;
        }
        let named = |change: &Change| {
            matches!(change, Change::AddIndex { table: of, index }
                if of == table && index.is_key_of(&foreign_key.references))
        };
        if let Some(behind) = changes.iter().rposition(named).filter(|key| *key > at) {
            changes[at..=behind].rotate_left(1);
        }
    }
}

/// The primary key that a new table has because a column numbers its rows, and no other is named.
#[must_use]
pub fn implied_key(changes: &[Change]) -> Vec<Change> {
    let is_primary = |kind: IndexKind| kind == IndexKind::Primary;
    let names_key = changes.iter().any(|change| match change {
        Change::CreateTable { table } => {
            table.primary_key().is_some()
                || table
                    .columns
                    .iter()
                    .any(|column| column.indexes.iter().any(|index| is_primary(index.kind)))
        }
        Change::AddIndex { index, .. } => is_primary(index.kind),
        _ => false,
    });
    let numbered = changes.iter().find_map(|change| match change {
        Change::CreateTable { table } => {
            let column = table.columns.iter().find(|column| column.numbers_rows())?;
            Some((table.name.clone(), column.name.clone()))
        }
        _ => None,
    });
    let key = numbered.filter(|_| !names_key).map(|(table, column)| Change::AddIndex {
        table,
        index: Index::new(IndexKind::Primary, vec![column]),
    });
    key.into_iter().collect()
}
