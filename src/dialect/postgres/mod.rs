//! What differs on this database.

pub mod errors;
pub mod inspect;
pub mod schema;
pub mod types;
