//! What is wrong with a change, before a server sees it.

use super::table::{Group, Scope};
use crate::config::DriverName;
use crate::error::{Error, Result};
use crate::schema::{Change, Check, ForeignKey, Index, IndexKind};

/// PostgreSQL: `NAMEDATALEN` - 1 bytes; a longer name is cut silently by the server (§4.1.1).
const POSTGRES_NAME_BYTES: usize = 63;
/// MySQL 8.4 §11.2.1: 64 characters; the server refuses a longer name.
const MYSQL_NAME_CHARACTERS: usize = 64;
/// SQL Server, "Database identifiers": a `sysname` holds 128 characters.
const SQLSERVER_NAME_CHARACTERS: usize = 128;

impl Scope<'_> {
    /// Checks the settled changes of one table.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the table and the column or key.
    pub fn check(&self, group: &Group) -> Result<()> {
        let table = &group.table;
        for change in &group.changes {
            self.check_change(table, change)?;
        }
        for foreign_key in &group.inline_foreign {
            check_foreign_key(table, foreign_key)?;
        }
        for check in &group.inline_checks {
            self.check_check(table, check)?;
        }
        if let Some(index) = &group.inline_primary {
            self.check_index(table, index)?;
        }
        let mut seen: Vec<String> = Vec::new();
        for (column, changed) in group.columns() {
            self.check_name(table, &column.name)?;
            let key = if self.driver == DriverName::Postgres {
                column.name.clone()
            } else {
                column.name.to_lowercase()
            };
            if !changed && seen.contains(&key) {
                return Err(Error::invalid(format!("{table}: the column {} is there twice", column.name)));
            }
            seen.push(key);
        }
        Ok(())
    }

    fn check_change(&self, table: &str, change: &Change) -> Result<()> {
        match change {
            // PostgreSQL makes such tables, nobody else.
            Change::CreateTable { table: new }
                if new.columns.is_empty() && self.driver != DriverName::Postgres =>
            {
                Err(Error::invalid(format!("{table}: a table needs a column")))
            }
            Change::CreateTable { .. } => self.check_name(table, &self.split(table).1),
            Change::CreateDatabase { name } => self.check_name(name, name),
            Change::RenameTable { to, .. } => self.check_name(table, &self.split(to).1),
            Change::RenameColumn { to, .. } | Change::RenameIndex { to, .. } => self.check_name(table, to),
            Change::AddIndex { index, .. } => self.check_index(table, index),
            Change::AddForeignKey { foreign_key, .. } => {
                check_foreign_key(table, foreign_key)?;
                self.check_name(table, self.name_of(foreign_key.name.as_ref())?)
            }
            Change::AddCheck { check, .. } => self.check_check(table, check),
            Change::DropCheck { check, .. } if check.name.is_none() => {
                Err(Error::invalid(format!("{table}: the check to drop has no name")))
            }
            // A table has one primary key: it needs no name.
            Change::DropIndex { index, .. } if index.kind == IndexKind::Primary => Ok(()),
            Change::DropIndex { index, .. } if index.name.is_none() && index.is_empty() => {
                Err(Error::invalid(format!("{table}: the index to drop has neither name nor columns")))
            }
            Change::DropForeignKey { foreign_key, .. }
                if foreign_key.name.is_none() && foreign_key.columns.is_empty() =>
            {
                Err(Error::invalid(format!("{table}: the foreign key to drop has neither name nor columns")))
            }
            Change::DropColumns { columns, .. } if columns.is_empty() => {
                Err(Error::invalid(format!("{table}: no column to drop is named")))
            }
            _ => Ok(()),
        }
    }

    fn check_index(&self, table: &str, index: &Index) -> Result<()> {
        if index.is_empty() {
            return Err(Error::invalid(format!("{table}: an index has no columns")));
        }
        match index.kind {
            IndexKind::Primary => Ok(()), // the database names it
            _ => match &index.name {
                Some(name) => self.check_name(table, name),
                None => Err(Error::invalid(format!("{table}: an index on an expression needs a name"))),
            },
        }
    }

    fn check_check(&self, table: &str, check: &Check) -> Result<()> {
        let Some(name) = &check.name else {
            if self.driver == DriverName::Sqlite {
                return Ok(());
            }
            return Err(Error::invalid(format!("{table}: a check has no name")));
        };
        if check.expression.trim().is_empty() {
            return Err(Error::invalid(format!("{table}: the check {name} has no condition")));
        }
        self.check_name(table, name)
    }

    fn check_name(&self, table: &str, name: &str) -> Result<()> {
        check_name(self.driver, table, name)
    }
}

/// Checks a name that a database is to have or that is to be in one.
///
/// # Errors
/// `InvalidArgument`, beginning with what it is `about`, for a name that is empty, too long or holds
/// NUL.
pub fn check_name(driver: DriverName, about: &str, name: &str) -> Result<()> {
    let limit = match driver {
        DriverName::Postgres if name.len() > POSTGRES_NAME_BYTES => {
            format!("{POSTGRES_NAME_BYTES} bytes")
        }
        DriverName::MySql | DriverName::MariaDb if name.chars().count() > MYSQL_NAME_CHARACTERS => {
            format!("{MYSQL_NAME_CHARACTERS} characters")
        }
        DriverName::SqlServer if name.chars().count() > SQLSERVER_NAME_CHARACTERS => {
            format!("{SQLSERVER_NAME_CHARACTERS} characters")
        }
        _ if name.is_empty() => return Err(Error::invalid(format!("{about}: a name is empty"))),
        _ if name.contains('\0') => {
            return Err(Error::invalid(format!("{about}: a name holds a NUL character")));
        }
        _ => return Ok(()),
    };
    Err(Error::invalid(format!(
        "{about}: the name {name} is longer than the {limit} that {} allows; give a shorter one",
        driver.label()
    )))
}

fn check_foreign_key(table: &str, foreign_key: &ForeignKey) -> Result<()> {
    let columns = foreign_key.columns.join(", ");
    if foreign_key.on.is_empty() {
        return Err(Error::invalid(format!(
            "{table}: the foreign key on {columns} names no table; add .on('table'), or use constrained()"
        )));
    }
    if foreign_key.columns.is_empty() || foreign_key.columns.len() != foreign_key.references.len() {
        return Err(Error::invalid(format!(
            "{table}: the foreign key on ({columns}) refers to ({}); give one column there for each column here",
            foreign_key.references.join(", ")
        )));
    }
    Ok(())
}
