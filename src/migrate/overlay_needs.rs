//! [`Needs`]: what of a database has to be looked at before an [`Overlay`] can take something in.

use serde::Serialize;

use super::ddl::{Effect, effects};
use super::overlay::Overlay;
use super::sql_text::split;
use crate::config::DriverName;
use crate::schema::{Change, Database, Table};

/// What has to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Needs {
    /// These tables; none: nothing more.
    Tables(Vec<String>),
    /// Everything.
    All,
}

impl Overlay {
    /// The tables that have to be looked at before settled changes are taken in.
    #[must_use]
    pub fn needs(&self, changes: &[Change]) -> Needs {
        let mut names: Vec<_> =
            changes.iter().filter_map(|change| change.table().map(str::to_owned)).collect();
        for change in changes {
            match change {
                Change::RenameTable { to, .. } => names.push(to.clone()),
                Change::DropAllTables { tables } => {
                    names.extend(tables.iter().map(|entry| self.database.name_of(entry)));
                }
                Change::DropViews { .. } => return self.needs_all(),
                _ => {}
            }
        }
        self.unknown(names)
    }

    /// The same for SQL.
    #[must_use]
    pub fn needs_of_sql(&self, sql: &str, driver: DriverName) -> Needs {
        let mut changes = Vec::new();
        for effect in split(sql, driver).iter().filter_map(|one| effects(&one.sql, driver)).flatten() {
            match effect {
                Effect::Change { change, .. } => changes.push(*change),
                // A view, or an index of which nobody says where it is.
                _ => return self.needs_all(),
            }
        }
        self.needs(&changes)
    }

    /// Takes in what was looked at: the tables among `names` that are there, or all.
    pub fn learn(&mut self, found: Database, names: &Needs) {
        let tables = std::mem::take(&mut self.database.tables);
        let views = self.views.is_some().then(|| std::mem::take(&mut self.database.views));
        self.database = found;
        let is_known = |table: &Table| self.known.as_ref().is_none_or(|known| known.contains(&table.name));
        self.database.tables.retain(|table| !is_known(table) && !self.before.contains_key(&table.name));
        self.database.tables.extend(tables);
        if let Some(views) = views {
            self.database.views = views;
        }
        match (&mut self.known, names) {
            (Some(known), Needs::Tables(names)) => known.extend(names.iter().cloned()),
            (known, _) => *known = None,
        }
    }

    fn unknown(&self, mut names: Vec<String>) -> Needs {
        let Some(known) = &self.known else { return Needs::Tables(Vec::new()) };
        // Where case does not matter a table may be there under another spelling.
        if !matches!(self.database.driver.as_str(), "pgsql" | "mysql" | "mariadb") {
            return Needs::All;
        }
        for name in &mut names {
            self.database.shorten(name);
        }
        names.retain(|name| !known.contains(name));
        Needs::Tables(names)
    }

    fn needs_all(&self) -> Needs {
        if self.known.is_none() { Needs::Tables(Vec::new()) } else { Needs::All }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn only_what_a_statement_is_about_has_to_be_looked_at() {
        let start = Overlay {
            database: Database {
                driver: "pgsql".into(),
                namespace: Some("public".into()),
                tables: vec![Table::new("users")],
                ..Database::default()
            },
            known: None,
            before: BTreeMap::new(),
            views: None,
            is_vague: false,
        };
        let mut overlay = Overlay { known: Some(BTreeSet::new()), ..start };
        let needs = |overlay: &Overlay, sql| overlay.needs_of_sql(sql, DriverName::Postgres);
        let tables = |names: &[&str]| Needs::Tables(names.iter().map(ToString::to_string).collect());
        let sql = "alter table public.posts rename to articles";
        assert_eq!(needs(&overlay, sql), tables(&["posts", "articles"]));
        assert_eq!(needs(&overlay, "insert into posts values (1)"), tables(&[]));
        assert_eq!(needs(&overlay, "drop index i"), Needs::All);

        let found = Database { tables: vec![Table::new("posts")], ..overlay.database.clone() };
        overlay.learn(found, &needs(&overlay, sql));
        assert_eq!(needs(&overlay, sql), tables(&[]));
        overlay.run(sql, DriverName::Postgres).expect("renamed");
        // What is known by now is not forgotten for what is still there.
        let everything =
            Database { tables: vec![Table::new("posts"), Table::new("tags")], ..overlay.database.clone() };
        overlay.learn(everything, &Needs::All);
        let mut names: Vec<_> = overlay.database.tables.iter().map(|table| table.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["articles", "tags", "users"]);
        assert_eq!(needs(&overlay, "drop table others"), tables(&[]));
    }
}
