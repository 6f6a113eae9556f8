//! Queries as data: what TypeScript's builders send, what the dialects compile.
//!
//! This is the contract with `js/query/ast.ts`, which spells the same types for TypeScript; every
//! case of `corpus/queries` is built by the one and read by the other. Nodes hold no values: a
//! value is a number, its place in the list that travels beside the query, so that queries of one
//! shape are one text and compile once.
//!
//! No behaviour here beyond cutting an insert in pieces; meaning is in [`crate::dialect`].

mod delete;
mod insert;
mod operand;
mod predicate;
mod query;
mod select;
mod source;
mod update;

pub use delete::{DeleteQuery, TruncateQuery};
pub use insert::{Conflict, InsertQuery, Rows};
pub use operand::{JsonCell, JsonKind, JsonValue, Operand, Raw, SubQuery};
pub use predicate::{Comparison, Conjunction, DatePart, FullText, FullTextMode, Predicate, ValueList};
pub use query::{Fragment, Query};
pub use select::{
    Aggregate, AggregateFunction, Direction, Distinct, ExpressionQuery, GroupLimit, IndexHint, IndexHintKind,
    Lock, LockWait, Nulls, Order, SelectQuery, TableExpression, Union,
};
pub use source::{Join, JoinKind, Source};
pub use update::{Assigned, Assignment, UpdateQuery};
