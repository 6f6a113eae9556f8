//! PostgreSQL, over its wire protocol (version 3.0).
//!
//! ```text
//! driver ── login ── session ── prepare, execute, script ── wire ── stream ── socket, tls
//!                       └── statement_cache, type_catalog ── types ── cell, parameter ── array_…
//! ```
//! Why not sqlx: its PostgreSQL connection reads binary only, reports neither the transaction's
//! status nor the tag of a command, and prepares and binds in separate cycles, which `PgBouncer`
//! may send to different servers.

mod ahead;
mod array_binary;
mod array_literal;
mod array_text;
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
mod socket;
mod statement_cache;
mod stream;
mod tls;
mod type_catalog;
mod types;
mod wire;

pub use driver::PostgresDriver;
