//! The engine: the one road to a database.
//!
//! The life of a query: [`Engine::run`] prepares the text ([`prepared`]: compiled or translated,
//! from a cache), borrows a connection from the pool that may take it, runs it under a
//! [`Control`] that can stop it ([`execute`]), and gives the connection back. Inside a transaction
//! the connection is the [`Session`]'s, and statements take turns on it.

mod alone;
mod control;
#[cfg(debug_assertions)]
mod defect;
mod edge;
mod engine;
mod execute;
mod immediate;
mod owed_begin;
mod pieces;
mod prepared;
mod rebuild;
mod row_set;
mod schema;
mod session;
mod transaction;

pub use control::{Control, StopReason};
pub use edge::Edge;
pub use engine::{Engine, Run, Text};
pub use immediate::Immediate;
pub use prepared::{Prepared, compile_for_display};
pub use row_set::{Cell, RowSet};
pub use schema::plan_changes;
pub use session::BeginOptions;
pub use transaction::Opened;
