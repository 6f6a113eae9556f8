//! SQLite: statements run in this process, on the thread that asks, through the library's own
//! functions.
//!
//! The file is opened with `sqlite3_open_v2`; why no library does it: docs/decisions/0004.
//! Both unsafe files are small: [`handle`] (the connection) and [`statement`].
//!
//! ```text
//! SqliteDriver ─ opens ─► SqliteConnection ─ prepares ─► Run ── fills chunks on this thread
//!   location, session       cache, transaction            └── or on a Worker's, when it takes long
//! ```

mod binding;
mod cache;
mod columns;
mod connection;
mod effects;
mod execution;
mod failure;
mod handle;
mod immediate;
mod location;
mod open;
mod pace;
mod patience;
mod progress;
mod run;
mod session;
mod statement;
mod traits;
mod worker;

pub use connection::SqliteConnection;
pub use open::SqliteDriver;
