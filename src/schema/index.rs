//! [`Index`]: primary keys, unique constraints and indexes, and how unnamed ones are named.

use serde::{Deserialize, Serialize};

use super::TableLock;

/// A primary key, a unique constraint or an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Index {
    /// Which of them.
    pub kind: IndexKind,
    /// Its columns, in order. Empty when it indexes an expression, or is dropped by name.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The SQL expression it indexes instead of columns.
    #[serde(default)]
    pub expression: Option<String>,
    /// Its name; left out, [`default_name`] makes one.
    #[serde(default)]
    pub name: Option<String>,
    /// `btree`, `hash`, `gin`…
    #[serde(default)]
    pub algorithm: Option<String>,
    /// The language of a full-text index (PostgreSQL only). Default `english`.
    #[serde(default)]
    pub language: Option<String>,
    /// The operator class of a spatial index (PostgreSQL only).
    #[serde(default)]
    pub operator_class: Option<String>,
    /// Built without locking the table (PostgreSQL's `concurrently`). Not in a transaction.
    #[serde(default)]
    pub online: bool,
    /// Whether two `NULL`s are equal to a unique constraint (PostgreSQL only).
    #[serde(default)]
    pub nulls_not_distinct: Option<bool>,
    /// Whether the check of a unique constraint may wait for the end of the transaction (PostgreSQL
    /// only).
    #[serde(default)]
    pub deferrable: Option<bool>,
    /// Whether it waits unless told otherwise (PostgreSQL only).
    #[serde(default)]
    pub initially_immediate: Option<bool>,
    /// What others may do with the table meanwhile (MySQL only).
    #[serde(default)]
    pub lock: Option<TableLock>,
}

/// What an index is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IndexKind {
    /// Names the rows.
    Primary,
    /// Forbids equal rows.
    Unique,
    /// Finds rows.
    Index,
    /// Finds words.
    FullText,
    /// Finds shapes.
    Spatial,
    /// Finds near vectors.
    Vector,
}

impl IndexKind {
    /// The end of an unnamed index's name.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Unique => "unique",
            Self::Index => "index",
            Self::FullText => "fulltext",
            Self::Spatial => "spatialindex",
            Self::Vector => "vectorindex",
        }
    }
}

impl Index {
    /// An index on columns, without a name.
    #[must_use]
    pub fn new(kind: IndexKind, columns: Vec<String>) -> Self {
        Self {
            kind,
            columns,
            expression: None,
            name: None,
            algorithm: None,
            language: None,
            operator_class: None,
            online: false,
            nulls_not_distinct: None,
            deferrable: None,
            initially_immediate: None,
            lock: None,
        }
    }
}

/// The name of an unnamed index or constraint: `users_email_unique`.
///
/// `table` carries the connection's prefix already. As Laravel names them (decision D22).
#[must_use]
pub fn default_name(table: &str, columns: &[String], suffix: &str) -> String {
    format!("{table}_{}_{suffix}", columns.join("_")).to_ascii_lowercase().replace(['-', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unnamed_index_is_named_after_table_columns_and_kind() {
        let columns = ["Team".to_owned(), "e-mail".to_owned()];
        assert_eq!(default_name("app.Users", &columns, "unique"), "app_users_team_e_mail_unique");
    }
}
