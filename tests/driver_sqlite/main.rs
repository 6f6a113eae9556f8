//! The SQLite driver against real files.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::float_cmp,
    clippy::struct_field_names,
    clippy::cast_precision_loss
)]

#[path = "../support/executor.rs"]
mod executor;
#[path = "../support/sqlite_rows.rs"]
mod support;

mod errors;
mod immediate;
mod long_statements;
mod opening;
mod session;
mod stale;
mod statements;
mod stopped_writes;
mod transactions;
mod values;
