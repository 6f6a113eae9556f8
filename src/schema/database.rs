//! [`Database`]: the structure of a whole database, as the catalogue describes it.

use serde::{Deserialize, Serialize};

use super::{Storage, Table, TableName};

/// The structure of the inspected namespaces of a database.
///
/// Names are the catalogue's own: with every prefix, and with `namespace.` in front where that is
/// not the current one. What no [`Change`](super::Change) can make is kept as text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Database {
    /// The version of this format.
    pub format: u32,
    /// The database, as `getDriverName()` calls it.
    pub driver: String,
    /// The server's version, as it says it.
    pub server_version: String,
    /// The namespace in which names without one are looked up.
    pub namespace: Option<String>,
    /// How tables are stored that say nothing about it (MySQL, and the collation of SQL Server).
    pub storage: Storage,
    /// The tables, by name.
    pub tables: Vec<Table>,
    /// The views, by name.
    pub views: Vec<View>,
    /// The enumerated types (PostgreSQL only), by name.
    pub enums: Vec<Enumeration>,
    /// The sequences that belong to no column, by name.
    pub sequences: Vec<Definition>,
    /// The triggers, by name.
    pub triggers: Vec<Definition>,
    /// The functions and procedures that users made, by name.
    pub routines: Vec<Definition>,
    /// The extensions (PostgreSQL only), by name.
    pub extensions: Vec<String>,
    /// What this format cannot say, and why: `"a.b": "its name holds a dot"`.
    pub left_out: Vec<LeftOut>,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Its name.
    pub name: String,
    /// Its SQL; none where this user may not read it.
    pub definition: Option<String>,
    /// Whether its rows are stored (PostgreSQL only).
    #[serde(default)]
    pub materialized: bool,
}

/// An enumerated type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enumeration {
    /// Its name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// Something that is kept as the text that defines it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// The table it belongs to.
    #[serde(default)]
    pub table: Option<String>,
    /// Its SQL; none where this user may not read it.
    pub definition: Option<String>,
}

/// Something that the format cannot say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

impl Database {
    /// The number of this format.
    pub const FORMAT: u32 = 1;

    /// A table by its name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// A table by its name, to alter it.
    pub fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name == name)
    }

    /// Takes the current namespace off a table's name: `public.users` is `users`.
    pub fn shorten(&self, name: &mut String) {
        let own =
            self.namespace.as_ref().and_then(|namespace| name.strip_prefix(namespace)?.strip_prefix('.'));
        if let Some(own) = own {
            *name = own.to_owned();
        }
    }

    /// The name that a catalogue entry has here.
    #[must_use]
    pub fn name_of(&self, entry: &TableName) -> String {
        match &entry.schema {
            Some(schema) if Some(schema) != self.namespace.as_ref() => format!("{schema}.{}", entry.name),
            _ => entry.name.clone(),
        }
    }

    /// The name that something in a namespace has here. What has a dot in its name has none, and is left
    /// out.
    pub fn named(&mut self, schema: String, name: String) -> Option<String> {
        let is_current = self.namespace.as_ref() == Some(&schema);
        if name.contains('.') || !is_current && schema.contains('.') {
            self.leave_out(format!("{schema}.{name}"), "its name holds a dot");
            return None;
        }
        Some(self.name_of(&TableName { schema: Some(schema), name }))
    }

    /// Notes what this format cannot say.
    pub fn leave_out(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.left_out.push(LeftOut { name: name.into(), reason: reason.into() });
    }
}
