//! SQL Server's catalogue as a whole: the questions, and the [`Database`] that their answers mean.
//!
//! No server was there to ask. The views of `sys` and their columns are those of Microsoft's
//! documentation ("System catalog views"), and the rows of the tests are written after it and after
//! scripts that servers have printed (`tests/schema_catalogue_sqlserver.rs`). The views show only what their reader has a permission on.
//!
//! [`Database`]: crate::schema::Database

mod columns;
mod indexes;
mod keys;
mod programs;
mod queries;
mod read;
