//! [`Index`]: primary keys, unique constraints and indexes, and how unnamed ones are named.

use serde::{Deserialize, Serialize};

use super::{IndexColumn, TableLock};

/// A primary key, a unique constraint or an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Index {
    /// Which of them.
    pub kind: IndexKind,
    /// What it is ordered by. Empty when `expression` says it, or when it is dropped by name.
    #[serde(default)]
    pub columns: Vec<IndexColumn>,
    /// Everything between its parentheses as SQL, instead of columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Columns that it carries along without being ordered by them (PostgreSQL and SQL Server).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Only the rows for which this SQL condition holds are in it (not MySQL).
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Whether a unique index is no constraint as well (PostgreSQL, where the two differ).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_constraint: bool,
    /// Its name; left out, [`default_name`] makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `btree`, `hash`, `gin`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The language of a full-text index (PostgreSQL only). Default `english`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The operator class of a spatial index (PostgreSQL only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_class: Option<String>,
    /// Built without locking the table (PostgreSQL's `concurrently`). Not in a transaction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
    /// Whether two `NULL`s are equal to a unique constraint (PostgreSQL only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nulls_not_distinct: Option<bool>,
    /// Whether the check of a unique constraint may wait for the end of the transaction (PostgreSQL
    /// only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// Whether it waits unless told otherwise (PostgreSQL only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initially_immediate: Option<bool>,
    /// What others may do with the table meanwhile (MySQL only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
            columns: columns.into_iter().map(IndexColumn::named).collect(),
            expression: None,
            include: Vec::new(),
            predicate: None,
            without_constraint: false,
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

    /// Whether nothing is said about what it is ordered by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.expression.is_none()
    }

    /// Whether a unique one forbids equal rows by columns alone, as a constraint does.
    #[must_use]
    pub fn can_be_constraint(&self) -> bool {
        self.expression.is_none()
            && self.predicate.is_none()
            && !self.without_constraint
            && self.columns.iter().all(IndexColumn::is_plain)
    }

    /// The names of its columns; expressions have none.
    #[must_use]
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().filter_map(|column| column.column.clone()).collect()
    }

    /// Whether it forbids equal rows by exactly these columns, so that references can name them.
    #[must_use]
    pub fn is_key_of(&self, columns: &[String]) -> bool {
        matches!(self.kind, IndexKind::Primary | IndexKind::Unique)
            && self.can_be_constraint()
            && self.columns.len() == columns.len()
            && columns.iter().all(|column| self.has_column(column))
    }

    /// Whether a column is part of it, or carried along.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.column.as_deref() == Some(name))
            || self.include.iter().any(|column| column == name)
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
