//! PostgreSQL, over its wire protocol (version 3.0).
//!
//! ```text
//! driver ── login ── session ── prepare, execute, script ── wire ── stream ── socket, tls
//!                       └── statements, type_catalog ── types ── cell, parameter ── array_…
//! ```
//! Why not sqlx: its PostgreSQL connection reads binary only, reports neither the transaction's
//! status nor the tag of a command, and prepares and binds in separate cycles, which `PgBouncer`
//! may send to different servers.

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
mod login;
mod parameter;
mod prepare;
mod script;
mod session;
mod statements;
mod type_catalog;
mod types;
mod wire;

pub use driver::PostgresDriver;
