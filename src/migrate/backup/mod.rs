//! Backups of what a migration destroys: what a statement loses, the SQL that copies it first, and the SQL
//! that brings it back. Pure, as the rest of `migrate` is.

pub mod catalogue;
pub mod command;
pub mod dependents;
pub mod destruction;
mod losses;
pub mod name;
mod narrowing;
pub mod plan;
pub mod prune;
mod rebuilt;
pub mod restore;
mod row_text;
mod table_ref;

pub use command::BackupCommand;
