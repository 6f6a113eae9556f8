//! [`Overlay`]: a structure as it would be after what a pretended run has recorded, over the one that is there.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ddl::{Effect, effects};
use super::sql::tables_read;
use super::sql_text::split;
use crate::config::DriverName;
use crate::dialect::statement_kind::StatementKind;
use crate::error::{Error, Result};
use crate::schema::{Change, Database, Index, Table, View};

/// A structure and what it was before. JavaScript keeps it between the statements of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overlay {
    /// As it would be.
    pub database: Database,
    /// The tables that were looked at, whether they are there or not. None: all.
    #[serde(default)]
    pub(super) known: Option<BTreeSet<String>>,
    /// The tables that would be otherwise, as they are; none for one that is not there.
    #[serde(default)]
    pub(super) before: BTreeMap<String, Option<Table>>,
    /// The views that are there; none while none would be otherwise.
    #[serde(default)]
    pub(super) views: Option<Vec<String>>,
    /// Whether something was recorded that may have made anything: then nothing is missing for certain.
    #[serde(default)]
    pub(super) is_vague: bool,
}

/// What becomes of a statement that only reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reading {
    /// It is sent.
    Send,
    /// What it reads does not exist yet.
    Empty,
    /// It reads something that would be otherwise: the server may not know its columns.
    Altered,
}

impl Overlay {
    /// Takes settled changes in.
    ///
    /// # Errors
    /// `InvalidArgument` for a change that would fail: of something that is missing, or that is there already.
    pub fn change(&mut self, changes: &[Change]) -> Result<()> {
        changes.iter().try_for_each(|change| self.apply(change, self.is_vague))
    }

    /// Takes SQL in, as far as it is understood. Statements that change no structure do nothing.
    ///
    /// # Errors
    /// As [`Self::change`].
    pub fn run(&mut self, sql: &str, driver: DriverName) -> Result<()> {
        for statement in split(sql, driver) {
            match statement.kind {
                // `select into` makes a table.
                StatementKind::Ddl | StatementKind::Other => {}
                StatementKind::Write if statement.verb == "SELECT" => {}
                _ => continue,
            }
            let Some(effects) = effects(&statement.sql, driver) else {
                self.is_vague = true;
                continue;
            };
            for effect in effects {
                self.take(effect, driver).map_err(|error| error.with_sql(&statement.sql))?;
            }
        }
        Ok(())
    }

    /// What becomes of a statement that only reads.
    ///
    /// # Errors
    /// `InvalidArgument` when it reads a table that would be gone.
    pub fn read(&self, sql: &str, driver: DriverName) -> Result<Reading> {
        let mut reading = Reading::Send;
        for mut name in tables_read(sql, driver) {
            self.database.shorten(&mut name);
            let is_it = |known: &&String| same(known, &name, driver);
            let is_new_view = self.views.as_ref().is_some_and(|before| {
                !before.iter().any(|view| same(view, &name, driver))
                    && self.database.views.iter().any(|view| same(&view.name, &name, driver))
            });
            if is_new_view {
                return Ok(Reading::Empty);
            }
            let Some(known) = self.before.keys().find(is_it) else { continue };
            match (self.before[known].is_some(), self.database.table(known).is_some()) {
                (false, true) => return Ok(Reading::Empty),
                (true, false) if !self.is_vague => {
                    return Err(Error::invalid(format!(
                        "there is no table {name}: a statement before drops or renames it"
                    ))
                    .with_sql(sql));
                }
                _ => reading = Reading::Altered,
            }
        }
        Ok(reading)
    }

    fn take(&mut self, effect: Effect, driver: DriverName) -> Result<()> {
        match effect {
            Effect::Change { mut change, leniently } => {
                change.rename_tables(|name| self.spell(name, driver));
                self.apply(&change, leniently || self.is_vague)?;
            }
            Effect::CreateView { name } => {
                self.remember_views();
                self.database.views.push(View {
                    name: self.short(name),
                    definition: None,
                    materialized: false,
                });
            }
            Effect::DropView { name } => {
                self.remember_views();
                let name = self.short(name);
                self.database.views.retain(|view| !same(&view.name, &name, driver));
            }
            Effect::DropIndex { name } => {
                let is_it = |index: &Index| index.name.as_ref().is_some_and(|own| same(own, &name, driver));
                let owner = self.database.tables.iter().find(|table| table.indexes.iter().any(is_it));
                let Some(owner) = owner.map(|table| table.name.clone()) else { return Ok(()) };
                self.remember(&owner);
                if let Some(table) = self.database.table_mut(&owner) {
                    table.indexes.retain(|index| !is_it(index));
                }
            }
        }
        Ok(())
    }

    fn apply(&mut self, change: &Change, leniently: bool) -> Result<()> {
        let mut said = change.clone();
        said.rename_tables(|name| self.database.shorten(name));
        let mut names: Vec<_> = said.table().map(str::to_owned).into_iter().collect();
        match &said {
            Change::DropAllTables { tables } => {
                names.extend(tables.iter().map(|table| self.database.name_of(table)));
            }
            Change::DropViews { .. } => self.remember_views(),
            // References follow.
            Change::RenameTable { .. } | Change::RenameColumn { .. } => {
                names.extend(self.referring_to(&names));
            }
            _ => {}
        }
        for name in &names {
            self.remember(name);
        }
        // Other namespaces were not looked at.
        let is_elsewhere = names.iter().any(|name| name.contains('.'));
        match self.database.apply(&said) {
            Err(error) if !leniently && !is_elsewhere => Err(error),
            _ => Ok(()),
        }
    }

    fn referring_to(&self, names: &[String]) -> Vec<String> {
        let refers = |table: &&Table| table.foreign_keys.iter().any(|key| names.contains(&key.on));
        self.database.tables.iter().filter(refers).map(|table| table.name.clone()).collect()
    }

    /// Keeps a table as it is, before it is altered for the first time.
    fn remember(&mut self, name: &str) {
        if !self.before.contains_key(name) {
            self.before.insert(name.to_owned(), self.database.table(name).cloned());
        }
    }

    fn remember_views(&mut self) {
        let names = || self.database.views.iter().map(|view| view.name.clone()).collect();
        self.views = Some(self.views.take().unwrap_or_else(names));
    }

    /// The name of a table as it is known, where case does not matter.
    fn spell(&self, name: &mut String, driver: DriverName) {
        self.database.shorten(name);
        if let Some(table) = self.database.tables.iter().find(|table| same(&table.name, name, driver)) {
            name.clone_from(&table.name);
        }
    }

    fn short(&self, mut name: String) -> String {
        self.database.shorten(&mut name);
        name
    }
}

/// Whether two names are the same one. Only PostgreSQL tells them apart by case.
fn same(one: &str, other: &str, driver: DriverName) -> bool {
    one == other || driver != DriverName::Postgres && one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ColumnType};

    fn overlay() -> Overlay {
        let mut users = Table::new("users");
        users.columns.push(Column::new("id", ColumnType::Integer));
        let database = Database {
            driver: "pgsql".into(),
            namespace: Some("public".into()),
            tables: vec![users],
            ..Database::default()
        };
        Overlay { database, known: None, before: BTreeMap::new(), views: None, is_vague: false }
    }

    fn after(sql: &str) -> Overlay {
        let mut overlay = overlay();
        overlay.run(sql, DriverName::Postgres).expect(sql);
        overlay
    }

    #[test]
    fn what_is_recorded_can_be_asked_for_and_what_is_read_of_it_is_empty() {
        let overlay = after(
            "create table public.posts (id int); insert into posts values (1); create view v as select 1",
        );
        let read = |sql| overlay.read(sql, DriverName::Postgres).expect(sql);
        assert_eq!(read("select * from public.posts p join users u on true"), Reading::Empty);
        assert_eq!(read("select * from v"), Reading::Empty);
        assert_eq!(read("select * from users"), Reading::Send);
        let altered = after("alter table users add column name text");
        assert_eq!(
            altered.read("select name from users", DriverName::Postgres).expect("read"),
            Reading::Altered
        );
    }

    #[test]
    fn what_would_fail_fails() {
        for (sql, why) in [
            ("create table users (id int)", "the table users exists already"),
            ("drop table posts", "there is no table posts"),
            ("alter table users drop column name", "users: there is no column name"),
            ("drop table users; alter table users add a int", "there is no table users"),
        ] {
            let error = overlay().run(sql, DriverName::Postgres).expect_err(sql);
            assert_eq!(error.message, why);
        }
        let gone = after("alter table users rename to people");
        let error = gone.read("select * from users", DriverName::Postgres).expect_err("gone");
        assert!(error.message.starts_with("there is no table users"), "{}", error.message);
    }

    #[test]
    fn what_is_not_known_for_certain_does_not_fail() {
        for sql in [
            "create table if not exists users (id int)",
            "drop table if exists posts",
            "alter table users drop column if exists name",
            "do $$ begin create table posts (id int); end $$; drop table posts",
            "select 1 as id into posts; alter table posts add a int",
            "alter table archive.posts add a int",
        ] {
            after(sql);
        }
    }

    #[test]
    fn case_matters_on_postgres_alone() {
        let mut overlay = overlay();
        overlay.run("drop table USERS", DriverName::MariaDb).expect("the same table");
        assert!(overlay.database.tables.is_empty());
        assert!(self::overlay().run("drop table \"USERS\"", DriverName::Postgres).is_err());
    }
}
