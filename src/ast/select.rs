//! [`SelectQuery`]: rows to read, and the rows that an update or a delete is about.

use serde::Deserialize;

use super::{Join, Operand, Predicate, Source};

/// The clauses of a select. A missing clause is an empty one.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SelectQuery {
    /// What is computed instead of columns.
    pub aggregate: Option<Aggregate>,
    /// What is read. Empty: every column.
    pub columns: Vec<Operand>,
    /// Whether equal rows count once.
    pub distinct: Option<Distinct>,
    /// The first source.
    pub from: Option<Source>,
    /// The other sources.
    pub joins: Vec<Join>,
    /// Which rows.
    pub wheres: Vec<Predicate>,
    /// What rows are gathered by.
    pub groups: Vec<Operand>,
    /// Which groups.
    pub havings: Vec<Predicate>,
    /// In which order.
    pub orders: Vec<Order>,
    /// Most rows. Part of the SQL text.
    pub limit: Option<u64>,
    /// Rows to skip. Part of the SQL text.
    pub offset: Option<u64>,
    /// Queries whose rows are added. The clauses above then belong to the first member alone.
    pub unions: Vec<Union>,
    /// Order of all members together.
    pub union_orders: Vec<Order>,
    /// Most rows of all members together.
    pub union_limit: Option<u64>,
    /// Rows to skip of all members together.
    pub union_offset: Option<u64>,
    /// Whether rows are locked until the transaction ends.
    pub lock: Option<Lock>,
}

/// A number about rows: `count(*) as "aggregate"`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// What is computed.
    pub function: AggregateFunction,
    /// Of what.
    pub columns: Vec<Operand>,
}

/// The numbers that every database can compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AggregateFunction {
    /// How many.
    Count,
    /// Their sum.
    Sum,
    /// Their mean.
    Avg,
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

impl AggregateFunction {
    /// Its name in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

/// Which rows count as equal: `true`, or a list of columns (PostgreSQL's `distinct on`; elsewhere
/// whole rows are compared).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Distinct {
    /// Rows equal in every column.
    Rows(bool),
    /// Rows equal in these.
    On(Vec<Operand>),
}

/// One key of the order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What rows are compared by.
    pub by: Operand,
    /// Which end comes first. Nothing is written for SQL of the user, which says so itself.
    pub direction: Option<Direction>,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// The smallest.
    Asc,
    /// The largest.
    Desc,
}

/// A query whose rows are added.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Union {
    /// Whether equal rows stay.
    pub all: bool,
    /// The query.
    pub query: Box<SelectQuery>,
}

/// What other transactions may do with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lock {
    /// Nothing that writes or locks them.
    Update,
    /// Read and lock them alike.
    Share,
}
