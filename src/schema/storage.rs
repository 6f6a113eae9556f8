//! [`Storage`]: how a server stores what says nothing about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a server stores a table that says nothing about it (MySQL, and the collation of SQL Server). A catalogue tells it of every
/// table, a blueprint of few: with this the two can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Storage {
    /// The storage engine of new tables: `InnoDB`.
    pub engine: Option<String>,
    /// The collation of new tables in the current namespace: `utf8mb4_unicode_ci`.
    pub collation: Option<String>,
    /// The collation that each character set has where none is named.
    pub collations: BTreeMap<String, String>,
}
