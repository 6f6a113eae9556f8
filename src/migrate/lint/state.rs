//! [`LintState`]: what earlier statements did, as far as rules ask. It goes to JavaScript and comes back.

use super::super::sql::Name;
use serde::{Deserialize, Serialize};

/// What the statements before did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LintState {
    /// Tables that this run made, in lower case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    created: Vec<String>,
    /// Tables that this run dropped or gave another name, in lower case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<String>,
    /// New names of tables, and the old ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<Pair>,
    /// What this migration did; left out where one begins.
    pub(super) migration: MigrationState,
}

/// What one migration did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MigrationState {
    /// The first table that it keeps locked, as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) locked: Option<String>,
    /// Values that it added to enums.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) enum_values: Vec<EnumValue>,
    /// Tables whose constraints it validated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) validated: Vec<String>,
    /// How many statements changed tables that were there before, from the first one that cannot be undone.
    pub(super) changes: usize,
    /// New tables, and those whose rows they were given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) copies: Vec<Pair>,
    /// Tables that it emptied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) emptied: Vec<String>,
    /// Foreign keys whose columns have no index yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) unindexed: Vec<Unindexed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EnumValue {
    /// The enum, as it is written.
    pub(super) kind: String,
    pub(super) value: String,
}

/// Two tables, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pair {
    pub(super) new: String,
    pub(super) old: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unindexed {
    /// Lower case.
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    /// Whether the finding was allowed where the key was made.
    pub(super) is_allowed: bool,
}

impl LintState {
    pub(super) fn has_created(&self, table: &Name) -> bool {
        self.created.contains(&key(table))
    }

    pub(super) fn create(&mut self, table: &Name) {
        if !self.has_created(table) {
            self.created.push(key(table));
        }
    }

    pub(super) fn drop(&mut self, table: &Name) {
        let key = key(table);
        if self.has_created(table) {
            self.created.retain(|created| *created != key);
        } else {
            self.gone.push(key);
        }
    }

    /// `is_known`: the catalogue has a table of the new name, whose place it takes.
    pub(super) fn rename(&mut self, from: &Name, to: &Name, is_known: bool) {
        let is_created = self.has_created(from);
        let old = self.aliased(from).unwrap_or_else(|| from.name.clone());
        self.drop(from);
        self.gone.retain(|gone| *gone != key(to));
        match (is_created, is_known) {
            (true, false) => self.create(to),
            (true, true) => {}
            (false, _) => self.aliases.push(Pair { new: key(to), old }),
        }
    }

    /// The name under which the catalogue knows a table; none: it does not know it.
    pub(super) fn known_as(&self, table: &Name) -> Option<Name> {
        if self.has_created(table) {
            return None;
        }
        match self.aliased(table) {
            Some(name) => Some(Name::new(table.namespace.clone(), name)),
            None => (!self.gone.contains(&key(table))).then(|| table.clone()),
        }
    }

    fn aliased(&self, table: &Name) -> Option<String> {
        let key = key(table);
        self.aliases.iter().rev().find(|alias| alias.new == key).map(|alias| alias.old.clone())
    }
}

/// A table among others, in lower case and without its namespace.
pub(super) fn key(table: &Name) -> String {
    table.name.to_lowercase()
}
