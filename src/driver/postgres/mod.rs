//! PostgreSQL, over its wire protocol (version 3.0).
//!
//! ```text
//! driver ── login ── session ── prepare, execute, script ── wire ── network
//!                       └── statements, type_catalog ── types ── cell, parameter ── array_…
//! ```
//! Why no library: docs/decisions/0004.

mod ahead;
mod array_binary;
mod array_literal;
mod array_text;
mod by_columns;
mod cancel;
mod cell;
mod certificate;
mod driver;
mod execute;
mod framed;
mod login;
mod parameter;
mod prepare;
mod script;
mod session;
mod shared_cycle;
mod statements;
mod type_catalog;
mod types;
mod wire;

pub use driver::PostgresDriver;
