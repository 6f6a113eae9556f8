//! How a database gets from one structure to another. Pure: data to data.
//!
//! [`diff`] finds the changes between two, after [`normalize`] made both what the catalogue would
//! say of them.

pub mod after;
pub mod constant;
pub mod diff;
pub mod expression;
pub mod normalize;
pub mod order;

mod expression_reader;
mod expression_type;
mod table_diff;

pub use after::{after, undone};
pub use diff::diff;
pub use normalize::normalize;
