//! What the texts in `sqlite_schema` say, and the pragmas do not.

pub mod columns;
pub mod constraints;
pub mod index;
pub mod reader;
pub mod table;

pub use index::{read_index, read_parts};
pub use table::{ColumnText, TableText, read_table};
