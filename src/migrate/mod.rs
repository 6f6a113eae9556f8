//! Migrations: which files run in which order, the tables that remember them, and the lock that
//! keeps runners apart.
//!
//! Everything here but [`file_lock`] is pure: JavaScript owns the user's `up()` and `down()`, asks
//! [`command::answer`] for SQL and order, and sends that SQL through its own pinned connection. So
//! lock, transaction, `up()` and the journal row share one session.
//!
//! Schema changes are transactional on `PostgreSQL`, `SQLite` and SQL Server. `MySQL` and `MariaDB`
//! commit at each of them, whatever transaction is open (`MySQL` 8.4 §15.3.3).

mod adoption;
pub mod backup;
pub mod checksum;
pub mod command;
pub mod control;
mod ddl;
pub mod denied;
pub mod drift;
pub mod dump;
mod dump_rows;
mod existence;
pub mod file_lock;
mod files;
pub mod journal;
mod journal_layout;
mod journal_table;
mod json;
pub mod limits;
pub mod lint;
pub mod lock;
pub mod log;
pub mod meta;
mod online_index;
pub mod operation;
pub mod overlay;
mod overlay_answer;
mod overlay_needs;
mod overlay_request;
pub mod pending;
pub mod progress;
mod quote;
pub mod records;
pub mod script;
mod script_tokens;
mod selection;
mod sql;
mod sql_blocks;
pub mod sql_file;
pub mod sql_statement;
pub mod sql_text;
pub mod statement;
pub mod status;
pub mod step_text;
pub mod step_undo;
pub mod sweep;
mod warnings;
pub mod worker_database;

pub use command::answer;
pub use control::{InspectRequest, Inspected, inspect};
pub use journal::{Journal, JournalKind, JournalQuestions};
pub use journal_layout::{Layout, RecordValue};
pub use lock::{Lock, LockStatements};
pub use log::{Log, LogRequest, log};
pub use operation::Operation;
pub use pending::{AppliedRow, Direction, MigrationFile, Plan, PlanRequest, Step};
pub use status::{MigrationState, StatusLine, StatusRequest};
