//! Rules about constraints and indexes, which read the whole table while others wait.

use super::super::sql::{Constraint, ConstraintKind, Name, NewIndex};
use super::catalogue::TableFacts;
use super::look::{Found, Look};
use super::rule::Rule;
use super::state::{Unindexed, key};

impl Look<'_> {
    pub(super) fn add_constraint(&mut self, table: &Name, constraint: &Constraint<'_>, is_unchecked: bool) {
        if constraint.kind == ConstraintKind::Foreign {
            self.remember_foreign_key(table, &named(&constraint.columns));
        }
        // MySQL and SQLite do it by a copy, which is another rule's.
        if !(self.is_postgres() || self.is_sqlserver()) {
            return;
        }
        match constraint.kind {
            ConstraintKind::Check | ConstraintKind::Foreign => {
                if !constraint.is_postponed && !is_unchecked {
                    self.add_validated(table, constraint);
                }
            }
            ConstraintKind::Unique | ConstraintKind::Primary => {
                if !constraint.takes_index {
                    self.add_unique(table, constraint);
                }
            }
            ConstraintKind::Index | ConstraintKind::FullText | ConstraintKind::Exclude => {}
        }
    }

    fn add_validated(&mut self, table: &Name, constraint: &Constraint<'_>) {
        let on = self.written(table);
        let (rule, what, ending) = match constraint.kind {
            ConstraintKind::Check => (Rule::CheckValidateScan, "check", "check"),
            _ => (Rule::FkValidateScan, "foreign key", "foreign"),
        };
        let name = self.name_of(table, constraint, ending);
        let named = match constraint.name {
            Some(_) => constraint.text.to_owned(),
            None => format!("constraint {name} {}", constraint.text),
        };
        let instead = if self.is_postgres() {
            format!("alter table {on} add {named} not valid; alter table {on} validate constraint {name}")
        } else {
            format!(
                "alter table {on} with nocheck add {named}; alter table {on} with check check constraint {name}"
            )
        };
        let effect = match constraint.kind {
            ConstraintKind::Check => "reads the whole table; reads and writes wait",
            _ => "reads the whole table; writes to both tables wait",
        };
        self.find(rule, table, Found { subject: &format!("{what} on"), effect, instead: Some(instead) });
    }

    fn add_unique(&mut self, table: &Name, constraint: &Constraint<'_>) {
        let on = self.written(table);
        let name = self.name_of(table, constraint, "unique");
        let columns = self.list(&named(&constraint.columns));
        let kind = if constraint.kind == ConstraintKind::Primary { "primary key" } else { "unique" };
        let instead = if self.is_postgres() {
            format!(
                "create unique index concurrently {name} on {on} ({columns}); \
                 alter table {on} add constraint {name} {kind} using index {name}"
            )
        } else {
            format!("create unique index {name} on {on} ({columns}) with (online = on)")
        };
        let effect = "builds its index while reads and writes wait";
        self.find(
            Rule::UniqueScan,
            table,
            Found { subject: &format!("add {kind} to"), effect, instead: Some(instead) },
        );
    }

    fn name_of(&self, table: &Name, constraint: &Constraint<'_>, ending: &str) -> String {
        let made = || {
            let columns = constraint.columns.iter().flatten().map(String::as_str);
            let parts = std::iter::once(table.name.as_str()).chain(columns).chain([ending]);
            parts.collect::<Vec<_>>().join("_")
        };
        self.quoted(&constraint.name.as_ref().map_or_else(made, |name| name.name.clone()))
    }

    /// `cut`: how many bytes of comments were taken from the front of the statement.
    pub(super) fn create_index(&mut self, index: &NewIndex<'_>, cut: usize) {
        self.index_columns(&index.table, &index.columns);
        if index.is_online || !(self.is_postgres() || self.is_sqlserver()) {
            return;
        }
        let instead = if self.is_postgres() {
            let (start, end) = self.sql.split_at(index.after - cut);
            let hint = if self.within_transaction { ", with withinTransaction = false" } else { "" };
            format!("{start} concurrently{end}{hint}")
        } else {
            format!("{} with (online = on)", self.sql.trim_end_matches(';'))
        };
        let instead = one_line(&instead);
        self.find(
            Rule::IndexNotConcurrent,
            &index.table,
            Found {
                subject: "create index on",
                effect: "blocks writes while it is built",
                instead: Some(instead),
            },
        );
    }

    pub(super) fn drop_index(&mut self, name: &Name, table: Option<&Name>, is_online: bool) {
        if is_online || !self.is_postgres() {
            return;
        }
        let Some(table) = table.cloned().or_else(|| self.catalogue.table_of(name).map(TableFacts::full_name))
        else {
            return;
        };
        let hint = if self.within_transaction { ", with withinTransaction = false" } else { "" };
        let index = self.written(name);
        self.find(
            Rule::DropIndexNotConcurrent,
            &table,
            Found {
                subject: &format!("drop index {index} of"),
                effect: "waits for every query on it, and every query waits behind it",
                instead: Some(format!("drop index concurrently {index}{hint}")),
            },
        );
    }

    /// Looked at when the migration ends: the index may come after the key.
    fn remember_foreign_key(&mut self, table: &Name, columns: &[String]) {
        let Some(first) = columns.first() else { return };
        let Some(facts) = self.facts(table) else { return };
        // MySQL makes the index itself.
        if self.is_mysql() || facts.has_index_on(first) {
            return;
        }
        let is_allowed = self.is_allowed(Rule::MissingFkIndex);
        self.state.migration.unindexed.push(Unindexed {
            table: key(table),
            columns: columns.to_vec(),
            is_allowed,
        });
    }

    /// There is an index on these columns from now on.
    pub(super) fn index_columns(&mut self, table: &Name, columns: &[Option<String>]) {
        let Some(Some(first)) = columns.first() else { return };
        let key = key(table);
        self.state.migration.unindexed.retain(|missing| {
            missing.table != key
                || missing.columns.first().is_none_or(|column| column.to_lowercase() != first.to_lowercase())
        });
    }

    /// The migration is over.
    pub(super) fn finish_keys(&mut self) {
        for Unindexed { table, columns, is_allowed } in std::mem::take(&mut self.state.migration.unindexed) {
            let table = Name::new(None, table);
            let name = self.quoted(&format!("{}_{}_index", table.name, columns.join("_")));
            let (on, list) = (self.written(&table), self.list(&columns));
            let online = if self.is_postgres() { "index concurrently" } else { "index" };
            self.is_assured = is_allowed;
            self.find(
                Rule::MissingFkIndex,
                &table,
                Found {
                    subject: &format!("foreign key ({list}) of"),
                    effect: "has no index: each delete in the other table reads all of this one",
                    instead: Some(format!("add to it: create {online} {name} on {on} ({list})")),
                },
            );
        }
    }
}

fn named(columns: &[Option<String>]) -> Vec<String> {
    columns.iter().flatten().cloned().collect()
}

/// A statement without its line ends.
fn one_line(sql: &str) -> String {
    sql.split('\n').map(str::trim).collect::<Vec<_>>().join(" ")
}
