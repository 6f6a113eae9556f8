//! [`SelectQuery`]: rows to read, and the rows that an update or a delete is about.

use serde::Deserialize;

use super::{Join, Operand, Predicate, Raw, Source, SubQuery};
use crate::json::{tagged, untagged};

/// The clauses of a select. A missing clause is an empty one.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SelectQuery {
    /// The whole query as the user wrote it, in place of all clauses.
    pub raw: Option<Raw>,
    /// Queries with a name that this one may read from.
    pub expressions: Vec<TableExpression>,
    /// What is computed instead of columns.
    pub aggregate: Option<Aggregate>,
    /// What is read. Empty: every column.
    pub columns: Vec<Operand>,
    /// Whether equal rows count once.
    pub distinct: Option<Distinct>,
    /// The first source.
    pub from: Option<Source>,
    /// Which index the first source is read by.
    pub index: Option<IndexHint>,
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
    /// Most rows of each group.
    pub group_limit: Option<GroupLimit>,
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
#[derive(Debug, Clone, PartialEq)]
pub enum Distinct {
    /// Rows equal in every column.
    Rows(bool),
    /// Rows equal in these.
    On(Vec<Operand>),
}

untagged!(Distinct, |text| match text.as_bytes() {
    [b'[', ..] => serde_json::from_str(text).map(Self::On),
    _ => serde_json::from_str(text).map(Self::Rows),
});

/// One key of the order. In JSON a list: `["created_at","desc"]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What rows are compared by.
    pub by: Operand,
    /// Which end comes first. Nothing is written for SQL of the user, which says so itself.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// Where rows without a value go. `None`: where the database puts them.
    #[serde(default)]
    pub nulls: Option<Nulls>,
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

/// Where rows without a value go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Nulls {
    /// Before all others.
    First,
    /// After all others.
    Last,
}

/// What other transactions may do with the rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Lock {
    /// Nothing that writes or locks them.
    Update {
        /// What is done about rows that somebody else has locked.
        wait: Option<LockWait>,
    },
    /// Read and lock them alike.
    Share {
        /// What is done about rows that somebody else has locked.
        wait: Option<LockWait>,
    },
    /// What a database's own words say, out of a closed list.
    Words {
        /// The words, such as `for no key update`.
        sql: String,
    },
    /// What SQL of the user says.
    Raw {
        /// The SQL.
        sql: String,
    },
}

tagged!(Lock, "kind");

impl Lock {
    /// What is done about rows that somebody else has locked.
    #[must_use]
    pub fn wait(&self) -> Option<LockWait> {
        match self {
            Self::Update { wait } | Self::Share { wait } => *wait,
            Self::Words { .. } | Self::Raw { .. } => None,
        }
    }
}

/// What is done about rows that somebody else has locked. Without it, they are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LockWait {
    /// They are left out.
    Skip,
    /// The query fails.
    Fail,
}

/// Most rows of each group: those with the same value in a column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupLimit {
    /// How many.
    pub rows: u64,
    /// The column.
    pub column: Operand,
}

/// Which index a table is read by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexHint {
    /// How much the database is to heed it.
    pub kind: IndexHintKind,
    /// The indexes.
    pub names: Vec<String>,
}

/// How much a database is to heed an [`IndexHint`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IndexHintKind {
    /// It may use these, and no other index.
    Use,
    /// It must use one of these where it can.
    Force,
    /// It must not use these.
    Ignore,
}

/// A query with a name: `with recent as (select …)`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableExpression {
    /// The name.
    pub name: String,
    /// Names of its columns. Empty: those of the query.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The query.
    pub query: ExpressionQuery,
    /// Whether it may read its own rows.
    #[serde(default)]
    pub recursive: bool,
    /// PostgreSQL, SQLite: whether its rows are computed once and kept. `None`: the database
    /// chooses.
    pub materialized: Option<bool>,
}

/// What a [`TableExpression`] stands for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase")]
pub enum ExpressionQuery {
    /// SQL as the user wrote it.
    Raw(Raw),
    /// A query.
    Query(SubQuery),
}

tagged!(ExpressionQuery, "kind");
