//! What databases agree on: free functions, one file a clause.

pub mod delete;
pub mod insert;
pub mod operand;
pub mod paging;
pub mod predicate;
pub mod select;
pub mod source;
pub mod update;
