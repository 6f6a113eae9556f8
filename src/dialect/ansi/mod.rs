//! What databases agree on: free functions, one file a clause.

pub mod check;
pub mod delete;
pub mod index;
pub mod insert;
pub mod inspect;
pub mod lock;
pub mod operand;
pub mod paging;
pub mod predicate;
pub mod select;
pub mod settle;
pub mod source;
pub mod table;
pub mod update;
