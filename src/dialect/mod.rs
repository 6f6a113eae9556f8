//! Dialects: data to SQL, catalogue rows to data, native codes to [`crate::error::ErrorCode`]. Pure.
//!
//! [`compile`] is the one way from a [`crate::ast::Query`] to SQL. What databases agree on is in
//! [`ansi`], one file a clause; [`Dialect`] holds the points on which they do not, and each
//! database's folder its answers.

pub mod ansi;
pub mod catalogue;
pub mod mysql;
pub mod placeholders;
pub mod postgres;
pub mod rebuild;
pub mod schema;
pub mod spelled;
pub mod sqlite;
pub mod sqlserver;
pub mod transaction;

mod capabilities;
mod clauses;
mod compile;
mod contract;
mod inserted_rows;
mod json;
mod json_path;
mod lookup;
mod plan_options;
pub(crate) mod scanner;
pub(crate) mod statement_kind;
mod writer;

pub use capabilities::Capabilities;
pub use clauses::{LikePattern, Paging, UnionMember};
pub use compile::{Compiled, compile, compile_all};
pub use contract::Dialect;
pub use inserted_rows::InsertedRows;
pub use json::{JsonAssignments, JsonChange, JsonSearch, JsonUse};
pub use json_path::{JsonPath, JsonStep};
pub use lookup::{dialect_of, lookup};
pub use writer::SqlWriter;
