//! [`Check`]: a condition that every row of a table meets.

use serde::{Deserialize, Serialize};

/// A condition that every row of a table meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Check {
    /// Its name. None only where SQLite was given none.
    #[serde(default)]
    pub name: Option<String>,
    /// The condition, as SQL without the parentheses around it.
    #[serde(default)]
    pub expression: String,
    /// Whether existing rows are left unchecked (PostgreSQL and SQL Server).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
}
