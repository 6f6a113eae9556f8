//! What differs on this database.

pub mod errors;
