//! [`Database::apply`]: what the structure is after a change, as data.

use super::expression::{names_column, rename_column};
use super::{Change, Column, Database, Index, IndexKind, Position, Table, View};
use crate::error::{Error, Result};

impl Database {
    /// Alters the data as `change` alters a database of this kind.
    ///
    /// The change says everything itself: names are the catalogue's, every index and key has one
    /// (`dialect::schema::settle` makes it so), and no column carries indexes of its own.
    ///
    /// # Errors
    /// `InvalidArgument` for a change of something that is missing, or that is there already.
    pub fn apply(&mut self, change: &Change) -> Result<()> {
        let mut change = change.clone();
        change.rename_tables(|name| self.shorten(name));
        match &change {
            Change::CreateTable { table } => {
                if self.table(&table.name).is_some() {
                    return Err(Error::invalid(format!("the table {} exists already", table.name)));
                }
                self.tables.push(table.clone());
            }
            Change::DropTable { table, if_exists: true } if self.table(table).is_none() => {}
            Change::DropTable { table, .. } => {
                self.find(table)?;
                self.tables.retain(|other| other.name != *table);
            }
            Change::DropAllTables { tables } => {
                let names: Vec<_> = tables.iter().map(|entry| self.name_of(entry)).collect();
                self.tables.retain(|table| !names.contains(&table.name));
            }
            Change::DropViews { views } => {
                let names: Vec<_> = views.iter().map(|entry| self.name_of(entry)).collect();
                self.views.retain(|View { name, .. }| !names.contains(name));
            }
            Change::DropTypes { types, domains } => {
                let names: Vec<_> = types.iter().chain(domains).map(|entry| self.name_of(entry)).collect();
                self.enums.retain(|found| !names.contains(&found.name));
            }
            Change::RenameTable { table, to } => self.rename_table(table, to)?,
            Change::RenameColumn { table, column, to } => self.rename_column(table, column, to)?,
            Change::CreateExtension { name } if self.extensions.contains(name) => {}
            Change::CreateExtension { name } => self.extensions.push(name.clone()),
            Change::CreateDatabase { .. } | Change::DropDatabase { .. } | Change::CheckForeignKeys { .. } => {
            }
            _ => {
                let keeps_rest = matches!(self.driver.as_str(), "mysql" | "mariadb");
                let Some(name) = change.table() else { return Ok(()) };
                self.find(name)?.alter(&change, keeps_rest)?;
            }
        }
        Ok(())
    }

    fn find(&mut self, table: &str) -> Result<&mut Table> {
        self.table_mut(table).ok_or_else(|| Error::invalid(format!("there is no table {table}")))
    }

    fn rename_table(&mut self, from: &str, to: &str) -> Result<()> {
        if self.table(to).is_some() {
            return Err(Error::invalid(format!("the table {to} exists already")));
        }
        to.clone_into(&mut self.find(from)?.name);
        for key in self.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
            if key.on == from {
                to.clone_into(&mut key.on);
            }
        }
        Ok(())
    }

    fn rename_column(&mut self, table: &str, from: &str, to: &str) -> Result<()> {
        let quoted = if matches!(self.driver.as_str(), "mysql" | "mariadb") {
            format!("`{}`", to.replace('`', "``"))
        } else {
            format!("\"{}\"", to.replace('"', "\"\""))
        };
        self.find(table)?.rename_column(from, to, &quoted)?;
        for key in self.tables.iter_mut().flat_map(|other| &mut other.foreign_keys) {
            if key.on == table {
                rename_in(&mut key.references, from, to);
            }
        }
        Ok(())
    }
}

impl Table {
    /// Alters the table by a change that concerns no other. With `keeps_rest` an index that loses a
    /// column stays on the others, as on MySQL; without, it goes.
    fn alter(&mut self, change: &Change, keeps_rest: bool) -> Result<()> {
        let table = self.name.clone();
        match change {
            Change::CommentTable { comment, .. } => {
                self.comment = Some(comment.clone()).filter(|comment| !comment.is_empty());
            }
            Change::AddColumn { column, .. } => self.add_column(column)?,
            Change::ChangeColumn { column, .. } => self.change_column(column)?,
            Change::DropColumns { columns, .. } => {
                for column in columns {
                    self.drop_column(column, keeps_rest)?;
                }
            }
            Change::AddIndex { index, .. } => {
                let is_there = self.indexes.iter().any(|other| {
                    if index.kind == IndexKind::Primary {
                        other.kind == index.kind
                    } else {
                        other.name == index.name
                    }
                });
                if is_there {
                    return Err(Error::invalid(format!("{table} has the {} already", called(index))));
                }
                self.indexes.push(index.clone());
            }
            Change::DropIndex { index, .. } => {
                let is_it = |other: &Index| {
                    (index.kind == IndexKind::Primary) == (other.kind == IndexKind::Primary)
                        && (index.kind == IndexKind::Primary || other.name == index.name)
                };
                let before = self.indexes.len();
                self.indexes.retain(|other| !is_it(other));
                if self.indexes.len() == before {
                    return Err(Error::invalid(format!("{table} has no {}", called(index))));
                }
            }
            Change::RenameIndex { index, to, .. } => {
                let found = self.indexes.iter_mut().find(|other| other.name.as_ref() == Some(index));
                found.ok_or_else(|| Error::invalid(format!("{table} has no index {index}")))?.name =
                    Some(to.clone());
            }
            Change::AddForeignKey { foreign_key, .. } => self.foreign_keys.push(foreign_key.clone()),
            Change::DropForeignKey { foreign_key, .. } => {
                let before = self.foreign_keys.len();
                self.foreign_keys.retain(|other| other.name != foreign_key.name);
                if self.foreign_keys.len() == before {
                    let name = foreign_key.name.as_deref().unwrap_or_default();
                    return Err(Error::invalid(format!("{table} has no foreign key {name}")));
                }
            }
            Change::AddCheck { check, .. } => self.checks.push(check.clone()),
            Change::DropCheck { check, .. } => {
                let before = self.checks.len();
                self.checks.retain(|other| other.name != check.name);
                if self.checks.len() == before {
                    let name = check.name.as_deref().unwrap_or_default();
                    return Err(Error::invalid(format!("{table} has no check {name}")));
                }
            }
            _ => return Err(Error::internal("a change of one table that alters none")),
        }
        Ok(())
    }

    fn place(&self, column: &Column) -> Result<usize> {
        match &column.position {
            None => Ok(self.columns.len()),
            Some(Position::First) => Ok(0),
            Some(Position::After { column: other }) => Ok(self.index_of(other)? + 1),
        }
    }

    fn index_of(&self, column: &str) -> Result<usize> {
        self.columns
            .iter()
            .position(|other| other.name == column)
            .ok_or_else(|| Error::invalid(format!("{}: there is no column {column}", self.name)))
    }

    fn add_column(&mut self, column: &Column) -> Result<()> {
        if self.column(&column.name).is_some() {
            return Err(Error::invalid(format!(
                "{}: the column {} is there already",
                self.name, column.name
            )));
        }
        let at = self.place(column)?;
        self.columns.insert(at, column.clone());
        Ok(())
    }

    fn change_column(&mut self, column: &Column) -> Result<()> {
        let at = self.index_of(&column.name)?;
        if column.position.is_none() {
            self.columns[at] = column.clone();
            return Ok(());
        }
        self.columns.remove(at);
        let at = self.place(column)?;
        self.columns.insert(at, column.clone());
        Ok(())
    }

    fn drop_column(&mut self, column: &str, keeps_rest: bool) -> Result<()> {
        let at = self.index_of(column)?;
        self.columns.remove(at);
        self.foreign_keys.retain(|key| !key.columns.iter().any(|name| name == column));
        self.checks.retain(|check| !names_column(&check.expression, column));
        if keeps_rest {
            for index in &mut self.indexes {
                index.columns.retain(|part| part.column.as_deref() != Some(column));
            }
            self.indexes.retain(|index| !index.is_empty());
        } else {
            self.indexes.retain(|index| !index.has_column(column) && !reads(index, column));
        }
        Ok(())
    }

    fn rename_column(&mut self, from: &str, to: &str, quoted: &str) -> Result<()> {
        let at = self.index_of(from)?;
        to.clone_into(&mut self.columns[at].name);
        let rename = |sql: &mut String| *sql = rename_column(sql, from, quoted);
        for column in &mut self.columns {
            if let Some(generated) = &mut column.generated {
                rename(&mut generated.expression);
            }
        }
        for index in &mut self.indexes {
            for part in &mut index.columns {
                if part.column.as_deref() == Some(from) {
                    part.column = Some(to.to_owned());
                }
                part.expression.iter_mut().for_each(rename);
            }
            index.expression.iter_mut().for_each(rename);
            index.predicate.iter_mut().for_each(rename);
            rename_in(&mut index.include, from, to);
        }
        for check in &mut self.checks {
            rename(&mut check.expression);
        }
        for key in &mut self.foreign_keys {
            rename_in(&mut key.columns, from, to);
        }
        Ok(())
    }
}

fn reads(index: &Index, column: &str) -> bool {
    let parts = index.columns.iter().filter_map(|part| part.expression.as_ref());
    parts.chain(&index.expression).chain(&index.predicate).any(|sql| names_column(sql, column))
}

fn rename_in(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| *name == from) {
        to.clone_into(name);
    }
}

fn called(index: &Index) -> String {
    match &index.name {
        Some(name) if index.kind != IndexKind::Primary => format!("index {name}"),
        _ => "primary key".to_owned(),
    }
}
