//! [`Source`] and [`Join`]: where rows come from.

use serde::Deserialize;

use super::{Predicate, Raw, SubQuery};
use crate::json::tagged;

/// What follows `from` or `join`.
///
/// In JSON a string is a table, anything else is an object.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub enum Source {
    /// SQL as the user wrote it.
    Raw(Raw),
    /// A sub-query with its name.
    Query(SubQuery),
    /// A table: `users`, `public.users`, `users as u`.
    #[serde(skip)]
    Table(String),
}

tagged!(Source, "kind", text: Self::Table);

/// Rows of another source, matched by conditions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// What becomes of rows without a match.
    pub kind: JoinKind,
    /// The other source.
    pub source: Source,
    /// When rows match. Empty for a cross join.
    #[serde(default)]
    pub on: Vec<Predicate>,
    /// Joins that are done before this one, in parentheses with its source.
    #[serde(default)]
    pub joins: Vec<Join>,
    /// Whether the source is a sub-query that may read the columns of the sources before it.
    #[serde(default)]
    pub lateral: bool,
}

/// What becomes of rows without a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JoinKind {
    /// They are left out.
    Inner,
    /// Those of the left side are kept.
    Left,
    /// Those of the right side are kept.
    Right,
    /// Every row matches every row.
    Cross,
    /// They are left out, and the left side is read first (MySQL).
    Straight,
}
