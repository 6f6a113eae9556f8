//! What the dialects are given of single clauses: [`Paging`], [`LikePattern`], [`UnionMember`].

use super::ansi;
use super::writer::SqlWriter;
use crate::ast::{Operand, SelectQuery};
use crate::error::Result;

/// How many rows, and from which on.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// Most rows.
    pub limit: Option<u64>,
    /// Rows to skip.
    pub offset: Option<u64>,
    /// Whether there is an `order by` in front.
    pub is_ordered: bool,
    /// Whether [`Dialect::top`] could be written. A union has no place for it.
    pub has_top: bool,
}

/// A pattern to compare with.
#[derive(Debug, Clone, Copy)]
pub struct LikePattern<'a> {
    /// Rows that do not match are wanted.
    pub not: bool,
    /// The pattern, with `%` and `_`.
    pub value: &'a Operand,
    /// Whether `a` differs from `A`.
    pub case_sensitive: bool,
    /// The pattern in the language of `glob`, where it is known.
    pub glob: Option<&'a Operand>,
}

/// One member of a union.
#[derive(Debug, Clone, Copy)]
pub struct UnionMember<'a> {
    /// The query.
    pub(super) query: &'a SelectQuery,
    /// Whether it is the first one, whose unions are being written.
    pub(super) is_first: bool,
}

impl UnionMember<'_> {
    /// Writes it without brackets.
    ///
    /// # Errors
    /// Those of the query.
    pub fn write(self, sql: &mut SqlWriter<'_>) -> Result<()> {
        if self.is_first {
            ansi::select::block(self.query, sql)
        } else {
            ansi::select::select(self.query, sql)
        }
    }
}
