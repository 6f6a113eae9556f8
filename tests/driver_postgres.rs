//! The PostgreSQL driver on a real server.
//!
//! Tables are temporary, so that nothing is left behind.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

#[path = "driver_postgres/arrays.rs"]
mod arrays;
#[path = "driver_postgres/client.rs"]
mod client;
#[path = "driver_postgres/errors.rs"]
mod errors;
#[path = "support/executor.rs"]
mod executor;
#[path = "driver_postgres/logins.rs"]
mod logins;
#[path = "driver_postgres/network.rs"]
mod network;
#[path = "driver_postgres/proxy.rs"]
mod proxy;
#[path = "support/rows.rs"]
mod rows;
#[path = "driver_postgres/sessions.rs"]
mod sessions;
#[path = "driver_postgres/shared_cycle.rs"]
mod shared_cycle;
#[path = "driver_postgres/statements.rs"]
mod statements;
#[path = "driver_postgres/temporal.rs"]
mod temporal;
#[path = "driver_postgres/values.rs"]
mod values;
