//! [`Table`]: one table with everything that belongs to it.

use serde::{Deserialize, Serialize};

use super::{Column, ForeignKey, Index};

/// A table. Names are without the connection's prefix; `namespace.table` names another namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
