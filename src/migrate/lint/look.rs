//! [`Look`]: what the rules are given about one statement, and where they put what they find.

use super::super::drift::Policy;
use super::super::quote::quoted;
use super::super::sql::Name;
use super::catalogue::{Catalogue, TableFacts};
use super::finding::{Finding, grouped};
use super::rule::Rule;
use super::settings::LintSettings;
use super::state::{LintState, key};
use crate::config::DriverName;

pub(super) struct Look<'a> {
    pub(super) driver: DriverName,
    /// The statement.
    pub(super) sql: &'a str,
    pub(super) within_transaction: bool,
    /// Values of its placeholders, as far as they may matter.
    pub(super) values: &'a [String],
    pub(super) catalogue: Catalogue<'a>,
    /// Whether a table that the catalogue does not know is not there.
    pub(super) is_complete: bool,
    pub(super) settings: &'a LintSettings,
    /// What a comment at the statement allows.
    pub(super) allowed: Vec<Rule>,
    /// Its author vouches for it.
    pub(super) is_assured: bool,
    pub(super) state: LintState,
    pub(super) findings: Vec<Finding>,
}

/// `subject table (~rows) effect. Instead: instead`.
pub(super) struct Found<'f> {
    pub(super) subject: &'f str,
    pub(super) effect: &'f str,
    pub(super) instead: Option<String>,
}

impl<'a> Look<'a> {
    /// What the catalogue says of a table; nothing of one that this run made.
    pub(super) fn facts(&self, table: &Name) -> Option<&'a TableFacts> {
        self.state.known_as(table).and_then(|name| self.catalogue.find(&name))
    }

    pub(super) fn is_allowed(&self, rule: Rule) -> bool {
        self.is_assured || self.allowed.contains(&rule)
    }

    /// Says something about a table, unless it is new, too small or not there, or somebody allowed it.
    pub(super) fn find(&mut self, rule: Rule, table: &Name, found: Found<'_>) {
        let facts = self.facts(table);
        let rows = facts.map_or(0, TableFacts::rows);
        let is_small = rule.facts().threshold.is_some_and(|threshold| rows <= threshold);
        let is_absent = self.is_complete && table.namespace.is_none() && facts.is_none();
        if is_small || is_absent || self.state.has_created(table) {
            return;
        }
        self.find_anyway(rule, table, found);
    }

    /// The same about tables of any size and age.
    pub(super) fn find_anyway(&mut self, rule: Rule, table: &Name, found: Found<'_>) {
        let severity = self.settings.severity(rule, Some(&table.name));
        if severity == Policy::Off || self.is_allowed(rule) {
            return;
        }
        let rows = self.facts(table).map(TableFacts::rows);
        let name = self.written(table);
        let size = match rows {
            Some(rows) if rows > 0 => format!(" (~{} rows)", grouped(rows)),
            _ => String::new(),
        };
        let message = format!("{} {name}{size} {}", found.subject, found.effect);
        let finding = Finding::new(rule, severity, message, found.instead);
        self.findings.push(Finding { table: Some(key_as_written(table)), rows, ..finding });
    }

    /// Says something that is about no table.
    pub(super) fn say(&mut self, rule: Rule, message: String, instead: Option<String>) {
        let severity = self.settings.severity(rule, None);
        if severity != Policy::Off && !self.is_allowed(rule) {
            self.findings.push(Finding::new(rule, severity, message, instead));
        }
    }

    /// A table as this database writes it.
    pub(super) fn written(&self, table: &Name) -> String {
        let namespace = table.namespace.as_ref().map_or_else(String::new, |name| self.quoted(name) + ".");
        namespace + &self.quoted(&table.name)
    }

    pub(super) fn quoted(&self, name: &str) -> String {
        quoted(self.driver, name)
    }

    pub(super) fn list(&self, names: &[String]) -> String {
        names.iter().map(|name| self.quoted(name)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.driver == DriverName::Postgres
    }

    pub(super) fn is_sqlserver(&self) -> bool {
        self.driver == DriverName::SqlServer
    }

    pub(super) fn is_mysql(&self) -> bool {
        matches!(self.driver, DriverName::MySql | DriverName::MariaDb)
    }

    /// Whether this migration emptied the table.
    pub(super) fn is_emptied(&self, table: &Name) -> bool {
        self.state.migration.emptied.contains(&key(table))
    }
}

fn key_as_written(table: &Name) -> String {
    table.namespace.as_ref().map_or_else(String::new, |name| format!("{name}.")) + &table.name
}
