//! What databases agree on: free functions, one file per clause.

pub mod check;
pub mod index;
pub mod inspect;
pub mod table;
