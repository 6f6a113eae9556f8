//! [`Table`]: one table with everything that belongs to it.

use serde::{Deserialize, Serialize};

use super::{Check, Column, ForeignKey, Index, IndexKind};

/// A table. Names are without the connection's prefix; `namespace.table` names another namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its indexes, the primary key among them.
    #[serde(default)]
    pub indexes: Vec<Index>,
    /// Its references to other tables.
    #[serde(default)]
    pub foreign_keys: Vec<ForeignKey>,
    /// The conditions that its rows meet.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// A note kept by the server. SQLite keeps none.
    #[serde(default)]
    pub comment: Option<String>,
    /// How it is stored.
    #[serde(default)]
    pub options: TableOptions,
}

/// How a table is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // each is an option of its own
pub struct TableOptions {
    /// Gone at the end of the session.
    #[serde(default)]
    pub temporary: bool,
    /// Storage engine (MySQL only): `InnoDB`.
    #[serde(default)]
    pub engine: Option<String>,
    /// Default character set (MySQL only): `utf8mb4`.
    #[serde(default)]
    pub charset: Option<String>,
    /// Default collation (MySQL only): `utf8mb4_unicode_ci`.
    #[serde(default)]
    pub collation: Option<String>,
    /// Values must have the declared type (SQLite only).
    #[serde(default)]
    pub strict: bool,
    /// Rows are stored in the primary key (SQLite only).
    #[serde(default)]
    pub without_rowid: bool,
    /// How the rows are spread over partitions (PostgreSQL only): `range (made_at)`.
    #[serde(default)]
    pub partition_by: Option<String>,
}

impl Table {
    /// A table without anything.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The primary key.
    #[must_use]
    pub fn primary_key(&self) -> Option<&Index> {
        self.indexes.iter().find(|index| index.kind == IndexKind::Primary)
    }
}

/// A table's name as the catalogue gives it: with the connection's prefix, dots and all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableName {
    /// The namespace it is in; left out, the current one.
    #[serde(default)]
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}
