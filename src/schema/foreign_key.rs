//! [`ForeignKey`]: a reference to another table.

use serde::{Deserialize, Serialize};

use super::TableLock;

/// A reference to another table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ForeignKey {
    /// The columns that refer.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The table referred to. Empty only when the key is dropped.
    #[serde(default)]
    pub on: String,
    /// Its columns, one for each of `columns`.
    #[serde(default)]
    pub references: Vec<String>,
    /// Its name; left out, one is made: `posts_user_id_foreign`. SQLite keeps no names.
    #[serde(default)]
    pub name: Option<String>,
    /// What happens here when the row there is deleted.
    #[serde(default)]
    pub on_delete: Option<ReferentialAction>,
    /// What happens here when the key there changes.
    #[serde(default)]
    pub on_update: Option<ReferentialAction>,
    /// Whether the check may wait for the end of the transaction (PostgreSQL only).
    #[serde(default)]
    pub deferrable: Option<bool>,
    /// Whether it waits unless told otherwise (PostgreSQL only).
    #[serde(default)]
    pub initially_immediate: Option<bool>,
    /// Whether existing rows are left unchecked (PostgreSQL and SQL Server).
    #[serde(default)]
    pub not_valid: bool,
    /// What others may do with the table meanwhile (MySQL only).
    #[serde(default)]
    pub lock: Option<TableLock>,
}

/// What happens to rows that refer to a row that goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferentialAction {
    /// They follow.
    Cascade,
    /// They forbid it, at once.
    Restrict,
    /// Their reference becomes `NULL`.
    #[serde(rename = "set null")]
    SetNull,
    /// Their reference becomes its default.
    #[serde(rename = "set default")]
    SetDefault,
    /// They forbid it, at the end of the statement.
    #[serde(rename = "no action")]
    NoAction,
}

impl ReferentialAction {
    /// Its SQL.
    #[must_use]
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::Cascade => "cascade",
            Self::Restrict => "restrict",
            Self::SetNull => "set null",
            Self::SetDefault => "set default",
            Self::NoAction => "no action",
        }
    }
}
