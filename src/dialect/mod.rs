//! Dialects: data to SQL, catalogue rows to data, native codes to [`crate::error::ErrorCode`]. Pure.
//!
//! [`compile`] is the one way from a [`crate::ast::Query`] to SQL. What databases agree on is in
//! [`ansi`], one file a clause; [`Dialect`] holds the points on which they do not, and each
//! database's folder its answers.

pub mod ansi;
pub mod mysql;
pub mod placeholders;
pub mod postgres;
pub mod schema;
pub mod sqlite;
pub mod sqlserver;
pub mod transaction;

mod capabilities;
mod compile;
mod contract;
mod json_path;
mod scanner;
mod statement_kind;
mod writer;

pub use capabilities::Capabilities;
pub use compile::{Compiled, compile, compile_all};
pub use contract::{
    Dialect, JsonAssignments, JsonChange, JsonSearch, JsonUse, LikePattern, Paging, dialect_of, lookup,
};
pub use json_path::{JsonPath, JsonStep};
pub use writer::SqlWriter;
