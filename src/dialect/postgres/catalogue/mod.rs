//! PostgreSQL's catalogue as a whole: the questions, and the [`Database`](crate::schema::Database)
//! that their answers mean.

mod columns;
mod definitions;
mod enumerations;
mod indexes;
mod keys;
mod questions;
mod reader;
mod sequences;

pub(super) use enumerations::{default_check_name, note_check_name, noted_check_name};
pub(super) use sequences::Counting;
