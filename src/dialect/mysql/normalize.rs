//! What MySQL keeps of a table.

use crate::schema::Table;

/// See `SchemaDialect::normalize`.
pub fn normalize(_table: &mut Table) {}
