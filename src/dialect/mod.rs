//! Dialects: data to SQL, catalogue rows to data, native codes to [`crate::error::ErrorCode`]. Pure.

pub mod ansi;
pub mod mysql;
pub mod placeholders;
pub mod postgres;
pub mod schema;
pub mod sqlite;
pub mod transaction;
